//! Which names announce a secret.

/// What a name announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A password that somebody may have thought of.
    Password,
    /// A token: random.
    Token,
    /// A key or a secret: random.
    Key,
    /// `Authorization` and its like.
    Header,
    /// Basic credentials: base64 of `name:password`.
    Basic,
    /// A cookie or what cookies are signed with.
    Session,
    /// Anything called a key: only what is beyond doubt random.
    Weak,
}

/// Whether the keyword at the start of `rest` may be the start of a longer word that still names a secret: `passwd`,
/// `passphrase`, `secretkey`, `authtoken`, `credentials`.
#[must_use]
pub fn may_go_on(rest: &[u8]) -> bool {
    let lower = rest.to_ascii_lowercase();
    let starts = |words: &[&str]| words.iter().any(|word| lower.starts_with(word.as_bytes()));
    starts(&[
        "passw",
        "passphrase",
        "passcode",
        "passkey",
        "secretkey",
        "secretaccesskey",
        "secrets",
        "secrettoken",
        "tokensecret",
        "tokenkey",
        "tokens",
        "authtoken",
        "authkey",
        "authsecret",
        "authpass",
        "authorization",
        "authpwd",
        "credentials",
        "cookiesecret",
        "cookiekey",
        "cookies",
        "apikeys",
        "apikeyvalue",
        "tokenvalue",
        "secretvalue",
        "pwds",
        "passwort",
        "passdb",
    ])
}

/// What `name` announces, if anything: its last words decide, as in `spring.datasource.password`, `GITHUB_TOKEN_PROD`,
/// `clientSecret`.
#[must_use]
pub fn kind(name: &[u8]) -> Option<Kind> {
    let words = words(name);
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    // What stands behind the word that counts.
    while let [.., last] = words.as_slice()
        && words.len() > 1
        && (TAILS.contains(last) || last.bytes().all(|b| b.is_ascii_digit()))
    {
        words.pop();
    }
    let last = words.last()?.trim_end_matches(|c: char| c.is_ascii_digit());
    let before = words
        .len()
        .checked_sub(2)
        .and_then(|at| words.get(at))
        .copied()
        .unwrap_or("");
    if HARMLESS.contains(&before) && !matches!(before, "public") || before == "public" {
        return None;
    }
    match last {
        "password" | "passwd" | "passwort" | "passphrase" | "passcode" | "pwd" | "passwords" | "pass" | "userpass"
        | "dbpass" | "dbpassword" | "dbpasswd" | "rootpassword" | "userpassword" | "adminpassword" | "authpass"
        | "psk" | "pgpassword" => Some(Kind::Password),
        "token" | "tokens" | "accesstoken" | "authtoken" | "apitoken" | "bearertoken" | "refreshtoken"
        | "secrettoken" | "pat" | "bearer" => Some(Kind::Token),
        "secret" | "secrets" | "clientsecret" | "appsecret" | "apisecret" | "secretkey" | "secretaccesskey"
        | "apikey" | "apikeys" | "accesskey" | "authkey" | "privatekey" | "encryptionkey" | "signingkey"
        | "masterkey" | "sharedkey" | "accountkey" | "sessionkey" | "appkey" | "hmackey" | "tokensecret"
        | "jwtsecret" | "credential" | "credentials" | "authsecret" => Some(Kind::Key),
        "authorization" => Some(Kind::Header),
        "auth" if before == "rediscli" => Some(Kind::Password),
        "auth" if words.len() == 1 || matches!(before, "basic" | "http" | "api" | "x" | "registry" | "npm") => {
            Some(Kind::Header)
        }
        "cookie" | "cookies" | "cookiesecret" | "sessionid" | "cookiekey" => Some(Kind::Session),
        "key" | "keys" => match before {
            "api" | "access" | "secret" | "private" | "auth" | "encryption" | "encrypt" | "crypto" | "signing"
            | "master" | "shared" | "account" | "session" | "client" | "consumer" | "app" | "application"
            | "service" | "storage" | "hmac" | "jwt" | "webhook" | "license" | "subscription" | "token" | "deploy"
            | "admin" | "write" | "integration" | "rest" | "aes" | "cookie" | "security" | "server" | "logged"
            | "nonce" | "base" => Some(Kind::Key),
            "" => None,
            _ => Some(Kind::Weak),
        },
        _ => None,
    }
}

/// What `name` announces in a file that is made to hold settings, where shorter and vaguer names count too.
#[must_use]
pub fn kind_of_setting(name: &[u8]) -> Option<Kind> {
    let words = words(name);
    let last = words.last()?.trim_end_matches(|c: char| c.is_ascii_digit());
    match last {
        "pw" | "psswd" | "passw" | "userpw" | "bindpw" | "rootpw" | "pwrd" => Some(Kind::Password),
        "salt" | "dsn" if words.len() > 1 => Some(Kind::Key),
        "base" if name.eq_ignore_ascii_case(b"secret_key_base") => Some(Kind::Key),
        "key" if words.len() == 1 => Some(Kind::Weak),
        "auth" | "authentication" => Some(Kind::Token),
        "bypass" | "compass" | "surpass" | "trespass" | "underpass" => None,
        _ if ["pass", "password", "passwd", "passwort"]
            .iter()
            .any(|end| last.ends_with(end)) =>
        {
            Some(Kind::Password)
        }
        _ if ["secret", "apikey", "secretkey", "accesskey", "authkey", "privatekey"]
            .iter()
            .any(|end| last.ends_with(end)) =>
        {
            Some(Kind::Key)
        }
        _ if last.len() > 5 && last.ends_with("token") => Some(Kind::Token),
        _ => None,
    }
}

