//! Commands with passwords: shell scripts and histories, Dockerfiles, continuous integration.

use std::{collections::HashSet, ops::Range};

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

mod windows;

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
        matches!(
            page.extension(),
            "sh" | "bash" | "zsh" | "fish" | "ksh" | "command" | "bat" | "cmd" | "ps1"
        ) || is_history(name)
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
        let batch = matches!(page.extension(), "bat" | "cmd");
        let mut values = Vec::new();
        for (start, line) in lines::lines(page.text) {
            if is_remark(line) || line.len() > LONGEST {
                continue;
            }
            let mut found = nested_arguments(line);
            found.extend(listed(line).iter().flat_map(|command| arguments(command)));
            values.extend(found.into_iter().map(|span| start + span.start..start + span.end));
            if let Some((name, value)) = windows::of_setx(line) {
                sink.given(name, start + value.start..start + value.end);
            }
        }
        for (start, command) in listed_below(page.text) {
            let found = arguments(&command);
            values.extend(found.into_iter().map(|span| start + span.start..start + span.end));
        }
        let mut told = HashSet::new();
        for value in values {
            let text = String::from_utf8_lossy(page.get(value.clone())).into_owned();
            // `-p (Get-Secret db)` of PowerShell: what the command in brackets prints; no shell takes a bare bracket as text.
            let quoted = value.start > 0 && matches!(page.text.get(value.start - 1), Some(b'"' | b'\''));
            if text.len() >= 4
                && (quoted || !text.starts_with('('))
                && !is_weak_word(&text)
                && placeholder(&text).is_none()
                && !is_reference(&text)
                && !text.contains(['$', '`'])
                && !(batch && windows::is_delayed(text.as_bytes()))
                && told.insert(value.start)
            {
                sink.login(value);
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

/// The longest command that is read, bytes.
const LONGEST: usize = 8192;

/// True for a line that no shell runs.
fn is_remark(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    let rem = line.get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"rem "));
    rem || line.starts_with(b"#") || line.starts_with(b"::")
}

/// The command that `line` gives as a list, each word where it stands: `command: ["redis-server", "--requirepass", ..]`,
/// `CMD ["redis-server"]`.
fn listed(line: &[u8]) -> Option<Vec<u8>> {
    let (before, _) = line.split_at(memchr::memchr(b'[', line)?);
    let last = before
        .trim_ascii()
        .rsplit(u8::is_ascii_whitespace)
        .next()
        .unwrap_or_default();
    if !is_key_of_command(last) && !matches!(last, b"CMD" | b"ENTRYPOINT" | b"RUN") {
        return None;
    }
    let mut command = vec![b' '; line.len()];
    let mut quote = None;
    for (at, &byte) in line.iter().enumerate().skip(before.len() + 1) {
        match (quote, byte) {
            (None, b']') => return Some(command),
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b',') => {}
            (Some(open), _) if open == byte => quote = None,
            _ => *command.get_mut(at)? = byte,
        }
    }
    None
}

/// The commands of `text` that stand as items below a key, each with where it begins.
fn listed_below(text: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let mut commands: Vec<(usize, Vec<u8>)> = Vec::new();
    let mut open = false;
    for (start, line) in lines::lines(text) {
        let bare = line.trim_ascii();
        let item = bare.strip_prefix(b"- ").filter(|_| open);
        if let (Some(item), Some((begun, command))) = (item, commands.last_mut()) {
            open = start + line.len() - *begun <= LONGEST;
            if open {
                let indent = line.len() - line.trim_ascii_start().len();
                command.resize(start + indent + (bare.len() - item.len()) - *begun, b' ');
                command.extend_from_slice(item);
            }
        } else if !bare.is_empty() && !bare.starts_with(b"#") {
            open = is_key_of_command(bare);
            if open {
                commands.push((start, Vec::new()));
            }
        }
    }
    commands
}

/// Keys below which services have their command as a list.
fn is_key_of_command(key: &[u8]) -> bool {
    matches!(key, b"command:" | b"entrypoint:" | b"args:" | b"test:")
}

