//! Maps, weather, places and addresses.

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
            id: "secrets/mapbox-secret",
            severity: Severity::High,
            summary: "A Mapbox secret token.",
            docs: "Changes the account's maps and tokens.\n\n\
                Revoke it under *Account > Access tokens*, then restrict the new one to its site and services.\n\n\
                Source: Mapbox documentation, *Access tokens*.",
            ..META
        },
        keywords: &["sk.ey"],
        shape: Shape::Token(r"sk\.eyJ[0-9A-Za-z_-]{40,160}\.[0-9A-Za-z_-]{22}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=sk.eyJ<<b62:80>>.<<b62:22>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer sk.eyJ<<b62:80>>.<<b62:22>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("mapbox_secret = \"sk.eyJ<<b62:80>>.<<b62:21>>\""),
            Sample::Text("blob: Qzsk.eyJ<<b62:80>>.<<b62:22>>"),
            Sample::Text(
                "MAPBOX_SECRET=sk.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mapbox-public-token",
            severity: Severity::Low,
            summary: "A Mapbox public token.",
            docs: "Shows maps at the account's cost; it stands in public pages.\n\n\
                Revoke it under *Account > Access tokens*, then restrict the new one to its site and services.\n\n\
                Source: Mapbox documentation, *Access tokens*.",
            ..META
        },
        keywords: &["pk.ey"],
        shape: Shape::Token(r"pk\.eyJ[0-9A-Za-z_-]{40,160}\.[0-9A-Za-z_-]{22}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("MAPBOX_PUBLIC_TOKEN=pk.eyJ<<b62:80>>.<<b62:22>>"),
            Sample::Text("mapbox_public_token = \"pk.eyJ<<b62:80>>.<<b62:22>>\"\r\n"),
        ],
        no: &[
            Sample::Text("mapbox_public_token = \"pk.eyJ<<b62:80>>.<<b62:21>>\""),
            Sample::Text("blob: Qzpk.eyJ<<b62:80>>.<<b62:22>>"),
            Sample::Text(
                "MAPBOX_PUBLIC_TOKEN=pk.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mapbox-named-token",
            severity: Severity::Low,
            summary: "A token given to Mapbox.",
            docs: "Shows maps at the account's cost.\n\n\
                Revoke it under *Account > Access tokens*, then restrict the new one to its site and services.\n\n\
                Source: Mapbox documentation, *Access tokens*.",
            ..META
        },
        keywords: &["mapbox"],
        shape: Shape::Named {
            name: "mapbox",
            value: r"[ps]k\.[0-9A-Za-z]{60}\.[0-9A-Za-z]{22}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("MAPBOX_API_KEY=pk.<<low36:60>>.<<low36:22>>"),
            Sample::Text("const mapboxKey = `pk.<<low36:60>>.<<low36:22>>`;"),
        ],
        no: &[
            Sample::Text("mapbox_token = \"pk.<<low36:60>>.<<low36:21>>\""),
            Sample::Text("mapbox_token = \"Zqpk.<<low36:60>>.<<low36:22>>\""),
            Sample::Text(
                "mapbox_token = \"pk.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/mapbox/pk.<<low36:60>>.<<low36:22>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/maptiler-key",
            severity: Severity::Low,
            summary: "A MapTiler key.",
            docs: "Shows maps at the account's cost.\n\n\
                Revoke it under *API keys*, then restrict the new one to its site and services.\n\n\
                Source: MapTiler documentation, *API keys*.",
            ..META
        },
        keywords: &["maptiler"],
        shape: Shape::Named {
            name: "maptiler",
            value: "(?:[0-9a-f]{32}_[0-9a-f]{64}|[0-9A-Za-z]{20})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("MAPTILER_API_KEY=<<b62:20>>"),
            Sample::Text("const maptilerKey = `<<b62:20>>`;"),
        ],
        no: &[
            Sample::Text("maptiler_token = \"<<b62:19>>\""),
            Sample::Text("maptiler_token = \"Zq<<b62:20>>\""),
            Sample::Text("maptiler_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/maptiler/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/here-key",
            severity: Severity::Medium,
            summary: "A HERE API key.",
            docs: "Looks up places at the account's cost.\n\n\
                Revoke it under *Projects > API keys*, then restrict the new one to its site and services.\n\n\
                Source: HERE documentation, *API key*.",
            ..META
        },
        keywords: &["here_access", "here_api", "here_app", "here_map", "hereapi", "heremap"],
        shape: Shape::Named {
            name: r"\bhere[_-]?(?:api|maps?|app|access)|heremaps|hereapi",
            value: "[0-9A-Za-z_-]{43}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const here_apiKey = `<<b62:43>>`;"),
            Sample::Text("here_api.secret = '<<b62:43>>'"),
        ],
        no: &[
            Sample::Text("here_api_token = \"<<b62:42>>\""),
            Sample::Text("here_api_token = \"Zq<<b62:43>>\""),
            Sample::Text("here_api_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/here_api/<<b62:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/tomtom-key",
            severity: Severity::Low,
            summary: "A TomTom API key.",
            docs: "Looks up places at the account's cost.\n\n\
                Revoke it under *Keys*, then restrict the new one to its site and services.\n\n\
                Source: TomTom documentation, *API key*.",
            ..META
        },
        keywords: &["tomtom"],
        shape: Shape::Named {
            name: "tomtom",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const tomtomKey = `<<b62:32>>`;"),
            Sample::Text("tomtom.secret = '<<b62:32>>'"),
        ],
        no: &[
            Sample::Text("tomtom_token = \"<<b62:31>>\""),
            Sample::Text("tomtom_token = \"Zq<<b62:32>>\""),
            Sample::Text("tomtom_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/tomtom/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/openweather-key",
            severity: Severity::Low,
            summary: "An OpenWeather API key.",
            docs: "Reads weather at the account's rate.\n\n\
                Revoke it under *API keys*, then restrict the new one to its site and services.\n\n\
                Source: OpenWeather documentation, *API keys*.",
            ..META
        },
        keywords: &["open_weather", "openweather", "owm-", "owm_"],
        shape: Shape::Named {
            name: r"open_?weather(?:_?map)?(?:\.org[^\s]{0,60}?appid)?|\bowm[_-]",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("openweather_token: <<hex:32>>\n"),
            Sample::Text("OPENWEATHER_API_KEY=<<hex:32>>"),
            Sample::Text("https://api.openweathermap.org/data/2.5/weather?q=Bern&appid=<<hex:32>>"),
        ],
        no: &[
            Sample::Text("openweather_token = \"<<hex:31>>\""),
            Sample::Text("openweather_token = \"Zq<<hex:32>>\""),
            Sample::Text("openweather_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/openweather/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/weatherapi-key",
            severity: Severity::Low,
            summary: "A WeatherAPI key.",
            docs: "Reads weather at the account's rate.\n\n\
                Revoke it under *Dashboard*, then restrict the new one to its site and services.\n\n\
                Source: WeatherAPI documentation, *Authentication*.",
            ..META
        },
        keywords: &["accuweather", "weather_api", "weatherapi", "weatherstack"],
        shape: Shape::Named {
            name: "weather_?api|weatherstack|accuweather",
            value: "[0-9A-Za-z]{31,32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("weatherapi_api_key => \"<<b62:31>>\""),
            Sample::Text("export WEATHERAPI_TOKEN=\"<<b62:31>>\""),
        ],
        no: &[
            Sample::Text("weatherapi_token = \"<<b62:30>>\""),
            Sample::Text("weatherapi_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/weatherapi/<<b62:31>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/locationiq-token",
            severity: Severity::Low,
            summary: "A LocationIQ token.",
            docs: "Looks up places at the account's rate.\n\n\
                Revoke it under *Access tokens*, then restrict the new one to its site and services.\n\n\
                Source: LocationIQ documentation, *Authentication*.",
            ..META
        },
        keywords: &["locationiq"],
        shape: Shape::Named {
            name: "locationiq",
            value: r"pk\.[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("locationiq_token: pk.<<hex:32>>\n"),
            Sample::Text("LOCATIONIQ_API_KEY=pk.<<hex:32>>"),
        ],
        no: &[
            Sample::Text("locationiq_token = \"pk.<<hex:31>>\""),
            Sample::Text("locationiq_token = \"Zqpk.<<hex:32>>\""),
            Sample::Text("locationiq_token = \"pk.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/locationiq/pk.<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/opencage-key",
            severity: Severity::Low,
            summary: "An OpenCage API key.",
            docs: "Looks up places at the account's rate.\n\n\
                Revoke it under *Geocoding API keys*, then restrict the new one to its site and services.\n\n\
                Source: OpenCage documentation, *API*.",
            ..META
        },
        keywords: &["opencage"],
        shape: Shape::Named {
            name: "opencage",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("opencage.secret = '<<hex:32>>'"),
            Sample::Text("\"opencageApiKey\": \"<<hex:32>>\","),
        ],
        no: &[
            Sample::Text("opencage_token = \"<<hex:31>>\""),
            Sample::Text("opencage_token = \"Zq<<hex:32>>\""),
            Sample::Text("opencage_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/opencage/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/geoapify-key",
            severity: Severity::Low,
            summary: "A Geoapify API key.",
            docs: "Looks up places at the account's rate.\n\n\
                Revoke it under *API keys*, then restrict the new one to its site and services.\n\n\
                Source: Geoapify documentation, *Authentication*.",
            ..META
        },
        keywords: &["geoapify"],
        shape: Shape::Named {
            name: "geoapify",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export GEOAPIFY_TOKEN=\"<<hex:32>>\""),
            Sample::Text("geoapify_token: <<hex:32>>\n"),
        ],
        no: &[
            Sample::Text("geoapify_token = \"<<hex:31>>\""),
            Sample::Text("geoapify_token = \"Zq<<hex:32>>\""),
            Sample::Text("geoapify_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/geoapify/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/positionstack-key",
            severity: Severity::Low,
            summary: "A positionstack API key.",
            docs: "Looks up places at the account's rate.\n\n\
                Revoke it under *Dashboard*, then restrict the new one to its site and services.\n\n\
                Source: positionstack documentation, *Authentication*.",
            ..META
        },
        keywords: &["positionstack"],
        shape: Shape::Named {
            name: "positionstack",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("positionstack_token: <<hex:32>>\n"),
            Sample::Text("POSITIONSTACK_API_KEY=<<hex:32>>"),
        ],
        no: &[
            Sample::Text("positionstack_token = \"<<hex:31>>\""),
            Sample::Text("positionstack_token = \"Zq<<hex:32>>\""),
            Sample::Text("positionstack_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/positionstack/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ipinfo-token",
            severity: Severity::Low,
            summary: "An IPinfo token.",
            docs: "Looks up addresses at the account's rate.\n\n\
                Revoke it under *Token* (regenerate), then restrict the new one to its site and services.\n\n\
                Source: IPinfo documentation, *Authentication*.",
            ..META
        },
        keywords: &["ipinfo"],
        shape: Shape::Text(
            r#"(?i:ipinfo)(?:\.io/[0-9A-Za-z./]{0,40}\?token=|[0-9A-Za-z_.-]{0,16}(?i:token|key)[\"']?\s{0,2}[=:]\s{0,2}[\"']?)(?P<secret>[0-9a-f]{14})\b"#,
        ),
        min_entropy: 2.0,
        yes: &[
            Sample::Text("IPINFO_TOKEN=<<hex:14>>"),
            Sample::Text("ipinfo_api_key: '<<hex:14>>'"),
            Sample::Text("https://ipinfo.io/8.8.8.8/json?token=<<hex:14>>"),
        ],
        no: &[
            Sample::Text("IPINFO_TOKEN=<<hex:13>>"),
            Sample::Text("https://ipinfo.io/8.8.8.8/json?token=TOKEN"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ipstack-key",
            severity: Severity::Low,
            summary: "An ipstack access key.",
            docs: "Looks up addresses at the account's rate.\n\n\
                Revoke it under *Dashboard* (reset), then restrict the new one to its site and services.\n\n\
                Source: ipstack documentation, *Authentication*.",
            ..META
        },
        keywords: &["ip_stack", "ipstack"],
        shape: Shape::Named {
            name: "ipstack|ip_stack",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export IPSTACK_TOKEN=\"<<hex:32>>\""),
            Sample::Text("ipstack_token: <<hex:32>>\n"),
        ],
        no: &[
            Sample::Text("ipstack_token = \"<<hex:31>>\""),
            Sample::Text("ipstack_token = \"Zq<<hex:32>>\""),
            Sample::Text("ipstack_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/ipstack/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ipgeolocation-key",
            severity: Severity::Low,
            summary: "An ipgeolocation API key.",
            docs: "Looks up addresses at the account's rate.\n\n\
                Revoke it under *Dashboard*, then restrict the new one to its site and services.\n\n\
                Source: ipgeolocation documentation, *Authentication*.",
            ..META
        },
        keywords: &["ip_geolocation", "ipapi", "ipdata", "ipgeolocation"],
        shape: Shape::Named {
            name: "ip_?geolocation|ipdata|ipapi",
            value: "[0-9a-f]{32,56}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"ipgeolocationApiKey\": \"<<hex:32>>\","),
            Sample::Text("ipgeolocation_api_key => \"<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("ipgeolocation_token = \"<<hex:31>>\""),
            Sample::Text("ipgeolocation_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/ipgeolocation/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/maxmind-key",
            severity: Severity::Medium,
            summary: "A MaxMind licence key.",
            docs: "Looks up addresses at the account's cost and downloads databases.\n\n\
                Revoke it under *Manage license keys*, then restrict the new one to its site and services.\n\n\
                Source: MaxMind documentation, *License keys*.",
            ..META
        },
        keywords: &["_mmk"],
        shape: Shape::Token("[0-9A-Za-z]{6}_[0-9A-Za-z]{29}_mmk"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"MAXMIND_KEY\"><<b62:6>>_<<b62:29>>_mmk</add>"),
            Sample::Text("maxmind_key: '<<b62:6>>_<<b62:29>>_mmk' # rotate in May"),
        ],
        no: &[
            Sample::Text("maxmind_key = \"<<b62:6>>_<<b62:28>>_mmk\""),
            Sample::Text("blob: Qz<<b62:6>>_<<b62:29>>_mmk"),
            Sample::Text("MAXMIND_KEY=xxxxxx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxx_mmk"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/rapidapi-key",
            severity: Severity::Medium,
            summary: "A RapidAPI key.",
            docs: "Calls the subscribed APIs at the account's cost.\n\n\
                Revoke it under *Apps > Authorization*, then restrict the new one to its site and services.\n\n\
                Source: RapidAPI documentation, *API keys*.",
            ..META
        },
        keywords: &["mashape", "rapid_api", "rapidapi"],
        shape: Shape::Named {
            name: "rapid_?api|x-rapidapi-key|mashape",
            value: "[0-9A-Za-z_-]{50}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const rapidapiKey = `<<b62:50>>`;"),
            Sample::Text("rapidapi.secret = '<<b62:50>>'"),
        ],
        no: &[
            Sample::Text("rapidapi_token = \"<<b62:49>>\""),
            Sample::Text("rapidapi_token = \"Zq<<b62:50>>\""),
            Sample::Text("rapidapi_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/rapidapi/<<b62:50>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/rapidapi-token",
            severity: Severity::Medium,
            summary: "A RapidAPI key, known by its form.",
            docs: "Calls the subscribed APIs at the account's cost.\n\n\
                Revoke it under *Apps > Authorization*, then restrict the new one to its site and services.\n\n\
                Source: RapidAPI documentation, *API keys*.",
            ..META
        },
        keywords: &["msh"],
        shape: Shape::Token("[0-9a-f]{10}msh[0-9a-f]{15}p1[0-9a-f]{5}jsn[0-9a-f]{12}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("docker run -e RAPIDAPI_TOKEN=<<hex:10>>msh<<hex:15>>p1<<hex:5>>jsn<<hex:12>> image\n"),
            Sample::Text("RAPIDAPI_TOKEN=<<hex:10>>msh<<hex:15>>p1<<hex:5>>jsn<<hex:12>>"),
        ],
        no: &[
            Sample::Text("rapidapi_token = \"<<hex:10>>msh<<hex:15>>p1<<hex:5>>jsn<<hex:11>>\""),
            Sample::Text("blob: Qz<<hex:10>>msh<<hex:15>>p1<<hex:5>>jsn<<hex:12>>"),
            Sample::Text("RAPIDAPI_TOKEN=xxxxxxxxxxmshxxxxxxxxxxxxxxxp1xxxxxjsnxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
];
