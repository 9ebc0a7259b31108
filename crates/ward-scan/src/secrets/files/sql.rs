//! SQL dumps and scripts: users that are made with a password, tables of users with hashes or passwords.

use std::{collections::HashMap, ops::Range};

use ward_evidence::RuleMeta;

use super::{Format, Sink};
use crate::secrets::{
    page::Page,
    rarity::{is_random, is_unwordlike},
    rule::META,
};

/// `.sql`.
pub static SQL: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-sql",
        summary: "A database dump or script holds a password or the hash of one.",
        docs: "`CREATE USER .. IDENTIFIED BY '..'`, `CREATE ROLE .. PASSWORD '..'`, and rows of tables of users: the \
            columns are taken from the list of the `INSERT` or the `CREATE TABLE` before it.\n\n\
            Keep dumps encrypted and out of repositories, and change the passwords.",
        ..META
    },
    is: |page| {
        matches!(page.extension(), "sql" | "dump" | "psql" | "mysql" | "pgsql" | "ddl")
            || page.name.ends_with(".sql.bak")
            || page.name.ends_with(".sql.txt")
            // What the clients of databases remember.
            || matches!(page.name, ".mysql_history" | ".mariadb_history" | ".psql_history" | ".sqlite_history")
    },
    read: |page, sink| {
        Reader {
            page,
            at: 0,
            tables: HashMap::new(),
        }
        .read(sink);
    },
};

/// Most columns of a table, and most tables, that are remembered.
const COLUMNS: usize = 256;
const TABLES: usize = 4096;

/// One token.
#[derive(Clone, PartialEq, Eq)]
enum Token {
    /// A word or a quoted name.
    Word(Range<usize>),
    /// A string, without its quotes.
    Text(Range<usize>),
    /// Anything else: one character.
    Mark(u8),
}

struct Reader<'p> {
    page: &'p Page<'p>,
    at: usize,
    /// The places of secret columns by table.
    tables: HashMap<Vec<u8>, Vec<usize>>,
}

