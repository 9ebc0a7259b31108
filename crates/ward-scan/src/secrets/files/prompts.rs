//! What was typed at the prompts of clients of databases.

use std::ops::Range;

use ward_evidence::RuleMeta;

use super::{
    Format,
    shell::{bare, words},
    syntax::lines,
};
use crate::secrets::rule::META;

/// Histories of Redis's, InfluxDB's and MongoDB's clients. Those of SQL are read as SQL.
pub static PROMPTS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-prompt-history",
        summary: "The history of a database's client holds a password that was typed.",
        docs: "`AUTH user password`, `CONFIG SET requirepass password`, `db.auth(\"user\", \"password\")`: the client writes every \
            line to a file of the home folder, and the password with it.\n\n\
            Log in by an option that asks (`redis-cli --askpass`, `passwordPrompt()`), delete the line, and change the \
            password.\n\n\
            Source: the Redis documentation, *AUTH*, *ACL SETUSER*; the MongoDB manual, *db.auth*.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            ".rediscli_history" | ".valkeycli_history" | ".influx_history" | ".dbshell" | "mongosh_repl_history"
        )
    },
    read: |page, sink| {
        let script = matches!(page.name, ".dbshell" | "mongosh_repl_history");
        for (start, line) in lines::lines(page.text).filter(|(_, line)| line.len() <= 8192) {
            let found = if script { calls(line) } else { commands(line) };
            for value in found {
                sink.login(start + value.start..start + value.end);
            }
        }
    },
};

/// Passwords in a command of Redis or InfluxDB.
fn commands(line: &[u8]) -> Vec<Range<usize>> {
    let words = words(line);
    let word = |at: usize| {
        words
            .get(at)
            .and_then(|span| line.get(span.clone()))
            .unwrap_or_default()
    };
    let is = |at: usize, names: &[&[u8]]| names.iter().any(|name| word(at).eq_ignore_ascii_case(name));
    let mut found = Vec::new();
    if is(0, &[b"auth"]) && words.len() <= 3 {
        found.extend(words.get(1..).and_then(<[_]>::last).cloned());
    } else if is(0, &[b"hello"]) && is(2, &[b"auth"]) {
        found.extend(words.get(4).cloned());
    } else if is(0, &[b"config"]) && is(1, &[b"set"]) && is(2, &[b"requirepass", b"masterauth"]) {
        found.extend(words.get(3).cloned());
    } else if is(0, &[b"acl"]) && is(1, &[b"setuser"]) {
        let given = words.iter().filter(|span| line.get(span.start) == Some(&b'>'));
        found.extend(given.map(|span| span.start + 1..span.end));
    }
    found.into_iter().map(|span| bare(line, span)).collect()
}

/// The second text that a call of MongoDB's shell is given: `db.auth("user", "password")`.
fn calls(line: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for call in [&b".auth("[..], b".changeUserPassword("] {
        let Some(at) = memchr::memmem::find(line, call) else {
            continue;
        };
        let mut at = at + call.len();
        let mut second = None;
        for _ in 0..2 {
            second = quoted(line, at);
            let Some(text) = &second else { break };
            at = text.end + 1;
        }
        found.extend(second);
    }
    found
}

/// The next text in quotes from `at` on, without them.
fn quoted(line: &[u8], at: usize) -> Option<Range<usize>> {
    let start = at + memchr::memchr2(b'"', b'\'', line.get(at..)?)?;
    let quote = *line.get(start)?;
    let end = memchr::memchr(quote, line.get(start + 1..)?)?;
    Some(start + 1..start + 1 + end)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn prompts() {
        check(
            ".rediscli_history",
            "auth <<b62:12>>\nAUTH default <<lower:9>>\nget auth\nconfig set requirepass \"<<b62:9>>\"\nconfig get requirepass\n\
             acl setuser bob on ><<b62:10>> ~* +@all\nset note auth is needed here\nhello 3 auth u <<b62:10>>\n",
            &[1, 2, 4, 6, 8],
        );
        check(
            ".mongodb/mongosh/mongosh_repl_history",
            "show dbs\ndb.auth('clinic', '<<b62:12>>')\ndb.auth(\"clinic\", passwordPrompt())\ndb.changeUserPassword(\"u\",\"<<lower:9>>\")\n\
             db.patients.find({name: 'auth', ward: 'north'})\n",
            &[2, 4],
        );
        check(".dbshell", "use admin\ndb.auth(\"root\", \"<<b62:12>>\")\n", &[2]);
        check(".influx_history", "auth admin <<b62:12>>\nshow databases\n", &[1]);
    }
}
