//! Evidence from tests that ran: a JUnit file, as `cargo nextest`, pytest and most others write it.
//!
//! A control names its tests (`path.rs::function`). It held where all of them are in the file and passed, failed where one
//! failed, and was not examined where one is missing or was skipped. A project can name tests of its own for a control
//! in `ward.toml`.

use std::collections::BTreeMap;

use ward_evidence::{Control, ControlId, by_id, catalogue};
use ward_formats::{Budget, xml::Elements};

use super::{
    Evidence,
    document::{Item, MAX_PLACES, Outcome, Source},
};

/// What a JUnit file may cost: 64 MiB, 32 levels, 4 million items.
const BUDGET: Budget = Budget {
    bytes: 64 << 20,
    depth: 32,
    items: 4_000_000,
};

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    /// It ran and passed.
    Passed,
    /// It did not run.
    Skipped,
    /// It failed, or could not be run to its end.
    Failed,
}

/// A test of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The suite or class, as `ward-scan` or `tests.test_api`.
    pub suite: String,
    /// Its name, as `code::tests::flows::flows_go_through_files`.
    pub name: String,
    /// How it ended. Where a test is in the file twice, the worse.
    pub ended: Ended,
}

/// Reads a JUnit file.
///
/// # Errors
/// A sentence when it is no well-formed XML, costs too much, or holds no test.
pub fn read(bytes: &[u8]) -> Result<Vec<Case>, &'static str> {
    // Well-formed, within the budget, and without entities of its own; the tags are read again below, for the reader of
    // fields does not show an element that has neither text nor attributes, such as `<skipped/>`.
    let elements = Elements::parse(bytes, BUDGET).map_err(|_| "it is no well-formed XML, or is too large")?;
    let text = std::str::from_utf8(elements.source()).map_err(|_| "it is not UTF-8")?;
    let mut cases: BTreeMap<(String, String), Ended> = BTreeMap::new();
    let mut suite = String::new();
    // Failures that suites count.
    let mut promised = 0_u64;
    let mut open: Option<((String, String), Ended)> = None;
    let mut close = |open: &mut Option<((String, String), Ended)>| {
        if let Some((name, ended)) = open.take() {
            let known = cases.entry(name).or_insert(ended);
            *known = (*known).max(ended);
        }
    };
    for tag in tags(text) {
        let (name, ends) = match tag.strip_prefix('/') {
            Some(name) => (name.trim(), true),
            None => (
                tag.split([' ', '\t', '\n', '\r', '/']).next().unwrap_or_default(),
                false,
            ),
        };
        match (name, ends) {
            ("testsuite", false) => {
                suite = attribute(tag, "name").unwrap_or_default();
                promised = promised.saturating_add(failures(tag));
            }
            ("testcase", false) => {
                close(&mut open);
                let class = attribute(tag, "classname").unwrap_or_else(|| suite.clone());
                let name = attribute(tag, "name").unwrap_or_default();
                let said = attribute(tag, "status").or_else(|| attribute(tag, "result"));
                open = Some(((class, name), said.map_or(Ended::Passed, |word| ended(&word))));
                if tag.ends_with('/') {
                    close(&mut open);
                }
            }
            ("testcase", true) => close(&mut open),
            ("failure" | "error", false) => worse(&mut open, Ended::Failed),
            ("skipped" | "disabled", false) => worse(&mut open, Ended::Skipped),
            _ => {}
        }
    }
    if cases.is_empty() {
        return Err("it names no test");
    }
    if promised > 0 && !cases.values().any(|ended| *ended == Ended::Failed) {
        return Err("its suites count failures, and no test says that it failed");
    }
    let case = |((suite, name), ended)| Case { suite, name, ended };
    Ok(cases.into_iter().map(case).collect())
}

/// What `status` or `result` of a test says. The words of GoogleTest and others; one that nobody knows is no success.
fn ended(word: &str) -> Ended {
    match word.to_ascii_lowercase().as_str() {
        "" | "run" | "completed" | "passed" | "pass" | "success" | "ok" => Ended::Passed,
        "notrun" | "skipped" | "suppressed" | "disabled" | "ignored" => Ended::Skipped,
        _ => Ended::Failed,
    }
}

/// The failures and errors that a suite says it has.
fn failures(tag: &str) -> u64 {
    ["failures", "errors"]
        .iter()
        .filter_map(|name| attribute(tag, name)?.trim().parse::<u64>().ok())
        .fold(0, u64::saturating_add)
}

fn worse(open: &mut Option<((String, String), Ended)>, ended: Ended) {
    if let Some((_, known)) = open {
        *known = (*known).max(ended);
    }
}