impl Reader<'_> {
    fn read(&mut self, sink: &mut Sink<'_, '_>) {
        let mut previous: Vec<Vec<u8>> = Vec::new();
        while let Some(token) = self.next() {
            match &token {
                Token::Word(span) => {
                    let word = self.page.get(span.clone()).to_ascii_lowercase();
                    let last = previous.last().map(Vec::as_slice).unwrap_or_default();
                    match (last, word.as_slice()) {
                        (b"create", b"table") => {
                            self.table();
                            previous.clear();
                            continue;
                        }
                        (b"insert" | b"replace" | b"ignore" | b"low_priority" | b"delayed", b"into") => {
                            self.insert(sink);
                            previous.clear();
                            continue;
                        }
                        (b"", b"copy") => {
                            self.copy(sink);
                            previous.clear();
                            continue;
                        }
                        _ => {}
                    }
                    previous.push(word);
                    if previous.len() > 8 {
                        previous.remove(0);
                    }
                }
                Token::Text(span) => {
                    // IDENTIFIED BY 'x', IDENTIFIED BY PASSWORD '*hash', IDENTIFIED WITH plugin AS 'hash', PASSWORD
                    // 'x', PASSWORD('x'), SET PASSWORD = 'x'
                    let has = |word: &[u8]| previous.iter().rev().take(6).any(|previous| previous == word);
                    let last = previous.last().map(Vec::as_slice).unwrap_or_default();
                    let identified = has(b"identified") && matches!(last, b"by" | b"as" | b"password");
                    let password = last == b"password"
                        && (has(b"user")
                            || has(b"role")
                            || has(b"login")
                            || has(b"set")
                            || has(b"with")
                            || has(b"encrypted"));
                    let hash = self.page.get(span.clone());
                    if identified || password {
                        if hash.starts_with(b"*") || hash.starts_with(b"$") || hash.starts_with(b"SCRAM-") {
                            sink.hash(span.clone());
                        } else {
                            sink.login(span.clone());
                        }
                    }
                    if last == b"password" {
                        previous.push(b"'".to_vec());
                    }
                }
                Token::Mark(b';') => previous.clear(),
                Token::Mark(_) => {}
            }
        }
    }

    /// `CREATE TABLE name (column type, ..)`
    fn table(&mut self) {
        let Some(name) = self.name() else { return };
        if self.next() != Some(Token::Mark(b'(')) {
            return;
        }
        let (mut depth, mut column, mut first) = (1, 0, true);
        let mut secret = Vec::new();
        while let Some(token) = self.next() {
            match token {
                Token::Mark(b'(') => depth += 1,
                Token::Mark(b')') => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                Token::Mark(b',') if depth == 1 => {
                    column += 1;
                    first = true;
                    continue;
                }
                Token::Mark(b';') => break,
                Token::Word(span) if first && column < COLUMNS && is_secret(self.page.get(span.clone())) => {
                    secret.push(column)
                }
                _ => {}
            }
            first = false;
        }
        if self.tables.len() < TABLES {
            self.tables.insert(name, secret);
        }
    }

    /// `INSERT INTO name (columns) VALUES (..), (..)`
    fn insert(&mut self, sink: &mut Sink<'_, '_>) {
        let Some(name) = self.name() else { return };
        let mut secret = self.tables.get(&name).cloned();
        let mut token = self.next();
        if token == Some(Token::Mark(b'(')) {
            let (mut column, mut columns) = (0, Vec::new());
            loop {
                match self.next() {
                    Some(Token::Word(span) | Token::Text(span)) => {
                        if is_secret(self.page.get(span.clone())) {
                            columns.push(column);
                        }
                    }
                    Some(Token::Mark(b',')) => column += 1,
                    Some(Token::Mark(b')')) => break,
                    Some(Token::Mark(_)) => {}
                    None => return,
                }
            }
            secret = Some(columns);
            token = self.next();
        }
        let values = matches!(&token, Some(Token::Word(span)) if self.page.get(span.clone()).to_ascii_lowercase().starts_with(b"value"));
        if !values {
            return;
        }
        // Without columns, hashes in a table of users speak for themselves.
        let users = [
            &b"user"[..],
            b"account",
            b"member",
            b"customer",
            b"admin",
            b"login",
            b"auth",
            b"employee",
            b"person",
            b"credential",
        ]
        .iter()
        .any(|word| memchr::memmem::find(&name, word).is_some());
        let secret = match secret {
            Some(columns) => columns,
            None if users => vec![usize::MAX],
            None => Vec::new(),
        };
        let (mut depth, mut column) = (0usize, 0usize);
        while let Some(token) = self.next() {
            match token {
                Token::Mark(b'(') => {
                    depth += 1;
                    if depth == 1 {
                        column = 0;
                    }
                }
                Token::Mark(b')') => depth = depth.saturating_sub(1),
                Token::Mark(b',') if depth == 1 => column += 1,
                Token::Mark(b';') if depth == 0 => return,
                Token::Text(span) if depth >= 1 && secret.contains(&column) => self.value(span, sink),
                Token::Text(span)
                    if depth == 1 && secret.first() == Some(&usize::MAX) && is_hash(self.page.get(span.clone())) =>
                {
                    sink.hash(span)
                }
                // The next statement, where a semicolon is missing.
                Token::Word(span)
                    if depth == 0
                        && matches!(
                            self.page.get(span.clone()).to_ascii_lowercase().as_slice(),
                            b"insert" | b"create" | b"update" | b"drop" | b"unlock"
                        ) =>
                {
                    self.at = span.start;
                    return;
                }
                _ => {}
            }
        }
    }

    /// `COPY name (columns) FROM stdin;` and lines of fields with tabs, to a line `\.`.
    fn copy(&mut self, sink: &mut Sink<'_, '_>) {
        let start = self.at;
        let Some(name) = self.name() else { return };
        let (mut column, mut secret) = (0, self.tables.get(&name).cloned().unwrap_or_default());
        if self.next() == Some(Token::Mark(b'(')) {
            secret.clear();
            loop {
                match self.next() {
                    Some(Token::Word(span)) => {
                        if is_secret(self.page.get(span.clone())) {
                            secret.push(column);
                        }
                    }
                    Some(Token::Mark(b',')) => column += 1,
                    Some(Token::Mark(b')')) => break,
                    Some(_) => {}
                    None => return,
                }
            }
        }
        let text = self.page.text;
        let line = text.get(self.at..).unwrap_or_default();
        let end = memchr::memchr(b'\n', line).unwrap_or(line.len());
        let from = line
            .get(..end)
            .is_some_and(|rest| memchr::memmem::find(&rest.to_ascii_lowercase(), b"stdin").is_some());
        if !from {
            // `copy` was another word.
            self.at = self.at.max(start);
            return;
        }
        let mut at = self.at + end + 1;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..length).unwrap_or_default();
            if line.starts_with(b"\\.") {
                break;
            }
            let mut offset = at;
            for (index, field) in line.split(|byte| *byte == b'\t').enumerate() {
                if secret.contains(&index) && field != b"\\N" {
                    self.value(offset..offset + field.len(), sink);
                }
                offset += field.len() + 1;
            }
            at += length + 1;
        }
        self.at = at;
    }

    fn value(&self, span: Range<usize>, sink: &mut Sink<'_, '_>) {
        let value = self.page.get(span.clone());
        if is_hash(value) {
            sink.hash(span);
        } else if is_random(value) || is_unwordlike(value) || value.len() >= 5 {
            sink.login(span);
        }
    }

    /// The name of a table: the last part of `schema.name`, lower case.
    fn name(&mut self) -> Option<Vec<u8>> {
        let mut name = None;
        loop {
            let before = self.at;
            match self.next()? {
                Token::Word(span) => {
                    let word = self.page.get(span).to_ascii_lowercase();
                    if matches!(word.as_slice(), b"if" | b"not" | b"exists" | b"only") {
                        continue;
                    }
                    name = Some(word);
                }
                Token::Mark(_) | Token::Text(_) => {
                    self.at = before;
                    return name;
                }
            }
            // A dot joins the parts.
            let after = self.at;
            if self.next() != Some(Token::Mark(b'.')) {
                self.at = after;
                return name;
            }
        }
    }

    fn next(&mut self) -> Option<Token> {
        let text = self.page.text;
        loop {
            let byte = *text.get(self.at)?;
            let rest = text.get(self.at..)?;
            match byte {
                _ if byte.is_ascii_whitespace() => self.at += 1,
                b'-' if rest.starts_with(b"--") => self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                b'#' => self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                b'/' if rest.starts_with(b"/*") && !rest.starts_with(b"/*!") => {
                    self.at += memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2);
                }
                b'\'' => {
                    let start = self.at + 1;
                    let mut at = start;
                    while let Some(&byte) = text.get(at) {
                        match byte {
                            b'\\' => at += 2,
                            b'\'' if text.get(at + 1) == Some(&b'\'') => at += 2,
                            b'\'' => break,
                            _ => at += 1,
                        }
                    }
                    let end = at.min(text.len());
                    self.at = end + 1;
                    return Some(Token::Text(start..end));
                }
                b'`' | b'"' | b'[' => {
                    let close = if byte == b'[' { b']' } else { byte };
                    let start = self.at + 1;
                    let length = memchr::memchr2(close, b'\n', text.get(start..)?).unwrap_or(text.len() - start);
                    self.at = start + length + 1;
                    return Some(Token::Word(start..start + length));
                }
                _ if byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80 => {
                    let length = rest
                        .iter()
                        .take_while(|byte| {
                            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || **byte >= 0x80
                        })
                        .count();
                    let start = self.at;
                    self.at += length;
                    return Some(Token::Word(start..start + length));
                }
                _ => {
                    self.at += 1;
                    return Some(Token::Mark(byte));
                }
            }
        }
    }
}

