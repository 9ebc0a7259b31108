//! Whether a component's licence goes with the project's own: a small matrix, and where it stands.
//!
//! - Permissive into anything: yes. Copyleft into permissive: the whole would have to be under the copyleft licence.
//! - GPL-2.0-only and GPL-3.0-only exclude each other; Apache-2.0 goes with version 3 and not with version 2 (Free Software
//!   Foundation, "Various Licenses and Comments about Them"; Apache Software Foundation, "GPL compatibility").
//! - MPL-2.0 and LGPL parts may be used by any program; into a GPL program too (MPL 2.0, section 3.3; LGPL 2.1, section 3;
//!   LGPL 3, section 2).
//! - GPL-3.0 and AGPL-3.0 may be linked with each other (section 13 of both), and what is under the AGPL keeps its network
//!   clause.
//! - CDDL, EPL-1.0, MPL-1.1, the old BSD licence with its advertising clause: not with any GPL (Free Software Foundation, as
//!   above).

use super::{
    expression::{Expression, Term},
    terms::{self, Kind},
};

/// Why a component's licence does not go with the project's; none when it does.
#[must_use]
pub fn clash(project: Option<&Expression>, part: &Term) -> Option<&'static str> {
    let Some(project) = project else {
        return against_none(part);
    };
    // The project may be taken under any of its alternatives; it goes together when it does under one of them.
    let mut reason = None;
    let fits = project.judge(&mut |own| match against(own, part) {
        None => false,
        Some(why) => {
            reason = Some(why);
            true
        }
    });
    reason.filter(|_| fits)
}

/// A project that states no licence: nothing it gives can meet a copyleft.
fn against_none(part: &Term) -> Option<&'static str> {
    match terms::kind(part) {
        Kind::Copyleft | Kind::NetworkCopyleft => {
            Some("it asks that the whole be under it, and the project states no licence")
        }
        _ => None,
    }
}

fn against(own: &Term, part: &Term) -> Option<&'static str> {
    let (own_kind, part_kind) = (terms::kind(own), terms::kind(part));
    if own.bare() == part.bare() && own.exception == part.exception {
        return None;
    }
    let gnu = |term: &Term| ["GPL-", "AGPL-"].iter().any(|start| term.id.starts_with(start));
    if gnu(own) {
        if OLD.iter().any(|start| part.id.starts_with(start)) {
            return Some("the Free Software Foundation holds it to be incompatible with every version of the GPL");
        }
        let two_only = |term: &Term| term.id == "GPL-2.0-only";
        if two_only(own)
            && (part.id.starts_with("Apache-2.0") || three(part) && !part.later)
            && part.exception.is_none()
        {
            return Some("it is compatible with version 3 of the GPL and not with version 2 only");
        }
        if three(own) && two_only(part) && part.exception.is_none() {
            return Some("version 2 only and version 3 of the GPL exclude each other");
        }
        if own.id.starts_with("GPL-") && part_kind == Kind::NetworkCopyleft {
            return Some("its network clause stays with it, and the project's licence has none");
        }
        return match part_kind {
            Kind::Copyleft if !gnu(part) && !part.id.starts_with("CC-BY-SA-4.0") => {
                Some("both ask that the whole be under them")
            }
            _ => None,
        };
    }
    match (own_kind, part_kind) {
        (_, Kind::NetworkCopyleft) => {
            Some("it asks that the whole be under it, also when it is only used over a network")
        }
        (_, Kind::Copyleft) => Some("it asks that the whole be under it"),
        _ => None,
    }
}

/// Licences of version 3 of the GNU family.
fn three(term: &Term) -> bool {
    ["GPL-3.0", "LGPL-3.0", "AGPL-3.0"].contains(&term.bare())
}

/// What no version of the GPL goes with.
const OLD: &[&str] = &[
    "BSD-4-Clause",
    "CDDL-",
    "EPL-1.0",
    "MPL-1.0",
    "MPL-1.1",
    "CPL-1.0",
    "IPL-1.0",
    "Apache-1.",
    "OpenSSL",
    "PHP-3",
    "JSON",
    "SSPL-",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(project: &str, part: &str, fits: bool) {
        let own = Expression::parse(project).ok();
        let part = Expression::parse(part).unwrap();
        let got = part.judge(&mut |term| clash(own.as_ref(), term).is_some());
        assert_eq!(!got, fits, "{part} into {project}");
    }

    #[test]
    fn the_matrix() {
        for (project, fits, clashes) in [
            (
                "MIT",
                &[
                    "MIT",
                    "Apache-2.0",
                    "LGPL-3.0-only",
                    "MPL-2.0",
                    "GPL-3.0-only OR MIT",
                    "GPL-2.0-only WITH Classpath-exception-2.0",
                ][..],
                &[
                    "GPL-2.0-only",
                    "GPL-3.0-or-later",
                    "AGPL-3.0-only",
                    "GPL-3.0-only AND MIT",
                    "EUPL-1.2",
                ][..],
            ),
            ("MIT OR GPL-3.0-only", &["GPL-3.0-only"], &["GPL-2.0-only"]),
            (
                "GPL-2.0-only",
                &["MIT", "LGPL-2.1-only", "GPL-2.0-or-later", "GPL-2.0-only"],
                &["GPL-3.0-only", "Apache-2.0", "CDDL-1.0", "AGPL-3.0-only"],
            ),
            (
                "GPL-3.0-only",
                &["Apache-2.0", "GPL-2.0-or-later", "LGPL-3.0-only", "MPL-2.0"],
                &["GPL-2.0-only", "EPL-1.0", "AGPL-3.0-only"],
            ),
            (
                "AGPL-3.0-only",
                &["GPL-3.0-only", "Apache-2.0", "AGPL-3.0-only"],
                &["GPL-2.0-only"],
            ),
            ("MPL-2.0", &["MIT", "LGPL-2.1-only"], &["GPL-3.0-only"]),
            ("", &["MIT", "LGPL-3.0-only"], &["GPL-3.0-only", "AGPL-3.0-only"]),
        ] {
            for part in fits {
                check(project, part, true);
            }
            for part in clashes {
                check(project, part, false);
            }
        }
    }
}
