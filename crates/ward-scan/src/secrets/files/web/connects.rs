//! Calls that connect to a database and name the password by its place: `mysqli_connect('host', 'user', 'secret')`,
//! `pymysql.connect(..)`, `DriverManager.getConnection(url, "user", "secret")`, and the address that Go's driver for MySQL
//! takes, `"user:secret@tcp(host)/db"`. Only user and password that are written out as texts count.

use std::ops::Range;

use super::string;
use crate::secrets::{
    generic::values::{is_thought_of, is_weak_word, names_itself},
    page::Page,
    placeholder::{is_reference, placeholder},
    rarity::{is_random, is_unwordlike},
};

/// Functions whose second argument is the user, and whose third is the password.
const CALLS: &[&[u8]] = &[b"mysqli_connect(", b"pymysql.connect(", b"DriverManager.getConnection("];

/// How far the arguments of a call, or the part of an address before the host, are followed.
const FAR: usize = 400;

/// Calls `each` with the passwords in `page`.
pub(super) fn passwords(page: &Page<'_>, mut each: impl FnMut(Range<usize>)) {
    for call in CALLS {
        for found in memchr::memmem::find_iter(page.text, call) {
            let from = found + call.len();
            let rest = page.text.get(from..page.text.len().min(from + FAR)).unwrap_or_default();
            if let Some((user, password)) = arguments(rest)
                && !is_remark(page.text, found)
                && is_password(page, rest.get(user), rest.get(password.clone()))
            {
                each(from + password.start..from + password.end);
            }
        }
    }
    if page.extension() != "go" {
        return;
    }
    for found in memchr::memmem::find_iter(page.text, b"@tcp(") {
        let begin = found.saturating_sub(FAR);
        let before = page.text.get(begin..found).unwrap_or_default();
        let Some(open) = before.iter().rposition(|byte| matches!(byte, b'"' | b'`' | b'\n')) else {
            continue;
        };
        let login = before.get(open + 1..).unwrap_or_default();
        let Some(colon) = memchr::memchr(b':', login) else {
            continue;
        };
        let password = begin + open + 1 + colon + 1..found;
        if before.get(open) != Some(&b'\n')
            && !login.contains(&b'%')
            && !is_remark(page.text, found)
            && is_password(page, login.get(..colon), page.text.get(password.clone()))
        {
            each(password);
        }
    }
}

/// Where user and password stand among the arguments, when both are texts.
fn arguments(rest: &[u8]) -> Option<(Range<usize>, Range<usize>)> {
    let user = string(rest, first(rest)? + 1)?;
    let comma = next_sign(rest, user.end + 1)?;
    let password = string(rest, comma + 1).filter(|_| rest.get(comma) == Some(&b','))?;
    let end = next_sign(rest, password.end + 1)?;
    matches!(rest.get(end), Some(b',' | b')')).then_some((user, password))
}

/// Where the comma behind the first argument stands, which is any expression.
fn first(rest: &[u8]) -> Option<usize> {
    let (mut quote, mut depth) = (None, 0_usize);
    for (at, &byte) in rest.iter().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth = depth.checked_sub(1)?,
            (None, b',') if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// The place of the next sign that is no white space.
fn next_sign(rest: &[u8], at: usize) -> Option<usize> {
    let gap = rest.get(at..)?.iter().position(|byte| !byte.is_ascii_whitespace())?;
    Some(at + gap)
}

/// Whether the line of the byte at `at` is a remark.
fn is_remark(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    let line = before.get(start..).unwrap_or_default().trim_ascii_start();
    line.starts_with(b"//") || line.starts_with(b"#") || line.starts_with(b"*") || line.starts_with(b"/*")
}

fn is_password(page: &Page<'_>, user: Option<&[u8]>, password: Option<&[u8]>) -> bool {
    let (Some(user), Some(value)) = (user, password) else {
        return false;
    };
    let Ok(text) = str::from_utf8(value) else { return false };
    let named = user
        .iter()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'$' | b'{' | b'<'));
    let sign = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '$' | '{' | '}' | '\\' | '<' | '>');
    let likely = if page.place.is_doubtful() {
        value.len() >= 12 && is_random(value)
    } else {
        value.len() >= 6 && is_unwordlike(value) || value.len() >= 8 && is_thought_of(text)
    };
    likely
        && named
        && !user.is_empty()
        && !user.eq_ignore_ascii_case(value)
        && !text.contains(sign)
        && !is_weak_word(text)
        && !names_itself(text)
        && !is_reference(text)
        && placeholder(text).is_none()
}

#[cfg(test)]
mod tests {
    use crate::secrets::files::tests::check;

    #[test]
    fn calls_with_a_password() {
        check(
            "app/db.php",
            "<?php\n$c = mysqli_connect('db', 'kis', 'Sommer<<digit:4>>!');\n$c = mysqli_connect($host, \"kis\", \"<<b62:12>>\", \"kis\");\n",
            &[2, 3],
        );
        check(
            "app/db.py",
            "c = pymysql.connect(\"db\", \"kis\",\n    \"Sommer<<digit:4>>!\", \"kis\")\n",
            &[2],
        );
        check(
            "src/Db.java",
            "var c = DriverManager.getConnection(\"jdbc:h2:mem:a,b\" + name(1, 2), \"kis\", \"Sommer<<digit:4>>!\");\n",
            &[1],
        );
        check(
            "db.go",
            "db, err := sql.Open(\"mysql\", \"kis:Sommer<<digit:4>>!@tcp(db:3306)/kis?parseTime=true\")\n",
            &[1],
        );
    }

    #[test]
    fn calls_without_one() {
        check(
            "app/db.php",
            "<?php\nmysqli_connect('db', $user, $pass);\nmysqli_connect('db', 'kis', $pass);\nmysqli_connect('db', 'kis', 'secret');\nmysqli_connect('db', 'root', '');\nmysqli_connect('db', 'kis', 'your_password1');\nmysqli_connect('db', 'root', 'root');\nmysqli_connect('db', 'kis', 'mondschein');\nmysqli_connect('db', 'kis', 'kis-test-db');\nmysqli_connect('db', 'kis', '123412');\nmysqli_connect('db', 'kis', 'Sommer<<digit:4>>' . $x);\n// mysqli_connect('db', 'kis', 'Sommer<<digit:4>>');\nmysqli_connect(getenv('A'), getenv('B'), getenv('Sommer1234'));\nmysqli_connect('db', 'kis', \"$pre-Sommer1\");\n",
            &[],
        );
        check(
            "src/Db.java",
            "DriverManager.getConnection(url, user, password);\nDriverManager.getConnection(\"jdbc:h2:mem:x\", \"sa\", \"\");\nDriverManager.getConnection(url, \"scott\", \"tiger\");\nDriverManager.getConnection(url);\nDriverManager.getConnection(url, \"kis\", \"<password>\");\n",
            &[],
        );
        check(
            "db.go",
            "a := fmt.Sprintf(\"%s:%s@tcp(%s:3306)/%s\", u, p, h, d)\nb := \"root:password@tcp(127.0.0.1:3306)/test\"\nc := u + \":\" + p + \"@tcp(db)/x\"\nd := \"root:${PASS}@tcp(db)/x\"\n// kis:Sommer<<digit:4>>!@tcp(db)/x\ne := \"kis@tcp(db)/x\"\n",
            &[],
        );
        check(
            "tests/test_db.py",
            "pymysql.connect(\"db\", \"kis\", \"Sommer<<digit:4>>!\")\n",
            &[],
        );
        check("db.py", "other.connect(\"db\", \"kis\", \"Sommer<<digit:4>>!\")\n", &[]);
    }
}
