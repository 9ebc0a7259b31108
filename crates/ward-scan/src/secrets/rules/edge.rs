//! Content delivery, names and certificates: Cloudflare, Fastly, Akamai and others.

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
            id: "secrets/cloudflare-prefixed-token",
            severity: Severity::Critical,
            summary: "A Cloudflare API token or global key of the prefixed form.",
            docs: "Changes zones, rules and workers; the global key (`cfk_`) changes everything.\n\n\
                Revoke it under *My profile > API tokens*, or *Account > API tokens*, then set a new one in the \
                platform's own secret settings, with the fewest rights that do the work.\n\n\
                Source: Cloudflare documentation, *Token formats*.",
            ..META
        },
        keywords: &["cfk_", "cfut_", "cfat_"],
        shape: Shape::Token("cf(?:k|ut|at)_[0-9A-Za-z]{40}[0-9a-f]{8}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("cloudflare_prefixed_token = \"cfut_<<b62:40>><<hex:8>>\"\r\n"),
            Sample::Text("{\"cloudflare_prefixed_token\": \"cfut_<<b62:40>><<hex:8>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("cloudflare_prefixed_token = \"cfut_<<b62:40>><<hex:7>>\""),
            Sample::Text("blob: Qzcfut_<<b62:40>><<hex:8>>"),
            Sample::Text("CLOUDFLARE_PREFIXED_TOKEN=cfut_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/cloudflare-token",
            severity: Severity::High,
            summary: "A Cloudflare API token.",
            docs: "Changes what its policy names: zones, rules, workers.\n\n\
                Revoke it under *My profile > API tokens*, then set a new one in the platform's own secret settings, \
                with the fewest rights that do the work.\n\n\
                Source: Cloudflare documentation, *Create API token*.",
            ..META
        },
        keywords: &["cf-api", "cf_api", "cf_token", "cloudflare"],
        shape: Shape::Named {
            name: "cloudflare|cf_api|cf-api|cf_token",
            value: "[0-9A-Za-z_-]{40}",
        },
        check: structure::not_hex,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("CLOUDFLARE_API_KEY=<<b62:40>>"),
            Sample::Text("const cloudflareKey = `<<b62:40>>`;"),
        ],
        no: &[
            Sample::Text("cloudflare_token = \"<<b62:39>>\""),
            Sample::Text("cloudflare_token = \"Zq<<b62:40>>\""),
            Sample::Text("cloudflare_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/cloudflare/<<b62:40>>"),
            Sample::Text("cloudflare_commit: <<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/cloudflare-global-key",
            severity: Severity::Critical,
            summary: "A Cloudflare global API key.",
            docs: "Does whatever its person may do.\n\n\
                Revoke it under *My profile > API tokens > Global API key* (change), then set a new one in the \
                platform's own secret settings, with the fewest rights that do the work.\n\n\
                Source: Cloudflare documentation, *Get Global API key*.",
            ..META
        },
        keywords: &["cf_api", "cloudflare", "x-auth-key"],
        shape: Shape::Named {
            name: "cloudflare|cf_api|x-auth-key",
            value: "[0-9a-f]{37}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export CLOUDFLARE_TOKEN=\"<<hex:37>>\""),
            Sample::Text("cloudflare_token: <<hex:37>>\n"),
        ],
        no: &[
            Sample::Text("cloudflare_token = \"<<hex:36>>\""),
            Sample::Text("cloudflare_token = \"Zq<<hex:37>>\""),
            Sample::Text("cloudflare_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/cloudflare/<<hex:37>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/cloudflare-origin-ca-key",
            severity: Severity::High,
            summary: "A Cloudflare origin CA key.",
            docs: "Issues certificates for the account's zones.\n\n\
                Revoke it under *My profile > API tokens > Origin CA key* (change), then set a new one in the \
                platform's own secret settings, with the fewest rights that do the work.\n\n\
                Source: Cloudflare documentation, *Origin CA keys*.",
            ..META
        },
        keywords: &["v1.0-"],
        shape: Shape::Token(r"v1\.0-[0-9a-f]{24}-[0-9a-f]{146}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("cloudflare_origin_ca_key: 'v1.0-<<hex:24>>-<<hex:146>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=v1.0-<<hex:24>>-<<hex:146>>&page=2"),
        ],
        no: &[
            Sample::Text("cloudflare_origin_ca_key = \"v1.0-<<hex:24>>-<<hex:145>>\""),
            Sample::Text("blob: Qzv1.0-<<hex:24>>-<<hex:146>>"),
            Sample::Text(
                "CLOUDFLARE_ORIGIN_CA_KEY=v1.0-xxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/fastly-token",
            severity: Severity::High,
            summary: "A Fastly API token.",
            docs: "Changes and purges the account's services.\n\n\
                Revoke it under *Account > API tokens*, then set a new one in the platform's own secret settings, \
                with the fewest rights that do the work.\n\n\
                Source: Fastly documentation, *Using API tokens*.",
            ..META
        },
        keywords: &["fastly"],
        shape: Shape::Named {
            name: "fastly",
            value: "[0-9A-Za-z_=-]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("fastly.secret = '<<b62:32>>'"),
            Sample::Text("\"fastlyApiKey\": \"<<b62:32>>\","),
        ],
        no: &[
            Sample::Text("fastly_token = \"<<b62:31>>\""),
            Sample::Text("fastly_token = \"Zq<<b62:32>>\""),
            Sample::Text("fastly_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/fastly/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/akamai-client-token",
            severity: Severity::High,
            summary: "An Akamai EdgeGrid client or access token.",
            docs: "With its client secret it changes the account's properties.\n\n\
                Revoke it under *Identity & access > API clients*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Akamai documentation, *Create authentication credentials*.",
            ..META
        },
        keywords: &["akab-"],
        shape: Shape::Token("akab-[0-9a-z]{16}-[0-9a-z]{16}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"akamai_client_token\": \"akab-<<low36:16>>-<<low36:16>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"AKAMAI_CLIENT_TOKEN\">akab-<<low36:16>>-<<low36:16>></add>"),
        ],
        no: &[
            Sample::Text("akamai_client_token = \"akab-<<low36:16>>-<<low36:15>>\""),
            Sample::Text("blob: Qzakab-<<low36:16>>-<<low36:16>>"),
            Sample::Text("AKAMAI_CLIENT_TOKEN=akab-xxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/akamai-client-secret",
            severity: Severity::High,
            summary: "An Akamai EdgeGrid client secret.",
            docs: "With its client token it changes the account's properties.\n\n\
                Revoke it under *Identity & access > API clients*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Akamai documentation, *Create authentication credentials*.",
            ..META
        },
        keywords: &["akamai", "edgegrid"],
        shape: Shape::Named {
            name: "(?:akamai|edgegrid)[_a-z.-]{0,16}secret",
            value: "[0-9A-Za-z+/]{43}=",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("AKAMAI_CLIENT_SECRET=<<b64:43>>="),
            Sample::Text("edgegrid_client_secret = <<b64:43>>="),
        ],
        no: &[
            Sample::Text("AKAMAI_CLIENT_SECRET=<<b64:42>>="),
            Sample::Text("AKAMAI_CLIENT_SECRET=Zq<<b64:43>>="),
            Sample::Text("AKAMAI_CLIENT_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx="),
            Sample::Text("https://files.test/akamai/<<b64:43>>="),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bunny-key",
            severity: Severity::High,
            summary: "A bunny.net key.",
            docs: "Changes the account's zones and files.\n\n\
                Revoke it under *Account settings > API*, then set a new one in the platform's own secret settings, \
                with the fewest rights that do the work.\n\n\
                Source: bunny.net documentation, *API key*.",
            ..META
        },
        keywords: &["bunny"],
        shape: Shape::Named {
            name: "bunny(?:cdn|net)?[_.-]?[a-z_.-]{0,12}(?:key|token|pass)",
            value: "(?:(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))?|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{4})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("BUNNY_API_KEY=<<uuid>><<uuid>>"),
            Sample::Text("bunnycdn_access_key: '<<uuid>><<uuid>>'"),
        ],
        no: &[
            Sample::Text(
                "BUNNY_API_KEY=<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>><<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>",
            ),
            Sample::Text("BUNNY_API_KEY=00000000-0000-0000-0000-00000000000000000000-0000-0000-0000-000000000000"),
            Sample::Text("https://files.test/bunny/<<uuid>><<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dnsimple-token",
            severity: Severity::High,
            summary: "A DNSimple API token.",
            docs: "Changes the account's names.\n\n\
                Revoke it under *Account > Access tokens*, then set a new one in the platform's own secret settings, \
                with the fewest rights that do the work.\n\n\
                Source: DNSimple documentation, *API access tokens*.",
            ..META
        },
        keywords: &["dnsimple"],
        shape: Shape::Named {
            name: "dnsimple",
            value: "(?:dnsimple_[au]_)?[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const dnsimpleKey = `<<b62:32>>`;"),
            Sample::Text("dnsimple.secret = '<<b62:32>>'"),
        ],
        no: &[
            Sample::Text("dnsimple_token = \"<<b62:31>>\""),
            Sample::Text("dnsimple_token = \"Zq<<b62:32>>\""),
            Sample::Text("dnsimple_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/dnsimple/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/godaddy-secret",
            severity: Severity::High,
            summary: "A GoDaddy API key or secret.",
            docs: "Changes the account's names.\n\n\
                Revoke it under the developer portal, *API keys*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: GoDaddy developer documentation, *Get started*.",
            ..META
        },
        keywords: &["godaddy"],
        shape: Shape::Named {
            name: "godaddy",
            value: "[0-9A-Za-z_]{22,40}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"godaddyApiKey\": \"<<b62:37>>\","),
            Sample::Text("godaddy_api_key => \"<<b62:37>>\""),
        ],
        no: &[
            Sample::Text("godaddy_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/godaddy/<<b62:37>>"),
            Sample::Text("godaddy_token = \"<<b62:15>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gandi-key",
            severity: Severity::High,
            summary: "A Gandi API key or personal access token.",
            docs: "Changes the account's names.\n\n\
                Revoke it under *Account > Security*, then set a new one in the platform's own secret settings, with \
                the fewest rights that do the work.\n\n\
                Source: Gandi documentation, *Authentication*.",
            ..META
        },
        keywords: &["gandi"],
        shape: Shape::Named {
            name: "gandi",
            value: "(?:[0-9a-f]{40}|[0-9A-Za-z]{24})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("gandi_token: <<b62:24>>\n"),
            Sample::Text("GANDI_API_KEY=<<b62:24>>"),
        ],
        no: &[
            Sample::Text("gandi_token = \"<<b62:23>>\""),
            Sample::Text("gandi_token = \"Zq<<b62:24>>\""),
            Sample::Text("gandi_token = \"xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/gandi/<<b62:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/namecheap-key",
            severity: Severity::High,
            summary: "A Namecheap API key.",
            docs: "Changes the account's names.\n\n\
                Revoke it under *Profile > Tools > API access*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: Namecheap documentation, *Introduction to the API*.",
            ..META
        },
        keywords: &["namecheap"],
        shape: Shape::Named {
            name: "namecheap",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export NAMECHEAP_TOKEN=\"<<hex:32>>\""),
            Sample::Text("namecheap_token: <<hex:32>>\n"),
        ],
        no: &[
            Sample::Text("namecheap_token = \"<<hex:31>>\""),
            Sample::Text("namecheap_token = \"Zq<<hex:32>>\""),
            Sample::Text("namecheap_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/namecheap/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ns1-key",
            severity: Severity::High,
            summary: "An NS1 API key.",
            docs: "Changes the account's zones.\n\n\
                Revoke it under *Account settings > API keys*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: NS1 documentation, *Managing API keys*.",
            ..META
        },
        keywords: &["ns1-", "ns1_", "nsone"],
        shape: Shape::Named {
            name: r"\bns1|nsone|x-nsone-key",
            value: "[0-9A-Za-z]{20}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("nsone.secret = '<<b62:20>>'"),
            Sample::Text("\"nsoneApiKey\": \"<<b62:20>>\","),
        ],
        no: &[
            Sample::Text("nsone_token = \"<<b62:19>>\""),
            Sample::Text("nsone_token = \"Zq<<b62:20>>\""),
            Sample::Text("nsone_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/nsone/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ngrok-token",
            severity: Severity::High,
            summary: "An ngrok authtoken or API key.",
            docs: "Opens tunnels in the account's name, or manages the account.\n\n\
                Revoke it under *Your authtoken* or *API keys* of the dashboard, then set a new one in the \
                platform's own secret settings, with the fewest rights that do the work.\n\n\
                Source: ngrok documentation, *Authtokens*.",
            ..META
        },
        keywords: &["authtoken", "ngrok"],
        shape: Shape::Named {
            name: "ngrok|authtoken",
            value: "(?:[12][0-9A-Za-z]{26}_[0-9A-Za-z]{20,22}|(?:cr|ak)_[12][0-9A-Za-z]{26}|[0-9A-Za-z]{43})",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"ngrokApiKey\": \"2<<b62:26>>_<<b62:20>>\","),
            Sample::Text("ngrok_api_key => \"2<<b62:26>>_<<b62:20>>\""),
            Sample::Text("ngrok config add-authtoken 2<<b62:26>>_<<b62:21>>"),
        ],
        no: &[
            Sample::Text("ngrok_token = \"2<<b62:26>>_<<b62:19>>\""),
            Sample::Text("ngrok_token = \"2xxxxxxxxxxxxxxxxxxxxxxxxxx_xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/ngrok/2<<b62:26>>_<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/zerossl-key",
            severity: Severity::Medium,
            summary: "A ZeroSSL access key.",
            docs: "Issues and revokes the account's certificates.\n\n\
                Revoke it under *Developer > API key* (reset), then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: ZeroSSL documentation, *REST API*.",
            ..META
        },
        keywords: &["zerossl"],
        shape: Shape::Named {
            name: "zerossl",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("zerossl.secret = '<<hex:32>>'"),
            Sample::Text("\"zerosslApiKey\": \"<<hex:32>>\","),
        ],
        no: &[
            Sample::Text("zerossl_token = \"<<hex:31>>\""),
            Sample::Text("zerossl_token = \"Zq<<hex:32>>\""),
            Sample::Text("zerossl_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/zerossl/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/cloudinary-url",
            severity: Severity::High,
            summary: "A Cloudinary URL with its API secret.",
            docs: "Reads, writes and deletes the account's media.\n\n\
                Revoke it under *Settings > API keys*, then set a new one in the platform's own secret settings, \
                with the fewest rights that do the work.\n\n\
                Source: Cloudinary documentation, *Find your credentials*.",
            ..META
        },
        keywords: &["cloudinary://"],
        shape: Shape::Text("cloudinary://[0-9]{15}:(?P<secret>[0-9A-Za-z_-]{27})@[0-9A-Za-z_-]+"),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("CLOUDINARY_URL=cloudinary://<<digit:15>>:<<b62:27>>@ada"),
            Sample::Text("'cloudinary://<<digit:15>>:<<url64:27>>@a-b'"),
        ],
        no: &[
            Sample::Text("cloudinary://<<digit:15>>:<<b62:26>>@ada"),
            Sample::Text("cloudinary://api_key:api_secret@cloud"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/imagekit-key",
            severity: Severity::High,
            summary: "An ImageKit private key.",
            docs: "Reads, writes and deletes the account's media.\n\n\
                Revoke it under *Developer options > API keys*, then set a new one in the platform's own secret \
                settings, with the fewest rights that do the work.\n\n\
                Source: ImageKit documentation, *API keys*.",
            ..META
        },
        keywords: &["private_"],
        shape: Shape::Token("private_[0-9A-Za-z+/]{27}="),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("docker run -e IMAGEKIT_KEY=private_<<b64:27>>= image\n"),
            Sample::Text("IMAGEKIT_KEY=private_<<b64:27>>="),
        ],
        no: &[
            Sample::Text("imagekit_key = \"private_<<b64:26>>=\""),
            Sample::Text("blob: Qzprivate_<<b64:27>>="),
            Sample::Text("IMAGEKIT_KEY=private_xxxxxxxxxxxxxxxxxxxxxxxxxxx="),
        ],
        ..SecretRule::DEFAULT
    },
];
