//! Shell text as commands one after the other: those of the text, of its substitutions, and of what a shell is given.
//!
//! A reader for looking, not for running. Words and operators are those of [`ward_formats::shell`].

use std::ops::Range;

pub(super) use ward_formats::shell::Word;
use ward_formats::shell::{Lexer, Token};

/// Substitutions inside substitutions that are followed.
const DEPTH: usize = 8;

/// What stands between a command and the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// The end of the text, a line or `;`.
    End,
    /// `|`: the next one reads what this one writes.
    Pipe,
    /// `&&`.
    And,
    /// `||`.
    Or,
}

/// A command with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    /// Words, redirections left out. Leading assignments are among them.
    pub(super) words: Vec<Word>,
    /// Files that it writes to and reads from: the operator and the word.
    pub(super) redirects: Vec<(String, Word)>,
    /// The operator after it.
    pub(super) then: Then,
    /// How deep in substitutions it stands; 0 for the text itself.
    pub(super) depth: usize,
}

impl Command {
    /// The first word that is no assignment, no keyword and no wrapper (`sudo`, `env`, `exec`), without its folder, and
    /// the words after it.
    pub(super) fn program(&self) -> Option<(&str, &[Word])> {
        program_of(&self.words)
    }

    /// True when `sudo` stands before the program.
    pub(super) fn sudo(&self) -> Option<&Word> {
        self.words.iter().take(3).find(|word| word.text == "sudo")
    }

    /// Assignments before the program, and those of `export`: name and value.
    pub(super) fn assignments(&self) -> impl Iterator<Item = (&str, &str, &Word)> {
        let exported = matches!(
            self.words.first().map(|word| word.text.as_str()),
            Some("export" | "declare" | "readonly" | "local" | "typeset" | "env")
        );
        self.words
            .iter()
            .skip(usize::from(exported))
            .take_while(|word| is_assignment(&word.text) || word.text.starts_with('-'))
            .filter_map(|word| {
                let (name, value) = word.text.split_once('=')?;
                Some((name, value, word))
            })
    }

    /// Where it begins.
    pub(super) fn start(&self) -> usize {
        self.words.first().map_or(0, |word| word.start)
    }
}

/// What [`Command::program`] says of words.
fn program_of(mut words: &[Word]) -> Option<(&str, &[Word])> {
    loop {
        let (first, rest) = words.split_first()?;
        let name = first.text.rsplit('/').next().unwrap_or(&first.text);
        let skip = match name {
            "if" | "then" | "elif" | "else" | "while" | "until" | "do" | "!" | "{" | "(" | "time" | "exec"
            | "nohup" | "command" | "builtin" | "RUN" => 1,
            "sudo" | "doas" | "env" | "nice" | "ionice" | "timeout" | "stdbuf" | "xvfb-run" | "retry" | "chronic" => {
                let takes_value = |word: &Word| matches!(word.text.as_str(), "-u" | "-g" | "-n" | "-c" | "-k" | "-s");
                let mut count = 1;
                while let Some(word) = words.get(count) {
                    let number = name == "timeout" && word.text.starts_with(|c: char| c.is_ascii_digit());
                    if takes_value(word) {
                        count += 2;
                    } else if word.text.starts_with('-') || is_assignment(&word.text) || number {
                        count += 1;
                    } else {
                        break;
                    }
                }
                count
            }
            _ if is_assignment(&first.text) => 1,
            _ => return Some((name, rest)),
        };
        words = words.get(skip..)?;
    }
}

fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        let name = name.strip_suffix('+').unwrap_or(name);
        !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// Every command of `text`, those in substitutions too, the outer ones first.
pub(super) fn commands(text: &str) -> Vec<Command> {
    follow(text, false).0
}

/// The commands of `text`, also those that a shell is given behind `-c`, and where a quote or a substitution begins that
/// nothing closes: a shell would not run such a text, and what stands behind that place may mean something else.
pub(super) fn read(text: &str) -> (Vec<Command>, Option<usize>) {
    follow(text, true)
}

/// Commands that are read later: where they stand, and whether in quotes, so that what nothing closes there may be text.
struct Later {
    range: Range<usize>,
    given: bool,
}

fn follow(text: &str, given: bool) -> (Vec<Command>, Option<usize>) {
    let mut out = Vec::new();
    let mut open: Option<usize> = None;
    let whole = Range {
        start: 0,
        end: text.len(),
    };
    let mut level = Vec::from([Later {
        range: whole,
        given: false,
    }]);
    for depth in 0..=DEPTH {
        let mut inner = Vec::new();
        for later in level {
            let mut reader = Reader {
                text,
                depth,
                words: Vec::new(),
                redirects: Vec::new(),
                inner: &mut inner,
                given,
                inside: later.given,
                out: &mut out,
            };
            let never_closed = reader.run(later.range);
            open = open.or(never_closed.filter(|_| !later.given));
        }
        if inner.is_empty() {
            break;
        }
        level = inner;
    }
    (out, open)
}

