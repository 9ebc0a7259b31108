//! Links between pages: what a Markdown page points to in this repository exists.

use crate::{
    Project,
    report::{Fault, Report},
    tree::Tree,
};
use anyhow::Result;

pub(crate) fn check(project: &Project) -> Result<Report> {
    let (faults, links) = faults_of(&project.tree);
    let pages = pages(&project.tree).count();
    Ok(Report::new(format!("{links} links in {pages} pages"), faults))
}

fn pages(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    let pages = tree.files().iter().filter(|file| file.path.ends_with(".md"));
    pages.filter_map(|file| Some((file.path.as_str(), file.text()?)))
}

/// The links that lead nowhere, and how many there are to files of the repository.
fn faults_of(tree: &Tree) -> (Vec<Fault>, usize) {
    let mut faults = Vec::new();
    let mut links = 0;
    for (path, text) in pages(tree) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut fenced = false;
        for (index, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            }
            if fenced {
                continue;
            }
            for target in targets(line) {
                let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
                let Some(full) = resolve(folder, file) else {
                    let what = format!("the link to {target} leaves the repository");
                    faults.push(Fault::new(
                        path,
                        Some(index + 1),
                        "link",
                        what,
                        "use a path below the repository",
                    ));
                    continue;
                };
                let full = if file.is_empty() { path.to_owned() } else { full };
                links += 1;
                let is_folder = || tree.below(&format!("{full}/")).next().is_some();
                let page = tree.file(&full).map(|file| file.text().unwrap_or_default());
                if page.is_none() && !is_folder() {
                    let what = format!("the link to {target} leads nowhere");
                    faults.push(Fault::new(
                        path,
                        Some(index + 1),
                        "link",
                        what,
                        "mend it, or write what it should show",
                    ));
                } else if !anchor.is_empty() && page.is_some_and(|page| !has_heading(page, anchor)) {
                    let what = format!("the link to {target} names no heading there");
                    faults.push(Fault::new(
                        path,
                        Some(index + 1),
                        "link",
                        what,
                        "name the heading as it is now",
                    ));
                }
            }
        }
    }
    (faults, links)
}

/// The targets of `[text](target)` on a line that are neither URLs nor mail addresses, outside of code.
fn targets(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices("](") {
        let in_code = line
            .get(..at)
            .is_some_and(|before| before.matches('`').count() % 2 == 1);
        let target = line
            .get(at + 2..)
            .and_then(|rest| rest.split([')', ' ']).next())
            .unwrap_or_default();
        if !in_code && !target.is_empty() && !target.contains(':') && !target.starts_with('<') {
            found.push(target);
        }
    }
    found
}

/// `target` from `folder`, as a path from the root; none when it climbs out.
fn resolve(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').collect()
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.retain(|part| !part.is_empty());
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    Some(parts.join("/"))
}

/// True when a heading of `page` has this anchor, made as GitHub does: lower case, punctuation dropped, spaces to `-`.
fn has_heading(page: &str, anchor: &str) -> bool {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| line.trim_start_matches('#').trim()).any(|heading| {
        let kept = heading
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.flat_map(char::to_lowercase)
            .map(|c| if c == ' ' { '-' } else { c })
            .eq(anchor.chars())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, links: usize, broken: usize) {
        let tree = Tree::of(&[
            ("a.md", "# One & two\n"),
            ("docs/b.md", line),
            ("docs/c/d.md", ""),
            ("src/x.rs", ""),
        ]);
        let (faults, found) = faults_of(&tree);
        assert_eq!((found, faults.len()), (links, broken), "{line}: {faults:?}");
    }

    #[test]
    fn links_to_files_folders_and_headings_are_followed() {
        check("[x](../a.md) [y](c/d.md) [z](c) [r](/src/x.rs) [s](./c/)", 5, 0);
        check("[x](../a.md#one--two) [x](../a.md#three)", 2, 1);
        check("[x](e.md)", 1, 1);
        check("[x](../../etc/passwd)", 0, 1);
        check("[u](https://example.org/e.md) [m](mailto:a@b) `[c](e.md)`", 0, 0);
        check("```\n[x](e.md)\n```", 0, 0);
        check("# Here\n[x](#here) [x](#there)", 2, 1);
    }
}
