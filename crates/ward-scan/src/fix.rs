//! Fixes of findings: which of them go together, what a file is afterwards, and the difference as a patch.

use std::{collections::BTreeMap, fmt::Write as _};

use ward_evidence::Location;

use crate::{
    Report,
    inventory::reader,
    report::{Edit, Reported},
};

/// What is to be changed in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFixes {
    /// The file, as the report names it.
    pub path: String,
    /// Replacements, in order, none overlapping another.
    pub edits: Vec<Edit>,
    /// Which findings of the report they mend, by their place in it.
    pub mends: Vec<usize>,
    /// Findings whose fixes overlap those of an earlier one: they need another run.
    pub left: Vec<usize>,
}

/// The fixes of a report by file. Members of archives and what only the history holds cannot be mended. Other versions of
/// packages are put in only with `packages`: whether one fits is for the project's tests to say.
#[must_use]
pub fn plan(report: &Report, packages: bool) -> Vec<FileFixes> {
    let mut files: BTreeMap<&str, Vec<(usize, &[Edit])>> = BTreeMap::new();
    let mendable = |one: &Reported| {
        one.finding.at.member.is_none() && one.commit.is_none() && (packages || one.more.package.is_none())
    };
    for (at, one) in report.findings.iter().enumerate().filter(|(_, one)| mendable(one)) {
        if let Some(fix) = one.more.fix.as_ref().filter(|fix| !fix.edits.is_empty()) {
            files.entry(&one.finding.at.path).or_default().push((at, &fix.edits));
        }
    }
    let in_order = |(path, mut fixes): (&str, Vec<(usize, &[Edit])>)| {
        fixes.sort_by_key(|(at, edits)| (edits.first().map(|edit| edit.start), *at));
        let mut file = FileFixes {
            path: path.to_owned(),
            edits: Vec::new(),
            mends: Vec::new(),
            left: Vec::new(),
        };
        for (at, edits) in fixes {
            let mut together: Vec<Edit> = file.edits.iter().chain(edits).cloned().collect();
            together.sort_by_key(|edit| (edit.start, edit.end));
            // Two fixes may ask for the same change, as one call with two findings.
            together.dedup();
            if is_disjoint(&together) {
                file.edits = together;
                file.mends.push(at);
            } else {
                file.left.push(at);
            }
        }
        file
    };
    files.into_iter().map(in_order).collect()
}

/// Whether a manifest still asks for what the findings that are to be mended say: each change takes the place of a version
/// (or of a whole requirement) of one of their packages. A second look at a file finds no fault of a package, since
/// faults are judged of all files together.
#[must_use]
pub fn still_asks(blob: &crate::Blob<'_>, mends: &[&Reported]) -> bool {
    let Some((_, reading)) = reader::read(blob) else {
        return false;
    };
    mends.iter().all(|one| {
        let (Some(package), Some(fix)) = (&one.more.package, &one.more.fix) else {
            return false;
        };
        fix.edits.iter().all(|edit| {
            let mut components = reading.manifest.components.iter();
            components.any(|component| {
                component.span == Some((edit.start, edit.end))
                    && component.name == package.name
                    && component.version.exact()
                        == package
                            .version
                            .as_deref()
                            .filter(|_| component.version.exact().is_some())
            })
        })
    })
}

/// An update of one package that the advisories speak for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The file that names it, and the line.
    pub at: Location,
    /// The ecosystem and the name.
    pub package: (String, String),
    /// The version now; none where the file asks for a range.
    pub from: Option<String>,
    /// The smallest version without a known fault.
    pub to: String,
    /// The advisories that it clears, by name, sorted.
    pub clears: Vec<String>,
    /// Whether `ward scan --fix` can write it into the file.
    pub by_ward: bool,
    /// The command of the tool that the file belongs to, where there is one.
    pub by_tool: Option<String>,
}

