//! The table of supported versions, against the package's version, the tags, and today.

use ward_formats::date::Civil;
use ward_scan::advisories::version::{Scheme, Version};

use super::{Facts, Outcome, broken, kept, proof, rules};
use crate::{
    promise::{Place, Promise},
    read::{
        VersionRow, Versions,
        support::{self, Said},
    },
    verdict::{Proof, Verdict},
};

/// A version that is there: a tag's, or a manifest's.
#[derive(Debug, Clone)]
struct There {
    text: String,
    version: Version,
    proof: Proof,
}

/// A promise of supported versions.
pub(super) fn judge(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let rows: Vec<&VersionRow> = facts
        .reading
        .versions
        .iter()
        .filter(|row| {
            row.place.path == promise.place.path
                && row.place.line <= promise.place.last_line
                && row.place.last_line >= promise.place.line
        })
        .collect();
    // A sentence beside a table is about the table.
    let rows: Vec<&VersionRow> = if rows.is_empty() {
        facts
            .reading
            .versions
            .iter()
            .filter(|row| row.place.path == promise.place.path)
            .collect()
    } else {
        rows
    };
    let whole: Vec<&VersionRow> = facts
        .reading
        .versions
        .iter()
        .filter(|row| row.place.path == promise.place.path)
        .collect();
    if let Some((name, Said::Partly)) = support::said(&promise.text) {
        return in_part(&Versions::of(name), &rows);
    }
    // The end of a part is no end where another row gives that of the whole.
    let is_part = |row: &&VersionRow| {
        let whole = |other: &&VersionRow| other.versions == row.versions && other.phase.is_none();
        row.phase.is_some() && facts.reading.versions.iter().any(|other| whole(&other))
    };
    if !rows.is_empty() && rows.iter().all(is_part) {
        let verdict = Verdict::Unverifiable {
            why: "until when a version gets more than fixes of vulnerabilities is not shown by files",
            would: "releases of the version, with their days",
        };
        let says = "It says when a part of the support ends; another row says it of the whole.";
        return Outcome::new(&rules::PROMISE, verdict, says);
    }
    let rows: Vec<&VersionRow> = rows.into_iter().filter(|row| !is_part(row)).collect();
    if rows.is_empty()
        && let Some(name) = support::only(&promise.text)
    {
        return alone(facts, promise, &Versions::of(name), name);
    }
    if rows.is_empty() {
        let verdict = Verdict::Unverifiable {
            why: "it names versions in words, and which of them get fixes is not shown by files",
            would: "releases with fixes for each version, in tags and advisories",
        };
        return Outcome::new(
            &rules::PROMISE,
            verdict,
            "No table of versions is there to hold against tags and manifests.",
        );
    }
    let others: Vec<Place> = rows.iter().flat_map(|row| disagreeing(facts, row)).collect();
    if !others.is_empty() {
        return Outcome::new(
            &rules::VERSIONS_DISAGREE,
            Verdict::Contradictory(others),
            "Another place says something else about the support of the same version.",
        );
    }
    let ended: Vec<Proof> = rows
        .iter()
        .filter(|row| row.supported != Some(false))
        .filter_map(|row| {
            let until = row.until.filter(|until| *until < facts.repository.today)?;
            let day = i32::try_from(until)
                .ok()
                .and_then(Civil::from_days)
                .map(|day| format!("{:04}-{:02}-{:02}", day.year, day.month, day.day))
                .unwrap_or_default();
            Some(proof(
                &row.place.path,
                Some(row.place.line),
                format!("its support ended on {day}"),
            ))
        })
        .collect();
    if !ended.is_empty() {
        return Outcome::new(
            &rules::VERSIONS_ENDED,
            broken(ended),
            "Versions are called supported whose support has ended.",
        );
    }
    let scheme = scheme(facts);
    let there = there(facts, scheme);
    let Some(newest) = newest(&there) else {
        return no_version(facts);
    };
    let mut faults = Vec::new();
    for row in rows.iter().filter(|row| says(facts, row).is_some()) {
        let absent = match &row.versions {
            Versions::Series(text) | Versions::Exact(text) => {
                let exact = matches!(row.versions, Versions::Exact(_));
                let matched = there.iter().any(|one| {
                    in_series(&one.text, text) || !exact && is_within(scheme, &one.version, &row.versions) == Some(true)
                });
                // An older series may have lost its tags; one above all that is there never was.
                let above = scheme.read(text).is_some_and(|version| version > newest.version);
                !matched && above
            }
            Versions::Compared(">=" | ">", text) if says(facts, row) == Some(true) => {
                scheme.read(text).is_some_and(|version| version > newest.version)
            }
            _ => false,
        };
        if absent {
            faults.push(proof(
                &row.place.path,
                Some(row.place.line),
                format!(
                    "`{}` is in the table, and the newest version that is there is {}",
                    row.text, newest.text
                ),
            ));
        }
    }
    let covering: Vec<&&VersionRow> = whole.iter().filter(|row| covers(scheme, newest, row)).collect();
    let says_yes = covering.iter().any(|row| says(facts, row) == Some(true));
    let known = whole
        .iter()
        .all(|row| row.versions != Versions::Unknown && says(facts, row).is_some());
    // What the table lacks is a fault of the rows that call something supported.
    let claims = rows.iter().any(|row| says(facts, row) == Some(true));
    if !says_yes && faults.is_empty() {
        if let Some(row) = covering
            .iter()
            .find(|row| says(facts, row) == Some(false) && (claims || rows.contains(*row)))
        {
            let note = format!("the newest version, {}, is called unsupported", newest.text);
            faults.push(proof(&row.place.path, Some(row.place.line), note));
        } else if known && claims {
            let line = rows.first().map_or(promise.place.line, |row| row.place.line);
            let note = format!("no row covers the newest version, {}", newest.text);
            faults.push(proof(&promise.place.path, Some(line), note));
        }
    }
    if !faults.is_empty() {
        faults.push(newest.proof.clone());
        return Outcome::new(
            &rules::VERSIONS,
            broken(faults),
            format!("The table does not agree with the newest version, {}.", newest.text),
        );
    }
    if !says_yes && claims {
        let why = "the rows are not understood".to_owned();
        return Outcome::new(
            &rules::VERSIONS,
            Verdict::NotExamined(why),
            "The rows of the table are not understood.",
        );
    }
    let limit = "that fixes reach every version of the table is not shown";
    Outcome::new(
        &rules::PROMISE,
        kept(vec![newest.proof.clone()], Some(limit)),
        format!("The table agrees with the newest version, {}.", newest.text),
    )
}

