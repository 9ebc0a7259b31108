//! Commands with passwords: shell scripts and histories, Dockerfiles, continuous integration.

use std::ops::Range;

use ward_evidence::RuleMeta;

use super::{
    Format, in_folder,
    packages::of_channel,
    syntax::lines::{self, Between},
};
use crate::secrets::{
    generic::values::is_weak_word,
    placeholder::{is_reference, placeholder},
    rule::META,
};

/// Shell scripts, histories, and files that hold commands.
pub static SHELL: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-command",
        summary: "A command is given a password or token as an argument.",
        docs: "`mysql -psecret`, `curl -u user:secret`, `sshpass -p secret`, `docker login -p secret` and their \
            like: the argument is in the history, in the list of processes, and in the log of the build.\n\n\
            Give it through standard input, a file or the environment, and replace it.",
        ..META
    },
    is: |page| {
        let name = page.name;
        matches!(page.extension(), "sh" | "bash" | "zsh" | "fish" | "ksh" | "command")
            || is_history(name)
            || name.starts_with("docker-compose")
            || matches!(name, "compose.yml" | "compose.yaml")
            || name.starts_with("dockerfile")
            || name.ends_with(".dockerfile")
            || matches!(
                name,
                "makefile"
                    | "justfile"
                    | "procfile"
                    | "jenkinsfile"
                    | ".travis.yml"
                    | ".gitlab-ci.yml"
                    | "bitbucket-pipelines.yml"
                    | "azure-pipelines.yml"
                    | "appveyor.yml"
                    | "circle.yml"
                    | ".drone.yml"
                    | "wercker.yml"
                    | "crontab"
                    | ".bashrc"
                    | ".zshrc"
                    | ".bash_profile"
                    | ".bash_aliases"
                    | ".profile"
                    | "history"
            )
            || in_folder(page, "workflows")
            || in_folder(page, ".circleci")
            || page.text.starts_with(b"#!/bin/sh")
            || page.text.starts_with(b"#!/bin/bash")
            || page.text.starts_with(b"#!/usr/bin/env bash")
    },
    read: |page, sink| {
        let history = is_history(page.name) || page.name.starts_with("dockerfile");
        for (start, line) in lines::lines(page.text) {
            if line.trim_ascii_start().starts_with(b"#") || line.len() > 8192 {
                continue;
            }
            for value in nested_arguments(line) {
                let text = String::from_utf8_lossy(line.get(value.clone()).unwrap_or_default()).into_owned();
                if text.len() >= 4
                    && !is_weak_word(&text)
                    && placeholder(&text).is_none()
                    && !is_reference(&text)
                    && !text.contains('$')
                    && !text.contains('`')
                {
                    sink.login(start + value.start..start + value.end);
                }
            }
        }
        if history {
            lines::pairs(page.text, Between::Sign, |pair| {
                if pair
                    .key
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
                {
                    sink.setting(pair.key, pair.value.clone());
                }
            });
        }
    },
};

/// Whether a file is the history of a shell: `.bash_history`, `.zsh_history`, `fish_history`, that of PowerShell.
fn is_history(name: &str) -> bool {
    name.ends_with("_history") || name == "consolehost_history.txt"
}

