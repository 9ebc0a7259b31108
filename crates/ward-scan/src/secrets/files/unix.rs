//! Unix password files and those of web servers.

use std::ops::Range;

use ward_evidence::{RuleMeta, Severity};

use super::{Format, Sink, syntax::lines};
use crate::secrets::{page::Page, rule::META};

/// `shadow`, `passwd`, `master.passwd`, `gshadow`, the passwd files of FTP servers.
pub static SHADOW: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-shadow",
        summary: "A password file of a system or server holds the hash of a password.",
        docs: "The second field of each line of `shadow`, `passwd` (of ProFTPD, Pure-FTPd, Dovecot too) is the hash \
            of a password, from which passwords that people think of are found by trying.\n\n\
            Keep the file where it belongs, and change the passwords.\n\n\
            Source: the manual pages shadow(5), crypt(5).",
        severity: Severity::High,
        ..META
    },
    is: |page| {
        let name = page.name.trim_end_matches(['-', '~']);
        matches!(
            name,
            "shadow"
                | "passwd"
                | "master.passwd"
                | "gshadow"
                | "proftpdpasswd"
                | "ftpd.passwd"
                | "pureftpd.passwd"
                | "vsftpd.passwd"
                | "opasswd"
                | "users.passwd"
                | "dovecot.passwd"
                | "passwd.dovecot"
        ) || name.starts_with("shadow.")
            || name.starts_with("passwd.")
            || name.contains("ftpdpasswd")
            || name.contains("ftpd.passwd")
    },
    read: |page, sink| {
        for (start, line) in lines::lines(page.text) {
            let mut fields = line.split(|byte| *byte == b':');
            let (Some(user), Some(hash)) = (fields.next(), fields.next()) else {
                continue;
            };
            let name =
                |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'@' | b'+' | b'$');
            let spaced = hash.iter().any(u8::is_ascii_whitespace);
            if user.is_empty() || !user.iter().all(name) || spaced || fields.count() < 2 {
                continue;
            }
            let from = start + user.len() + 1;
            hashed(page, from..from + hash.len(), sink);
        }
    },
};

/// `.htpasswd`, digest files.
pub static HTPASSWD: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-htpasswd",
        summary: "A password file of a web server holds the hash of a password.",
        docs: "Each line is `user:hash`. Apache's own hashes (`$apr1$`, `{SHA}`, crypt) are tried quickly; bcrypt \
            slowly.\n\n\
            Keep it outside the folder that is served and out of repositories, hash with bcrypt, and change the \
            passwords.\n\n\
            Source: the Apache documentation, *Password Formats*.",
        severity: Severity::High,
        ..META
    },
    is: |page| {
        page.name.contains("htpasswd")
            || page.name.contains("htdigest")
            || matches!(
                page.name,
                ".htusers" | "users.htpasswd" | "svnpasswd" | "dav_svn.passwd" | ".htpass"
            )
    },
    read: |page, sink| {
        for (start, line) in lines::lines(page.text) {
            let line = line.trim_ascii_end();
            if line.starts_with(b"#") {
                continue;
            }
            // Digest files have a realm between user and hash.
            let colon = if page.name.contains("digest") {
                memchr::memrchr(b':', line)
            } else {
                memchr::memchr(b':', line)
            };
            if let Some(colon) = colon {
                let mut end = line.len();
                // More fields follow in files that have users' groups.
                if let Some(next) = line.get(colon + 1..).and_then(|rest| memchr::memchr(b':', rest)) {
                    end = colon + 1 + next;
                }
                hashed(page, start + colon + 1..start + end, sink);
            }
        }
    },
};

/// A hash, or a password where a hash should be.
fn hashed(page: &Page<'_>, span: Range<usize>, sink: &mut Sink<'_, '_>) {
    let value = page.get(span.clone());
    let locked = value.len() < 3 || value.first().is_some_and(|byte| matches!(byte, b'*' | b'!')) && value.len() < 13;
    if locked {
        return;
    }
    if value.starts_with(b"$") || value.starts_with(b"{") {
        // What begins like a hash is one, even if it looks like a variable.
        sink.hash(span);
    } else {
        sink.login(span);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn system_files() {
        check(
            "etc/shadow",
            "root:$6$<<b62:8>>$<<b62:86>>:17000:0:99999:7:::\ndaemon:*:17000:0:99999:7:::\nme:$1$<<b62:8>>$<<b62:22>>:17000:0:99999:7:::\nyou:!:1:::::\n",
            &[1, 3],
        );
        check(
            "etc/passwd",
            "root:x:0:0:root:/root:/bin/bash\nme:<<b62:13>>:1:1::/:/bin/sh\n",
            &[2],
        );
    }

    #[test]
    fn web_servers() {
        check(
            "www/.htpasswd",
            "a:$apr1$<<b62:8>>$<<b62:22>>\nb:{SHA}<<b62:27>>=\nc:<<b62:13>>\n# d:e\nf:$2y$05$<<b62:53>>\n",
            &[1, 2, 3, 5],
        );
    }
}