/// How versions of the project are written.
fn scheme(facts: &Facts<'_>) -> Scheme {
    let is_python = |path: &String| matches!(path.as_str(), "pyproject.toml" | "setup.py" | "setup.cfg");
    if facts.repository.files.keys().any(is_python) {
        Scheme::Pep440
    } else {
        Scheme::Semver
    }
}

/// The newest release; the newest of all where there is none.
fn newest(there: &[There]) -> Option<&There> {
    let releases = there.iter().filter(|one| !one.version.is_pre());
    let newest = releases.max_by(|a, b| a.version.cmp(&b.version));
    newest.or_else(|| there.iter().max_by(|a, b| a.version.cmp(&b.version)))
}

fn no_version(facts: &Facts<'_>) -> Outcome {
    let why = match &facts.repository.git {
        Some(git) if git.shallow => "the clone is shallow: tags are missing, and no manifest names a version",
        Some(_) => "no tag and no manifest names a version",
        None => "there is no git repository, and no manifest names a version",
    };
    let says = format!("Versions were not examined: {why}.");
    Outcome::new(&rules::VERSIONS, Verdict::NotExamined(why.to_owned()), says)
}

/// "Only 9.x is supported", without a table: is that the line of the newest version?
fn alone(facts: &Facts<'_>, promise: &Promise, versions: &Versions, name: &str) -> Outcome {
    let scheme = scheme(facts);
    let there = there(facts, scheme);
    let Some(newest) = newest(&there) else {
        return no_version(facts);
    };
    let (Versions::Series(series) | Versions::Exact(series)) = versions else {
        let why = "the version that is named is not understood".to_owned();
        let says = format!("Versions were not examined: {why}.");
        return Outcome::new(&rules::VERSIONS, Verdict::NotExamined(why), says);
    };
    if in_series(&newest.text, series) {
        let limit = "that it gets fixes, and that others get none, is not shown";
        let shown = kept(vec![newest.proof.clone()], Some(limit));
        let says = format!(
            "The newest version, {}, is of the line that is called supported.",
            newest.text
        );
        return Outcome::new(&rules::PROMISE, shown, says);
    }
    let note = format!(
        "only `{name}` is called supported, and the newest version is {}",
        newest.text
    );
    let shown = vec![
        proof(&promise.place.path, Some(promise.place.line), note),
        newest.proof.clone(),
    ];
    let says = format!(
        "The newest version, {}, is not of the line that is called supported.",
        newest.text
    );
    Outcome::new(&rules::VERSIONS, broken(shown), says)
}

