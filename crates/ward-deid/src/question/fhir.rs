//! The questions of FHIR: items of a QuestionnaireResponse, codes of observations, names of parameters and extensions.

use ward_formats::{Doc, Document, Role};

use super::{Answer, MOST_ANSWERS, Question, Questions};

/// Longest question read, in bytes: people are asked in whole sentences.
const LONGEST_QUESTION: usize = 200;

impl Questions {
    /// Reads what each value of a FHIR document answers.
    pub(super) fn of_fhir(doc: &Doc) -> Self {
        let mut all = Self::default();
        let mut last = "";
        let mut answers = 0;
        for (index, field) in doc.fields().iter().enumerate() {
            if !matches!(field.role, Role::Text | Role::Unknown | Role::Value | Role::Code) {
                continue;
            }
            let label = doc.label(index).map(asked).unwrap_or_default();
            if label.is_empty() || label.len() > LONGEST_QUESTION {
                continue;
            }
            answers = if label == last { answers + 1 } else { 0 };
            if answers == 0 {
                all.questions.push(Question::new(label, false, ""));
                last = label;
            }
            let answer = Answer {
                question: all.questions.len().saturating_sub(1),
                joined: answers < MOST_ANSWERS,
            };
            all.answers.insert(index, answer);
        }
        all
    }
}

/// A question without what stands around it.
fn asked(label: &str) -> &str {
    label.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '?' | '.' | '*' | '-' | '#'))
}
