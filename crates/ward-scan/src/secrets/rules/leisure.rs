//! Music, games, sport, going out.

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
            id: "secrets/spotify-secret",
            severity: Severity::Medium,
            summary: "A Spotify client id or secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Dashboard > Settings*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Spotify documentation, *Authorization*.",
            ..META
        },
        keywords: &["spotify", "spotipy"],
        shape: Shape::Named {
            name: "spotify|spotipy",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("spotify_api_key => \"<<hex:32>>\""),
            Sample::Text("export SPOTIFY_TOKEN=\"<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("spotify_token = \"<<hex:31>>\""),
            Sample::Text("spotify_token = \"Zq<<hex:32>>\""),
            Sample::Text("spotify_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/spotify/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/lastfm-key",
            severity: Severity::Low,
            summary: "A Last.fm key or secret.",
            docs: "Acts as the application.\n\n\
                Revoke it under *API accounts*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Last.fm documentation, *Authentication*.",
            ..META
        },
        keywords: &["last_fm", "lastfm"],
        shape: Shape::Named {
            name: "last_?fm",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export LASTFM_TOKEN=\"<<hex:32>>\""),
            Sample::Text("lastfm_token: <<hex:32>>\n"),
        ],
        no: &[
            Sample::Text("lastfm_token = \"<<hex:31>>\""),
            Sample::Text("lastfm_token = \"Zq<<hex:32>>\""),
            Sample::Text("lastfm_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/lastfm/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/genius-token",
            severity: Severity::Low,
            summary: "A Genius access token.",
            docs: "Reads as the application.\n\n\
                Revoke it under *API clients*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Genius documentation, *Authentication*.",
            ..META
        },
        keywords: &["genius"],
        shape: Shape::Named {
            name: "genius",
            value: "[0-9A-Za-z_-]{64}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("GENIUS_API_KEY=<<b62:64>>"),
            Sample::Text("const geniusKey = `<<b62:64>>`;"),
        ],
        no: &[
            Sample::Text("genius_token = \"<<b62:63>>\""),
            Sample::Text("genius_token = \"Zq<<b62:64>>\""),
            Sample::Text("genius_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/genius/<<b62:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/discogs-token",
            severity: Severity::Low,
            summary: "A Discogs token.",
            docs: "Reads and lists as its user.\n\n\
                Revoke it under *Settings > Developers*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Discogs documentation, *Authentication*.",
            ..META
        },
        keywords: &["discogs"],
        shape: Shape::Named {
            name: "discogs",
            value: "[0-9A-Za-z]{40}",
        },
        check: structure::not_hex,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("discogs_api_key => \"<<b62:40>>\""),
            Sample::Text("export DISCOGS_TOKEN=\"<<b62:40>>\""),
        ],
        no: &[
            Sample::Text("discogs_token = \"<<b62:39>>\""),
            Sample::Text("discogs_token = \"Zq<<b62:40>>\""),
            Sample::Text("discogs_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/discogs/<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/strava-secret",
            severity: Severity::Medium,
            summary: "A Strava secret or token.",
            docs: "Reads its users' activities.\n\n\
                Revoke it under *My API application*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Strava documentation, *Authentication*.",
            ..META
        },
        keywords: &["strava"],
        shape: Shape::Named {
            name: "strava",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("strava_api_key => \"<<hex:40>>\""),
            Sample::Text("export STRAVA_TOKEN=\"<<hex:40>>\""),
        ],
        no: &[
            Sample::Text("strava_token = \"<<hex:39>>\""),
            Sample::Text("strava_token = \"Zq<<hex:40>>\""),
            Sample::Text("strava_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/strava/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/fitbit-secret",
            severity: Severity::Medium,
            summary: "A Fitbit client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Manage my apps*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Fitbit documentation, *Authorization*.",
            ..META
        },
        keywords: &["fitbit"],
        shape: Shape::Named {
            name: "fitbit",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export FITBIT_TOKEN=\"<<hex:32>>\""),
            Sample::Text("fitbit_token: <<hex:32>>\n"),
        ],
        no: &[
            Sample::Text("fitbit_token = \"<<hex:31>>\""),
            Sample::Text("fitbit_token = \"Zq<<hex:32>>\""),
            Sample::Text("fitbit_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/fitbit/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/steam-key",
            severity: Severity::Medium,
            summary: "A Steam Web API key.",
            docs: "Reads as its user.\n\n\
                Revoke it under *Steam Web API key*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Steamworks documentation, *Web API*.",
            ..META
        },
        keywords: &["steam-", "steam_", "steamapi", "steamkey", "steamweb"],
        shape: Shape::Named {
            name: "steam[_-]?(?:web)?[_-]?(?:api)?[_-]?key|steam_?api",
            value: "[0-9A-F]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("STEAM_API_KEY=<<HEX:32>>"),
            Sample::Text("steam_web_api_key: '<<HEX:32>>'"),
        ],
        no: &[
            Sample::Text("STEAM_API_KEY=<<HEX:31>>"),
            Sample::Text("STEAM_API_KEY=Zq<<HEX:32>>"),
            Sample::Text("STEAM_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/steam_api/<<HEX:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/riot-key",
            severity: Severity::Medium,
            summary: "A Riot Games API key.",
            docs: "Reads players' games.\n\n\
                Revoke it under *Developer portal*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Riot Games documentation, *API keys*.",
            ..META
        },
        keywords: &["rgapi-"],
        shape: Shape::Token("RGAPI-(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("{\"riot_key\": \"RGAPI-<<uuid>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"RIOT_KEY\">RGAPI-<<uuid>></add>"),
        ],
        no: &[
            Sample::Text("riot_key = \"RGAPI-<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("blob: QzRGAPI-<<uuid>>"),
            Sample::Text("RIOT_KEY=RGAPI-00000000-0000-0000-0000-000000000000"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/roblox-cookie",
            severity: Severity::Critical,
            summary: "A Roblox session cookie.",
            docs: "Acts as its user.\n\n\
                Revoke it under *Settings > Security > Log out of all other sessions*, then give the program an \
                identity of its own with the fewest scopes, read from a secret store.\n\n\
                Source: Roblox documentation, *Cookies*.",
            ..META
        },
        keywords: &["_|warning:-do-not-share-this"],
        shape: Shape::Token(r"_\|WARNING:-DO-NOT-SHARE-THIS\.[^|\s]{20,200}\|_[0-9A-F]{100,1200}"),
        reach: 1600,
        min_entropy: 3.0,
        yes: &[
            Sample::Text(
                "curl -H \"Authorization: Bearer _|WARNING:-DO-NOT-SHARE-THIS.--Sharing-this-will-allow-someone-to-log-in-as-you.|_<<HEX:300>>\" \"$HOST/v1\"",
            ),
            Sample::Text(
                "\"print(1)\\nROBLOX_COOKIE = _|WARNING:-DO-NOT-SHARE-THIS.--Sharing-this-will-allow-someone-to-log-in-as-you.|_<<HEX:300>>\\n\"",
            ),
        ],
        no: &[
            Sample::Text(
                "ROBLOX_COOKIE=_|WARNING:-DO-NOT-SHARE-THIS.--Sharing-this-will-allow-someone-to-log-in-as-you.|_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text(
                "_|WARNING:-DO-NOT-SHARE-THIS.--Sharing-this-will-allow-someone-to-log-in-as-you.|_<<HEX:30>>",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/eventbrite-token",
            severity: Severity::Medium,
            summary: "An Eventbrite token.",
            docs: "Reads and changes events and attendees.\n\n\
                Revoke it under *API keys*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Eventbrite documentation, *Authentication*.",
            ..META
        },
        keywords: &["eventbrite"],
        shape: Shape::Named {
            name: "eventbrite",
            value: "[0-9A-Z]{20}",
        },
        min_entropy: 3.0,
        yes: &[
            Sample::Text("\"eventbriteApiKey\": \"<<up36:20>>\","),
            Sample::Text("eventbrite_api_key => \"<<up36:20>>\""),
        ],
        no: &[
            Sample::Text("eventbrite_token = \"<<up36:19>>\""),
            Sample::Text("eventbrite_token = \"Zq<<up36:20>>\""),
            Sample::Text("eventbrite_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/eventbrite/<<up36:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/yelp-key",
            severity: Severity::Low,
            summary: "A Yelp API key.",
            docs: "Reads businesses at the account's rate.\n\n\
                Revoke it under *Manage app*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Yelp documentation, *Authentication*.",
            ..META
        },
        keywords: &["yelp"],
        shape: Shape::Named {
            name: "yelp",
            value: "[0-9A-Za-z_-]{128}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const yelpKey = `<<url64:128>>`;"),
            Sample::Text("yelp.secret = '<<url64:128>>'"),
        ],
        no: &[
            Sample::Text("yelp_token = \"<<url64:127>>\""),
            Sample::Text("yelp_token = \"Zq<<url64:128>>\""),
            Sample::Text(
                "yelp_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/yelp/<<url64:128>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/foursquare-secret",
            severity: Severity::Medium,
            summary: "A Foursquare key or secret.",
            docs: "Reads places at the account's cost.\n\n\
                Revoke it under *Project settings*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Foursquare documentation, *Authentication*.",
            ..META
        },
        keywords: &["foursquare", "fsq"],
        shape: Shape::Named {
            name: "foursquare|fsq",
            value: "(?:fsq3[0-9A-Za-z+/]{44}=?|[0-9A-Z]{48})",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("FOURSQUARE_API_KEY=<<up36:48>>"),
            Sample::Text("const foursquareKey = `<<up36:48>>`;"),
        ],
        no: &[
            Sample::Text("foursquare_token = \"<<up36:47>>\""),
            Sample::Text("foursquare_token = \"Zq<<up36:48>>\""),
            Sample::Text("foursquare_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/foursquare/<<up36:48>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/uber-secret",
            severity: Severity::High,
            summary: "An Uber server token or client secret.",
            docs: "Acts as the application.\n\n\
                Revoke it under *Developer dashboard*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Uber documentation, *Authentication*.",
            ..META
        },
        keywords: &["uber-", "uber_", "uberclient"],
        shape: Shape::Named {
            name: r"\buber[_-]|_uber_|uberclient",
            value: "[0-9A-Za-z_-]{40}",
        },
        check: structure::not_hex,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("uber_client.secret = '<<b62:40>>'"),
            Sample::Text("\"uber_clientApiKey\": \"<<b62:40>>\","),
        ],
        no: &[
            Sample::Text("uber_client_token = \"<<b62:39>>\""),
            Sample::Text("uber_client_token = \"Zq<<b62:40>>\""),
            Sample::Text("uber_client_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/uber_client/<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
