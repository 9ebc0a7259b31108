//! Social networks.

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
            id: "secrets/twitter-access-token",
            severity: Severity::High,
            summary: "An X (Twitter) access token.",
            docs: "Reads and posts as its user.\n\n\
                Revoke it under *Keys and tokens* (regenerate), then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: X developer documentation, *OAuth 1.0a*.",
            ..META
        },
        keywords: &["tweepy", "twitter"],
        shape: Shape::Named {
            name: "twitter|tweepy|x_api|x_access",
            value: "[0-9]{15,25}-[0-9A-Za-z]{20,40}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("twitter_api_key => \"<<digit:19>>-<<b62:30>>\""),
            Sample::Text("export TWITTER_TOKEN=\"<<digit:19>>-<<b62:30>>\""),
        ],
        no: &[
            Sample::Text("twitter_token = \"xxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/twitter/<<digit:19>>-<<b62:30>>"),
            Sample::Text("twitter_token = \"<<digit:8>>-<<b62:30>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/twitter-access-secret",
            severity: Severity::High,
            summary: "An X (Twitter) access token secret.",
            docs: "With its token it reads and posts as its user.\n\n\
                Revoke it under *Keys and tokens* (regenerate), then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: X developer documentation, *OAuth 1.0a*.",
            ..META
        },
        keywords: &["tweepy", "twitter"],
        shape: Shape::Named {
            name: "twitter|tweepy",
            value: "[0-9A-Za-z]{45}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export TWITTER_TOKEN=\"<<b62:45>>\""),
            Sample::Text("twitter_token: <<b62:45>>\n"),
        ],
        no: &[
            Sample::Text("twitter_token = \"<<b62:44>>\""),
            Sample::Text("twitter_token = \"Zq<<b62:45>>\""),
            Sample::Text("twitter_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/twitter/<<b62:45>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/twitter-api-key",
            severity: Severity::High,
            summary: "An X (Twitter) consumer key.",
            docs: "Acts as the application.\n\n\
                Revoke it under *Keys and tokens* (regenerate), then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: X developer documentation, *API key and secret*.",
            ..META
        },
        keywords: &["tweepy", "twitter"],
        shape: Shape::Named {
            name: "twitter|tweepy",
            value: "[0-9A-Za-z]{25}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("\"twitterApiKey\": \"<<b62:25>>\","),
            Sample::Text("twitter_api_key => \"<<b62:25>>\""),
        ],
        no: &[
            Sample::Text("twitter_token = \"<<b62:24>>\""),
            Sample::Text("twitter_token = \"Zq<<b62:25>>\""),
            Sample::Text("twitter_token = \"xxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/twitter/<<b62:25>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/twitter-api-secret",
            severity: Severity::High,
            summary: "An X (Twitter) consumer secret.",
            docs: "Acts as the application.\n\n\
                Revoke it under *Keys and tokens* (regenerate), then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: X developer documentation, *API key and secret*.",
            ..META
        },
        keywords: &["tweepy", "twitter"],
        shape: Shape::Named {
            name: "twitter|tweepy",
            value: "[0-9A-Za-z]{50}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("TWITTER_API_KEY=<<b62:50>>"),
            Sample::Text("const twitterKey = `<<b62:50>>`;"),
        ],
        no: &[
            Sample::Text("twitter_token = \"<<b62:49>>\""),
            Sample::Text("twitter_token = \"Zq<<b62:50>>\""),
            Sample::Text("twitter_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/twitter/<<b62:50>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/twitter-bearer-token",
            severity: Severity::High,
            summary: "An X (Twitter) bearer token.",
            docs: "Reads as the application.\n\n\
                Revoke it under *Keys and tokens* (regenerate), then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: X developer documentation, *OAuth 2.0 bearer token*.",
            ..META
        },
        keywords: &["aaaaaaaaaaaaaaaaaaaaa"],
        shape: Shape::Token("A{20,24}[0-9A-Za-z%]{70,110}"),
        check: structure::after_padding,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("twitter_bearer_token: 'AAAAAAAAAAAAAAAAAAAAAA<<b62:86>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=AAAAAAAAAAAAAAAAAAAAAA<<b62:86>>&page=2"),
        ],
        no: &[
            Sample::Text("blob: QzAAAAAAAAAAAAAAAAAAAAAA<<b62:86>>"),
            Sample::Text(
                "TWITTER_BEARER_TOKEN=AAAAAAAAAAAAAAAAAAAAAAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("AAAAAAAAAAAAAAAAAAAAAA<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/facebook-token",
            severity: Severity::High,
            summary: "A Facebook or Instagram access token.",
            docs: "Reads and posts as its user or page.\n\n\
                Revoke it under *Access token tool*, or *Settings > Apps*, then give the program an identity of its \
                own with the fewest scopes, read from a secret store.\n\n\
                Source: Meta for Developers documentation, *Access tokens*.",
            ..META
        },
        keywords: &[
            "eaaa", "eaab", "eaac", "eaad", "eaae", "eaag", "eaah", "eaai", "eaaj", "eaam",
        ],
        shape: Shape::Token("EAA[A-EG-JM][0-9A-Za-z]{100,400}"),
        reach: 512,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("facebook_token: 'EAAC<<b62:150>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=EAAC<<b62:150>>&page=2"),
        ],
        no: &[
            Sample::Text("blob: QzEAAC<<b62:150>>"),
            Sample::Text(
                "FACEBOOK_TOKEN=EAACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("EAAC<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/facebook-app-token",
            severity: Severity::High,
            summary: "A Facebook app access token.",
            docs: "Acts as the application: its number and its secret.\n\n\
                Revoke it under *Settings > Basic* (reset the secret), then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Meta for Developers documentation, *Access tokens*.",
            ..META
        },
        keywords: &["facebook", "fb_", "access_token="],
        shape: Shape::Token(r"[0-9]{15,16}(?:\||%7[Cc])[0-9A-Za-z_-]{27,40}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("FACEBOOK_ACCESS_TOKEN=<<digit:15>>|<<b62:27>>"),
            Sample::Text("graph.facebook.com/me?access_token=<<digit:16>>%7C<<b62:32>>"),
        ],
        no: &[
            Sample::Text("FACEBOOK_ACCESS_TOKEN=<<digit:12>>|<<b62:27>>"),
            Sample::Text("FACEBOOK_ACCESS_TOKEN=<<digit:15>>|<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/facebook-secret",
            severity: Severity::High,
            summary: "A Facebook app secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Settings > Basic* (reset), then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Meta for Developers documentation, *App secret*.",
            ..META
        },
        keywords: &["facebook", "fb_api", "fb_app", "fb_client", "fb_secret", "meta_app"],
        shape: Shape::Named {
            name: r"facebook|\bfb[_-]?(?:app|client|secret|api)|meta_?app",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("facebook.secret = '<<hex:32>>'"),
            Sample::Text("\"facebookApiKey\": \"<<hex:32>>\","),
        ],
        no: &[
            Sample::Text("facebook_token = \"<<hex:31>>\""),
            Sample::Text("facebook_token = \"Zq<<hex:32>>\""),
            Sample::Text("facebook_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/facebook/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/instagram-token",
            severity: Severity::High,
            summary: "An Instagram access token.",
            docs: "Reads and posts as its user.\n\n\
                Revoke it under *Settings > Apps and websites*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Meta for Developers documentation, *Instagram platform*.",
            ..META
        },
        keywords: &["igqv", "igqw", "igaa"],
        shape: Shape::Token("IG(?:QV|QW|AA)[0-9A-Za-z_-]{100,300}"),
        reach: 400,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e INSTAGRAM_TOKEN=IGQV<<b62:150>> image\n"),
            Sample::Text("INSTAGRAM_TOKEN=IGQV<<b62:150>>"),
        ],
        no: &[
            Sample::Text("blob: QzIGQV<<b62:150>>"),
            Sample::Text(
                "INSTAGRAM_TOKEN=IGQVxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("IGQV<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/linkedin-secret",
            severity: Severity::High,
            summary: "A LinkedIn client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Auth* of the app (generate a new one), then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: LinkedIn documentation, *Authentication*.",
            ..META
        },
        keywords: &["linked-in", "linked_in", "linkedin"],
        shape: Shape::Named {
            name: "linked[_-]?in",
            value: r"(?:WPL_AP[01]\.[0-9A-Za-z]{16}\.[0-9A-Za-z+/=]{8,10}|[0-9A-Za-z]{16})",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("LINKEDIN_API_KEY=<<b62:16>>"),
            Sample::Text("const linkedinKey = `<<b62:16>>`;"),
        ],
        no: &[
            Sample::Text("linkedin_token = \"<<b62:15>>\""),
            Sample::Text("linkedin_token = \"xxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/linkedin/<<b62:16>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/linkedin-client-id",
            severity: Severity::Low,
            summary: "A LinkedIn client id.",
            docs: "Names the application whose secret is likely to be near.\n\n\
                Revoke it under nothing: it is not secret by itself, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: LinkedIn documentation, *Authentication*.",
            ..META
        },
        keywords: &["linked-in", "linked_in", "linkedin"],
        shape: Shape::Named {
            name: "linked[_-]?in",
            value: "[0-9a-z]{14}",
        },
        check: structure::mixed,
        yes: &[
            Sample::Text("\"linkedinApiKey\": \"<<low36:14>>\","),
            Sample::Text("linkedin_api_key => \"<<low36:14>>\""),
        ],
        no: &[
            Sample::Text("linkedin_token = \"<<low36:13>>\""),
            Sample::Text("linkedin_token = \"Zq<<low36:14>>\""),
            Sample::Text("linkedin_token = \"xxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/linkedin/<<low36:14>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/tiktok-secret",
            severity: Severity::High,
            summary: "A TikTok client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Manage apps*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: TikTok for Developers documentation, *Manage user access tokens*.",
            ..META
        },
        keywords: &["tiktok"],
        shape: Shape::Named {
            name: "tiktok[_a-z.-]{0,16}(?:secret|token)",
            value: "(?:[0-9a-f]{40}|[0-9A-Za-z]{32})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("TIKTOK_CLIENT_SECRET=<<b62:32>>"),
            Sample::Text("tiktok_secret: '<<b62:32>>'"),
        ],
        no: &[
            Sample::Text("TIKTOK_CLIENT_SECRET=<<b62:31>>"),
            Sample::Text("TIKTOK_CLIENT_SECRET=Zq<<b62:32>>"),
            Sample::Text("TIKTOK_CLIENT_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/tiktok_client/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/pinterest-token",
            severity: Severity::High,
            summary: "A Pinterest access token.",
            docs: "Reads and posts as its user.\n\n\
                Revoke it under *My apps*, then give the program an identity of its own with the fewest scopes, read \
                from a secret store.\n\n\
                Source: Pinterest documentation, *Authentication*.",
            ..META
        },
        keywords: &["pinterest"],
        shape: Shape::Named {
            name: "pinterest",
            value: "pin[ar]_[0-9A-Za-z_.-]{60,1200}",
        },
        reach: 1400,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export PINTEREST_TOKEN=\"pina_<<b62:70>>\""),
            Sample::Text("pinterest_token: pina_<<b62:70>>\n"),
        ],
        no: &[
            Sample::Text(
                "pinterest_token = \"pina_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/pinterest/pina_<<b62:70>>"),
            Sample::Text("pinterest_token = \"pina_<<b62:12>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/reddit-secret",
            severity: Severity::High,
            summary: "A Reddit client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *App preferences*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Reddit documentation, *OAuth2*.",
            ..META
        },
        keywords: &["reddit"],
        shape: Shape::Named {
            name: "reddit",
            value: "[0-9A-Za-z_-]{27,30}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("\"reddit_clientApiKey\": \"<<b62:27>>\","),
            Sample::Text("reddit_client_api_key => \"<<b62:27>>\""),
        ],
        no: &[
            Sample::Text("reddit_client_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/reddit_client/<<b62:27>>"),
            Sample::Text("reddit_token = \"<<b62:20>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/twitch-token",
            severity: Severity::High,
            summary: "A Twitch token or secret.",
            docs: "Reads and posts as its user or application.\n\n\
                Revoke it under *Developer console*, or *Settings > Connections*, then give the program an identity \
                of its own with the fewest scopes, read from a secret store.\n\n\
                Source: Twitch documentation, *Authentication*.",
            ..META
        },
        keywords: &["twitch"],
        shape: Shape::Named {
            name: "twitch",
            value: "(?:oauth:)?[0-9a-z]{30}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const twitchKey = `<<low36:30>>`;"),
            Sample::Text("twitch.secret = '<<low36:30>>'"),
        ],
        no: &[
            Sample::Text("twitch_token = \"<<low36:29>>\""),
            Sample::Text("twitch_token = \"Zq<<low36:30>>\""),
            Sample::Text("twitch_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/twitch/<<low36:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/snapchat-secret",
            severity: Severity::High,
            summary: "A Snapchat client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Business details*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Snap documentation, *Authentication*.",
            ..META
        },
        keywords: &["snap_chat", "snapchat"],
        shape: Shape::Named {
            name: "snap_?chat[_a-z.-]{0,16}",
            value: "[0-9a-f]{20}",
        },
        yes: &[
            Sample::Text("SNAPCHAT_API_KEY=<<hex:20>>"),
            Sample::Text("const snapchatKey = `<<hex:20>>`;"),
        ],
        no: &[
            Sample::Text("snapchat_token = \"<<hex:19>>\""),
            Sample::Text("snapchat_token = \"Zq<<hex:20>>\""),
            Sample::Text("snapchat_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/snapchat/<<hex:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/tumblr-secret",
            severity: Severity::Medium,
            summary: "A Tumblr consumer key or secret.",
            docs: "Acts as the application.\n\n\
                Revoke it under *Applications*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Tumblr documentation, *Authentication*.",
            ..META
        },
        keywords: &["tumblr"],
        shape: Shape::Named {
            name: "tumblr",
            value: "[0-9A-Za-z]{50}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("TUMBLR_API_KEY=<<b62:50>>"),
            Sample::Text("const tumblrKey = `<<b62:50>>`;"),
        ],
        no: &[
            Sample::Text("tumblr_token = \"<<b62:49>>\""),
            Sample::Text("tumblr_token = \"Zq<<b62:50>>\""),
            Sample::Text("tumblr_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/tumblr/<<b62:50>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
