//! One record through the steps.

use std::sync::{Arc, atomic::AtomicU64};

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value, json};
use ward_clinical::{
    Options, json as clinical,
    state::State,
    tokens::{Counter, Tokenizer},
    triage,
};
use ward_deid::{Known, Pseudonyms};
use ward_formats::{Budget, Doc, Document as _, Kind, Parsed, Problem, hl7};

use super::{
    super::{
        deid::{fault::Stop, work::guarded},
        inspect, scan, settings,
    },
    records::{Record, why},
    row::Row,
    seen,
};
use crate::cli::{
    batch::{Batch, Step},
    triage::ScaleChoice,
};

/// The steps of a run.
pub(super) struct Steps {
    wanted: Vec<Step>,
    kind: Option<Kind>,
    max_tokens: Option<usize>,
    tokenizer: Option<Tokenizer>,
    scale: Option<triage::news2::Scale>,
}

impl Steps {
    /// From what was typed.
    ///
    /// # Errors
    /// When an option belongs to a step that was not named, or the tokenizer cannot be used.
    pub(super) fn of(args: &Batch) -> Result<Self> {
        if args.max_tokens.is_some() && !args.steps.contains(&Step::Compress) {
            bail!("--max-tokens belongs to the step compress, which --steps does not name");
        }
        if args.tokenizer.is_some() && !args.steps.contains(&Step::Compress) {
            bail!("--tokenizer belongs to the step compress, which --steps does not name");
        }
        if args.scale.is_some() && !args.steps.contains(&Step::Triage) {
            bail!("--scale belongs to the step triage, which --steps does not name");
        }
        Ok(Self {
            wanted: args.steps.clone(),
            kind: settings::kind(args.kind),
            max_tokens: args.max_tokens,
            tokenizer: args.tokenizer.as_deref().map(ward_serve::tokenizer::read).transpose()?,
            scale: args.scale.map(|scale| match scale {
                ScaleChoice::One => triage::news2::Scale::One,
                ScaleChoice::Two => triage::news2::Scale::Two,
            }),
        })
    }

    /// What counts tokens, where a step does.
    pub(super) fn counter(&self) -> Option<String> {
        let counts = self.wanted.contains(&Step::Compress);
        counts.then(|| Counter(self.tokenizer.as_ref()).name())
    }

    /// What comes of a record. A record that cannot be examined, or on which Ward fails, is a row that says why.
    pub(super) fn work(&self, record: Record, read: &Arc<AtomicU64>) -> Row {
        let row = || Row {
            id: record.id.clone(),
            file: record.file.clone(),
            record: record.number,
            ..Row::default()
        };
        let content = record.content.bytes(read);
        let seen = seen::of(&record.file, record.number, &content);
        let done = match content {
            Ok(bytes) => guarded(|| self.examined(&bytes, row())).unwrap_or_else(|stop| Row {
                reason: Some(why(stop)),
                ..row()
            }),
            Err(why) => Row {
                reason: Some(why),
                ..row()
            },
        };
        Row { seen, ..done }
    }

