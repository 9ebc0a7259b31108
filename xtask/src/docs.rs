//! Files that are generated: written by `cargo xtask docs`, compared by `cargo xtask check`.
//!
//! A page is a path and the text that must stand there; a module below makes one or more of them. A new one is a module
//! and a line in [`pages`].

mod commands;
mod controls;
mod fuzz_wrappers;
mod refusals;
mod routes;
mod rules;
mod standards;

use crate::{
    Project,
    report::{Fault, Report},
    tree::{File, Tree},
};
use anyhow::{Context as _, Result};

/// One generated file.
struct Page {
    /// Path from the root of the repository.
    path: String,
    /// What must stand there.
    text: String,
}

/// Every generated file.
fn pages(tree: &Tree) -> Result<Vec<Page>> {
    let page = |path: &str, text: String| Page {
        path: path.to_owned(),
        text,
    };
    let mut pages = vec![
        page("docs/controls.md", controls::render()),
        page("docs/reference/commands.md", commands::render()),
        page("docs/reference/config.md", ward_serve::settings::reference::page()),
        page("docs/reference/config.schema.json", {
            let schema = ward_serve::settings::reference::schema();
            format!("{}\n", serde_json::to_string_pretty(&schema)?)
        }),
        page("docs/reference/refusals.md", refusals::render()),
        page("docs/reference/routes.md", routes::render()),
        page("docs/reference/rules.md", rules::render()),
        page("docs/reference/scan.schema.json", rules::schema()),
        page("docs/reference/standards.md", standards::render()),
        page(
            "docs/reference/attest.schema.json",
            ward::commands::attest::schema().to_owned(),
        ),
        page(
            "docs/reference/state.schema.json",
            ward::commands::state::schema().to_owned(),
        ),
        page(
            "docs/reference/policy.schema.json",
            ward::commands::policy::schema().to_owned(),
        ),
    ];
    pages.extend(controls::clauses().map(|(path, text)| Page { path, text }));
    pages.extend(fuzz_wrappers::pages(tree)?);
    Ok(pages)
}

/// Whether to write what is stale or to tell of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Check,
}

pub(crate) fn check(project: &Project) -> Result<Report> {
    let count = pages(&project.tree)?.len();
    let faults = generate(&project.tree, Mode::Check)?.into_iter().map(|path| {
        let what = "it is not what would be generated now";
        Fault::new(path, None, "stale page", what, "run `cargo xtask docs` and commit it")
    });
    Ok(Report::new(format!("{count} generated files"), faults.collect()))
}

/// Writes the stale pages and gives their paths.
pub(crate) fn write(tree: &Tree) -> Result<Vec<String>> {
    generate(tree, Mode::Write)
}

/// The paths of the pages that are stale; in [`Mode::Write`] they are fresh afterwards.
fn generate(tree: &Tree, mode: Mode) -> Result<Vec<String>> {
    let mut stale = Vec::new();
    for page in pages(tree)? {
        if tree.file(&page.path).and_then(File::text) == Some(page.text.as_str()) {
            continue;
        }
        if mode == Mode::Write {
            let path = tree.root().join(&page.path);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            }
            std::fs::write(&path, page.text).with_context(|| page.path.clone())?;
        }
        stale.push(page.path);
    }
    Ok(stale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_changed_page_is_stale_and_a_fresh_one_is_not() {
        let fresh = controls::render();
        let stale = |text: Option<&str>| {
            let files: Vec<_> = text.map(|text| ("docs/controls.md", text)).into_iter().collect();
            let stale = generate(&Tree::of(&files), Mode::Check).unwrap();
            stale.contains(&"docs/controls.md".to_owned())
        };
        assert!(!stale(Some(&fresh)));
        assert!(stale(Some("old")));
        assert!(stale(None));
    }
}
