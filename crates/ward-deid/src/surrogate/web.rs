//! Stand-ins for what leads to somebody over the internet: from ranges and domains kept for documentation.

use super::draw::Draw;

/// RFC 2606.
const DOMAINS: &[&str] = &["example.com", "example.org", "example.net"];
/// RFC 5737.
const NETWORKS: &[&str] = &["192.0.2.", "198.51.100.", "203.0.113."];

/// An internet address kept for documentation: RFC 5737 for version 4, RFC 3849 for version 6.
pub(super) fn ip(draw: &Draw, value: &str, attempt: u32) -> Option<String> {
    let bits = draw.bits("ip", value, attempt);
    if value.contains(':') {
        let group = |i: usize| {
            let high = bits.get(i).copied().unwrap_or(0);
            u16::from_be_bytes([high, bits.get(i + 1).copied().unwrap_or(0)])
        };
        return Some(format!("2001:db8::{:x}:{:x}:{:x}", group(0), group(2), group(4)));
    }
    let network = draw.pick("network", value, attempt, NETWORKS)?;
    // What follows the address, such as the length of a network or a port, stays.
    let rest = value
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .and_then(|at| value.get(at..))
        .unwrap_or("");
    Some(format!(
        "{network}{}{rest}",
        1 + draw.number("host", value, attempt, 254)
    ))
}

/// An address below a domain kept for examples. Its path follows from the old one, which cannot be read from it.
pub(super) fn url(draw: &Draw, value: &str, attempt: u32) -> Option<String> {
    let (scheme, rest) = match value.find("://") {
        Some(at) => value.split_at_checked(at + 3)?,
        None => ("", value),
    };
    let www = if rest.starts_with("www.") { "www." } else { "" };
    let domain = draw.pick("domain", rest, attempt, DOMAINS)?;
    let token = ward_seal::hash::hex(draw.bits("url", value, attempt).get(..6)?);
    Some(format!("{scheme}{www}{domain}/{token}"))
}

/// A mailbox at a domain kept for examples. `part` gives the stand-in for a word of the local part, if it is a name
/// that has one.
pub(super) fn email(
    draw: &Draw,
    value: &str,
    attempt: u32,
    mut part: impl FnMut(&str) -> Option<String>,
) -> Option<String> {
    let (local, domain) = value.split_once('@')?;
    let mut out = String::new();
    let mut word = String::new();
    for c in local.chars().chain(['@']) {
        if c.is_alphabetic() {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            match part(&word) {
                Some(new) => out.push_str(&ascii(&new)),
                None => out.push_str(&letters(draw, &word, attempt)),
            }
            word.clear();
        }
        match c {
            '@' => {}
            '0'..='9' => {
                let digit = draw.number("mail digit", &format!("{value} {}", out.len()), attempt, 10);
                out.push(char::from_digit(u32::try_from(digit).ok()?, 10)?);
            }
            c if c.is_ascii() => out.push(c),
            _ => {}
        }
    }
    if attempt > 0 {
        out.push_str(&draw.number("mail", value, attempt, 90).saturating_add(10).to_string());
    }
    let domain = draw.pick("mail domain", domain, 0, DOMAINS)?;
    Some(format!("{}@{domain}", out.to_lowercase()))
}

/// As many letters, drawn.
fn letters(draw: &Draw, word: &str, attempt: u32) -> String {
    let bits = draw.bits("mail word", word, attempt);
    word.chars()
        .zip(bits.iter().cycle())
        .map(|(_, b)| char::from(b'a' + b % 26))
        .collect()
}

fn ascii(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_nowhere() {
        let draw = Draw::new(&[1; 32]);
        assert!(ip(&draw, "10.1.2.3/24", 0).is_some_and(|ip| ip.ends_with("/24") && !ip.contains("10.1.2.3")));
        assert!(ip(&draw, "fe80::1", 0).is_some_and(|ip| ip.starts_with("2001:db8::")));
        let url = url(&draw, "https://www.clinic.org/zelda?x=1", 0).unwrap();
        assert!(url.starts_with("https://www.example.") && !url.contains("zelda"));
        let mail = email(&draw, "Zelda.Q_12@clinic.org", 0, |word| {
            (word == "Zelda").then(|| "Marisol".to_owned())
        })
        .unwrap();
        assert!(mail.starts_with("marisol.") && mail.contains("@example."), "{mail}");
        assert_ne!(email(&draw, "a@b.c", 0, |_| None), email(&draw, "a@b.c", 1, |_| None));
    }
}
