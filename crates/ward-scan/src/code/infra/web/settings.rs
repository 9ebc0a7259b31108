//! What is assigned and set: checks that are switched off, keys that are put into a page, values that can be computed.

use tree_sitter::Node;
use ward_evidence::Severity;

use super::{
    super::{command, file::File},
    Program,
    rules::{AGENT_TOOL, BROWSER_KEY, COOKIE, TLS_OFF, TOKEN_CHECK, WEAK_RANDOM},
};

impl<'t> Program<'t> {
    pub(super) fn assigns(&self, file: &mut File<'_>, node: Node<'t>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let name = self.name(left);
        let last = name.rsplit('.').next().unwrap_or_default();
        if matches!(last, "innerHTML" | "outerHTML") {
            self.html(file, node, right);
        }
        if name == "process.env.NODE_TLS_REJECT_UNAUTHORIZED" && matches!(self.of(right).trim_matches(['"', '\'']), "0")
        {
            self.report(
                file,
                &TLS_OFF,
                TLS_OFF.severity,
                node,
                "no connection of the process checks who answers",
            );
        }
        self.random(file, last, right);
    }

    pub(super) fn declares(&self, file: &mut File<'_>, node: Node<'t>) {
        if let (Some(name), Some(value)) = (node.child_by_field_name("name"), node.child_by_field_name("value")) {
            self.random(file, self.of(name), value);
        }
    }

    pub(super) fn random(&self, file: &mut File<'_>, name: &str, value: Node<'t>) {
        let lower = name.to_ascii_lowercase();
        let secret = [
            "token",
            "secret",
            "password",
            "sessionid",
            "session_id",
            "nonce",
            "otp",
            "apikey",
            "api_key",
            "csrf",
        ]
        .iter()
        .any(|word| lower.contains(word))
            && !lower.contains("tokens");
        if secret && value.kind() != "arrow_function" && self.of(value).contains("Math.random()") {
            self.report(
                file,
                &WEAK_RANDOM,
                WEAK_RANDOM.severity,
                value,
                "what `Math.random` gives next can be computed from what it gave",
            );
        }
    }

    pub(super) fn pair(&self, file: &mut File<'_>, node: Node<'t>) {
        let (Some(key), Some(value)) = (node.child_by_field_name("key"), node.child_by_field_name("value")) else {
            return;
        };
        let name = self.of(key).trim_matches(['"', '\'']);
        let text = self.of(value);
        match (name, text) {
            ("rejectUnauthorized" | "strictSSL", "false") => {
                self.report(
                    file,
                    &TLS_OFF,
                    TLS_OFF.severity,
                    node,
                    "the connection does not check who answers",
                );
            }
            ("dangerouslyAllowBrowser", "true") => {
                self.report(
                    file,
                    &BROWSER_KEY,
                    BROWSER_KEY.severity,
                    node,
                    "the key of the model's service goes to every visitor",
                );
            }
            (
                "allowDangerousRequests"
                | "allowDangerousDeserialization"
                | "allow_dangerous_code"
                | "allowDangerousCode",
                "true",
            ) => {
                self.report(
                    file,
                    &AGENT_TOOL,
                    AGENT_TOOL.severity,
                    node,
                    format!("`{name}` takes the guard off"),
                );
            }
            ("httpOnly" | "secure", "false") => {
                let options = node.parent().map_or("", |parent| self.of(parent));
                if options.contains("maxAge") || options.contains("sameSite") || options.contains("httpOnly") {
                    let what = if name == "secure" {
                        "travels without encryption too"
                    } else {
                        "can be read by every script of the page"
                    };
                    self.report(file, &COOKIE, COOKIE.severity, node, format!("the cookie {what}"));
                }
            }
            ("ignoreExpiration", "true") => {
                self.report(file, &TOKEN_CHECK, Severity::Medium, node, "a token is taken for ever");
            }
            ("algorithms", list) if list.to_ascii_lowercase().contains("none") => {
                self.report(
                    file,
                    &TOKEN_CHECK,
                    TOKEN_CHECK.severity,
                    node,
                    "a token without a signature is taken",
                );
            }
            ("__html", _) => self.html(file, node, value),
            _ => {}
        }
    }

    /// `process.env.NEXT_PUBLIC_OPENAI_API_KEY`: what begins so is put into the page.
    pub(super) fn member(&self, file: &mut File<'_>, node: Node<'t>) {
        let text = self.of(node);
        let Some(name) = text
            .strip_prefix("process.env.")
            .or_else(|| text.strip_prefix("import.meta.env."))
        else {
            return;
        };
        let bare = [
            "NEXT_PUBLIC_",
            "VITE_",
            "REACT_APP_",
            "EXPO_PUBLIC_",
            "NUXT_PUBLIC_",
            "PUBLIC_",
        ]
        .iter()
        .find_map(|start| name.strip_prefix(start));
        // Keys that are made for the page, as those of maps and of sign-in.
        let meant = [
            "ANON",
            "PUBLISHABLE",
            "FIREBASE",
            "MAPS",
            "MAPBOX",
            "POSTHOG",
            "SENTRY",
            "CLERK",
            "STRIPE_P",
            "RECAPTCHA",
            "SITE_KEY",
            "ALGOLIA",
            "ANALYTICS",
            "PUBLIC_KEY",
            "VAPID",
            "PUSHER",
            "AMPLITUDE",
        ]
        .iter()
        .any(|word| name.contains(word));
        if !meant
            && bare.is_some_and(command::is_secret_name)
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            self.report(
                file,
                &BROWSER_KEY,
                BROWSER_KEY.severity,
                node,
                format!("`{name}` is put into the page, where every visitor reads it"),
            );
        }
    }
}