/// What to update, by file and package. Only versions that an advisory names as fixed are proposed: which others there are
/// no advisory says.
#[must_use]
pub fn proposals(report: &Report) -> Vec<Proposal> {
    let mut all: BTreeMap<(String, String, Option<String>), Proposal> = BTreeMap::new();
    for one in &report.findings {
        let Some(package) = &one.more.package else { continue };
        let (Some(advisory), Some(to)) = (&package.advisory, &package.fixed) else {
            continue;
        };
        let path = one.finding.at.full_path();
        let key = (path.clone(), package.name.clone(), package.version.clone());
        let proposal = all.entry(key).or_insert_with(|| Proposal {
            at: one.finding.at.clone(),
            package: (package.ecosystem.to_string(), package.name.clone()),
            from: package.version.clone(),
            to: to.clone(),
            clears: Vec::new(),
            by_ward: false,
            by_tool: tool(&path, &package.name, package.version.as_deref(), to),
        });
        proposal.clears.push(advisory.clone());
        proposal.by_ward |= one.more.fix.is_some() && one.finding.at.member.is_none();
    }
    let mut all: Vec<Proposal> = all.into_values().collect();
    for one in &mut all {
        one.clears.sort();
        one.clears.dedup();
    }
    all
}

/// The command that changes a version in a file that only its own tool may write. None for other files.
fn tool(path: &str, name: &str, from: Option<&str>, to: &str) -> Option<String> {
    // What goes into a command line comes from files: nothing but names and versions as they may be.
    let plain = |text: &str| {
        !text.starts_with('-')
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '@' | '/' | '!'))
    };
    if !plain(name) || !plain(to) || !from.is_none_or(plain) {
        return None;
    }
    let file = path.rsplit(['/', '!']).next().unwrap_or(path);
    Some(match file {
        "Cargo.lock" => match from {
            Some(from) => format!("cargo update -p {name}@{from} --precise {to}"),
            None => format!("cargo update -p {name} --precise {to}"),
        },
        "poetry.lock" => format!("poetry update {name}"),
        "uv.lock" => format!("uv lock --upgrade-package {name}=={to}"),
        "pdm.lock" => format!("pdm update {name}"),
        "Pipfile.lock" => format!("pipenv upgrade {name}=={to}"),
        "package-lock.json" | "npm-shrinkwrap.json" => format!("npm install {name}@{to}"),
        "yarn.lock" => format!("yarn up {name}@{to}"),
        "pnpm-lock.yaml" => format!("pnpm update {name}@{to}"),
        "go.mod" | "go.sum" if name == "stdlib" => format!("go get go@{to}"),
        "go.mod" | "go.sum" => format!("go get {name}@{to}"),
        "environment.yml" | "environment.yaml" | "conda.yml" => format!("conda install {name}={to}"),
        _ => return None,
    })
}

fn is_disjoint(edits: &[Edit]) -> bool {
    let ordered = edits.iter().all(|edit| edit.start <= edit.end);
    ordered
        && edits.windows(2).all(|pair| match pair {
            // Two insertions at one place have no order that anybody meant.
            [one, next] => one.end <= next.start && (one.start, one.end) != (next.start, next.end),
            _ => true,
        })
}

/// What a file is after `edits`, which are in order and disjoint. None when one is not inside the file.
#[must_use]
pub fn apply(before: &[u8], edits: &[Edit]) -> Option<Vec<u8>> {
    let mut after = Vec::with_capacity(before.len() + 64 * edits.len());
    let mut at = 0;
    for edit in edits {
        let (start, end) = (usize::try_from(edit.start).ok()?, usize::try_from(edit.end).ok()?);
        after.extend_from_slice(before.get(at..start)?);
        after.extend_from_slice(edit.text.as_bytes());
        at = before.get(start..end).map(|_| end)?;
    }
    after.extend_from_slice(before.get(at..)?);
    Some(after)
}

/// Lines that stand around a change.
const CONTEXT: usize = 3;

