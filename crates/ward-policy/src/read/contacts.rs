//! Where to report: addresses, also those written so that machines would not read them, forms, platforms, keys.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    markdown::trick_of,
    promise::Place,
    read::{Contact, ContactKind, Trick},
};

/// Most contacts of one text.
const MAX_CONTACTS: usize = 20;

/// The addresses of a text.
pub(super) fn in_text(text: &str, place: &Place) -> Vec<Contact> {
    static EMAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let letter = r"\p{L}\p{N}\x{200b}\x{200c}\x{2060}\x{feff}\x{ad}";
        Regex::new(&format!(
            r"[{letter}][{letter}._%+\-]*@[{letter}][{letter}\-]*(?:\.[{letter}][{letter}\-]*)+"
        ))
        .ok()
    });
    static HIDDEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let at = r"\s*(?:\[\s*@\s*\]|\(\s*@\s*\)|\[\s*at\s*\]|\(\s*at\s*\)|\{\s*at\s*\}|<\s*at\s*>|_at_)\s*";
        let dot = r"(?:\s*(?:\[\s*dot\s*\]|\(\s*dot\s*\)|\{\s*dot\s*\}|<\s*dot\s*>|\[\s*\.\s*\]|_dot_|\bdot\b|\.)\s*)";
        Regex::new(&format!(r"(?i)\b([a-z0-9][a-z0-9._+\-]{{0,63}}){at}([a-z0-9\-]{{1,63}}(?:{dot}[a-z0-9\-]{{1,63}}){{0,3}}{dot}[a-z]{{2,24}})\b")).ok()
    });
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)\b([a-z0-9][a-z0-9._+\-]{0,63})\s+at\s+([a-z0-9\-]{1,63}(?:\s+dot\s+[a-z0-9\-]{1,63}){1,4})\b")
            .ok()
    });
    static SPACED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)\b([a-z0-9][a-z0-9._+\-]{0,63})\s+@\s+([a-z0-9\-]{1,63}(?:\s*\.\s*[a-z0-9\-]{1,63}){0,3}\s*\.\s*[a-z]{2,24})\b").ok()
    });
    static DOT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)\s*(?:\[\s*dot\s*\]|\(\s*dot\s*\)|\{\s*dot\s*\}|<\s*dot\s*>|\[\s*\.\s*\]|_dot_|\bdot\b|\.)\s*")
            .ok()
    });
    let mut found = Vec::new();
    if text.contains('@') {
        for hit in EMAIL.iter().flat_map(|regex| regex.find_iter(text)).take(MAX_CONTACTS) {
            let before = text.get(..hit.start()).and_then(|before| before.chars().next_back());
            let is_account = hit.as_str().starts_with("git@")
                || matches!(before, Some('/' | ':')) && text.contains("://") && !text.contains("mailto:");
            if !is_account {
                found.push(email(hit.as_str(), false, place));
            }
        }
    }
    if text.contains(['@', '[', '(', '{', '<', '_']) || text.to_ascii_lowercase().contains(" dot ") {
        for regex in [&HIDDEN, &WORDS, &SPACED] {
            for groups in regex
                .iter()
                .flat_map(|regex| regex.captures_iter(text))
                .take(MAX_CONTACTS)
            {
                let (Some(name), Some(host)) = (groups.get(1), groups.get(2)) else {
                    continue;
                };
                let host = DOT
                    .as_ref()
                    .map_or(host.as_str().into(), |dot| dot.replace_all(host.as_str(), "."));
                let address = format!("{}@{host}", name.as_str());
                if !found
                    .iter()
                    .any(|contact: &Contact| contact.value.eq_ignore_ascii_case(&address))
                {
                    found.push(email(&address, true, place));
                }
            }
        }
    }
    found.truncate(MAX_CONTACTS);
    found
}

/// An address, with what is odd about it.
fn email(address: &str, obfuscated: bool, place: &Place) -> Contact {
    let trick = trick(address);
    let value: String = address.chars().filter(|c| trick_of(*c).is_none()).collect();
    Contact {
        kind: ContactKind::Email,
        value,
        slug: None,
        obfuscated,
        trick,
        place: place.clone(),
    }
}

/// What is odd about the characters of an address.
pub(super) fn trick(address: &str) -> Option<Trick> {
    if let Some(trick) = address.chars().find_map(trick_of) {
        return Some(trick);
    }
    // Each part between dots, at signs and hyphens is of one script.
    let is_mixed = address.split(|c: char| !c.is_alphabetic()).any(|word| {
        let mut scripts = word.chars().filter_map(script);
        scripts
            .next()
            .is_some_and(|first| scripts.any(|script| script != first))
    });
    let foreign = address.chars().filter_map(script).any(|script| script != Script::Latin);
    let plain = address.chars().filter_map(script).any(|script| script == Script::Latin);
    (is_mixed || (foreign && plain)).then_some(Trick::MixedScripts)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Other,
}

fn script(c: char) -> Option<Script> {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Some(Script::Latin),
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Some(Script::Greek),
        '\u{400}'..='\u{52f}' => Some(Script::Cyrillic),
        c if c.is_alphabetic() => Some(Script::Other),
        _ => None,
    }
}

