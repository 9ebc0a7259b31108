//! What licences ask for: kinds and conditions, by identifier.

use super::{expression::Term, models};

/// How far a licence reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Nobody's any more, or given away.
    PublicDomain,
    /// Keep the notices.
    Permissive,
    /// Changes to the work itself stay under the licence.
    WeakCopyleft,
    /// The whole program stays under the licence when it is passed on.
    Copyleft,
    /// The same, and using it over a network counts as passing it on.
    NetworkCopyleft,
    /// What it may be used for is restricted, as by the licences of many models.
    UseRestricted,
    /// No commercial use, or for research only.
    NonCommercial,
    /// The source may be read, and using it is restricted.
    SourceAvailable,
    /// No right is given.
    Proprietary,
    /// Listed or referred to, and not known to this table.
    Other,
}

impl Kind {
    /// In a few words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::PublicDomain => "public domain",
            Self::Permissive => "permissive",
            Self::WeakCopyleft => "weak copyleft",
            Self::Copyleft => "copyleft",
            Self::NetworkCopyleft => "network copyleft",
            Self::UseRestricted => "with restrictions of use",
            Self::NonCommercial => "non-commercial",
            Self::SourceAvailable => "source available",
            Self::Proprietary => "proprietary",
            Self::Other => "of no known kind",
        }
    }
}

/// The licences of the SPDX list that are not plainly permissive. Sources: the texts themselves; the Free Software
/// Foundation's "Various Licenses and Comments about Them" for copyleft; Creative Commons' summaries. By what the
/// identifier begins with; the longest that fits counts.
const KINDS: &[(&str, Kind)] = &[
    ("0BSD", Kind::PublicDomain),
    ("AGPL-", Kind::NetworkCopyleft),
    ("APSL-", Kind::WeakCopyleft),
    ("Aladdin", Kind::NonCommercial),
    ("Artistic-", Kind::Permissive),
    ("Artistic-2.0", Kind::Permissive),
    ("BUSL-", Kind::SourceAvailable),
    ("CAL-1.0", Kind::NetworkCopyleft),
    ("CC-BY-", Kind::Permissive),
    ("CC-BY-NC", Kind::NonCommercial),
    ("CC-BY-ND", Kind::SourceAvailable),
    ("CC-BY-SA", Kind::Copyleft),
    ("CC-PDDC", Kind::PublicDomain),
    ("CC0-", Kind::PublicDomain),
    ("CDDL-", Kind::WeakCopyleft),
    ("CDLA-Permissive", Kind::Permissive),
    ("CDLA-Sharing", Kind::Copyleft),
    ("CECILL-1", Kind::Copyleft),
    ("CECILL-2", Kind::Copyleft),
    ("CECILL-B", Kind::Permissive),
    ("CECILL-C", Kind::WeakCopyleft),
    ("CERN-OHL-P", Kind::Permissive),
    ("CERN-OHL-S", Kind::Copyleft),
    ("CERN-OHL-W", Kind::WeakCopyleft),
    ("CPAL-", Kind::NetworkCopyleft),
    ("CPL-", Kind::WeakCopyleft),
    ("C-UDA-1.0", Kind::UseRestricted),
    ("EPL-", Kind::WeakCopyleft),
    ("EUPL-", Kind::NetworkCopyleft),
    ("Elastic-", Kind::SourceAvailable),
    ("ErlPL-", Kind::WeakCopyleft),
    ("FSL-", Kind::SourceAvailable),
    ("GFDL-", Kind::Copyleft),
    ("GPL-", Kind::Copyleft),
    ("Hippocratic-", Kind::UseRestricted),
    ("IPL-", Kind::WeakCopyleft),
    ("JSON", Kind::UseRestricted),
    ("LGPL-", Kind::WeakCopyleft),
    ("LGPLLR", Kind::WeakCopyleft),
    ("LPL-", Kind::WeakCopyleft),
    ("MIT-0", Kind::Permissive),
    ("MPL-", Kind::WeakCopyleft),
    ("MS-RL", Kind::WeakCopyleft),
    ("NGPL", Kind::Copyleft),
    ("NPL-", Kind::WeakCopyleft),
    ("NPOSL-", Kind::NetworkCopyleft),
    ("ODbL-", Kind::Copyleft),
    ("OSL-", Kind::NetworkCopyleft),
    ("PDDL-", Kind::PublicDomain),
    ("Parity-", Kind::NetworkCopyleft),
    ("PolyForm-Noncommercial", Kind::NonCommercial),
    ("PolyForm-Small-Business", Kind::SourceAvailable),
    ("QPL-", Kind::Copyleft),
    ("RPL-", Kind::NetworkCopyleft),
    ("RPSL-", Kind::NetworkCopyleft),
    ("SAX-PD", Kind::PublicDomain),
    ("SPL-", Kind::WeakCopyleft),
    ("SSPL-", Kind::SourceAvailable),
    ("SUL-", Kind::SourceAvailable),
    ("SimPL-", Kind::Copyleft),
    ("Sleepycat", Kind::Copyleft),
    ("Unlicense", Kind::PublicDomain),
    ("Watcom-", Kind::Copyleft),
    ("YPL-", Kind::WeakCopyleft),
    ("copyleft-next", Kind::Copyleft),
    ("gSOAP-", Kind::WeakCopyleft),
];

