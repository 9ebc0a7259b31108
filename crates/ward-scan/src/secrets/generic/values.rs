//! Which values are secrets, and which stand for one.

use super::{
    super::{
        page::Page,
        placeholder::{is_reference, placeholder},
        rarity::{is_random, is_unwordlike, is_uuid, surprisal},
    },
    Assignment, How,
    names::{self, Kind},
};

/// Whether `value`, assigned to a name of `kind`, is a secret: `Some(())`, so that callers can use `?`.
pub(crate) fn judge(page: &Page<'_>, assignment: &Assignment, kind: Kind, value: &[u8]) -> Option<()> {
    let text = str::from_utf8(value).ok()?;
    // No password is so long; what is cut off at the end of what is looked at is none either.
    let longest = if kind == Kind::Password { 256 } else { usize::MAX };
    if text.len() < 6 || text.len() > longest || text.chars().any(char::is_control) {
        return None;
    }
    // The quickest question first.
    let random = is_random(value);
    if !random && !matches!(kind, Kind::Password | Kind::Basic) {
        return None;
    }
    if placeholder(text).is_some() || is_reference(text) || is_code(text, assignment.quoted) {
        return None;
    }
    let doubtful = page.place.is_doubtful();
    let fine = match kind {
        Kind::Password => {
            let spaced = value.iter().any(u8::is_ascii_whitespace);
            if spaced {
                // A sentence, or a passphrase that cannot be told from one.
                false
            } else if doubtful {
                random && value.len() >= 12
            } else if assignment.how == How::Connection {
                !is_weak_word(text) && surprisal(value) >= 4.0
            } else {
                !names_itself(text) && !is_disguised(text) && (random || is_unwordlike(value))
            }
        }
        Kind::Basic => basic(value),
        Kind::Token | Kind::Key | Kind::Header | Kind::Session => {
            let least = if doubtful { 24 } else { 12 };
            value.len() >= least
                && !is_key_id(value, page.get(assignment.name.clone()))
                && random
                && alphabet(value)
                && (!is_uuid(value) || !doubtful && names::holds_credential(page.get(assignment.name.clone())))
                // A hash of a file or a commit has 40 or 64 digits, and stands beside such names in lock files and
                // tests.
                && !(doubtful && is_digest(value))
                && !names_itself(text)
                && !is_plain_json(value)
        }
        Kind::Weak => {
            !doubtful
                && value.len() >= 20
                && value.len() <= 200
                && random
                && alphabet(value)
                && !is_digest(value)
                && !is_uuid(value)
                && surprisal(value) >= 7.0
                && !names_itself(text)
        }
    };
    fine.then_some(())
}

/// The id of a key of AWS and of stores that speak its protocol: 20 capitals and digits, given to `access_key`. It opens
/// nothing without the secret beside it.
fn is_key_id(value: &[u8], name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    value.len() == 20
        && value
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && (lower.ends_with(b"access_key") || lower.ends_with(b"accesskey") || lower.ends_with(b"access-key"))
        && memchr::memmem::find(&lower, b"secret").is_none()
}

/// A weak word with digits for letters and marks behind it: `Passw0rd!`, `p4ssw0rd1`.
fn is_disguised(text: &str) -> bool {
    let plain: String = text
        .chars()
        .map(|c| match c.to_ascii_lowercase() {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            c => c,
        })
        .collect();
    let bare = |text: &str| is_weak_word(text.trim_end_matches(|c: char| !c.is_ascii_alphabetic()));
    let lower = text.to_ascii_lowercase();
    let stem = lower.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    let plain_stem: String = plain.chars().take(stem.chars().count()).collect();
    bare(&plain) || bare(&plain_stem) || is_weak_word(stem)
}

