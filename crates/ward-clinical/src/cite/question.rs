//! What a question asks: its parts, the class of each, and the things it names.

use crate::{
    fact::FactKind,
    lexicon::{conditions, drugs, measures, synonyms},
    note::words::Words,
};

/// Which medicines are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Those taken now.
    Current,
    /// Started, stopped or changed.
    Any,
    /// Started.
    Started,
    /// Stopped or held.
    Stopped,
    /// Dose raised.
    Increased,
    /// Dose lowered.
    Decreased,
    /// Taken once and not now.
    Past,
    /// All that were ever named.
    Ever,
}

/// Which values of a measurement are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pick {
    /// The newest.
    Latest,
    /// The oldest.
    First,
    /// All, in order of time.
    Trend,
    /// The largest.
    Highest,
    /// The smallest.
    Lowest,
}

/// The class of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Allergies and intolerances.
    Allergies,
    /// Medicines.
    Medications(Change),
    /// Measurements by standard name.
    Measure(Vec<&'static str>, Pick),
    /// Whatever is new: problems, procedures, vaccines, medicines.
    Changes,
    /// Facts of a kind.
    Kind(FactKind),
    /// None of these: search.
    Free,
}

/// One question of perhaps several in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// Its text.
    pub(crate) text: String,
    /// What it asks.
    pub(crate) ask: Ask,
    /// It asks when.
    pub(crate) when: bool,
    /// It asks why.
    pub(crate) why: bool,
    /// Words that carry its content, lower case, question words and class words left out.
    pub(crate) terms: Vec<String>,
    /// Ingredients it names.
    pub(crate) drugs: Vec<String>,
    /// Conditions, procedures, vaccines, allergens it names, lower case.
    pub(crate) things: Vec<String>,
}

/// Longest question read, in bytes; the rest is not looked at.
const LONGEST: usize = 4 * 1024;

/// Splits a question into its parts and says what each asks.
pub(crate) fn parts(question: &str) -> Vec<Part> {
    let end = (0..=question.len().min(LONGEST))
        .rev()
        .find(|i| question.is_char_boundary(*i))
        .unwrap_or(0);
    let question = question.get(..end).unwrap_or("");
    let mut parts: Vec<Part> = Vec::new();
    for clause in clauses(question) {
        let part = part(&clause);
        if part.terms.is_empty() && part.ask == Ask::Free {
            continue;
        }
        parts.push(part);
        if parts.len() == 8 {
            break;
        }
    }
    parts
}

/// Words that begin a question of its own after "and" or a comma.
#[rustfmt::skip]
const OPENERS: &[&str] = &[
    "what", "which", "when", "who", "why", "how", "is", "are", "was", "were", "did", "does", "do", "has", "have",
    "list", "show", "any", "where", "give", "tell",
];

fn clauses(question: &str) -> Vec<String> {
    let words = Words::new(question);
    let mut cuts = Vec::new();
    for i in 1..words.len() {
        let opener = words.word(i).is_some_and(|w| OPENERS.contains(&w));
        let joined = matches!(words.any(i - 1), Some("," | "and" | ";" | "also"));
        let ended = matches!(words.any(i - 1), Some("?" | ";"))
            || (words.any(i - 1) == Some(".") && words.slice(i, i + 1).starts_with(char::is_uppercase));
        if (opener && joined) || ended {
            cuts.push(words.tokens.get(i).map_or(0, |t| t.start));
        }
    }
    // "allergies and current medications": two nouns of different classes.
    if cuts.is_empty()
        && let Some(i) = (1..words.len().saturating_sub(1)).find(|i| words.any(*i) == Some("and"))
        && let (Some(before), Some(at)) = (
            question.get(..words.tokens.get(i).map_or(0, |t| t.start)),
            words.tokens.get(i + 1).map(|t| t.start),
        )
    {
        let (left, right) = (part(before), part(question.get(at..).unwrap_or("")));
        let class = |ask: &Ask| !matches!(ask, Ask::Free | Ask::Measure(..));
        if class(&left.ask)
            && class(&right.ask)
            && std::mem::discriminant(&left.ask) != std::mem::discriminant(&right.ask)
            || matches!((&left.ask, &right.ask), (Ask::Kind(a), Ask::Kind(b)) if a != b)
        {
            cuts.push(at);
        }
    }
    let mut out = Vec::new();
    let mut start = 0;
    for cut in cuts.into_iter().chain([question.len()]) {
        let clause = question
            .get(start..cut)
            .unwrap_or("")
            .trim()
            .trim_end_matches([',', ';', '?', ' ', '.']);
        let clause = clause
            .strip_suffix(" and")
            .unwrap_or(clause)
            .trim_end_matches([',', ' ']);
        if !clause.is_empty() {
            out.push(clause.to_owned());
        }
        start = cut;
    }
    out
}