/// Whether a row calls its versions supported: by its answer, or by the day until which they are.
fn says(facts: &Facts<'_>, row: &VersionRow) -> Option<bool> {
    let by_day = || row.until.map(|until| until >= facts.repository.today);
    row.supported.or_else(by_day)
}

/// Where another day, or another answer, is given for the version of a row.
fn disagreeing(facts: &Facts<'_>, row: &VersionRow) -> Vec<Place> {
    let named = !matches!(
        row.versions,
        Versions::Latest | Versions::Older | Versions::Branch(_) | Versions::Unknown
    );
    // "Until June 2028" and "until 2028" may well mean one day.
    let days = |row: &VersionRow| Some((row.until_at_least?, row.until?));
    let differs = |other: &&VersionRow| {
        let days = row.phase == other.phase && days(row).zip(days(other)).is_some_and(|(a, b)| a.1 < b.0 || b.1 < a.0);
        let answers = row.supported.zip(other.supported).is_some_and(|(a, b)| a != b);
        let is_other = other.versions == row.versions && other.place != row.place;
        named && is_other && (days || answers) && is_one_product(row, other)
    };
    let others = facts.reading.versions.iter().filter(differs);
    others.map(|other| other.place.clone()).take(10).collect()
}

/// Whether the headings above two rows are about the same beside versions: those of a server and of its client may well
/// differ. The titles of two documents count for nothing.
fn is_one_product(row: &VersionRow, other: &VersionRow) -> bool {
    let is_one_document = row.place.path == other.place.path;
    if is_one_document && row.headings == other.headings {
        return true;
    }
    let skip = usize::from(!is_one_document);
    let words = |row: &VersionRow| {
        let headings = row.headings.iter().skip(skip).map(|heading| heading.to_lowercase());
        headings.flat_map(|heading| products(&heading)).collect::<Vec<String>>()
    };
    words(row) == words(other)
}

/// The words of a heading, in small letters, that are not about versions or their support.
fn products(heading: &str) -> Vec<String> {
    const GENERAL: &[&str] = &[
        "a",
        "and",
        "are",
        "end",
        "for",
        "get",
        "life",
        "maintained",
        "of",
        "policy",
        "release",
        "releases",
        "security",
        "support",
        "supported",
        "table",
        "the",
        "updates",
        "version",
        "versions",
        "which",
    ];
    let words = heading.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty() && !GENERAL.contains(word));
    words.map(str::to_owned).collect()
}

/// A sentence that calls a version supported in some respect: for some, or on some systems.
fn in_part(versions: &Versions, rows: &[&VersionRow]) -> Outcome {
    let denies = |row: &&VersionRow| row.supported == Some(false) && row.versions == *versions;
    if rows.iter().any(denies) {
        let why = "it calls a version supported in some respect, and the table calls it unsupported".to_owned();
        return Outcome::new(
            &rules::VERSIONS,
            Verdict::NotExamined(why),
            "What is said beside the table is not understood.",
        );
    }
    let verdict = Verdict::Unverifiable {
        why: "for whom, where or how a version is supported is not shown by files",
        would: "releases with fixes for the version, in tags and advisories",
    };
    Outcome::new(
        &rules::PROMISE,
        verdict,
        "It says more of the support of a version than a table holds.",
    )
}

/// Whether a row speaks about the newest version.
fn covers(scheme: Scheme, newest: &There, row: &VersionRow) -> bool {
    match &row.versions {
        Versions::Latest | Versions::Branch(_) => true,
        Versions::Series(text) | Versions::Exact(text) => in_series(&newest.text, text),
        Versions::Older | Versions::Unknown => false,
        other => is_within(scheme, &newest.version, other) == Some(true),
    }
}

fn is_within(scheme: Scheme, version: &Version, versions: &Versions) -> Option<bool> {
    Some(match versions {
        Versions::Compared(sign, text) => {
            let other = scheme.read(text)?;
            match *sign {
                "<" => *version < other,
                "<=" => *version <= other || in_series_of(version, &other, text),
                ">" => *version > other,
                ">=" => *version >= other,
                _ => return None,
            }
        }
        Versions::Between(from, to) => {
            let (from, to_version) = (scheme.read(from)?, scheme.read(to)?);
            *version >= from && (*version <= to_version || in_series_of(version, &to_version, to))
        }
        _ => return None,
    })
}

