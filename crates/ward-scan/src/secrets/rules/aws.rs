//! Amazon Web Services: key ids, secret keys, session and service tokens.

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
            id: "secrets/aws-key-id",
            severity: Severity::High,
            summary: "An AWS access key id.",
            docs: "Names the user or role whose secret key is likely to be near; the secret key opens everything they \
                may do.\n\n\
                Ids made since 2019 carry their account's number in base 32, which must be one of twelve digits.\n\n\
                Revoke it under *IAM > Users > Security credentials* (deactivate, then delete), then give the \
                program a role of its own (a workload or instance identity), or a key with few rights and an end \
                date.\n\n\
                Source: AWS IAM User Guide, *Unique identifiers* and *Managing access keys*.",
            ..META
        },
        keywords: &["akia", "asia", "abia", "acca", "a3t"],
        shape: Shape::Token("(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"),
        check: structure::aws_key_id,
        min_entropy: 3.0,
        yes: &[
            Sample::Made(|dice| format!("AWS_ACCESS_KEY_ID={}", structure::made_aws_key_id(dice, "AKIA"))),
            Sample::Made(|dice| format!("{{\"AccessKeyId\": \"{}\"}}", structure::made_aws_key_id(dice, "ASIA"))),
            Sample::Made(|dice| {
                format!(
                    "aws configure set aws_access_key_id {}\\n",
                    structure::made_aws_key_id(dice, "AKIA")
                )
            }),
        ],
        no: &[
            Sample::Text("aws_key_id = \"AKIA<<b32:15>>\""),
            Sample::Text("blob: QzAKIA<<b32:16>>"),
            Sample::Text("AWS_KEY_ID=AKIAxxxxxxxxxxxxxxxx"),
            Sample::Text("AKIAIOSFODNN7EXAMPLE"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/aws-secret-key",
            severity: Severity::Critical,
            summary: "An AWS secret access key.",
            docs: "With its key id it does whatever its user or role may do.\n\n\
                Revoke it under *IAM > Users > Security credentials* (deactivate, then delete), then give the \
                program a role of its own (a workload or instance identity), or a key with few rights and an end \
                date.\n\n\
                Source: AWS IAM User Guide, *Managing access keys*.",
            ..META
        },
        keywords: &[
            "aws",
            "amazon",
            "secretaccesskey",
            "secret_access_key",
            "s3_secret",
            "s3secret",
            "boto",
        ],
        shape: Shape::Named {
            name: "(?:aws|amazon|boto)[0-9a-z_.-]{0,20}(?:secret|private|pass|key|pwd|cred)|secret_?access_?key|s3[_.-]?secret(?:[_.-]?key)?",
            value: "[0-9A-Za-z/+]{40}",
        },
        check: structure::strict,
        min_entropy: 4.0,
        yes: &[
            Sample::Text("aws_secret_access_key = <<b64:40>>"),
            Sample::Text("AWS_SECRET_ACCESS_KEY=<<b64:40>>"),
            Sample::Text("\"SecretAccessKey\": \"<<b64:40>>\""),
        ],
        no: &[
            Sample::Text("aws_secret_access_key = <<b64:39>>"),
            Sample::Text("aws_secret_access_key = Zq<<b64:40>>"),
            Sample::Text("aws_secret_access_key = xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/aws/<<b64:40>>"),
            Sample::Text("aws_commit_key: <<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/aws-key-pair",
            severity: Severity::Critical,
            summary: "An AWS key id with its secret key beside it.",
            docs: "Does whatever its user or role may do.\n\n\
                Revoke it under *IAM > Users > Security credentials* (deactivate, then delete), then give the \
                program a role of its own (a workload or instance identity), or a key with few rights and an end \
                date.\n\n\
                Source: AWS IAM User Guide, *Managing access keys*.",
            ..META
        },
        keywords: &["akia", "asia"],
        shape: Shape::Text(
            r"\b(?:AKIA|ASIA)[A-Z2-7]{16}(?:[^0-9A-Za-z/+][\x00-\x7f]{0,60}?)?[^0-9A-Za-z/+=](?P<secret>[0-9A-Za-z/+]{40})(?:[^0-9A-Za-z/+=]|$)",
        ),
        check: structure::strict,
        min_entropy: 4.0,
        yes: &[
            Sample::Text("AKIA<<b32:16>>:<<b64:40>>"),
            Sample::Text("User,Access key,Secret\nada,AKIA<<b32:16>>,<<b64:40>>\n"),
            Sample::Text("Minio(\"s3.test\", \"AKIA<<b32:16>>\", \"<<b64:40>>\")"),
        ],
        no: &[
            Sample::Text("AKIA<<b32:16>> <<hex:40>>"),
            Sample::Text("AKIA<<b32:16>> <<b64:39>>"),
            Sample::Text("AKIA<<b32:16>>,<<b64:41>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/aws-session-token",
            severity: Severity::Medium,
            summary: "An AWS session token.",
            docs: "With its key id and secret key it acts as a role until it expires.\n\n\
                Revoke it under *IAM > Roles > Revoke sessions*, then give the program a role of its own (a workload \
                or instance identity), or a key with few rights and an end date.\n\n\
                Source: AWS IAM User Guide, *Temporary security credentials*.",
            ..META
        },
        keywords: &["fqogzxivyxdz", "fwogzxivyxdz", "iqojb3jpz2lu"],
        shape: Shape::Named {
            name: "session_?token|security_?token",
            value: "(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[0-9A-Za-z/+]{100,1500}={0,2}",
        },
        reach: 1800,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("AWS_SESSION_TOKEN=IQoJb3JpZ2lu<<b64:400>>"),
            Sample::Text("aws_session_token = \"IQoJb3JpZ2lu<<b64:400>>\""),
        ],
        no: &[
            Sample::Text(
                "AWS_SESSION_TOKEN=IQoJb3JpZ2luxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("https://files.test/aws/IQoJb3JpZ2lu<<b64:400>>"),
            Sample::Text("AWS_SESSION_TOKEN=IQoJb3JpZ2lu<<b64:50>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/aws-bedrock-key",
            severity: Severity::Critical,
            summary: "An Amazon Bedrock API key.",
            docs: "Runs models at the account's cost.\n\n\
                Revoke it under *Bedrock > API keys*, or delete the service-specific credential in IAM, then give \
                the program a role of its own (a workload or instance identity), or a key with few rights and an end \
                date.\n\n\
                Source: Amazon Bedrock User Guide, *API keys*.",
            ..META
        },
        keywords: &["absk", "bedrock-api-key-"],
        shape: Shape::Token(
            "(?:ABSK[0-9A-Za-z+/]{100,270}={0,2}|bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[0-9A-Za-z+/]{20,1500}={0,2})",
        ),
        reach: 1800,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("aws_bedrock_key: 'ABSK<<b64:128>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=ABSK<<b64:128>>&page=2"),
            Sample::Text("AWS_BEARER_TOKEN_BEDROCK=bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t<<b64:300>>"),
        ],
        no: &[
            Sample::Text("blob: QzABSK<<b64:128>>"),
            Sample::Text(
                "AWS_BEDROCK_KEY=ABSKxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("ABSK<<b64:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/aws-mws-token",
            severity: Severity::High,
            summary: "An Amazon Marketplace Web Service token.",
            docs: "Reads and changes a seller's listings and orders.\n\n\
                Revoke it under *Seller Central > Apps and services*, then give the program a role of its own (a \
                workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Amazon MWS developer guide, *Authorization*.",
            ..META
        },
        keywords: &["amzn.mws."],
        shape: Shape::Token(r"amzn\.mws\.(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("<add name=\"AWS_MWS_TOKEN\">amzn.mws.<<uuid>></add>"),
            Sample::Text("aws_mws_token: 'amzn.mws.<<uuid>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("aws_mws_token = \"amzn.mws.<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("blob: Qzamzn.mws.<<uuid>>"),
            Sample::Text("AWS_MWS_TOKEN=amzn.mws.00000000-0000-0000-0000-000000000000"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/amazon-oauth-secret",
            severity: Severity::High,
            summary: "A Login with Amazon client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Login with Amazon console > Web settings*, then give the program a role of its own \
                (a workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Login with Amazon documentation, *Client secrets*.",
            ..META
        },
        keywords: &["amzn1.oa2-cs."],
        shape: Shape::Token(r"amzn1\.oa2-cs\.v1\.[0-9a-f]{64}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"print(1)\\nAMAZON_OAUTH_SECRET = amzn1.oa2-cs.v1.<<hex:64>>\\n\""),
            Sample::Text("docker run -e AMAZON_OAUTH_SECRET=amzn1.oa2-cs.v1.<<hex:64>> image\n"),
        ],
        no: &[
            Sample::Text("amazon_oauth_secret = \"amzn1.oa2-cs.v1.<<hex:63>>\""),
            Sample::Text("blob: Qzamzn1.oa2-cs.v1.<<hex:64>>"),
            Sample::Text(
                "AMAZON_OAUTH_SECRET=amzn1.oa2-cs.v1.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/aws-ses-password",
            severity: Severity::High,
            summary: "An Amazon SES SMTP password.",
            docs: "Sends mail as the account's domains.\n\n\
                Revoke it under *IAM > Users* (the SMTP user's key), then give the program a role of its own (a \
                workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Amazon SES Developer Guide, *SMTP credentials*.",
            ..META
        },
        keywords: &[
            "email_host_password",
            "mail_password",
            "ses_smtp",
            "smtp-pass",
            "smtp_pass",
            "smtppass",
        ],
        shape: Shape::Named {
            name: "ses[_-]?smtp[_a-z.-]{0,12}pass(?:word)?|smtp[_-]?pass(?:word)?|email_host_password|mail_password",
            value: "B[A-D][0-9A-Za-z/+]{42}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("SMTP_PASSWORD=BA<<b64:42>>"),
            Sample::Text("EMAIL_HOST_PASSWORD = 'BA<<b64:42>>'"),
        ],
        no: &[
            Sample::Text("SMTP_PASSWORD=BA<<b64:41>>"),
            Sample::Text("SMTP_PASSWORD=ZqBA<<b64:42>>"),
            Sample::Text("SMTP_PASSWORD=BAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/smtp_password/BA<<b64:42>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