/// Whether a column of this name holds passwords or what stands for them.
fn is_secret(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let has = |word: &[u8]| memchr::memmem::find(&lower, word).is_some();
    let timed = has(b"_at")
        || has(b"date")
        || has(b"expire")
        || has(b"count")
        || has(b"changed")
        || has(b"attempt")
        || has(b"hint")
        || has(b"_id")
        || has(b"type")
        || has(b"algo");
    !timed
        && (has(b"password")
            || has(b"passwd")
            || has(b"pwd")
            || has(b"user_pass")
            || lower == b"pass"
            || lower == b"passhash"
            || lower.ends_with(b"_pass")
            || has(b"passphrase")
            || has(b"pw_hash")
            || has(b"secret")
            || has(b"api_key")
            || has(b"apikey")
            || has(b"auth_token")
            || has(b"access_token")
            || lower == b"pw")
}

/// Digits of a plain digest, or the mark of a scheme.
fn is_hash(value: &[u8]) -> bool {
    matches!(value.len(), 32 | 40 | 56 | 64 | 96 | 128) && value.iter().all(u8::is_ascii_hexdigit)
        || value.starts_with(b"$") && value.len() >= 20
        || value.starts_with(b"*") && value.len() == 41
        || value.starts_with(b"pbkdf2_")
        || value.starts_with(b"{SSHA")
        || value.starts_with(b"sha1$")
        || value.starts_with(b"bcrypt")
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn users_that_are_made() {
        check(
            "setup.sql",
            "-- CREATE USER 'x' IDENTIFIED BY 'no';\nCREATE USER 'me'@'%' IDENTIFIED BY '<<lower:9>>';\nGRANT ALL ON *.* TO 'you'@'h' IDENTIFIED BY PASSWORD '*<<HEX:40>>';\nCREATE ROLE a WITH LOGIN PASSWORD '<<b62:9>>';\nALTER USER b WITH ENCRYPTED PASSWORD '<<b62:9>>';\nSET PASSWORD FOR 'a' = PASSWORD('<<lower:9>>');\nSELECT 'password';\n",
            &[2, 3, 4, 5, 6],
        );
    }

    #[test]
    fn tables_of_users() {
        check(
            "dump.sql",
            "CREATE TABLE `users` (\n `id` int(11) NOT NULL,\n `name` varchar(20),\n `password` varchar(60),\n PRIMARY KEY (`id`)\n);\nINSERT INTO `users` VALUES (1,'a','<<hex:32>>'),\n(2,'it''s (b), c','<<hex:40>>');\nINSERT INTO users (email, password_hash, created) VALUES\n('a@b.io', '$2y$10$<<b62:53>>', '2020-01-01'),\n('c@d.io', '$2y$10$<<b62:53>>', '2020-01-01');\nINSERT INTO `posts` VALUES (1,'<<hex:32>>');\n",
            &[7, 8, 10, 11],
        );
        check(
            "dump.sql",
            "COPY public.users (id, name, password) FROM stdin;\n1\ta\t<<hex:32>>\n2\tb\t\\N\n3\tc\t<<hex:32>>\n\\.\n",
            &[2, 4],
        );
    }
}
