//! The project's own checks and generators.
//!
//! `cargo xtask check` runs everything; each check is also a test of this crate, so `cargo test --workspace` runs it.
//! A check is a function over the [`Tree`] of files or the [`Workspace`] of crates, and stands in [`CHECKS`].
//!
//! Exit: 0 clean, 1 faults found, 2 the checks themselves failed.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool; checks themselves do not print"
)]

mod advisories;
mod architecture;
mod bans;
mod classifier;
mod controls;
mod deny_file;
mod docs;
mod fuzzing;
mod gazetteer;
mod licences;
mod links;
mod lints;
mod notes;
mod origins;
mod peers;
mod rarity;
mod report;
mod rust_text;
mod scoreboard;
mod sources;
mod tidy;
mod tree;
mod workspace;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};
use report::Report;
use std::process::ExitCode;
use tree::Tree;
use workspace::Workspace;

/// What a check looks at.
struct Project {
    tree: Tree,
    workspace: Workspace,
}

/// The doorway a check belongs to, besides `cargo xtask check`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Architecture,
    Deny,
    Tidy,
    Docs,
}

struct Check {
    name: &'static str,
    group: Group,
    run: fn(&Project) -> Result<Report>,
}

/// Every check, in the order they run.
const CHECKS: &[Check] = &[
    Check {
        name: "architecture",
        group: Group::Architecture,
        run: architecture::check,
    },
    Check {
        name: "bans",
        group: Group::Deny,
        run: bans::check,
    },
    Check {
        name: "licences",
        group: Group::Deny,
        run: licences::check,
    },
    Check {
        name: "origins",
        group: Group::Deny,
        run: origins::check,
    },
    Check {
        name: "advisories",
        group: Group::Deny,
        run: |project| advisories::check(&project.tree),
    },
    Check {
        name: "sources",
        group: Group::Tidy,
        run: sources::check,
    },
    Check {
        name: "tidy",
        group: Group::Tidy,
        run: tidy::check,
    },
    Check {
        name: "lints",
        group: Group::Tidy,
        run: lints::check,
    },
    Check {
        name: "fuzzing",
        group: Group::Tidy,
        run: fuzzing::check,
    },
    Check {
        name: "controls",
        group: Group::Docs,
        run: controls::check,
    },
    Check {
        name: "links",
        group: Group::Docs,
        run: links::check,
    },
    Check {
        name: "docs",
        group: Group::Docs,
        run: docs::check,
    },
];

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Ward's own checks and generators")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run every check, or only the named ones
    Check {
        /// architecture, bans, licences, origins, advisories, sources, tidy, lints, fuzzing, controls, links, docs
        names: Vec<String>,
    },
    /// Write the generated pages
    Docs {
        /// Write nothing; fail when a page is stale or a control names a test that does not exist
        #[arg(long)]
        check: bool,
    },
    /// Check dependencies against deny.toml and advisories: bans, licences, origins, advisories
    Deny,
    /// Check the house rules on files: sources, tidy, lints, fuzzing
    Tidy,
    /// Write the list of advisories about crates from what `ward db update` or `ward db import` brought
    Advisories(advisories::Options),
    /// Make the table of names and places of ward-deid from its sources, which are not in the repository
    Gazetteer(gazetteer::Options),
    /// Make the table of ward-scan that tells random values from names, or compare it with its sources
    Rarity(rarity::Options),
    /// Train the classifier of injected instructions from its templates, or compare it with them
    Classifier(classifier::Options),
    /// Try the built ward beside a real program: needs the network once and minutes, no part of any check
    Peer(peers::Options),
    /// Measure the built ward beside its peers on the same input: needs the network once and minutes, no part of any check
    Scoreboard(scoreboard::Options),
    /// Print labelled clinical notes or queries that nobody wrote, as JSON lines
    Notes(notes::Options),
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// True when nothing is wrong.
fn run(command: Command) -> Result<bool> {
    match command {
        Command::Check { names } => {
            if let Some(unknown) = names
                .iter()
                .find(|name| CHECKS.iter().all(|check| check.name != **name))
            {
                bail!("there is no check called {unknown}; `cargo xtask check --help` lists them");
            }
            run_checks(|check| names.is_empty() || names.iter().any(|name| name == check.name))
        }
        Command::Docs { check: true } => run_checks(|check| check.group == Group::Docs),
        Command::Docs { check: false } => {
            for path in docs::write(&project()?.tree)? {
                println!("wrote {path}");
            }
            Ok(true)
        }
        Command::Deny => run_checks(|check| check.group == Group::Deny),
        Command::Tidy => run_checks(|check| check.group == Group::Tidy),
        Command::Advisories(options) => advisories::run(&options, &tree::root()),
        Command::Gazetteer(options) => gazetteer::run(&options, &tree::root()),
        Command::Rarity(options) => rarity::run(&options, &tree::root()),
        Command::Classifier(options) => classifier::run(&options, &tree::root()),
        Command::Peer(options) => peers::run(&options),
        Command::Scoreboard(options) => scoreboard::run(&options),
        Command::Notes(options) => notes::run(&options),
    }
}

fn run_checks(wanted: impl Fn(&Check) -> bool) -> Result<bool> {
    let project = project()?;
    let mut clean = true;
    for check in CHECKS.iter().filter(|check| wanted(check)) {
        let report = (check.run)(&project).with_context(|| format!("the {} check could not run", check.name))?;
        clean &= report.faults.is_empty();
        print!("{}", report.render(check.name));
    }
    Ok(clean)
}

fn project() -> Result<Project> {
    let root = tree::root();
    Ok(Project {
        tree: Tree::read(&root)?,
        workspace: Workspace::read(&root)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str) {
        let check = CHECKS.iter().find(|check| check.name == name).unwrap();
        let report = (check.run)(&project().unwrap()).unwrap();
        assert!(report.faults.is_empty(), "\n{}", report.render(name));
    }

    #[test]
    fn arrows_between_crates_are_those_of_the_architecture() {
        check("architecture");
    }

    #[test]
    fn banned_crates_are_used_only_where_they_may() {
        check("bans");
    }

    #[test]
    fn licences_are_on_the_allow_list() {
        check("licences");
    }

    #[test]
    fn crates_come_from_where_they_may() {
        check("origins");
    }

    #[test]
    fn no_locked_crate_is_named_by_an_advisory_at_hand() {
        check("advisories");
    }

    #[test]
    fn only_some_crates_touch_the_outside_world() {
        check("sources");
    }

    #[test]
    fn files_keep_the_house_rules() {
        check("tidy");
    }

    #[test]
    fn lints_are_inherited_and_exceptions_have_reasons() {
        check("lints");
    }

    #[test]
    fn every_fuzz_body_is_wrapped_seeded_and_replayed() {
        check("fuzzing");
    }

    #[test]
    fn controls_that_stand_are_shown_by_tests_that_exist() {
        check("controls");
    }

    #[test]
    fn links_between_pages_lead_somewhere() {
        check("links");
    }

    #[test]
    fn generated_pages_are_fresh() {
        check("docs");
    }

    #[test]
    fn every_check_is_a_test_here() {
        for Check { name, .. } in CHECKS {
            let call = format!("\n        check(\"{name}\");");
            assert!(
                include_str!("main.rs").contains(&call),
                "add a test above that runs the {name} check"
            );
        }
    }
}