/// Words that carry no content of their own.
#[rustfmt::skip]
const EMPTY: &[&str] = &[
    "a", "an", "the", "is", "are", "was", "were", "be", "been", "did", "does", "do", "has", "have", "had", "what",
    "which", "when", "who", "whom", "why", "how", "where", "she", "he", "they", "her", "his", "him", "their",
    "them", "it", "its", "patient", "patient's", "patients", "to", "of", "in", "on", "for", "at", "by", "with",
    "and", "or", "any", "all", "there", "this", "that", "these", "those", "year", "month", "years", "months",
    "week", "weeks", "last", "latest", "recent", "most", "current", "currently", "now", "first", "since", "ever",
    "please", "tell", "me", "about", "show", "list", "give", "record", "many", "much", "long", "during", "before",
    "after", "from", "until", "between", "past", "previous", "also", "get", "got", "take", "takes", "taking",
    "value", "values", "result", "results", "level", "levels", "i", "you", "we", "can", "could", "would", "should",
    "as", "if", "not", "no", "than", "over", "time", "today", "say", "says", "does", "known", "date", "dates",
    "recently", "happened", "happen", "going", "been", "so", "far", "into", "up", "out", "s", "ms", "mr", "mrs",
    "trend", "changed", "change", "done", "given", "made", "mention", "mentioned", "information", "history",
];

/// Says what one clause asks.
pub(crate) fn part(text: &str) -> Part {
    let words = Words::new(text);
    let count = words.len();
    let any = |list: &[&str]| (0..count).any(|i| words.word(i).is_some_and(|w| list.contains(&w)));
    let begins =
        |list: &[&str]| (0..count).any(|i| words.word(i).is_some_and(|w| list.iter().any(|l| w.starts_with(l))));
    let mut drugs_named = Vec::new();
    let mut things = Vec::new();
    let mut named = Vec::new();
    let mut i = 0;
    while i < count {
        let drug = drugs::names()
            .at(|k| words.word(i + k))
            .map(|(_, len)| len)
            .or_else(|| words.word(i).filter(|w| drugs::is_combination(w)).map(|_| 1));
        let measure = measures::names().at(|k| words.word(i + k));
        let thing = [
            conditions::diagnoses(),
            conditions::symptoms(),
            conditions::procedures(),
            drugs::vaccines(),
            drugs::allergens(),
        ]
        .iter()
        .filter_map(|list| list.at(|k| words.word(i + k)).map(|(_, len)| len))
        .max();
        // The longest reading wins; a measurement of one letter or two is none in a question in lower case.
        let measure = measure.filter(|(_, len)| {
            words.slice(i, i + len).len() > 2
                || words.slice(i, i + len).bytes().all(|b| b.is_ascii_uppercase())
                || matches!(words.word(i), Some("bp" | "hr" | "k" | "na"))
        });
        let best = drug.max(thing).max(measure.map(|(_, len)| len));
        let Some(len) = best else {
            i += 1;
            continue;
        };
        if measure.is_some_and(|(_, l)| l == len)
            && drug.is_none_or(|d| d < len || words.word(i + len) == Some("level"))
            && thing.is_none_or(|t| t < len)
        {
            if let Some(measure) = measure.and_then(|(index, _)| measures::of(index)) {
                named.push(measure.name);
            }
        } else if drug == Some(len) {
            drugs_named.push(drugs::ingredient(words.slice(i, i + len)));
        } else {
            things.push(words.slice(i, i + len).to_lowercase());
        }
        i += len;
    }
    let lower = text.to_lowercase();
    for (organ, all) in synonyms::ORGAN_MEASURES {
        let asked = contains_words(&lower, organ);
        let of_values = any(&[
            "function",
            "labs",
            "lab",
            "numbers",
            "tests",
            "control",
            "sugar",
            "sugars",
            "pressure",
            "panel",
            "cholesterol",
            "lipids",
            "bp",
            "vitals",
            "vital",
            "oxygen",
            "weigh",
            "tall",
            "how",
            "value",
            "values",
        ]);
        if asked && of_values && things.iter().all(|t| !t.contains(organ) || t.as_str() == *organ) {
            named.extend(all.iter().copied());
        }
    }
    named.sort_unstable();
    named.dedup();
    let ask = class(&any, &begins, &lower, &drugs_named, &things, named);
    let terms = (0..count)
        .filter_map(|k| {
            words.word(k).or_else(|| {
                (words.sort(k) == Some(crate::note::words::Sort::Number))
                    .then(|| words.any(k))
                    .flatten()
            })
        })
        .map(|w| w.trim_end_matches("'s").to_owned())
        .filter(|w| !EMPTY.contains(&w.as_str()) && w.len() > 1)
        .collect();
    Part {
        text: text.to_owned(),
        ask,
        when: any(&["when"])
            || lower.contains("what date")
            || lower.contains("what day")
            || lower.contains("how long ago"),
        why: any(&["why", "reason", "because"]),
        terms,
        drugs: drugs_named,
        things,
    }
}

