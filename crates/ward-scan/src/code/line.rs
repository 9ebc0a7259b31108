//! A line of a program as a report shows it: trimmed, short, and without what could be a secret.

use crate::secrets::rarity;

/// Most characters that are shown.
const LONGEST: usize = 160;
/// What stands for what is not shown.
const HIDDEN: char = '…';

/// The line for a report. String literals are hidden where the line speaks of credentials, and everywhere what looks like
/// a token.
pub(super) fn excerpt(line: &str) -> String {
    let line = line.trim();
    let line = line.get(..line.floor_char_boundary(4_000)).unwrap_or(line);
    let lower = line.to_ascii_lowercase();
    let speaks = ["pass", "pwd", "secret", "token", "key", "cred", "auth", "://"]
        .iter()
        .any(|word| lower.contains(word));
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
