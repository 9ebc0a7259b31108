//! Content, files and media: Contentful, Sanity, Dropbox, Box, Vimeo and others.

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
            id: "secrets/contentful-token",
            severity: Severity::High,
            summary: "A Contentful token.",
            docs: "Reads, or with a management token changes, the space's content.\n\n\
                Revoke it under *Settings > API keys*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Contentful documentation, *Authentication*.",
            ..META
        },
        keywords: &["contentful"],
        shape: Shape::Named {
            name: "contentful",
            value: "[0-9A-Za-z_=-]{43}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("CONTENTFUL_API_KEY=<<b62:43>>"),
            Sample::Text("const contentfulKey = `<<b62:43>>`;"),
        ],
        no: &[
            Sample::Text("contentful_token = \"<<b62:42>>\""),
            Sample::Text("contentful_token = \"Zq<<b62:43>>\""),
            Sample::Text("contentful_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/contentful/<<b62:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/contentful-management-token",
            severity: Severity::High,
            summary: "A Contentful management token.",
            docs: "Changes the content of every space of its user.\n\n\
                Revoke it under *Account settings > CMA tokens*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Contentful documentation, *Personal access tokens*.",
            ..META
        },
        keywords: &["cfpat-"],
        shape: Shape::Token("CFPAT-[0-9A-Za-z_-]{43}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e CONTENTFUL_MANAGEMENT_TOKEN=CFPAT-<<url64:43>> image\n"),
            Sample::Text("CONTENTFUL_MANAGEMENT_TOKEN=CFPAT-<<url64:43>>"),
        ],
        no: &[
            Sample::Text("contentful_management_token = \"CFPAT-<<url64:42>>\""),
            Sample::Text("blob: QzCFPAT-<<url64:43>>"),
            Sample::Text("CONTENTFUL_MANAGEMENT_TOKEN=CFPAT-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sanity-token",
            severity: Severity::High,
            summary: "A Sanity API token.",
            docs: "Reads and changes the data set.\n\n\
                Revoke it under *Manage > API > Tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Sanity documentation, *HTTP authentication*.",
            ..META
        },
        keywords: &["sanity\"", "sanity-", "sanity.", "sanity_", "sanityapi", "sanitytoken"],
        shape: Shape::Named {
            name: "sanity",
            value: "sk[0-9A-Za-z]{60,200}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"sanity_apiApiKey\": \"sk<<b62:80>>\","),
            Sample::Text("sanity_api_api_key => \"sk<<b62:80>>\""),
        ],
        no: &[
            Sample::Text(
                "sanity_api_token = \"skxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/sanity_api/sk<<b62:80>>"),
            Sample::Text("sanity_token = \"sk<<b62:12>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/prismic-token",
            severity: Severity::Medium,
            summary: "A Prismic access token.",
            docs: "Reads unpublished content, or writes.\n\n\
                Revoke it under *Settings > API & security*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Prismic documentation, *Access tokens*.",
            ..META
        },
        keywords: &["prismic"],
        shape: Shape::Named {
            name: "prismic",
            value: "(?:MC5[0-9A-Za-z_.-]{50,200}|[0-9A-Za-z]{64})",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("prismic.secret = 'MC5<<b62:90>>'"),
            Sample::Text("\"prismicApiKey\": \"MC5<<b62:90>>\","),
        ],
        no: &[
            Sample::Text(
                "prismic_token = \"MC5xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/prismic/MC5<<b62:90>>"),
            Sample::Text("prismic_token = \"MC5<<b62:12>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/storyblok-token",
            severity: Severity::Medium,
            summary: "A Storyblok token.",
            docs: "Reads drafts, or with a management token changes content.\n\n\
                Revoke it under *Settings > Access tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Storyblok documentation, *Authentication*.",
            ..META
        },
        keywords: &["storyblok"],
        shape: Shape::Named {
            name: "storyblok",
            value: "[0-9A-Za-z]{22}tt(?:-[0-9]{3,8}-[0-9A-Za-z_-]{20})?",
        },
        min_entropy: 3.3,
        yes: &[
            Sample::Text("storyblok_token: <<b62:22>>tt\n"),
            Sample::Text("STORYBLOK_API_KEY=<<b62:22>>tt"),
        ],
        no: &[
            Sample::Text("storyblok_token = \"<<b62:20>>tt\""),
            Sample::Text("https://files.test/storyblok/<<b62:22>>tt"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/datocms-token",
            severity: Severity::Medium,
            summary: "A DatoCMS API token.",
            docs: "Reads, or changes, the project's content.\n\n\
                Revoke it under *Settings > API tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: DatoCMS documentation, *Authentication*.",
            ..META
        },
        keywords: &["dato_cms", "datocms"],
        shape: Shape::Named {
            name: "datocms|dato_cms",
            value: "[0-9a-f]{30}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("datocms_api_key => \"<<hex:30>>\""),
            Sample::Text("export DATOCMS_TOKEN=\"<<hex:30>>\""),
        ],
        no: &[
            Sample::Text("datocms_token = \"<<hex:29>>\""),
            Sample::Text("datocms_token = \"Zq<<hex:30>>\""),
            Sample::Text("datocms_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/datocms/<<hex:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/hygraph-token",
            severity: Severity::Medium,
            summary: "A Hygraph token.",
            docs: "Reads and changes the project's content.\n\n\
                Revoke it under *Project settings > Permanent auth tokens*, then give the program an identity of its \
                own with the fewest scopes, read from a secret store.\n\n\
                Source: Hygraph documentation, *Authorization*.",
            ..META
        },
        keywords: &["graphcms", "hygraph"],
        shape: Shape::Named {
            name: "hygraph|graphcms",
            value: r"eyJ[0-9A-Za-z_-]{10,200}\.eyJ[0-9A-Za-z_-]{60,900}\.[0-9A-Za-z_-]{43,700}",
        },
        reach: 1900,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("HYGRAPH_API_KEY=eyJ<<b62:60>>.eyJ<<b62:200>>.<<b62:86>>"),
            Sample::Text("const hygraphKey = `eyJ<<b62:60>>.eyJ<<b62:200>>.<<b62:86>>`;"),
        ],
        no: &[
            Sample::Text(
                "hygraph_token = \"eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/hygraph/eyJ<<b62:60>>.eyJ<<b62:200>>.<<b62:86>>"),
            Sample::Text("hygraph_token = eyJ<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ghost-admin-key",
            severity: Severity::High,
            summary: "A Ghost admin API key.",
            docs: "Changes the site's posts and members.\n\n\
                Revoke it under *Settings > Integrations*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Ghost documentation, *Admin API*.",
            ..META
        },
        keywords: &["ghost"],
        shape: Shape::Named {
            name: "ghost",
            value: "[0-9a-f]{24}:[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("GHOST_ADMIN_API_KEY=<<hex:24>>:<<hex:64>>"),
            Sample::Text("const ghost_adminKey = `<<hex:24>>:<<hex:64>>`;"),
        ],
        no: &[
            Sample::Text("ghost_admin_token = \"<<hex:24>>:<<hex:63>>\""),
            Sample::Text("ghost_admin_token = \"Zq<<hex:24>>:<<hex:64>>\""),
            Sample::Text(
                "ghost_admin_token = \"xxxxxxxxxxxxxxxxxxxxxxxx:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/ghost_admin/<<hex:24>>:<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/contentstack-token",
            severity: Severity::High,
            summary: "A Contentstack management token.",
            docs: "Changes the stack's content.\n\n\
                Revoke it under *Settings > Tokens*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Contentstack documentation, *Tokens*.",
            ..META
        },
        keywords: &["contentstack"],
        shape: Shape::Token("cs[0-9a-f]{32,40}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("CONTENTSTACK_MANAGEMENT_TOKEN=cs<<hex:40>>"),
            Sample::Text("contentstack: {token: 'cs<<hex:34>>'}"),
        ],
        no: &[
            Sample::Text("CONTENTSTACK_MANAGEMENT_TOKEN=cs<<hex:20>>"),
            Sample::Text("CONTENTSTACK_TOKEN=acs<<hex:34>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/webflow-token",
            severity: Severity::Medium,
            summary: "A Webflow API token.",
            docs: "Reads and changes the site's content.\n\n\
                Revoke it under *Site settings > Apps & integrations*, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Webflow documentation, *Site token*.",
            ..META
        },
        keywords: &["webflow"],
        shape: Shape::Named {
            name: "webflow",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export WEBFLOW_TOKEN=\"<<hex:64>>\""),
            Sample::Text("webflow_token: <<hex:64>>\n"),
        ],
        no: &[
            Sample::Text("webflow_token = \"<<hex:63>>\""),
            Sample::Text("webflow_token = \"Zq<<hex:64>>\""),
            Sample::Text("webflow_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/webflow/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dropbox-token",
            severity: Severity::High,
            summary: "A Dropbox access token.",
            docs: "Reads and writes files.\n\n\
                Revoke it under *App console*, or *Settings > Connected apps*, then give the program an identity of \
                its own with the fewest scopes, read from a secret store.\n\n\
                Source: Dropbox documentation, *OAuth guide*.",
            ..META
        },
        keywords: &["sl."],
        shape: Shape::Token(r"sl\.(?:u\.)?[0-9A-Za-z_=-]{130,1400}"),
        reach: 1500,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e DROPBOX_TOKEN=sl.<<url64:135>> image\n"),
            Sample::Text("DROPBOX_TOKEN=sl.<<url64:135>>"),
        ],
        no: &[
            Sample::Text("blob: Qzsl.<<url64:135>>"),
            Sample::Text(
                "DROPBOX_TOKEN=sl.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("sl.<<url64:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dropbox-long-lived-token",
            severity: Severity::High,
            summary: "A Dropbox long-lived access token.",
            docs: "Reads and writes files without an end.\n\n\
                Revoke it under *App console*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Dropbox documentation, *OAuth guide*.",
            ..META
        },
        keywords: &["dropbox"],
        shape: Shape::Named {
            name: "dropbox",
            value: "[0-9A-Za-z]{11}AAAAAAAAAA[0-9A-Za-z_=-]{43}",
        },
        min_entropy: 3.0,
        yes: &[
            Sample::Text("dropbox_api_key => \"<<b62:11>>AAAAAAAAAA<<b62:43>>\""),
            Sample::Text("export DROPBOX_TOKEN=\"<<b62:11>>AAAAAAAAAA<<b62:43>>\""),
        ],
        no: &[
            Sample::Text("dropbox_token = \"<<b62:11>>AAAAAAAAAA<<b62:42>>\""),
            Sample::Text("dropbox_token = \"Zq<<b62:11>>AAAAAAAAAA<<b62:43>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dropbox-secret",
            severity: Severity::High,
            summary: "A Dropbox app secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *App console > Settings*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Dropbox documentation, *OAuth guide*.",
            ..META
        },
        keywords: &["dropbox"],
        shape: Shape::Named {
            name: "dropbox",
            value: "[0-9a-z]{15}",
        },
        check: structure::mixed,
        yes: &[
            Sample::Text("export DROPBOX_TOKEN=\"<<low36:15>>\""),
            Sample::Text("dropbox_token: <<low36:15>>\n"),
        ],
        no: &[
            Sample::Text("dropbox_token = \"<<low36:14>>\""),
            Sample::Text("dropbox_token = \"Zq<<low36:15>>\""),
            Sample::Text("dropbox_token = \"xxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/dropbox/<<low36:15>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/box-secret",
            severity: Severity::High,
            summary: "A Box client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Developer console > Configuration*, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Box documentation, *Application credentials*.",
            ..META
        },
        keywords: &["box_client", "box_api", "box_app", "box_dev", "box-client", "boxclient"],
        shape: Shape::Named {
            name: r"\bbox[_-]?(?:client|api|app|dev)[_a-z-]{0,12}(?:secret|token|key)?|_box_client_secret",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("BOX_CLIENT_SECRET=<<b62:32>>"),
            Sample::Text("box_developer_token: '<<b62:32>>'"),
        ],
        no: &[
            Sample::Text("BOX_CLIENT_SECRET=<<b62:31>>"),
            Sample::Text("BOX_CLIENT_SECRET=Zq<<b62:32>>"),
            Sample::Text("BOX_CLIENT_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/box_client/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/vimeo-token",
            severity: Severity::Medium,
            summary: "A Vimeo token or secret.",
            docs: "Reads and uploads videos.\n\n\
                Revoke it under *My apps*, then give the program an identity of its own with the fewest scopes, read \
                from a secret store.\n\n\
                Source: Vimeo documentation, *Authentication*.",
            ..META
        },
        keywords: &["vimeo"],
        shape: Shape::Named {
            name: "vimeo",
            value: "(?:[0-9A-Za-z+/]{128}|[0-9a-f]{32})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"vimeoApiKey\": \"<<hex:32>>\","),
            Sample::Text("vimeo_api_key => \"<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("vimeo_token = \"<<hex:31>>\""),
            Sample::Text("vimeo_token = \"Zq<<hex:32>>\""),
            Sample::Text("vimeo_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/vimeo/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mux-secret",
            severity: Severity::Medium,
            summary: "A Mux token secret.",
            docs: "Reads and uploads videos at the account's cost.\n\n\
                Revoke it under *Settings > Access tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Mux documentation, *API access*.",
            ..META
        },
        keywords: &["mux-", "mux_"],
        shape: Shape::Named {
            name: r"\bmux[_-]|_mux_",
            value: "[0-9A-Za-z+/]{75}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const mux_tokenKey = `<<b64:75>>`;"),
            Sample::Text("mux_token.secret = '<<b64:75>>'"),
        ],
        no: &[
            Sample::Text("mux_token_token = \"<<b64:74>>\""),
            Sample::Text("mux_token_token = \"Zq<<b64:75>>\""),
            Sample::Text(
                "mux_token_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/mux_token/<<b64:75>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/wistia-token",
            severity: Severity::Medium,
            summary: "A Wistia API token.",
            docs: "Reads and changes videos.\n\n\
                Revoke it under *Account > API access*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Wistia documentation, *Authentication*.",
            ..META
        },
        keywords: &["wistia"],
        shape: Shape::Named {
            name: "wistia",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("wistia_api_key => \"<<hex:64>>\""),
            Sample::Text("export WISTIA_TOKEN=\"<<hex:64>>\""),
        ],
        no: &[
            Sample::Text("wistia_token = \"<<hex:63>>\""),
            Sample::Text("wistia_token = \"Zq<<hex:64>>\""),
            Sample::Text("wistia_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/wistia/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/giphy-key",
            severity: Severity::Low,
            summary: "A Giphy API key.",
            docs: "Searches at the account's rate.\n\n\
                Revoke it under *Developers > Dashboard*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Giphy documentation, *API keys*.",
            ..META
        },
        keywords: &["giphy"],
        shape: Shape::Named {
            name: "giphy",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const giphyKey = `<<b62:32>>`;"),
            Sample::Text("giphy.secret = '<<b62:32>>'"),
        ],
        no: &[
            Sample::Text("giphy_token = \"<<b62:31>>\""),
            Sample::Text("giphy_token = \"Zq<<b62:32>>\""),
            Sample::Text("giphy_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/giphy/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/unsplash-key",
            severity: Severity::Low,
            summary: "An Unsplash access or secret key.",
            docs: "Searches, or acts as the application.\n\n\
                Revoke it under *Your applications*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Unsplash documentation, *Authorization*.",
            ..META
        },
        keywords: &["unsplash"],
        shape: Shape::Named {
            name: "unsplash",
            value: "[0-9A-Za-z_-]{43}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export UNSPLASH_TOKEN=\"<<b62:43>>\""),
            Sample::Text("unsplash_token: <<b62:43>>\n"),
        ],
        no: &[
            Sample::Text("unsplash_token = \"<<b62:42>>\""),
            Sample::Text("unsplash_token = \"Zq<<b62:43>>\""),
            Sample::Text("unsplash_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/unsplash/<<b62:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/pexels-key",
            severity: Severity::Low,
            summary: "A Pexels API key.",
            docs: "Searches at the account's rate.\n\n\
                Revoke it under *Image & video API*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Pexels documentation, *Authorization*.",
            ..META
        },
        keywords: &["pexels"],
        shape: Shape::Named {
            name: "pexels",
            value: "[0-9A-Za-z]{56}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export PEXELS_TOKEN=\"<<b62:56>>\""),
            Sample::Text("pexels_token: <<b62:56>>\n"),
        ],
        no: &[
            Sample::Text("pexels_token = \"<<b62:55>>\""),
            Sample::Text("pexels_token = \"Zq<<b62:56>>\""),
            Sample::Text("pexels_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/pexels/<<b62:56>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/flickr-token",
            severity: Severity::Medium,
            summary: "A Flickr key or secret.",
            docs: "Reads and uploads photos as the application.\n\n\
                Revoke it under *App garden*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Flickr documentation, *OAuth*.",
            ..META
        },
        keywords: &["flickr"],
        shape: Shape::Named {
            name: "flickr",
            value: "[0-9a-z]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("FLICKR_API_KEY=<<hex:32>>"),
            Sample::Text("const flickrKey = `<<hex:32>>`;"),
        ],
        no: &[
            Sample::Text("flickr_token = \"<<hex:31>>\""),
            Sample::Text("flickr_token = \"Zq<<hex:32>>\""),
            Sample::Text("flickr_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/flickr/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/removebg-key",
            severity: Severity::Low,
            summary: "A remove.bg API key.",
            docs: "Edits images at the account's cost.\n\n\
                Revoke it under *API keys*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: remove.bg documentation, *Authentication*.",
            ..META
        },
        keywords: &["remove_bg", "removebg"],
        shape: Shape::Named {
            name: "remove_?bg|removebg",
            value: "[0-9A-Za-z]{24}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("export REMOVEBG_TOKEN=\"<<b62:24>>\""),
            Sample::Text("removebg_token: <<b62:24>>\n"),
        ],
        no: &[
            Sample::Text("removebg_token = \"<<b62:23>>\""),
            Sample::Text("removebg_token = \"Zq<<b62:24>>\""),
            Sample::Text("removebg_token = \"xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/removebg/<<b62:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bitly-token",
            severity: Severity::Medium,
            summary: "A Bitly access token.",
            docs: "Makes and changes links.\n\n\
                Revoke it under *Settings > API*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Bitly documentation, *Authentication*.",
            ..META
        },
        keywords: &["bit_ly", "bitly"],
        shape: Shape::Named {
            name: "bitly|bit_ly",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("bitly_api_key => \"<<hex:40>>\""),
            Sample::Text("export BITLY_TOKEN=\"<<hex:40>>\""),
        ],
        no: &[
            Sample::Text("bitly_token = \"<<hex:39>>\""),
            Sample::Text("bitly_token = \"Zq<<hex:40>>\""),
            Sample::Text("bitly_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/bitly/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/rebrandly-key",
            severity: Severity::Medium,
            summary: "A Rebrandly API key.",
            docs: "Makes and changes links.\n\n\
                Revoke it under *Account > API keys*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Rebrandly documentation, *Authentication*.",
            ..META
        },
        keywords: &["rebrandly"],
        shape: Shape::Named {
            name: "rebrandly",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const rebrandlyKey = `<<hex:32>>`;"),
            Sample::Text("rebrandly.secret = '<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("rebrandly_token = \"<<hex:31>>\""),
            Sample::Text("rebrandly_token = \"Zq<<hex:32>>\""),
            Sample::Text("rebrandly_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/rebrandly/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/tinyurl-token",
            severity: Severity::Low,
            summary: "A TinyURL API token.",
            docs: "Makes and changes links.\n\n\
                Revoke it under *Settings > API*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: TinyURL documentation, *Authentication*.",
            ..META
        },
        keywords: &["tinyurl"],
        shape: Shape::Named {
            name: "tinyurl",
            value: "[0-9A-Za-z]{60}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("tinyurl_api_key => \"<<b62:60>>\""),
            Sample::Text("export TINYURL_TOKEN=\"<<b62:60>>\""),
        ],
        no: &[
            Sample::Text("tinyurl_token = \"<<b62:59>>\""),
            Sample::Text("tinyurl_token = \"Zq<<b62:60>>\""),
            Sample::Text("tinyurl_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/tinyurl/<<b62:60>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/beamer-token",
            severity: Severity::Medium,
            summary: "A Beamer API key.",
            docs: "Posts announcements and reads users.\n\n\
                Revoke it under *Settings > API*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Beamer documentation, *Authentication*.",
            ..META
        },
        keywords: &["beamer"],
        shape: Shape::Token("b_[0-9A-Za-z_=/+-]{44}=?"),
        min_entropy: 3.8,
        yes: &[
            Sample::Text("BEAMER_API_KEY=b_<<b62:44>>"),
            Sample::Text("beamerToken = \"b_<<low36:44>>\""),
        ],
        no: &[
            Sample::Text("BEAMER_API_KEY=b_<<b62:30>>"),
            Sample::Text("BEAMER_API_KEY=bb_<<b62:44>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
