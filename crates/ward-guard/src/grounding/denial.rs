//! Sentences that deny what the records say of the patient: "She has no known allergies." beside an allergy.
//!
//! Only plain ones are judged, of which every word is of the patient, of the denial, or of what is denied. "No allergies besides penicillin",
//! "no current pneumonia" and "no diabetes is recorded for her mother" hold other words, and may be right.

/// What the patient has now, in small letters as the records name it.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// Problems, by their words.
    problems: Vec<Vec<String>>,
    /// What a record says that the patient does not have, by its words.
    denied: Vec<Vec<String>>,
    /// Whether the patient is allergic to anything.
    allergic: bool,
    /// Whether the patient is allergic to a medicine.
    allergic_to_medicine: bool,
}

/// Words before the denial: who, and how it is said.
const BEFORE: &[&str] = &[
    "she",
    "he",
    "they",
    "i",
    "the",
    "patient",
    "pt",
    "there",
    "has",
    "have",
    "had",
    "is",
    "are",
    "does",
    "do",
    "did",
    "was",
    "allergies",
];

/// Words that deny.
const DENIALS: &[&str] = &[
    "no", "not", "never", "none", "denies", "denied", "without", "neither", "nkda", "nka", "doesn't", "don't",
    "didn't", "hasn't", "haven't", "isn't", "aren't", "wasn't",
];

/// Words between the denial and what is denied.
const BETWEEN: &[&str] = &[
    "known", "any", "a", "an", "the", "have", "had", "has", "been", "history", "of", "to", "ever", "having", "either",
];

/// What stands behind a name and denies it: "Hypertension: absent", "Diabetes was ruled out".
const BEHIND: &[&[&str]] = &[
    &["absent"],
    &["is", "absent"],
    &["is", "not", "present"],
    &["is", "ruled", "out"],
    &["was", "ruled", "out"],
    &["has", "been", "ruled", "out"],
];

/// What says of a denial that it is the record's: "No asthma is recorded". Words of the past may speak of one examination.
const RECORDED: &[&[&str]] = &[
    &["is", "recorded"],
    &["is", "documented"],
    &["is", "listed"],
    &["is", "mentioned"],
];

/// Words in the name of a problem that make it no other one.
const QUALIFIERS: &[&str] = &[
    "type",
    "i",
    "ii",
    "mellitus",
    "chronic",
    "essential",
    "primary",
    "paroxysmal",
    "persistent",
    "permanent",
    "mild",
    "moderate",
    "severe",
    "stage",
    "unspecified",
    "disease",
    "disorder",
    "finding",
    "controlled",
    "uncontrolled",
    "well",
    "recurrent",
    "major",
    "left",
    "right",
    "bilateral",
];

/// Adjectives of who has a problem.
const HAVING: &[(&str, &str)] = &[
    ("diabetic", "diabetes"),
    ("hypertensive", "hypertension"),
    ("asthmatic", "asthma"),
    ("epileptic", "epilepsy"),
];

impl Held {
    /// Takes an allergy of the patient.
    pub(super) fn allergy(&mut self, concept: &str) {
        self.allergic = true;
        self.allergic_to_medicine |= ward_clinical::names_medicine(concept);
    }

    /// Takes a problem that the patient has now.
    pub(super) fn problem(&mut self, concept: &str) {
        self.problems.push(words(concept).filter(|word| word != ",").collect());
    }

    /// Takes what a record says that the patient does not have.
    pub(super) fn denied(&mut self, concept: &str) {
        self.denied.push(words(concept).filter(|word| word != ",").collect());
    }

    /// Whether the patient has this problem, if perhaps with words beside it that make it no other one.
    pub(super) fn has(&self, concept: &str) -> bool {
        let words: Vec<String> = words(concept).collect();
        let name: Vec<&str> = words.iter().map(String::as_str).collect();
        self.problems.iter().any(|one| is_only(one, &name))
    }

    /// Whether `sentence` plainly denies any of it.
    pub(super) fn is_denied_in(&self, sentence: &str) -> bool {
        let words: Vec<String> = words(sentence).collect();
        words.split(|word| word == "but").any(|clause| self.is_denied(clause))
    }