fn class(
    any: &dyn Fn(&[&str]) -> bool,
    begins: &dyn Fn(&[&str]) -> bool,
    lower: &str,
    drugs: &[String],
    things: &[String],
    measures: Vec<&'static str>,
) -> Ask {
    let open = [
        "what changed",
        "what has changed",
        "what is new",
        "what's new",
        "what happened",
        "any changes",
        "anything new",
        "anything changed",
    ];
    if open.iter().any(|cue| lower.contains(cue))
        && drugs.is_empty()
        && things.is_empty()
        && measures.is_empty()
        && !begins(&["medic", "drug"])
    {
        return Ask::Changes;
    }
    if begins(&["allerg", "intoleran"]) || lower.contains("react to") || lower.contains("adverse reaction") {
        return Ask::Allergies;
    }
    if any(&[
        "mother",
        "father",
        "sister",
        "brother",
        "parents",
        "grandmother",
        "grandfather",
        "relatives",
        "siblings",
        "hereditary",
        "aunt",
        "uncle",
    ]) || lower.contains("family history")
        || lower.contains("in the family")
        || lower.contains("in her family")
        || lower.contains("in his family")
    {
        return Ask::Kind(FactKind::FamilyHistory);
    }
    if begins(&["vaccin", "immuni"]) || any(&["shot", "shots", "booster", "boosters", "jab"]) {
        return Ask::Kind(FactKind::Immunization);
    }
    let medicine_words = begins(&["medic", "prescri", "drug", "dose", "dosage", "dosing"])
        || any(&["meds", "pill", "pills", "tablets", "rx"])
            && !lower.contains("medical history")
            && !lower.contains("illicit");
    let medical_only = begins(&["medical"]) && !begins(&["medication", "medicine", "prescri", "drug", "dose"]);
    let grouped = group_named(lower).next().is_some();
    let changing = begins(&[
        "start",
        "stop",
        "discontinu",
        "increas",
        "decreas",
        "reduc",
        "switch",
        "chang",
        "adjust",
        "titrat",
        "initiat",
        "begin",
        "began",
        "quit",
        "held",
        "hold",
        "resum",
    ]);
    // "What was started in 2024?"
    let verbs = ["started", "stopped", "discontinued", "held", "restarted", "resumed"];
    let begun = ["what was ", "what has been "]
        .iter()
        .filter_map(|lead| lower.trim_start().strip_prefix(*lead))
        .any(|rest| verbs.iter().any(|verb| rest.starts_with(verb)));
    if grouped
        || begun && things.is_empty() && measures.is_empty()
        || !drugs.is_empty() && measures.is_empty()
        || (medicine_words && !medical_only)
        || (changing && drugs.len() + things.len() > 0 && measures.is_empty() && !drugs.is_empty())
    {
        return Ask::Medications(change(any, begins, lower, grouped || !drugs.is_empty()));
    }
    if is_what_is_taken(lower) && things.is_empty() && measures.is_empty() {
        return Ask::Medications(Change::Current);
    }
    if !measures.is_empty() {
        return Ask::Measure(measures, pick(any, begins, lower));
    }
    if begins(&[
        "smok",
        "tobacco",
        "cigar",
        "alcohol",
        "drink",
        "occupation",
        "employ",
        "marital",
        "marri",
    ]) || any(&["job", "work", "works", "live", "lives", "vape", "vapes", "drugs"])
        || lower.contains("social history")
    {
        return Ask::Kind(FactKind::Social);
    }
    if begins(&["procedure", "surger", "surgic", "operation", "imaging", "scan"])
        || any(&["undergo", "undergone", "operated"])
        || things.iter().any(|t| conditions::PROCEDURES.contains(&t.as_str()))
    {
        return Ask::Kind(FactKind::Procedure);
    }
    if lower.contains("follow-up")
        || lower.contains("follow up")
        || lower.contains("next visit")
        || begins(&["appointment", "goal"])
        || lower.contains("care plan")
        || lower.contains("come back")
        || lower.contains("next appointment")
    {
        return Ask::Kind(FactKind::FollowUp);
    }
    if any(&["old", "age", "sex", "gender", "born", "birthday"]) && things.is_empty() || lower.contains("date of birth")
    {
        return Ask::Kind(FactKind::Demographic);
    }
    if begins(&[
        "diagnos",
        "condition",
        "problem",
        "disease",
        "illness",
        "comorbid",
        "disorder",
    ]) || lower.contains("medical history")
        || lower.contains("past history")
        || !things.is_empty()
    {
        return Ask::Kind(FactKind::Problem);
    }
    if begins(&["visit", "encounter", "admission", "admitted", "hospitali"]) {
        return Ask::Kind(FactKind::Encounter);
    }
    Ask::Free
}

