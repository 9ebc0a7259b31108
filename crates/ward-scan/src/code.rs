//! Programs: what they do that they should not.
//!
//! Python and notebooks are parsed (by ruff's parser), walked once, and judged by rules that know the qualified name of
//! what is called. A program that does not parse is examined as far as it does, and the place is reported.
//!
//! # How to write a rule
//!
//! One file below `code/rules/` for a rule or a small family, one line in the table of [`rules`], and this:
//!
//! ```text
//! pub(super) static YAML_LOAD: Rule = Rule {
//!     meta: RuleMeta { id: "code/unsafe-yaml", severity: Severity::High, controls: &[CODE_1A], summary: "..", docs: ".." },
//!     on: &[On::Call("yaml.load"), On::Call("yaml.load_all")],
//!     check: |ctx, site, out| {
//!         let Some(call) = site.call() else { return };
//!         if ctx.arg(call, 1, "Loader").is_absent() {
//!             out.report(Hit::at(call).bandit("B506", Severity::Medium));
//!         }
//!     },
//!     bad: &["import yaml\nyaml.load(f)"],
//!     good: &["import yaml\nyaml.load(f, Loader=yaml.SafeLoader)"],
//! };
//! ```
//!
//! - [`rule::On`] lists when a rule is asked; names in it are qualified, whatever the program calls them.
//! - [`rule::Site`] is the place: the node, and the name of what is called, imported or read there.
//! - [`Ctx`] answers questions: [`arg`](Ctx::arg) (given, absent, or nobody can say), [`constant`](Ctx::constant),
//!   [`str`](Ctx::str), [`is_false`](Ctx::is_false), [`name`](Ctx::name), [`callee`](Ctx::callee),
//!   [`type_of`](Ctx::type_of), [`function`](Ctx::function), [`bases`](Ctx::bases), [`is_test`](Ctx::is_test).
//! - [`rule::Hit`] is what was found: a range, and what is worse, better, noisier or mendable about this one.
//! - A test runs every rule over its `bad` and `good` examples.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ruff_python_ast::Mod;
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};
use ruff_text_size::TextRange;
use ward_evidence::{Location, RuleMeta};

use crate::{
    Blob, Engine, Fact, Findings,
    report::{Edit, Fix, Found, More, Step, Value},
};

mod bandit;
mod constant;
mod context;
mod entries;
pub mod flow;
mod hollow;
pub mod infra;
pub(crate) mod line;
mod made;
mod names;
mod nesting;
mod open;
pub mod rule;
pub mod rules;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod walk;

pub use constant::Const;
pub use context::{Arg, Ctx, is_within};

/// The engine.
pub const ENGINE: Engine = Engine {
    name: "code",
    what: "Python, notebooks, pipelines, containers, scripts: dangerous calls, unsafe loading, untrusted input that reaches them",
    rules,
    scan,
    history: false,
    conclude: Some(flow::conclude),
};

/// The rule for the same fault as a test of Bandit, by its identifier (`B301`) or its name.
#[must_use]
pub fn rule_of_bandit(word: &str) -> Option<&'static str> {
    bandit::rule_for(word)
}

static METAS: LazyLock<Vec<&'static RuleMeta>> = LazyLock::new(|| {
    let of_python = rules::all().map(|rule| &rule.meta);
    of_python.chain(infra::rules().iter().copied()).collect()
});

fn rules() -> &'static [&'static RuleMeta] {
    &METAS
}

/// Depth of a program up to which it is examined where it is met.
const SHALLOW: usize = 100;
/// Depth of a program up to which it is examined at all.
const DEEPEST: usize = 3_000;
/// Stack for each level of a deep program, with a wide margin.
const STACK_PER_LEVEL: usize = 24 << 10;

fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    findings.looked = infra::scan(blob, findings);
    if findings.looked {
        return;
    }
    let Some(kind) = text::kind(blob) else { return };
    findings.looked = true;
    let text = match text::read(&blob.content, kind) {
        Ok(text) => text,
        Err(why) => return findings.not_examined(blob.place.clone(), why),
    };
    if text.source.trim_ascii().is_empty() {
        return;
    }
    let depth = nesting::of_bytes(text.source.as_bytes());
    if depth > DEEPEST {
        return findings.not_examined(blob.place.clone(), TOO_DEEP);
    }
    if depth <= SHALLOW {
        return examine(blob, &text, findings);
    }
    let compat = findings.compat;
    let deep = std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(depth * STACK_PER_LEVEL + (8 << 20));
        let handle = builder.spawn_scoped(scope, || {
            let mut findings = Findings {
                compat,
                ..Findings::default()
            };
            examine(blob, &text, &mut findings);
            findings
        });
        handle.map(|handle| handle.join())
    });
    match deep {
        Ok(Ok(deep)) => {
            findings.found.extend(deep.found);
            findings.not_examined.extend(deep.not_examined);
            findings.facts.extend(deep.facts);
            findings.kept_back += deep.kept_back;
        }
        Ok(Err(_)) => findings.not_examined(
            blob.place.clone(),
            "an internal error in the code engine; please report it",
        ),
        Err(_) => findings.not_examined(
            blob.place.clone(),
            "no memory for the stack that a deeply nested program needs",
        ),
    }
}

const TOO_DEEP: &str = "a program nested too deeply: no person wrote it";

/// Parses and walks a program whose depth is bounded.
fn examine(blob: &Blob<'_>, text: &text::Text<'_>, findings: &mut Findings) {
    let source: &str = &text.source;
    let mode = match text.kind {
        text::Kind::Python => Mode::Module,
        text::Kind::Notebook => Mode::Ipython,
    };
    let parsed: Parsed<Mod> = parse_unchecked(source, ParseOptions::from(mode));
    if nesting::of_tokens(parsed.tokens()) > 2 * DEEPEST {
        // Only a file made to mislead the first count gets here. Its tree takes a deep stack to drop.
        let _ = std::thread::Builder::new()
            .stack_size(1 << 30)
            .spawn(move || drop(parsed));
        return findings.not_examined(blob.place.clone(), TOO_DEEP);
    }
    let starts = std::cell::OnceCell::new();
    let starts = || starts.get_or_init(|| text.line_starts());
    if let Some(first) = parsed.errors().first() {
        let place = text.place(
            starts(),
            first.location.start().to_usize(),
            first.location.end().to_usize(),
        );
        let others = parsed.errors().len() - 1;
        let what = if line::is_python_2(text.line(starts(), first.location.start().to_usize())) {
            "Python 2 that Python 3 cannot parse"
        } else {
            "a syntax error"
        };
        let more = if others > 0 {
            format!(" and {others} more")
        } else {
            String::new()
        };
        let reason = format!("{what}{more}: what stands there was not examined, the rest of the file was");
        findings.not_examined(blob.place.clone().at(place.line, place.column), reason);
    }
    let Mod::Module(module) = parsed.syntax() else { return };
    if findings.compat == Some(bandit::TOOL) {
        let said = bandit::examine(source, module, parsed.tokens());
        findings.kept_back += said.kept_back;
        for hit in said.hits {
            findings.found.extend(
                hit.named(source)
                    .map(|(rule, hit)| found(blob, text, starts(), rule, hit)),
            );
        }
        return;
    }
    let path = blob.place.member.as_deref().unwrap_or(&blob.place.path);
    let (ctx, file, hits) = walk::module(Ctx::of(source, path), module);
    if let Some(range) = file.spent {
        let place = text.place(starts(), range.start().to_usize(), range.end().to_usize());
        let at = blob.place.clone().at(place.line, place.column);
        findings.not_examined(
            at,
            "a function too long for its flows to be followed; its calls were examined",
        );
    }
    let locate = |range: TextRange| locate(blob, text, starts(), range).0;
    let line = |range: TextRange| line::excerpt_at(&text.source, range.start().to_usize());
    let summary = file.summary(&ctx, locate, line);
    findings.facts.push(Fact::Python(Box::new(summary)));
    for (rule, hit) in once(hits) {
        findings.found.push(found(blob, text, starts(), rule, hit));
    }
}

