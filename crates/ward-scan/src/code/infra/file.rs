//! One file of text under examination: its lines, its place, and what is said of it.

use std::{
    borrow::Cow,
    cell::Cell,
    collections::{HashMap, HashSet},
};

use ward_evidence::{Location, RuleMeta, Severity};

use super::shown::shown;
use crate::{
    Blob, Findings, Found,
    report::{More, Value},
    secrets::place::Place,
};

/// Findings of one rule in one file. What has more is generated, and one of them says all.
const MOST_OF_A_RULE: u32 = 50;
/// Bytes that finding places in scalars may look at, in one file.
const MOST_FOR_PLACES: usize = 64 << 20;

/// A place in a text: line and column, both from 1, the column in characters.
pub(super) type At = (u32, u32);

/// One file of text under examination.
pub(super) struct File<'a> {
    place: &'a Location,
    /// The content.
    pub(super) text: &'a str,
    starts: Vec<usize>,
    /// Tests, examples, documentation and other people's code: shown in the thorough profile only.
    quiet: bool,
    counts: HashMap<&'static str, u32>,
    /// What was named already, by rule.
    named: HashSet<(&'static str, String)>,
    findings: &'a mut Findings,
    /// The last place that was asked for: start of its line, its byte, its column from 0.
    last: Cell<(usize, usize, usize)>,
    /// Bytes that finding places in scalars may still look at.
    places: Cell<usize>,
}

impl<'a> File<'a> {
    pub(super) fn new(blob: &'a Blob<'_>, text: &'a str, findings: &'a mut Findings) -> Self {
        let path = path_of(blob);
        let quiet = !matches!(Place::of(path), Place::Ordinary | Place::Docs) || is_generated(path, text);
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self {
            place: &blob.place,
            text,
            starts: std::iter::once(0).chain(ends).collect(),
            quiet,
            counts: HashMap::new(),
            named: HashSet::new(),
            findings,
            last: Cell::new((0, 0, 0)),
            places: Cell::new(MOST_FOR_PLACES),
        }
    }

    /// The line (from 1) without its end.
    pub(super) fn line(&self, number: u32) -> &'a str {
        let index = usize::try_from(number).unwrap_or(usize::MAX).wrapping_sub(1);
        let start = self.starts.get(index).copied().unwrap_or(self.text.len());
        let end = self
            .starts
            .get(index.wrapping_add(1))
            .copied()
            .unwrap_or(self.text.len());
        self.text
            .get(start..end)
            .unwrap_or_default()
            .trim_end_matches(['\n', '\r'])
    }

    /// The place of a byte of the text.
    pub(super) fn at(&self, byte: usize) -> At {
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        // Places are mostly asked for in order: a line of megabytes is counted once.
        let last = self.last.get();
        let (from, known) = if last.0 == start && (start..=byte).contains(&last.1) {
            (last.1, last.2)
        } else {
            (start, 0)
        };
        let more = self.text.get(from..byte).map_or(0, |before| before.chars().count());
        let column = known + more;
        self.last.set((start, byte, column));
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        (count(line), count(column + 1))
    }

    /// Whether a place in a scalar may be looked for `bytes` bytes into it. Only a file made to cost time asks so often
    /// that it may not any more; then the scalar itself is the place.
    pub(super) fn may_place(&self, bytes: usize) -> bool {
        let left = self.places.get().checked_sub(bytes);
        self.places.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Says that a rule is broken at a place. `value` is what tells this case from another of the rule in the file.
    pub(super) fn report(&mut self, rule: &'static RuleMeta, at: At, note: impl Into<Cow<'static, str>>, value: &str) {
        self.report_as(rule, rule.severity, at, note, value);
    }

    /// The same, with a severity of its own.
    pub(super) fn report_as(
        &mut self,
        rule: &'static RuleMeta,
        severity: Severity,
        at: At,
        note: impl Into<Cow<'static, str>>,
        value: &str,
    ) {
        self.push(rule, severity, at, note.into(), value, false);
    }

    /// The same, for the thorough profile only.
    pub(super) fn report_thorough(
        &mut self,
        rule: &'static RuleMeta,
        severity: Severity,
        at: At,
        note: impl Into<Cow<'static, str>>,
        value: &str,
    ) {
        self.push(rule, severity, at, note.into(), value, true);
    }

    fn push(
        &mut self,
        rule: &'static RuleMeta,
        severity: Severity,
        at: At,
        note: Cow<'static, str>,
        value: &str,
        thorough: bool,
    ) {
        // What is not pinned is told once in a file; one change mends all places.
        let again = rule.id.contains("/unpinned-") && !self.named.insert((rule.id, value.to_owned()));
        let thorough = thorough || again;
        let count = self.counts.entry(rule.id).or_default();
        *count += 1;
        if *count == MOST_OF_A_RULE + 1 {
            let place = self.place.clone().at(at.0, at.1);
            let reason = format!(
                "more than {MOST_OF_A_RULE} findings of {} in one file: the rest is not shown",
                rule.id
            );
            self.findings.not_examined(place, reason);
        }
        if *count > MOST_OF_A_RULE {
            return;
        }
        let shown = shown(&self.place.full_path(), self.line(at.0));
        self.findings.found.push(Found {
            rule,
            severity,
            at: self.place.clone().at(at.0, at.1),
            note,
            details: Vec::new(),
            value: Value::new(value),
            more: More {
                thorough: thorough || self.quiet,
                excerpt: Some(shown),
                ..More::default()
            },
        });
    }

    /// Says that a secret stands in the text. Its line is not shown but for the words before it.
    pub(super) fn report_secret(
        &mut self,
        rule: &'static RuleMeta,
        severity: Severity,
        at: At,
        note: String,
        secret: &str,
    ) {
        let before = self.findings.found.len();
        self.report_as(rule, severity, at, note, secret);
        if let Some(found) = self.findings.found.get_mut(before) {
            found.more.excerpt = None;
        }
    }

    /// Says that part of the file was not examined.
    pub(super) fn not_examined(&mut self, at: Option<At>, reason: impl Into<Cow<'static, str>>) {
        let mut place = self.place.clone();
        if let Some((line, column)) = at {
            place = place.at(line, column);
        }
        self.findings.not_examined(place, reason);
    }
}

/// The innermost path of a blob.
pub(super) fn path_of<'a>(blob: &'a Blob<'_>) -> &'a str {
    let path = blob.place.member.as_deref().unwrap_or(&blob.place.path);
    path.rsplit('!').next().unwrap_or(path)
}

/// Minified and generated files: somebody else's rules hold for what they were made from.
fn is_generated(path: &str, text: &str) -> bool {
    let folder = |name: &str| path.split('/').any(|part| part == name);
    let head = text.get(..text.floor_char_boundary(2_000)).unwrap_or(text);
    folder("dist")
        || folder("node_modules")
        || folder(".yarn")
        || folder("_static")
        || head.contains("@generated")
        || head.contains("DO NOT EDIT")
        || text.len() > 20_000 && text.len() / (1 + memchr::memchr_iter(b'\n', text.as_bytes()).count()) > 500
}
