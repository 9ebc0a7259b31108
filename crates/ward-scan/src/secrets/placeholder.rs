//! Values that stand for a secret and are none.

/// Why `value` is no secret, if it is a placeholder: an example, a template, a repetition, an alphabet.
#[must_use]
pub fn placeholder(value: &str) -> Option<&'static str> {
    let lower = value.to_ascii_lowercase();
    if WORDS.iter().any(|word| lower.contains(word)) {
        return Some("says that it is an example");
    }
    if PRINTED.contains(&lower.trim_end_matches('=')) {
        return Some("is printed in a standard");
    }
    let bytes = lower.as_bytes();
    if longest_run(bytes, |a, b| a == b) >= bytes.len().div_ceil(3).max(5) {
        return Some("repeats one character");
    }
    let step = |a: u8, b: u8| {
        (a.is_ascii_alphanumeric() && b == a + 1)
            || (a == b'9' && (b == b'0' || b == b'a'))
            || (a == b'f' && b == b'0')
            || (a.is_ascii_alphanumeric() && a == b + 1)
    };
    if longest_run(bytes, step) >= bytes.len().div_ceil(3).max(8) {
        return Some("counts up or down");
    }
    if repeats(bytes) {
        return Some("repeats itself");
    }
    None
}

/// Whether `value` is a reference to where the secret is: a variable, a template, a lookup, a secret store.
#[must_use]
pub fn is_reference(value: &str) -> bool {
    const STARTS: &[&str] = &[
        "$",
        "{{",
        "<%",
        "%{",
        "#{",
        "@@",
        "!vault",
        "vault:",
        "ref+",
        "op://",
        "arn:",
        "env:",
        "env.",
        "env(",
        "process.env",
        "os.environ",
        "os.getenv",
        "getenv",
        "ENV[",
        "secret://",
        "keyring:",
        "ssm:",
        "sops:",
        "ENC[",
        "AQICAH",
        "base64:${",
        "@Microsoft.KeyVault",
        "projects/",
        "file:",
        "!Ref",
        "!Sub",
        "!ImportValue",
        "Fn::",
        "{{resolve",
        "kms:",
        "/run/secrets/",
        "secretKeyRef",
        "(ENV",
        "__",
    ];
    const INSIDE: &[&str] = &["$env:", "{0}", "{}"];
    // Opened and closed: a random value may hold one of the two.
    const PAIRS: &[(&str, &str)] = &[
        ("${", "}"),
        ("$(", ")"),
        ("{{", "}}"),
        ("<%", "%>"),
        ("%(", ")s"),
        ("#{", "}"),
        ("{%", "%}"),
        ("[[", "]]"),
    ];
    let paired = |(open, close): &(&str, &str)| {
        value
            .find(open)
            .is_some_and(|at| value.get(at + open.len()..).is_some_and(|rest| rest.contains(close)))
    };
    STARTS.iter().any(|start| value.starts_with(start))
        || INSIDE.iter().any(|inside| value.contains(inside))
        || PAIRS.iter().any(paired)
        || (value.len() < 24 && (value.contains("%s") || value.contains("{{")))
        || (value.starts_with('%') && value.ends_with('%'))
        || (value.starts_with('<') && value.ends_with('>'))
        || (value.starts_with('{') && value.ends_with('}'))
        || (value.starts_with('[') && value.ends_with(']'))
        || (value.starts_with("__") && value.ends_with("__"))
}

/// Values that standards print as examples: RFC 2617, 5849, 6749, 6750, 7617.
const PRINTED: &[&str] = &[
    "2yotnfzfejr1zcsicmwpaa",
    "tgzv3jokf0xg5qx2tlkwia",
    "splxlobezqqybys6wxsbia",
    "7fjfp0zbr1ktdrbnfvdmiw",
    "mf_9.b5f-4.1jqm",
    "h480djs93hd8",
    "zczcagrsa3f0mzpnwdfmqmf0m2jw",
    "czzcagrsa3f0mzpnwdfmqmf0m2jw",
    "qwxhzgrpbjpvcgvuihnlc2ftzq",
    "qwxhzgrpbjpvcgvuc2vzyw1l",
    "0685bd9184jfhq22",
    "ad180jjd733klru7",
    "dpf43f3p2l4k3l03",
    "kd94hf93k423kf44",
    "askfjh234as9sd8",
    "kjfch2345sdf",
    "kkk9d7dh3k39sjv7",
];

