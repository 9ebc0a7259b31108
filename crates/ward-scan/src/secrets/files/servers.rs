//! Game and voice servers.

use ward_evidence::RuleMeta;

use super::{
    Format,
    syntax::lines::{self, Between},
};
use crate::secrets::rule::META;

/// Ventrilo, Mumble, TeamSpeak, Source engine, Minecraft, and other servers with small settings files.
pub static GAMES: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-server-settings",
        summary: "A game, voice or media server's settings hold a password.",
        docs: "`AdminPassword` of `ventrilo_srv.ini`, `rcon_password` of `server.cfg`, `rcon.password` of \
            `server.properties`, `serverpassword` of `mumble-server.ini`, `source-password` of `icecast.xml`: \
            whoever has it runs the server.\n\n\
            Keep the file out of repositories, and change it.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            "server.cfg"
                | "autoexec.cfg"
                | "server.properties"
                | "mumble-server.ini"
                | "murmur.ini"
                | "ts3server.ini"
                | "serverconfig.xml"
                | "gameusersettings.ini"
                | "icecast.xml"
                | "redis.conf"
                | "sentinel.conf"
                | "turnserver.conf"
                | "grafana.ini"
                | "supervisord.conf"
                | "mosquitto.conf"
                | "transmission.conf"
                | "vsftpd_virtual"
                | "nagios.cfg"
                | "resource.cfg"
                | "zabbix_server.conf"
                | "deluge.conf"
                | "slapd.conf"
                | "ldap.conf"
                | "nslcd.conf"
                | "pam_ldap.conf"
                | "ldap.secret"
                | "serverdedicated.cfg"
                | "basic.cfg"
        ) || page.name.starts_with("ventrilo") && page.extension() == "ini"
            || page.name.ends_with("_srv.ini")
    },
    read: |page, sink| {
        if page.name == "ldap.secret" {
            sink.login(0..page.text.trim_ascii_end().len());
            return;
        }
        if page.extension() == "xml" {
            use super::syntax::xml::{self, Node};
            xml::nodes(page.text, |node| match node {
                Node::Text(entry, _) if entry.key.ends_with(b"password") => sink.login(entry.value.clone()),
                Node::Attribute(entry, all) if entry.is("value") => {
                    if let Some((_, name)) = all.iter().find(|(name, _)| *name == b"name") {
                        sink.setting(page.get(name.clone()), entry.value.clone());
                    }
                }
                _ => {}
            });
            return;
        }
        lines::pairs(page.text, Between::SignOrSpace, |pair| {
            let key = pair.key.to_ascii_lowercase();
            let secret = [
                &b"password"[..],
                b"passwd",
                b"pass",
                b"requirepass",
                b"masterauth",
                b"rootpw",
                b"bindpw",
                b"static-auth-secret",
                b"secret_key",
                b"auth-pass",
            ]
            .iter()
            .any(|end| key.ends_with(end));
            if secret {
                sink.login(pair.value.clone());
            }
        });
    },
};

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn servers() {
        check(
            "ventrilo_srv.ini",
            "[Server]\nName=x\nPassword=<<lower:9>>\nAdminPassword=<<lower:8>>\nDuplicates=1\n",
            &[3, 4],
        );
        check(
            "server.cfg",
            "hostname \"x\"\nrcon_password \"<<lower:9>>\"\nsv_lan 0\n",
            &[2],
        );
        check(
            "redis.conf",
            "# requirepass foobared\nport 1\nrequirepass <<b62:9>>\n",
            &[3],
        );
    }
}
