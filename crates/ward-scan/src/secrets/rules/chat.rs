//! Chat: Discord, Telegram, Mattermost, Lark, DingTalk, LINE and others.

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
            id: "secrets/telegram-bot-token",
            severity: Severity::High,
            summary: "A Telegram bot token.",
            docs: "Reads what is sent to the bot and posts as it.\n\n\
                Revoke it under `/revoke` at BotFather, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: Telegram documentation, *Bot API*.",
            ..META
        },
        keywords: &[":aa"],
        shape: Shape::Text(r"(?:^|[^0-9A-Za-z_]|\bbot)(?P<secret>[0-9]{8,10}:AA[0-9A-Za-z_-]{33})(?:[^0-9A-Za-z_-]|$)"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=<<digit:10>>:AA<<url64:33>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer <<digit:10>>:AA<<url64:33>>\" \"$HOST/v1\""),
            Sample::Text("https://api.telegram.org/bot<<digit:10>>:AA<<url64:33>>/getMe"),
        ],
        no: &[
            Sample::Text("telegram_bot_token = \"<<digit:10>>:AA<<url64:32>>\""),
            Sample::Text("TELEGRAM_BOT_TOKEN=xxxxxxxxxx:AAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("Qz<<digit:10>>:AA<<url64:33>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/telegram-named-token",
            severity: Severity::High,
            summary: "A token given to a Telegram bot.",
            docs: "Reads what is sent to the bot and posts as it.\n\n\
                Revoke it under `/revoke` at BotFather, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: Telegram documentation, *Bot API*.",
            ..META
        },
        keywords: &["telegr", "tg_bot"],
        shape: Shape::Named {
            name: "telegram|telegr|tg_bot",
            value: "(?:bot)?[0-9]{5,16}:A[0-9A-Za-z_-]{34}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("telegram.secret = '<<digit:9>>:A<<url64:34>>'"),
            Sample::Text("\"telegramApiKey\": \"<<digit:9>>:A<<url64:34>>\","),
        ],
        no: &[
            Sample::Text("telegram_token = \"<<digit:9>>:A<<url64:33>>\""),
            Sample::Text("telegram_token = \"xxxxxxxxx:Axxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/telegram/<<digit:9>>:A<<url64:34>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/discord-client-secret",
            severity: Severity::High,
            summary: "A Discord client secret.",
            docs: "Lets a server act as the application: it trades codes for the tokens of its users.\n\n\
                Revoke it under *OAuth2 > Reset secret* of the application, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Discord developer documentation, *OAuth2*.",
            ..META
        },
        keywords: &["discord"],
        shape: Shape::Named {
            name: "discord",
            value: "[0-9A-Za-z_-]{32}",
        },
        min_entropy: 2.8,
        yes: &[
            Sample::Text("DISCORD_CLIENT_SECRET=<<b62:32>>"),
            Sample::Text("discordToken = \"<<digit:32>>\""),
        ],
        no: &[
            Sample::Text("DISCORD_CLIENT_SECRET=<<b62:31>>"),
            Sample::Text("discord_secret = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/discord-bot-token",
            severity: Severity::High,
            summary: "A Discord bot or user token.",
            docs: "Reads and posts as the bot or the person.\n\n\
                Revoke it under *Bot > Reset token* of the application, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Discord developer documentation, *Authentication*.",
            ..META
        },
        keywords: &["discord", "client.run", "bot_token", "bottoken", "bot.run"],
        shape: Shape::Token(r"[MNO][0-9A-Za-z_-]{23,27}\.[0-9A-Za-z_-]{6}\.[0-9A-Za-z_-]{27,38}"),
        check: structure::discord_token,
        min_entropy: 4.0,
        yes: &[
            Sample::Made(|dice| format!("DISCORD_TOKEN={}", structure::made_discord_token(dice))),
            Sample::Made(|dice| format!("client.run('{}')", structure::made_discord_token(dice))),
        ],
        no: &[
            Sample::Text("discord_token = 'Q<<b62:23>>.<<b62:6>>.<<b62:27>>'"),
            Sample::Text("bot_token: MT<<b62:22>>.<<b62:6>>.<<b62:12>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/discord-webhook",
            severity: Severity::Medium,
            summary: "A Discord webhook.",
            docs: "Posts into a channel.\n\n\
                Revoke it under *Channel settings > Integrations*, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Discord developer documentation, *Webhook*.",
            ..META
        },
        keywords: &["/webhooks/"],
        shape: Shape::Text(
            r"discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{17,20}/(?P<secret>[0-9A-Za-z_-]{60,72})",
        ),
        min_entropy: 4.0,
        yes: &[
            Sample::Text("https://discord.com/api/webhooks/<<digit:18>>/<<url64:68>>"),
            Sample::Text("'https://discordapp.com/api/v10/webhooks/<<digit:19>>/<<url64:68>>'"),
        ],
        no: &[
            Sample::Text("https://discord.com/api/webhooks/<<digit:18>>"),
            Sample::Text("https://discord.com/api/webhooks/<<digit:18>>/token"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/discord-secret",
            severity: Severity::High,
            summary: "A Discord client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *OAuth2 > Reset secret* of the application, then let the server read a new one from \
                its environment or a secret store.\n\n\
                Source: Discord developer documentation, *OAuth2*.",
            ..META
        },
        keywords: &["discord"],
        shape: Shape::Named {
            name: "discord",
            value: "(?:[0-9a-f]{64}|[0-9A-Za-z_=-]{32})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("discord_api_key => \"<<b62:32>>\""),
            Sample::Text("export DISCORD_TOKEN=\"<<b62:32>>\""),
        ],
        no: &[
            Sample::Text("discord_token = \"<<b62:31>>\""),
            Sample::Text("discord_token = \"Zq<<b62:32>>\""),
            Sample::Text("discord_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/discord/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/discord-client-id",
            severity: Severity::Low,
            summary: "A Discord client id.",
            docs: "Names the application whose secret is likely to be near.\n\n\
                Revoke it under nothing: it is not secret by itself, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Discord developer documentation, *OAuth2*.",
            ..META
        },
        keywords: &["discord"],
        shape: Shape::Named {
            name: "discord[_a-z.-]{0,16}(?:client|app|id|key|token)",
            value: "[0-9]{18,19}",
        },
        min_entropy: 2.0,
        yes: &[
            Sample::Text("DISCORD_CLIENT_ID=<<digit:18>>"),
            Sample::Text("discord_client_key: '<<digit:18>>'"),
        ],
        no: &[
            Sample::Text("DISCORD_CLIENT_ID=<<digit:17>>"),
            Sample::Text("DISCORD_CLIENT_ID=xxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/discord/<<digit:18>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mattermost-token",
            severity: Severity::High,
            summary: "A Mattermost access token.",
            docs: "Reads and posts as its user.\n\n\
                Revoke it under *Profile > Security > Personal access tokens*, then let the server read a new one \
                from its environment or a secret store.\n\n\
                Source: Mattermost documentation, *Personal access tokens*.",
            ..META
        },
        keywords: &["mattermost"],
        shape: Shape::Named {
            name: "mattermost",
            value: "[0-9a-z]{26}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("const mattermostKey = `<<low36:26>>`;"),
            Sample::Text("mattermost.secret = '<<low36:26>>'"),
        ],
        no: &[
            Sample::Text("mattermost_token = \"<<low36:25>>\""),
            Sample::Text("mattermost_token = \"Zq<<low36:26>>\""),
            Sample::Text("mattermost_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/mattermost/<<low36:26>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/rocketchat-token",
            severity: Severity::High,
            summary: "A Rocket.Chat personal access token.",
            docs: "Reads and posts as its user.\n\n\
                Revoke it under *My account > Personal access tokens*, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Rocket.Chat documentation, *Personal access tokens*.",
            ..META
        },
        keywords: &["rocket.chat", "rocket_chat", "rocketchat"],
        shape: Shape::Named {
            name: r"rocket_?chat|rocket\.chat",
            value: "[0-9A-Za-z_-]{43}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"rocketchatApiKey\": \"<<b62:43>>\","),
            Sample::Text("rocketchat_api_key => \"<<b62:43>>\""),
        ],
        no: &[
            Sample::Text("rocketchat_token = \"<<b62:42>>\""),
            Sample::Text("rocketchat_token = \"Zq<<b62:43>>\""),
            Sample::Text("rocketchat_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/rocketchat/<<b62:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/zulip-key",
            severity: Severity::High,
            summary: "A Zulip API key.",
            docs: "Reads and posts as its user or bot.\n\n\
                Revoke it under *Settings > Account & privacy*, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Zulip documentation, *API keys*.",
            ..META
        },
        keywords: &["zulip"],
        shape: Shape::Named {
            name: "zulip",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export ZULIP_TOKEN=\"<<b62:32>>\""),
            Sample::Text("zulip_token: <<b62:32>>\n"),
        ],
        no: &[
            Sample::Text("zulip_token = \"<<b62:31>>\""),
            Sample::Text("zulip_token = \"Zq<<b62:32>>\""),
            Sample::Text("zulip_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/zulip/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitter-token",
            severity: Severity::High,
            summary: "A Gitter access token.",
            docs: "Reads and posts as its user.\n\n\
                Revoke it under *Apps* of the developer page, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Gitter developer documentation, *Authentication*.",
            ..META
        },
        keywords: &["gitter"],
        shape: Shape::Named {
            name: "gitter",
            value: "[0-9a-z_-]{40}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export GITTER_TOKEN=\"<<low36:40>>\""),
            Sample::Text("gitter_token: <<low36:40>>\n"),
        ],
        no: &[
            Sample::Text("gitter_token = \"<<low36:39>>\""),
            Sample::Text("gitter_token = \"Zq<<low36:40>>\""),
            Sample::Text("gitter_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/gitter/<<low36:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/webex-token",
            severity: Severity::High,
            summary: "A Webex token.",
            docs: "Reads and posts as its user or bot.\n\n\
                Revoke it under *My Webex apps*, then let the server read a new one from its environment or a secret \
                store.\n\n\
                Source: Webex developer documentation, *Authorization*.",
            ..META
        },
        keywords: &["cisco_spark", "ciscospark", "webex"],
        shape: Shape::Named {
            name: "webex|cisco_?spark",
            value: "(?:[0-9A-Za-z]{64}_[0-9A-Za-z]{4}_(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|[0-9a-f]{64})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("webex.secret = '<<b62:64>>_<<b62:4>>_<<uuid>>'"),
            Sample::Text("\"webexApiKey\": \"<<b62:64>>_<<b62:4>>_<<uuid>>\","),
        ],
        no: &[
            Sample::Text("webex_token = \"<<b62:64>>_<<b62:3>>_<<uuid>>\""),
            Sample::Text("webex_token = \"Zq<<b62:64>>_<<b62:4>>_<<uuid>>\""),
            Sample::Text(
                "webex_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_xxxx_00000000-0000-0000-0000-000000000000\"",
            ),
            Sample::Text("https://files.test/webex/<<b62:64>>_<<b62:4>>_<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/zoom-secret",
            severity: Severity::High,
            summary: "A Zoom client secret.",
            docs: "Signs in as the application; reads meetings within its scopes.\n\n\
                Revoke it under *App credentials* of the marketplace (regenerate), then let the server read a new \
                one from its environment or a secret store.\n\n\
                Source: Zoom developer documentation, *OAuth*.",
            ..META
        },
        keywords: &["zoom-", "zoom.", "zoom_"],
        shape: Shape::Named {
            name: "zoom[_a-z.-]{0,16}(?:secret|token|jwt|key)",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("ZOOM_CLIENT_SECRET=<<b62:32>>"),
            Sample::Text("zoom_client_secret: '<<b62:32>>'"),
        ],
        no: &[
            Sample::Text("ZOOM_CLIENT_SECRET=<<b62:31>>"),
            Sample::Text("ZOOM_CLIENT_SECRET=Zq<<b62:32>>"),
            Sample::Text("ZOOM_CLIENT_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/zoom_client/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/lark-webhook",
            severity: Severity::Medium,
            summary: "A Lark or Feishu bot webhook.",
            docs: "Posts into a group.\n\n\
                Revoke it under *Group settings > Bots*, then let the server read a new one from its environment or \
                a secret store.\n\n\
                Source: Feishu documentation, *Custom bot*.",
            ..META
        },
        keywords: &["/open-apis/bot/"],
        shape: Shape::Text(
            r"open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/(?P<secret>(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))",
        ),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("https://open.feishu.cn/open-apis/bot/v2/hook/<<uuid>>"),
            Sample::Text("u='https://open.larksuite.com/open-apis/bot/v2/hook/<<uuid>>'"),
        ],
        no: &[
            Sample::Text("https://open.feishu.cn/open-apis/bot/v2/hook/"),
            Sample::Text("https://open.feishu.cn/open-apis/bot/v2/hook/<<hex:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/lark-secret",
            severity: Severity::High,
            summary: "A Lark or Feishu app secret.",
            docs: "Signs in as the app in its tenant.\n\n\
                Revoke it under *Credentials & basic info* (reset), then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Feishu documentation, *Access tokens*.",
            ..META
        },
        keywords: &["feishu", "lark"],
        shape: Shape::Named {
            name: "(?:feishu|lark)[_a-z.-]{0,16}secret",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("FEISHU_APP_SECRET=<<b62:32>>"),
            Sample::Text("lark_app_secret: '<<b62:32>>'"),
        ],
        no: &[
            Sample::Text("FEISHU_APP_SECRET=<<b62:31>>"),
            Sample::Text("FEISHU_APP_SECRET=Zq<<b62:32>>"),
            Sample::Text("FEISHU_APP_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/feishu_app/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dingtalk-webhook",
            severity: Severity::Medium,
            summary: "A DingTalk robot webhook.",
            docs: "Posts into a group.\n\n\
                Revoke it under *Group settings > Robots*, then let the server read a new one from its environment \
                or a secret store.\n\n\
                Source: DingTalk documentation, *Custom robot*.",
            ..META
        },
        keywords: &["oapi.dingtalk.com"],
        shape: Shape::Text(r"oapi\.dingtalk\.com/robot/send\?access_token=(?P<secret>[0-9a-f]{64})"),
        min_entropy: 3.2,
        yes: &[
            Sample::Text("https://oapi.dingtalk.com/robot/send?access_token=<<hex:64>>"),
            Sample::Text("u = 'https://oapi.dingtalk.com/robot/send?access_token=<<hex:64>>'"),
        ],
        no: &[
            Sample::Text("https://oapi.dingtalk.com/robot/send?access_token=TOKEN"),
            Sample::Text("https://oapi.dingtalk.com/robot/send?access_token=<<hex:63>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dingtalk-robot-secret",
            severity: Severity::Medium,
            summary: "A DingTalk robot signing secret.",
            docs: "With the webhook it posts into a group.\n\n\
                Revoke it under *Group settings > Robots*, then let the server read a new one from its environment \
                or a secret store.\n\n\
                Source: DingTalk documentation, *Custom robot*.",
            ..META
        },
        keywords: &["dingtalk", "ding_talk", "dingding"],
        shape: Shape::Token("SEC[0-9a-f]{64}"),
        min_entropy: 3.2,
        yes: &[
            Sample::Text("DINGTALK_SECRET=SEC<<hex:64>>"),
            Sample::Text("dingtalk: {secret: 'SEC<<hex:64>>'}"),
        ],
        no: &[
            Sample::Text("DINGTALK_SECRET=SEC<<hex:63>>"),
            Sample::Text("DINGTALK_SECRET=XSEC<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/wecom-webhook",
            severity: Severity::Medium,
            summary: "A WeCom (WeChat Work) robot webhook.",
            docs: "Posts into a group.\n\n\
                Revoke it under *Group robots*, then let the server read a new one from its environment or a secret \
                store.\n\n\
                Source: WeCom documentation, *Group robots*.",
            ..META
        },
        keywords: &["qyapi.weixin.qq.com"],
        shape: Shape::Text(
            r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=(?P<secret>(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))",
        ),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=<<uuid>>"),
            Sample::Text("u='https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=<<uuid>>'"),
        ],
        no: &[
            Sample::Text("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY"),
            Sample::Text("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/wechat-secret",
            severity: Severity::High,
            summary: "A WeChat app secret.",
            docs: "Signs in as the official account or mini program.\n\n\
                Revoke it under *Basic configuration* (reset), then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: WeChat documentation, *Get access token*.",
            ..META
        },
        keywords: &["wechat", "weixin", "wx_"],
        shape: Shape::Named {
            name: r"(?:wechat|weixin|\bwx)[_a-z.-]{0,16}secret",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("WECHAT_APP_SECRET=<<hex:32>>"),
            Sample::Text("weixin.appsecret = '<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("WECHAT_APP_SECRET=<<hex:31>>"),
            Sample::Text("WECHAT_APP_SECRET=Zq<<hex:32>>"),
            Sample::Text("WECHAT_APP_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/wechat_app/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/line-token",
            severity: Severity::High,
            summary: "A LINE channel access token.",
            docs: "Sends messages as the channel.\n\n\
                Revoke it under *Messaging API* of the channel (reissue), then let the server read a new one from \
                its environment or a secret store.\n\n\
                Source: LINE developers documentation, *Channel access tokens*.",
            ..META
        },
        keywords: &[
            "channel_access",
            "channelaccess",
            "line_access",
            "line_bot",
            "line_channel",
            "linebot",
        ],
        shape: Shape::Named {
            name: "line[_a-z.-]{0,20}(?:token|access)|channel_?access_?token",
            value: "[0-9A-Za-z+/]{170}=",
        },
        reach: 400,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("LINE_CHANNEL_ACCESS_TOKEN=<<b64:170>>="),
            Sample::Text("channelAccessToken: '<<b64:170>>='"),
        ],
        no: &[
            Sample::Text("LINE_CHANNEL_ACCESS_TOKEN=<<b64:169>>="),
            Sample::Text("LINE_CHANNEL_ACCESS_TOKEN=Zq<<b64:170>>="),
            Sample::Text(
                "LINE_CHANNEL_ACCESS_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=",
            ),
            Sample::Text("https://files.test/line_channel/<<b64:170>>="),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/line-notify-token",
            severity: Severity::Medium,
            summary: "A LINE Notify token.",
            docs: "Posts into a chat.\n\n\
                Revoke it under *My page* of LINE Notify, then let the server read a new one from its environment or \
                a secret store.\n\n\
                Source: LINE Notify documentation.",
            ..META
        },
        keywords: &["line-notify", "line_notify", "linenotify"],
        shape: Shape::Named {
            name: "line[_-]?notify",
            value: "[0-9A-Za-z]{43}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const line_notifyKey = `<<b62:43>>`;"),
            Sample::Text("line_notify.secret = '<<b62:43>>'"),
        ],
        no: &[
            Sample::Text("line_notify_token = \"<<b62:42>>\""),
            Sample::Text("line_notify_token = \"Zq<<b62:43>>\""),
            Sample::Text("line_notify_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/line_notify/<<b62:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/kakao-key",
            severity: Severity::Medium,
            summary: "A Kakao REST or admin key.",
            docs: "Calls the application's APIs.\n\n\
                Revoke it under *App keys* (reissue), then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: Kakao developers documentation, *App key*.",
            ..META
        },
        keywords: &["kakao"],
        shape: Shape::Named {
            name: "kakao",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"kakaoApiKey\": \"<<hex:32>>\","),
            Sample::Text("kakao_api_key => \"<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("kakao_token = \"<<hex:31>>\""),
            Sample::Text("kakao_token = \"Zq<<hex:32>>\""),
            Sample::Text("kakao_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/kakao/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/naver-secret",
            severity: Severity::High,
            summary: "A Naver client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *My applications* (reissue), then let the server read a new one from its environment \
                or a secret store.\n\n\
                Source: Naver developers documentation, *Client id and secret*.",
            ..META
        },
        keywords: &["naver", "ncloud", "x-ncp"],
        shape: Shape::Named {
            name: "naver|ncloud|x-ncp|x-naver",
            value: "(?:[0-9A-Za-z]{40}|[0-9A-Za-z_]{10})",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("NCLOUD_API_KEY=<<b62:40>>"),
            Sample::Text("const ncloudKey = `<<b62:40>>`;"),
        ],
        no: &[
            Sample::Text("ncloud_token = \"<<b62:39>>\""),
            Sample::Text("ncloud_token = \"Zq<<b62:40>>\""),
            Sample::Text("ncloud_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/ncloud/<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/vk-token",
            severity: Severity::High,
            summary: "A VK access token.",
            docs: "Reads and posts as its user or community.\n\n\
                Revoke it under *Settings > Security*, or *Manage > API usage*, then let the server read a new one \
                from its environment or a secret store.\n\n\
                Source: VK developer documentation, *Access token*.",
            ..META
        },
        keywords: &["vk-", "vk1.a.", "vk_", "vkontakte"],
        shape: Shape::Named {
            name: r"\bvk[_-]|vkontakte|api\.vk",
            value: r"(?:vk1\.a\.[0-9A-Za-z_-]{150,260}|[0-9a-f]{85})",
        },
        reach: 400,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("vk_access_api_key => \"vk1.a.<<url64:190>>\""),
            Sample::Text("export VK_ACCESS_TOKEN=\"vk1.a.<<url64:190>>\""),
        ],
        no: &[
            Sample::Text(
                "vk_access_token = \"vk1.a.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/vk_access/vk1.a.<<url64:190>>"),
            Sample::Text("vk_token = vk1.a.<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
