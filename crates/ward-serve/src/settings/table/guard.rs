//! What the guard lets pass, the tools that an answer may call, and what differs by route.

use ward_guard::{policy::Response, tools::Tool};

use super::super::{
    Kind, Setting, Value, Wrong,
    values::{bool_of, number, text, texts},
};
use crate::config::{Config, RoutePolicy, set_hidden};

/// The settings.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        path: "guard.instructions",
        kind: RESPONSES,
        default: "\"mark\"",
        doc: "What becomes of text that reads as if it instructed the model: marked and passed on as data, asked back (409), or refused (400).",
        restart: false,
        set: |config, value| response(value).map(|response| config.policy.injection.response = response),
    },
    Setting {
        path: "guard.mark_at",
        kind: Kind::Number { least: 1, most: 50 },
        default: "50",
        doc: "From which score on, in hundredths, text counts as such. It can be made stricter only.",
        restart: false,
        set: |config, value| {
            config.policy.injection.mark_at = hundredths(value);
            Ok(())
        },
    },
    Setting {
        path: "guard.block_at",
        kind: Kind::Number { least: 1, most: 90 },
        default: "90",
        doc: "From which score on, in hundredths, `block` refuses; below it, it asks back. It can be made stricter only.",
        restart: false,
        set: |config, value| {
            config.policy.injection.block_at = hundredths(value);
            Ok(())
        },
    },
    Setting {
        path: "guard.hidden",
        kind: RESPONSES,
        default: "\"mark\"",
        doc: "What becomes of characters that no reader sees. Tags, overrides of direction and runs of variation selectors are always refused.",
        restart: false,
        set: |config, value| response(value).map(|response| set_hidden(&mut config.policy, response)),
    },
    Setting {
        path: "guard.hosts",
        kind: Kind::Texts,
        default: "[]",
        doc: "Hosts that links and images of an answer may point to, over HTTPS: `host.example`, or `*.host.example` for those below it.",
        restart: false,
        set: |config, value| {
            let plain = |host: &String| {
                let name = host.strip_prefix("*.").unwrap_or(host);
                name.contains('.')
                    && name
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
            };
            let hosts = texts(value);
            if !hosts.iter().all(plain) {
                return Err(
                    "write names in small letters, such as \"ward.example\" or \"*.ward.example\": no scheme, no port",
                );
            }
            config.policy.output.hosts = hosts;
            Ok(())
        },
    },
    Setting {
        path: "guard.control_tokens",
        kind: Kind::Texts,
        default: "[]",
        doc: "Control tokens of the upstream's model, beside those of the common templates.",
        restart: false,
        set: |config, value| {
            let tokens = texts(value);
            if tokens.len() > 256
                || tokens
                    .iter()
                    .any(|token| !(2..=ward_guard::control_tokens::LONGEST).contains(&token.len()))
            {
                return Err("write at most 256 tokens of 2 to 64 bytes");
            }
            config.policy.control_tokens = tokens;
            Ok(())
        },
    },
    Setting {
        path: "guard.grounding",
        kind: Kind::Bool,
        default: "false",
        doc: "Names the sentences of an answer that stand on nothing in the records.",
        restart: false,
        set: |config, value| {
            config.policy.output.grounding = bool_of(value);
            Ok(())
        },
    },
    Setting {
        path: "guard.compress",
        kind: Kind::Bool,
        default: "true",
        doc: "Whether records go to the model in fewer words, with proof that their facts are kept. Without it they go whole, and sooner.",
        restart: false,
        set: |config, value| {
            config.policy.whole = !bool_of(value);
            Ok(())
        },
    },
    Setting {
        path: "tool[].name",
        kind: Kind::Text,
        default: "must be set",
        doc: "`[[serve.tool]]`, a tool that an answer may call when the request offers it. Ward calls none itself.",
        restart: false,
        set: |config, value| {
            let name = text(value);
            let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
            if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
                return Err("write 1 to 64 letters, digits, `_` or `-`");
            }
            if config.policy.tools.iter().any(|tool| tool.name() == name) {
                return Err("this name stands twice");
            }
            config.policy.tools.push(tool(&name, "{\"enum\":[]}", true)?);
            Ok(())
        },
    },
    Setting {
        path: "tool[].schema",
        kind: Kind::Text,
        default: "must be set",
        doc: "What its arguments may be: JSON Schema as a text, of keywords that are checked whole.",
        restart: false,
        set: |config, value| {
            let last = config.policy.tools.pop().ok_or("set its name too")?;
            config
                .policy
                .tools
                .push(tool(last.name(), &text(value), last.changes())?);
            Ok(())
        },
    },
    Setting {
        path: "tool[].changes",
        kind: Kind::Bool,
        default: "true",
        doc: "Whether it does more than look something up. If so, every call says that a person must approve it.",
        restart: false,
        set: |config, value| {
            let last = config.policy.tools.pop().ok_or("set its name too")?;
            config
                .policy
                .tools
                .push(tool(last.name(), last.schema(), bool_of(value))?);
            Ok(())
        },
    },
    Setting {
        path: "route[].path",
        kind: Kind::Text,
        default: "must be set",
        doc: "`[[serve.route]]`, what the guard makes of suspicious text on one route, such as `/v1/chat/completions`.",
        restart: false,
        set: |config, value| {
            let path = text(value);
            if !crate::routes::all().any(|route| route.path == path) {
                return Err("there is no such route; the reference lists them");
            }
            if config.routes.iter().any(|route| route.path == path) {
                return Err("this route stands twice");
            }
            config.routes.push(RoutePolicy {
                path,
                instructions: None,
                hidden: None,
                compress: None,
            });
            Ok(())
        },
    },
    Setting {
        path: "route[].instructions",
        kind: RESPONSES,
        default: "as `guard.instructions`",
        doc: "What becomes of text there that reads as if it instructed the model.",
        restart: false,
        set: |config, value| {
            route(config)?.instructions = Some(response(value)?);
            Ok(())
        },
    },
    Setting {
        path: "route[].hidden",
        kind: RESPONSES,
        default: "as `guard.hidden`",
        doc: "What becomes of characters there that no reader sees.",
        restart: false,
        set: |config, value| {
            route(config)?.hidden = Some(response(value)?);
            Ok(())
        },
    },
    Setting {
        path: "route[].compress",
        kind: Kind::Bool,
        default: "as `guard.compress`",
        doc: "Whether records go to the model in fewer words there.",
        restart: false,
        set: |config, value| {
            route(config)?.compress = Some(bool_of(value));
            Ok(())
        },
    },
];

fn response(value: &Value) -> Result<Response, Wrong> {
    Response::of_word(&text(value)).ok_or("write one of mark, ask, block")
}

fn route(config: &mut Config) -> Result<&mut RoutePolicy, Wrong> {
    config.routes.last_mut().ok_or("set its path too")
}

/// A tool with the schema that was read from a file, or, before that is known, with one that nothing fits.
fn tool(name: &str, schema: &str, changes: bool) -> Result<Tool, Wrong> {
    Tool::new(name, schema, changes).map_err(
        |_| "this is not a schema that is checked whole; the guide to what the guard checks lists the keywords",
    )
}

/// A score from its hundredths.
fn hundredths(value: &Value) -> f32 {
    f32::from(u8::try_from(number(value)).unwrap_or(100)) / 100.0
}

/// What becomes of something suspicious. `allow` is an option of its own, that begins with `unsafe_`.
const RESPONSES: Kind = Kind::Choice(&["mark", "ask", "block"]);
