//! .NET and Windows: `web.config`, `appsettings.json`, unattended setup, group policy preferences.

use ward_evidence::RuleMeta;

use super::{
    Format,
    syntax::{
        json,
        xml::{self, Node},
    },
};
use crate::secrets::rule::META;

/// `web.config`, `app.config`, `appsettings.json`, `secrets.json`.
pub static CONFIG: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-dotnet",
        summary: "A .NET configuration holds a password, a secret or a machine key.",
        docs: "`appSettings` and `connectionStrings` of `web.config`, `machineKey` (with it, forged view states run \
            code), values of `appsettings.json`.\n\n\
            Use user secrets while developing and a vault in production, and replace the values.\n\n\
            Source: the ASP.NET Core documentation, *Safe storage of app secrets*.",
        ..META
    },
    is: |page| {
        page.extension() == "config"
            || page.name.starts_with("appsettings") && page.extension() == "json"
            || matches!(
                page.name,
                "secrets.json"
                    | "local.settings.json"
                    | "project.json"
                    | "settings.json"
                    | "config.json"
                    | "credentials.json"
                    | "secret.json"
                    | "keys.json"
                    | "config.development.json"
                    | "config.production.json"
                    | "production.json"
                    | "development.json"
                    | "default.json"
            )
    },
    read: |page, sink| {
        if page.extension() == "json" {
            json::strings(page.text, |entry| sink.setting(entry.key, entry.value.clone()));
            return;
        }
        xml::nodes(page.text, |node| {
            let Node::Attribute(entry, all) = node else { return };
            if entry.is("value") {
                if let Some((_, name)) = all.iter().find(|(name, _)| *name == b"key" || *name == b"name") {
                    sink.setting(page.get(name.clone()), entry.value.clone());
                }
            } else if entry.is_any(&["validationKey", "decryptionKey"]) {
                if !page.get(entry.value.clone()).starts_with(b"AutoGenerate") {
                    sink.login(entry.value.clone());
                }
            } else if entry.is_any(&["password", "userPassword", "sqlConnectionPassword"]) {
                sink.login(entry.value.clone());
            }
        });
    },
};

/// `unattend.xml`, `Groups.xml`.
pub static POLICY: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-windows-setup",
        summary: "A Windows setup or policy file holds a password.",
        docs: "`unattend.xml` holds the administrator's password in clear text or base64; `cpassword` of group \
            policy preferences is encrypted with a key that Microsoft published.\n\n\
            Source: MS14-025; the Windows documentation, *Unattended Windows Setup Reference*.",
        ..META
    },
    is: |page| {
        page.extension() == "xml" && (is_setup(page.name) || memchr::memmem::find(page.text, b"cpassword=").is_some())
    },
    read: |page, sink| {
        let setup = is_setup(page.name);
        xml::nodes(page.text, |node| match node {
            Node::Attribute(entry, _)
                if entry.is("cpassword") && (setup || is_encrypted(page.get(entry.value.clone()))) =>
            {
                sink.login_noted(entry.value.clone(), "encrypted with a published key");
            }
            _ if !setup => {}
            Node::Text(entry, _)
                if entry.is("Value") && entry.above.last().is_some_and(|parent| parent.ends_with(b"Password")) =>
            {
                sink.login(entry.value.clone())
            }
            Node::Text(entry, _) if entry.is_any(&["AdministratorPassword", "Password"]) => {
                sink.login(entry.value.clone())
            }
            _ => {}
        });
    },
};

/// Files of Windows setup and of policies, by the names that Windows gives them.
fn is_setup(name: &str) -> bool {
    matches!(
        name,
        "unattend.xml"
            | "autounattend.xml"
            | "unattended.xml"
            | "sysprep.xml"
            | "groups.xml"
            | "services.xml"
            | "scheduledtasks.xml"
            | "datasources.xml"
            | "drives.xml"
            | "printers.xml"
    )
}

/// Whether a value has the form of a password of a policy: base64 of at least one block of AES.
fn is_encrypted(value: &[u8]) -> bool {
    let sign = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    value.len() >= 22 && value.iter().all(sign)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn dotnet() {
        check(
            "Web.config",
            "<configuration><appSettings>\n<add key=\"SmtpPassword\" value=\"<<b62:9>>\"/>\n<add key=\"Host\" value=\"h\"/></appSettings>\n<machineKey validationKey=\"<<HEX:128>>\"\n decryptionKey=\"AutoGenerate,IsolateApps\"/></configuration>",
            &[2, 4],
        );
        check(
            "appsettings.json",
            "{\"Jwt\":{\n\"SecretKey\":\"<<b62:20>>\"},\n\"Logging\":{\"Level\":\"Information\"}}",
            &[2],
        );
        check(
            "Groups.xml",
            "<Groups><User><Properties\n cpassword=\"<<b64:43>>\" userName=\"u\"/></User></Groups>",
            &[2],
        );
        check(
            "backup/gpo-klinik.xml",
            "<Groups><User><Properties\n cpassword=\"<<b64:43>>\" userName=\"u\"/></User>\n<Password>abcdefgh</Password>\n<p cpassword=\"\"/><p cpassword=\"the_field\"/>\n<p note=\"no cpassword= here\"/></Groups>",
            &[2],
        );
        check(
            "unattend.xml",
            "<unattend><AdministratorPassword>\n<Value><<b62:9>></Value>\n<PlainText>true</PlainText></AdministratorPassword></unattend>",
            &[2],
        );
    }
}
