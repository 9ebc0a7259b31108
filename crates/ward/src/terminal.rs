//! What people see. The only place that prints.

use std::{
    env,
    io::{self, IsTerminal, Write},
};

use anstyle::{AnsiColor, Style};

/// Colour only on a terminal, and only when nobody asked for none (<https://no-color.org>).
fn coloured(terminal: bool) -> bool {
    terminal
        && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && env::var_os("TERM").is_none_or(|t| t != "dumb")
}

/// Writes a result to stdout. A closed pipe ends the program quietly, as readers like `head` expect.
///
/// # Errors
/// When stdout cannot be written to for another reason.
pub fn result(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Writes a result to stdout as one line of JSON.
///
/// # Errors
/// As [`result`].
pub fn json(value: &serde_json::Value) -> anyhow::Result<()> {
    result(&(ward_scan::output::json_text(value) + "\n"))
}

/// True when results may be coloured: they go to a terminal, and nobody asked for none.
#[must_use]
pub fn results_in_colour() -> bool {
    coloured(io::stdout().is_terminal())
}

/// How many columns results have: those of the terminal, and 100 where there is none.
#[must_use]
pub fn width() -> usize {
    const ELSEWHERE: usize = 100;
    if !io::stdout().is_terminal() {
        return ELSEWHERE;
    }
    #[cfg(unix)]
    if let Ok(size) = rustix::termios::tcgetwinsize(io::stdout())
        && size.ws_col > 0
    {
        return usize::from(size.ws_col);
    }
    ELSEWHERE
}

/// Shows how far a command is, on one line of a terminal that the next call writes over. An empty text clears it.
pub fn progress(text: &str) {
    let _ = write!(io::stderr().lock(), "\r\u{1b}[2K{text}");
    let _ = io::stderr().lock().flush();
}

/// Puts a question to a person; the answer is typed on the same line.
pub fn ask(text: &str) {
    let _ = write!(io::stderr().lock(), "{text}");
    let _ = io::stderr().lock().flush();
}

/// True when stderr is a terminal: the place for steps and progress.
#[must_use]
pub fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// A step of a command, for a person who watches: a label and what came of it.
pub fn step(label: &str, text: &str) {
    let (bold, reset) = style(
        Style::new().bold().fg_color(Some(AnsiColor::Cyan.into())),
        io::stderr().is_terminal(),
    );
    line(&format!("{bold}{label:>13}{reset}  {text}"));
}

/// A diagnostic line.
pub fn note(text: &str) {
    line(&format!("ward: {}", harmless(text, &['\n', '\t'])));
}

/// A name of somebody else's, such as a file's, for people: whatever would move a cursor, begin a line or turn the order of
/// the letters round is written out, as in `\u{1b}`.
#[must_use]
pub fn plain(name: &str) -> String {
    harmless(name, &[])
}

fn harmless(text: &str, kept: &[char]) -> String {
    let acts = |c: char| {
        c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if acts(c) && !kept.contains(&c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// An error and its causes.
pub fn complain(error: &anyhow::Error) {
    let (red, reset) = style(
        Style::new().bold().fg_color(Some(AnsiColor::Red.into())),
        io::stderr().is_terminal(),
    );
    let what = harmless(&format!("{error:#}"), &['\n', '\t']);
    line(&format!("ward: {red}error:{reset} {what}"));
}

fn style(style: Style, terminal: bool) -> (String, String) {
    if coloured(terminal) {
        (style.render().to_string(), style.render_reset().to_string())
    } else {
        (String::new(), String::new())
    }
}

/// A line, as it is.
pub fn line(text: &str) {
    // When stderr is closed there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_act_on_a_terminal() {
        let check = |name: &str, expect: &str| assert_eq!(plain(name), expect);
        check("notes/a b-\u{e9}.txt", "notes/a b-\u{e9}.txt");
        check("\u{1b}[2Jx", "\\u{1b}[2Jx");
        check("a\nward: 0 not examined", "a\\nward: 0 not examined");
        check("a\u{202e}txt.\u{9b}", "a\\u{202e}txt.\\u{9b}");
        assert_eq!(harmless("a\n\u{7}b", &['\n']), "a\n\\u{7}b");
    }
}