/// Base64 of `name:password`, with a password that is none of the usual words.
fn basic(value: &[u8]) -> bool {
    let text = value.trim_ascii_end();
    let bare: Vec<u8> = text.iter().copied().filter(|byte| *byte != b'=').collect();
    let Ok(decoded) = data_encoding::BASE64_NOPAD.decode(&bare) else {
        return false;
    };
    let Ok(decoded) = String::from_utf8(decoded) else {
        return false;
    };
    let Some((name, password)) = decoded.split_once(':') else {
        return false;
    };
    !decoded.chars().any(char::is_control)
        && (!password.is_empty() || name.len() >= 16)
        && !is_weak_word(password)
        && name != password
        && placeholder(password).is_none()
        && !is_reference(password)
}

/// Words that say that a value of JSON is none to show, also as parts of words; few that say nothing of it hold one.
const TELLING: &[&str] = &[
    "pass", "pw", "secret", "token", "auth", "key", "cred", "user", "login", "jwt", "bearer", "cookie", "private",
    "salt", "cert", "sign", "pin", "code", "geheim", "kennwort", "schl", "\\",
];

/// Base64 of an object of JSON in which nothing is random and no word tells of a secret: `{"session_id": "default"}`.
fn is_plain_json(value: &[u8]) -> bool {
    let bare = value.trim_ascii_end();
    let bare = bare.split(|byte| *byte == b'=').next().unwrap_or_default();
    let Ok(Ok(text)) = data_encoding::BASE64_NOPAD.decode(bare).map(String::from_utf8) else {
        return false;
    };
    let plain = |word: &str| word.len() < 8 || !is_random(word.as_bytes());
    let lower = text.to_lowercase();
    let telling = TELLING.iter().any(|word| lower.contains(word));
    !telling
        && text.starts_with('{')
        && text.ends_with('}')
        && text.split(|c: char| !c.is_ascii_alphanumeric()).all(plain)
}

/// Only what tokens are made of.
fn alphabet(value: &[u8]) -> bool {
    let strange = value
        .iter()
        .filter(|byte| {
            !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+' | b'/' | b'=' | b'~' | b':'))
        })
        .count();
    // Keys that frameworks make hold every printable character.
    strange == 0
        || (value.len() >= 32
            && value.iter().all(u8::is_ascii_graphic)
            && value.iter().filter(|b| b.is_ascii_alphanumeric()).count() * 2 > value.len())
}

fn is_digest(value: &[u8]) -> bool {
    matches!(value.len(), 32 | 40 | 56 | 64 | 96 | 128) && value.iter().all(u8::is_ascii_hexdigit)
}

/// Whether it names what it stands for: `my-secret-token`, `test_password_1`.
pub(crate) fn names_itself(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    [
        "password",
        "passwd",
        "secret",
        "token",
        "apikey",
        "api_key",
        "api-key",
        "credential",
        "_key",
        "-key",
        "test",
        "fake",
        "mock",
        "foobar",
    ]
    .iter()
    .any(|word| lower.contains(word))
        && surprisal(text.as_bytes()) < 7.0
}

/// Whether a text looks like a password that somebody thought of, and neither like a word nor like the name of something: a
/// letter, and a digit or a mark that names do not have.
pub(crate) fn is_thought_of(text: &str) -> bool {
    let in_names = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    let lower =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || in_names(byte) && !byte.is_ascii_uppercase();
    let named = names_itself(text) && text.bytes().all(lower);
    text.bytes().all(|byte| byte.is_ascii_graphic())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !text.bytes().all(in_names)
        && !named
        && !is_weak_word(text)
}

