//! Habits, home and work, age and sex in notes.

use super::{Scan, cues::bit, layout, whose, words::Sort};
use crate::{
    fact::{Experiencer, Fact, FactKind, Section},
    lexicon::conditions,
};

/// Habits and living: what each is called, and the words that tell of it.
pub(super) const HABITS: &[(&str, &[&str])] = &[
    (
        "tobacco",
        &[
            "smoke",
            "smokes",
            "smoked",
            "smoker",
            "smoking",
            "tobacco",
            "cigarettes",
            "cigarette",
            "pack-year",
            "pack-years",
            "vapes",
            "vaping",
            "nicotine",
        ],
    ),
    (
        "alcohol",
        &["alcohol", "etoh", "drinks", "wine", "beer", "drinker", "liquor"],
    ),
    (
        "drugs",
        &[
            "marijuana",
            "cannabis",
            "cocaine",
            "heroin",
            "methamphetamine",
            "illicit",
            "recreational",
        ],
    ),
    (
        "work",
        &["works", "retired", "occupation", "employed", "unemployed", "job"],
    ),
    (
        "home",
        &["lives", "married", "divorced", "widowed", "single", "roommate"],
    ),
];

/// Habits and living, by cue word; the value is the sentence.
pub(super) fn social(scan: &mut Scan<'_>) {
    let section = scan.section == Section::SocialHistory;
    if !scan.words.has(bit::SOCIAL) {
        return;
    }
    for (name, cues) in HABITS {
        let strong = matches!(*name, "tobacco" | "alcohol" | "drugs");
        if (section || strong || is_at_home_or_work(scan, name)) && scan.has(0, scan.words.len(), cues) {
            let text = scan.words.text.trim();
            let text = text.get(layout::bullet(text)..).unwrap_or(text);
            let mut fact = Fact::new(FactKind::Social, *name, scan.section);
            fact.value = Some(super::squeeze(text.trim_end_matches('.')));
            // "Brother uses cocaine" is no habit of the patient.
            let cue = (0..scan.words.len()).find(|i| scan.words.word(*i).is_some_and(|word| cues.contains(&word)));
            if let Some(who) = cue.and_then(|cue| whose::whose(scan, cue, cue + 1)) {
                fact.kind = FactKind::FamilyHistory;
                fact.experiencer = Experiencer::Relative(who.to_owned());
            }
            scan.tell(fact, 0, scan.words.len());
        }
    }
}

/// Whether a sentence outside of the social history tells of home or work in so many words: "he lives with his wife", "works as a nurse".
fn is_at_home_or_work(scan: &Scan<'_>, name: &str) -> bool {
    let ways: &[(&str, &[&str])] = match name {
        "home" => &[("lives", &["alone", "with", "at", "in", "independently"])],
        "work" => &[
            (
                "works",
                &["as", "at", "for", "from", "in", "nights", "part-time", "full-time"],
            ),
            ("employed", &["as", "at", "by"]),
        ],
        _ => return false,
    };
    (0..scan.words.len()).any(|i| {
        let told = ways
            .iter()
            .any(|(verb, next)| scan.words.word(i) == Some(*verb) && scan.has(i + 1, i + 2, next));
        // "Lives with HIV" tells of no home.
        let with_illness = (i + 2..i + 4).any(|k| {
            conditions::diagnoses().at(|n| scan.words.word(k + n)).is_some()
                || conditions::symptoms().at(|n| scan.words.word(k + n)).is_some()
                || scan.has(k, k + 1, &["pain", "chronic"])
        });
        let near = scan.has(
            i.saturating_sub(3),
            i,
            &["he", "she", "patient", "who", "they", "currently"],
        );
        // "He is married and works as a nurse", but not "the pain is worse and works ..".
        let far = scan.has(i.saturating_sub(1), i, &["and"]) && scan.has(0, i, &["he", "she", "patient", "they"]);
        told && !with_illness && (i == 0 || near || far)
    })
}

/// A line of the header with a label of the pack: "Geburtsdatum: 14.03.1952".
fn labelled(scan: &mut Scan<'_>) {
    let Some((label, value)) = scan.words.text.split_once(':') else {
        return;
    };
    let (label, value) = (label.trim().to_lowercase(), value.trim());
    let labels = &scan.words.pack.labels;
    if let Some((_, concept)) = labels.iter().find(|(own, _)| *own == label)
        && !value.is_empty()
        && value.len() <= 40
    {
        let mut fact = Fact::new(FactKind::Demographic, *concept, scan.section);
        fact.value = Some(value.to_owned());
        scan.tell(fact, 0, scan.words.len());
    }
}

/// Age and sex: "50-year-old female"; in the header "DOB: ..", "Sex: F".
pub(crate) fn demographics(scan: &mut Scan<'_>) {
    let text = scan.words.text;
    if scan.section == Section::Header && scan.words.pack.translates() {
        labelled(scan);
        return;
    }
    if scan.section == Section::Header {
        for label in ["DOB", "Date of birth", "Sex", "Gender", "Age"] {
            let Some(rest) = text
                .get(..label.len())
                .filter(|head| head.eq_ignore_ascii_case(label))
                .and_then(|_| text.get(label.len()..))
            else {
                continue;
            };
            let Some(value) = rest.trim_start().strip_prefix(':') else {
                continue;
            };
            let value = value.trim();
            if !value.is_empty() && value.len() <= 40 {
                let concept = match label {
                    "DOB" | "Date of birth" => "born",
                    "Age" => "age",
                    _ => "sex",
                };
                let mut fact = Fact::new(FactKind::Demographic, concept, scan.section);
                fact.value = Some(value.to_owned());
                scan.tell(fact, 0, scan.words.len());
            }
        }
        return;
    }
    for i in 0..scan.words.len() {
        let (Some(Sort::Number), Some("-")) = (scan.words.sort(i), scan.words.any(i + 1)) else {
            continue;
        };
        if scan.words.word(i + 2) != Some("year-old") {
            continue;
        }
        let mut fact = Fact::new(FactKind::Demographic, "age", scan.section);
        fact.value = Some(scan.words.slice(i, i + 1).to_owned());
        scan.tell(fact, 0, scan.words.len());
        if let Some(sex) = (i + 3..i + 7).find(|k| {
            matches!(
                scan.words.word(*k),
                Some("female" | "male" | "woman" | "man" | "boy" | "girl")
            )
        }) {
            let mut fact = Fact::new(FactKind::Demographic, "sex", scan.section);
            fact.value = scan.words.word(sex).map(str::to_owned);
            scan.tell(fact, 0, scan.words.len());
        }
        return;
    }
}
