//! Programs that move files: netrc, git, FileZilla, editors with FTP and SFTP, JetBrains, command-line clients.

use data_encoding::BASE64;
use ward_evidence::{RuleMeta, Severity};

use super::{
    Format, in_folder,
    syntax::{
        json,
        lines::{self, Between},
        xml::{self, Node},
    },
};
use crate::secrets::rule::META;

/// `.netrc` of ftp, curl, Heroku and others; `.authinfo` of Emacs.
pub static NETRC: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-netrc",
        summary: "A netrc file holds the password of a login.",
        docs: "`.netrc` gives `machine`, `login` and `password` in words; curl, git, ftp and the Heroku command line \
            read it.\n\n\
            Keep it in the home folder, readable by its owner only; never in a repository. Change the password.\n\n\
            Source: the manual page netrc(5).",
        ..META
    },
    is: |page| {
        matches!(page.name, ".netrc" | "_netrc" | "netrc" | ".authinfo" | "authinfo") || page.name.ends_with(".netrc")
    },
    read: |page, sink| {
        let mut previous: &[u8] = b"";
        for (start, line) in lines::lines(page.text) {
            if line.trim_ascii_start().starts_with(b"#") {
                continue;
            }
            let mut at = 0;
            for word in line.split(u8::is_ascii_whitespace) {
                let begin = start + at;
                at += word.len() + 1;
                if word.is_empty() {
                    continue;
                }
                if matches!(previous, b"password" | b"passwd" | b"account") {
                    let value = lines::unquoted(word);
                    if previous != b"account" {
                        sink.login(begin + value.start..begin + value.end);
                    }
                    previous = b"";
                } else {
                    previous = word;
                }
            }
        }
    },
};

/// `.git-credentials`: one address with a password per line.
pub static GIT: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-git-credentials",
        summary: "A git credential store holds the password of a login.",
        docs: "`git credential-store` writes one address per line, with user and password in clear text.\n\n\
            Use a credential helper that asks the system's key chain, and replace the password or token.\n\n\
            Source: the manual page git-credential-store(1).",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            ".git-credentials" | "git-credentials" | ".git-credential-store"
        ) || page.name == "credentials" && in_folder(page, "git")
    },
    read: |page, sink| {
        for (start, line) in lines::lines(page.text) {
            let Some(scheme) = memchr::memmem::find(line, b"://") else {
                continue;
            };
            let rest = line.get(scheme + 3..).unwrap_or_default();
            let Some(end) = memchr::memrchr(b'@', rest) else {
                continue;
            };
            let login = rest.get(..end).unwrap_or_default();
            let Some(colon) = memchr::memchr(b':', login) else {
                continue;
            };
            let from = start + scheme + 3;
            sink.login(from + colon + 1..from + end);
        }
    },
};

/// FileZilla's `sitemanager.xml`, `recentservers.xml`, `filezilla.xml`.
pub static FILEZILLA: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-filezilla",
        summary: "FileZilla's list of sites holds a password.",
        docs: "`<Pass>` is clear text, or base64 of it (`encoding=\"base64\"`), unless a master password is set \
            (`encoding=\"crypt\"`).\n\n\
            Set a master password, keep the file out of repositories, and change the password.\n\n\
            Source: the FileZilla wiki.",
        ..META
    },
    is: |page| {
        (matches!(
            page.name,
            "sitemanager.xml" | "recentservers.xml" | "filezilla.xml" | "queue.xml" | "filezilla server.xml"
        ) || page.name.contains("filezilla") && page.extension() == "xml")
            || page.extension() == "xml" && super::starts_with_mark(page, "<FileZilla")
    },
    read: |page, sink| {
        xml::nodes(page.text, |node| {
            if let Node::Text(entry, attributes) = node
                && entry.is_any(&["Pass", "Password", "Proxypass"])
            {
                let encoding = attributes
                    .iter()
                    .find(|(name, _)| *name == b"encoding")
                    .map(|(_, value)| page.get(value.clone()));
                match encoding {
                    Some(b"crypt") => sink.hidden(
                        entry.value.clone(),
                        Severity::Low,
                        "encrypted with FileZilla's master password",
                    ),
                    Some(b"base64") => {
                        if BASE64
                            .decode(page.get(entry.value.clone()))
                            .is_ok_and(|bytes| !bytes.is_empty())
                        {
                            sink.login_noted(entry.value.clone(), "base64 of the password");
                        }
                    }
                    _ => sink.login(entry.value.clone()),
                }
            }
            // <Option Name="Pass">hash</Option> of the server, <Setting name="Proxy password"> of the client.
            if let Node::Text(entry, attributes) = node
                && entry.is_any(&["Option", "Setting"])
                && attributes.iter().any(|(name, value)| {
                    let said = page.get(value.clone()).to_ascii_lowercase();
                    name.eq_ignore_ascii_case(b"name") && (said == b"pass" || said.ends_with(b" password"))
                })
            {
                sink.login(entry.value.clone());
            }
        });
    },
};

