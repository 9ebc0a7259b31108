//! GitHub: personal, OAuth, app and refresh tokens.

use ward_evidence::{RuleMeta, Severity};

use crate::secrets::{
    checksum::{base62, crc32, ends_with_crc32_base62},
    rule::{META, SecretRule, Shape, Verdict, Verify},
    sample::{BASE62, Dice, Sample},
};

/// The rules.
pub static RULES: &[SecretRule] = &[
    SecretRule {
        meta: RuleMeta {
            id: "secrets/github-token",
            severity: Severity::Critical,
            summary: "A GitHub token.",
            docs: "Opens repositories, packages and workflows as the user or app it was made for.\n\n\
                Personal (`ghp_`), OAuth (`gho_`), user-to-server (`ghu_`), server-to-server (`ghs_`) and refresh \
                (`ghr_`) tokens end in a CRC-32 of their random part, which is checked.\n\n\
                Revoke it under *Settings > Developer settings*, then use a fine-grained token with an end date, or \
                the token that a workflow is given.\n\n\
                Source: GitHub Docs, *About authentication to GitHub*; GitHub blog, *Behind GitHub's new \
                authentication token formats*.",
            ..META
        },
        keywords: &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
        shape: Shape::Token("gh[pousr]_[0-9A-Za-z]{36}"),
        check: |secret| checked(secret.get(4..).unwrap_or_default()),
        min_entropy: 3.0,
        verify: Some(VERIFY),
        yes: &[
            Sample::Made(|dice| format!("GITHUB_TOKEN={}", token(dice, "ghp_"))),
            Sample::Made(|dice| format!("{{\"auth\":\"{}\"}}", token(dice, "ghs_"))),
            Sample::Made(|dice| format!("'https://{}@github.com/a/b.git'", token(dice, "gho_"))),
            Sample::Made(|dice| format!("first\\n{}\\n", token(dice, "ghu_"))),
            Sample::Text("token: ghr_<<b62:36>>"),
        ],
        no: &[
            Sample::Text("ghp_<<b62:35>>"),
            Sample::Text("ghp_<<b62:37>>"),
            Sample::Text("AAghp_<<b62:36>>"),
            Sample::Text("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("ghp_123456789012345678901234567890123456"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/github-fine-grained-token",
            severity: Severity::Critical,
            summary: "A GitHub fine-grained personal access token.",
            docs: "Opens the repositories and permissions it was made for, as its user.\n\n\
                Revoke it under *Settings > Developer settings > Fine-grained tokens*, then give the program an app's \
                installation token, which ends after an hour.\n\n\
                Source: GitHub Docs, *Managing your personal access tokens*.",
            ..META
        },
        keywords: &["github_pat_"],
        shape: Shape::Token("github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59}"),
        min_entropy: 3.0,
        verify: Some(VERIFY),
        yes: &[
            Sample::Text("export GH_TOKEN=github_pat_<<b62:22>>_<<b62:59>>"),
            Sample::Text("Authorization: Bearer github_pat_<<b62:22>>_<<b62:59>>\r\n"),
        ],
        no: &[
            Sample::Text("github_pat_<<b62:22>>_<<b62:58>>"),
            Sample::Text("github_pat_<<b62:22>>-<<b62:59>>"),
        ],
        ..SecretRule::DEFAULT
    },
];

const VERIFY: Verify = Verify {
    method: "GET",
    url: "https://api.github.com/user",
    header: ("Authorization", "Bearer {secret}"),
    live: &[200, 403],
    dead: &[401],
};

fn checked(body: &str) -> Verdict {
    if ends_with_crc32_base62(body) {
        Verdict::Proven
    } else {
        Verdict::Weaker(Severity::Medium, "its checksum is wrong: mistyped, cut or made up")
    }
}

fn token(dice: &mut Dice, prefix: &str) -> String {
    let body = dice.of(BASE62, 30);
    let sum = base62(crc32(body.as_bytes()), 6);
    format!("{prefix}{body}{sum}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_checksum_proves_a_token() {
        let made = token(&mut Dice::new(7), "ghp_");
        assert_eq!(checked(&made[4..]), Verdict::Proven);
        assert!(matches!(checked(&"a".repeat(36)), Verdict::Weaker(..)));
    }
}
