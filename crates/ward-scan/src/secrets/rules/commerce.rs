//! Shops, shipping, travel and bookkeeping.

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
            id: "secrets/shopify-token",
            severity: Severity::Critical,
            summary: "A Shopify access token or shared secret.",
            docs: "Reads and changes a shop's orders, customers and products.\n\n\
                Revoke it under *Apps > API credentials* (uninstall or rotate), then keep the new one in a secret \
                store that only the service that needs it reads, restricted to what it does.\n\n\
                Source: Shopify developer documentation, *Access tokens*.",
            ..META
        },
        keywords: &["shpat_", "shpca_", "shppa_", "shpss_", "shptka_", "shpua_"],
        shape: Shape::Token("shp(?:at|ca|pa|ss|tka|ua)_[0-9A-Fa-f]{32}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"print(1)\\nSHOPIFY_TOKEN = shpat_<<hex:32>>\\n\""),
            Sample::Text("docker run -e SHOPIFY_TOKEN=shpat_<<hex:32>> image\n"),
            Sample::Text("SHOPIFY_SECRET=shpss_<<hex:32>>"),
        ],
        no: &[
            Sample::Text("shopify_token = \"shpat_<<hex:31>>\""),
            Sample::Text("blob: Qzshpat_<<hex:32>>"),
            Sample::Text("SHOPIFY_TOKEN=shpat_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/woocommerce-key",
            severity: Severity::High,
            summary: "A WooCommerce REST key or secret.",
            docs: "Reads and changes a shop's orders, customers and products.\n\n\
                Revoke it under *Settings > Advanced > REST API*, then keep the new one in a secret store that only \
                the service that needs it reads, restricted to what it does.\n\n\
                Source: WooCommerce documentation, *REST API*.",
            ..META
        },
        keywords: &["ck_", "cs_"],
        shape: Shape::Token("c[ks]_[0-9a-f]{40}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("docker run -e WOOCOMMERCE_KEY=cs_<<hex:40>> image\n"),
            Sample::Text("WOOCOMMERCE_KEY=cs_<<hex:40>>"),
        ],
        no: &[
            Sample::Text("woocommerce_key = \"cs_<<hex:39>>\""),
            Sample::Text("blob: Qzcs_<<hex:40>>"),
            Sample::Text("WOOCOMMERCE_KEY=cs_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bigcommerce-token",
            severity: Severity::High,
            summary: "A BigCommerce access token.",
            docs: "Reads and changes a shop's orders, customers and products.\n\n\
                Revoke it under *Settings > API accounts*, then keep the new one in a secret store that only the \
                service that needs it reads, restricted to what it does.\n\n\
                Source: BigCommerce documentation, *API accounts*.",
            ..META
        },
        keywords: &["big_commerce", "bigcommerce"],
        shape: Shape::Named {
            name: "big_?commerce",
            value: "[0-9a-z]{31}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export BIGCOMMERCE_TOKEN=\"<<low36:31>>\""),
            Sample::Text("bigcommerce_token: <<low36:31>>\n"),
        ],
        no: &[
            Sample::Text("bigcommerce_token = \"<<low36:30>>\""),
            Sample::Text("bigcommerce_token = \"Zq<<low36:31>>\""),
            Sample::Text("bigcommerce_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/bigcommerce/<<low36:31>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/etsy-key",
            severity: Severity::Medium,
            summary: "An Etsy API key.",
            docs: "Calls the API as the application.\n\n\
                Revoke it under *Your apps*, then keep the new one in a secret store that only the service that \
                needs it reads, restricted to what it does.\n\n\
                Source: Etsy documentation, *Authentication*.",
            ..META
        },
        keywords: &["etsy"],
        shape: Shape::Named {
            name: r"\betsy|_etsy",
            value: "[0-9a-z]{24}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("export ETSY_TOKEN=\"<<low36:24>>\""),
            Sample::Text("etsy_token: <<low36:24>>\n"),
        ],
        no: &[
            Sample::Text("etsy_token = \"<<low36:23>>\""),
            Sample::Text("etsy_token = \"Zq<<low36:24>>\""),
            Sample::Text("etsy_token = \"xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/etsy/<<low36:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ebay-token",
            severity: Severity::High,
            summary: "An eBay OAuth credential.",
            docs: "Signs in as the application, or acts for a seller.\n\n\
                Revoke it under *Application keys* (rotate), then keep the new one in a secret store that only the \
                service that needs it reads, restricted to what it does.\n\n\
                Source: eBay developer documentation, *Client credentials*.",
            ..META
        },
        keywords: &["prd-", "sbx-"],
        shape: Shape::Token("(?:PRD|SBX)-[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}"),
        check: structure::not_sandbox,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("<add name=\"EBAY_TOKEN\">PRD-<<hex:12>>-<<hex:4>>-<<hex:4>>-<<hex:4>>-<<hex:4>></add>"),
            Sample::Text("ebay_token: 'PRD-<<hex:12>>-<<hex:4>>-<<hex:4>>-<<hex:4>>-<<hex:4>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("ebay_token = \"PRD-<<hex:12>>-<<hex:4>>-<<hex:4>>-<<hex:4>>-<<hex:3>>\""),
            Sample::Text("blob: QzPRD-<<hex:12>>-<<hex:4>>-<<hex:4>>-<<hex:4>>-<<hex:4>>"),
            Sample::Text("EBAY_TOKEN=PRD-xxxxxxxxxxxx-xxxx-xxxx-xxxx-xxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/squarespace-key",
            severity: Severity::High,
            summary: "A Squarespace API key.",
            docs: "Reads and changes orders and stock.\n\n\
                Revoke it under *Settings > Developer API keys*, then keep the new one in a secret store that only \
                the service that needs it reads, restricted to what it does.\n\n\
                Source: Squarespace documentation, *Authentication*.",
            ..META
        },
        keywords: &["squarespace"],
        shape: Shape::Named {
            name: "squarespace",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const squarespaceKey = `<<uuid>>`;"),
            Sample::Text("squarespace.secret = '<<uuid>>'"),
        ],
        no: &[
            Sample::Text("squarespace_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("squarespace_token = \"Zq<<uuid>>\""),
            Sample::Text("squarespace_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/squarespace/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/easypost-key",
            severity: Severity::High,
            summary: "An EasyPost API key.",
            docs: "Buys postage at the account's cost.\n\n\
                Revoke it under *Account settings > API keys*, then keep the new one in a secret store that only the \
                service that needs it reads, restricted to what it does.\n\n\
                Source: EasyPost documentation, *Authentication*.",
            ..META
        },
        keywords: &["ezak", "eztk"],
        shape: Shape::Token("EZ[AT]K[0-9A-Za-z]{54}"),
        check: structure::not_test,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("easypost_key: 'EZAK<<b62:54>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=EZAK<<b62:54>>&page=2"),
        ],
        no: &[
            Sample::Text("easypost_key = \"EZAK<<b62:53>>\""),
            Sample::Text("blob: QzEZAK<<b62:54>>"),
            Sample::Text("EASYPOST_KEY=EZAKxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/shippo-token",
            severity: Severity::High,
            summary: "A Shippo API token.",
            docs: "Buys postage at the account's cost.\n\n\
                Revoke it under *Settings > API*, then keep the new one in a secret store that only the service that \
                needs it reads, restricted to what it does.\n\n\
                Source: Shippo documentation, *Authentication*.",
            ..META
        },
        keywords: &["shippo_live_", "shippo_test_"],
        shape: Shape::Token("shippo_(?:live|test)_[0-9a-f]{40}"),
        check: structure::not_test,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("{\"shippo_token\": \"shippo_live_<<hex:40>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"SHIPPO_TOKEN\">shippo_live_<<hex:40>></add>"),
        ],
        no: &[
            Sample::Text("shippo_token = \"shippo_live_<<hex:39>>\""),
            Sample::Text("blob: Qzshippo_live_<<hex:40>>"),
            Sample::Text("SHIPPO_TOKEN=shippo_live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/lob-key",
            severity: Severity::High,
            summary: "A Lob API key.",
            docs: "Sends letters and cheques at the account's cost.\n\n\
                Revoke it under *Settings > API keys*, then keep the new one in a secret store that only the service \
                that needs it reads, restricted to what it does.\n\n\
                Source: Lob documentation, *API keys*.",
            ..META
        },
        keywords: &["live_", "test_"],
        shape: Shape::Token("(?:live|test)_[0-9a-f]{35}"),
        check: structure::not_test,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("lob_key: 'live_<<hex:35>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=live_<<hex:35>>&page=2"),
        ],
        no: &[
            Sample::Text("lob_key = \"live_<<hex:34>>\""),
            Sample::Text("blob: Qzlive_<<hex:35>>"),
            Sample::Text("LOB_KEY=live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/lob-public-key",
            severity: Severity::Low,
            summary: "A Lob publishable key.",
            docs: "Verifies addresses at the account's cost.\n\n\
                Revoke it under *Settings > API keys*, then keep the new one in a secret store that only the service \
                that needs it reads, restricted to what it does.\n\n\
                Source: Lob documentation, *API keys*.",
            ..META
        },
        keywords: &["live_pub_", "test_pub_"],
        shape: Shape::Token("(?:live|test)_pub_[0-9a-f]{31}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer live_pub_<<hex:31>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nLOB_PUBLIC_KEY = live_pub_<<hex:31>>\\n\""),
        ],
        no: &[
            Sample::Text("lob_public_key = \"live_pub_<<hex:30>>\""),
            Sample::Text("blob: Qzlive_pub_<<hex:31>>"),
            Sample::Text("LOB_PUBLIC_KEY=live_pub_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/duffel-token",
            severity: Severity::High,
            summary: "A Duffel access token.",
            docs: "Books and changes travel.\n\n\
                Revoke it under *Developers > Access tokens*, then keep the new one in a secret store that only the \
                service that needs it reads, restricted to what it does.\n\n\
                Source: Duffel documentation, *Making requests*.",
            ..META
        },
        keywords: &["duffel_live_", "duffel_test_"],
        shape: Shape::Token("duffel_(?:live|test)_[0-9A-Za-z_=-]{43}"),
        check: structure::not_test,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer duffel_live_<<url64:43>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nDUFFEL_TOKEN = duffel_live_<<url64:43>>\\n\""),
        ],
        no: &[
            Sample::Text("duffel_token = \"duffel_live_<<url64:42>>\""),
            Sample::Text("blob: Qzduffel_live_<<url64:43>>"),
            Sample::Text("DUFFEL_TOKEN=duffel_live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/amadeus-secret",
            severity: Severity::High,
            summary: "An Amadeus API secret.",
            docs: "Searches and books travel.\n\n\
                Revoke it under *My self-service workspace*, then keep the new one in a secret store that only the \
                service that needs it reads, restricted to what it does.\n\n\
                Source: Amadeus for Developers documentation, *Authorization*.",
            ..META
        },
        keywords: &["amadeus"],
        shape: Shape::Named {
            name: "amadeus[_a-z.-]{0,16}secret",
            value: "[0-9A-Za-z]{16}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("AMADEUS_CLIENT_SECRET=<<b62:16>>"),
            Sample::Text("amadeus_secret: '<<b62:16>>'"),
        ],
        no: &[
            Sample::Text("AMADEUS_CLIENT_SECRET=<<b62:15>>"),
            Sample::Text("AMADEUS_CLIENT_SECRET=Zq<<b62:16>>"),
            Sample::Text("AMADEUS_CLIENT_SECRET=xxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/amadeus_client/<<b62:16>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/freshbooks-token",
            severity: Severity::High,
            summary: "A FreshBooks access token or secret.",
            docs: "Reads and changes the books.\n\n\
                Revoke it under *Developer portal > My apps*, then keep the new one in a secret store that only the \
                service that needs it reads, restricted to what it does.\n\n\
                Source: FreshBooks documentation, *Authentication*.",
            ..META
        },
        keywords: &["freshbooks"],
        shape: Shape::Named {
            name: "freshbooks",
            value: "[0-9A-Za-z]{64}",
        },
        min_entropy: 3.2,
        yes: &[
            Sample::Text("freshbooks_token: <<hex:64>>\n"),
            Sample::Text("FRESHBOOKS_API_KEY=<<hex:64>>"),
        ],
        no: &[
            Sample::Text("freshbooks_token = \"<<hex:63>>\""),
            Sample::Text("freshbooks_token = \"Zq<<hex:64>>\""),
            Sample::Text("freshbooks_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/freshbooks/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/quickbooks-secret",
            severity: Severity::High,
            summary: "A QuickBooks (Intuit) client secret.",
            docs: "Signs in as the application, to people's books.\n\n\
                Revoke it under *Keys & credentials* (rotate), then keep the new one in a secret store that only the \
                service that needs it reads, restricted to what it does.\n\n\
                Source: Intuit developer documentation, *OAuth 2.0*.",
            ..META
        },
        keywords: &["intuit", "qbo_", "quickbooks"],
        shape: Shape::Named {
            name: "(?:quickbooks|intuit|qbo)[_a-z.-]{0,16}(?:secret)?",
            value: "[0-9A-Za-z]{40}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("intuit_api_key => \"<<b62:40>>\""),
            Sample::Text("export INTUIT_TOKEN=\"<<b62:40>>\""),
        ],
        no: &[
            Sample::Text("intuit_token = \"<<b62:39>>\""),
            Sample::Text("intuit_token = \"Zq<<b62:40>>\""),
            Sample::Text("intuit_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/intuit/<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/xero-secret",
            severity: Severity::High,
            summary: "A Xero client secret.",
            docs: "Signs in as the application, to people's books.\n\n\
                Revoke it under *My apps > Configuration*, then keep the new one in a secret store that only the \
                service that needs it reads, restricted to what it does.\n\n\
                Source: Xero developer documentation, *OAuth 2.0*.",
            ..META
        },
        keywords: &["xero"],
        shape: Shape::Named {
            name: "xero[_a-z.-]{0,16}secret",
            value: "[0-9A-Za-z_-]{48}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("XERO_CLIENT_SECRET=<<b62:48>>"),
            Sample::Text("xero_client_secret: '<<b62:48>>'"),
        ],
        no: &[
            Sample::Text("XERO_CLIENT_SECRET=<<b62:47>>"),
            Sample::Text("XERO_CLIENT_SECRET=Zq<<b62:48>>"),
            Sample::Text("XERO_CLIENT_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/xero_client/<<b62:48>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/rakuten-key",
            severity: Severity::Medium,
            summary: "A Rakuten application secret.",
            docs: "Calls the API as the application.\n\n\
                Revoke it under *Application information*, then keep the new one in a secret store that only the \
                service that needs it reads, restricted to what it does.\n\n\
                Source: Rakuten developers documentation.",
            ..META
        },
        keywords: &["rakuten"],
        shape: Shape::Named {
            name: "rakuten",
            value: "(?:[0-9a-f]{40}|[0-9]{19})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("rakuten.secret = '<<hex:40>>'"),
            Sample::Text("\"rakutenApiKey\": \"<<hex:40>>\","),
        ],
        no: &[
            Sample::Text("rakuten_token = \"<<hex:39>>\""),
            Sample::Text("rakuten_token = \"Zq<<hex:40>>\""),
            Sample::Text("rakuten_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/rakuten/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/checkr-key",
            severity: Severity::High,
            summary: "A Checkr API key.",
            docs: "Orders and reads background checks.\n\n\
                Revoke it under *Developer settings*, then keep the new one in a secret store that only the service \
                that needs it reads, restricted to what it does.\n\n\
                Source: Checkr documentation, *Authentication*.",
            ..META
        },
        keywords: &["checkr"],
        shape: Shape::Named {
            name: "checkr",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export CHECKR_TOKEN=\"<<hex:40>>\""),
            Sample::Text("checkr_token: <<hex:40>>\n"),
        ],
        no: &[
            Sample::Text("checkr_token = \"<<hex:39>>\""),
            Sample::Text("checkr_token = \"Zq<<hex:40>>\""),
            Sample::Text("checkr_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/checkr/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gusto-secret",
            severity: Severity::High,
            summary: "A Gusto token or secret.",
            docs: "Reads payroll.\n\n\
                Revoke it under *Developer portal > Applications*, then keep the new one in a secret store that only \
                the service that needs it reads, restricted to what it does.\n\n\
                Source: Gusto documentation, *Authentication*.",
            ..META
        },
        keywords: &["gusto"],
        shape: Shape::Named {
            name: "gusto",
            value: "[0-9A-Za-z_-]{43}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export GUSTO_TOKEN=\"<<b62:43>>\""),
            Sample::Text("gusto_token: <<b62:43>>\n"),
        ],
        no: &[
            Sample::Text("gusto_token = \"<<b62:42>>\""),
            Sample::Text("gusto_token = \"Zq<<b62:43>>\""),
            Sample::Text("gusto_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/gusto/<<b62:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bamboohr-key",
            severity: Severity::High,
            summary: "A BambooHR API key.",
            docs: "Reads people's files.\n\n\
                Revoke it under *API keys* of the account, then keep the new one in a secret store that only the \
                service that needs it reads, restricted to what it does.\n\n\
                Source: BambooHR documentation, *Getting started*.",
            ..META
        },
        keywords: &["bamboo_hr", "bamboohr"],
        shape: Shape::Named {
            name: "bamboo_?hr",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("bamboohr_token: <<hex:40>>\n"),
            Sample::Text("BAMBOOHR_API_KEY=<<hex:40>>"),
        ],
        no: &[
            Sample::Text("bamboohr_token = \"<<hex:39>>\""),
            Sample::Text("bamboohr_token = \"Zq<<hex:40>>\""),
            Sample::Text("bamboohr_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/bamboohr/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/greenhouse-key",
            severity: Severity::High,
            summary: "A Greenhouse API key.",
            docs: "Reads applicants' files.\n\n\
                Revoke it under *Dev center > API credential management*, then keep the new one in a secret store \
                that only the service that needs it reads, restricted to what it does.\n\n\
                Source: Greenhouse documentation, *Authentication*.",
            ..META
        },
        keywords: &["greenhouse"],
        shape: Shape::Named {
            name: "greenhouse",
            value: "(?:[0-9a-f]{32}-[0-9]{1,2}|[0-9a-f]{40})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("greenhouse_token: <<hex:40>>\n"),
            Sample::Text("GREENHOUSE_API_KEY=<<hex:40>>"),
        ],
        no: &[
            Sample::Text("greenhouse_token = \"<<hex:39>>\""),
            Sample::Text("greenhouse_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/greenhouse/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/docusign-key",
            severity: Severity::High,
            summary: "A DocuSign secret key.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Apps and keys*, then keep the new one in a secret store that only the service that \
                needs it reads, restricted to what it does.\n\n\
                Source: DocuSign documentation, *Authentication*.",
            ..META
        },
        keywords: &["docusign"],
        shape: Shape::Named {
            name: "docusign",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"docusignApiKey\": \"<<uuid>>\","),
            Sample::Text("docusign_api_key => \"<<uuid>>\""),
        ],
        no: &[
            Sample::Text("docusign_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("docusign_token = \"Zq<<uuid>>\""),
            Sample::Text("docusign_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/docusign/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/pandadoc-key",
            severity: Severity::High,
            summary: "A PandaDoc API key.",
            docs: "Reads and sends documents.\n\n\
                Revoke it under *Settings > API & integrations*, then keep the new one in a secret store that only \
                the service that needs it reads, restricted to what it does.\n\n\
                Source: PandaDoc documentation, *Authentication*.",
            ..META
        },
        keywords: &["pandadoc"],
        shape: Shape::Named {
            name: "pandadoc",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("PANDADOC_API_KEY=<<hex:40>>"),
            Sample::Text("const pandadocKey = `<<hex:40>>`;"),
        ],
        no: &[
            Sample::Text("pandadoc_token = \"<<hex:39>>\""),
            Sample::Text("pandadoc_token = \"Zq<<hex:40>>\""),
            Sample::Text("pandadoc_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/pandadoc/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dropboxsign-key",
            severity: Severity::High,
            summary: "A Dropbox Sign (HelloSign) API key.",
            docs: "Reads and sends documents.\n\n\
                Revoke it under *API > Settings*, then keep the new one in a secret store that only the service that \
                needs it reads, restricted to what it does.\n\n\
                Source: Dropbox Sign documentation, *Authentication*.",
            ..META
        },
        keywords: &["dropbox_sign", "dropboxsign", "hello_sign", "hellosign"],
        shape: Shape::Named {
            name: "hello_?sign|dropbox_?sign",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("hellosign_api_key => \"<<hex:64>>\""),
            Sample::Text("export HELLOSIGN_TOKEN=\"<<hex:64>>\""),
        ],
        no: &[
            Sample::Text("hellosign_token = \"<<hex:63>>\""),
            Sample::Text("hellosign_token = \"Zq<<hex:64>>\""),
            Sample::Text("hellosign_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/hellosign/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/freemius-secret",
            severity: Severity::High,
            summary: "A Freemius secret key.",
            docs: "Reads and changes the product's licences.\n\n\
                Revoke it under *Settings > Keys*, then keep the new one in a secret store that only the service \
                that needs it reads, restricted to what it does.\n\n\
                Source: Freemius documentation, *SDK integration*.",
            ..META
        },
        keywords: &["secret_key"],
        shape: Shape::Text(
            r#"[\"']secret_key[\"']\s{0,3}=>\s{0,3}[\"'](?P<secret>sk_[0-9A-Za-z~!@#$%^&*(){}:;,.?_+=-]{29})[\"']"#,
        ),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("'secret_key' => 'sk_<<b62:29>>',"),
            Sample::Text("\"secret_key\" => \"sk_<<b62:10>>!<<b62:18>>\","),
        ],
        no: &[
            Sample::Text("'secret_key' => 'sk_<<b62:20>>',"),
            Sample::Text("'public_key' => 'pk_<<b62:29>>',"),
        ],
        ..SecretRule::DEFAULT
    },
];