    /// Whether `sentence`, which is about the patient, denies what records hold and nowhere deny, in a form that may also
    /// speak of one examination: "There is no evidence of COPD", "Hypertension: absent", "No asthma is recorded".
    pub(super) fn is_found_absent_in(&self, sentence: &str) -> bool {
        let words: Vec<String> = words(sentence).collect();
        let clause: Vec<&str> = words.iter().map(String::as_str).collect();
        let name = match (before_one_of(BEHIND, &clause), clause.as_slice()) {
            (Some(name), _) => name,
            (None, ["there", "is", "no", "evidence", "of", name @ ..] | ["no", "evidence", "of", name @ ..]) => name,
            (None, ["no", rest @ ..]) => before_one_of(RECORDED, rest).unwrap_or_default(),
            _ => return false,
        };
        let name = name.strip_prefix(&["the"]).unwrap_or(name);
        !name.is_empty() && name.len() <= 3 && self.holds(name) && !self.denied.iter().any(|one| is_only(one, name))
    }

    fn is_denied(&self, clause: &[String]) -> bool {
        let first = clause.iter().position(|word| !BEFORE.contains(&word.as_str()));
        let Some((denial, rest)) = first.and_then(|at| clause.get(at..)?.split_first()) else {
            return false;
        };
        if !DENIALS.contains(&denial.as_str()) {
            return false;
        }
        if rest.is_empty() {
            let of_allergies = clause.iter().any(|word| word == "allergies");
            return match denial.as_str() {
                "nkda" => self.allergic_to_medicine,
                "nka" => self.allergic,
                _ => of_allergies && self.allergic,
            };
        }
        let items: Vec<Vec<&str>> = rest
            .split(|word| matches!(word.as_str(), "," | "or" | "nor" | "and"))
            .map(|item| {
                item.iter()
                    .map(String::as_str)
                    .filter(|word| !BETWEEN.contains(word))
                    .collect()
            })
            .filter(|item: &Vec<&str>| !item.is_empty())
            .collect();
        // What follows the last item speaks of all of them: "no asthma or gout at present".
        items.last().is_some_and(|last| last.len() <= 3 && self.is_named(last))
            && items.iter().any(|item| self.holds(item))
    }

    /// Whether an item is a name and nothing else, as far as records and lists know.
    fn is_named(&self, item: &[&str]) -> bool {
        self.holds(item) || self.allergy_of(item).is_some() || ward_clinical::names_condition(&item.join(" "))
    }

    /// Whether the patient has it.
    fn holds(&self, item: &[&str]) -> bool {
        if let Some(allergic) = self.allergy_of(item) {
            return allergic;
        }
        if matches!(item, ["past", "medical"] | ["medical"]) {
            return !self.problems.is_empty();
        }
        let name = item.join(" ");
        let adjective = HAVING.iter().find(|(adjective, _)| *adjective == name);
        let name = adjective.map_or(name.as_str(), |(_, problem)| *problem);
        let is_held = |name: &str| {
            let name: Vec<&str> = name.split(' ').collect();
            self.problems.iter().any(|problem| is_only(problem, &name))
        };
        is_held(name) || ward_clinical::same_terms(name).any(is_held)
    }

    /// What an item about allergies says of the patient's; none when it is about something else.
    fn allergy_of(&self, item: &[&str]) -> Option<bool> {
        match item {
            ["allergies" | "allergy" | "allergic"] | ["allergic", "anything"] => Some(self.allergic),
            ["drug" | "medication" | "medicine", "allergies" | "allergy"] => Some(self.allergic_to_medicine),
            _ => None,
        }
    }
}

/// What stands before one of these ends.
fn before_one_of<'a, 'b>(ends: &[&'static [&'static str]], clause: &'a [&'b str]) -> Option<&'a [&'b str]> {
    ends.iter().find_map(|end| clause.strip_suffix(*end))
}

/// Whether `problem` is `name` with nothing beside it that makes it another: "chronic kidney disease stage 3b" is "kidney disease", and
/// "pulmonary hypertension" is not "hypertension".
fn is_only(problem: &[String], name: &[&str]) -> bool {
    let mut at = (0..problem.len()).filter(|at| {
        let rest = problem.get(*at..).unwrap_or_default();
        rest.len() >= name.len() && rest.iter().zip(name).all(|(a, b)| a == b)
    });
    let of_grade =
        |word: &String| QUALIFIERS.contains(&word.as_str()) || word.starts_with(|c: char| c.is_ascii_digit());
    at.next().is_some_and(|at| {
        let (before, after) = (problem.get(..at), problem.get(at + name.len()..));
        before.into_iter().chain(after).flatten().all(of_grade)
    })
}

