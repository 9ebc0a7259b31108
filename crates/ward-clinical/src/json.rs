//! Results as JSON, the same wherever they are shown: commands, batches, agents' tools.

use serde_json::{Value, json};
use ward_formats::Problem;

use crate::{
    Compressed, Fact, FactKind, Record,
    state::{Doubt, State},
    triage::{Reason, Triage, news2::Parameter},
    ucum,
};

/// Said with every triage.
pub const SUPPORT: &str = "decision support for trained staff: it reads what was written, for adults who are not pregnant, and decides nothing";

/// A compressed record as data.
#[must_use]
pub fn compressed(out: &Compressed, max_tokens: Option<usize>) -> Value {
    let omitted: Vec<Value> = out
        .omitted
        .iter()
        .map(|one| json!({"kind": one.kind, "concept": one.concept, "count": one.count}))
        .collect();
    let left_out: Vec<Value> = out
        .left_out
        .iter()
        .map(|one| json!({"what": one.what, "count": one.count, "why": one.why}))
        .collect();
    let facts = &out.facts;
    json!({
        "text": out.text,
        "tokens": {"before": out.tokens.before, "after": out.tokens.after, "counter": out.tokens.counter},
        "facts": {"found": facts.found, "kept": facts.kept, "omitted": facts.omitted, "invented": facts.invented},
        "verified": out.verified,
        "budget": max_tokens.map(|most| json!({"max_tokens": most, "met": out.tokens.after <= most})),
        "omitted": omitted,
        "left_out": left_out,
    })
}

/// A fact as data. `pieces` are its words in the record, by byte.
#[must_use]
pub fn fact(fact: &Fact) -> Value {
    let pieces: Vec<Value> = fact
        .pieces
        .iter()
        .map(|piece| json!({"text": &*piece.text, "start": piece.span.start, "end": piece.span.end}))
        .collect();
    let mut object = json!({
        "kind": fact.kind.word(),
        "concept": fact.concept,
        "value": fact.value,
        "negated": fact.negated,
        "when": fact.when.as_ref().map(|when| &*when.text),
        "section": fact.section.title(),
        "pieces": pieces,
    });
    for (name, value) in fact.attributes() {
        object[name] = json!(value);
    }
    if matches!(fact.kind, FactKind::Lab | FactKind::Vital)
        && let Some(code) = fact.unit.as_deref().and_then(ucum::code)
    {
        object["ucum"] = json!(code);
    }
    object
}

/// What was not read: places and reasons.
#[must_use]
pub fn places(problems: &[Problem]) -> Vec<Value> {
    let broken = problems.iter().filter(|problem| problem.broken);
    broken
        .map(|problem| json!({"path": problem.place, "reason": problem.what}))
        .collect()
}

/// Adds to a result what was not examined (`problems` of the document, and what of `record` is broken), what is no part of what Ward reads,
/// and what of the record is doubtful. `today` in days since 1970-01-01, where dates are those of the calendar.
pub fn add_unread(object: &mut Value, problems: &[Problem], record: &Record, today: Option<i64>) {
    let all = [problems, &record.problems].concat();
    object["not_examined"] = json!(places(&all));
    let other = record.problems.iter().filter(|problem| !problem.broken);
    object["not_read"] = other
        .map(|problem| json!({"path": problem.place, "reason": problem.what}))
        .collect();
    object["doubts"] = doubts(&State::of(record, today).doubts);
}

/// What is doubtful in a record, as data.
#[must_use]
pub fn doubts(doubts: &[Doubt]) -> Value {
    doubts
        .iter()
        .map(|doubt| json!({"about": doubt.about, "why": doubt.why}))
        .collect()
}

/// A triage as data.
#[must_use]
pub fn triage(result: &Triage) -> Value {
    let parameters: Vec<Value> = Parameter::ALL
        .into_iter()
        .zip(result.news2.points)
        .map(|(parameter, points)| {
            let reading = result.readings.iter().find(|reading| reading.parameter == parameter);
            json!({
                "name": parameter.word(),
                "points": points,
                "used": reading.map(|reading| &reading.used),
                "quote": reading.map(|reading| &*reading.quote),
                "start": reading.map(|reading| reading.span.start),
                "end": reading.map(|reading| reading.span.end),
            })
        })
        .collect();
    json!({
        "news2": {
            "total": result.news2.total(),
            "at_least": result.news2.at_least(),
            "scale": result.scale.number(),
            "risk": result.news2.risk().map(|risk| risk.word()),
            "parameters": parameters,
        },
        "qsofa": result.qsofa,
        "shock_index": result.shock_index.map(|index| f64::from(index) / 100.0),
        "missing": result.missing().collect::<Vec<_>>(),
        "priority": result.priority.map(|priority| priority.word()),
        "reasons": result.reasons.iter().map(reason).collect::<Vec<_>>(),
        "note": SUPPORT,
    })
}

fn reason(reason: &Reason) -> Value {
    json!({
        "priority": reason.priority.map(|priority| priority.word()),
        "text": reason.text,
        "quote": reason.quote.as_ref().map(|quote| &*quote.text),
        "start": reason.quote.as_ref().map(|quote| quote.span.start),
        "end": reason.quote.as_ref().map(|quote| quote.span.end),
    })
}