/// Programs and the options that carry their password: `-p` stands alone or before its value, `-p=` takes it at once.
const OPTIONS: &[(&[u8], &[&[u8]])] = &[
    (b"mysql", &[b"-p*", b"--password="]),
    (b"mysqldump", &[b"-p*", b"--password="]),
    (b"mysqladmin", &[b"-p*", b"--password="]),
    (b"mysqlimport", &[b"-p*", b"--password="]),
    (b"mariadb", &[b"-p*", b"--password="]),
    (b"sshpass", &[b"-p", b"-p*"]),
    (b"docker", &[b"-p", b"--password", b"--password="]),
    (b"podman", &[b"-p", b"--password", b"--password="]),
    (b"helm", &[b"-p", b"--password", b"--password="]),
    (b"az", &[b"-p", b"--password"]),
    (b"mongo", &[b"-p", b"-p*", b"--password", b"--password="]),
    (b"mongosh", &[b"-p", b"-p*", b"--password", b"--password="]),
    (b"mongodump", &[b"-p", b"-p*", b"--password", b"--password="]),
    (b"redis-cli", &[b"-a", b"--pass", b"requirepass", b"masterauth"]),
    (b"redis-server", &[b"--requirepass", b"--masterauth"]),
    (b"valkey-server", &[b"--requirepass", b"--masterauth"]),
    (b"valkey-cli", &[b"-a", b"--pass", b"requirepass", b"masterauth"]),
    (b"cqlsh", &[b"-p", b"--password", b"--password="]),
    (b"ldapsearch", &[b"-w"]),
    (b"ldapadd", &[b"-w"]),
    (b"ldapmodify", &[b"-w"]),
    (b"sqlcmd", &[b"-P"]),
    (b"bcp", &[b"-P"]),
    (b"svn", &[b"--password"]),
    (b"wget", &[b"--password=", b"--http-password=", b"--ftp-password="]),
    (b"xfreerdp", &[b"/p:*"]),
    (b"rdesktop", &[b"-p"]),
    (b"oc", &[b"-p", b"--password=", b"--token="]),
    (b"kubectl", &[b"--password=", b"--token=", b"--docker-password="]),
    (b"ncftpput", &[b"-p"]),
    (b"ncftpget", &[b"-p"]),
    (b"keytool", &[b"-storepass", b"-keypass"]),
    (b"jarsigner", &[b"-storepass", b"-keypass"]),
    (b"zip", &[b"-P"]),
    (b"unzip", &[b"-P"]),
    (b"7z", &[b"-p*"]),
    (b"twine", &[b"-p", b"--password"]),
    (b"cf", &[b"-p"]),
    (b"influx", &[b"-password", b"--password", b"--token"]),
    (b"vncviewer", &[b"--password"]),
    (b"htpasswd", &[]),
    (b"snmpwalk", &[b"-A", b"-X"]),
    (b"ipmitool", &[b"-P"]),
    (b"rabbitmqadmin", &[b"-p", b"--password="]),
    (b"npm", &[b"--_authToken="]),
    (b"gpg", &[b"--passphrase", b"--passphrase="]),
];

/// The passwords among the arguments of the commands of `line`, and of those in quotes in it (`alias db="mysql .."`,
/// `bash -c '..'`).
fn nested_arguments(line: &[u8]) -> Vec<Range<usize>> {
    let mut found = arguments(line);
    for word in words(line) {
        let text = line.get(word.clone()).unwrap_or_default();
        let Some(open) = memchr::memchr2(b'"', b'\'', text) else {
            continue;
        };
        let inner = bare(line, word.start + open..word.end);
        let command = line.get(inner.clone()).unwrap_or_default();
        if command.contains(&b' ') {
            found.extend(
                arguments(command)
                    .into_iter()
                    .map(|span| span.start + inner.start..span.end + inner.start),
            );
        }
    }
    found
}

