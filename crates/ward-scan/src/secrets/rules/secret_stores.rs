//! Stores of secrets: Vault, Doppler, 1Password and others.

use ward_evidence::{RuleMeta, Severity};

use crate::secrets::{
    rule::{META, SecretRule, Shape},
    rules::structure,
    sample::Sample,
};

/// The rules.
pub static RULES: &[SecretRule] = &[
    SecretRule {
        meta: RuleMeta {
            id: "secrets/vault-token",
            severity: Severity::Critical,
            summary: "A HashiCorp Vault service or batch token.",
            docs: "Reads whatever its policies allow.\n\n\
                Revoke it under `vault token revoke`, and then every secret that it could read; use a workload \
                identity in its place.\n\n\
                Source: Vault documentation, *Tokens*.",
            ..META
        },
        keywords: &["hvs.", "hvb.", "hvr."],
        shape: Shape::Token(
            r"(?:hvs\.(?:[0-9A-Za-z_-]{90,120}|[0-9A-Za-z]{24})|hvb\.[0-9A-Za-z_-]{130,300}|hvr\.[0-9A-Za-z_-]{90,300})",
        ),
        reach: 400,
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer hvs.<<url64:91>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nVAULT_TOKEN = hvs.<<url64:91>>\\n\""),
            Sample::Text("VAULT_TOKEN=hvb.<<url64:158>>"),
            Sample::Text("vault login hvs.<<b62:24>>"),
        ],
        no: &[
            Sample::Text("blob: Qzhvs.<<url64:91>>"),
            Sample::Text(
                "VAULT_TOKEN=hvs.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("hvs.<<b62:20>>"),
            Sample::Text("hvb.<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/vault-older-token",
            severity: Severity::Critical,
            summary: "A HashiCorp Vault token of the older form.",
            docs: "Reads whatever its policies allow.\n\n\
                Revoke it under `vault token revoke`, and then every secret that it could read; use a workload \
                identity in its place.\n\n\
                Source: Vault documentation, *Tokens*.",
            ..META
        },
        keywords: &["vault"],
        shape: Shape::Named {
            name: "vault",
            value: r"[sbr]\.[0-9A-Za-z]{24}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("vault.secret = 's.<<b62:24>>'"),
            Sample::Text("\"vaultApiKey\": \"s.<<b62:24>>\","),
            Sample::Text("X-Vault-Token: s.<<b62:24>>"),
        ],
        no: &[
            Sample::Text("vault_token = \"s.<<b62:23>>\""),
            Sample::Text("vault_token = \"Zqs.<<b62:24>>\""),
            Sample::Text("vault_token = \"s.xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/vault/s.<<b62:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/doppler-token",
            severity: Severity::Critical,
            summary: "A Doppler token.",
            docs: "Reads (or changes) the configuration's secrets.\n\n\
                Revoke it under *Tokens* of the workplace or the configuration, and then every secret that it could \
                read; use a workload identity in its place.\n\n\
                Source: Doppler documentation, *Token formats*.",
            ..META
        },
        keywords: &[
            "dp.pt.",
            "dp.st.",
            "dp.ct.",
            "dp.sa.",
            "dp.scim.",
            "dp.audit.",
            "dp.said.",
        ],
        shape: Shape::Token(
            r"dp\.(?:(?:pt|ct|sa|scim|audit)\.[0-9A-Za-z]{40,44}|st\.(?:[0-9a-z_-]{2,35}\.)?[0-9A-Za-z]{40,44})",
        ),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer dp.pt.<<b62:43>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nDOPPLER_TOKEN = dp.pt.<<b62:43>>\\n\""),
            Sample::Text("DOPPLER_TOKEN=dp.st.prd_eu.<<b62:43>>"),
        ],
        no: &[
            Sample::Text("blob: Qzdp.pt.<<b62:43>>"),
            Sample::Text("DOPPLER_TOKEN=dp.pt.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("dp.pt.<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/onepassword-service-token",
            severity: Severity::Critical,
            summary: "A 1Password service account token.",
            docs: "Reads the vaults the account was given.\n\n\
                Revoke it under *Developer > Service accounts*, and then every secret that it could read; use a \
                workload identity in its place.\n\n\
                Source: 1Password Developer documentation, *Service accounts*.",
            ..META
        },
        keywords: &["ops_eyj"],
        shape: Shape::Token("ops_eyJ[0-9A-Za-z+/_-]{250,2000}={0,3}"),
        reach: 2200,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("onepassword_service_token = \"ops_eyJ<<b64:320>>\"\r\n"),
            Sample::Text("{\"onepassword_service_token\": \"ops_eyJ<<b64:320>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("blob: Qzops_eyJ<<b64:320>>"),
            Sample::Text(
                "ONEPASSWORD_SERVICE_TOKEN=ops_eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("ops_eyJ<<b64:60>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/onepassword-secret-key",
            severity: Severity::Critical,
            summary: "A 1Password secret key.",
            docs: "With the account's password it opens every vault.\n\n\
                Revoke it under *My profile > Regenerate secret key*, and then every secret that it could read; use \
                a workload identity in its place.\n\n\
                Source: 1Password support, *About your Secret Key*.",
            ..META
        },
        keywords: &["a3-"],
        shape: Shape::Token(
            "A3-[0-9A-Z]{6}-(?:[0-9A-Z]{11}|[0-9A-Z]{6}-[0-9A-Z]{5})-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}",
        ),
        min_entropy: 3.8,
        yes: &[
            Sample::Text(
                "docker run -e ONEPASSWORD_SECRET_KEY=A3-<<up36:6>>-<<up36:6>>-<<up36:5>>-<<up36:5>>-<<up36:5>>-<<up36:5>> image\n",
            ),
            Sample::Text("ONEPASSWORD_SECRET_KEY=A3-<<up36:6>>-<<up36:6>>-<<up36:5>>-<<up36:5>>-<<up36:5>>-<<up36:5>>"),
        ],
        no: &[
            Sample::Text(
                "onepassword_secret_key = \"A3-<<up36:6>>-<<up36:6>>-<<up36:5>>-<<up36:5>>-<<up36:5>>-<<up36:4>>\"",
            ),
            Sample::Text("blob: QzA3-<<up36:6>>-<<up36:6>>-<<up36:5>>-<<up36:5>>-<<up36:5>>-<<up36:5>>"),
            Sample::Text("ONEPASSWORD_SECRET_KEY=A3-xxxxxx-xxxxxx-xxxxx-xxxxx-xxxxx-xxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/infisical-token",
            severity: Severity::Critical,
            summary: "An Infisical service token.",
            docs: "Reads (or changes) the project's secrets.\n\n\
                Revoke it under *Project settings > Service tokens*, and then every secret that it could read; use a \
                workload identity in its place.\n\n\
                Source: Infisical documentation, *Service tokens*.",
            ..META
        },
        keywords: &["st."],
        shape: Shape::Token(
            r"st\.(?:[0-9a-f]{24}|(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))\.[0-9a-f]{32}\.[0-9a-f]{32}",
        ),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("infisical_token = \"st.<<hex:24>>.<<hex:32>>.<<hex:32>>\"\r\n"),
            Sample::Text("{\"infisical_token\": \"st.<<hex:24>>.<<hex:32>>.<<hex:32>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("infisical_token = \"st.<<hex:24>>.<<hex:32>>.<<hex:31>>\""),
            Sample::Text("blob: Qzst.<<hex:24>>.<<hex:32>>.<<hex:32>>"),
            Sample::Text(
                "INFISICAL_TOKEN=st.xxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/terraform-token",
            severity: Severity::Critical,
            summary: "A Terraform Cloud (HCP Terraform) or Enterprise API token.",
            docs: "Runs plans and reads state, which holds secrets.\n\n\
                Revoke it under *Tokens* of the user, team or organisation, and then every secret that it could \
                read; use a workload identity in its place.\n\n\
                Source: Terraform documentation, *API tokens*.",
            ..META
        },
        keywords: &[".atlasv1."],
        shape: Shape::Token(r"[0-9A-Za-z]{14}\.(?:atlasv1)\.[0-9A-Za-z_=-]{60,70}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer <<b62:14>>.atlasv1.<<b62:67>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nTERRAFORM_TOKEN = <<b62:14>>.atlasv1.<<b62:67>>\\n\""),
        ],
        no: &[
            Sample::Text("blob: Qz<<b62:14>>.atlasv1.<<b62:67>>"),
            Sample::Text(
                "TERRAFORM_TOKEN=xxxxxxxxxxxxxx.atlasv1.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("<<b62:14>>.atlasv1.<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/akeyless-key",
            severity: Severity::Critical,
            summary: "An Akeyless access key.",
            docs: "Reads whatever its role allows.\n\n\
                Revoke it under *Access roles > Auth methods*, and then every secret that it could read; use a \
                workload identity in its place.\n\n\
                Source: Akeyless documentation, *API key*.",
            ..META
        },
        keywords: &["akeyless"],
        shape: Shape::Named {
            name: "akeyless",
            value: "[0-9A-Za-z+/]{43}=",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("akeyless_api_key => \"<<b64:43>>=\""),
            Sample::Text("export AKEYLESS_TOKEN=\"<<b64:43>>=\""),
        ],
        no: &[
            Sample::Text("akeyless_token = \"<<b64:42>>=\""),
            Sample::Text("akeyless_token = \"Zq<<b64:43>>=\""),
            Sample::Text("akeyless_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=\""),
            Sample::Text("https://files.test/akeyless/<<b64:43>>="),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bitwarden-secret",
            severity: Severity::Critical,
            summary: "A Bitwarden client secret or access token.",
            docs: "Signs in as its user or machine account.\n\n\
                Revoke it under *Account settings > Security > Keys* (rotate), and then every secret that it could \
                read; use a workload identity in its place.\n\n\
                Source: Bitwarden help, *Personal API key*.",
            ..META
        },
        keywords: &["bitwarden", "bw_client", "bws_access"],
        shape: Shape::Named {
            name: "bitwarden[_a-z.-]{0,16}|bw_client_?secret|bws_access_token",
            value: r"(?:[0-9A-Za-z]{30}|0\.(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.[0-9A-Za-z]{30}:[0-9A-Za-z+/]{22}==)",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("bitwarden_api_key => \"<<b62:30>>\""),
            Sample::Text("export BITWARDEN_TOKEN=\"<<b62:30>>\""),
            Sample::Text("BWS_ACCESS_TOKEN=0.<<uuid>>.<<b62:30>>:<<b64:22>>=="),
        ],
        no: &[
            Sample::Text("bitwarden_token = \"<<b62:29>>\""),
            Sample::Text("bitwarden_token = \"Zq<<b62:30>>\""),
            Sample::Text("bitwarden_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/bitwarden/<<b62:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
