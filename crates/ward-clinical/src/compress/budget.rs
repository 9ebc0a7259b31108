//! Compression to a number of tokens: what must stay, what goes first, and the list of what went.
//!
//! Never left out: who the patient is, allergies, medicines that were not stopped, values that are marked abnormal; of a note also
//! the header and the newest visit. Of the rest the question's kinds and words come first, then what is newest.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ward_formats::{Doc, Document};

use super::{
    LeftOut, Options,
    groups::{self, Group},
    note, order, proof,
    readings::Readings,
    reread, rows,
    terse::Level,
};
use crate::{
    cite,
    fact::{Fact, FactKind, Record},
    note::layout::{self, Layout},
    tokens::Counter,
};

/// Facts of one kind about one thing that were left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omitted {
    /// The kind, as [`FactKind::word`] names it.
    pub kind: &'static str,
    /// What they are about, in lower case.
    pub concept: String,
    /// How many.
    pub count: usize,
}

/// What [`LeftOut::what`] calls the sentences that a number of tokens left no room for, whether they tell a fact or not.
pub const OLDER_SENTENCES: &str = "sentences of older visits";

/// The same of a note of one visit.
pub const SENTENCES: &str = "sentences";

/// A shorter output and the facts read from it, or none when there is no shorter one that says nothing new.
pub(super) fn within(
    doc: &Doc,
    record: &Record,
    options: &Options<'_>,
    most: usize,
    expect: &BTreeSet<proof::Tuple>,
) -> Option<(String, Option<Vec<LeftOut>>, BTreeSet<proof::Tuple>)> {
    let (asked, tokens) = (Asked::of(options.question), Counter(options.tokenizer));
    match doc {
        Doc::Text(text) => {
            let at = text.fields().first().map_or(0, |field| field.raw.start);
            let layout = layout::of(text.text(), at, record.pack());
            let readings = Readings::of(record, text.text(), at, &layout);
            of_note(text.text(), &layout, &readings, &asked, (most, tokens), expect)
        }
        Doc::Fhir(_) | Doc::Hl7(_) => {
            of_structure(record, &asked, (most, tokens), expect).map(|(text, got)| (text, None, got))
        }
    }
}

/// What was left out, from the facts that are missing.
pub(super) fn omitted<'a>(missing: impl Iterator<Item = &'a proof::Tuple>) -> Vec<Omitted> {
    let mut counts: BTreeMap<(FactKind, &str), usize> = BTreeMap::new();
    for (kind, pairs) in missing {
        let concept = pairs.iter().find(|(name, _)| *name == "concept");
        *counts.entry((*kind, concept.map_or("", |(_, text)| text))).or_default() += 1;
    }
    let list = counts.into_iter().map(|((kind, concept), count)| Omitted {
        kind: kind.word(),
        concept: concept.to_owned(),
        count,
    });
    list.collect()
}

/// What a question asks for.
struct Asked {
    kinds: Vec<FactKind>,
    words: HashSet<String>,
}

impl Asked {
    fn of(question: Option<&str>) -> Self {
        let words = question.unwrap_or_default().split(|c: char| !c.is_alphanumeric());
        Self {
            kinds: question.map(cite::kinds_asked).unwrap_or_default(),
            words: words.filter(|word| word.len() > 2).map(str::to_lowercase).collect(),
        }
    }

    /// How much a fact has to do with it: 2 for one of its words, 1 for its kind, and for a problem that has not ended: what else
    /// is wrong with a patient matters to most questions.
    fn relevance(&self, fact: &Fact) -> u8 {
        let mut words = fact.concept.split(|c: char| !c.is_alphanumeric());
        if words.any(|word| self.words.contains(&word.to_lowercase())) {
            2
        } else {
            let goes_on = fact.kind == FactKind::Problem && fact.until.is_none() && !fact.negated;
            u8::from(self.kinds.contains(&fact.kind) || goes_on)
        }
    }
}

