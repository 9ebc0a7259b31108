//! What the text of a token proves beyond its shape: checksums, encoded accounts, environments, characters.
//!
//! Each function is the `check` of one or more rules. The `made_` functions build look-alikes for examples.

use data_encoding::{BASE32, BASE64URL_NOPAD};
use ward_evidence::Severity;

use crate::secrets::{
    checksum::{base62, crc32, ends_with_crc32_base62},
    rarity::{is_random, is_random_token, surprisal},
    rule::Verdict,
    sample::{BASE62, Dice},
};

/// Characters of at least two of the kinds lower case, upper case, digit: not a word, not a number.
#[must_use]
pub fn mixed(secret: &str) -> Verdict {
    plausible_if(kinds(secret) >= 2)
}

/// Characters of all three kinds lower case, upper case and digit: neither a hash in hexadecimal nor a word.
#[must_use]
pub fn strict(secret: &str) -> Verdict {
    plausible_if(kinds(secret) == 3)
}

/// Upper and lower case both, and less like a name than names in code are: for tokens that are mostly letters.
#[must_use]
pub fn letters(secret: &str) -> Verdict {
    let body = secret.rsplit('_').next().unwrap_or(secret);
    let has = |kind: fn(&u8) -> bool| body.bytes().any(|byte| kind(&byte));
    let cases = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    plausible_if(cases && surprisal(body.as_bytes()) >= 6.0)
}