/// What a patch is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patch {
    /// For `git apply`: every line as it is. Context that most likely holds a credential is left out.
    Exact,
    /// For people: what could be a secret is hidden, so it cannot be applied.
    Shown,
}

/// Why there is no patch of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPatch {
    /// An edit is not inside the file.
    Outside,
    /// The file is no UTF-8.
    NotText,
    /// A line that an exact patch cannot do without most likely holds a credential.
    Secret,
}

/// The change of one file as a patch that `git apply` takes (unified format of POSIX `diff -u`), or as one to look at. Empty
/// without edits.
///
/// # Errors
/// [`NoPatch`] says what stands in the way.
pub fn patch(path: &str, before: &[u8], edits: &[Edit], kind: Patch) -> Result<String, NoPatch> {
    let before = std::str::from_utf8(before).map_err(|_| NoPatch::NotText)?;
    if edits.is_empty() {
        return Ok(String::new());
    }
    let hunks = hunks(before, edits).ok_or(NoPatch::Outside)?;
    let mut out = format!("--- {}\n+++ {}\n", name("a/", path), name("b/", path));
    let mut moved: i64 = 0;
    for mut hunk in hunks {
        if kind == Patch::Exact {
            hunk.leave_secrets_out().ok_or(NoPatch::Secret)?;
        }
        let count = |without: char| hunk.lines.iter().filter(|(mark, _)| *mark != without).count();
        let (old, new) = (count('+'), count('-'));
        let number = |n: usize| i64::try_from(n).map_err(|_| NoPatch::Outside);
        let begin = number(hunk.from)? + 1;
        let _ = writeln!(out, "@@ -{begin},{old} +{},{new} @@", begin + moved);
        for (mark, text) in &hunk.lines {
            match kind {
                Patch::Exact => write_line(&mut out, *mark, text),
                Patch::Shown => {
                    let mut shown = crate::code::line::for_looking_at(text);
                    if text.ends_with('\n') {
                        shown.push('\n');
                    }
                    write_line(&mut out, *mark, &shown);
                }
            }
        }
        moved += number(new)? - number(old)?;
    }
    Ok(out)
}

/// One piece of a patch.
struct Hunk {
    /// The first line, from 0.
    from: usize,
    /// Lines with their marks.
    lines: Vec<(char, String)>,
}

impl Hunk {
    /// Leaves out context that holds what is most likely a credential. None where another line does, or where no line
    /// would be left after the change: `git apply` takes that for the end of the file.
    fn leave_secrets_out(&mut self) -> Option<()> {
        let holds: Vec<bool> = self
            .lines
            .iter()
            .map(|(_, text)| crate::code::line::holds_secret(text))
            .collect();
        let is_context = |(mark, _): &&(char, String)| *mark == ' ';
        let lead = self.lines.iter().take_while(is_context).count();
        let trail = self.lines.iter().rev().take_while(is_context).count();
        let last = self.lines.len().checked_sub(trail)?;
        if holds.get(lead..last)?.contains(&true) {
            return None;
        }
        let before = holds.get(..lead)?.iter().rposition(|holds| *holds);
        let before = before.map_or(0, |at| at + 1);
        if let Some(at) = holds.get(last..)?.iter().position(|holds| *holds) {
            if at == 0 {
                return None;
            }
            self.lines.truncate(last + at);
        }
        self.lines.drain(..before);
        self.from += before;
        Some(())
    }
}