struct Reader<'t, 'o> {
    text: &'t str,
    depth: usize,
    words: Vec<Word>,
    redirects: Vec<(String, Word)>,
    inner: &'o mut Vec<Later>,
    /// Whether what a shell is given behind `-c` is read too, and whether this is such a text.
    given: bool,
    inside: bool,
    out: &'o mut Vec<Command>,
}

impl Reader<'_, '_> {
    /// Reads the commands at `range`; says where something begins in them that nothing closes.
    fn run(&mut self, range: Range<usize>) -> Option<usize> {
        let mut lexer = Lexer::new(self.text, range);
        for token in lexer.by_ref() {
            match token {
                Token::Word(word) => {
                    self.later(&word);
                    self.words.push(word);
                }
                Token::Redirect { operator, word, .. } => {
                    self.later(&word);
                    self.redirects.push((operator.to_owned(), word));
                }
                Token::Pipe => self.end(Then::Pipe),
                Token::And => self.end(Then::And),
                Token::Or => self.end(Then::Or),
                Token::End | Token::CaseEnd | Token::Background | Token::Open | Token::Close => self.end(Then::End),
            }
        }
        self.end(Then::End);
        lexer.open()
    }

    /// What stands in the substitutions of a word is read later.
    fn later(&mut self, word: &Word) {
        if self.depth < DEPTH {
            let given = self.inside;
            let ranges = word.inside.iter().cloned();
            self.inner.extend(ranges.map(|range| Later { range, given }));
        }
    }

    fn end(&mut self, then: Then) {
        self.given_script();
        if !self.words.is_empty() || !self.redirects.is_empty() {
            self.out.push(Command {
                words: std::mem::take(&mut self.words),
                redirects: std::mem::take(&mut self.redirects),
                then,
                depth: self.depth,
            });
        } else if then != Then::End
            && let Some(last) = self.out.last_mut()
            && last.depth == self.depth
            && last.then == Then::End
        {
            // After `)` or `}`: the operator belongs to the group that ended.
            last.then = then;
        }
    }

    /// What a shell is given behind `-c` in quotes is read later, unless substitutions in it are.
    fn given_script(&mut self) {
        if !self.given || self.depth >= DEPTH {
            return;
        }
        let Some(script) = given_to_a_shell(&self.words) else {
            return;
        };
        let range = script.start + 1..script.end.saturating_sub(1);
        let quote = self.text.as_bytes().get(script.start).copied();
        let closed = self.text.as_bytes().get(range.end).copied() == quote;
        let Some(text) = self.text.get(range.clone()).filter(|_| closed) else {
            return;
        };
        let whole = match quote {
            Some(b'\'') => !text.contains('\''),
            Some(b'"') => !text.contains("$(") && !text.contains('`') && !ends_early(text),
            _ => false,
        };
        if whole {
            self.inner.push(Later { range, given: true });
        }
    }
}

/// The word behind `-c`, where the program is a shell, or starts one: `su app -c ..`, `docker run image sh -c ..`.
fn given_to_a_shell(words: &[Word]) -> Option<&Word> {
    let (program, words) = program_of(words)?;
    let first = words.first().map_or("", |word| word.text.as_str());
    match program {
        "su" => words
            .iter()
            .skip_while(|word| !matches!(word.text.as_str(), "-c" | "--command"))
            .nth(1),
        "docker" | "podman" if matches!(first, "run" | "exec") => {
            let at = words.iter().position(|word| is_shell(&word.text))?;
            behind_c(words.get(at + 1..)?)
        }
        _ => behind_c(words).filter(|_| is_shell(program)),
    }
}

fn is_shell(program: &str) -> bool {
    let own = program.rsplit('/').next().unwrap_or(program);
    matches!(own, "sh" | "bash" | "zsh" | "dash" | "ksh" | "ash")
}

/// The word behind the option `-c` of a shell.
fn behind_c(words: &[Word]) -> Option<&Word> {
    let mut rest = words.iter();
    let option = |word: &&Word| {
        let letters = word.text.strip_prefix('-').unwrap_or_default();
        letters.contains('c') && letters.bytes().all(|letter| letter.is_ascii_alphabetic())
    };
    rest.by_ref()
        .take_while(|word| word.text.starts_with(['-', '+']) || matches!(word.text.as_str(), "pipefail" | "errexit"))
        .find(option)?;
    rest.next()
}