/// Editors that upload what they save: VS Code, Sublime Text, Atom, Brackets, grunt.
pub static EDITORS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-editor-upload",
        summary: "An editor's upload settings hold the password of a server.",
        docs: "`sftp.json`, `sftp-config.json`, `.ftpconfig`, `.remote-sync.json`, `deployment-config.json`, \
            `.ftppass` and their like hold a host, a user and a password or passphrase in clear text, in the folder \
            of the project.\n\n\
            Log in with a key from an agent, let the file be ignored, and change the password.",
        ..META
    },
    is: |page| {
        let name = page.name;
        [
            "sftp.json",
            "sftp-config.json",
            "sftp-config-alt.json",
            ".ftpconfig",
            ".sftpconfig",
            ".remote-sync.json",
            "remote-sync.json",
            ".ftppass",
            "ftp-sync.json",
            "ftp-simple.json",
            "deployment-config.json",
            ".deployment-config.json",
            "ftpsync.settings",
            ".ftp-deploy.json",
            "ftp-kr.json",
            ".sftp.json",
            ".ftprc",
            "deploy.json",
            ".ftpquota",
            "ftp.json",
            ".ftp.json",
            "ftpconfig.json",
            ".hostconfig.json",
            ".sftp",
            "sync-config.json",
            ".esftp.json",
            "remote-sync-config.json",
            ".ftpaccess.json",
            "uploadfs.json",
            ".remote-ssh.json",
        ]
        .contains(&name)
            || name.contains("sftp-config")
            || name.starts_with("sftp") && page.extension() == "json"
    },
    read: |page, sink| {
        json::strings(page.text, |entry| {
            if entry.is_any(&[
                "password",
                "pass",
                "passwd",
                "passphrase",
                "pwd",
                "ssh_key_passphrase",
                "userpassword",
                "ftp_password",
            ]) {
                sink.login(entry.value.clone());
            }
        });
    },
};

/// JetBrains programs: deployment servers and data sources.
pub static JETBRAINS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-jetbrains",
        summary: "Settings of a JetBrains program hold a password.",
        docs: "`WebServers.xml`, `dataSources.xml` and others under `.idea` hold passwords in clear text or hidden \
            with a fixed key, which is as good as clear text.\n\n\
            Let the program keep passwords in the system's key chain, keep the files out of the repository, and \
            change the passwords.",
        ..META
    },
    is: |page| {
        page.extension() == "xml"
            && (super::below_folder(page, ".idea")
                || matches!(
                    page.name,
                    "webservers.xml"
                        | "datasources.xml"
                        | "datasources.local.xml"
                        | "deployment.xml"
                        | "security.xml"
                        | "sshconfigs.xml"
                ))
    },
    read: |page, sink| {
        xml::nodes(page.text, |node| match node {
            Node::Attribute(entry, _)
                if entry.is_any(&[
                    "password",
                    "passphrase",
                    "pass",
                    "proxy_password",
                    "proxyPassword",
                    "keystorePassword",
                ]) =>
            {
                sink.login_noted(entry.value.clone(), "clear text, or hidden with a fixed key");
            }
            Node::Attribute(entry, all) if entry.is("value") => {
                let name = all
                    .iter()
                    .find(|(name, _)| *name == b"name")
                    .map(|(_, value)| page.get(value.clone()));
                if let Some(name) = name {
                    sink.setting(name, entry.value.clone());
                }
            }
            Node::Text(entry, _) if entry.is_any(&["password", "passphrase"]) => sink.login(entry.value.clone()),
            _ => {}
        });
    },
};

