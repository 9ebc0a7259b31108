//! People and numbers in a text that are not in the vault: a model made them up, or knows them from elsewhere.

use ward_deid::{Class, Hit, Known, Restorer};

/// Something that identifies somebody and is no stand-in.
pub(super) struct Finding {
    pub(super) place: String,
    pub(super) class: Class,
    pub(super) rule: &'static str,
}

/// Most findings that are listed for one file.
pub(super) const MOST: usize = 1_000;

/// What `look` finds `text` to name beside placeholders and stand-ins. `place` says where a byte of it is.
pub(super) fn strangers(
    restorer: &Restorer,
    text: &str,
    look: impl Fn(&str, &Known) -> Vec<Hit>,
    place: impl Fn(usize) -> String,
    findings: &mut Vec<Finding>,
) {
    let hits = look(text, &Known::default());
    if hits.is_empty() {
        return;
    }
    let covered = restorer.covered(text);
    for hit in hits {
        let ours = covered
            .iter()
            .any(|span| span.start < hit.span.end && hit.span.start < span.end);
        if !ours && !matches!(hit.class, Class::Text | Class::File) && findings.len() < MOST {
            findings.push(Finding {
                place: place(hit.span.start),
                class: hit.class,
                rule: hit.rule,
            });
        }
    }
}

/// `line 3, column 7`, both from 1, the column in characters.
pub(super) fn line_and_column(text: &str, at: usize) -> String {
    let head = text.get(..at).unwrap_or(text);
    let start = head.rfind('\n').map_or(0, |end| end + 1);
    let line = 1 + head.bytes().filter(|b| *b == b'\n').count();
    let column = 1 + head.get(start..).unwrap_or_default().chars().count();
    format!("line {line}, column {column}")
}

#[cfg(test)]
mod tests {
    use ward_deid::{Deidentifier, Mode, find};

    use super::*;

    #[test]
    fn finds_who_is_not_in_the_vault() {
        let mut subject = Deidentifier::new(Mode::Surrogate, [1; 32]);
        let done = subject
            .text("Dr. Ana Ruiz saw him on 2024-01-08.", &Known::default())
            .text;
        let text = format!("{done}\nHe also met Dr. Bo Lind.");
        let mut findings = Vec::new();
        strangers(
            &subject.restorer(),
            &text,
            find,
            |at| line_and_column(&text, at),
            &mut findings,
        );
        let found: Vec<_> = findings.iter().map(|one| (one.place.as_str(), one.class)).collect();
        assert_eq!(found, [("line 2, column 13", Class::Name)]);
    }

    #[test]
    fn the_namespace_of_a_narrative_names_nobody() {
        let restorer = Deidentifier::new(Mode::Surrogate, [1; 32]).restorer();
        let text = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Fever since Monday</p></div>";
        let mut findings = Vec::new();
        let place = |_| String::new();
        strangers(&restorer, text, ward_deid::find_in_markup, place, &mut findings);
        assert!(findings.is_empty());
        strangers(&restorer, text, find, place, &mut findings);
        assert_eq!(findings.len(), 1);
    }
}
