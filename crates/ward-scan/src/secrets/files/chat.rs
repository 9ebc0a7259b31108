//! Chat: clients, bouncers and bots of IRC.

use ward_evidence::RuleMeta;

use super::{
    Format, below_folder, in_folder,
    syntax::lines::{self, Between},
};
use crate::secrets::rule::META;

/// irssi, WeeChat, HexChat, XChat, ZNC, eggdrop.
pub static IRC: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-irc",
        summary: "A chat program's settings hold the password of a login.",
        docs: "irssi's `config`, WeeChat's `irc.conf` and `relay.conf`, HexChat's `servlist.conf`, `znc.conf` and \
            bots' settings hold passwords of servers, SASL logins and NickServ.\n\n\
            Keep them in the program's secured data (`/secure` of WeeChat), out of repositories, and change the \
            passwords.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            "irc.conf"
                | "servlist.conf"
                | "servlist_.conf"
                | "znc.conf"
                | "sec.conf"
                | "relay.conf"
                | "eggdrop.conf"
                | "quassel.conf"
                | "hexchat.conf"
                | "xchat.conf"
                | "weechat.conf"
                | "mirc.ini"
                | "perform.ini"
                | "servers.ini"
                | "ircd.conf"
                | "inspircd.conf"
                | "unrealircd.conf"
                | "accounts.xml"
                | "bitlbee.conf"
                | "konversationrc"
                | "bip.conf"
                | ".ircrc"
                | ".sic"
                | "irssi.conf"
                | "sopel.cfg"
                | "supybot.conf"
        ) || page.name == "config" && (in_folder(page, ".irssi") || in_folder(page, "irssi"))
            || below_folder(page, ".weechat") && page.extension() == "conf"
            || below_folder(page, "hexchat") && page.extension() == "conf"
            || page.extension() == "conf" && page.name.contains("irssi")
    },
    read: |page, sink| {
        if page.extension() == "xml" {
            use super::syntax::xml::{self, Node};
            xml::nodes(page.text, |node| {
                if let Node::Text(entry, _) = node
                    && entry.is("password")
                {
                    sink.login(entry.value.clone());
                }
            });
            return;
        }
        for (start, line) in lines::lines(page.text) {
            // `/msg nickserv identify secret`, `/ns identify user secret`, `/oper user secret`
            let lower = line.to_ascii_lowercase();
            for mark in [&b"identify "[..], b"/oper "] {
                if let Some(at) = memchr::memmem::find(&lower, mark) {
                    let from = at + mark.len();
                    let rest = line.get(from..).unwrap_or_default();
                    let stop = rest
                        .iter()
                        .position(|byte| matches!(byte, b'"' | b';' | b'\''))
                        .unwrap_or(rest.len());
                    let rest = rest.get(..stop).unwrap_or_default().trim_ascii_end();
                    // The last word is the password.
                    let last = rest
                        .iter()
                        .rposition(u8::is_ascii_whitespace)
                        .map_or(0, |space| space + 1);
                    sink.login(start + from + last..start + from + rest.len());
                }
            }
            // `P=secret` of HexChat's list of servers; `J=#channel,key` of its channels.
            if (page.name.starts_with("servlist") || page.name.contains("chat")) && line.starts_with(b"P=") {
                sink.login(start + 2..start + line.len());
            }
            // irssi: `{ address = "a.io"; password = "secret"; }`, also on one line.
            let mut at = 0;
            while let Some(found) = lower.get(at..).and_then(|rest| memchr::memmem::find(rest, b"pass")) {
                let from = at + found;
                at = from + 4;
                let rest = line.get(from..).unwrap_or_default();
                let name = rest
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
                    .count();
                let word = lower.get(from..from + name).unwrap_or_default();
                if !matches!(word, b"pass" | b"password" | b"passwd" | b"passphrase" | b"passw") {
                    continue;
                }
                let after = rest.get(name..).unwrap_or_default();
                let sign = after
                    .iter()
                    .take_while(|byte| matches!(byte, b' ' | b'=' | b'\t' | b':'))
                    .count();
                let value = after.get(sign..).unwrap_or_default();
                if sign == 0
                    || !after.get(..sign).is_some_and(|sign| {
                        sign.contains(&b'=') || value.first() == Some(&b'"') || page.name == "znc.conf"
                    })
                {
                    continue;
                }
                let mut span = lines::unquoted(value);
                // Settings of irssi end in a semicolon.
                while span.end > span.start && value.get(span.end - 1).is_some_and(|byte| matches!(byte, b';' | b'}')) {
                    span.end -= 1;
                }
                let offset = start + from + name + sign;
                at = from + name + sign + span.end;
                sink.login(offset + span.start..offset + span.end);
            }
        }
        if page.name == "znc.conf" {
            lines::pairs(page.text, Between::Sign, |pair| {
                if pair.is_any(&["Hash"]) {
                    sink.hash(pair.value.clone());
                }
            });
        }
        if page.name == "sec.conf" {
            lines::pairs(page.text, Between::Sign, |pair| {
                if pair.section == b"data" && !pair.is_any(&["__passphrase__"]) {
                    sink.login(pair.value.clone());
                }
            });
        }
    },
};

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn irc() {
        check(
            ".irssi/config",
            "servers = (\n  { address = \"a.io\"; port = \"6697\"; password = \"<<lower:9>>\"; }\n);\nchatnets = {\n  a = {\n    sasl_password = \"<<b62:9>>\";\n    autosendcmd = \"/msg nickserv identify <<b62:9>>; wait 2000\";\n  };\n};\n",
            &[2, 6, 7],
        );
        check(
            ".weechat/irc.conf",
            "[server]\na.sasl_username = \"me\"\na.sasl_password = \"<<lower:9>>\"\na.password = \"\"\nb.command = \"/msg nickserv identify me <<b62:9>>\"\n",
            &[3, 5],
        );
        check("hexchat/servlist.conf", "N=a\nE=UTF-8\nP=<<lower:9>>\nS=a.io\n", &[3]);
    }
}