/// Other clients: WinSCP, Total Commander, lftp, ncftp, curl, wget, Cyberduck, Subversion.
pub static CLIENTS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-transfer-client",
        summary: "Settings of a file transfer program hold a password.",
        docs: "WinSCP, Total Commander, wget, curl, Subversion and others keep passwords in clear text, or hidden \
            with a fixed key, which is as good as clear text.\n\n\
            Log in with a key from an agent, keep the file out of repositories, and change the password.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            "winscp.ini"
                | "wcx_ftp.ini"
                | ".wgetrc"
                | "wgetrc"
                | ".curlrc"
                | "_curlrc"
                | "ws_ftp.ini"
                | "ncftp.bookmarks"
                | ".lftprc"
                | "flashfxp.ini"
                | "sites.dat"
                | ".smbcredentials"
                | "smbcredentials"
                | ".davfs2"
                | "davfs2.conf"
        ) || page.name == "secrets" && in_folder(page, "davfs2")
            || in_folder(page, "svn.simple")
            || page.name.ends_with("rsyncd.secrets")
    },
    read: |page, sink| {
        if page.name.ends_with("rsyncd.secrets") {
            for (start, line) in lines::lines(page.text) {
                if let Some(colon) = memchr::memchr(b':', line)
                    && !line.starts_with(b"#")
                {
                    sink.login(start + colon + 1..start + line.trim_ascii_end().len());
                }
            }
            return;
        }
        lines::pairs(page.text, Between::SignOrSpace, |pair| {
            if pair.is_any(&[
                "password",
                "passwd",
                "pass",
                "pwd",
                "ftp_password",
                "http_password",
                "proxy_password",
                "passphrase",
            ]) {
                sink.login(pair.value.clone());
            } else if pair.is_any(&["user", "-u", "--user", "proxy-user", "-U"]) && page.name.contains("curl") {
                let value = page.get(pair.value.clone());
                if let Some(colon) = memchr::memchr(b':', value) {
                    sink.login(pair.value.start + colon + 1..pair.value.end);
                }
            }
        });
    },
};

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn netrc() {
        check(
            ".netrc",
            "machine a.io\n  login me\n  password <<b62:10>>\nmachine b.io login x password <<lower:9>>\n",
            &[3, 4],
        );
        check("x/_netrc", "machine a login b password ${PASS}\n", &[]);
    }

    #[test]
    fn git_credentials() {
        check(
            ".git-credentials",
            "https://me:<<lower:9>>@git.io\nhttps://you@git.io\nhttp://a:<<b62:12>>@h:80\n",
            &[1, 3],
        );
    }

    #[test]
    fn filezilla() {
        check(
            "recentservers.xml",
            "<FileZilla3><Server>\n<Host>h</Host>\n<User>u</User>\n<Pass encoding=\"base64\">aHVudGVyMg==</Pass>\n<Pass>\n<<lower:8>></Pass></Server>",
            &[4, 6],
        );
        check(
            "filezilla.xml",
            "<FileZilla3><Settings>\n<Setting name=\"FTP Proxy password\"><<lower:8>></Setting>\n<Setting name=\"Language\">en</Setting></Settings></FileZilla3>",
            &[2],
        );
    }

    #[test]
    fn editors() {
        check(
            "a/.vscode/sftp.json",
            "{\n // no\n \"host\": \"h\",\n \"password\": \"<<lower:8>>\",\n \"passphrase\": null\n}",
            &[4],
        );
        check(".ftpconfig", "{\n\"user\":\"u\",\n\"pass\":\"<<b62:9>>\"}", &[3]);
    }

    #[test]
    fn jetbrains() {
        check(
            ".idea/WebServers.xml",
            "<a>\n<fileTransfer host=\"h\" password=\"<<hex:24>>\" username=\"u\">\n<x value=\"1\"/></fileTransfer></a>",
            &[2],
        );
    }

    #[test]
    fn clients() {
        check(".wgetrc", "user = me\npassword = <<lower:9>>\n", &[2]);
        check("etc/rsyncd.secrets", "# users\nme:<<lower:9>>\n", &[2]);
    }
}