/// Says a fault once: where a flow says what is wrong with a call, a rule that only knows the call is left to the thorough
/// profile; where a rule knows that a query's text is put together, the flow that knows no more is.
fn once(mut hits: walk::Hits) -> walk::Hits {
    let is_text = |rule: &RuleMeta| rule.id == "code/query-text-built";
    let is_sql = |rule: &RuleMeta| matches!(rule.id, "code/sql-string" | "code/django-raw-sql");
    let of_flows = |texts: bool| -> Vec<TextRange> {
        let chosen = hits
            .iter()
            .filter(|(rule, hit)| !hit.flow.is_empty() && !hit.thorough && is_text(rule) == texts);
        chosen.map(|(_, hit)| hit.range).collect()
    };
    let flows: HashSet<TextRange> = of_flows(false).into_iter().collect();
    let strings: Vec<TextRange> = hits
        .iter()
        .filter(|(rule, hit)| is_sql(rule) && !hit.thorough)
        .map(|(_, hit)| hit.range)
        .collect();
    let mut fixes = HashMap::new();
    for (rule, hit) in &mut hits {
        if hit.flow.is_empty() {
            let covered =
                flows.contains(&hit.range) || is_sql(rule) && flows.iter().any(|flow| flow.contains_range(hit.range));
            hit.thorough |= covered;
            // Loading safely mends the flow too; a time limit does not make an address a safe one.
            if covered && matches!(rule.id, "code/unsafe-yaml" | "ml/torch-load") && !hit.edits.is_empty() {
                fixes.insert(hit.range, (hit.what.clone(), hit.edits.clone()));
            }
        } else if is_text(rule) {
            hit.thorough |= strings.iter().any(|one| hit.range.contains_range(*one));
        }
    }
    for (rule, hit) in &mut hits {
        if rule.id == "code/unsafe-deserialisation-of-input"
            && hit.edits.is_empty()
            && let Some((what, edits)) = fixes.remove(&hit.range)
        {
            (hit.what, hit.edits) = (what, edits);
        }
    }
    hits
}

/// A range of the text as a place; in a notebook also the cell and the line in it.
fn locate(
    blob: &Blob<'_>,
    text: &text::Text<'_>,
    starts: &[usize],
    range: TextRange,
) -> (Location, Option<(u32, u32)>) {
    let place = text.place(starts, range.start().to_usize(), range.end().to_usize());
    let at: Location = blob.place.clone().at(place.line, place.column);
    let at = match place.span {
        Some((start, end)) => at.over(start, end),
        None => at,
    };
    (at, place.cell)
}

/// A hit as a finding of the file.
fn found(blob: &Blob<'_>, text: &text::Text<'_>, starts: &[usize], rule: &'static RuleMeta, hit: rule::Hit) -> Found {
    let (start, end) = (hit.range.start().to_usize(), hit.range.end().to_usize());
    let (at, cell) = locate(blob, text, starts, hit.range);
    let value = hit.value.unwrap_or_else(|| {
        let words = text.source.get(start..end).unwrap_or_default().split_ascii_whitespace();
        words.flat_map(|word| word.chars()).take(200).collect()
    });
    let mut details = Vec::new();
    if let Some((cell, line)) = cell {
        details.push(format!("cell {cell}, line {line}"));
    }
    let edits: Option<Vec<Edit>> = hit
        .edits
        .into_iter()
        .map(|(range, new)| {
            let (start, end) = text.file_range(range.start().to_usize(), range.end().to_usize())?;
            Some(Edit { start, end, text: new })
        })
        .collect();
    let fix = edits.filter(|edits| !edits.is_empty()).map(|mut edits| {
        edits.sort_by_key(|edit| edit.start);
        Fix { what: hit.what, edits }
    });
    let step = |(range, note): (TextRange, Cow<'static, str>)| Step {
        at: locate(blob, text, starts, range).0,
        note,
    };
    Found {
        rule,
        severity: hit.severity.unwrap_or(rule.severity),
        at,
        note: hit.note.unwrap_or(Cow::Borrowed(rule.summary)),
        details,
        value: Value::new(value),
        more: More {
            gone: false,
            thorough: hit.thorough,
            excerpt: Some(line::excerpt_at(&text.source, start)),
            flow: hit.flow.into_iter().map(step).collect(),
            fix,
            package: None,
            alias: hit.alias,
        },
    }
}
