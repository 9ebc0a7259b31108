//! Configurations of routers and switches: Cisco, Juniper, Arista, MikroTik, Fortinet.

use ward_evidence::RuleMeta;

use super::{Format, starts_with_mark, syntax::lines};
use crate::secrets::rule::META;

/// What network equipment prints as its configuration.
pub static ROUTERS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-router",
        summary: "A router's configuration holds a password, a hash or a community.",
        docs: "`enable secret`, `username .. password`, `snmp-server community`, pre-shared keys. Type 7 of Cisco \
            and `$9$` of Juniper are hidden with a known key: as good as clear text.\n\n\
            Keep configurations in a store of secrets, use type 8 or 9, and change what was published.\n\n\
            Source: the vendors' command references.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            "running-config"
                | "startup-config"
                | "router.conf"
                | "switch.conf"
                | "juniper.conf"
                | "cisco.conf"
                | "router.cfg"
                | "switch.cfg"
                | "firewall.cfg"
        ) || matches!(
            page.extension(),
            "cfg" | "conf" | "txt" | "config" | "confg" | "ios" | "rsc" | ""
        ) && [
            "\nhostname ",
            "\nservice password-encryption",
            "\nenable secret",
            "\nenable password",
            "\nsystem {\n",
            "\nset system root-authentication",
            "\nconfig system global",
        ]
        .iter()
        .filter(|mark| starts_with_mark(page, mark))
        .count()
            >= 1
            && [
                "\ninterface ",
                "\nline vty",
                "\nenable secret",
                "\nenable password",
                "root-authentication",
                "\nusername ",
                "snmp-server",
                "config system",
            ]
            .iter()
            .any(|mark| starts_with_mark(page, mark))
    },
    read: |page, sink| {
        for (start, line) in lines::lines(page.text) {
            let trimmed = line.trim_ascii();
            if trimmed.starts_with(b"!") || trimmed.starts_with(b"#") {
                continue;
            }
            let words: Vec<(usize, &[u8])> = {
                let mut at = 0;
                line.split(u8::is_ascii_whitespace)
                    .map(|word| {
                        let begin = start + at;
                        at += word.len() + 1;
                        (begin, word)
                    })
                    .filter(|(_, word)| !word.is_empty())
                    .collect()
            };
            let word = |index: usize| words.get(index).map_or(&b""[..], |(_, word)| *word);
            let mut give = |index: usize| {
                if let Some((begin, word)) = words.get(index) {
                    let value = lines::unquoted(word.strip_suffix(b";").unwrap_or(word));
                    let text = page.get(begin + value.start..begin + value.end);
                    if text.starts_with(b"$") {
                        sink.hash(begin + value.start..begin + value.end);
                    } else {
                        sink.login(begin + value.start..begin + value.end);
                    }
                }
            };
            let kind = |index: usize| word(index).len() == 1 && word(index).first().is_some_and(u8::is_ascii_digit);
            for index in 0..words.len().min(24) {
                match word(index) {
                    b"snmp-server" if word(index + 1) == b"community" => give(index + 2),
                    b"password" | b"secret" | b"key-string" | b"key" | b"md5" | b"ascii-text" | b"hexadecimal"
                    | b"pre-shared-key" | b"psksecret" | b"passwd" | b"psk" => {
                        if matches!(
                            word(index + 1),
                            b"chain" | b"generate" | b"config-key" | b"encryption" | b"" | b"address"
                        ) {
                            continue;
                        }
                        if index == 0 && word(0) == b"key" && words.len() == 2 && word(1).len() < 4 {
                            continue;
                        }
                        let mut value = index + 1 + usize::from(kind(index + 1) && words.len() > index + 2);
                        if matches!(
                            word(value),
                            b"encrypted" | b"sha512" | b"ENC" | b"local" | b"ascii-text" | b"hexadecimal"
                        ) {
                            value += 1;
                        }
                        give(value);
                        break;
                    }
                    b"encrypted-password"
                    | b"simple-password"
                    | b"plain-text-password-value"
                    | b"authentication-key" => {
                        give(index + 1);
                        break;
                    }
                    _ => {}
                }
            }
        }
    },
};

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn routers() {
        check(
            "running-config",
            "!\nhostname a\nenable secret 5 $1$<<b62:4>>$<<b62:22>>\nusername me privilege 15 password 7 <<HEX:16>>\ninterface Gi0/0\n ip address 10.0.0.1 255.255.255.0\nsnmp-server community <<lower:8>> RO\nline vty 0 4\n password <<lower:9>>\n transport input ssh\n",
            &[3, 4, 7, 9],
        );
        check(
            "juniper.conf",
            "system {\n  root-authentication {\n    encrypted-password \"$6$<<b62:8>>$<<b62:86>>\";\n  }\n}\n",
            &[3],
        );
    }
}
