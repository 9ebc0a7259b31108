//! In which language a document is written, by the share of its small words and of its letters. What is not English is said
//! and not guessed at.

use crate::markdown::Page;

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Language {
    /// A code of ISO 639-1.
    pub(super) code: Option<&'static str>,
    /// It is not English.
    pub(super) is_other: bool,
    /// What is said of it.
    pub(super) not_examined: Option<String>,
}

/// Small words that few other languages have.
const SMALL: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "the", "and", "of", "to", "is", "for", "with", "this", "that", "are", "we", "you", "or", "by", "not", "be",
            "will", "our", "from", "please",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "ist", "nicht", "wir", "ein", "eine", "mit", "für", "auf", "werden", "bitte",
            "sie", "zu", "von", "den", "dem",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "et", "des", "est", "une", "nous", "vous", "pour", "dans", "sur", "veuillez", "avec",
            "pas", "du", "par", "votre", "de",
        ],
    ),
    (
        "es",
        &[
            "el", "los", "las", "y", "del", "una", "por", "para", "con", "nosotros", "usted", "como", "este", "esta",
            "que", "favor", "de",
        ],
    ),
    (
        "pt",
        &[
            "os", "as", "e", "do", "da", "uma", "por", "para", "com", "não", "você", "este", "esta", "que", "dos",
            "das", "em", "de",
        ],
    ),
    (
        "it",
        &[
            "il", "gli", "e", "di", "che", "una", "per", "con", "non", "sono", "questo", "della", "del", "nel", "si",
            "alla",
        ],
    ),
    (
        "nl",
        &[
            "de", "het", "een", "en", "van", "niet", "wij", "voor", "met", "zijn", "dit", "dat", "wordt", "naar", "of",
        ],
    ),
    (
        "pl",
        &[
            "i", "w", "na", "nie", "się", "z", "do", "jest", "że", "prosimy", "oraz", "dla", "przez",
        ],
    ),
    (
        "tr",
        &[
            "ve", "bir", "bu", "için", "ile", "lütfen", "değil", "olarak", "veya", "daha",
        ],
    ),
];

/// Most words that are looked at.
const MAX_WORDS: usize = 4_000;

/// The language of a document.
pub(super) fn of(page: &Page) -> Language {
    let mut counts = [0usize; 9];
    let (mut words, mut foreign, mut units) = (0usize, 0usize, 0usize);
    let mut script = None;
    for unit in &page.units {
        units += 1;
        if is_foreign(&unit.text) {
            foreign += 1;
            script = script.or_else(|| code_of_script(&unit.text));
        }
        if words >= MAX_WORDS {
            continue;
        }
        for word in unit
            .text
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty())
        {
            words += 1;
            let lower = word.to_lowercase();
            for (count, (_, small)) in counts.iter_mut().zip(SMALL) {
                *count += usize::from(small.contains(&lower.as_str()));
            }
        }
    }
    if foreign * 2 > units {
        let code = script.unwrap_or("und");
        let reason = format!("written in another language ({code}): only addresses were read");
        return Language {
            code: Some(code),
            is_other: true,
            not_examined: Some(reason),
        };
    }
    let english = counts.first().copied().unwrap_or(0);
    let best = counts.iter().zip(SMALL).max_by_key(|(count, _)| **count);
    let mut language = Language::default();
    match best {
        Some((count, (code, _))) if *code != "en" && words >= 12 && *count > english * 2 && count * 12 > words => {
            // Words that several languages share tell none of them.
            let alike = counts.iter().filter(|other| *other == count).count() > 1;
            let code = if alike { "und" } else { code };
            language.code = Some(code);
            language.is_other = true;
            language.not_examined = Some(format!(
                "written in another language ({code}): only addresses were read"
            ));
        }
        _ if english > 0 => language.code = Some("en"),
        _ => {}
    }
    if foreign > 0 && !language.is_other {
        let code = script.unwrap_or("und");
        language.not_examined = Some(format!(
            "{foreign} of {units} sentences are in another script ({code}) and were not read"
        ));
    }
    language
}

/// Whether most letters of a text are of another script than Latin.
pub(super) fn is_foreign(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let (mut latin, mut other) = (0usize, 0usize);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        if c.is_ascii() || ('\u{c0}'..='\u{24f}').contains(&c) {
            latin += 1;
        } else {
            // A sign of Chinese or a syllable of Korean is about a word's half.
            other += if c >= '\u{2e80}' { 3 } else { 1 };
        }
    }
    other >= latin.max(1)
}

fn code_of_script(text: &str) -> Option<&'static str> {
    let has = |range: std::ops::RangeInclusive<char>| text.chars().any(|c| range.contains(&c));
    if has('\u{3040}'..='\u{30ff}') {
        Some("ja")
    } else if has('\u{ac00}'..='\u{d7af}') {
        Some("ko")
    } else if has('\u{4e00}'..='\u{9fff}') {
        Some("zh")
    } else if has('\u{400}'..='\u{4ff}') {
        Some("ru")
    } else if has('\u{600}'..='\u{6ff}') {
        Some("ar")
    } else if has('\u{370}'..='\u{3ff}') {
        Some("el")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Markup, page};

    #[track_caller]
    fn check(text: &str, code: Option<&str>, is_other: bool) {
        let found = of(&page(Markup::Markdown, text));
        assert_eq!((found.code, found.is_other), (code, is_other), "{text}");
        assert!(!is_other || found.not_examined.is_some());
    }

    #[test]
    fn languages_are_told_apart() {
        check("Please report vulnerabilities to the team by mail.", Some("en"), false);
        check(
            "Bitte melden Sie Sicherheitslücken nicht öffentlich, sondern schreiben Sie an die Adresse unten. Wir antworten mit einer Bestätigung.",
            Some("de"),
            true,
        );
        check(
            "请不要在公开的问题中报告安全漏洞。请发送邮件至 security@example.org。",
            Some("zh"),
            true,
        );
        check("Bandit", None, false);
        check(
            "Merci de signaler toute faille à cette adresse. Nous répondons sous deux jours; Bandit est exécuté à chaque demande de fusion.",
            Some("fr"),
            true,
        );
        check(
            "Meld een lek niet in het openbaar, maar stuur een bericht naar het adres hieronder. Wij antwoorden binnen de week.",
            Some("nl"),
            true,
        );
        check(
            "Política de seguridad: para informar de un fallo, escriba a la dirección de abajo. Bandit se ejecuta con cada cambio.",
            Some("es"),
            true,
        );
        check(
            "Demande de fusion, chaque jour, avant midi, merci de signaler toute faille de Bandit.",
            Some("und"),
            true,
        );
    }
}