/// The passwords among the arguments of the commands of `line`.
fn arguments(line: &[u8]) -> Vec<Range<usize>> {
    let words = words(line);
    let mut found = Vec::new();
    let word = |index: usize| {
        words
            .get(index)
            .and_then(|span| line.get(span.clone()))
            .unwrap_or_default()
    };
    let mut program: &[u8] = b"";
    for (index, span) in words.iter().enumerate() {
        let text = word(index);
        if matches!(text, b"|" | b"&&" | b"||" | b";") {
            program = b"";
            continue;
        }
        // `/usr/bin/docker`, `x;docker`, `$(docker`, and what zsh writes before a command: `: 1700000000:0;docker`.
        let base = text.rsplit(|byte| matches!(byte, b'/' | b';' | b'(' | b'`'));
        let base = base.into_iter().next().unwrap_or(text);
        if OPTIONS.iter().any(|(name, _)| *name == base)
            || matches!(
                base,
                b"curl"
                    | b"http"
                    | b"smbclient"
                    | b"lftp"
                    | b"openssl"
                    | b"chpasswd"
                    | b"conda"
                    | b"mamba"
                    | b"micromamba"
            )
        {
            program = base;
            continue;
        }
        // `echo secret | sudo -S`, `echo user:secret | chpasswd`
        if base == b"echo" && memchr::memmem::find(line, b"| sudo -S").is_some() {
            found.extend(words.get(index + 1).cloned().map(|span| bare(line, span)));
        }
        if base == b"echo"
            && memchr::memmem::find(line, b"chpasswd").is_some()
            && let Some(next) = words.get(index + 1)
        {
            let next = bare(line, next.clone());
            if let Some(colon) = line.get(next.clone()).and_then(|text| memchr::memchr(b':', text)) {
                found.push(next.start + colon + 1..next.end);
            }
        }
        match program {
            b"" => {}
            b"curl" | b"http" => {
                let value = match text {
                    b"-u" | b"--user" | b"-U" | b"--proxy-user" | b"-a" | b"--auth" => words.get(index + 1).cloned(),
                    _ if text.starts_with(b"-u") && text.contains(&b':') && program == b"curl" => {
                        Some(span.start + 2..span.end)
                    }
                    _ if text.starts_with(b"--user=") => Some(span.start + 7..span.end),
                    _ => None,
                };
                if let Some(value) = value {
                    let value = bare(line, value);
                    let login = line.get(value.clone()).unwrap_or_default();
                    if let Some(colon) = memchr::memchr(b':', login) {
                        // `-u token:` gives the token as the user.
                        if colon + 1 < login.len() {
                            found.push(value.start + colon + 1..value.end);
                        } else if colon >= 16 {
                            found.push(value.start..value.start + colon);
                        }
                    }
                }
            }
            b"smbclient" | b"lftp" => {
                if matches!(text, b"-U" | b"-u")
                    && let Some(next) = words.get(index + 1)
                {
                    let next = bare(line, next.clone());
                    if let Some(sign) = line
                        .get(next.clone())
                        .and_then(|text| memchr::memchr2(b'%', b',', text))
                    {
                        found.push(next.start + sign + 1..next.end);
                    }
                }
            }
            b"conda" | b"mamba" | b"micromamba" => {
                found.extend(of_channel(text).map(|token| span.start + token.start..span.start + token.end));
            }
            b"openssl" => {
                let plain = bare(line, span.clone());
                if line.get(plain.clone()).is_some_and(|text| text.starts_with(b"pass:")) {
                    found.push(plain.start + 5..plain.end);
                }
            }
            b"htpasswd" => {
                // `htpasswd -b file user secret`
                let batch = word(index).starts_with(b"-") && word(index).contains(&b'b');
                if batch && let Some(value) = words.get(index + 3) {
                    found.push(bare(line, value.clone()));
                }
            }
            _ => {
                let Some((_, options)) = OPTIONS.iter().find(|(name, _)| *name == program) else {
                    continue;
                };
                for option in *options {
                    if let Some(prefix) = option.strip_suffix(b"*") {
                        if text.len() > prefix.len() && text.starts_with(prefix) && !text.starts_with(b"--") {
                            found.push(bare(line, span.start + prefix.len()..span.end));
                        }
                    } else if option.ends_with(b"=") {
                        if text.starts_with(option) {
                            found.push(bare(line, span.start + option.len()..span.end));
                        }
                    } else if text == *option
                        && let Some(value) = words.get(index + 1)
                        && !line.get(value.clone()).is_some_and(|next| next.starts_with(b"-"))
                    {
                        // `docker run -p 80:80` and `mkdir -p` are other things.
                        let next = line.get(value.clone()).unwrap_or_default();
                        let port = next.iter().all(|byte| {
                            byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'/' | b't' | b'c' | b'p')
                        });
                        let login = !matches!(program, b"docker" | b"podman" | b"helm" | b"az" | b"oc" | b"cf")
                            || memchr::memmem::find(line, b"login").is_some();
                        if !port && login {
                            found.push(bare(line, value.clone()));
                        }
                    }
                }
            }
        }
    }
    found
}

