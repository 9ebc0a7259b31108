//! A line of a program as a report shows it: trimmed, short, and without what could be a secret.

use crate::secrets::rarity;

/// Most characters that are shown.
const LONGEST: usize = 160;
/// What stands for what is not shown.
const HIDDEN: char = '…';

/// Words of a line beside which a text may be a credential, or be turned into a key.
const SPEAKING: &[&str] = &[
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "cred",
    "auth",
    "://",
    "login",
    "connect",
    "hmac",
    "crypt",
    "cipher",
    "aes",
    "fernet",
    "jwt",
    "salt",
    "sign(",
    "smtp",
    "ftp",
    "ldap",
    "mysql",
    "psycopg",
    "nonce",
    "hashlib",
    "digest",
    "md5",
    "sha1",
    "sha256",
    "identified by",
    "cookie",
    "curl",
    "wget",
    "sudo",
    "bearer",
];
/// Lines before a line that may belong to its statement.
const MOST_BEFORE: usize = 5;

/// The line that begins at `start` of `text`, for a report: what the lines before it in the same statement speak of counts.
pub(super) fn excerpt_at(text: &str, start: usize) -> String {
    let head = text.get(..text.floor_char_boundary(start)).unwrap_or_default();
    let first = memchr::memrchr(b'\n', head.as_bytes()).map_or(0, |at| at + 1);
    let rest = text.get(first..).unwrap_or_default();
    let line = rest
        .get(..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len()))
        .unwrap_or_default();
    let mut begin = first;
    for _ in 0..MOST_BEFORE {
        let before = text.get(..begin).unwrap_or_default();
        let Some(before) = before.strip_suffix('\n') else { break };
        let from = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |at| at + 1);
        let previous = before.get(from..).unwrap_or_default().trim_end();
        let goes_on = previous.ends_with(['\\', '(', '[', '{', ',', '=', '+'])
            || previous.ends_with("\":")
            || previous.ends_with("':");
        if !goes_on || begin - from > 4_000 {
            break;
        }
        begin = from;
    }
    let before = text.get(begin..first).unwrap_or_default();
    hidden(line, speaks_of_secrets(before) || speaks_of_secrets(line))
}

/// Whether a text has a word beside which a literal may be a credential.
pub(super) fn speaks_of_secrets(text: &str) -> bool {
    let text = text.get(..text.floor_char_boundary(4_000)).unwrap_or(text);
    let lower = text.to_ascii_lowercase();
    SPEAKING.iter().any(|word| lower.contains(word))
}

/// A line as it stands, with its blanks, for a patch that is only looked at. String literals are hidden where the line speaks
/// of credentials, and everywhere what looks like a token.
pub(crate) fn for_looking_at(line: &str) -> String {
    let blanks = line.len() - line.trim_start().len();
    let lead: String = line.chars().take_while(|c| c.is_whitespace() && *c != '\n').collect();
    lead + &hidden(line.get(blanks..).unwrap_or_default(), speaks_of_secrets(line))
}

/// Whether a line holds a literal that is most likely a credential: the value of a name that says so, or a word that nobody
/// would name a thing.
pub(crate) fn holds_secret(line: &str) -> bool {
    static NAMED: std::sync::LazyLock<Option<regex::Regex>> = std::sync::LazyLock::new(|| {
        let pattern = r#"(?i)(?:passw(?:or)?d|passphrase|\bpwd|secret|api_?key|access_?key|private_?key|auth_?token|credential)\w*["']?\]?\s*[:=,]\s*[a-z]{0,2}["'][^"']+["']|://[^/\s:@'"]+:[^/\s@'"]+@"#;
        regex::Regex::new(pattern).ok()
    });
    let line = line.get(..line.floor_char_boundary(4_000)).unwrap_or(line);
    NAMED.as_ref().is_none_or(|named| named.is_match(line)) || without_random(line) != line
}

/// The line for a report. String literals are hidden where the line speaks of credentials, and everywhere what looks like
/// a token.
pub(super) fn excerpt(line: &str) -> String {
    hidden(line, speaks_of_secrets(line))
}

fn hidden(line: &str, speaks: bool) -> String {
    let line = line.trim();
    let line = line.get(..line.floor_char_boundary(4_000)).unwrap_or(line);
    let mut shown = String::with_capacity(line.len());
    let mut quote: Option<char> = None;
    let mut word = String::new();
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match quote {
            None => {
                if matches!(c, '"' | '\'') {
                    quote = Some(c);
                }
                shown.push(c);
            }
            Some(open) if c == open => {
                flush(&mut word, speaks, &mut shown);
                shown.push(c);
                quote = None;
            }
            Some(_) => {
                if c == '\\' {
                    word.push(c);
                    word.extend(chars.next());
                } else if speaks || is_token(c) {
                    word.push(c);
                } else {
                    flush(&mut word, speaks, &mut shown);
                    shown.push(c);
                }
            }
        }
    }
    flush(&mut word, speaks, &mut shown);
    // A line may stand in a longer text, or behind one: what looks like a secret is hidden wherever it stands.
    let mut shown = without_random(&shown);
    if shown.chars().count() > LONGEST {
        shown = shown.chars().take(LONGEST - 1).collect();
        shown.push(HIDDEN);
    }
    shown.retain(|c| !c.is_control());
    shown
}