/// Words that only examples hold.
const WORDS: &[&str] = &[
    "example",
    "changeme",
    "change_me",
    "change-me",
    "placeholder",
    "xxxxxx",
    "your_",
    "your-",
    "yourpass",
    "yourtoken",
    "yourkey",
    "yoursecret",
    "redacted",
    "insert_",
    "your unique",
    "unique phrase",
    "put-your",
    "enter_your",
    "my_secret_here",
    "_here>",
    "secret_here",
    "token_here",
    "key_here",
    "password_here",
    "goes-here",
    "goes_here",
    "to-be-replaced",
    "replace-with",
    "replace_with",
    "replace_me",
    "replaceme",
    "dummy",
    "<your",
    "...",
    "******",
];

/// Whether nothing but the words of placeholders, and what joins them, stands in `value`. Where a file's only business is to
/// hold a login, `ExamplePas123` is somebody's password; `example` and `your-password` are nobody's.
#[must_use]
pub fn is_only_placeholder(value: &str) -> bool {
    const MORE: &[&str] = &[
        "password", "passwd", "pass", "secret", "token", "key", "api", "your", "my", "the", "here", "value", "user",
        "name", "db", "test", "sample", "insert", "enter", "put", "phrase", "unique", "replace", "me", "this", "with",
        "change",
    ];
    let mut characters = value.chars().map(|c| c.to_ascii_lowercase());
    if characters
        .next()
        .is_some_and(|first| characters.all(|other| other == first))
    {
        return true;
    }
    if placeholder(value).is_none_or(|why| why != "says that it is an example") {
        return placeholder(value).is_some();
    }
    let mut rest = value.to_ascii_lowercase();
    for word in WORDS.iter().chain(MORE) {
        rest = rest.replace(word, "");
    }
    rest.chars().filter(char::is_ascii_alphanumeric).count() <= 2
}

/// Length of the longest run in which each two neighbours are `related`.
fn longest_run(bytes: &[u8], related: impl Fn(u8, u8) -> bool) -> usize {
    let (mut best, mut run) = (usize::from(!bytes.is_empty()), 1);
    for pair in bytes.windows(2) {
        if let [a, b] = *pair {
            run = if related(a, b) { run + 1 } else { 1 };
            best = best.max(run);
        }
    }
    best
}

/// A period of at most 8 bytes that fills at least 16.
fn repeats(bytes: &[u8]) -> bool {
    (1..=8).any(|period| {
        bytes.len() >= 16.max(period * 3) && bytes.iter().zip(bytes.iter().skip(period)).all(|(a, b)| a == b)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders() {
        for value in [
            "xxxxxxxxxxxx",
            "your_api_key_here",
            "AKIAIOSFODNN7EXAMPLE",
            "1234567890",
            "abcdefghijkl",
            "deadbeefdeadbeefdeadbeef",
        ] {
            assert!(placeholder(value).is_some(), "{value}");
        }
        for value in ["q8Zr1LwT0v", "c0ffee11aa22", "hunter2"] {
            assert_eq!(placeholder(value), None, "{value}");
        }
    }

    #[test]
    fn logins_are_believed_longer() {
        for value in [
            "example",
            "your-password",
            "changeme",
            "xxxxxxxx",
            "example_password",
            "dummy-pass",
        ] {
            assert!(is_only_placeholder(value), "{value}");
        }
        for value in ["ExampleQuay17", "dummyRiver", "hunter2"] {
            assert!(!is_only_placeholder(value), "{value}");
        }
    }

    #[test]
    fn references_are_whole() {
        for value in ["${DB}", "$(cat x)", "a{{ x }}b", "%(host)s", "<%= x %>", "%s"] {
            assert!(is_reference(value), "{value}");
        }
        for value in ["q{%w R7#{d[8 kP(z<%v ]x~9^Lm$4Tg&h", "aB3#{zQ9"] {
            assert!(!is_reference(value), "{value}");
        }
    }
}
