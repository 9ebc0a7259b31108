//! Private keys in blocks of text: PEM, OpenSSH, PGP, PuTTY, age.

use std::ops::Range;

use data_encoding::BASE64;
use ward_evidence::Severity;

use super::{
    kinds,
    page::{Candidate, Certainty, Page},
};

/// Longest block that is read: an RSA key of 16,384 bits has about 13 KB.
const LONGEST: usize = 64 << 10;

/// The private key that the keyword `at` announces. `done` is the end of the last block.
pub(crate) fn find(page: &Page<'_>, at: Range<usize>, done: &mut usize) -> Option<Candidate> {
    if at.start < *done {
        return None;
    }
    let rest = page
        .text
        .get(at.start..at.start.saturating_add(LONGEST).min(page.text.len()))?;
    let first = *rest.first()?;
    let (length, candidate) = match first {
        b'-' => pem(rest, at.start)?,
        b'P' | b'p' => putty(rest, at.start)?,
        _ => age(rest, at.start)?,
    };
    *done = at.start + length;
    candidate
}

type Read = Option<(usize, Option<Candidate>)>;

/// `-----BEGIN .. PRIVATE KEY-----`: RFC 7468, with the headers of RFC 1421 that OpenSSL still writes.
fn pem(rest: &[u8], offset: usize) -> Read {
    let head = rest
        .strip_prefix(b"-----BEGIN ")
        .or_else(|| rest.strip_prefix(b"-----begin "))?;
    let label_length = memchr::memmem::find(head.get(..80.min(head.len()))?, b"-----")?;
    let label = str::from_utf8(head.get(..label_length)?).ok()?;
    let start = 11 + label_length + 5;
    let pgp = label == "PGP PRIVATE KEY BLOCK";
    if !label.ends_with("PRIVATE KEY") && !pgp {
        return Some((start, None));
    }
    let body = rest.get(start..)?;
    let end = memchr::memmem::find(body, b"-----END").or_else(|| memchr::memmem::find(body, b"-----"));
    // A block that was cut still gives the key away when enough of it is there.
    let body = body.get(..end.unwrap_or(4096.min(body.len())))?;
    let length = start + body.len();
    let (headers, mut bytes) = decode(body);
    let place = offset..offset + start;
    let candidate = Candidate::new(&kinds::PRIVATE_KEY, place.start..offset + length, Certainty::Proven);
    let candidate = if bytes.len() < 24 {
        // Nothing stands in it, or something that is no base64. Long enough, it may be a key that was wrapped or
        // spoilt.
        let graphic = body.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
        let mut kinds_seen = [false; 256];
        body.iter().for_each(|byte| {
            if let Some(seen) = kinds_seen.get_mut(usize::from(*byte)) {
                *seen = true;
            }
        });
        let variety = kinds_seen.iter().filter(|seen| **seen).count();
        (end.is_some() && graphic >= 64 && variety >= 20).then(|| {
            let mut candidate = candidate
                .at_most(Severity::Medium)
                .note("its content could not be read");
            candidate.certainty = Certainty::Shape;
            candidate
        })
    } else if label.contains("ENCRYPTED") || headers {
        Some(
            candidate
                .at_most(Severity::Low)
                .note("encrypted: as strong as its passphrase"),
        )
    } else if bytes.starts_with(b"openssh-key-v1\0") {
        Some(if openssh_is_encrypted(&bytes) {
            candidate
                .at_most(Severity::Low)
                .note("OpenSSH, encrypted: as strong as its passphrase")
        } else {
            candidate.note("OpenSSH, not encrypted")
        })
    } else if pgp {
        Some(candidate.note("PGP"))
    } else if bytes.first() == Some(&0x30) && der_fits(&bytes) {
        Some(candidate.note("not encrypted"))
    } else {
        let mut candidate = candidate
            .at_most(Severity::High)
            .note("its structure is wrong: cut, spoilt or made up");
        candidate.certainty = Certainty::Shape;
        Some(candidate)
    };
    bytes.fill(0);
    Some((length, candidate))
}