/// `<= 2` means every version that begins with 2.
fn in_series_of(version: &Version, other: &Version, text: &str) -> bool {
    !text.contains('.') && version.major() == other.major()
}

/// Whether a version's text begins with a series: `1.2` covers `1.2.3` and not `1.20`.
fn in_series(text: &str, series: &str) -> bool {
    let trim = |text: &str| text.trim().trim_start_matches(['v', 'V']).to_ascii_lowercase();
    let (text, series) = (trim(text), trim(series));
    let series = series.trim_end_matches(".x").trim_end_matches(".*");
    text == series
        || text
            .strip_prefix(series)
            .is_some_and(|rest| rest.starts_with(['.', '-', '+', 'a', 'b', 'r']))
}

/// The versions of tags and of the package's own manifest.
fn there(facts: &Facts<'_>, scheme: Scheme) -> Vec<There> {
    let mut out = Vec::new();
    for tag in facts.repository.git.iter().flat_map(|git| &git.tags).take(20_000) {
        // `v1.2`, `name-1.2`, `name/v1.2`: the number after the last dash or slash.
        let name = tag.name.rsplit('/').next().unwrap_or(&tag.name);
        let at = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
        let text = name.get(at..).unwrap_or_default();
        let lead = name.get(..at).unwrap_or_default();
        if lead.len() > 40 || !text.contains('.') && lead.trim_end_matches(['v', 'V', '-', '_']).len() > 1 {
            continue;
        }
        if let Some(version) = scheme.read(text) {
            let proof = proof("tags", None, format!("the tag {}", tag.name));
            out.push(There {
                text: text.to_owned(),
                version,
                proof,
            });
        }
    }
    if let Some((text, path, line)) = manifest(facts)
        && let Some(version) = scheme.read(&text)
    {
        let proof = proof(path, line, format!("the package's version is {text}"));
        out.push(There { text, version, proof });
    }
    out
}

/// The version that the package's own manifest names.
fn manifest<'a>(facts: &Facts<'a>) -> Option<(String, &'a str, Option<u32>)> {
    let line = |text: &str, version: &str| {
        let at = text
            .lines()
            .position(|line| line.contains("version") && line.contains(version))?;
        u32::try_from(at + 1).ok()
    };
    for path in ["pyproject.toml", "Cargo.toml"] {
        let Some(text) = facts.text(path) else { continue };
        let Ok(table) = text.parse::<toml::Table>() else {
            continue;
        };
        let ways: [&[&str]; 4] = [
            &["project", "version"],
            &["tool", "poetry", "version"],
            &["package", "version"],
            &["workspace", "package", "version"],
        ];
        for way in ways {
            let mut at = way.iter();
            let first = at.next().and_then(|key| table.get(*key));
            let found = first.and_then(|value| at.try_fold(value, |value, key| value.get(*key)));
            if let Some(version) = found.and_then(toml::Value::as_str) {
                return Some((version.to_owned(), path, line(text, version)));
            }
        }
    }
    if let Some(text) = facts.text("package.json")
        && let Ok(json) = serde_json::from_str::<serde_json::Value>(text)
        && let Some(version) = json.get("version").and_then(serde_json::Value::as_str)
    {
        return Some((version.to_owned(), "package.json", line(text, version)));
    }
    for path in ["setup.cfg", "setup.py"] {
        let Some(text) = facts.text(path) else { continue };
        for (index, one) in text.lines().enumerate().take(5_000) {
            let Some(rest) = one.trim().strip_prefix("version") else {
                continue;
            };
            let value = rest
                .trim_start()
                .strip_prefix('=')
                .unwrap_or_default()
                .trim()
                .trim_end_matches(',')
                .trim_matches(['"', '\'']);
            if value.starts_with(|c: char| c.is_ascii_digit()) {
                return Some((value.to_owned(), path, u32::try_from(index + 1).ok()));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_hold_their_versions() {
        for (text, series, expect) in [
            ("1.2.3", "1", true),
            ("1.2.3", "1.2", true),
            ("1.20.0", "1.2", false),
            ("v2.0.0", "2.x", true),
            ("10.0", "1", false),
            ("1.0.0rc1", "1.0.0", true),
        ] {
            assert_eq!(in_series(text, series), expect, "{text} {series}");
        }
    }
}