/// Whether a question in small letters is "what is she taking now", of nothing else.
fn is_what_is_taken(lower: &str) -> bool {
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let words: Vec<&str> = words
        .skip_while(|word| *word != "what")
        .filter(|word| !matches!(*word, "now" | "currently" | "still" | "presently" | "the" | "today"))
        .collect();
    matches!(
        words.as_slice(),
        ["what", "is", "he" | "she" | "patient", "taking"]
            | ["what", "does", "he" | "she" | "patient", "take"]
            | ["what", "are", "they", "taking"]
            | ["what", "do", "they", "take"]
    )
}

fn change(any: &dyn Fn(&[&str]) -> bool, begins: &dyn Fn(&[&str]) -> bool, lower: &str, drug_named: bool) -> Change {
    let started = begins(&["start", "initiat", "began", "begin", "begun"]) || any(&["new", "added", "add"]);
    let stopped = begins(&["stop", "discontinu"])
        || any(&["quit", "held", "hold", "ended"])
        || lower.contains("taken off")
        || lower.contains("come off");
    let up = begins(&["increas", "rais"]);
    let down = begins(&["decreas", "reduc", "lower"]);
    let changed = begins(&["chang", "adjust", "alter", "switch", "modif", "titrat"]);
    match (started, stopped, up, down, changed) {
        (_, _, _, _, true) | (true, true, ..) | (_, _, true, true, _) => Change::Any,
        (true, ..) => Change::Started,
        (_, true, ..) => Change::Stopped,
        (_, _, true, ..) => Change::Increased,
        (_, _, _, true, _) => Change::Decreased,
        _ if any(&["ever", "history", "all", "was", "had", "tried", "past", "previously"])
            && !any(&["now", "current", "currently"])
            && drug_named =>
        {
            Change::Ever
        }
        _ if of_the_past(lower) && !any(&["now", "current", "currently"]) => Change::Past,
        _ => Change::Current,
    }
}

/// Whether a question in small letters asks in so many words for medicines that are not taken any more. "Old" and "previous" alone may speak of
/// the patient's age, of a visit or of an illness.
fn of_the_past(lower: &str) -> bool {
    let medicines = ["medicine", "medication", "drug", "meds"];
    let named = |adjective: &str| {
        medicines
            .iter()
            .any(|name| lower.contains(&format!("{adjective} {name}")))
    };
    ["in the past", "used to take", "took before", "no longer"]
        .iter()
        .any(|words| lower.contains(words))
        || ["past", "previous", "former"].into_iter().any(named)
}

fn pick(any: &dyn Fn(&[&str]) -> bool, begins: &dyn Fn(&[&str]) -> bool, lower: &str) -> Pick {
    if any(&[
        "trend",
        "trends",
        "trending",
        "history",
        "series",
        "values",
        "progression",
        "course",
        "readings",
        "all",
    ]) || begins(&["chang", "improv", "worsen", "develop", "evolv", "declin"])
        || lower.contains("over time")
        || lower.contains("how has")
        || lower.contains("how have")
    {
        Pick::Trend
    } else if any(&["first", "initial", "earliest", "baseline"]) {
        Pick::First
    } else if any(&["highest", "max", "maximum", "worst"])
        || (any(&["peak"]) && !lower.contains("peak flow") && !lower.contains("peak exp"))
    {
        Pick::Highest
    } else if any(&["lowest", "min", "minimum", "nadir"]) {
        Pick::Lowest
    } else {
        Pick::Latest
    }
}