/// What stands between `<` and `>`, comments, CDATA sections and instructions left out. The text is well-formed.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            rest = rest.get(rest.find('<')? + 1..)?;
            let (start, end) = match rest {
                _ if rest.starts_with("!--") => (3, "-->"),
                _ if rest.starts_with("![CDATA[") => (8, "]]>"),
                _ if rest.starts_with(['!', '?']) => (1, ">"),
                _ => break,
            };
            let inside = rest.get(start..)?;
            rest = inside.get(inside.find(end)? + end.len()..)?;
        }
        // A `>` may stand in the value of an attribute.
        let mut quote = None;
        let end = rest.char_indices().find(|(_, c)| {
            match (quote, *c) {
                (None, '"' | '\'') => quote = Some(*c),
                (Some(open), c) if open == c => quote = None,
                (None, '>') => return true,
                _ => {}
            }
            false
        })?;
        let (tag, after) = (rest.get(..end.0)?, rest.get(end.0..)?);
        rest = after;
        Some(tag)
    })
}

/// The value of an attribute of a tag, the five entities of XML resolved.
fn attribute(tag: &str, wanted: &str) -> Option<String> {
    let mut rest = tag.get(tag.find([' ', '\t', '\n', '\r'])?..)?;
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = after.get(1..)?.split_once(quote)?;
        if name.trim() == wanted {
            let plain = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
            return Some(plain.replace("&apos;", "'").replace("&amp;", "&"));
        }
        rest = after;
    }
}

/// Tests as evidence. `named` are the tests that the project names for a control of its own, as `suite::name` or `name`.
#[must_use]
pub fn evidence(cases: &[Case], named: &BTreeMap<ControlId, Vec<String>>) -> Evidence {
    let mut by_last: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        by_last.entry(last(&case.name)).or_default().push(case);
    }
    let mut all = Evidence::new();
    for control in catalogue() {
        let tests = control.verified_by.iter().filter(|test| test.contains(".rs"));
        let found: Vec<(String, Option<Ended>)> = tests
            .map(|test| ((*test).to_owned(), of_rust(test, &by_last)))
            .collect();
        // A file that names none of a control's tests is about something else.
        if found.iter().any(|(_, ended)| ended.is_some()) {
            all.entry(control.id)
                .or_default()
                .push(item("Ward's own tests", &found));
        }
    }
    for (control, names) in named {
        let found: Vec<(String, Option<Ended>)> =
            names.iter().map(|name| (name.clone(), of_name(name, cases))).collect();
        all.entry(*control)
            .or_default()
            .push(item("The project's tests", &found));
    }
    all
}

fn item(whose: &str, found: &[(String, Option<Ended>)]) -> Item {
    let count = |wanted| found.iter().filter(|(_, ended)| *ended == wanted).count();
    let (failed, passed) = (count(Some(Ended::Failed)), count(Some(Ended::Passed)));
    let outcome = if failed > 0 {
        Outcome::Failed
    } else if passed == found.len() && passed > 0 {
        Outcome::Held
    } else {
        Outcome::NotExamined
    };
    let word = |ended: Option<Ended>| match ended {
        Some(Ended::Passed) => "passed",
        Some(Ended::Skipped) => "skipped",
        Some(Ended::Failed) => "failed",
        None => "not in the file",
    };
    Item {
        source: Source::Tests,
        outcome,
        count: passed as u64,
        what: format!(
            "{whose}: of {} that show this, {passed} passed and {failed} failed.",
            found.len()
        ),
        places: found
            .iter()
            .take(MAX_PLACES)
            .map(|(name, ended)| format!("{name}: {}", word(*ended)))
            .collect(),
        proofs: Vec::new(),
    }
}

