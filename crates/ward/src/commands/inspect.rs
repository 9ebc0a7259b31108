//! `ward facts` and `ward compress`: what the request path sees in a record.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use ward_clinical::{Fact, Options, Record, json as clinical, state::State};
use ward_formats::{Budget, Doc, Document as _, Kind, Parsed, Problem};

use crate::{
    cli,
    commands::{scan, settings},
    exit::Exit,
    terminal,
};

/// Shows a record's clinical facts.
///
/// # Errors
/// When the record cannot be read.
pub fn facts(args: &cli::Record) -> Result<Exit> {
    let Parsed { document, problems } = parse(args)?;
    let record = ward_clinical::read(&document);
    if args.json {
        let facts: Vec<Value> = record.facts.iter().map(clinical::fact).collect();
        let mut object = json!({"facts": facts});
        unread(&mut object, &problems, &record);
        terminal::json(&object)?;
    } else {
        terminal::result(&record.facts.iter().map(line).collect::<String>())?;
    }
    Ok(examined(&problems, &record))
}

/// Compresses a record and says whether its facts were proved to be kept.
///
/// # Errors
/// When the record cannot be read.
pub fn compress(args: &cli::Compress) -> Result<Exit> {
    let Parsed { document, problems } = parse(&args.record)?;
    let record = ward_clinical::read(&document);
    let tokenizer = args.tokenizer.as_deref().map(ward_serve::tokenizer::read).transpose()?;
    let options = Options {
        tokenizer: tokenizer.as_ref(),
        question: args.question.as_deref(),
        max_tokens: args.max_tokens,
        keep_current: args.keep_current,
    };
    let out = ward_clinical::compress(&document, &record, &options);
    let over = args.max_tokens.is_some_and(|most| out.tokens.after > most);
    if args.record.json {
        let mut object = clinical::compressed(&out, args.max_tokens);
        unread(&mut object, &problems, &record);
        terminal::json(&object)?;
    } else {
        terminal::result(&out.text)?;
        terminal::note(&format!(
            "{} -> {} tokens ({}); facts: {} found, {} kept, {} left out for the budget, {} invented; {}",
            out.tokens.before,
            out.tokens.after,
            out.tokens.counter,
            out.facts.found,
            out.facts.kept,
            out.facts.omitted,
            out.facts.invented,
            if out.verified { "proved" } else { "NOT proved" }
        ));
        for same in out.omitted.chunk_by(|a, b| a.kind == b.kind) {
            let list: Vec<String> = same
                .iter()
                .map(|one| format!("{} ({})", one.concept, one.count))
                .collect();
            let kind = same.first().map_or("", |one| one.kind);
            terminal::note(&format!("left out, {kind}: {}", list.join(", ")));
        }
        for one in out
            .left_out
            .iter()
            .filter(|one| [ward_clinical::OLDER_SENTENCES, ward_clinical::SENTENCES].contains(&one.what.as_str()))
        {
            terminal::note(&format!("left out for the budget, {}: {}", one.what, one.count));
        }
    }
    if over {
        terminal::note("what may not be left out takes more than --max-tokens; the result is longer than asked");
    }
    Ok(if out.verified && !over {
        examined(&problems, &record)
    } else {
        Exit::Findings
    })
}

/// Adds to a result what was not examined, what is no part of what Ward reads, and what is doubtful.
pub(crate) fn unread(object: &mut Value, problems: &[Problem], record: &Record) {
    clinical::add_unread(object, problems, record, Some(scan::today()));
}

/// Says on standard error what of a record was not read, and that nothing was where that is so. Gives how the command ends.
pub(crate) fn examined(problems: &[Problem], record: &Record) -> Exit {
    for doubt in State::of(record, Some(scan::today())).doubts {
        terminal::note(&format!("doubtful: {}: {}", doubt.about, doubt.why));
    }
    for problem in &record.problems {
        terminal::note(&format!("{}: {}", problem.place, problem.what));
    }
    if holds_nothing(record) {
        terminal::note(NOTHING);
        return Exit::NotExamined;
    }
    if record.facts.is_empty() {
        terminal::note("no clinical fact was found in the text");
    }
    outcome(&[problems, &record.problems].concat())
}

/// What is said of a record in which there is nothing to read.
pub(crate) const NOTHING: &str = "nothing was found to read: this is no clinical record";

/// Whether a record has neither a fact nor a word.
pub(crate) fn holds_nothing(record: &Record) -> bool {
    let mut passages = record.passages.iter();
    record.facts.is_empty() && !passages.any(|passage| passage.text.contains(char::is_alphabetic))
}

/// What is wrong with JSON that no reader of FHIR took and that nobody called a text: its members are read as words of a note.
pub(crate) fn is_other_json(document: &Doc, bytes: &[u8], told: bool) -> Option<Problem> {
    let braced = bytes.trim_ascii_start().starts_with(b"{") || bytes.trim_ascii_start().starts_with(b"[");
    let other = !told && document.kind() == Kind::Text && braced && serde_json::from_slice::<Value>(bytes).is_ok();
    other.then(|| Problem {
        place: "the whole document".to_owned(),
        what: "JSON that is no FHIR resource: it was read as plain text",
        broken: true,
    })
}

/// A fact for people.
fn line(fact: &Fact) -> String {
    let when = fact.when.as_ref().map_or("", |when| &*when.text);
    let attributes: String = fact
        .attributes()
        .iter()
        .map(|(name, value)| format!("  {name}: {value}"))
        .collect();
    let says_no = fact.concept.to_lowercase().starts_with("no ");
    let no = if fact.negated && !says_no { "no " } else { "" };
    let value = fact.value.as_deref().unwrap_or_default();
    format!(
        "{:<14} {when:<11} {no}{} {value}{attributes}\n",
        fact.kind.word(),
        fact.concept
    )
}

pub(crate) fn parse(args: &cli::Record) -> Result<Parsed<Doc>> {
    let bytes = settings::read_record(&args.file)?;
    let kind = settings::kind(args.kind);
    let mut parsed = Doc::parse(&bytes, kind, Budget::RECORD)
        .with_context(|| format!("{} cannot be read as a record", args.file.display()))?;
    parsed
        .problems
        .extend(is_other_json(&parsed.document, &bytes, kind.is_some()));
    for problem in parsed.problems.iter().filter(|problem| problem.broken) {
        terminal::note(&format!("{}: {}", problem.place, problem.what));
    }
    refuse_many(&parsed.document)?;
    Ok(parsed)
}

/// Facts of two patients are never read as those of one.
pub(crate) fn refuse_many(document: &Doc) -> Result<()> {
    match ward_clinical::patients(document) {
        0 | 1 => Ok(()),
        many => bail!(
            "the record is about {many} patients; split it into one file a patient: their facts must not be mixed"
        ),
    }
}

/// What could not be read makes the difference between clean and not examined.
pub(crate) fn outcome(problems: &[Problem]) -> Exit {
    if problems.iter().any(|problem| problem.broken) {
        Exit::NotExamined
    } else {
        Exit::Clean
    }
}
