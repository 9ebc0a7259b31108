//! What people host themselves: machines, media, homes, notifications.

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
            id: "secrets/proxmox-token",
            severity: Severity::Critical,
            summary: "A Proxmox VE API token.",
            docs: "Manages virtual machines as its user.\n\n\
                Revoke it under *Datacenter > Permissions > API tokens*, then give the program an identity of its \
                own with the fewest scopes, read from a secret store.\n\n\
                Source: Proxmox VE documentation, *API tokens*.",
            ..META
        },
        keywords: &["pveapitoken"],
        shape: Shape::Text(
            r"PVEAPIToken[=:\s]{1,3}[0-9A-Za-z_.-]{1,40}@[a-z]{2,20}![0-9A-Za-z_.-]{1,40}=(?P<secret>(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))",
        ),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("Authorization: PVEAPIToken=root@pam!ada=<<uuid>>"),
            Sample::Text("PVEAPIToken=ci@pve!deploy=<<uuid>>"),
        ],
        no: &[
            Sample::Text("Authorization: PVEAPIToken=root@pam!ada=TOKEN"),
            Sample::Text("PVEAPIToken=ci@pve!deploy=<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/portainer-token",
            severity: Severity::Critical,
            summary: "A Portainer access token.",
            docs: "Manages containers as its user.\n\n\
                Revoke it under *My account > Access tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Portainer documentation, *Accessing the API*.",
            ..META
        },
        keywords: &["ptr_"],
        shape: Shape::Token("ptr_[0-9A-Za-z+/]{43}="),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("portainer_token: 'ptr_<<b64:43>>=' # rotate in May"),
            Sample::Text("https://host.test/v1?key=ptr_<<b64:43>>=&page=2"),
        ],
        no: &[
            Sample::Text("portainer_token = \"ptr_<<b64:42>>=\""),
            Sample::Text("blob: Qzptr_<<b64:43>>="),
            Sample::Text("PORTAINER_TOKEN=ptr_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx="),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/plex-token",
            severity: Severity::Medium,
            summary: "A Plex token.",
            docs: "Reads and plays its owner's media.\n\n\
                Revoke it under *Account > Sign out of all devices*, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Plex support, *Authentication token*.",
            ..META
        },
        keywords: &["plex-", "plex_", "plextoken", "x-plex"],
        shape: Shape::Named {
            name: "x-plex-token|plex_?token|plex",
            value: "[0-9A-Za-z_-]{20}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("X-Plex-Token: <<b62:20>>"),
            Sample::Text("PLEX_TOKEN=<<b62:20>>"),
        ],
        no: &[
            Sample::Text("X-Plex-Token: <<b62:19>>"),
            Sample::Text("X-Plex-Token: Zq<<b62:20>>"),
            Sample::Text("X-Plex-Token: xxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/plex/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/jellyfin-key",
            severity: Severity::Medium,
            summary: "A Jellyfin or Emby API key.",
            docs: "Manages the media server.\n\n\
                Revoke it under *Dashboard > API keys*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Jellyfin documentation, *API keys*.",
            ..META
        },
        keywords: &["emby-", "emby_", "jellyfin", "x-emby"],
        shape: Shape::Named {
            name: "jellyfin|emby",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"jellyfinApiKey\": \"<<hex:32>>\","),
            Sample::Text("jellyfin_api_key => \"<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("jellyfin_token = \"<<hex:31>>\""),
            Sample::Text("jellyfin_token = \"Zq<<hex:32>>\""),
            Sample::Text("jellyfin_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/jellyfin/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sonarr-key",
            severity: Severity::Medium,
            summary: "A Sonarr, Radarr, Lidarr, Prowlarr or Bazarr API key.",
            docs: "Manages downloads.\n\n\
                Revoke it under *Settings > General* (reset), then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Servarr wiki, *Settings*.",
            ..META
        },
        keywords: &["bazarr", "lidarr", "prowlarr", "radarr", "readarr", "sonarr"],
        shape: Shape::Named {
            name: "sonarr|radarr|lidarr|prowlarr|bazarr|readarr",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("sonarr_api_key => \"<<hex:32>>\""),
            Sample::Text("export SONARR_TOKEN=\"<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("sonarr_token = \"<<hex:31>>\""),
            Sample::Text("sonarr_token = \"Zq<<hex:32>>\""),
            Sample::Text("sonarr_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/sonarr/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/homeassistant-token",
            severity: Severity::High,
            summary: "A Home Assistant long-lived access token.",
            docs: "Controls the home as its user.\n\n\
                Revoke it under *Profile > Security > Long-lived access tokens*, then give the program an identity \
                of its own with the fewest scopes, read from a secret store.\n\n\
                Source: Home Assistant developer documentation, *Authentication API*.",
            ..META
        },
        keywords: &[
            "hass_api",
            "hass_token",
            "hasstoken",
            "home_assistant",
            "homeassistant",
            "supervisor_token",
        ],
        shape: Shape::Named {
            name: "home_?assistant|hass_?(?:token|api)|supervisor_token",
            value: r"eyJ[0-9A-Za-z_-]{10,60}\.eyJ[0-9A-Za-z_-]{60,300}\.[0-9A-Za-z_-]{43}",
        },
        reach: 600,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("HASS_TOKEN_API_KEY=eyJ<<b62:33>>.eyJ<<b62:120>>.<<b62:43>>"),
            Sample::Text("const hass_tokenKey = `eyJ<<b62:33>>.eyJ<<b62:120>>.<<b62:43>>`;"),
        ],
        no: &[
            Sample::Text("hass_token_token = \"eyJ<<b62:33>>.eyJ<<b62:120>>.<<b62:42>>\""),
            Sample::Text(
                "hass_token_token = \"eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/hass_token/eyJ<<b62:33>>.eyJ<<b62:120>>.<<b62:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gotify-token",
            severity: Severity::Low,
            summary: "A Gotify token.",
            docs: "Sends or reads notifications.\n\n\
                Revoke it under *Apps* or *Clients*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Gotify documentation, *Push messages*.",
            ..META
        },
        keywords: &["gotify"],
        shape: Shape::Named {
            name: "gotify",
            value: "[AC][0-9A-Za-z_.-]{14}",
        },
        check: structure::mixed,
        yes: &[
            Sample::Text("export GOTIFY_TOKEN=\"A<<b62:14>>\""),
            Sample::Text("gotify_token: A<<b62:14>>\n"),
        ],
        no: &[
            Sample::Text("gotify_token = \"A<<b62:13>>\""),
            Sample::Text("gotify_token = \"ZqA<<b62:14>>\""),
            Sample::Text("gotify_token = \"Axxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/gotify/A<<b62:14>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ntfy-token",
            severity: Severity::Low,
            summary: "An ntfy access token.",
            docs: "Sends or reads notifications.\n\n\
                Revoke it under *Account > Access tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: ntfy documentation, *Access tokens*.",
            ..META
        },
        keywords: &["tk_"],
        shape: Shape::Token("tk_[0-9a-z]{29}"),
        check: structure::random,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("ntfy_token: 'tk_<<low36:29>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=tk_<<low36:29>>&page=2"),
        ],
        no: &[
            Sample::Text("ntfy_token = \"tk_<<low36:28>>\""),
            Sample::Text("blob: Qztk_<<low36:29>>"),
            Sample::Text("NTFY_TOKEN=tk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/weblate-token",
            severity: Severity::Medium,
            summary: "A Weblate API key.",
            docs: "Reads and changes translations.\n\n\
                Revoke it under *Profile > API access*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Weblate documentation, *REST API*.",
            ..META
        },
        keywords: &["wlu_", "wlp_"],
        shape: Shape::Token("wl[up]_[0-9A-Za-z]{36,40}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"WEBLATE_TOKEN\">wlu_<<b62:36>></add>"),
            Sample::Text("weblate_token: 'wlu_<<b62:36>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("weblate_token = \"wlu_<<b62:35>>\""),
            Sample::Text("blob: Qzwlu_<<b62:36>>"),
            Sample::Text("WEBLATE_TOKEN=wlu_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/tolgee-token",
            severity: Severity::Medium,
            summary: "A Tolgee key.",
            docs: "Reads and changes translations.\n\n\
                Revoke it under *API keys*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Tolgee documentation, *API keys and PATs*.",
            ..META
        },
        keywords: &["tgpat_", "tgpak_"],
        shape: Shape::Token("tgpa[tk]_[0-9a-z]{50,72}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("TOLGEE_TOKEN=tgpat_<<low36:52>>"),
            Sample::Text("tolgee_token = \"tgpat_<<low36:52>>\"\r\n"),
        ],
        no: &[
            Sample::Text("blob: Qztgpat_<<low36:52>>"),
            Sample::Text("TOLGEE_TOKEN=tgpat_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("tgpat_<<low36:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/nextcloud-password",
            severity: Severity::High,
            summary: "A Nextcloud app password.",
            docs: "Reads and writes files as its user.\n\n\
                Revoke it under *Settings > Security > Devices & sessions*, then give the program an identity of its \
                own with the fewest scopes, read from a secret store.\n\n\
                Source: Nextcloud documentation, *App passwords*.",
            ..META
        },
        keywords: &["nextcloud", "owncloud"],
        shape: Shape::Named {
            name: "nextcloud|owncloud",
            value: "[0-9A-Za-z]{5}-[0-9A-Za-z]{5}-[0-9A-Za-z]{5}-[0-9A-Za-z]{5}-[0-9A-Za-z]{5}",
        },
        min_entropy: 3.3,
        yes: &[
            Sample::Text("nextcloud_api_key => \"<<b62:5>>-<<b62:5>>-<<b62:5>>-<<b62:5>>-<<b62:5>>\""),
            Sample::Text("export NEXTCLOUD_TOKEN=\"<<b62:5>>-<<b62:5>>-<<b62:5>>-<<b62:5>>-<<b62:5>>\""),
        ],
        no: &[
            Sample::Text("nextcloud_token = \"<<b62:5>>-<<b62:5>>-<<b62:5>>-<<b62:5>>-<<b62:4>>\""),
            Sample::Text("nextcloud_token = \"Zq<<b62:5>>-<<b62:5>>-<<b62:5>>-<<b62:5>>-<<b62:5>>\""),
            Sample::Text("nextcloud_token = \"xxxxx-xxxxx-xxxxx-xxxxx-xxxxx\""),
            Sample::Text("https://files.test/nextcloud/<<b62:5>>-<<b62:5>>-<<b62:5>>-<<b62:5>>-<<b62:5>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dify-key",
            severity: Severity::Medium,
            summary: "A Dify app or data set key.",
            docs: "Runs the application at its owner's cost, or reads its documents.\n\n\
                Revoke it under *API access > API keys*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Dify documentation, *Developing with APIs*.",
            ..META
        },
        keywords: &["dify-", "dify.", "dify_", "difyapi"],
        shape: Shape::Named {
            name: "dify",
            value: "(?:app|dataset)-[0-9A-Za-z]{24}",
        },
        min_entropy: 3.3,
        yes: &[
            Sample::Text("dify_api.secret = 'app-<<b62:24>>'"),
            Sample::Text("\"dify_apiApiKey\": \"app-<<b62:24>>\","),
        ],
        no: &[
            Sample::Text("dify_api_token = \"app-<<b62:23>>\""),
            Sample::Text("dify_api_token = \"Zqapp-<<b62:24>>\""),
            Sample::Text("dify_api_token = \"app-xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/dify_api/app-<<b62:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