/// The changes with the lines around them; those whose surroundings touch are one. None when an edit is not inside the text.
fn hunks(before: &str, edits: &[Edit]) -> Option<Vec<Hunk>> {
    let lines: Vec<&str> = before.split_inclusive('\n').collect();
    let mut starts = Vec::with_capacity(lines.len() + 1);
    let mut at = 0;
    for line in &lines {
        starts.push(at);
        at += line.len();
    }
    starts.push(at);
    // The line that holds an offset; an insertion at the end of the file belongs to the last line.
    let line_of = |offset: usize| {
        starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
            .min(lines.len().saturating_sub(1))
    };
    let mut changes: Vec<(usize, usize, Vec<Edit>)> = Vec::new();
    for edit in edits {
        let (start, end) = (usize::try_from(edit.start).ok()?, usize::try_from(edit.end).ok()?);
        before.get(start..end)?;
        let (first, last) = (line_of(start), line_of(end.max(start + 1) - 1));
        match changes.last_mut().filter(|change| first <= change.1) {
            Some(change) => {
                change.1 = change.1.max(last);
                change.2.push(edit.clone());
            }
            None => changes.push((first, last, vec![edit.clone()])),
        }
    }
    let mut out = Vec::new();
    let mut rest = changes.as_slice();
    while let Some(first) = rest.first() {
        let together = 1 + rest
            .windows(2)
            .take_while(|pair| matches!(pair, [one, next] if next.0 <= one.1 + 2 * CONTEXT))
            .count();
        let (group, others) = rest.split_at_checked(together)?;
        rest = others;
        let from = first.0.saturating_sub(CONTEXT);
        let to = (group.last()?.1 + 1 + CONTEXT).min(lines.len());
        let mut body: Vec<(char, String)> = Vec::new();
        let mut line = from;
        let marked = |mark: char, text: &str| (mark, text.to_owned());
        for (first, last, edits) in group {
            body.extend(lines.get(line..*first)?.iter().map(|text| marked(' ', text)));
            let offset = *starts.get(*first)?;
            let gone = before.get(offset..*starts.get(last + 1)?)?;
            let shift = |at: u64| at.checked_sub(offset as u64);
            let shifted: Option<Vec<Edit>> = edits
                .iter()
                .map(|edit| {
                    Some(Edit {
                        start: shift(edit.start)?,
                        end: shift(edit.end)?,
                        text: edit.text.clone(),
                    })
                })
                .collect();
            let come = String::from_utf8(apply(gone.as_bytes(), &shifted?)?).ok()?;
            body.extend(gone.split_inclusive('\n').map(|text| marked('-', text)));
            body.extend(come.split_inclusive('\n').map(|text| marked('+', text)));
            line = last + 1;
        }
        body.extend(lines.get(line..to)?.iter().map(|text| marked(' ', text)));
        out.push(Hunk { from, lines: body });
    }
    Some(out)
}

fn write_line(out: &mut String, mark: char, text: &str) {
    out.push(mark);
    out.push_str(text);
    if !text.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
}

