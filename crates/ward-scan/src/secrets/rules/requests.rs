//! Logins in commands that send requests.

use ward_evidence::{RuleMeta, Severity};

use crate::secrets::{
    placeholder::is_reference,
    rarity::is_unwordlike,
    rule::{META, SecretRule, Shape, Verdict},
    sample::Sample,
};

/// The rules.
pub static RULES: &[SecretRule] = &[SecretRule {
    meta: RuleMeta {
        id: "secrets/curl-login",
        severity: Severity::High,
        summary: "A command that sends a user name and a password.",
        docs: "`curl -u name:password` logs in to the address behind it. Copied into documentation, a script or an issue, the \
            login goes wherever the text goes.\n\n\
            Change the password, and let the command read it from the environment or a `.netrc` that stays on the \
            machine.\n\n\
            Source: curl's manual page, `--user`.",
        ..META
    },
    keywords: &["curl"],
    shape: Shape::Text(
        r#"curl(?:[^\n|;]|\\\r?\n){0,300}?\s(?:-u|--user)[\s=]{1,4}["']?[^\s"':$<{]{0,64}["']?:["']?\{?(?P<secret>[^\s"'{}<>]{6,64})"#,
    ),
    reach: 512,
    check: plain,
    min_entropy: 2.0,
    yes: &[
        Sample::Text("curl -u elastic:<<b62:12>> https://localhost:9200"),
        Sample::Text("$ curl -X POST https://a.test/x \\\n  -d 'a' \\\n  --user 'api:<<b62:16>>'"),
    ],
    no: &[
        Sample::Text("curl -u user:$PASSWORD https://a.test"),
        Sample::Text("curl -u admin:password https://a.test"),
        Sample::Text("curl -u 1000:1000 https://a.test"),
    ],
    ..SecretRule::DEFAULT
}];

/// Not a variable, and not a word.
fn plain(password: &str) -> Verdict {
    let fine = !password.starts_with(['$', '%', '*', '/', '@'])
        && !is_reference(password)
        && password.bytes().any(|byte| byte.is_ascii_alphabetic())
        && is_unwordlike(password.as_bytes());
    if fine { Verdict::Plausible } else { Verdict::Wrong }
}
