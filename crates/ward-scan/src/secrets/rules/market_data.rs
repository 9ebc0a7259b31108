//! Prices, chains and financial facts.

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
            id: "secrets/alchemy-key",
            severity: Severity::Medium,
            summary: "An Alchemy API key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: Alchemy documentation, *API keys*.",
            ..META
        },
        keywords: &["alchemy"],
        shape: Shape::Named {
            name: "alchemy",
            value: "[0-9A-Za-z_-]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("alchemy_api_key => \"<<b62:32>>\""),
            Sample::Text("export ALCHEMY_TOKEN=\"<<b62:32>>\""),
        ],
        no: &[
            Sample::Text("alchemy_token = \"<<b62:31>>\""),
            Sample::Text("alchemy_token = \"Zq<<b62:32>>\""),
            Sample::Text("alchemy_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/alchemy/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/alchemy-url",
            severity: Severity::Medium,
            summary: "An Alchemy endpoint with its key.",
            docs: "Sends transactions and reads chains at the account's cost.\n\n\
                Revoke it under *Apps > API key*, then keep the new one on the server; most of these cost money by \
                the call.\n\n\
                Source: Alchemy documentation, *API keys*.",
            ..META
        },
        keywords: &["alchemy.com/"],
        shape: Shape::Text(r"\.(?:g\.)?alchemy\.com/(?:v2|nft/v[0-9])/(?P<secret>[0-9A-Za-z_-]{21,32})"),
        min_entropy: 3.5,
        yes: &[
            Sample::Text("https://eth-mainnet.g.alchemy.com/v2/<<b62:32>>"),
            Sample::Text("rpc: 'https://polygon-mainnet.g.alchemy.com/v2/<<url64:32>>'"),
        ],
        no: &[
            Sample::Text("https://eth-mainnet.g.alchemy.com/v2/your-api-key"),
            Sample::Text("https://eth-mainnet.g.alchemy.com/v2/"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/infura-key",
            severity: Severity::Medium,
            summary: "An Infura project id or secret.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: Infura documentation, *Secure your API key*.",
            ..META
        },
        keywords: &["infura"],
        shape: Shape::Named {
            name: "infura",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const infuraKey = `<<hex:32>>`;"),
            Sample::Text("infura.secret = '<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("infura_token = \"<<hex:31>>\""),
            Sample::Text("infura_token = \"Zq<<hex:32>>\""),
            Sample::Text("infura_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/infura/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/infura-url",
            severity: Severity::Medium,
            summary: "An Infura endpoint with its key.",
            docs: "Sends transactions and reads chains at the account's cost.\n\n\
                Revoke it under *API keys* of the dashboard, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: Infura documentation, *Secure your API key*.",
            ..META
        },
        keywords: &["infura.io/"],
        shape: Shape::Text(r"\.infura\.io/(?:ws/)?v3/(?P<secret>[0-9a-f]{32})\b"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("https://mainnet.infura.io/v3/<<hex:32>>"),
            Sample::Text("'wss://sepolia.infura.io/ws/v3/<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("https://mainnet.infura.io/v3/YOUR-PROJECT-ID"),
            Sample::Text("https://mainnet.infura.io/v3/<<hex:31>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/quicknode-url",
            severity: Severity::Medium,
            summary: "A QuickNode endpoint with its token.",
            docs: "Sends transactions and reads chains at the account's cost.\n\n\
                Revoke it under *Endpoints > Security*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: QuickNode documentation, *Endpoint security*.",
            ..META
        },
        keywords: &["quiknode.pro/"],
        shape: Shape::Text(r"\.quiknode\.pro/(?P<secret>[0-9a-f]{40})\b"),
        min_entropy: 3.2,
        yes: &[
            Sample::Text("https://ada-x.quiknode.pro/<<hex:40>>/"),
            Sample::Text("'wss://a-b.solana-mainnet.quiknode.pro/<<hex:40>>'"),
        ],
        no: &[
            Sample::Text("https://ada-x.quiknode.pro/token"),
            Sample::Text("https://ada-x.quiknode.pro/<<hex:39>>/"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/etherscan-key",
            severity: Severity::Low,
            summary: "An Etherscan (or sister explorer) API key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &[
            "arbiscan",
            "basescan",
            "bscscan",
            "ether_scan",
            "etherscan",
            "ftmscan",
            "polygonscan",
            "snowscan",
        ],
        shape: Shape::Named {
            name: "etherscan|bscscan|polygonscan|arbiscan|ftmscan|basescan|snowscan|ether_scan",
            value: "[0-9A-Z]{34}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("ETHERSCAN_API_KEY=<<up36:34>>"),
            Sample::Text("const etherscanKey = `<<up36:34>>`;"),
        ],
        no: &[
            Sample::Text("etherscan_token = \"<<up36:33>>\""),
            Sample::Text("etherscan_token = \"Zq<<up36:34>>\""),
            Sample::Text("etherscan_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/etherscan/<<up36:34>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/moralis-key",
            severity: Severity::Medium,
            summary: "A Moralis API key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["moralis"],
        shape: Shape::Named {
            name: "moralis",
            value: r"(?:[0-9A-Za-z]{64}|eyJ[0-9A-Za-z_-]{10,100}\.eyJ[0-9A-Za-z_-]{20,600}\.[0-9A-Za-z_-]{43})",
        },
        reach: 900,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("moralis_token: <<b62:64>>\n"),
            Sample::Text("MORALIS_API_KEY=<<b62:64>>"),
        ],
        no: &[
            Sample::Text("moralis_token = \"<<b62:63>>\""),
            Sample::Text("moralis_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/moralis/<<b62:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/blockfrost-key",
            severity: Severity::Medium,
            summary: "A Blockfrost project key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["blockfrost"],
        shape: Shape::Named {
            name: "blockfrost",
            value: "(?:mainnet|testnet|preprod|preview|ipfs)[0-9A-Za-z]{32}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"blockfrostApiKey\": \"mainnet<<b62:32>>\","),
            Sample::Text("blockfrost_api_key => \"mainnet<<b62:32>>\""),
        ],
        no: &[
            Sample::Text("blockfrost_token = \"mainnet<<b62:31>>\""),
            Sample::Text("blockfrost_token = \"Zqmainnet<<b62:32>>\""),
            Sample::Text("blockfrost_token = \"mainnetxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/blockfrost/mainnet<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/coinmarketcap-key",
            severity: Severity::Low,
            summary: "A CoinMarketCap API key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["cmc_pro", "coin_market_cap", "coinmarketcap"],
        shape: Shape::Named {
            name: "coin_?market_?cap|cmc_pro|x-cmc_pro",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("coinmarketcap_token: <<uuid>>\n"),
            Sample::Text("COINMARKETCAP_API_KEY=<<uuid>>"),
        ],
        no: &[
            Sample::Text("coinmarketcap_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("coinmarketcap_token = \"Zq<<uuid>>\""),
            Sample::Text("coinmarketcap_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/coinmarketcap/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/coingecko-key",
            severity: Severity::Low,
            summary: "A CoinGecko API key.",
            docs: "Reads prices at the account's cost.\n\n\
                Revoke it under the developer dashboard, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: CoinGecko documentation, *Authentication*.",
            ..META
        },
        keywords: &["cg-"],
        shape: Shape::Token("CG-[0-9A-Za-z]{24}"),
        check: structure::random,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("\"print(1)\\nCOINGECKO_KEY = CG-<<b62:24>>\\n\""),
            Sample::Text("docker run -e COINGECKO_KEY=CG-<<b62:24>> image\n"),
        ],
        no: &[
            Sample::Text("coingecko_key = \"CG-<<b62:23>>\""),
            Sample::Text("blob: QzCG-<<b62:24>>"),
            Sample::Text("COINGECKO_KEY=CG-xxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/polygon-io-key",
            severity: Severity::Medium,
            summary: "A Polygon.io (Massive) API key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &[
            "polygon-io",
            "polygon.io",
            "polygon_api",
            "polygon_io",
            "polygon_key",
            "polygonio",
        ],
        shape: Shape::Named {
            name: "polygon[_.-]?io|polygon_(?:api|key)",
            value: "[0-9A-Za-z_]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("polygon_io_token: <<b62:32>>\n"),
            Sample::Text("POLYGON_IO_API_KEY=<<b62:32>>"),
        ],
        no: &[
            Sample::Text("polygon_io_token = \"<<b62:31>>\""),
            Sample::Text("polygon_io_token = \"Zq<<b62:32>>\""),
            Sample::Text("polygon_io_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/polygon_io/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/finnhub-token",
            severity: Severity::Medium,
            summary: "A Finnhub token.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["finnhub"],
        shape: Shape::Named {
            name: "finnhub",
            value: "[0-9a-z]{20}(?:[0-9a-z]{20})?",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("const finnhubKey = `<<low36:20>>`;"),
            Sample::Text("finnhub.secret = '<<low36:20>>'"),
        ],
        no: &[
            Sample::Text("finnhub_token = \"<<low36:19>>\""),
            Sample::Text("finnhub_token = \"Zq<<low36:20>>\""),
            Sample::Text("finnhub_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/finnhub/<<low36:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/tiingo-token",
            severity: Severity::Medium,
            summary: "A Tiingo token.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["tiingo"],
        shape: Shape::Named {
            name: "tiingo",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const tiingoKey = `<<hex:40>>`;"),
            Sample::Text("tiingo.secret = '<<hex:40>>'"),
        ],
        no: &[
            Sample::Text("tiingo_token = \"<<hex:39>>\""),
            Sample::Text("tiingo_token = \"Zq<<hex:40>>\""),
            Sample::Text("tiingo_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/tiingo/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/alphavantage-key",
            severity: Severity::Low,
            summary: "An Alpha Vantage API key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["alpha_vantage", "alphavantage"],
        shape: Shape::Named {
            name: "alpha_?vantage",
            value: "[0-9A-Z]{16}",
        },
        min_entropy: 3.0,
        yes: &[
            Sample::Text("export ALPHAVANTAGE_TOKEN=\"<<up36:16>>\""),
            Sample::Text("alphavantage_token: <<up36:16>>\n"),
        ],
        no: &[
            Sample::Text("alphavantage_token = \"<<up36:15>>\""),
            Sample::Text("alphavantage_token = \"Zq<<up36:16>>\""),
            Sample::Text("alphavantage_token = \"xxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/alphavantage/<<up36:16>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/fred-key",
            severity: Severity::Low,
            summary: "A FRED API key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["fred-", "fred_", "stlouisfed"],
        shape: Shape::Named {
            name: r"\bfred[_-]|stlouisfed",
            value: "[0-9a-z]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("fred_api.secret = '<<hex:32>>'"),
            Sample::Text("\"fred_apiApiKey\": \"<<hex:32>>\","),
        ],
        no: &[
            Sample::Text("fred_api_token = \"<<hex:31>>\""),
            Sample::Text("fred_api_token = \"Zq<<hex:32>>\""),
            Sample::Text("fred_api_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/fred_api/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/quandl-key",
            severity: Severity::Low,
            summary: "A Nasdaq Data Link (Quandl) API key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["nasdaq_data", "quandl"],
        shape: Shape::Named {
            name: "quandl|nasdaq_data",
            value: "[0-9A-Za-z_-]{20}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("QUANDL_API_KEY=<<b62:20>>"),
            Sample::Text("const quandlKey = `<<b62:20>>`;"),
        ],
        no: &[
            Sample::Text("quandl_token = \"<<b62:19>>\""),
            Sample::Text("quandl_token = \"Zq<<b62:20>>\""),
            Sample::Text("quandl_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/quandl/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/newsapi-key",
            severity: Severity::Low,
            summary: "A NewsAPI key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["news-api", "news_api", "newsapi"],
        shape: Shape::Named {
            name: "news[_.-]?api",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("NEWSAPI_API_KEY=<<hex:32>>"),
            Sample::Text("const newsapiKey = `<<hex:32>>`;"),
        ],
        no: &[
            Sample::Text("newsapi_token = \"<<hex:31>>\""),
            Sample::Text("newsapi_token = \"Zq<<hex:32>>\""),
            Sample::Text("newsapi_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/newsapi/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/nytimes-key",
            severity: Severity::Low,
            summary: "A New York Times API key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["new-york-times", "new_york_times", "newyorktimes", "nytimes"],
        shape: Shape::Named {
            name: "nytimes|new[_-]?york[_-]?times",
            value: "[0-9A-Za-z_=-]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("nytimes_api_key => \"<<b62:32>>\""),
            Sample::Text("export NYTIMES_TOKEN=\"<<b62:32>>\""),
        ],
        no: &[
            Sample::Text("nytimes_token = \"<<b62:31>>\""),
            Sample::Text("nytimes_token = \"Zq<<b62:32>>\""),
            Sample::Text("nytimes_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/nytimes/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/exchangerate-key",
            severity: Severity::Low,
            summary: "An exchange rate API key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &[
            "currency_layer",
            "currencylayer",
            "exchange_rate",
            "exchangerate",
            "fixer_",
            "fixerio",
            "open_exchange",
            "openexchange",
        ],
        shape: Shape::Named {
            name: "exchange_?rates?_?api|open_?exchange_?rates|fixer(?:_?io)?|currency_?layer",
            value: "(?:[0-9a-f]{32}|[0-9a-f]{24}|[0-9A-Za-z]{32})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("EXCHANGERATE_API_API_KEY=<<hex:32>>"),
            Sample::Text("const exchangerate_apiKey = `<<hex:32>>`;"),
        ],
        no: &[
            Sample::Text("exchangerate_api_token = \"<<hex:31>>\""),
            Sample::Text("exchangerate_api_token = \"Zq<<hex:32>>\""),
            Sample::Text("exchangerate_api_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/exchangerate_api/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/helius-key",
            severity: Severity::Medium,
            summary: "A Helius API key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["helius"],
        shape: Shape::Named {
            name: "helius",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("helius_api_key => \"<<uuid>>\""),
            Sample::Text("export HELIUS_TOKEN=\"<<uuid>>\""),
        ],
        no: &[
            Sample::Text("helius_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("helius_token = \"Zq<<uuid>>\""),
            Sample::Text("helius_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/helius/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/covalent-key",
            severity: Severity::Medium,
            summary: "A Covalent (GoldRush) API key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["covalent", "goldrush"],
        shape: Shape::Named {
            name: "covalent|goldrush",
            value: "(?:ckey_[0-9a-f]{27}|cqt_[0-9A-Za-z]{26})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export COVALENT_TOKEN=\"cqt_<<b62:26>>\""),
            Sample::Text("covalent_token: cqt_<<b62:26>>\n"),
        ],
        no: &[
            Sample::Text("covalent_token = \"cqt_<<b62:25>>\""),
            Sample::Text("covalent_token = \"Zqcqt_<<b62:26>>\""),
            Sample::Text("covalent_token = \"cqt_xxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/covalent/cqt_<<b62:26>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/tatum-key",
            severity: Severity::Medium,
            summary: "A Tatum API key.",
            docs: "Reads data at the account's cost and rate.\n\n\
                Revoke it under the account's *API keys*, then keep the new one on the server; most of these cost \
                money by the call.\n\n\
                Source: the provider's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["tatum"],
        shape: Shape::Named {
            name: "tatum",
            value: "(?:t-[0-9a-f]{24}-[0-9a-f]{24}|(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:_[0-9]{1,3})?)",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("tatum.secret = 't-<<hex:24>>-<<hex:24>>'"),
            Sample::Text("\"tatumApiKey\": \"t-<<hex:24>>-<<hex:24>>\","),
        ],
        no: &[
            Sample::Text("tatum_token = \"t-<<hex:24>>-<<hex:23>>\""),
            Sample::Text("tatum_token = \"t-xxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/tatum/t-<<hex:24>>-<<hex:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/pinata-secret",
            severity: Severity::Medium,
            summary: "A Pinata secret key or token.",
            docs: "Pins and removes files at the account's cost.\n\n\
                Revoke it under *API keys*, then keep the new one on the server; most of these cost money by the \
                call.\n\n\
                Source: Pinata documentation, *API keys*.",
            ..META
        },
        keywords: &["pinata"],
        shape: Shape::Named {
            name: "pinata",
            value: r"(?:[0-9a-f]{64}|eyJ[0-9A-Za-z_-]{10,100}\.eyJ[0-9A-Za-z_-]{20,900}\.[0-9A-Za-z_-]{43})",
        },
        reach: 1200,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("pinata_token: <<hex:64>>\n"),
            Sample::Text("PINATA_API_KEY=<<hex:64>>"),
        ],
        no: &[
            Sample::Text("pinata_token = \"<<hex:63>>\""),
            Sample::Text("pinata_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/pinata/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