/// A password that only stands in examples, or says nothing.
#[must_use]
pub fn is_weak_word(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "password",
        "passwd",
        "pass",
        "pwd",
        "secret",
        "user",
        "username",
        "test",
        "testing",
        "foo",
        "bar",
        "baz",
        "qux",
        "none",
        "null",
        "nil",
        "true",
        "false",
        "undefined",
        "token",
        "mypassword",
        "mypass",
        "yourpassword",
        "pw",
        "p",
        "x",
        "y",
        "a",
        "b",
        "string",
        "str",
        "hidden",
        "empty",
        "default",
        "something",
        "anything",
        "value",
        "key",
        "apikey",
        "login",
        "pass123",
        "password123",
        "userpass",
        "guest",
        "postgres",
        "root",
        "admin",
        "mysql",
        "mongo",
        "redis",
        "rabbitmq",
        "minio",
        "minioadmin",
        "elastic",
        "neo4j",
        "sa",
        "example",
        "demo",
        "sample",
        "credentials",
        "db_password",
        "dbpass",
        "passw0rd",
        "required",
        "optional",
        "airflow",
        "mlflow",
        "kafka",
        "clickhouse",
        "vespa",
        "anoncvs",
        "anonymous",
        "anon",
        "nobody",
        "welcome",
        "letmein",
    ];
    let lower = text.to_ascii_lowercase();
    WORDS.contains(&lower.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
}

/// Code, a path, a number, a type: what stands right of such names in programs and is no string.
fn is_code(text: &str, quoted: bool) -> bool {
    let bytes = text.as_bytes();
    let call = memchr::memchr2(b'(', b')', bytes).is_some() && !quoted;
    let dotted = || {
        // `settings.API_KEY`, `self.password`, `user.token`.
        text.split('.').count() >= 2
            && text.split('.').all(|part| {
                !part.is_empty()
                    && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                    && surprisal(part.as_bytes()) < 6.0
            })
    };
    let path = || {
        (text.starts_with('/')
            || text.starts_with("./")
            || text.starts_with("~/")
            || text.starts_with("../")
            || text.contains(":\\"))
            && surprisal(bytes) < 7.0
    };
    let address = text.contains("://");
    let number = bytes
        .iter()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'_' | b':' | b','));
    let listed = !quoted
        && (text.starts_with('[')
            || text.starts_with('{')
            || text.starts_with('*')
            || text.starts_with('&')
            || text.starts_with('!'));
    let markup = text.starts_with('<') || text.starts_with("#{") || text.ends_with('>') || text.contains("](");
    call || number || path() || address || listed || markup || dotted()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_words_in_disguise() {
        for text in ["Passw0rd!", "p4ssw0rd", "P@ssw0rd123", "Admin123!", "secret99"] {
            assert!(is_disguised(text), "{text}");
        }
        for text in ["Tr0ub4dor&3", "s3cr3tK3y", "horse7battery"] {
            assert!(!is_disguised(text), "{text}");
        }
    }

    #[test]
    fn passwords_that_somebody_thought_of() {
        for text in ["Winter2024!", "fit4-305", "KisPassword2024", "a#bcd"] {
            assert!(is_thought_of(text), "{text}");
        }
        for text in [
            "foundry",
            "kis-db-password",
            "kis-db-password-2",
            "test123",
            "prod/kis",
            "TODO",
            "PASSWORD",
            "postgres",
            "20240406",
            "Mein Passwort1",
            "密码1a",
        ] {
            assert!(!is_thought_of(text), "{text}");
        }
    }

    #[test]
    fn json_in_base64() {
        let of = |text: &str| is_plain_json(data_encoding::BASE64.encode(text.as_bytes()).as_bytes());
        assert!(of("{\"session_id\": \"default\"}"));
        assert!(!of("{\"username\":\"clinic\",\"password\":\"winterday\"}"));
        assert!(!of("{\"a\":[{\"db\":{\"DB_PWD\":\"winterday\"}}]}"));
        assert!(!of("{\"p\\u0061ss\":\"winterday\"}"));
        assert!(!of("{\"a\":\"Zk81xQvTr90pLw3BmN\"}"));
        assert!(!of("session_id is default"));
        assert!(!is_plain_json(b"Zk81xQvTr90pLw3BmNaa"));
    }

    #[test]
    fn ids_of_keys() {
        assert!(is_key_id(b"BH6BIT0H2RIP7J5FV7O1", b"access_key"));
        assert!(!is_key_id(b"BH6BIT0H2RIP7J5FV7O1", b"secret_access_key"));
        assert!(!is_key_id(b"BH6BIT0H2RIP7J5FV7o1", b"access_key"));
    }
}