/// Words for groups of medicines.
const GROUPS: &[&str] = &[
    "blood thinner",
    "anticoagulant",
    "anticoagulation",
    "diuretic",
    "water pill",
];

/// The medicines of a group that a question names by a word for the group.
pub(crate) fn group_named(text: &str) -> impl Iterator<Item = &'static str> {
    let lower = text.to_lowercase();
    let group = GROUPS.iter().find(|group| lower.contains(**group)).copied();
    group
        .into_iter()
        .flat_map(synonyms::of)
        .filter(|word| drugs::GENERICS.contains(word))
}

/// Whether `hay` holds `needle` as whole words.
pub(crate) fn contains_words(hay: &str, needle: &str) -> bool {
    if needle.is_empty() {
        return false;
    }
    hay.match_indices(needle).any(|(i, _)| {
        !hay.get(..i).is_some_and(|b| b.ends_with(char::is_alphanumeric))
            && !hay
                .get(i + needle.len()..)
                .is_some_and(|a| a.starts_with(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_questions() {
        let check = |question: &str, expect: &[Ask]| {
            let got: Vec<Ask> = parts(question).into_iter().map(|p| p.ask).collect();
            assert_eq!(got, expect, "{question}");
        };
        check(
            "What is she allergic to, and which medicines changed this year?",
            &[Ask::Allergies, Ask::Medications(Change::Any)],
        );
        check("What was started in 2024?", &[Ask::Medications(Change::Started)]);
        check("What was the stopping rule?", &[Ask::Free]);
        check(
            "What is the latest hemoglobin A1c?",
            &[Ask::Measure(vec!["hemoglobin a1c"], Pick::Latest)],
        );
        check(
            "How has her creatinine changed over time?",
            &[Ask::Measure(vec!["creatinine"], Pick::Trend)],
        );
        check("Why was metformin stopped?", &[Ask::Medications(Change::Stopped)]);
        check("When was apixaban started?", &[Ask::Medications(Change::Started)]);
        check(
            "What dose of lisinopril does she take now?",
            &[Ask::Medications(Change::Current)],
        );
        for taken in [
            "What is she taking now?",
            "What is the patient currently taking?",
            "what does he take",
            "And what are they taking?",
        ] {
            check(taken, &[Ask::Medications(Change::Current)]);
        }
        check(
            "Is she allergic to latex and what is she taking now?",
            &[Ask::Allergies, Ask::Medications(Change::Current)],
        );
        check("What is she taking care of?", &[Ask::Free]);
        check("What does he take offence at?", &[Ask::Free]);
        check("What is her mother taking?", &[Ask::Kind(FactKind::FamilyHistory)]);
        check("When was her colonoscopy?", &[Ask::Kind(FactKind::Procedure)]);
        check("What is her blood group?", &[Ask::Free]);
        check(
            "allergies and current medications",
            &[Ask::Allergies, Ask::Medications(Change::Current)],
        );
        check("Does she have high blood pressure?", &[Ask::Kind(FactKind::Problem)]);
        check(
            "What is her blood pressure?",
            &[Ask::Measure(
                vec!["blood pressure", "diastolic blood pressure", "systolic blood pressure"],
                Pick::Latest,
            )],
        );
        for past in [
            "Which medicines did she take in the past?",
            "What did she used to take for pain medicine?",
            "Which were her previous medications?",
        ] {
            check(past, &[Ask::Medications(Change::Past)]);
        }
        // An age, a visit, an illness and a list are no medicines of the past.
        for now in [
            "Which medicines is this 34 year old on?",
            "Are her medicines the same as at the previous visit?",
            "Which drugs does she take for her past asthma attacks?",
            "Is she taking any medicine from her previous list?",
        ] {
            check(now, &[Ask::Medications(Change::Current)]);
        }
        check("Does her mother have diabetes?", &[Ask::Kind(FactKind::FamilyHistory)]);
        check("Does he smoke?", &[Ask::Kind(FactKind::Social)]);
        check("Which vaccines has he had?", &[Ask::Kind(FactKind::Immunization)]);
        check("What is her past medical history?", &[Ask::Kind(FactKind::Problem)]);
    }
}
