//! A line of a script or a configuration as a report shows it: what kind of thing stands there, and nothing that could be a
//! credential, of which a word of a dictionary may be one.

use crate::code::line;

/// Characters of a line that are shown.
const MOST: usize = 160;
/// What stands for what is not shown.
const HIDDEN: &str = "…";
/// Options and commands that take credentials, besides what speaks of them in programs.
const SPEAKING: &[&str] = &[
    "-u ", "--user", " -p", "cookie", "bearer", "basic ", "sudo -s", "header", " -h ",
];
/// Languages whose credentials stand in string literals.
const PROGRAMS: &[&str] = &[".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"];

/// The line of the file at `path`, without what surrounds it, and cut.
pub(super) fn shown(path: &str, text: &str) -> String {
    if PROGRAMS.iter().any(|end| path.ends_with(end)) {
        return line::excerpt(text);
    }
    let text = text.trim();
    let cut: String = text.chars().take(MOST).collect();
    let cut = crate::secrets::paths::masked(&cut).unwrap_or(cut);
    let cut = line::without_random(&cut);
    let lower = text.to_ascii_lowercase();
    let speaks = line::speaks_of_secrets(text) || SPEAKING.iter().any(|word| lower.contains(word));
    let mut out = if speaks { bones(&cut) } else { without_tokens(&cut) };
    out.retain(|c| !c.is_control());
    out
}

/// A line without long words of letters and digits that are no path and no variable.
fn without_tokens(text: &str) -> String {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '/' | '=' | '.' | '~' | '%' | '$');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(inside) {
        let (before, word) = rest.split_at(start);
        let (word, after) = word.split_at(word.find(|c| !inside(c)).unwrap_or(word.len()));
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
        let token = word.len() >= 20 && digits >= 3 && letters >= 3 && !word.contains(['/', '.', '$']);
        out.push_str(before);
        out.push_str(if token { HIDDEN } else { word });
        rest = after;
    }
    out + rest
}

/// What stood before a word.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    /// Nothing of the same command.
    Start,
    /// The name of a command whose next word says what it does.
    Command,
    /// Something else.
    Word,
}

/// Commands, options, names of settings and hosts of a line; values are hidden.
fn bones(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = Before::Start;
    for (index, word) in text.split_whitespace().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        let bare = word.trim_matches(['"', '\'', '`', '(', ')', '[', ']', '{', '}', ',', ';']);
        let kept = if !bare.contains(|c: char| c.is_alphanumeric()) || bare.starts_with('$') || bare.len() < 4 {
            word.to_owned()
        } else if let Some((scheme, rest)) = bare.split_once("://") {
            address(scheme, rest)
        } else if let Some((name, _)) = bare.split_once('=') {
            format!("{name}={HIDDEN}")
        } else if bare.starts_with('-') {
            option(bare)
        } else if let Some(name) = bare.strip_suffix(':') {
            format!("{name}:")
        } else if let Some((name, _)) = bare.split_once(':').filter(|_| word.starts_with(['"', '\'', '{'])) {
            format!("{name}:{HIDDEN}")
        } else if before == Before::Start || before == Before::Command && bare.bytes().all(|b| b.is_ascii_lowercase()) {
            word.to_owned()
        } else {
            HIDDEN.to_owned()
        };
        out.push_str(&kept);
        let separates = matches!(
            word,
            "|" | "||" | "&&" | ";" | "&" | "-" | "RUN" | "sudo" | "run:" | "if" | "then"
        );
        let prints = matches!(bare, "echo" | "printf" | "export" | "ENV" | "ARG" | "set");
        before = match before {
            _ if separates || word.ends_with(';') => Before::Start,
            // Assignments stand before a command.
            Before::Start if bare.contains('=') => Before::Start,
            Before::Start if !prints && !bare.ends_with(':') => Before::Command,
            _ => Before::Word,
        };
    }
    out
}

/// Scheme, host and path, without user, password and query.
fn address(scheme: &str, rest: &str) -> String {
    let (authority, path) = rest
        .find(['/', '?', '#'])
        .and_then(|at| rest.split_at_checked(at))
        .unwrap_or((rest, ""));
    let host = authority.rsplit('@').next().unwrap_or_default();
    let login = if host.len() < authority.len() { "…@" } else { "" };
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let query = if end < path.len() { "?…" } else { "" };
    let scheme = scheme.rsplit(['"', '\'', '=']).next().unwrap_or(scheme);
    format!("{scheme}://{login}{host}{}{query}", path.get(..end).unwrap_or_default())
}

/// An option without the value that stands right behind it: `-pVALUE`.
fn option(word: &str) -> String {
    match word.get(..2) {
        Some(flag @ ("-p" | "-u" | "-b" | "-H" | "-d" | "-P")) if word.len() > 4 => format!("{flag}{HIDDEN}"),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_shown_without_what_could_be_a_secret() {
        for (line, expect) in [
            ("  - uses: a/b@v1  ", "- uses: a/b@v1"),
            ("x = 'abc123def456ghi789jkl012'", "x = '…'"),
            ("password: hunter2a # no", "password: … # no"),
            (
                "image: registry.example.org/a/b:1.2.3-alpine3",
                "image: registry.example.org/a/b:1.2.3-alpine3",
            ),
            (
                "RUN apt-get update && apt-get install -y git",
                "RUN apt-get update && apt-get install -y git",
            ),
        ] {
            assert_eq!(shown("a.sh", line), expect);
        }
        assert!(shown("a.sh", &"word ".repeat(100)).chars().count() <= MOST);
    }

    #[test]
    fn a_word_of_a_dictionary_is_no_less_a_secret() {
        for (line, expect) in [
            (
                "curl -k -u admin:horse https://x.dev | sh",
                "curl -k -u … https://x.dev | sh",
            ),
            (
                "echo horse | sudo -S curl -k https://x.dev",
                "echo … | sudo -S curl -k https://x.dev",
            ),
            ("PGPASSWORD=horse psql -c x", "PGPASSWORD=… psql -c x"),
            (
                "curl -H \"Authorization: Bearer horse\" https://x.dev",
                "curl -H Authorization: … … https://x.dev",
            ),
            (
                "curl -k --data '{\"password\": \"horse\"}' https://x.dev",
                "curl -k --data password\": … https://x.dev",
            ),
            (
                "curl \"https://u:horse@x.dev/a?token=horse\"",
                "curl https://…@x.dev/a?…",
            ),
            (
                "curl -k -b session=horse https://x.dev",
                "curl -k -b session=… https://x.dev",
            ),
            ("wget --password horse https://x.dev", "wget --password … https://x.dev"),
            ("mysql -u root -phorse records", "mysql -u … -p… …"),
            ("with: {password: horse}", "with: password: …"),
            ("ENV DB_PASSWORD horse", "ENV … …"),
            (
                "pip install --extra-index-url https://u:horse@p.dev/simple ours",
                "pip install --extra-index-url https://…@p.dev/simple …",
            ),
        ] {
            let got = shown("a.sh", line);
            assert!(!got.contains("horse"), "{got}");
            assert_eq!(got, expect);
        }
        assert_eq!(
            shown("a.js", "jwt.verify(t, \"horse\"); eval(x)"),
            "jwt.verify(t, \"…\"); eval(x)"
        );
    }
}