/// The password of `me/secret@database`.
fn of_oracle(login: &[u8]) -> Option<Range<usize>> {
    let slash = memchr::memchr(b'/', login)?;
    let (user, rest) = login.split_at(slash);
    let at = memchr::memchr(b'@', rest)?;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#');
    let named = !user.is_empty() && user.iter().all(plain);
    (named && at > 1 && at + 1 < rest.len()).then_some(slash + 1..slash + at)
}

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
    let mut begun = 0;
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
                    | b"sqlplus"
                    | b"chpasswd"
                    | b"conda"
                    | b"mamba"
                    | b"micromamba"
            )
        {
            program = base;
            begun = index;
            continue;
        }
        found.extend(windows::password(line, &words, index));
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
                // Other commands of it take a file, or nothing, after the letter.
                let command = word(begun + 1);
                if text == b"-k"
                    && (command == b"enc" || command.starts_with(b"aes-") || command.starts_with(b"des"))
                    && let Some(value) = words.get(index + 1)
                {
                    found.push(bare(line, value.clone()));
                }
            }
            b"sqlplus" => {
                let login = bare(line, span.clone());
                let password = of_oracle(line.get(login.clone()).unwrap_or_default());
                found.extend(password.map(|password| login.start + password.start..login.start + password.end));
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
            "login.ps1",
            "docker login -u AWS -p (aws ecr get-login-password) r.io\nredis-cli -a (Get-Content pw.txt) ping\nmysql -p(Get-Secret db) x\nopenssl enc -d -k (Get-Content k.txt)\ndocker login -u me --password=(Get-Secret r) r.io\ndocker login -u me -p '(<<b62:12>>' r.io\n",
            &[6],
        );
        check(
            "a.sh",
            "sqlplus -s billing/<<b62:12>>@db.corp.test:1521/orcl @run.sql\nsqlplus 'billing/<<b62:12>>@orcl'\n",
            &[1, 2],
        );
        check(
            "a.sh",
            "sqlplus / as sysdba @scripts/run.sql\nsqlplus billing@//db:1521/orcl\nsqlplus billing/@orcl\nsqlplus billing/$PASS@orcl\nsqlplus billing/<password>@orcl\nsqlplus /nolog @a/b@c\n",
            &[],
        );
        check(
            "a.sh",
            "openssl enc -aes-256-cbc -k <<b62:12>> -in a\nopenssl aes-256-cbc -d -k <<b62:12>> -in a\nopenssl enc -d -k \"$PASS\"\nopenssl enc -d -kfile secret.txt\nopenssl s_client -k <<b62:12>>\n",
            &[1, 2],
        );
        check(
            "a.sh",
            "REDISCLI_AUTH=<<b62:12>> redis-cli ping\nREDISCLI_AUTH=$PASS redis-cli ping\nREDISCLI_AUTH=\"${PASS}\" redis-cli ping\nexport REDISCLI_AUTH=<<b62:12>>\n",
            &[1, 4],
        );
        check(
            "docker-compose.yml",
            "services:\n  a:\n    command: [\"redis-server\", \"--requirepass\", \"<<b62:12>>\"]\n  b:\n    command:\n      - redis-server\n      # why\n      - --requirepass\n      - <<b62:12>>\n      - \"--port\"\n      - \"6380\"\n  c:\n    entrypoint: [redis-server,--requirepass,'<<b62:12>>']\n",
            &[3, 9, 13],
        );
        check(
            "docker-compose.yml",
            "services:\n  a:\n    command: [\"redis-server\", \"--requirepass\", \"${PASS}\"]\n    ports: [\"redis-cli\", \"-a\", \"<<b62:12>>\"]\n  b:\n    command:\n      - redis-server\n      - --requirepass\n      - ${PASS:?}\n    volumes:\n      - redis-cli\n      - -a\n      - <<b62:12>>\n  c:\n    command: [\"redis-server\", \"--requirepass\"]\n    environment:\n      - <<b62:12>>\n",
            &[],
        );
        check(
            "Dockerfile",
            "FROM redis:7\nCMD [\"redis-server\", \"--requirepass\", \"<<b62:12>>\"]\n",
            &[2],
        );
        check(
            "a.sh",
            "openssl rsa -passin pass:<<b62:8>>\nhtpasswd -bc f me <<b62:8>>\n",
            &[1, 2],
        );
    }
}
