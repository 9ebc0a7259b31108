//! Exchanges of currencies and shares.

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
            id: "secrets/coinbase-token",
            severity: Severity::Critical,
            summary: "A Coinbase access token or key.",
            docs: "Reads the account, trades and may send money.\n\n\
                Revoke it under *Settings > API*, and move nothing until the account's history is read; then make a \
                key that cannot withdraw, bound to addresses.\n\n\
                Source: Coinbase developer documentation, *Authentication*.",
            ..META
        },
        keywords: &["coinbase"],
        shape: Shape::Named {
            name: "coinbase",
            value: "(?:[0-9A-Za-z_-]{64}|organizations/(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/apiKeys/(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("coinbase.secret = '<<b62:64>>'"),
            Sample::Text("\"coinbaseApiKey\": \"<<b62:64>>\","),
        ],
        no: &[
            Sample::Text("coinbase_token = \"<<b62:63>>\""),
            Sample::Text("coinbase_token = \"Zq<<b62:64>>\""),
            Sample::Text("coinbase_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/coinbase/<<b62:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/coinbase-pro-secret",
            severity: Severity::Critical,
            summary: "A Coinbase Exchange secret.",
            docs: "Trades, and may withdraw, in its owner's name.\n\n\
                Revoke it under *API management* of the account, and move nothing until the account's history is \
                read; then make a key that cannot withdraw, bound to addresses.\n\n\
                Source: the exchange's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["cbpro", "coinbase", "gdax"],
        shape: Shape::Named {
            name: "coinbase|gdax|cbpro",
            value: "[0-9A-Za-z+/]{86}==",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("coinbase_token: <<b64:86>>==\n"),
            Sample::Text("COINBASE_API_KEY=<<b64:86>>=="),
        ],
        no: &[
            Sample::Text("coinbase_token = \"<<b64:85>>==\""),
            Sample::Text("coinbase_token = \"Zq<<b64:86>>==\""),
            Sample::Text(
                "coinbase_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx==\"",
            ),
            Sample::Text("https://files.test/coinbase/<<b64:86>>=="),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/binance-key",
            severity: Severity::Critical,
            summary: "A Binance API key or secret.",
            docs: "Trades, and may withdraw, in its owner's name.\n\n\
                Revoke it under *API management* of the account, and move nothing until the account's history is \
                read; then make a key that cannot withdraw, bound to addresses.\n\n\
                Source: the exchange's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["binance"],
        shape: Shape::Named {
            name: "binance",
            value: "[0-9A-Za-z]{64}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("binance.secret = '<<b62:64>>'"),
            Sample::Text("\"binanceApiKey\": \"<<b62:64>>\","),
        ],
        no: &[
            Sample::Text("binance_token = \"<<b62:63>>\""),
            Sample::Text("binance_token = \"Zq<<b62:64>>\""),
            Sample::Text("binance_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/binance/<<b62:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/kraken-secret",
            severity: Severity::Critical,
            summary: "A Kraken API key or private key.",
            docs: "Trades, and may withdraw, in its owner's name.\n\n\
                Revoke it under *API management* of the account, and move nothing until the account's history is \
                read; then make a key that cannot withdraw, bound to addresses.\n\n\
                Source: the exchange's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["kraken"],
        shape: Shape::Named {
            name: "kraken",
            value: "(?:[0-9A-Za-z+/]{86}==|[0-9A-Za-z+/]{56}|[0-9A-Za-z+/=_-]{80,90})",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("kraken_token: <<b64:86>>==\n"),
            Sample::Text("KRAKEN_API_KEY=<<b64:86>>=="),
        ],
        no: &[
            Sample::Text(
                "kraken_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx==\"",
            ),
            Sample::Text("https://files.test/kraken/<<b64:86>>=="),
            Sample::Text("kraken_token = \"<<b62:70>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/kucoin-secret",
            severity: Severity::Critical,
            summary: "A KuCoin API secret.",
            docs: "Trades, and may withdraw, in its owner's name.\n\n\
                Revoke it under *API management* of the account, and move nothing until the account's history is \
                read; then make a key that cannot withdraw, bound to addresses.\n\n\
                Source: the exchange's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["kucoin"],
        shape: Shape::Named {
            name: "kucoin",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export KUCOIN_TOKEN=\"<<uuid>>\""),
            Sample::Text("kucoin_token: <<uuid>>\n"),
        ],
        no: &[
            Sample::Text("kucoin_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("kucoin_token = \"Zq<<uuid>>\""),
            Sample::Text("kucoin_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/kucoin/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/kucoin-key",
            severity: Severity::High,
            summary: "A KuCoin API key.",
            docs: "Trades, and may withdraw, in its owner's name.\n\n\
                Revoke it under *API management* of the account, and move nothing until the account's history is \
                read; then make a key that cannot withdraw, bound to addresses.\n\n\
                Source: the exchange's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["kucoin"],
        shape: Shape::Named {
            name: "kucoin",
            value: "[0-9a-f]{24}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("kucoin_token: <<hex:24>>\n"),
            Sample::Text("KUCOIN_API_KEY=<<hex:24>>"),
        ],
        no: &[
            Sample::Text("kucoin_token = \"<<hex:23>>\""),
            Sample::Text("kucoin_token = \"Zq<<hex:24>>\""),
            Sample::Text("kucoin_token = \"xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/kucoin/<<hex:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bittrex-key",
            severity: Severity::Critical,
            summary: "A Bittrex key or secret.",
            docs: "Trades, and may withdraw, in its owner's name.\n\n\
                Revoke it under *API management* of the account, and move nothing until the account's history is \
                read; then make a key that cannot withdraw, bound to addresses.\n\n\
                Source: the exchange's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["bittrex"],
        shape: Shape::Named {
            name: "bittrex",
            value: "[0-9a-z]{32}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export BITTREX_TOKEN=\"<<low36:32>>\""),
            Sample::Text("bittrex_token: <<low36:32>>\n"),
        ],
        no: &[
            Sample::Text("bittrex_token = \"<<low36:31>>\""),
            Sample::Text("bittrex_token = \"Zq<<low36:32>>\""),
            Sample::Text("bittrex_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/bittrex/<<low36:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bitfinex-key",
            severity: Severity::Critical,
            summary: "A Bitfinex key or secret.",
            docs: "Trades, and may withdraw, in its owner's name.\n\n\
                Revoke it under *API management* of the account, and move nothing until the account's history is \
                read; then make a key that cannot withdraw, bound to addresses.\n\n\
                Source: the exchange's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["bitfinex"],
        shape: Shape::Named {
            name: "bitfinex",
            value: "(?:[0-9A-Za-z]{43}|[0-9a-f]{40})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("bitfinex_api_key => \"<<b62:43>>\""),
            Sample::Text("export BITFINEX_TOKEN=\"<<b62:43>>\""),
        ],
        no: &[
            Sample::Text("bitfinex_token = \"<<b62:42>>\""),
            Sample::Text("bitfinex_token = \"Zq<<b62:43>>\""),
            Sample::Text("bitfinex_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/bitfinex/<<b62:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bybit-secret",
            severity: Severity::Critical,
            summary: "A Bybit API secret.",
            docs: "Trades, and may withdraw, in its owner's name.\n\n\
                Revoke it under *API management* of the account, and move nothing until the account's history is \
                read; then make a key that cannot withdraw, bound to addresses.\n\n\
                Source: the exchange's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["bybit"],
        shape: Shape::Named {
            name: "bybit[_a-z.-]{0,12}secret",
            value: "[0-9A-Za-z]{36}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("BYBIT_API_SECRET=<<b62:36>>"),
            Sample::Text("bybit_secret: '<<b62:36>>'"),
        ],
        no: &[
            Sample::Text("BYBIT_API_SECRET=<<b62:35>>"),
            Sample::Text("BYBIT_API_SECRET=Zq<<b62:36>>"),
            Sample::Text("BYBIT_API_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/bybit/<<b62:36>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/okx-secret",
            severity: Severity::Critical,
            summary: "An OKX secret key.",
            docs: "Trades, and may withdraw, in its owner's name.\n\n\
                Revoke it under *API management* of the account, and move nothing until the account's history is \
                read; then make a key that cannot withdraw, bound to addresses.\n\n\
                Source: the exchange's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["okex", "okx"],
        shape: Shape::Named {
            name: "(?:okx|okex)[_a-z.-]{0,12}secret",
            value: "[0-9A-F]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("OKX_SECRET_KEY=<<HEX:32>>"),
            Sample::Text("okex_api_secret: '<<HEX:32>>'"),
        ],
        no: &[
            Sample::Text("OKX_SECRET_KEY=<<HEX:31>>"),
            Sample::Text("OKX_SECRET_KEY=Zq<<HEX:32>>"),
            Sample::Text("OKX_SECRET_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/okx/<<HEX:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gemini-secret",
            severity: Severity::Critical,
            summary: "A Gemini exchange key.",
            docs: "Trades, and may withdraw, in its owner's name.\n\n\
                Revoke it under *API management* of the account, and move nothing until the account's history is \
                read; then make a key that cannot withdraw, bound to addresses.\n\n\
                Source: the exchange's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["gemini"],
        shape: Shape::Named {
            name: "gemini",
            value: "(?:master|account)-[0-9A-Za-z]{20}",
        },
        min_entropy: 3.0,
        yes: &[
            Sample::Text("\"geminiApiKey\": \"account-<<b62:20>>\","),
            Sample::Text("gemini_api_key => \"account-<<b62:20>>\""),
        ],
        no: &[
            Sample::Text("gemini_token = \"account-<<b62:19>>\""),
            Sample::Text("gemini_token = \"Zqaccount-<<b62:20>>\""),
            Sample::Text("gemini_token = \"account-xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/gemini/account-<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bitmex-secret",
            severity: Severity::Critical,
            summary: "A BitMEX secret.",
            docs: "Trades, and may withdraw, in its owner's name.\n\n\
                Revoke it under *API management* of the account, and move nothing until the account's history is \
                read; then make a key that cannot withdraw, bound to addresses.\n\n\
                Source: the exchange's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["bitmex"],
        shape: Shape::Named {
            name: "bitmex",
            value: "[0-9A-Za-z_-]{48}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const bitmexKey = `<<b62:48>>`;"),
            Sample::Text("bitmex.secret = '<<b62:48>>'"),
        ],
        no: &[
            Sample::Text("bitmex_token = \"<<b62:47>>\""),
            Sample::Text("bitmex_token = \"Zq<<b62:48>>\""),
            Sample::Text("bitmex_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/bitmex/<<b62:48>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/huobi-secret",
            severity: Severity::Critical,
            summary: "An HTX (Huobi) key.",
            docs: "Trades, and may withdraw, in its owner's name.\n\n\
                Revoke it under *API management* of the account, and move nothing until the account's history is \
                read; then make a key that cannot withdraw, bound to addresses.\n\n\
                Source: the exchange's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["htx_", "huobi"],
        shape: Shape::Named {
            name: "huobi|htx_",
            value: "[0-9a-z]{8,12}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-z]{5}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"huobiApiKey\": \"<<low36:10>>-<<hex:8>>-<<hex:8>>-<<low36:5>>\","),
            Sample::Text("huobi_api_key => \"<<low36:10>>-<<hex:8>>-<<hex:8>>-<<low36:5>>\""),
        ],
        no: &[
            Sample::Text("huobi_token = \"<<low36:10>>-<<hex:8>>-<<hex:8>>-<<low36:4>>\""),
            Sample::Text("huobi_token = \"xxxxxxxxxx-xxxxxxxx-xxxxxxxx-xxxxx\""),
            Sample::Text("https://files.test/huobi/<<low36:10>>-<<hex:8>>-<<hex:8>>-<<low36:5>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/alpaca-secret",
            severity: Severity::Critical,
            summary: "An Alpaca secret key.",
            docs: "Trades, and may withdraw, in its owner's name.\n\n\
                Revoke it under *API management* of the account, and move nothing until the account's history is \
                read; then make a key that cannot withdraw, bound to addresses.\n\n\
                Source: the exchange's API documentation, *Authentication*.",
            ..META
        },
        keywords: &["alpaca", "apca"],
        shape: Shape::Named {
            name: "(?:alpaca|apca)[_a-z.-]{0,16}secret(?:[_-]?key)?",
            value: "[0-9A-Za-z]{40,44}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("APCA_API_SECRET_KEY=<<b62:40>>"),
            Sample::Text("alpaca_secret: '<<b62:40>>'"),
        ],
        no: &[
            Sample::Text("APCA_API_SECRET_KEY=<<b62:39>>"),
            Sample::Text("APCA_API_SECRET_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/alpaca/<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