/// The bytes of a block's base64, and whether headers say that it is encrypted. Escaped line ends, quotes and `+`
/// between
/// the pieces of a string are passed over, so that keys in JSON, YAML and program text are read too.
fn decode(body: &[u8]) -> (bool, Vec<u8>) {
    let encrypted =
        memchr::memmem::find(body, b"ENCRYPTED").is_some() || memchr::memmem::find(body, b"DEK-Info").is_some();
    let mut text = Vec::with_capacity(body.len());
    for line in body.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        // `Proc-Type: 4,ENCRYPTED`, `Version: GnuPG`, and the checksum of a PGP block.
        if line.windows(2).any(|two| two == b": ") || line.first() == Some(&b'=') {
            continue;
        }
        let mut at = 0;
        while let Some(&byte) = line.get(at) {
            match byte {
                b'\\' => {
                    let run = line
                        .get(at..)
                        .unwrap_or_default()
                        .iter()
                        .take_while(|b| **b == b'\\')
                        .count();
                    at += run + usize::from(matches!(line.get(at + run), Some(b'n' | b'r' | b't')));
                    continue;
                }
                _ if byte.is_ascii_alphanumeric() || byte == b'/' => text.push(byte),
                // Between pieces of program text `+` joins them.
                b'+' if !(line.get(at + 1).is_none_or(u8::is_ascii_whitespace)
                    || at > 0 && line.get(at - 1).is_some_and(|b| matches!(b, b' ' | b'"' | b'\''))) =>
                {
                    text.push(byte);
                }
                b'.' | b'*' | b'<' | b'>' | b'{' | b'}' | b'$' | b'[' | b']' => return (encrypted, Vec::new()),
                _ => {}
            }
            at += 1;
        }
    }
    // Only whole groups: the tail does not matter here.
    text.truncate(text.len() / 4 * 4);
    let bytes = BASE64.decode(&text).unwrap_or_default();
    let varied = super::entropy::shannon(&text) >= 3.5;
    text.fill(0);
    (encrypted, if varied { bytes } else { Vec::new() })
}

/// The cipher's name behind the magic of an OpenSSH key: a length and `none` for a key without passphrase.
fn openssh_is_encrypted(bytes: &[u8]) -> bool {
    bytes.get(15..23) != Some(b"\x00\x00\x00\x04none")
}

/// Whether the outer DER sequence says a length that fits what is there, give or take a cut tail.
fn der_fits(bytes: &[u8]) -> bool {
    let said = match bytes.get(1) {
        Some(&short @ 0..=0x7f) => usize::from(short) + 2,
        Some(0x81) => bytes.get(2).map_or(0, |b| usize::from(*b) + 3),
        Some(0x82) => match bytes.get(2..4) {
            Some(&[high, low]) => usize::from(high) * 256 + usize::from(low) + 4,
            _ => 0,
        },
        _ => 0,
    };
    said > 16 && bytes.len() + 3 >= said && bytes.len() <= said + 3
}

/// `PuTTY-User-Key-File-2: ssh-rsa`: encrypted or not, public and private lines.
fn putty(rest: &[u8], offset: usize) -> Read {
    let head = rest.get(..rest.len().min(4096))?;
    let private = memchr::memmem::find(head, b"Private-Lines:")?;
    let mac = memchr::memmem::find(rest, b"Private-MAC:").unwrap_or(rest.len());
    let body = rest.get(private + 14..mac)?;
    if body.iter().filter(|byte| byte.is_ascii_alphanumeric()).count() < 32 {
        return Some((mac, None));
    }
    let open = memchr::memmem::find(head, b"Encryption: none").is_some();
    let candidate = Candidate::new(&kinds::PRIVATE_KEY, offset..offset + mac, Certainty::Proven);
    let candidate = if open {
        candidate.note("PuTTY, not encrypted")
    } else {
        candidate
            .at_most(Severity::Low)
            .note("PuTTY, encrypted: as strong as its passphrase")
    };
    Some((mac, Some(candidate)))
}

