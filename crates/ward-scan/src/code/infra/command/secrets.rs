//! Secrets in commands and in settings: which names hold one, which values are one, and which arguments.

use super::{Look, Word, rules::SECRET_ARGUMENT};
use crate::secrets::placeholder;

impl Look<'_, '_> {
    pub(super) fn passwords(&mut self, program: &str, words: &[Word]) {
        let short = match program {
            "docker" | "podman" if words.first().is_some_and(|word| word.text == "login") => "-p",
            "mysql" | "mysqldump" | "mongo" | "mongosh" | "twine" => "-p",
            "redis-cli" => "-a",
            _ => "",
        };
        for (index, word) in words.iter().enumerate() {
            let text = word.text.as_str();
            let next = || words.get(index + 1).map(|word| (word, word.text.as_str()));
            let value = if let Some(value) = text.strip_prefix("--password=") {
                Some((word, value))
            } else if text == "--password"
                || !short.is_empty() && text == short && !matches!(program, "mysql" | "mysqldump")
            {
                next()
            } else if !short.is_empty() && matches!(program, "mysql" | "mysqldump") {
                text.strip_prefix(short)
                    .filter(|_| !text.starts_with("--"))
                    .map(|value| (word, value))
            } else {
                None
            };
            if let Some((word, value)) = value {
                self.secret(word, value);
            }
        }
    }

    pub(super) fn secret_argument(&mut self, word: &Word, value: &str, words: &[Word]) {
        if value.is_empty() {
            let after = words.iter().skip_while(|other| other.start != word.start).nth(1);
            if let Some(after) = after {
                self.secret(after, &after.text.clone());
            }
        } else {
            self.secret(word, value);
        }
    }

    pub(super) fn secret(&mut self, word: &Word, value: &str) {
        if !is_secret_value(value) {
            return;
        }
        let at = self.at(word);
        let note = "a password stands in the arguments of a command".to_owned();
        self.file
            .report_secret(&SECRET_ARGUMENT, SECRET_ARGUMENT.severity, at, note, value);
    }
}

/// Whether a setting of this name holds a secret.
pub(in crate::code::infra) fn is_secret_name(name: &str) -> bool {
    let lower = name
        .trim_matches(['"', '\'', '-', '$'])
        .to_ascii_lowercase()
        .replace('-', "_");
    const PARTS: &[&str] = &[
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "api_key",
        "apikey",
        "access_key",
        "private_key",
        "credential",
        "encryption_key",
        "auth_key",
        "signing_key",
        "authkey",
        "pwd",
    ];
    const NOT: &[&str] = &[
        "tokeniz",
        "tokens",
        "_file",
        "_path",
        "_name",
        "_url",
        "_uri",
        "_type",
        "_ttl",
        "_length",
        "_len",
        "_count",
        "_id",
        "_expir",
        "_dir",
        "_arn",
        "_header",
        "_endpoint",
        "secretname",
        "secretkeyref",
        "_public",
        "public_",
        "_version",
        "_env",
        "_ref",
        "_enabled",
        "_limit",
        "_size",
        "no_password",
        "allow_empty",
        "_hash",
        "skip_",
        "oldpwd",
    ];
    (PARTS.iter().any(|part| lower.contains(part)) && lower != "pwd" && !NOT.iter().any(|part| lower.contains(part)))
        || matches!(lower.as_str(), "pass" | "pgpassword" | "mysql_pwd")
}

/// Whether a value is written out, and no reference, placeholder or switch.
pub(in crate::code::infra) fn is_secret_value(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    let lower = value.to_ascii_lowercase();
    value.len() >= 4
        && !value.contains(['$', ' ', '<', '*'])
        && !value.contains("{{")
        && !placeholder::is_reference(value)
        && placeholder::placeholder(value).is_none()
        && !lower.starts_with('/')
        && !lower.contains("://")
        && !matches!(
            lower.as_str(),
            "true" | "false" | "none" | "null" | "test" | "dummy" | "xxxx" | "write" | "read"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_of_secrets() {
        for (name, expect) in [
            ("HF_TOKEN", true),
            ("POSTGRES_PASSWORD", true),
            ("AWS_SECRET_ACCESS_KEY", true),
            ("openai-api-key", true),
            ("AWS_ACCESS_KEY_ID", false),
            ("TOKENIZERS_PARALLELISM", false),
            ("MAX_TOKENS", false),
            ("PASSWORD_FILE", false),
            ("PATH", false),
            ("PWD", false),
        ] {
            assert_eq!(is_secret_name(name), expect, "{name}");
        }
        for (value, expect) in [
            ("hunter2", true),
            ("${TOKEN}", false),
            ("${{ secrets.X }}", false),
            ("changeme", false),
            ("/run/secrets/x", false),
            ("true", false),
            ("", false),
        ] {
            assert_eq!(is_secret_value(value), expect, "{value}");
        }
    }
}
