//! What is said about a piece of work: counts, problems, places, and never values.

use serde_json::{Value, json};
use ward_deid::{Applied, Class, Replaced, Tally, residual::Traits};
use ward_formats::Problem;

/// Problems of one file that are listed one by one.
const MOST_PROBLEMS: usize = 100;

/// What came of a piece.
#[derive(Default)]
pub(super) struct Done {
    /// The result.
    pub(super) bytes: Vec<u8>,
    pub(super) notes: Notes,
    /// With `--spans`: the text that the spans count in, when there is one, and its code points.
    pub(super) text: Option<String>,
    pub(super) points: u64,
    /// With `--spans`, where spans count in a field: the code points before each span and before its end, span for span of
    /// `notes.applied`.
    pub(super) counted: Vec<(usize, usize)>,
}

impl Done {
    /// Adds what was found in a field with that text.
    pub(super) fn apply_field(&mut self, text: &str, applied: Vec<Applied>) {
        let mut points = Points::of(text);
        let spans = applied
            .iter()
            .map(|one| (points.before(one.old.start), points.before(one.old.end)));
        self.counted.extend(spans);
        self.notes.apply("", applied, 0);
    }
}

/// What is said about it.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) tally: Tally,
    pub(super) problems: Vec<Problem>,
    /// Problems that are not listed: all, and those that are broken.
    pub(super) untold: (u64, u64),
    /// Every replacement, for the manifest.
    pub(super) applied: Vec<Applied>,
    /// What people give away, for the residual risk.
    pub(super) people: Vec<(String, Traits)>,
    /// For the review page.
    pub(super) shown: Vec<Shown>,
    /// Records, lines, rows, messages.
    pub(super) records: u64,
}

/// A text with what was replaced in it.
pub(super) struct Shown {
    /// Where it stands in its file; empty when it is all of it.
    pub(super) place: String,
    pub(super) text: String,
    pub(super) applied: Vec<Applied>,
    /// What stands for each of `applied`.
    pub(super) stand_ins: Vec<String>,
}

impl Shown {
    /// A text and what came of it.
    pub(super) fn of(place: &str, text: &str, replaced: &Replaced) -> Shown {
        Shown::with(place, text, &replaced.text, &replaced.applied)
    }

    /// The same, for applied spans that count in `after`.
    pub(super) fn with(place: &str, text: &str, after: &str, applied: &[Applied]) -> Shown {
        let stand_in = |one: &Applied| after.get(one.new.start..one.new.end).unwrap_or_default().to_owned();
        Shown {
            place: place.to_owned(),
            text: text.to_owned(),
            stand_ins: applied.iter().map(stand_in).collect(),
            applied: applied.to_vec(),
        }
    }
}

impl Notes {
    /// Adds a problem, unless there are too many already.
    pub(super) fn problem(&mut self, place: String, what: &'static str, broken: bool) {
        self.add_problem(Problem { place, what, broken });
    }

    fn add_problem(&mut self, problem: Problem) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.untold.0 += 1;
            self.untold.1 += u64::from(problem.broken);
        }
    }

    /// Adds problems of a document that stands at `place`.
    pub(super) fn problems_at(&mut self, place: &str, problems: Vec<Problem>) {
        for mut problem in problems {
            if !place.is_empty() {
                problem.place = format!("{place}, {}", problem.place);
            }
            self.add_problem(problem);
        }
    }

    /// Adds what was said about a later piece of the same file. What was applied and shown has been dealt with.
    pub(super) fn absorb(&mut self, other: Notes) {
        self.tally.merge(&other.tally);
        self.records += other.records;
        self.untold.0 += other.untold.0;
        self.untold.1 += other.untold.1;
        for problem in other.problems {
            self.add_problem(problem);
        }
    }

    /// Adds replacements of a text or field.
    pub(super) fn apply(&mut self, place: &str, applied: Vec<Applied>, at: u64) {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        for mut one in applied {
            if one.place.is_empty() {
                place.clone_into(&mut one.place);
            } else if !place.is_empty() {
                one.place = format!("{place}, {}", one.place);
            }
            one.old.start = one.old.start.saturating_add(at);
            one.old.end = one.old.end.saturating_add(at);
            self.tally.add(one.class);
            self.applied.push(one);
        }
    }
}

/// The label of a class in spans: the names of the identifiers of 45 CFR 164.514(b)(2)(i) where they are one.
pub(super) fn label(class: Class) -> &'static str {
    match class {
        Class::Name => "NAME",
        Class::Facility => "FACILITY",
        Class::Place => "GEOGRAPHIC_LOCATION",
        Class::Day | Class::Birth => "DATE",
        Class::Age => "AGE_OVER_89",
        Class::Phone => "PHONE_NUMBER",
        Class::Email => "EMAIL_ADDRESS",
        Class::Url => "URL",
        Class::Ip => "IP_ADDRESS",
        Class::Ssn => "SOCIAL_SECURITY_NUMBER",
        Class::Mrn => "MEDICAL_RECORD_NUMBER",
        Class::Plan => "HEALTH_PLAN_BENEFICIARY_NUMBER",
        Class::Account => "ACCOUNT_NUMBER",
        Class::Licence => "CERTIFICATE_LICENSE_NUMBER",
        Class::Vehicle => "VEHICLE_IDENTIFIER",
        Class::Device => "DEVICE_IDENTIFIER",
        Class::Id => "UNIQUE_IDENTIFIER",
        Class::File => "FILE_CONTENT",
        Class::Text => "OTHER",
    }
}

/// Counts by class, for JSON.
pub(super) fn counts(tally: &Tally) -> Value {
    tally
        .iter()
        .map(|(class, count)| (class.label().to_lowercase(), json!(count)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Byte offsets of a text as counts of its code points, for ascending offsets.
pub(super) struct Points<'t> {
    text: &'t str,
    at: usize,
    points: usize,
}

impl<'t> Points<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, at: 0, points: 0 }
    }

    /// The code points before byte `at`.
    pub(super) fn before(&mut self, at: usize) -> usize {
        if at < self.at {
            (self.at, self.points) = (0, 0);
        }
        let more = self.text.get(self.at..at).map_or(0, |text| text.chars().count());
        self.points += more;
        self.at = at;
        self.points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_code_points() {
        let mut points = Points::of("aé🙂b");
        assert_eq!([0, 1, 3, 7, 8].map(|at| points.before(at)), [0, 1, 2, 3, 4]);
        assert_eq!(points.before(3), 2);
    }

    #[test]
    fn every_class_has_a_label() {
        for class in Class::ALL {
            assert!(
                label(class)
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
            );
        }
    }
}