/// A path as git writes it in a patch: quoted where it holds what would end or confuse the line.
fn name(prefix: &str, path: &str) -> String {
    let plain = |c: char| !c.is_control() && c != '"' && c != '\\' && c.is_ascii();
    if path.chars().all(plain) {
        let end = if path.contains(' ') { "\t" } else { "" };
        return format!("{prefix}{path}{end}");
    }
    let mut quoted = format!("\"{prefix}");
    for byte in path.bytes() {
        match byte {
            b'"' | b'\\' => {
                quoted.push('\\');
                quoted.push(char::from(byte));
            }
            b' '..=b'~' => quoted.push(char::from(byte)),
            _ => {
                let _ = write!(quoted, "\\{byte:03o}");
            }
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u64, end: u64, text: &str) -> Edit {
        Edit {
            start,
            end,
            text: text.to_owned(),
        }
    }

    #[test]
    fn edits_are_made_in_order_and_only_inside() {
        let made = |edits: &[Edit]| apply(b"abcdef", edits).map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(made(&[edit(1, 2, "X"), edit(4, 4, "YZ")]).as_deref(), Some("aXcdYZef"));
        assert_eq!(made(&[edit(6, 6, "!")]).as_deref(), Some("abcdef!"));
        assert_eq!(made(&[]).as_deref(), Some("abcdef"));
        assert_eq!(made(&[edit(6, 7, "!")]), None);
        assert_eq!(made(&[edit(4, 5, ""), edit(1, 2, "")]), None);
    }

    #[test]
    fn overlaps_are_seen() {
        assert!(is_disjoint(&[edit(0, 2, ""), edit(2, 3, "")]));
        assert!(is_disjoint(&[edit(0, 2, ""), edit(2, 2, "x")]));
        assert!(!is_disjoint(&[edit(0, 2, ""), edit(1, 3, "")]));
        assert!(!is_disjoint(&[edit(2, 2, "x"), edit(2, 2, "y")]));
        assert!(!is_disjoint(&[edit(3, 2, "")]));
    }

    #[test]
    fn a_patch_names_lines_and_counts_them() {
        let before: String = (1..=20).map(|line| format!("line {line}\n")).collect();
        let at = |line: &str| before.find(line).unwrap() as u64;
        let edits = [
            edit(at("line 2\n"), at("line 2\n") + 4, "LINE"),
            edit(at("line 5\n") + 6, at("line 5\n") + 6, "\nmore"),
            edit(at("line 19"), at("line 20"), ""),
        ];
        let expect = "--- a/f.py\n+++ b/f.py\n@@ -1,8 +1,9 @@\n line 1\n-line 2\n+LINE 2\n line 3\n line 4\n-line 5\n+line 5\n+more\n \
                      line 6\n line 7\n line 8\n@@ -16,5 +17,4 @@\n line 16\n line 17\n line 18\n-line 19\n line 20\n";
        assert_eq!(
            patch("f.py", before.as_bytes(), &edits, Patch::Exact).as_deref(),
            Ok(expect)
        );
    }

    #[test]
    fn a_last_line_without_an_end_and_odd_names() {
        let expect = "--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-ab\n\\ No newline at end of file\n+axb\n\\ No newline at end of file\n";
        assert_eq!(
            patch("f", b"ab", &[edit(1, 1, "x")], Patch::Exact).as_deref(),
            Ok(expect)
        );
        assert_eq!(name("a/", "x y"), "a/x y\t");
        assert_eq!(name("a/", "é\n\""), "\"a/\\303\\251\\012\\\"\"");
        assert_eq!(
            patch("f", b"\xff", &[edit(0, 0, "x")], Patch::Exact),
            Err(NoPatch::NotText)
        );
        assert_eq!(
            patch("f", b"a", &[edit(0, 9, "x")], Patch::Exact),
            Err(NoPatch::Outside)
        );
    }

    #[test]
    fn secrets_beside_a_change_are_not_shown() {
        let before = "a = 1\npassword = 'hunter2'\nb = 2\ntorch.load(p)\nc = 3\napi_key = 'x1'\n";
        let at = before.find("p)").unwrap() as u64 + 1;
        let edits = [edit(at, at, ", weights_only=True")];
        let exact = patch("f", before.as_bytes(), &edits, Patch::Exact).unwrap();
        assert_eq!(
            exact,
            "--- a/f\n+++ b/f\n@@ -3,3 +3,3 @@\n b = 2\n-torch.load(p)\n+torch.load(p, weights_only=True)\n c = 3\n"
        );
        let shown = patch("f", before.as_bytes(), &edits, Patch::Shown).unwrap();
        assert!(
            shown.contains(" password = '…'\n") && shown.contains("@@ -1,6 +1,6 @@"),
            "{shown}"
        );
        for before in [
            "torch.load(p, password='hunter2')\n",
            "torch.load(p)\npassword = 'hunter2'\n",
        ] {
            let at = before.find("(p").unwrap() as u64 + 2;
            let edits = [edit(at, at, ", weights_only=True")];
            assert_eq!(
                patch("f", before.as_bytes(), &edits, Patch::Exact),
                Err(NoPatch::Secret)
            );
            assert!(
                !patch("f", before.as_bytes(), &edits, Patch::Shown)
                    .unwrap()
                    .contains("hunter2")
            );
        }
    }
}