fn last(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

/// How a test `crates/x/src/a/b.rs::function` ended: the crate is the suite's, the module is in the name.
fn of_rust(test: &str, cases: &BTreeMap<&str, Vec<&Case>>) -> Option<Ended> {
    let (path, function) = test.split_once("::").unwrap_or((test, ""));
    let mut parts = path.split('/');
    let name = match (parts.next(), parts.next()) {
        (Some("crates"), Some(name)) => name,
        (Some(name), _) => name,
        _ => return None,
    };
    let stem = path.rsplit('/').next()?.strip_suffix(".rs")?;
    let of_crate = |case: &&&Case| case.suite == name || case.suite.starts_with(&format!("{name}::"));
    if function.is_empty() {
        // A whole file of tests: its suite.
        let all = cases.values().flatten().filter(of_crate);
        return all
            .filter(|case| last(&case.suite) == stem)
            .map(|case| case.ended)
            .max();
    }
    let of_file = |case: &&&Case| {
        let modules: Vec<&str> = case.name.split("::").collect();
        matches!(stem, "lib" | "main" | "mod") || modules.contains(&stem) || last(&case.suite) == stem
    };
    let with_name = cases.get(function)?.iter();
    with_name.filter(of_crate).filter(of_file).map(|case| case.ended).max()
}

fn of_name(name: &str, cases: &[Case]) -> Option<Ended> {
    let is = |case: &&Case| {
        case.name == name || name.strip_prefix(&case.suite).and_then(|rest| rest.strip_prefix("::")) == Some(&case.name)
    };
    cases.iter().filter(is).map(|case| case.ended).max()
}

/// The tests that a project names in `ward.toml`: `[attest.tests]`, a control and its list of names.
///
/// # Errors
/// A sentence when the table has another shape or names an unknown control.
pub fn named(table: Option<&toml::Value>) -> Result<BTreeMap<ControlId, Vec<String>>, String> {
    let mut all = BTreeMap::new();
    let Some(table) = table else { return Ok(all) };
    let table = table.as_table().ok_or("[attest.tests] is no table")?;
    for (id, names) in table {
        let control: &Control = by_id(id).ok_or_else(|| format!("[attest.tests] names {id}, which is no control"))?;
        let names = names.as_array().and_then(|names| {
            let names: Option<Vec<String>> = names.iter().map(|name| name.as_str().map(str::to_owned)).collect();
            names.filter(|names| !names.is_empty())
        });
        let names = names.ok_or_else(|| format!("[attest.tests] {id} is no list of names"))?;
        all.insert(control.id, names);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_evidence::controls::CODE_3A;

    const FILE: &str = r#"<?xml version="1.0"?><testsuites>
      <testsuite name="ward-scan" tests="3"><!-- <testcase name="never"/> -->
        <testcase name="code::tests::flows::flows_go_through_files" classname="ward-scan" time="0.1"/>
        <testcase name="code::tests::flows::flows_go_through_functions_of_one_file" classname="ward-scan"><system-out><![CDATA[<failure/>]]></system-out></testcase>
        <testcase name="skipped &amp; &lt;odd&gt; a>b"><skipped/></testcase>
        <testcase name="bad"><failure message="x > y">no</failure></testcase>
      </testsuite></testsuites>"#;

    #[test]
    fn tests_are_read_with_how_they_ended() {
        let ended: Vec<(String, Ended)> = read(FILE.as_bytes())
            .unwrap()
            .into_iter()
            .map(|case| (case.name, case.ended))
            .collect();
        let name = |name: &str, ended| (name.to_owned(), ended);
        assert_eq!(
            ended,
            [
                name("bad", Ended::Failed),
                name("code::tests::flows::flows_go_through_files", Ended::Passed),
                name(
                    "code::tests::flows::flows_go_through_functions_of_one_file",
                    Ended::Passed
                ),
                name("skipped & <odd> a>b", Ended::Skipped),
            ]
        );
        for (status, expect) in [
            ("run", Ended::Passed),
            ("notrun", Ended::Skipped),
            ("failed", Ended::Failed),
            ("odd", Ended::Failed),
        ] {
            let file = format!("<testsuite><testcase name='a' status='{status}'/></testsuite>");
            assert_eq!(read(file.as_bytes()).unwrap()[0].ended, expect, "{status}");
        }
        assert!(
            read(b"<testsuite failures='1'><testcase name='a'/></testsuite>").is_err(),
            "a failure that no test owns"
        );
        for bad in ["", "<a>", "<testsuites/>", "no", "<!DOCTYPE x [<!ENTITY a \"b\">]><x/>"] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[track_caller]
    fn check(file: &str, expect: Option<Outcome>) {
        let all = evidence(&read(file.as_bytes()).unwrap(), &BTreeMap::new());
        assert_eq!(all.get(&CODE_3A).map(|items| items[0].outcome), expect);
    }

    #[test]
    fn a_control_holds_when_all_its_tests_passed() {
        check(FILE, Some(Outcome::Held));
        check(
            &FILE.replace("flows_go_through_files", "other"),
            Some(Outcome::NotExamined),
        );
        let one_failed = FILE.replace("time=\"0.1\"/>", "><failure/></testcase>");
        check(&one_failed, Some(Outcome::Failed));
        check(
            &FILE.replace("time=\"0.1\"/>", "><skipped/></testcase>"),
            Some(Outcome::NotExamined),
        );
        // The same names in another crate, or in another file, are other tests.
        check(&FILE.replace("ward-scan", "elsewhere"), None);
        check(&FILE.replace("::flows::", "::other::"), None);
    }

    #[test]
    fn a_project_names_its_own_tests() {
        let table: toml::Table = "t = { SEC-1a = [\"tests.test_api::test_keys\"], RUN-1a = [\"gone\"] }"
            .parse()
            .unwrap();
        let named = named(table.get("t")).unwrap();
        let file = r#"<testsuite><testcase classname="tests.test_api" name="test_keys"/></testsuite>"#;
        let all = evidence(&read(file.as_bytes()).unwrap(), &named);
        let outcome = |id: &str| all[&by_id(id).unwrap().id][0].outcome;
        assert_eq!(
            (outcome("SEC-1a"), outcome("RUN-1a")),
            (Outcome::Held, Outcome::NotExamined)
        );
        for bad in [
            "t = 1",
            "t = { SEC-9z = [\"x\"] }",
            "t = { SEC-1a = \"x\" }",
            "t = { SEC-1a = [] }",
        ] {
            assert!(
                super::named(bad.parse::<toml::Table>().unwrap().get("t")).is_err(),
                "{bad}"
            );
        }
    }
}