/// Something else than hexadecimal digits: not the hash of a commit.
#[must_use]
pub fn not_hex(secret: &str) -> Verdict {
    plausible_if(kinds(secret) >= 2 && !secret.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// As rare as random text, for tokens whose prefix is too short to say much.
#[must_use]
pub fn random(secret: &str) -> Verdict {
    plausible_if(kinds(secret) >= 2 && is_random_token(secret.as_bytes()))
}

/// As rare as random text behind the `A`s that every such token starts with.
#[must_use]
pub fn after_padding(secret: &str) -> Verdict {
    random(secret.trim_start_matches('A'))
}

/// A key of a test environment moves no money.
#[must_use]
pub fn not_test(secret: &str) -> Verdict {
    environment(secret, &["test", "TEST", "EZTK"])
}

/// A key of a sandbox moves no money.
#[must_use]
pub fn not_sandbox(secret: &str) -> Verdict {
    environment(secret, &["sandbox", "development", "SBX-"])
}

/// A publishable Mailgun key checks addresses and no more.
#[must_use]
pub fn mailgun(secret: &str) -> Verdict {
    if secret.starts_with("pubkey-") {
        Verdict::Weaker(Severity::Low, "a key that is meant to be public")
    } else {
        Verdict::Plausible
    }
}

/// An AWS key id: since 2019 the 48 bits after the prefix hold a mark, the account's number and padding (base 32), and
/// an account's number has twelve digits.
#[must_use]
pub fn aws_key_id(id: &str) -> Verdict {
    let body = id.get(4..).unwrap_or_default();
    match aws_account(body) {
        // Older ids hold no account.
        None => Verdict::Plausible,
        Some(account) if account < 1_000_000_000_000 => Verdict::Plausible,
        Some(_) => Verdict::Weaker(Severity::Medium, "it encodes no account: mistyped or made up"),
    }
}

/// The account that the part of a key id behind its prefix encodes, or `None` when it is older than that.
fn aws_account(body: &str) -> Option<u64> {
    let bytes = BASE32.decode(body.as_bytes()).ok()?;
    let head = bytes
        .get(..6)?
        .iter()
        .fold(0u64, |value, byte| value << 8 | u64::from(*byte));
    (head >> 47 == 1).then_some((head & 0x7fff_ffff_ff80) >> 7)
}

/// An npm token: its last six characters are the CRC-32 of the thirty before them.
#[must_use]
pub fn npm_token(token: &str) -> Verdict {
    if ends_with_crc32_base62(token.get(4..).unwrap_or_default()) {
        Verdict::Proven
    } else {
        Verdict::Weaker(Severity::Medium, "its checksum is wrong: mistyped, cut or made up")
    }
}

/// A PyPI token: a macaroon of the second version (`libmacaroons` binary format) with the service's name and an
/// identifier that fits.
#[must_use]
pub fn pypi_token(token: &str) -> Verdict {
    let bytes = base64url(token.get(5..).unwrap_or_default());
    match macaroon(&bytes) {
        Some(([b't', b'e', b's', b't', b'.', ..], _)) => {
            Verdict::Weaker(Severity::Medium, "a token of the test service")
        }
        Some((_, true)) => Verdict::Proven,
        Some((_, false)) => Verdict::Plausible,
        None => Verdict::Wrong,
    }
}

/// Where a macaroon is of use, and whether an identifier follows that fits. Fields: version 2; location (1), its length,
/// its bytes; identifier (2), its length, its bytes.
fn macaroon(bytes: &[u8]) -> Option<(&[u8], bool)> {
    let [2, 1, length, rest @ ..] = bytes else {
        return None;
    };
    let (location, rest) = rest.split_at_checked(usize::from(*length))?;
    let fits = match rest {
        [2, low, high, rest @ ..] if *low >= 0x80 => usize::from(*low & 0x7f) | usize::from(*high) << 7 <= rest.len(),
        [2, length, rest @ ..] => usize::from(*length) <= rest.len(),
        _ => false,
    };
    Some((location, fits))
}

/// A Supabase key whose claims name the service role; the `anon` key is public.
#[must_use]
pub fn supabase_service_role(token: &str) -> Verdict {
    proven_if_claims(token, &["\"role\":\"service_role\"", "\"role\": \"service_role\""])
}

/// A token whose claims name a Kubernetes service account.
#[must_use]
pub fn kubernetes_account(token: &str) -> Verdict {
    proven_if_claims(
        token,
        &["kubernetes.io", "kubernetes/serviceaccount", "system:serviceaccount:"],
    )
}

/// A Discord token: its first part is the account's number in base 64.
#[must_use]
pub fn discord_token(token: &str) -> Verdict {
    let mut parts = token.split('.');
    let (account, secret) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    let account = base64url(account.trim_end_matches('='));
    if account.len() >= 15 && account.iter().all(u8::is_ascii_digit) {
        Verdict::Proven
    } else if kinds(secret) == 3 && is_random(secret.as_bytes()) {
        Verdict::Weaker(Severity::Medium, "its first part names no account: cut or made up")
    } else {
        Verdict::Wrong
    }
}

fn plausible_if(fine: bool) -> Verdict {
    if fine { Verdict::Plausible } else { Verdict::Wrong }
}

/// How many of lower case, upper case and digits `secret` holds.
fn kinds(secret: &str) -> usize {
    [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit]
        .iter()
        .filter(|kind| secret.bytes().any(|byte| kind(&byte)))
        .count()
}

fn environment(secret: &str, words: &[&str]) -> Verdict {
    if words.iter().any(|word| secret.contains(word)) {
        Verdict::Weaker(Severity::Medium, "a key of a test environment: it moves nothing real")
    } else {
        Verdict::Plausible
    }
}

fn proven_if_claims(token: &str, words: &[&str]) -> Verdict {
    let claims = base64url(token.split('.').nth(1).unwrap_or_default());
    let claims = String::from_utf8_lossy(&claims);
    if words.iter().any(|word| claims.contains(word)) {
        Verdict::Proven
    } else {
        Verdict::Wrong
    }
}

/// The bytes of `text` in base 64 for URLs (RFC 4648, section 5), without what its last one to three characters add.
fn base64url(text: &str) -> Vec<u8> {
    let whole = text.len() - text.len() % 4;
    text.get(..whole)
        .and_then(|head| BASE64URL_NOPAD.decode(head.as_bytes()).ok())
        .unwrap_or_default()
}

/// A key id of a random account.
pub fn made_aws_key_id(dice: &mut Dice, prefix: &str) -> String {
    let head: u64 = (1 << 47) | ((dice.roll() % 1_000_000_000_000) << 7) | (dice.roll() % 128);
    let mut bytes = head.to_be_bytes().to_vec().split_off(2);
    bytes.extend(dice.bytes(4));
    format!("{prefix}{}", BASE32.encode(&bytes))
}

/// An npm token with a right checksum.
pub fn made_npm_token(dice: &mut Dice) -> String {
    let body = dice.of(BASE62, 30);
    let sum = base62(crc32(body.as_bytes()), 6);
    format!("npm_{body}{sum}")
}

/// A PyPI token whose identifier is random.
pub fn made_pypi_token(dice: &mut Dice) -> String {
    let mut bytes = vec![2, 1, 8];
    bytes.extend(concat!("pypi", ".org").bytes());
    bytes.extend([2, 90]);
    bytes.extend(dice.bytes(130));
    format!("pypi-{}", BASE64URL_NOPAD.encode(&bytes))
}

/// A Supabase key of `role`.
pub fn made_supabase(dice: &mut Dice, role: &str) -> String {
    let head = r#"{"alg":"HS256","typ":"JWT"}"#;
    let name = dice.of("abcdefghijklmnopqrstuvwxyz", 20);
    let claims = format!(r#"{{"iss":"supabase","ref":"{name}","role":"{role}","iat":1700000000,"exp":2000000000}}"#);
    let signature = dice.bytes(32);
    [head.as_bytes(), claims.as_bytes(), &signature]
        .map(|part| BASE64URL_NOPAD.encode(part))
        .join(".")
}

/// A token of a Kubernetes service account.
pub fn made_kubernetes_token(dice: &mut Dice) -> String {
    let head = format!(r#"{{"alg":"RS256","kid":"{}"}}"#, dice.of(BASE62, 43));
    let claims = r#"{"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:default:ada"}"#;
    let signature = dice.bytes(256);
    [head.as_bytes(), claims.as_bytes(), &signature]
        .map(|part| BASE64URL_NOPAD.encode(part))
        .join(".")
}

/// A Discord token of a random account.
pub fn made_discord_token(dice: &mut Dice) -> String {
    let account = format!("1{}", dice.of("0123456789", 17));
    let account = BASE64URL_NOPAD.encode(account.as_bytes());
    format!("{account}.{}.{}", dice.of(BASE62, 6), dice.of(BASE62, 38))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_a_secret() {
        for (secret, expect) in [("abcdef", 1), ("abc123", 2), ("aB3", 3), ("--", 0)] {
            assert_eq!(kinds(secret), expect, "{secret}");
        }
        assert_eq!(not_hex("0123456789abcdef"), Verdict::Wrong);
        assert_eq!(not_hex("0123456789abcdefg"), Verdict::Plausible);
        assert_eq!(strict("abc123"), Verdict::Wrong);
        assert_eq!(letters("hf_abcdef"), Verdict::Wrong);
        assert_eq!(letters("hf_requiredCharacteristicForDisplayMetadata"), Verdict::Wrong);
    }

    #[test]
    fn an_aws_key_id_holds_its_account() {
        let mut dice = Dice::new(5);
        for _ in 0..50 {
            let id = made_aws_key_id(&mut dice, "AKIA");
            assert_eq!(id.len(), 20);
            assert!(aws_account(&id[4..]).is_some_and(|account| account < 1_000_000_000_000));
        }
        // The id of AWS's own documentation is older than the encoding.
        assert_eq!(aws_account("IOSFODNN7EXAMPLE"), None);
        // 2^40 - 1 has thirteen digits.
        assert!(matches!(
            aws_key_id(concat!("AK", "IA7777777777777777")),
            Verdict::Weaker(..)
        ));
    }

    #[test]
    fn a_macaroon_is_read() {
        let token = made_pypi_token(&mut Dice::new(1));
        assert_eq!(pypi_token(&token), Verdict::Proven);
        assert_eq!(pypi_token("pypi-AAAA"), Verdict::Wrong);
        assert_eq!(macaroon(&[2, 1, 200, 1]), None);
    }

    #[test]
    fn a_changed_npm_token_is_noticed() {
        let token = made_npm_token(&mut Dice::new(3));
        assert_eq!(npm_token(&token), Verdict::Proven);
        assert!(matches!(
            npm_token(&format!("npm_{}", "a".repeat(36))),
            Verdict::Weaker(..)
        ));
    }

    #[test]
    fn hostile_tokens_do_no_harm() {
        for text in ["", "é", "....", "pypi-", "npm_é", "AKIAé", "eyJ.é.x"] {
            let _ = (
                pypi_token(text),
                npm_token(text),
                aws_key_id(text),
                discord_token(text),
                mailgun(text),
            );
            let _ = (
                supabase_service_role(text),
                kubernetes_account(text),
                random(text),
                not_test(text),
            );
        }
    }
}