    fn examined(&self, bytes: &[u8], mut row: Row) -> Result<Row, Stop> {
        let parse =
            |bytes: &[u8], kind| Doc::parse(bytes, kind, Budget::RECORD).map_err(|error| Stop::malformed(&error));
        let Parsed {
            mut document,
            mut problems,
        } = parse(bytes, self.kind)?;
        problems.extend(inspect::is_other_json(&document, bytes, self.kind.is_some()));
        let mut left_out = 0;
        if document.kind() == Kind::Hl7 && self.wanted.contains(&Step::Deid) {
            let (rest, count) = hl7::without_z(bytes);
            if count > 0 {
                Parsed { document, problems } = parse(&rest, Some(Kind::Hl7))?;
                left_out = count;
            }
        }
        row.kind = Some(document.kind().word());
        inspect::refuse_many(&document).map_err(|error| Stop::because(error.to_string()))?;
        let broken = problems.iter().find(|problem| problem.broken);
        row.reason = broken.map(|problem| format!("{}: {}", problem.place, problem.what));
        let document = if self.wanted.contains(&Step::Deid) {
            if row.reason.is_some() {
                // What was not read was not de-identified either.
                return Ok(row);
            }
            if left_out > 0 {
                row.reason = Some(hl7::Z_LEFT_OUT.to_owned());
            }
            self.without_identity(&document, &mut row)?
        } else {
            document
        };
        if self.wanted.iter().all(|step| *step == Step::Deid) {
            return Ok(row);
        }
        let record = ward_clinical::read(&document);
        let mut unread = json!({});
        inspect::unread(&mut unread, &problems, &record);
        if document.kind() == Kind::Text && inspect::holds_nothing(&record) {
            row.reason.get_or_insert_with(|| inspect::NOTHING.to_owned());
        }
        if row.reason.is_none() {
            let broken = record.problems.iter().find(|problem| problem.broken);
            row.reason = broken.map(|problem| format!("{}: {}", problem.place, problem.what));
        }
        row.not_read =
            Some(unread["not_read"].clone()).filter(|list| list.as_array().is_some_and(|list| !list.is_empty()));
        let whole = |mut object: Value| {
            for (name, value) in unread.as_object().into_iter().flatten() {
                object[name] = value.clone();
            }
            object
        };
        if self.wanted.contains(&Step::Facts) {
            row.facts = Some(record.facts.iter().map(clinical::fact).collect());
        }
        if self.wanted.contains(&Step::Compress) {
            let options = Options {
                max_tokens: self.max_tokens,
                tokenizer: self.tokenizer.as_ref(),
                ..Options::default()
            };
            let made = ward_clinical::compress(&document, &record, &options);
            row.compress = Some(whole(clinical::compressed(&made, self.max_tokens)));
        }
        if self.wanted.contains(&Step::Triage) {
            let result = triage::triage(&record, self.scale, Some(scan::today()));
            row.triage = Some(whole(clinical::triage(&result)));
        }
        if self.wanted.contains(&Step::State) {
            row.state = Some(whole(State::of(&record, Some(scan::today())).to_json()));
        }
        Ok(row)
    }

    /// The document with placeholders in place of what identifies. They hold for this record alone: nothing is kept.
    fn without_identity(&self, document: &Doc, row: &mut Row) -> Result<Doc, Stop> {
        let secret = ward_seal::random::bytes()
            .ok()
            .context("the system gives no random bytes")?;
        let known = Known::from_documents([document]);
        let not = || Stop::because("the record could not be de-identified; nothing of it is written");
        let replaced = Pseudonyms::new(secret)
            .replace_document(document, &known)
            .map_err(|_| not())?;
        // What was not looked into was not de-identified.
        if let Some(problem) = replaced.problems.iter().find(|problem| problem.broken) {
            return Err(Stop::because(format!("{}: {}", problem.place, problem.what)));
        }
        // What was replaced unseen is no result that was examined as a whole.
        if !replaced.problems.is_empty() {
            let before = row.reason.take();
            row.reason = Some(unseen(before, &replaced.problems));
        }
        let budget = Budget {
            bytes: usize::MAX,
            ..Budget::RECORD
        };
        let clean = Doc::parse(&replaced.bytes, Some(document.kind()), budget).map_err(|_| not())?;
        let counts: Map<String, Value> = replaced
            .tally
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(class, count)| (class.word().to_owned(), json!(count)))
            .collect();
        row.text = Some(String::from_utf8_lossy(&replaced.bytes).into_owned());
        row.replaced = Some(Value::Object(counts));
        Ok(clean.document)
    }
}

/// Places of a record that its row names one by one.
const MOST_PLACES: usize = 8;

/// Everything of a record that nobody looked at, in one line.
fn unseen(before: Option<String>, problems: &[Problem]) -> String {
    let told = problems
        .iter()
        .take(MOST_PLACES)
        .map(|problem| format!("{}: {}", problem.place, problem.what));
    let more = problems.len().saturating_sub(MOST_PLACES);
    let more = (more > 0).then(|| format!("{more} more places"));
    before
        .into_iter()
        .chain(told)
        .chain(more)
        .collect::<Vec<_>>()
        .join("; ")
}