/// What a link is as a contact; none for a link that is no way to report. `reports` says that its sentence is about reporting.
pub(super) fn of_link(target: &str, reports: bool, place: &Place) -> Option<Contact> {
    let contact = |kind, value: &str, slug| Contact {
        kind,
        value: value.to_owned(),
        slug,
        obfuscated: false,
        trick: trick(value),
        place: place.clone(),
    };
    let lower = target.to_ascii_lowercase();
    if let Some(rest) = target
        .get(..7)
        .filter(|start| start.eq_ignore_ascii_case("mailto:"))
        .and_then(|_| target.get(7..))
    {
        let address = rest.split('?').next().unwrap_or_default().replace("%40", "@");
        return address.contains('@').then(|| email(&address, false, place));
    }
    let rest = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.strip_prefix("www.").unwrap_or(host);
    let mut parts = path.split(['/', '?', '#']).filter(|part| !part.is_empty());
    let slug = || {
        let mut parts = path.split(['/', '?', '#']).filter(|part| !part.is_empty());
        Some(format!(
            "{host}/{}/{}",
            parts.next()?,
            parts.next()?.trim_end_matches(".git")
        ))
    };
    let platforms = [
        "huntr.dev",
        "huntr.com",
        "hackerone.com",
        "bugcrowd.com",
        "intigriti.com",
        "yeswehack.com",
        "immunefi.com",
        "tidelift.com",
        "openbugbounty.org",
        "app.intigriti.com",
    ];
    if platforms.contains(&host) {
        return Some(contact(ContactKind::Platform, target, None));
    }
    if matches!(
        host,
        "keys.openpgp.org" | "keybase.io" | "pgp.mit.edu" | "keyserver.ubuntu.com"
    ) || lower.ends_with(".asc")
        || lower.contains("pgp-key")
        || lower.contains("pgp_key")
    {
        return Some(contact(ContactKind::Key, target, None));
    }
    if host == "github.com" || host.contains("gitlab") || host == "codeberg.org" {
        let tail: Vec<&str> = parts.by_ref().skip(2).take(3).collect();
        let tail = if tail.first() == Some(&"-") {
            tail.get(1..).unwrap_or_default()
        } else {
            tail.as_slice()
        };
        return match tail {
            ["security", "advisories", "new", ..] | ["security", "advisories"] | ["security"]
                if reports || tail.len() == 3 =>
            {
                Some(contact(ContactKind::Advisory, target, slug()))
            }
            ["issues", "new", ..] if lower.contains("confidential") => {
                Some(contact(ContactKind::Advisory, target, slug()))
            }
            ["issues" | "discussions", ..] if reports => Some(contact(ContactKind::PublicTracker, target, slug())),
            _ => None,
        };
    }
    let is_form = reports
        && (lower.contains("report")
            || lower.contains("security")
            || lower.contains("forms")
            || lower.contains("contact")
            || lower.contains("vulnerab"));
    is_form.then(|| contact(ContactKind::Form, target, None))
}

/// A fingerprint of an OpenPGP key.
pub(super) fn fingerprint(text: &str) -> Option<String> {
    static PRINT: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\b(?:[0-9A-Fa-f]{4}\s{0,2}){9}[0-9A-Fa-f]{4}\b").ok());
    let hit = PRINT.as_ref()?.find(text)?;
    let print: String = hit.as_str().chars().filter(char::is_ascii_hexdigit).collect();
    (print.len() == 40).then_some(print)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place {
            path: "SECURITY.md".into(),
            line: 1,
            last_line: 1,
        }
    }

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let found: Vec<String> = in_text(text, &place())
            .into_iter()
            .map(|contact| contact.value)
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn addresses_are_put_together() {
        check("Mail security@example.org.", &["security@example.org"]);
        check("security [at] example [dot] org", &["security@example.org"]);
        check("email `security at python dot org`.", &["security@python.org"]);
        check("sec(at)example.co(dot)uk", &["sec@example.co.uk"]);
        check("security [@] x.org", &["security@x.org"]);
        check("look at this. dot it", &[]);
        check("clone git@github.com:x/y.git", &[]);
    }

    #[test]
    fn tricks_are_seen() {
        assert_eq!(
            in_text("s\u{435}curity@example.org", &place())[0].trick,
            Some(Trick::MixedScripts)
        );
        assert_eq!(
            in_text("secu\u{200b}rity@example.org", &place())[0].trick,
            Some(Trick::Invisible)
        );
        assert_eq!(in_text("security@example.org", &place())[0].trick, None);
        assert_eq!(trick("sicherheit@bücher.de"), None);
    }

    #[test]
    fn links_are_known() {
        let kind = |target: &str| of_link(target, true, &place()).map(|contact| (contact.kind, contact.slug));
        assert_eq!(
            kind("https://github.com/A/b/security/advisories/new"),
            Some((ContactKind::Advisory, Some("github.com/a/b".into())))
        );
        assert_eq!(kind("https://huntr.com/"), Some((ContactKind::Platform, None)));
        assert_eq!(
            kind("https://github.com/a/b/issues"),
            Some((ContactKind::PublicTracker, Some("github.com/a/b".into())))
        );
        assert_eq!(kind("docs/x.md"), None);
        assert_eq!(
            kind("mailto:a%40b.org?subject=x").map(|found| found.0),
            Some(ContactKind::Email)
        );
        assert_eq!(
            fingerprint("0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567").map(|print| print.len()),
            Some(40)
        );
    }
}