/// Statuses of a medicine that is no longer taken: FHIR R4 `MedicationRequest.status`, `MedicationStatement.status`, and the
/// words of notes.
const ENDED: &[&str] = &[
    "stopped",
    "completed",
    "cancelled",
    "not-taken",
    "discontinued",
    "draft",
    "ended",
    "past",
    "given",
];

/// Flags that say that a value is as it should be.
const NORMAL: &[&str] = &["n", "normal"];

/// True for a fact that nobody may miss.
fn must_stay(fact: &Fact) -> bool {
    let is_one_of = |text: &Option<String>, list: &[&str]| {
        text.as_deref()
            .is_some_and(|text| list.iter().any(|word| text.eq_ignore_ascii_case(word)))
    };
    match fact.kind {
        FactKind::Demographic | FactKind::Allergy => true,
        FactKind::Medication => !is_one_of(&fact.status, ENDED) && fact.until.is_none() && !fact.negated,
        _ => fact.flag.is_some() && !is_one_of(&fact.flag, NORMAL),
    }
}

fn of_structure(
    record: &Record,
    asked: &Asked,
    (most, tokens): (usize, Counter<'_>),
    expect: &BTreeSet<proof::Tuple>,
) -> Option<(String, BTreeSet<proof::Tuple>)> {
    let mut optional: Vec<&Fact> = record.facts.iter().filter(|fact| !must_stay(fact)).collect();
    optional.sort_by_key(|fact| std::cmp::Reverse((asked.relevance(fact), fact.day().unwrap_or(i64::MIN))));
    let order = order(&asked.kinds);
    let write = |count: usize| {
        let chosen: HashSet<*const Fact> = optional
            .iter()
            .take(count)
            .map(|fact| std::ptr::from_ref(*fact))
            .collect();
        let facts: Vec<Fact> = record
            .facts
            .iter()
            .filter(|fact| must_stay(fact) || chosen.contains(&std::ptr::from_ref(*fact)))
            .cloned()
            .collect();
        rows::write(&facts, &order)
    };
    let text = write(most_that_fit(optional.len(), |count| {
        tokens.count(&write(count)) <= most
    }));
    let got = proof::of_rows(&reread::rows(&text));
    got.is_subset(expect).then_some((text, got))
}

fn of_note(
    text: &str,
    layout: &Layout,
    readings: &Readings,
    asked: &Asked,
    (most, tokens): (usize, Counter<'_>),
    expect: &BTreeSet<proof::Tuple>,
) -> Option<(String, Option<Vec<LeftOut>>, BTreeSet<proof::Tuple>)> {
    let (none, untouched) = (HashSet::new(), BTreeSet::new());
    let tell = |dropped: &HashSet<usize>| {
        let ask = note::Ask {
            readings,
            layout,
            level: Level::Squeezed,
            keep_current: false,
            untouched: &untouched,
            gentle: &none,
            dropped,
        };
        note::compress(text, &ask)
    };
    let all = tell(&none)?;
    let sentences: HashMap<usize, &note::Sentence> = all.sentences.iter().map(|one| (one.number, one)).collect();
    let stays = |unit: &Group| {
        let mut told = unit.blocks.iter().filter_map(|number| sentences.get(number));
        told.any(|one| one.current || one.said.facts.iter().any(must_stay))
    };
    let rank = |unit: &Group| {
        let relevance = unit.blocks.iter().filter_map(|number| {
            let block = layout.blocks.get(*number)?;
            let words = text.get(block.span.start..block.span.end)?;
            let mut said = words.split(|c: char| !c.is_alphanumeric());
            let named = u8::from(said.any(|word| asked.words.contains(&word.to_lowercase())));
            let facts = sentences.get(number).into_iter().flat_map(|one| &one.said.facts);
            let facts = facts.map(|fact| 1 + asked.relevance(fact)).max().unwrap_or(0);
            Some(facts.max(2 * named))
        });
        let visit = layout.visits.get(unit.visit);
        let day = visit.and_then(|visit| visit.when.as_ref()).and_then(|when| when.day);
        (relevance.max().unwrap_or(0), day.unwrap_or(i64::MIN))
    };
    // From the last to the first: what stays and what counts for a paragraph counts for those before it in its section.
    let mut units = Vec::new();
    let mut after: Option<(usize, bool, (u8, i64))> = None;
    for unit in groups::of(text, layout).into_iter().rev() {
        let same = after.filter(|(section, ..)| *section == unit.section);
        let stays = stays(&unit) || same.is_some_and(|(_, stays, _)| stays);
        let rank = same.map_or(rank(&unit), |(.., later)| later.max(rank(&unit)));
        after = Some((unit.section, stays, rank));
        if !stays && unit.blocks.iter().any(|number| sentences.contains_key(number)) {
            units.push((rank, unit));
        }
    }
    units.reverse();
    units.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    let dropped = |count: usize| -> HashSet<usize> {
        let gone = units.iter().skip(count).flat_map(|(_, unit)| &unit.blocks);
        gone.copied().collect()
    };
    let fits = |count: usize| tell(&dropped(count)).is_some_and(|told| tokens.count(&told.text) <= most);
    let gone = dropped(most_that_fit(units.len(), fits));
    let mut told = tell(&gone)?;
    let count = gone.iter().filter(|number| sentences.contains_key(number)).count();
    if count > 0 {
        let what = if layout.visits.len() > 2 {
            OLDER_SENTENCES
        } else {
            SENTENCES
        };
        told.left_out.push(LeftOut {
            what: what.to_owned(),
            count,
            why: "left out for the number of tokens; facts in them are listed as omitted",
        });
    }
    let got = proof::tuples(&reread::note(&told.text, readings));
    // What must stay was read where it stands, not only chosen.
    let sentences = all.sentences.iter().flat_map(|one| &one.said.facts);
    let must: Vec<&Fact> = sentences.filter(|fact| must_stay(fact)).collect();
    let lost = must.iter().any(|fact| {
        let kept = |tuple: &&proof::Tuple| tuple.0 == fact.kind && says(tuple, &fact.concept);
        expect.iter().any(|tuple| kept(&tuple)) && !got.iter().any(|tuple| kept(&tuple))
    });
    (got.is_subset(expect) && !lost).then_some((told.text, Some(told.left_out), got))
}

/// True when a tuple is about `concept`.
fn says(tuple: &proof::Tuple, concept: &str) -> bool {
    let concept = concept.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    tuple
        .1
        .iter()
        .any(|(name, text)| *name == "concept" && *text == concept)
}

/// The largest number up to `all` that fits, where fewer always fit when more do; 0 when none does.
fn most_that_fit(all: usize, fits: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, all);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use ward_formats::{Budget, Doc};

    use crate::{Compressed, Options, compress, read};

    fn shorten(source: &str, question: Option<&str>, most: usize) -> Compressed {
        let doc = Doc::parse(source.as_bytes(), None, Budget::RECORD).unwrap().document;
        let options = Options {
            question,
            max_tokens: Some(most),
            ..Options::default()
        };
        compress(&doc, &read(&doc), &options)
    }

    fn bundle() -> String {
        let mut entries = vec![
            r#"{"resource":{"resourceType":"AllergyIntolerance","code":{"text":"Penicillin"},"clinicalStatus":{"coding":[{"code":"active"}]}}}"#.to_owned(),
            r#"{"resource":{"resourceType":"MedicationRequest","status":"active","intent":"order","medicationCodeableConcept":{"text":"Warfarin 5 MG"},"authoredOn":"2001-02-03"}}"#.to_owned(),
            r#"{"resource":{"resourceType":"MedicationRequest","status":"stopped","intent":"order","medicationCodeableConcept":{"text":"Aspirin 81 MG"},"authoredOn":"2001-02-03"}}"#.to_owned(),
        ];
        for year in 2001..2020 {
            for (name, value) in [("Creatinine", "1.1"), ("Sodium", "140")] {
                let flag = if year == 2003 && name == "Sodium" {
                    r#","interpretation":[{"coding":[{"code":"H"}]}]"#
                } else {
                    ""
                };
                entries.push(format!(
                    r#"{{"resource":{{"resourceType":"Observation","status":"final","category":[{{"coding":[{{"code":"laboratory"}}]}}],"code":{{"text":"{name}"}},"valueQuantity":{{"value":{value},"unit":"mg/dL"}},"effectiveDateTime":"{year}-05-06"{flag}}}}}"#
                ));
            }
        }
        format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#,
            entries.join(",")
        )
    }

    #[test]
    fn what_must_stay_stays_and_what_goes_is_listed() {
        let all = shorten(&bundle(), None, 100_000);
        assert!(all.verified && all.omitted.is_empty() && all.facts.omitted == 0);
        let few = shorten(&bundle(), Some("What was the creatinine?"), 150);
        assert!(few.verified && few.tokens.after <= 150, "{}", few.text);
        assert!(few.facts.omitted > 0 && few.facts.kept + few.facts.omitted == few.facts.found);
        for stays in ["Penicillin", "Warfarin", "2003-05-06", "Creatinine", "2019-05-06"] {
            assert!(few.text.contains(stays), "{stays}: {}", few.text);
        }
        assert!(few.omitted.iter().any(|one| one.concept == "sodium"));
        assert!(
            !few.omitted
                .iter()
                .any(|one| one.concept == "penicillin" || one.concept.contains("warfarin"))
        );
        let count: usize = few.omitted.iter().map(|one| one.count).sum();
        assert_eq!(count, few.facts.omitted);
        // Nothing optional fits: what must stay is still there.
        let least = shorten(&bundle(), None, 1);
        assert!(least.verified && least.tokens.after > 1 && least.text.contains("Warfarin"));
    }

    #[test]
    fn notes_keep_their_header_and_their_newest_visit() {
        let mut note = "Patient: Ana Ruiz\nAllergies: Penicillin (hives).\n".to_owned();
        for year in 2010..2020 {
            note += &format!(
                "\nVisit date: 05/06/{year}\nAssessment: Cough number {year} was discussed at length with the family.\n\
                 Plan: Walk {year} steps on every day of the week.\n"
            );
        }
        let newest = note
            .get(note.find("Visit date: 05/06/2019").unwrap()..)
            .unwrap()
            .to_owned();
        let few = shorten(&note, Some("What about the cough in 2011?"), 120);
        assert!(
            few.text
                .starts_with("Patient: Ana Ruiz\nAllergies: Penicillin (hives)."),
            "{}",
            few.text
        );
        assert!(
            few.text.contains(newest.trim_end()) && few.tokens.after < few.tokens.before,
            "{}",
            few.text
        );
        assert!(few.verified && few.text.contains("2011"), "{}", few.text);
    }

    #[test]
    fn what_stands_behind_a_label_goes_together_and_is_counted() {
        let mut note = "Patient: Rey, Ola\n\n".to_owned();
        for day in 1..=4 {
            note += &format!(
                "Visit date: 0{day}/05/2024\nHPI: She walks {day} miles a day in her shoes of leather.\nExam:\n\
                 Left foot: Pulses are present, grade {day}. Cellulitis. Skin is dry.\n\
                 Right foot: Pulses are present, grade {day}0. No cellulitis. Skin is moist.\nPlan: Metformin {day}00 mg daily.\n\n"
            );
        }
        let mut shortened = 0;
        for most in (100..300).step_by(10) {
            let small = shorten(&note, Some("Does she have cellulitis?"), most);
            assert!(small.verified, "{}", small.text);
            let whole = super::super::fold::expand(&small.text, crate::note::pack::of(&note));
            let older = whole.split("Visit date: 04/05/2024").next().unwrap();
            let labels = older.matches("Left foot:").count() + older.matches("Right foot:").count();
            assert_eq!(labels, older.to_lowercase().matches("cellulitis").count(), "{older}");
            let gone = small.left_out.iter().find(|one| one.why.contains("number of tokens"));
            assert!(gone.is_some() || labels == 6, "{:?} {older}", small.left_out);
            shortened += usize::from(gone.is_some());
        }
        assert!(shortened > 3);
    }
}