/// Whether a quote ends before this text in double quotes does.
fn ends_early(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return true,
            b'\\' if bytes.next().is_none() => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let got: Vec<String> = commands(text)
            .iter()
            .map(|command| {
                let words: Vec<_> = command.words.iter().map(|word| word.text.as_str()).collect();
                let redirects: String = command
                    .redirects
                    .iter()
                    .map(|(op, word)| format!(" {op}{}", word.text))
                    .collect();
                let then = match command.then {
                    Then::End => "",
                    Then::Pipe => " |",
                    Then::And => " &&",
                    Then::Or => " ||",
                };
                format!("{}{redirects}{then}", words.join(","))
            })
            .collect();
        assert_eq!(got, expect, "{text}");
    }

    #[test]
    fn commands_are_told_apart() {
        check("", &[]);
        check("# a comment\n\n", &[]);
        check("a b; c & d", &["a,b", "c", "d"]);
        check("curl -s x | sudo bash -", &["curl,-s,x |", "sudo,bash,-"]);
        check("a && b || c\nd", &["a &&", "b ||", "c", "d"]);
        check("a \\\n  b", &["a,b"]);
        check("a 'b c' \"d $e\" f\\ g", &["a,b c,d $e,f g"]);
        check("a > b 2>&1 <c", &["a >b >&1 <c"]);
        check("x=$(curl y | jq .) z", &["x=$(curl y | jq .),z", "curl,y |", "jq,."]);
        check("bash <(curl x)", &["bash,<(curl x)", "curl,x"]);
        check("`a b` c", &["`a b`,c", "a,b"]);
        check("cat <<'E' | sh\nnot here\nE\nafter", &["cat <<E |", "sh", "after"]);
        check("(a; b) | c", &["a", "b |", "c"]);
        check("if a; then b; fi", &["if,a", "then,b", "fi"]);
        check("a#b # c", &["a#b"]);
        check("echo \"a", &["echo,a"]);
        check("$(unclosed\nnext ", &["$(unclosed\nnext ", "unclosed", "next"]);
        check("${a:-$(b)} é", &["${a:-$(b)},é"]);
    }

    #[test]
    fn what_a_shell_is_given_is_read() {
        for (text, expect) in [
            ("bash -c 'a | b' c", &["bash", "a", "b"][..]),
            ("sudo sh -exc \"a \\\"b c\\\" && d\"", &["sh", "a", "d"]),
            ("bash -o pipefail -c \"bash -c 'a; b'\"", &["bash", "bash", "a", "b"]),
            ("\"/bin/sh\"  \"-c\"  \"a\" ", &["sh", "a"]),
            ("x=$(bash -c 'a b')", &["bash", "a"]),
            ("bash -c \"$(a)\"", &["bash", "a"]),
            ("su app -c 'a | b'", &["su", "a", "b"]),
            ("sudo su - app -c \"a\"", &["su", "a"]),
            ("su -c 'a' app", &["su", "a"]),
            ("docker run --rm -v /a:/b alpine:3 sh -c 'a; b'", &["docker", "a", "b"]),
            ("docker exec -it web /bin/bash -lc \"a\"", &["docker", "a"]),
            ("su app", &["su"]),
            ("docker build -c 'a' .", &["docker"]),
            ("docker run bash:5 -c 'a'", &["docker"]),
            ("docker run --entrypoint sh image -c 'a'", &["docker"]),
            ("docker run image sh a.sh -c 'b'", &["docker"]),
            ("bash a.sh -c 'b'", &["bash"]),
            ("bash -c a; git -c 'b' c; python -c 'd'", &["bash", "git", "python"]),
            ("bash -c 'a'\\''b'", &["bash"]),
            ("bash -c \"a\"b\"c\"", &["bash"]),
            ("bash -c 'a", &["bash"]),
            ("bash -c", &["bash"]),
            ("bash -c ''", &["bash"]),
        ] {
            let commands = read(text).0;
            let names: Vec<_> = commands.iter().filter_map(|one| Some(one.program()?.0)).collect();
            assert_eq!(names, expect, "{text}");
        }
        assert_eq!(read("bash -c \"it's\" -- ").1, None);
        assert_eq!(super::commands("bash -c 'a | b'").len(), 1);
    }

    #[test]
    fn the_program_is_found_behind_its_wrappers() {
        for (text, expect) in [
            ("sudo -u root /usr/bin/apt-get install x", Some(("apt-get", 2))),
            ("A=1 B=2 env C=3 timeout 5 python x", Some(("python", 1))),
            ("if ! grep x", Some(("grep", 1))),
            ("A=1", None),
        ] {
            let commands = commands(text);
            let program = commands.first().and_then(|command| command.program());
            assert_eq!(program.map(|(name, words)| (name, words.len())), expect, "{text}");
        }
    }

    #[test]
    fn what_nothing_closes_is_named() {
        for (text, expect) in [
            ("echo 'a", Some(5)),
            ("x\necho \"a $(b)", Some(7)),
            ("x=$(a; b", Some(2)),
            ("a `b", Some(2)),
            ("a 'b' \"c\" `d` $(e 'f)' # don't\n)", None),
            ("x=$(cat <<'E'\nit's (\nE\n)\necho", None),
            ("cat <<E\nit's\nE\n", None),
            ("a ${b:-c} # don't", None),
        ] {
            assert_eq!(read(text).1, expect, "{text}");
        }
    }

    #[test]
    fn reading_is_linear() {
        for unit in [
            "$(",
            "`",
            "\"$(",
            "${",
            "<<a ",
            "(",
            "'",
            "\\",
            "| ",
            "<(a ",
            "$(\n",
            "${\n",
            "`\n",
            "<<a\n",
            "sh -c 'a' ",
            "sh -c \"a\";",
            "sh -c '",
        ] {
            let text = unit.repeat(50_000);
            assert!(commands(&text).len() < 200_000);
            assert!(read(&text).0.len() < 200_000);
        }
    }
}