/// The words of a sentence in small letters, commas as words of their own; marks of lists and citations are none.
fn words(sentence: &str) -> impl Iterator<Item = String> + '_ {
    sentence
        .split(|c: char| c.is_whitespace() || c == '/')
        .filter(|word| !(word.starts_with('[') && word.trim_end_matches(['.', ',']).ends_with(']')))
        .flat_map(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let word_itself = (!bare.is_empty()).then(|| bare.to_lowercase().replace('\u{2019}', "'"));
            let comma = word.ends_with([',', ';']).then(|| ",".to_owned());
            word_itself.into_iter().chain(comma)
        })
}

#[cfg(test)]
mod tests {
    use super::Held;

    fn held() -> Held {
        let mut held = Held::default();
        held.allergy("Penicillin");
        for problem in [
            "Type 2 diabetes mellitus",
            "Chronic kidney disease, stage 3b",
            "Pulmonary hypertension",
            "Gout",
        ] {
            held.problem(problem);
        }
        held
    }

    #[test]
    fn plain_denials_of_what_is_held() {
        for sentence in [
            "She has no known allergies.",
            "NKDA.",
            "Allergies: none.",
            "She isn't allergic to anything.",
            "There aren\u{2019}t any known drug allergies [2].",
            "No diabetes.",
            "She doesn't have diabetes.",
            "The patient has never had gout.",
            "She denies a history of gout.",
            "She has neither asthma nor gout.",
            "She has asthma but not gout.",
            "She is not diabetic.",
            "No CKD.",
            "No past medical history.",
        ] {
            assert!(held().is_denied_in(sentence), "{sentence}");
        }
    }

    #[test]
    fn what_was_looked_for_and_not_found() {
        for sentence in [
            "There is no evidence of gout.",
            "No evidence of diabetes [1].",
            "Gout: absent",
            "- CKD: absent",
            "Diabetes was ruled out.",
            "Gout has been ruled out.",
            "Gout is not present.",
            "No gout is recorded.",
            "No diabetes is documented.",
        ] {
            assert!(held().is_found_absent_in(sentence), "{sentence}");
        }
        for sentence in [
            "There is no evidence of acute gout.",
            "There is no evidence of gout in the left foot.",
            "There is no evidence of asthma.",
            "No evidence of hypertension.",
            "Asthma: absent",
            "Diabetes insipidus: absent",
            "Diabetes, type 1, was ruled out.",
            "Gout was ruled out in 2019.",
            "Gestational diabetes was ruled out.",
            "Diabetic ketoacidosis was ruled out.",
            "No gout is recorded for her mother.",
            "No gout attack is recorded.",
            "No gout was noted.",
            "It is not true that gout is absent.",
            "If gout is absent",
            "Gout: present",
            "Is gout absent",
            "Absent",
            "is absent",
            "No is recorded",
        ] {
            assert!(!held().is_found_absent_in(sentence), "{sentence}");
        }
        let mut both = held();
        both.denied("gout");
        assert!(!both.is_found_absent_in("There is no evidence of gout."));
        assert!(both.is_found_absent_in("There is no evidence of diabetes."));
    }

    #[test]
    fn other_words_may_make_it_right() {
        for sentence in [
            "She has no allergies besides penicillin.",
            "No known allergies apart from penicillin.",
            "It is incorrect to say she has no known allergies.",
            "The record does not say that she has no diabetes.",
            "If diabetes were absent, metformin would not be listed.",
            "She has no current gout.",
            "No acute gout.",
            "No gout today.",
            "No asthma or gout at present.",
            "No hypertension.",
            "Her mother has no diabetes.",
            "No diabetes is recorded for her mother.",
            "She has gout.",
            "She has no cough.",
        ] {
            assert!(!held().is_denied_in(sentence), "{sentence}");
        }
        let mut food = Held::default();
        food.allergy("shellfish");
        assert!(!food.is_denied_in("No known drug allergies."));
        assert!(!food.is_denied_in("NKDA."));
        assert!(food.is_denied_in("No known allergies."));
    }
}