/// The kind of one licence.
#[must_use]
pub fn kind(term: &Term) -> Kind {
    if let Some(model) = models::by_id(&term.id) {
        return model.kind;
    }
    let entries = KINDS.iter().filter(|(start, _)| term.id.starts_with(start));
    let kind = match entries.max_by_key(|(start, _)| start.len()) {
        Some((_, kind)) => *kind,
        None => match spdx::license_id(&term.id) {
            Some(id) if id.is_copyleft() => Kind::Copyleft,
            Some(id) if id.is_osi_approved() || id.is_fsf_free_libre() => Kind::Permissive,
            Some(id)
                if ["BSD-", "MIT-", "HPND", "X11-", "OLDAP-", "Zlib", "Unicode-", "bzip2-"]
                    .iter()
                    .any(|start| id.name.starts_with(start)) =>
            {
                Kind::Permissive
            }
            _ => Kind::Other,
        },
    };
    // An exception lifts the reach of the licence over what is linked with it.
    match (kind, &term.exception) {
        (Kind::Copyleft, Some(exception)) if LINKING.iter().any(|start| exception.starts_with(start)) => {
            Kind::WeakCopyleft
        }
        _ => kind,
    }
}

/// Exceptions that let a program link with the work and stay under its own licence.
const LINKING: &[&str] = &[
    "Classpath-exception",
    "GCC-exception",
    "Linux-syscall-note",
    "Font-exception",
    "Bison-exception",
    "Autoconf-exception",
    "Bootloader-exception",
    "LGPL-3.0-linking-exception",
    "OCaml-LGPL-linking-exception",
    "WxWindows-exception",
    "freertos-exception",
    "libtool-exception",
    "FLTK-exception",
    "GNAT-exception",
    "eCos-exception",
    "i2p-gpl-java-exception",
    "openvpn-openssl-exception",
    "u-boot-exception",
    "Universal-FOSS-exception",
    "GStreamer-exception",
    "PyInstaller-exception",
    "cryptsetup-OpenSSL-exception",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::licences::expression::Expression;

    #[track_caller]
    fn check(text: &str, expect: Kind) {
        match Expression::parse(text).unwrap() {
            Expression::One(term) => assert_eq!(kind(&term), expect, "{text}"),
            _ => panic!("{text} is one licence"),
        }
    }

    #[test]
    fn licences_are_of_kinds() {
        check("MIT", Kind::Permissive);
        check("Apache-2.0", Kind::Permissive);
        check("BSD-3-Clause-Clear", Kind::Permissive);
        check("CC0-1.0", Kind::PublicDomain);
        check("CC-BY-4.0", Kind::Permissive);
        check("CC-BY-NC-SA-4.0", Kind::NonCommercial);
        check("CC-BY-SA-4.0", Kind::Copyleft);
        check("MPL-2.0", Kind::WeakCopyleft);
        check("LGPL-2.1+", Kind::WeakCopyleft);
        check("GPL-3.0", Kind::Copyleft);
        check("GPL-2.0 WITH Classpath-exception-2.0", Kind::WeakCopyleft);
        check("AGPL-3.0-only", Kind::NetworkCopyleft);
        check("SSPL-1.0", Kind::SourceAvailable);
        check("LicenseRef-Anything", Kind::Other);
        check("LicenseRef-Llama-3.1", Kind::UseRestricted);
    }
}