/// A line without the words that nobody would name a thing.
pub(super) fn without_random(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find(is_of_word) {
        let (before, word) = rest.split_at(start);
        let end = word.find(|c| !is_of_word(c)).unwrap_or(word.len());
        let (word, after) = word.split_at(end);
        out.push_str(before);
        // What is called or looked into is a name.
        if is_secretive(word) && !after.starts_with(['(', '.']) {
            out.push(HIDDEN);
        } else {
            out.push_str(word);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What names and values are made of.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a word has letters and digits as passwords and tokens have them (6 to 8 bits a character), and names do not.
fn is_secretive(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digits = bytes.iter().any(u8::is_ascii_digit);
    word.len() >= 8 && (digits && rarity::surprisal(bytes) >= 6.0 || rarity::is_random(bytes))
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '_' | '-' | '=' | '~')
}

fn flush(word: &mut String, speaks: bool, shown: &mut String) {
    let looks_random = word.len() >= 16
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !word.contains('/');
    if word.len() > 40 || looks_random || speaks && word.chars().count() > 1 {
        shown.push(HIDDEN);
    } else {
        shown.push_str(word);
    }
    word.clear();
}

/// Whether a line with a syntax error is one that Python 2 would take.
pub(super) fn is_python_2(line: &str) -> bool {
    let line = line.trim_start();
    let statement = |word: &str| {
        line.strip_prefix(word)
            .is_some_and(|rest| rest.starts_with([' ', '"', '\'']) && !rest.trim_start().starts_with(['(', '=', '.']))
    };
    statement("print")
        || statement("exec")
        || line.starts_with("except ") && line.contains(',') && !line.contains('(')
        || line.starts_with("raise ") && line.contains(", ")
        || line.contains("<>")
        || line.contains("ur'")
        || line.contains("ur\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expect: &str) {
        assert_eq!(excerpt(line), expect);
    }

    #[test]
    fn lines_are_shown_without_secrets() {
        check(
            "   torch.load('a.pt', map_location=\"cpu\")\n",
            "torch.load('a.pt', map_location=\"cpu\")",
        );
        check("password = 'hunter2'", "password = '…'");
        check("f('postgres://u:p@h/d')", "f('…')");
        check("f('ab12cd34ef56gh78ij90')", "f('…')");
        check("f('it\\'s')", "f('it\\'s')");
        check(
            "password: hunter2Zq9xPw7? \"\"\"; pickle.loads(x)",
            "password: …? \"\"\"…",
        );
        check("pickle.loads(x) # it is hunter2Zq9xPw7", "pickle.loads(x) # it is …");
        check("jwt.decode(t, 'hunter2Zq9xPw7')", "jwt.decode(t, '…')");
        check("hashlib.md5(b'horse')", "hashlib.md5(b'…')");
        check("run('echo horse | sudo -S ' + x)", "run('…' + x)");
        check(
            "cur.execute(\"ALTER USER a IDENTIFIED BY 'horse'\" % x)",
            "cur.execute(\"…\" % x)",
        );
        for line in [
            "x = AutoencoderKL2D.from_pretrained(name_or_path)",
            "self.conv2d_transpose = torch.load(path, map_location='cuda:0')",
            "LTX2VideoDownBlock3D(base64.b64decode(sha256_of_file))",
        ] {
            check(line, line);
        }
        check(&"x".repeat(400), &format!("{}…", "x".repeat(159)));
    }

    #[test]
    fn what_the_lines_before_speak_of_counts() {
        for (text, at, expect) in [
            ("password = \\\n  'hunter2'; eval(x)\n", 14, "'…'; eval(x)"),
            ("connect(\n  'bob',\n  'hunter2', eval(x))", 24, "'…', eval(x))"),
            ("d = {'password':\n 'hunter2', 'b': eval(x)}", 18, "'…', 'b': eval(x)}"),
            ("password = f()\ng('a', eval(x))", 16, "g('a', eval(x))"),
            ("jwt.encode(p, 'abc')", 3, "jwt.encode(p, '…')"),
        ] {
            assert_eq!(excerpt_at(text, at), expect, "{text}");
        }
        assert_eq!(for_looking_at("    password = 'a1b'\n"), "    password = '…'");
        for (line, expect) in [
            ("password = 'hunter2'", true),
            ("d['api_key'] = \"x\"", true),
            ("connect('postgres://u:p@h/d')", true),
            ("tokenizer.load(torch.load('model.pt'))", false),
            ("password = os.environ['PASSWORD']", false),
            ("x = 'hunter2Zq9xPw7'", true),
        ] {
            assert_eq!(holds_secret(line), expect, "{line}");
        }
    }

    #[test]
    fn python_2_is_recognised() {
        for (line, expect) in [
            ("print 'a'", true),
            ("  print \"a\" % b", true),
            ("exec code in x", true),
            ("except A, e:", true),
            ("if a <> b:", true),
            ("print(1", false),
            ("x = (", false),
        ] {
            assert_eq!(is_python_2(line), expect, "{line}");
        }
    }
}
