//! The table of provider rules: one file per family, one line here.

use super::rule::SecretRule;

pub mod agent_tools;
pub mod analytics;
pub mod app_hosts;
pub mod atlassian;
pub mod aws;
pub mod bank_accounts;
pub mod chat;
pub mod ci;
pub mod cloud_hosts;
pub mod code_quality;
pub mod commerce;
pub mod content;
pub mod customers;
pub mod data_tools;
pub mod databases;
pub mod developer_services;
pub mod edge;
pub mod email;
pub mod exchanges;
pub mod github;
pub mod gitlab;
pub mod google;
pub mod identity;
pub mod infrastructure;
pub mod leisure;
pub mod logs;
pub mod makers;
pub mod maps;
pub mod market_data;
pub mod microsoft;
pub mod ml_tools;
pub mod model_hosts;
pub mod model_labs;
pub mod monitoring;
pub mod payments;
pub mod productivity;
pub mod push;
pub mod registries;
pub mod requests;
pub mod secret_stores;
pub mod security_data;
pub mod self_hosted;
pub mod slack;
pub mod social;
pub mod stripe_square;
pub mod structure;
pub mod telephony;
pub mod vector_search;

/// Every provider rule, by family.
pub static FAMILIES: &[&[SecretRule]] = &[
    agent_tools::RULES,
    analytics::RULES,
    app_hosts::RULES,
    atlassian::RULES,
    aws::RULES,
    bank_accounts::RULES,
    chat::RULES,
    ci::RULES,
    cloud_hosts::RULES,
    code_quality::RULES,
    commerce::RULES,
    content::RULES,
    customers::RULES,
    data_tools::RULES,
    databases::RULES,
    developer_services::RULES,
    edge::RULES,
    email::RULES,
    exchanges::RULES,
    github::RULES,
    gitlab::RULES,
    google::RULES,
    identity::RULES,
    infrastructure::RULES,
    leisure::RULES,
    logs::RULES,
    makers::RULES,
    maps::RULES,
    market_data::RULES,
    microsoft::RULES,
    ml_tools::RULES,
    model_hosts::RULES,
    model_labs::RULES,
    monitoring::RULES,
    payments::RULES,
    productivity::RULES,
    push::RULES,
    registries::RULES,
    requests::RULES,
    secret_stores::RULES,
    security_data::RULES,
    self_hosted::RULES,
    slack::RULES,
    social::RULES,
    stripe_square::RULES,
    telephony::RULES,
    vector_search::RULES,
];

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
        let mut wrong = Vec::new();
        for rule in all() {
            let id = rule.meta.id;
            for seed in 0..8 {
                for (expect, samples) in [(true, rule.yes), (false, rule.no)] {
                    for (index, sample) in samples.iter().enumerate() {
                        let text = sample.text(seed).unwrap_or_else(|fault| panic!("{id}: {fault}"));
                        let hits = Matcher::get().hits(text.as_bytes());
                        if hits.iter().any(|(by, _)| by.meta.id == id) != expect {
                            // The text is random and belongs to nobody.
                            let kind = if expect { "yes" } else { "no" };
                            wrong.push(format!("{id}: {kind} example {index}, seed {seed}: {text}"));
                        }
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn there_are_rules_for_250_providers() {
        let provider = |id: &'static str| id.trim_start_matches("secrets/").split('-').next();
        let providers: HashSet<_> = all().filter_map(|rule| provider(rule.meta.id)).collect();
        assert!(providers.len() >= 250, "{} providers", providers.len());
    }
}