/// `AGE-SECRET-KEY-1` and 58 characters of Bech32 (the age specification).
fn age(rest: &[u8], offset: usize) -> Read {
    let body = rest.get(16..)?;
    let length = body
        .iter()
        .take_while(|byte| b"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".contains(byte))
        .count();
    if !rest.starts_with(b"AGE-SECRET-KEY-1")
        || length != 58
        || body.get(58).is_some_and(u8::is_ascii_alphanumeric)
        || super::entropy::shannon(body.get(..58)?) < 3.5
    {
        return Some((16 + length, None));
    }
    let mut candidate = Candidate::new(&kinds::PRIVATE_KEY, offset..offset + 74, Certainty::Proven).note("age");
    candidate.shown = 4;
    Some((74, Some(candidate)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::sample::Dice;

    fn block(label: &str, bytes: &[u8], line_end: &str) -> String {
        let body = BASE64.encode(bytes);
        let mut text = format!("{}BEGIN {label}-----{line_end}", "-----");
        for line in body.as_bytes().chunks(64) {
            text.push_str(str::from_utf8(line).unwrap());
            text.push_str(line_end);
        }
        text + &format!("-----END {label}-----")
    }

    #[track_caller]
    fn check(text: &str, expect: Option<Severity>) {
        let page = Page::of_file("x", "x", text.as_bytes());
        let found = find(&page, 0..11, &mut 0);
        assert_eq!(found.map(|candidate| candidate.severity), expect, "{text}");
    }

    #[test]
    fn private_keys_are_read() {
        let mut der = vec![0x30, 0x82, 0x01, 0x00];
        der.extend(Dice::new(1).bytes(256));
        check(&block("RSA PRIVATE KEY", &der, "\n"), Some(Severity::Critical));
        check(&block("RSA PRIVATE KEY", &der, "\\n"), Some(Severity::Critical));
        check(
            &block("RSA PRIVATE KEY", &der, "\\n\" +\n  \""),
            Some(Severity::Critical),
        );
        check(&block("ENCRYPTED PRIVATE KEY", &der, "\n"), Some(Severity::Low));
        check(&block("PUBLIC KEY", &der, "\n"), None);
        check(&block("CERTIFICATE", &der, "\n"), None);
        check(&block("PRIVATE KEY", b"", "\n"), None);
        check(
            &block("PRIVATE KEY", &Dice::new(2).bytes(256), "\n"),
            Some(Severity::High),
        );
        check(
            concat!("-----BEGIN ", "PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----"),
            None,
        );
        let mut ssh = b"openssh-key-v1\0\x00\x00\x00\x04none".to_vec();
        ssh.extend(Dice::new(3).bytes(200));
        check(&block("OPENSSH PRIVATE KEY", &ssh, "\n"), Some(Severity::Critical));
        let mut ssh = b"openssh-key-v1\0\x00\x00\x00\x0aaes256-ctr".to_vec();
        ssh.extend(Dice::new(3).bytes(200));
        check(&block("OPENSSH PRIVATE KEY", &ssh, "\n"), Some(Severity::Low));
    }

    #[test]
    fn age_and_putty() {
        let key = Dice::new(1).of("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58);
        check(
            &format!("{}{key}\n", concat!("AGE-SECRET", "-KEY-1")),
            Some(Severity::Critical),
        );
        check(&format!("{}{key}A", concat!("AGE-SECRET", "-KEY-1")), None);
        let lines = Dice::new(1).of("abcdefghijkABCDEF0123456789", 64);
        check(
            &format!(
                "{}-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: x\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\n{lines}\nPrivate-MAC: 00",
                "PuTTY"
            ),
            Some(Severity::Critical),
        );
    }
}
