//! Pages that are generated: written by `cargo xtask docs`, compared by `cargo xtask check`.
//!
//! A page is one function that renders it and one line in [`PAGES`].

mod controls;

use crate::{
    Project,
    report::{Fault, Report},
    tree::Tree,
};
use anyhow::{Context as _, Result};

/// One generated page.
struct Page {
    /// Path from the root of the repository.
    path: &'static str,
    render: fn() -> String,
}

/// Every generated page.
const PAGES: &[Page] = &[Page {
    path: "docs/controls.md",
    render: controls::render,
}];

/// Whether to write what is stale or to tell of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Check,
}

pub(crate) fn check(project: &Project) -> Result<Report> {
    let stale = generate(&project.tree, Mode::Check)?;
    let faults = stale.into_iter().map(|path| {
        Fault::new(
            path,
            None,
            "stale page",
            "it is not what would be generated now",
            "run `cargo xtask docs` and commit it",
        )
    });
    Ok(Report::new(
        format!("{} generated pages", PAGES.len()),
        faults.collect(),
    ))
}

/// Writes the stale pages and gives their paths.
pub(crate) fn write(tree: &Tree) -> Result<Vec<&'static str>> {
    generate(tree, Mode::Write)
}

/// The paths of the pages that are stale; in [`Mode::Write`] they are fresh afterwards.
fn generate(tree: &Tree, mode: Mode) -> Result<Vec<&'static str>> {
    let mut stale = Vec::new();
    for page in PAGES {
        let fresh = (page.render)();
        if tree.file(page.path).and_then(|file| file.text()) == Some(fresh.as_str()) {
            continue;
        }
        if mode == Mode::Write {
            let path = tree.root().join(page.path);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            }
            std::fs::write(&path, fresh).with_context(|| page.path)?;
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
        let fresh: Vec<(&str, String)> = PAGES.iter().map(|page| (page.path, (page.render)())).collect();
        let fresh: Vec<(&str, &str)> = fresh.iter().map(|(path, text)| (*path, text.as_str())).collect();
        assert_eq!(generate(&Tree::of(&fresh), Mode::Check).unwrap(), [""; 0]);
        assert_eq!(generate(&Tree::of(&[]), Mode::Check).unwrap().len(), PAGES.len());
        assert_eq!(
            generate(&Tree::of(&[("docs/controls.md", "old")]), Mode::Check).unwrap(),
            ["docs/controls.md"]
        );
    }
}
