//! security.txt of RFC 9116, line by line.

use crate::{
    promise::Place,
    read::{Contact, ContactKind, SecurityTxt, contacts, tables},
};

/// Most fields that are kept.
const MAX_FIELDS: usize = 200;
/// Fields of the registry of RFC 9116, with whether one may stand more than once.
const FIELDS: &[(&str, bool)] = &[
    ("acknowledgments", true),
    ("canonical", true),
    ("contact", true),
    ("encryption", true),
    ("expires", false),
    ("hiring", true),
    ("policy", true),
    ("preferred-languages", false),
    ("csaf", true),
    ("bug-bounty", true),
];

/// Reads a file.
pub(super) fn read(path: &str, text: &str) -> (SecurityTxt, Vec<Contact>) {
    let mut found = SecurityTxt {
        path: path.to_owned(),
        ..SecurityTxt::default()
    };
    let mut reports = Vec::new();
    // Where in a signed message we are: 0 none, 1 its headers, 2 its text, 3 its signature.
    let mut part = 0;
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let line = line.trim_end();
        match line {
            "-----BEGIN PGP SIGNED MESSAGE-----" => {
                (part, found.signed) = (1, true);
                continue;
            }
            "-----BEGIN PGP SIGNATURE-----" => {
                part = 3;
                continue;
            }
            "-----END PGP SIGNATURE-----" => {
                part = 4;
                continue;
            }
            _ => {}
        }
        match part {
            1 => {
                part = if line.is_empty() { 2 } else { 1 };
                continue;
            }
            3 => continue,
            4 if !line.trim().is_empty() => {
                found
                    .faults
                    .push((number, "text stands after the signature (RFC 9116, 2.3)"));
                continue;
            }
            _ => {}
        }
        let line = if part == 2 {
            line.strip_prefix("- ").unwrap_or(line)
        } else {
            line
        };
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.split_once(':').filter(|(name, _)| is_name(name)) else {
            found.faults.push((
                number,
                "a line is neither a field, a comment, nor empty (RFC 9116, 2.2)",
            ));
            continue;
        };
        let (name, value) = (name.to_ascii_lowercase(), value.trim());
        if found.fields.len() >= MAX_FIELDS {
            found
                .faults
                .push((number, "more than 200 fields: the rest was not read"));
            break;
        }
        match FIELDS.iter().find(|field| field.0 == name) {
            None => found.faults.push((
                number,
                "a field that is not in the registry (RFC 9116, 2.4: it may be ignored)",
            )),
            Some((_, false)) if found.fields.iter().any(|field| field.0 == name) => {
                found
                    .faults
                    .push((number, "a field that may stand only once stands again (RFC 9116, 2.5)"));
            }
            _ => {}
        }
        let place = Place {
            path: path.to_owned(),
            line: number,
            last_line: number,
        };
        match name.as_str() {
            "contact" => contact(value, &place, &mut found, &mut reports),
            "expires" => match expires(value) {
                Some(day) => found.expires = Some(day),
                None => found
                    .faults
                    .push((number, "Expires is no date and time of RFC 3339 (RFC 9116, 2.5.5)")),
            },
            "encryption" => {
                let is_uri = ["https://", "dns:", "openpgp4fpr:"]
                    .iter()
                    .any(|scheme| value.to_ascii_lowercase().starts_with(scheme));
                if !is_uri {
                    found
                        .faults
                        .push((number, "Encryption is no URI, or not over https (RFC 9116, 2.5.4)"));
                }
                let kind = ContactKind::Key;
                reports.push(Contact {
                    kind,
                    value: value.to_owned(),
                    slug: None,
                    obfuscated: false,
                    trick: contacts::trick(value),
                    place,
                });
            }
            "canonical" | "policy" | "acknowledgments" | "hiring" | "csaf"
                if value.to_ascii_lowercase().starts_with("http://") =>
            {
                found
                    .faults
                    .push((number, "a web address is not over https (RFC 9116, 2.4)"));
            }
            "preferred-languages" => {
                let is_tag = |tag: &str| {
                    (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                };
                if !value.split(',').all(|tag| is_tag(tag.trim())) {
                    found.faults.push((
                        number,
                        "Preferred-Languages holds something that is no language tag (RFC 9116, 2.5.8)",
                    ));
                }
            }
            _ => {}
        }
        found.fields.push((name, value.chars().take(500).collect(), number));
    }
    if found.signed && part < 4 {
        found.faults.push((1, "the signature has no end (RFC 9116, 2.3)"));
    }
    for (name, fault) in [
        ("contact", "there is no Contact (RFC 9116, 2.5.3)"),
        ("expires", "there is no Expires (RFC 9116, 2.5.5)"),
    ] {
        if !found.fields.iter().any(|field| field.0 == name) {
            found.faults.push((1, fault));
        }
    }
    (found, reports)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn contact(value: &str, place: &Place, found: &mut SecurityTxt, reports: &mut Vec<Contact>) {
    let lower = value.to_ascii_lowercase();
    let is_uri = lower.starts_with("mailto:") || lower.starts_with("https://") || lower.starts_with("tel:");
    if !is_uri {
        found
            .faults
            .push((place.line, "Contact is no URI, or not over https (RFC 9116, 2.5.3)"));
    }
    let known = contacts::of_link(value, true, place)
        .into_iter()
        .chain(contacts::in_text(value, place))
        .next();
    reports.push(known.unwrap_or_else(|| Contact {
        kind: if lower.starts_with("http") {
            ContactKind::Form
        } else {
            ContactKind::Other
        },
        value: value.to_owned(),
        slug: None,
        obfuscated: false,
        trick: contacts::trick(value),
        place: place.clone(),
    }));
}

/// The day of a date and time of RFC 3339.
fn expires(value: &str) -> Option<i64> {
    let bytes = value.as_bytes();
    let is_shape = bytes.len() >= 20
        && matches!(bytes.get(10), Some(b'T' | b't' | b' '))
        && matches!(bytes.get(13), Some(b':'))
        && (value.ends_with(['Z', 'z']) || matches!(bytes.get(bytes.len().wrapping_sub(6)), Some(b'+' | b'-')));
    let number = |from: usize, to: usize| value.get(from..to)?.parse::<i64>().ok();
    if !is_shape
        || bytes.get(4) != Some(&b'-')
        || bytes.get(7) != Some(&b'-')
        || number(11, 13)? > 23
        || number(14, 16)? > 59
    {
        return None;
    }
    tables::day_of(number(0, 4)?, number(5, 7)?, number(8, 10)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_file_has_no_fault() {
        let text = "# ours\nContact: mailto:security@example.org\nContact: https://example.org/report\nExpires: 2027-01-01T00:00:00Z\nPreferred-Languages: en, de\nEncryption: https://example.org/key.asc\n";
        let (found, contacts) = read("security.txt", text);
        assert_eq!(found.faults, []);
        assert_eq!(found.expires, Some(20_819));
        assert_eq!(contacts.len(), 3);
        assert!(!found.signed);
    }

    #[test]
    fn faults_have_their_lines() {
        let text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nContact: security@example.org\nExpires: tomorrow\nExpires: 2027-01-01T00:00:00Z\nhello\nFoo: bar\n-----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\nmore\n";
        let (found, contacts) = read("security.txt", text);
        let lines: Vec<u32> = found.faults.iter().map(|fault| fault.0).collect();
        assert_eq!(lines, [4, 5, 6, 7, 8, 12]);
        assert!(found.signed);
        assert_eq!(contacts[0].value, "security@example.org");
        assert_eq!(read("security.txt", "").0.faults.len(), 2);
    }
}
