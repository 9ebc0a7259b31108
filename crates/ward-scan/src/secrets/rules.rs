//! The table of provider rules: one file per family, one line here.

use super::rule::SecretRule;

pub mod github;

/// Every provider rule, by family.
pub static FAMILIES: &[&[SecretRule]] = &[github::RULES];

/// Every provider rule.
pub fn all() -> impl Iterator<Item = &'static SecretRule> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::secrets::matcher::{Compiled, Matcher};

    #[test]
    fn rules_are_well_formed() {
        let mut ids = HashSet::new();
        for rule in all() {
            let id = rule.meta.id;
            assert_eq!(rule.meta.fault(), None, "{id}");
            assert!(id.starts_with("secrets/"), "{id}: the id is secrets/<provider>-<kind>");
            assert!(ids.insert(id), "{id} stands twice");
            assert!(!rule.keywords.is_empty(), "{id} has no keyword");
            for keyword in rule.keywords {
                let fine =
                    keyword.len() >= 3 && keyword.bytes().all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase());
                assert!(
                    fine,
                    "{id}: keyword {keyword:?} must be three or more lower-case ASCII characters"
                );
            }
            assert!(
                rule.yes.len() >= 2 && rule.no.len() >= 2,
                "{id} needs two examples of each kind"
            );
            assert!(Compiled::new(rule).is_ok(), "{id}: its pattern does not compile");
        }
    }

    #[test]
    fn every_example_says_what_it_should() {
        for rule in all() {
            let id = rule.meta.id;
            for seed in 0..8 {
                for (expect, samples) in [(true, rule.yes), (false, rule.no)] {
                    for (index, sample) in samples.iter().enumerate() {
                        let text = sample.text(seed).unwrap_or_else(|fault| panic!("{id}: {fault}"));
                        let hits = Matcher::get().hits(text.as_bytes());
                        let found = hits.iter().any(|(by, _)| by.meta.id == id);
                        // The text is random and belongs to nobody.
                        assert_eq!(
                            found,
                            expect,
                            "{id}: {} example {index}: {text}",
                            if expect { "yes" } else { "no" }
                        );
                    }
                }
            }
        }
    }
}