/// Whether `name` is that of a function that asks for a secret, so that what is passed to it is none.
#[must_use]
pub fn is_question(name: &[u8]) -> bool {
    const VERBS: &[&str] = &[
        "get", "read", "load", "fetch", "ask", "prompt", "find", "lookup", "require", "check", "validate", "has", "is",
        "parse", "decode", "encode", "hash", "count", "generate", "make", "create", "input", "mask", "redact",
        "verify",
    ];
    words(name).first().is_some_and(|first| VERBS.contains(&first.as_str()))
}

/// Whether `name` says beyond doubt that it is given a credential, and not a number of something.
#[must_use]
pub fn holds_credential(name: &[u8]) -> bool {
    words(name)
        .iter()
        .any(|word| word.contains("secret") || word.contains("api") || word.contains("access") || word.contains("auth"))
}

/// Words behind the one that counts: `PASSWORD_PROD`, `apiKeyValue`, `token_1`.
const TAILS: &[&str] = &[
    "value",
    "prod",
    "production",
    "dev",
    "development",
    "staging",
    "stage",
    "test",
    "live",
    "default",
    "plain",
    "plaintext",
    "text",
    "string",
    "str",
    "b64",
    "base64",
    "hex",
    "env",
    "old",
    "new",
    "current",
    "v1",
    "v2",
    "local",
    "here",
    "raw",
    "clear",
    "main",
];

/// Words before it that make it another thing: `pad_token`, `primary_key`, `public_key`.
const HARMLESS: &[&str] = &[
    "pad",
    "eos",
    "bos",
    "unk",
    "sep",
    "cls",
    "mask",
    "special",
    "max",
    "min",
    "num",
    "next",
    "stop",
    "start",
    "end",
    "image",
    "text",
    "prompt",
    "input",
    "output",
    "new",
    "lexer",
    "parser",
    "prefix",
    "suffix",
    "primary",
    "foreign",
    "sort",
    "partition",
    "public",
    "hash",
    "cache",
    "dict",
    "map",
    "sub",
    "field",
    "data",
    "type",
    "by",
    "video",
    "audio",
    "tool",
    "sequence",
    "begin",
    "bot",
    "eot",
    "continuation",
    "page",
    "pagination",
    "nextpage",
    "marker",
    "csrf",
    "xsrf",
    "column",
    "row",
    "group",
    "index",
    "config",
    "state",
    "metadata",
    "param",
    "params",
    "setting",
    "translation",
    "i18n",
    "message",
    "lora",
    "attention",
    "query",
    "value",
    "cross",
    "no",
    "is",
    "has",
    "require",
    "use",
    "forgot",
    "reset",
    "change",
    "invalid",
    "wrong",
    "incorrect",
    "missing",
    "empty",
    "show",
    "hide",
    "ssh",
    "host",
    "lookup",
    "idempotency",
    "object",
    "s3",
    "blob",
    "file",
    "path",
    "name",
    "label",
    "license",
];

/// The words of a name, lower case: split at marks and at humps.
fn words(name: &[u8]) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut previous = b'_';
    for (at, &byte) in name.iter().enumerate() {
        let next_lower = name.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        let hump = byte.is_ascii_uppercase()
            && (previous.is_ascii_lowercase()
                || previous.is_ascii_digit()
                || (previous.is_ascii_uppercase() && next_lower));
        if (hump || !byte.is_ascii_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if byte.is_ascii_alphanumeric() {
            word.push(char::from(byte.to_ascii_lowercase()));
        }
        previous = byte;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, expect) in [
            ("password", Some(Kind::Password)),
            ("spring.datasource.password", Some(Kind::Password)),
            ("DB_PASS", Some(Kind::Password)),
            ("dbPassword2", Some(Kind::Password)),
            ("MYSQL_ROOT_PASSWORD", Some(Kind::Password)),
            ("GITHUB_TOKEN_PROD", Some(Kind::Token)),
            ("clientSecret", Some(Kind::Key)),
            ("AWS_SECRET_ACCESS_KEY", Some(Kind::Key)),
            ("apikey", Some(Kind::Key)),
            ("OPENAI-API-KEY", Some(Kind::Key)),
            ("Authorization", Some(Kind::Header)),
            ("SECRET_KEY_BASE", None),
            ("pad_token", None),
            ("public_key", None),
            ("primary_key", None),
            ("tokenizer", None),
            ("password_field", None),
            ("token_type", None),
            ("some_key", Some(Kind::Weak)),
            ("key", None),
            ("author", None),
            ("bypass", None),
        ] {
            assert_eq!(kind(name.as_bytes()), expect, "{name}");
        }
        assert!(may_go_on(b"passwd = 1"));
        assert!(!may_go_on(b"tokenizer"));
        assert!(!may_go_on(b"authors"));
    }
}
