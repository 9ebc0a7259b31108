//! Second step: every value that could tell who the patient is gives way to a placeholder.

use ward_clinical::cite::Calendar;
use ward_deid::{Known, Pseudonyms, Tally};
use ward_evidence::Evidence;
use ward_formats::{Doc, Document, OffsetMap, date::Civil, text::TextDoc};

use crate::{
    Admitted, Code, Phi, Receipts, Refusal, Speaker, Stage,
    admit::{Content, Item, NamedDoc, Settings},
    receipt::controls,
};

/// A request in which nothing identifies the patient. The vault that puts values back stays inside.
pub struct Clean {
    pub(crate) messages: Vec<CleanMessage>,
    pub(crate) documents: Vec<CleanDocument>,
    pub(crate) settings: Settings,
    pub(crate) calendar: Calendar,
    pub(crate) vault: Pseudonyms,
    pub(crate) tally: Tally,
    pub(crate) receipts: Receipts,
}

/// One message, de-identified.
pub(crate) struct CleanMessage {
    pub speaker: Speaker,
    pub items: Vec<Item>,
    pub pictures: Vec<crate::media::Picture>,
}

/// One record, de-identified, beside the record it came from.
pub(crate) struct CleanDocument {
    pub doc: Doc,
    pub map: OffsetMap,
    pub original: Phi<NamedDoc>,
}

impl Clean {
    /// What was replaced: classes and counts.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }
}

/// Replaces identifying values throughout a request. `secret` must be drawn at random for this
/// request alone: it keys the placeholders' check letters and hides the calendar.
///
/// # Errors
/// `DeidentificationFailed` when a record cannot be taken apart and put together again, `BadDocument` when the name of an
/// element of it may be content.
pub fn deidentify(admitted: Admitted, secret: [u8; 32]) -> Result<Clean, Refusal> {
    let Admitted {
        content,
        mut settings,
        mut receipts,
    } = admitted;
    let Content { messages, documents } = content.into_exposed();
    let known = known_values(&messages, &documents);
    let mut vault = Pseudonyms::new(secret);
    let mut tally = Tally::default();
    let mut unexamined = false;

    let mut clean_documents = Vec::with_capacity(documents.len());
    for named in documents {
        let replaced = vault
            .replace_document(&named.doc, &known)
            .map_err(|_| Code::DeidentificationFailed)?;
        // The name of an element that may be content cannot be replaced.
        if let Some(problem) = replaced.problems.iter().find(|problem| problem.broken) {
            return Err(Refusal::new(Code::BadDocument)
                .at(&format!("document {}, {}", clean_documents.len() + 1, problem.place))
                .note(problem.what));
        }
        let budget = ward_formats::Budget {
            bytes: usize::MAX,
            ..ward_formats::Budget::RECORD
        };
        let doc = Doc::parse(&replaced.bytes, Some(named.doc.kind()), budget)
            .map_err(|_| Code::DeidentificationFailed)?
            .document;
        tally.merge(&replaced.tally);
        unexamined |= !replaced.problems.is_empty();
        clean_documents.push(CleanDocument {
            doc,
            map: replaced.map,
            original: Phi::new(named),
        });
    }
    let mut pictures = 0;
    let mut clean_messages = Vec::with_capacity(messages.len());
    for message in messages {
        pictures += message.pictures.len();
        let mut items = Vec::with_capacity(message.items.len());
        for item in message.items {
            items.push(match item {
                Item::Document(index) => Item::Document(index),
                Item::Text(text) => {
                    let replaced = vault.replace_text(&text, &known);
                    tally.merge(&replaced.tally);
                    Item::Text(replaced.text)
                }
            });
        }
        clean_messages.push(CleanMessage {
            speaker: message.speaker,
            items,
            pictures: message.pictures,
        });
    }
    for stop in &mut settings.sampling.stop {
        *stop = vault.replace_text(stop, &known).text;
    }

    let mut evidence = vec![Evidence::held(controls::DEIDENTIFIED, tally.total() as u64)];
    if unexamined {
        evidence.push(Evidence::not_examined(
            controls::DEIDENTIFIED,
            "encoded attachments were taken out unread",
        ));
    }
    if pictures > 0 {
        evidence.push(Evidence::not_examined(
            controls::DEIDENTIFIED,
            "pictures were passed on: their metadata is gone, what they show was not looked at",
        ));
    }
    receipts.add(Stage::Deidentify, evidence);
    Ok(Clean {
        messages: clean_messages,
        documents: clean_documents,
        settings,
        calendar: calendar(&vault),
        vault,
        tally,
        receipts,
    })
}

/// What the records and the typed text say of themselves: the values to look for everywhere.
fn known_values(messages: &[crate::admit::Said], documents: &[NamedDoc]) -> Known {
    let typed: Vec<Doc> = messages
        .iter()
        .flat_map(|message| &message.items)
        .filter_map(|item| match item {
            Item::Text(text) => TextDoc::parse(text.as_bytes(), ward_formats::Budget::RECORD).ok(),
            Item::Document(_) => None,
        })
        .map(|parsed| Doc::Text(parsed.document))
        .collect();
    Known::from_documents(documents.iter().map(|named| &named.doc).chain(&typed))
}

/// The years the record covers, in the vault's day numbers. Stays inside Ward: it would tell the
/// calendar to whoever sees day numbers.
#[must_use]
pub fn calendar(vault: &Pseudonyms) -> Calendar {
    let Some((earliest, latest)) = vault.date_range() else {
        return Calendar::default();
    };
    let years = (earliest.year..=latest.year.saturating_add(1))
        .filter_map(|year| Some((year, i64::from(vault.day_number(Civil::new(year, 1, 1)?)))))
        .collect();
    Calendar {
        years,
        latest: Some(i64::from(vault.day_number(latest))),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Code, Limits, Policy, Speaker, compress::tests::prompt};

    #[test]
    fn a_record_that_cannot_be_cleaned_goes_nowhere() {
        for text in [
            r#"{"resourceType":"Patient","x":{"Zelda Quillfeather":"1"}}"#,
            r#"{"resourceType":"Beyond","name":"Quillfeather"}"#,
        ] {
            let asked = [(Speaker::User, text), (Speaker::User, "Who is it?")];
            let refusal = prompt(&asked, Policy::default(), Limits::default()).err().unwrap();
            assert_eq!(refusal.code(), Code::BadDocument, "{text}");
            assert!(!format!("{refusal:?}").contains("uill"));
        }
    }
}
