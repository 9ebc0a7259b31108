//! Mail: clients that fetch and send, relays that log in elsewhere.

use ward_evidence::RuleMeta;

use super::{
    Format,
    syntax::lines::{self, Between},
};
use crate::secrets::rule::META;

/// esmtp, msmtp, mutt, offlineimap, fetchmail, getmail, mbsync, nmh, mailx.
pub static CLIENTS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-mail-client",
        summary: "A mail program's settings hold the password of an account.",
        docs: "`.esmtprc`, `.msmtprc`, `.muttrc`, `.offlineimaprc`, `.fetchmailrc` and their like hold the password \
            of a mailbox; who reads mail can reset most other passwords.\n\n\
            Let the program ask a key ring (`passwordeval`, `PassCmd`), and change the password.",
        ..META
    },
    is: |page| {
        let name = page.name.trim_start_matches('.');
        matches!(
            name,
            "esmtprc"
                | "msmtprc"
                | "muttrc"
                | "neomuttrc"
                | "offlineimaprc"
                | "fetchmailrc"
                | "getmailrc"
                | "mbsyncrc"
                | "isyncrc"
                | "mailrc"
                | "nailrc"
                | "mpoprc"
                | "mpop"
                | "procmailrc"
                | "imapfilter"
                | "aercrc"
                | "accounts.conf"
                | "pinerc"
                | "mutt"
        ) || page.name == "config"
            && ["msmtp", "mutt", "neomutt", "offlineimap", "esmtp"]
                .iter()
                .any(|folder| super::in_folder(page, folder))
    },
    read: |page, sink| {
        lines::pairs(page.text, Between::SignOrSpace, |pair| {
            let key = pair.key.to_ascii_lowercase();
            let ends = |end: &[u8]| key.ends_with(end);
            let secret = ends(b"password")
                || ends(b"pass")
                || ends(b"passwd")
                || ends(b"remotepass")
                || ends(b"localpass")
                || ends(b"passphrase");
            if secret && !ends(b"preauth_pass") {
                sink.login(pair.value.clone());
            } else if ends(b"_url") || ends(b"folder") || ends(b"spoolfile") || ends(b"source") || ends(b"outgoing") {
                // imaps://user:secret@host
                let value = page.get(pair.value.clone());
                if let Some(scheme) = memchr::memmem::find(value, b"://")
                    && let Some(end) = memchr::memrchr(b'@', value)
                    && let Some(colon) = value.get(scheme + 3..end).and_then(|login| memchr::memchr(b':', login))
                {
                    let from = pair.value.start + scheme + 3 + colon + 1;
                    sink.login(from..pair.value.start + end);
                }
            }
        });
        // fetchmail: `poll host user "me" password "secret"`; mailx: `set smtp-auth-password=secret`.
        if page.name.contains("fetchmail") || page.name.contains("netrc") {
            let mut previous: &[u8] = b"";
            for (start, line) in lines::lines(page.text) {
                let mut at = 0;
                for (index, word) in line.split(u8::is_ascii_whitespace).enumerate() {
                    let begin = start + at;
                    at += word.len() + 1;
                    if index > 1 && matches!(previous, b"password" | b"pass" | b"passwd") {
                        let value = lines::unquoted(word);
                        sink.login(begin + value.start..begin + value.end);
                    }
                    if !word.is_empty() {
                        previous = word;
                    }
                }
            }
        }
    },
};

/// Relays and servers: ssmtp, Postfix, Exim, sendmail.
pub static RELAYS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-mail-relay",
        summary: "A mail server's settings hold the password of a relay.",
        docs: "`sasl_passwd` of Postfix, `passwd.client` of Exim, `ssmtp.conf` and `authinfo` of sendmail hold the \
            login of the server that mail is sent through.\n\n\
            Keep them readable by the server only, out of repositories, and change the password.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            "sasl_passwd"
                | "smtp_passwd"
                | "passwd.client"
                | "ssmtp.conf"
                | "authinfo"
                | "default-auth-info"
                | "smtp_sasl_password"
                | "relay_passwd"
        )
    },
    read: |page, sink| {
        if page.name == "ssmtp.conf" {
            lines::pairs(page.text, Between::Sign, |pair| {
                if pair.is_any(&["AuthPass"]) {
                    sink.login(pair.value.clone());
                }
            });
            return;
        }
        for (start, line) in lines::lines(page.text) {
            let line = line.trim_ascii_end();
            if line.starts_with(b"#") {
                continue;
            }
            // `host user:secret`, `host:user:secret`, `"P:secret"`
            let mark = memchr::memmem::find(line, b"\"P:")
                .map(|at| at + 3)
                .or_else(|| memchr::memrchr(b':', line).map(|at| at + 1));
            if let Some(from) = mark {
                let rest = line.get(from..).unwrap_or_default();
                let length = rest.iter().take_while(|byte| !matches!(byte, b'"' | b' ')).count();
                sink.login(start + from..start + from + length);
            }
        }
    },
};

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn clients() {
        check(
            ".esmtprc",
            "identity \"me@a.io\"\n  hostname a.io:587\n  username \"me\"\n  password \"<<lower:9>>\"\n",
            &[4],
        );
        check(
            ".msmtprc",
            "account a\nuser me\npassword <<b62:9>>\npasswordeval pass x\n",
            &[3],
        );
        check(
            ".muttrc",
            "set imap_user = \"me\"\nset imap_pass = \"<<lower:9>>\"\nset smtp_url=\"smtp://me:<<b62:9>>@a.io:587/\"\n",
            &[2, 3],
        );
        check(
            ".offlineimaprc",
            "[Repository x]\nremoteuser = me\nremotepass = <<lower:9>>\n",
            &[3],
        );
        check(
            ".fetchmailrc",
            "poll a.io proto imap user \"me\" password \"<<lower:9>>\" ssl\n",
            &[1],
        );
    }

    #[test]
    fn relays() {
        check("postfix/sasl_passwd", "[smtp.a.io]:587 me@a.io:<<b62:10>>\n", &[1]);
        check("ssmtp.conf", "mailhub=a.io\nAuthUser=me\nAuthPass=<<lower:9>>\n", &[3]);
    }
}
