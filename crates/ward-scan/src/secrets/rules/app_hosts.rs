//! Platforms that host applications: Heroku, Vercel, Netlify, Supabase and others.

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
            id: "secrets/heroku-key",
            severity: Severity::High,
            summary: "A Heroku API key.",
            docs: "Manages the account's applications, with their configuration and data.\n\n\
                Revoke it under *Account settings > API key* (regenerate), then set a new one in the platform's own \
                secret settings, with the fewest rights that do the work.\n\n\
                Source: Heroku Dev Center, *OAuth* and *Token formats*.",
            ..META
        },
        keywords: &["hrku-"],
        shape: Shape::Token(
            "HRKU-(?:AA[0-9A-Za-z_-]{58}|(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))",
        ),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("docker run -e HEROKU_KEY=HRKU-AA<<url64:58>> image\n"),
            Sample::Text("HEROKU_KEY=HRKU-AA<<url64:58>>"),
            Sample::Text("HEROKU_API_KEY=HRKU-<<uuid>>"),
        ],
        no: &[
            Sample::Text("heroku_key = \"HRKU-AA<<url64:57>>\""),
            Sample::Text("blob: QzHRKU-AA<<url64:58>>"),
            Sample::Text("HEROKU_KEY=HRKU-AAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/heroku-uuid-key",
            severity: Severity::High,
            summary: "A Heroku API key of the older form.",
            docs: "Manages the account's applications, with their configuration and data.\n\n\
                Revoke it under *Account settings > API key* (regenerate), then set a new one in the platform's own \
                secret settings, with the fewest rights that do the work.\n\n\
                Source: Heroku Dev Center, *Platform API*.",
            ..META
        },
        keywords: &["heroku"],
        shape: Shape::Named {
            name: "heroku",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const herokuKey = `<<uuid>>`;"),
            Sample::Text("heroku.secret = '<<uuid>>'"),
        ],
        no: &[
            Sample::Text("heroku_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("heroku_token = \"Zq<<uuid>>\""),
            Sample::Text("heroku_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/heroku/<<uuid>>"),
            Sample::Text("heroku addons id <<hex:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/fly-token",
            severity: Severity::High,
            summary: "A Fly.io access token.",
            docs: "Deploys and reads the organisation's applications.\n\n\
                Revoke it under *Organisation > Tokens*, then set a new one in the platform's own secret settings, \
                with the fewest rights that do the work.\n\n\
                Source: Fly.io documentation, *Access tokens*.",
            ..META
        },
        keywords: &["fm1r_", "fm1a_", "fm2_", "fo1_"],
        shape: Shape::Token(
            "(?:fo1_[0-9A-Za-z_-]{43}|fm1[ar]_[0-9A-Za-z+/]{100,2000}={0,3}|fm2_[0-9A-Za-z+/]{100,2000}={0,3})",
        ),
        reach: 2200,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e FLY_TOKEN=fo1_<<url64:43>> image\n"),
            Sample::Text("FLY_TOKEN=fo1_<<url64:43>>"),
            Sample::Text("FLY_API_TOKEN=FlyV1 fm2_<<b64:300>>="),
        ],
        no: &[
            Sample::Text("fly_token = \"fo1_<<url64:42>>\""),
            Sample::Text("blob: Qzfo1_<<url64:43>>"),
            Sample::Text("FLY_TOKEN=fo1_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/render-key",
            severity: Severity::High,
            summary: "A Render API key.",
            docs: "Manages the workspace's services and their environment.\n\n\
                Revoke it under *Account settings > API keys*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Render documentation, *API*.",
            ..META
        },
        keywords: &["rnd_"],
        shape: Shape::Token("rnd_[0-9A-Za-z]{28,40}"),
        check: structure::random,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("\"print(1)\\nRENDER_KEY = rnd_<<b62:28>>\\n\""),
            Sample::Text("docker run -e RENDER_KEY=rnd_<<b62:28>> image\n"),
        ],
        no: &[
            Sample::Text("render_key = \"rnd_<<b62:27>>\""),
            Sample::Text("blob: Qzrnd_<<b62:28>>"),
            Sample::Text("RENDER_KEY=rnd_xxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/railway-token",
            severity: Severity::High,
            summary: "A Railway token.",
            docs: "Deploys and reads the project's services.\n\n\
                Revoke it under *Account* or *project settings > Tokens*, then set a new one in the platform's own \
                secret settings, with the fewest rights that do the work.\n\n\
                Source: Railway documentation, *Public API*.",
            ..META
        },
        keywords: &["railway"],
        shape: Shape::Named {
            name: "railway",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"railwayApiKey\": \"<<uuid>>\","),
            Sample::Text("railway_api_key => \"<<uuid>>\""),
        ],
        no: &[
            Sample::Text("railway_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("railway_token = \"Zq<<uuid>>\""),
            Sample::Text("railway_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/railway/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/vercel-token",
            severity: Severity::High,
            summary: "A Vercel access token.",
            docs: "Deploys and reads the team's projects and their environment.\n\n\
                Revoke it under *Account settings > Tokens*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Vercel documentation, *REST API, authentication*.",
            ..META
        },
        keywords: &["vercel"],
        shape: Shape::Named {
            name: "vercel",
            value: "[0-9A-Za-z]{24}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("const vercelKey = `<<b62:24>>`;"),
            Sample::Text("vercel.secret = '<<b62:24>>'"),
        ],
        no: &[
            Sample::Text("vercel_token = \"<<b62:23>>\""),
            Sample::Text("vercel_token = \"Zq<<b62:24>>\""),
            Sample::Text("vercel_token = \"xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/vercel/<<b62:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/vercel-prefixed-token",
            severity: Severity::High,
            summary: "A Vercel token of the prefixed form.",
            docs: "Deploys and reads the team's projects and their environment.\n\n\
                Revoke it under *Account settings > Tokens*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Vercel changelog, *token formats*.",
            ..META
        },
        keywords: &["vcp_", "vci_", "vca_", "vcr_", "vck_"],
        shape: Shape::Token("vc[piark]_[0-9A-Za-z_-]{24,64}"),
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=vcp_<<b62:56>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer vcp_<<b62:56>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("blob: Qzvcp_<<b62:56>>"),
            Sample::Text("VERCEL_PREFIXED_TOKEN=vcp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("vcp_<<b62:10>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/vercel-blob-token",
            severity: Severity::High,
            summary: "A Vercel Blob token.",
            docs: "Reads and writes the store.\n\n\
                Revoke it under *Storage* of the project, then set a new one in the platform's own secret settings, \
                with the fewest rights that do the work.\n\n\
                Source: Vercel documentation, *Vercel Blob*.",
            ..META
        },
        keywords: &["vercel_blob_rw_"],
        shape: Shape::Token("vercel_blob_rw_[0-9A-Za-z]{16}_[0-9A-Za-z]{30}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=vercel_blob_rw_<<b62:16>>_<<b62:30>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer vercel_blob_rw_<<b62:16>>_<<b62:30>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("vercel_blob_token = \"vercel_blob_rw_<<b62:16>>_<<b62:29>>\""),
            Sample::Text("blob: Qzvercel_blob_rw_<<b62:16>>_<<b62:30>>"),
            Sample::Text("VERCEL_BLOB_TOKEN=vercel_blob_rw_xxxxxxxxxxxxxxxx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/netlify-token",
            severity: Severity::High,
            summary: "A Netlify personal access token.",
            docs: "Deploys and reads the team's sites and their environment.\n\n\
                Revoke it under *User settings > Applications*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Netlify documentation, *Get started with the API*.",
            ..META
        },
        keywords: &["nfp_", "nfc_", "nfo_", "nfu_"],
        shape: Shape::Token("nf[pcou]_[0-9A-Za-z]{36}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=nfp_<<b62:36>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer nfp_<<b62:36>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("netlify_token = \"nfp_<<b62:35>>\""),
            Sample::Text("blob: Qznfp_<<b62:36>>"),
            Sample::Text("NETLIFY_TOKEN=nfp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/netlify-older-token",
            severity: Severity::High,
            summary: "A Netlify access token of the older form.",
            docs: "Deploys and reads the team's sites and their environment.\n\n\
                Revoke it under *User settings > Applications*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Netlify documentation, *Get started with the API*.",
            ..META
        },
        keywords: &["netlify"],
        shape: Shape::Named {
            name: "netlify",
            value: "[0-9A-Za-z_=-]{40,46}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const netlifyKey = `<<b62:43>>`;"),
            Sample::Text("netlify.secret = '<<b62:43>>'"),
        ],
        no: &[
            Sample::Text("netlify_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/netlify/<<b62:43>>"),
            Sample::Text("netlify_token = \"<<b62:30>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/supabase-token",
            severity: Severity::High,
            summary: "A Supabase personal access token.",
            docs: "Manages the organisation's projects.\n\n\
                Revoke it under *Account > Access tokens*, then set a new one in the platform's own secret settings, \
                with the fewest rights that do the work.\n\n\
                Source: Supabase documentation, *Management API*.",
            ..META
        },
        keywords: &["sbp_"],
        shape: Shape::Token("sbp_(?:v0_)?[0-9a-f]{40}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("https://host.test/v1?key=sbp_<<hex:40>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer sbp_<<hex:40>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("supabase_token = \"sbp_<<hex:39>>\""),
            Sample::Text("blob: Qzsbp_<<hex:40>>"),
            Sample::Text("SUPABASE_TOKEN=sbp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/supabase-secret-key",
            severity: Severity::Critical,
            summary: "A Supabase secret key.",
            docs: "Reads and writes the project's database past its row rules.\n\n\
                Revoke it under *Project settings > API keys*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Supabase documentation, *Understanding API keys*.",
            ..META
        },
        keywords: &["sb_secret_"],
        shape: Shape::Token("sb_secret_[0-9A-Za-z_-]{22}_[0-9A-Za-z_-]{8}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer sb_secret_<<b62:22>>_<<b62:8>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nSUPABASE_SECRET_KEY = sb_secret_<<b62:22>>_<<b62:8>>\\n\""),
        ],
        no: &[
            Sample::Text("supabase_secret_key = \"sb_secret_<<b62:22>>_<<b62:7>>\""),
            Sample::Text("blob: Qzsb_secret_<<b62:22>>_<<b62:8>>"),
            Sample::Text("SUPABASE_SECRET_KEY=sb_secret_xxxxxxxxxxxxxxxxxxxxxx_xxxxxxxx"),
            Sample::Text("sb_publishable_<<b62:22>>_<<b62:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/supabase-service-key",
            severity: Severity::Critical,
            summary: "A Supabase service-role key.",
            docs: "Reads and writes the project's database past its row rules. The `anon` key is public.\n\n\
                Revoke it under *Project settings > JWT keys*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Supabase documentation, *Understanding API keys*.",
            ..META
        },
        keywords: &["eyjhbgcioijiuzi1niis"],
        shape: Shape::Token(r"eyJhbGciOiJIUzI1NiIs[0-9A-Za-z_-]{10,60}\.eyJ[0-9A-Za-z_-]{40,400}\.[0-9A-Za-z_-]{43}"),
        reach: 700,
        check: structure::supabase_service_role,
        min_entropy: 3.0,
        yes: &[
            Sample::Made(|dice| format!("SUPABASE_KEY={}", structure::made_supabase(dice, "service_role"))),
            Sample::Made(|dice| format!("key: '{}'", structure::made_supabase(dice, "service_role"))),
        ],
        no: &[
            Sample::Text("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ<<b62:80>>.<<url64:43>>"),
            Sample::Made(|dice| format!("SUPABASE_KEY={}", structure::made_supabase(dice, "anon"))),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/planetscale-token",
            severity: Severity::High,
            summary: "A PlanetScale service token, OAuth token or database password.",
            docs: "Reads, writes or manages the organisation's databases.\n\n\
                Revoke it under *Organisation settings > Service tokens*, or *Passwords* of the branch, then set a \
                new one in the platform's own secret settings, with the fewest rights that do the work.\n\n\
                Source: PlanetScale documentation, *Service tokens*.",
            ..META
        },
        keywords: &["pscale_tkn_", "pscale_oauth_", "pscale_pw_", "pscale_oat_"],
        shape: Shape::Token("pscale_(?:tkn|oauth|pw|oat)_[0-9A-Za-z=._-]{32,64}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer pscale_tkn_<<b62:43>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nPLANETSCALE_TOKEN = pscale_tkn_<<b62:43>>\\n\""),
        ],
        no: &[
            Sample::Text("blob: Qzpscale_tkn_<<b62:43>>"),
            Sample::Text("PLANETSCALE_TOKEN=pscale_tkn_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("pscale_tkn_<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/neon-key",
            severity: Severity::High,
            summary: "A Neon API key.",
            docs: "Manages the organisation's databases.\n\n\
                Revoke it under *Account settings > API keys*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Neon documentation, *Manage API keys*.",
            ..META
        },
        keywords: &["napi_"],
        shape: Shape::Token("napi_[0-9a-z]{64}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("NEON_KEY=napi_<<low36:64>>"),
            Sample::Text("neon_key = \"napi_<<low36:64>>\"\r\n"),
        ],
        no: &[
            Sample::Text("neon_key = \"napi_<<low36:63>>\""),
            Sample::Text("blob: Qznapi_<<low36:64>>"),
            Sample::Text("NEON_KEY=napi_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/neon-password",
            severity: Severity::High,
            summary: "A password of a Neon database role.",
            docs: "Reads and writes the database.\n\n\
                Revoke it under *Roles* of the branch (reset), then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Neon documentation, *Manage roles*.",
            ..META
        },
        keywords: &["npg_"],
        shape: Shape::Token("npg_[0-9A-Za-z]{12,20}"),
        check: structure::random,
        yes: &[
            Sample::Text("neon_password = \"npg_<<b62:12>>\"\r\n"),
            Sample::Text("{\"neon_password\": \"npg_<<b62:12>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("neon_password = \"npg_<<b62:11>>\""),
            Sample::Text("blob: Qznpg_<<b62:12>>"),
            Sample::Text("NEON_PASSWORD=npg_xxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/deno-deploy-token",
            severity: Severity::High,
            summary: "A Deno Deploy token.",
            docs: "Deploys the account's projects.\n\n\
                Revoke it under *Account > Access tokens*, then set a new one in the platform's own secret settings, \
                with the fewest rights that do the work.\n\n\
                Source: Deno Deploy documentation, *API quickstart*.",
            ..META
        },
        keywords: &["ddp_", "ddo_", "ddw_"],
        shape: Shape::Token("dd[pow]_[0-9A-Za-z]{36}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer ddp_<<b62:36>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nDENO_DEPLOY_TOKEN = ddp_<<b62:36>>\\n\""),
        ],
        no: &[
            Sample::Text("deno_deploy_token = \"ddp_<<b62:35>>\""),
            Sample::Text("blob: Qzddp_<<b62:36>>"),
            Sample::Text("DENO_DEPLOY_TOKEN=ddp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/scalingo-token",
            severity: Severity::High,
            summary: "A Scalingo API token.",
            docs: "Manages the account's applications.\n\n\
                Revoke it under *Profile > API tokens*, then set a new one in the platform's own secret settings, \
                with the fewest rights that do the work.\n\n\
                Source: Scalingo documentation, *API tokens*.",
            ..META
        },
        keywords: &["tk-us-"],
        shape: Shape::Token("tk-us-[0-9A-Za-z_-]{48}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"scalingo_token\": \"tk-us-<<url64:48>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"SCALINGO_TOKEN\">tk-us-<<url64:48>></add>"),
        ],
        no: &[
            Sample::Text("scalingo_token = \"tk-us-<<url64:47>>\""),
            Sample::Text("blob: Qztk-us-<<url64:48>>"),
            Sample::Text("SCALINGO_TOKEN=tk-us-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/pantheon-token",
            severity: Severity::High,
            summary: "A Pantheon machine token.",
            docs: "Deploys and reads the account's sites.\n\n\
                Revoke it under *Account > Machine tokens*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Pantheon documentation, *Machine tokens*.",
            ..META
        },
        keywords: &["pantheon", "terminus"],
        shape: Shape::Named {
            name: "pantheon|terminus",
            value: "[0-9A-Za-z_-]{49}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export PANTHEON_TOKEN=\"<<b62:49>>\""),
            Sample::Text("pantheon_token: <<b62:49>>\n"),
        ],
        no: &[
            Sample::Text("pantheon_token = \"<<b62:48>>\""),
            Sample::Text("pantheon_token = \"Zq<<b62:49>>\""),
            Sample::Text("pantheon_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/pantheon/<<b62:49>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/platformsh-token",
            severity: Severity::High,
            summary: "A Platform.sh (Upsun) API token.",
            docs: "Deploys and reads the account's projects.\n\n\
                Revoke it under *My profile > API tokens*, then set a new one in the platform's own secret settings, \
                with the fewest rights that do the work.\n\n\
                Source: Upsun documentation, *API tokens*.",
            ..META
        },
        keywords: &["platform_sh", "platformsh", "upsun"],
        shape: Shape::Named {
            name: "platform_?sh|platformsh|upsun",
            value: "[0-9A-Za-z_-]{43,64}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"platformsh_cliApiKey\": \"<<b62:43>>\","),
            Sample::Text("platformsh_cli_api_key => \"<<b62:43>>\""),
        ],
        no: &[
            Sample::Text("platformsh_cli_token = \"<<b62:42>>\""),
            Sample::Text("platformsh_cli_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/platformsh_cli/<<b62:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/koyeb-token",
            severity: Severity::High,
            summary: "A Koyeb API token.",
            docs: "Deploys the organisation's services.\n\n\
                Revoke it under *Organisation settings > API*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Koyeb documentation, *API*.",
            ..META
        },
        keywords: &["koyeb"],
        shape: Shape::Named {
            name: "koyeb",
            value: "[0-9a-z]{64}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("koyeb.secret = '<<low36:64>>'"),
            Sample::Text("\"koyebApiKey\": \"<<low36:64>>\","),
        ],
        no: &[
            Sample::Text("koyeb_token = \"<<low36:63>>\""),
            Sample::Text("koyeb_token = \"Zq<<low36:64>>\""),
            Sample::Text("koyeb_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/koyeb/<<low36:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/pulumi-token",
            severity: Severity::Critical,
            summary: "A Pulumi access token.",
            docs: "Reads the organisation's stacks, with their state and secrets, and changes infrastructure.\n\n\
                Revoke it under *Personal access tokens*, then set a new one in the platform's own secret settings, \
                with the fewest rights that do the work.\n\n\
                Source: Pulumi documentation, *Access tokens*.",
            ..META
        },
        keywords: &["pul-"],
        shape: Shape::Token("pul-[0-9a-f]{40}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer pul-<<hex:40>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nPULUMI_TOKEN = pul-<<hex:40>>\\n\""),
        ],
        no: &[
            Sample::Text("pulumi_token = \"pul-<<hex:39>>\""),
            Sample::Text("blob: Qzpul-<<hex:40>>"),
            Sample::Text("PULUMI_TOKEN=pul-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/expo-token",
            severity: Severity::High,
            summary: "An Expo access token.",
            docs: "Builds and publishes the account's applications.\n\n\
                Revoke it under *Account settings > Access tokens*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Expo documentation, *Programmatic access*.",
            ..META
        },
        keywords: &["expo_", "expo-", "expoaccess", "expotoken"],
        shape: Shape::Named {
            name: "expo[_-]?(?:access|token|api)",
            value: "[0-9A-Za-z_-]{40}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export EXPO_ACCESS_TOKEN=\"<<b62:40>>\""),
            Sample::Text("expo_access_token: <<b62:40>>\n"),
        ],
        no: &[
            Sample::Text("expo_access_token = \"<<b62:39>>\""),
            Sample::Text("expo_access_token = \"Zq<<b62:40>>\""),
            Sample::Text("expo_access_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/expo_access/<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