/// The words of a command line, with their quotes.
pub(super) fn words(line: &[u8]) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    for (at, &byte) in line.iter().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                start.get_or_insert(at);
            }
            (Some(open), _) if open == byte => quote = None,
            (None, b' ' | b'\t') => {
                if let Some(from) = start.take() {
                    words.push(from..at);
                }
            }
            _ => {
                start.get_or_insert(at);
            }
        }
    }
    if let Some(from) = start {
        words.push(from..line.len());
    }
    words
}

/// A word without the quotes around it and the marks behind it.
pub(super) fn bare(line: &[u8], mut span: Range<usize>) -> Range<usize> {
    while span.start < span.end && line.get(span.start).is_some_and(|byte| matches!(byte, b'"' | b'\'')) {
        span.start += 1;
    }
    while span.start < span.end
        && line
            .get(span.end - 1)
            .is_some_and(|byte| matches!(byte, b'"' | b'\'' | b';' | b')' | b','))
    {
        span.end -= 1;
    }
    span
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn commands() {
        check(
            "a.sh",
            "mysql -u root -p<<b62:9>> -h db\nmysql -u root -p\nmysqldump --password='<<lower:9>>' x\n",
            &[1, 3],
        );
        check(
            "a.sh",
            "curl -u me:<<b62:9>> https://a.io\ncurl -u \"$USER:$PASS\" https://a.io\n",
            &[1],
        );
        check(
            "a.sh",
            "sshpass -p '<<lower:9>>' ssh me@h\nmkdir -p /usr/local/x\ndocker run -p 8080:80 x\ndocker login -u me -p <<b62:12>> r.io\n",
            &[1, 4],
        );
        check(
            ".bash_history",
            "ls\nexport API_TOKEN=<<b62:20>>\necho <<lower:9>> | sudo -S ls\nredis-cli -a <<b62:9>> ping\n",
            &[2, 3, 4],
        );
        check(
            ".zsh_history",
            ": 1700000000:0;docker login -u me -p <<b62:9>> r.io\n: 1700000001:0;docker ps -p x\n",
            &[1],
        );
        check(
            "ConsoleHost_history.txt",
            "docker login -u me -p <<b62:12>> r.io\n",
            &[1],
        );
        check(
            "Dockerfile",
            "FROM x\nENV DB_PASSWORD=<<b62:8>>\nENV DB_PASSWORD <<lower:8>>\nARG TOKEN\n",
            &[2, 3],
        );
        check(
            "a.sh",
            "conda install -y -c https://repo.host.io/t/<<b62:36>>/main numpy\nmamba create --channel=https://conda.host.io/t/ab-<<uuid>> x\nconda install -c https://repo.host.io/t/$TOKEN/main x\nconda install -c conda-forge/label/t/x y\n",
            &[1, 2],
        );
        check(
            "a.sh",
            "redis-server --requirepass <<b62:12>>\nredis-cli CONFIG SET requirepass <<b62:12>>\nmongosh -u root -p'<<b62:12>>' db\ncqlsh -u app -p <<b62:12>> h\nhelm registry login r.io -u me -p <<b62:12>>\n",
            &[1, 2, 3, 4, 5],
        );
        check(
            "a.sh",
            "redis-server --requirepass \"$PASS\"\nredis-cli -p 6380 AUTH $PASS\nredis-cli CONFIG GET requirepass\nmongosh --port 27017 -p\nhelm upgrade x y -p 3\ncqlsh -u app -p\n",
            &[],
        );
        check(
            "docker-compose.yml",
            "services:\n  cache:\n    image: redis:7\n    command: redis-server --requirepass <<b62:12>> --appendonly yes\n    healthcheck:\n      test: redis-cli -a ${PASS} ping\n",
            &[4],
        );
        check(
            "a.sh",
            "openssl rsa -passin pass:<<b62:8>>\nhtpasswd -bc f me <<b62:8>>\n",
            &[1, 2],
        );
    }
}
