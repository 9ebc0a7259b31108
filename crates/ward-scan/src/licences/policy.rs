//! What the project's lists say of a licence.

use super::{
    expression::{Expression, Term},
    terms::{self, Kind},
};
use crate::config::Licences;

/// What is to be done about a licence, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Fine.
    Allow,
    /// Somebody has to decide.
    Ask,
    /// Never.
    Deny,
}

/// The lists, read.
#[derive(Debug, Default)]
pub struct Policy {
    lists: Vec<(Entry, Verdict)>,
    /// Entries that are neither a licence nor a kind of licences.
    pub unknown: Vec<String>,
}

#[derive(Debug)]
enum Entry {
    Licence(Term),
    Kind(Kind),
}

/// Words for kinds that may stand in a list in place of a licence.
const KINDS: &[(&str, Kind)] = &[
    ("public-domain", Kind::PublicDomain),
    ("permissive", Kind::Permissive),
    ("weak-copyleft", Kind::WeakCopyleft),
    ("copyleft", Kind::Copyleft),
    ("network-copyleft", Kind::NetworkCopyleft),
    ("use-restricted", Kind::UseRestricted),
    ("non-commercial", Kind::NonCommercial),
    ("source-available", Kind::SourceAvailable),
    ("proprietary", Kind::Proprietary),
];

impl Policy {
    /// Reads the lists of a configuration. None when they are all empty: then the project has no policy.
    #[must_use]
    pub fn of(config: &Licences) -> Option<Self> {
        let mut policy = Policy::default();
        for (list, verdict) in [
            (&config.deny, Verdict::Deny),
            (&config.ask, Verdict::Ask),
            (&config.allow, Verdict::Allow),
        ] {
            for text in list {
                if let Some((_, kind)) = KINDS.iter().find(|(word, _)| word == text) {
                    policy.lists.push((Entry::Kind(*kind), verdict));
                    continue;
                }
                match Expression::parse(text) {
                    Ok(Expression::One(term)) => policy.lists.push((Entry::Licence(term), verdict)),
                    _ => policy
                        .unknown
                        .push(text.chars().filter(|c| !c.is_control()).take(60).collect()),
                }
            }
        }
        (!policy.lists.is_empty() || !policy.unknown.is_empty()).then_some(policy)
    }

    /// What the lists say of an expression: of alternatives the best.
    #[must_use]
    pub fn judge(&self, expression: &Expression) -> Verdict {
        expression.judge(&mut |term| self.of_term(term))
    }

    /// A licence that a list names, by itself, counts before its kind; of two lists that name it the stricter one.
    fn of_term(&self, term: &Term) -> Verdict {
        let exact = |entry: &Entry| matches!(entry, Entry::Licence(one) if one.id == term.id && one.exception == term.exception);
        let bare = |entry: &Entry| matches!(entry, Entry::Licence(one) if meets(one, term) && one.exception.is_none());
        let kind = |entry: &Entry| matches!(entry, Entry::Kind(kind) if *kind == terms::kind(term));
        let find = |fits: &dyn Fn(&Entry) -> bool| {
            self.lists
                .iter()
                .find(|(entry, _)| fits(entry))
                .map(|(_, verdict)| *verdict)
        };
        // Whoever may take a later version has alternatives, and the best of them counts: one that is denied denies only
        // what offers nothing else.
        let later = || {
            let allowed = |(entry, verdict): &&(Entry, Verdict)| {
                *verdict == Verdict::Allow && matches!(entry, Entry::Licence(one) if term.later && is_later(one, term))
            };
            self.lists.iter().find(allowed).map(|(_, verdict)| *verdict)
        };
        find(&exact)
            .or_else(later)
            .or_else(|| find(&bare))
            .or_else(|| find(&kind))
            .unwrap_or(Verdict::Ask)
    }
}

/// Whether an entry means a term: the same licence, or a version of it that the entry covers.
fn meets(entry: &Term, term: &Term) -> bool {
    entry.id == term.id
        || entry.bare() == term.bare() && (entry.later || term.later)
        || entry.later && is_later(term, entry)
}

/// Whether `one` is of the same family as `base` and of the same version or a later one.
fn is_later(one: &Term, base: &Term) -> bool {
    match (one.version(), base.version()) {
        (Some((family, version)), Some((of, least))) => family == of && version >= least,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(allow: &[&str], ask: &[&str], deny: &[&str], cases: &[(&str, Verdict)]) {
        let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        let policy = Policy::of(&Licences {
            allow: owned(allow),
            ask: owned(ask),
            deny: owned(deny),
        })
        .unwrap();
        for (text, expect) in cases {
            assert_eq!(policy.judge(&Expression::parse(text).unwrap()), *expect, "{text}");
        }
    }

    #[test]
    fn lists_judge_expressions() {
        use Verdict::{Allow, Ask, Deny};
        check(
            &["MIT", "Apache-2.0+", "GPL-3.0-only"],
            &["MPL-2.0"],
            &["AGPL-3.0-or-later", "GPL-2.0-only"],
            &[
                ("MIT", Allow),
                ("Apache-2.0", Allow),
                ("MIT AND MPL-2.0", Ask),
                ("MIT OR AGPL-3.0-only", Allow),
                ("MIT AND AGPL-3.0-only", Deny),
                ("AGPL-3.0-or-later", Deny),
                ("ISC", Ask),
                ("GPL-2.0-or-later", Allow),
                ("GPL-2.0-only", Deny),
                ("GPL-2.0-only WITH Classpath-exception-2.0", Deny),
                ("LicenseRef-X", Ask),
                ("AGPL-3.0-only OR ISC", Ask),
            ],
        );
        check(
            &["permissive"],
            &[],
            &["network-copyleft", "ISC"],
            &[
                ("BSD-2-Clause", Allow),
                ("ISC", Deny),
                ("EUPL-1.2", Deny),
                ("GPL-3.0-only", Ask),
            ],
        );
    }

    #[test]
    fn a_project_without_lists_has_no_policy() {
        assert!(Policy::of(&Licences::default()).is_none());
        let policy = Policy::of(&Licences {
            allow: vec!["Mitt".to_owned()],
            ..Licences::default()
        })
        .unwrap();
        assert_eq!(policy.unknown, ["Mitt"]);
    }
}
