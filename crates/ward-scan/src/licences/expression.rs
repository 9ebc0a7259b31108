//! Licence expressions of SPDX (ISO/IEC 5962, SPDX 3.0.1 Annex B): `OR`, `AND`, `WITH`, `+`, parentheses.

use std::fmt;

use super::models;

/// Longest expression that is read, in bytes.
pub const LONGEST: usize = 4096;
/// Most parentheses inside each other.
const DEEPEST: usize = 64;

/// A licence expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// One licence.
    One(Term),
    /// All of them at once.
    All(Vec<Expression>),
    /// Any one of them, at the taker's choice.
    Any(Vec<Expression>),
}

/// One licence, perhaps with an exception.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The identifier: of the SPDX list as the list spells it, or `LicenseRef-..` as it was written.
    pub id: String,
    /// Whether later versions may be taken too: `+`, or an identifier that ends in `-or-later`.
    pub later: bool,
    /// The exception after `WITH`.
    pub exception: Option<String>,
}

/// Where an expression is malformed: the byte at which it stops making sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    /// The byte.
    pub at: usize,
    /// What is wrong.
    pub why: &'static str,
}

impl Term {
    /// The term of an identifier, if the SPDX list or Ward's list of model licences has it.
    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        let (bare, plus) = match id.strip_suffix('+') {
            Some(bare) => (bare, true),
            None => (id, false),
        };
        if starts_with_ignoring_case(bare, "LicenseRef-") || starts_with_ignoring_case(bare, "DocumentRef-") {
            let good = bare.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:".contains(&b));
            let id = models::by_reference(bare).map_or_else(|| bare.to_owned(), str::to_owned);
            return (good && !plus).then_some(Self {
                id,
                later: false,
                exception: None,
            });
        }
        let listed = spdx::license_id(bare)
            .map(|id| id.name)
            .or_else(|| ignoring_case(bare))?;
        Some(Self::listed(listed, plus))
    }

    /// A listed identifier; the old spellings of the GNU family become the new ones.
    fn listed(name: &'static str, plus: bool) -> Self {
        let gnu = spdx::license_id(name).is_some_and(|id| id.is_gnu());
        let (mut id, mut later) = (name.to_owned(), plus);
        if gnu {
            let bare = name
                .trim_end_matches("-or-later")
                .trim_end_matches("-only")
                .trim_end_matches('+');
            later = plus || name.ends_with("-or-later") || name.ends_with('+');
            let full = format!("{bare}-{}", if later { "or-later" } else { "only" });
            // The Free Documentation Licence has its `-invariants` inside; what the list does not have stays as it was.
            if let Some(known) = spdx::license_id(&full) {
                id = known.name.to_owned();
            }
        }
        Self {
            id,
            later,
            exception: None,
        }
    }

    /// The identifier without what says which versions: `GPL-2.0-or-later` is `GPL-2.0`.
    #[must_use]
    pub fn bare(&self) -> &str {
        self.id.trim_end_matches("-or-later").trim_end_matches("-only")
    }

    /// The family and the version: `GPL` and 2.0. None when the identifier has no version.
    #[must_use]
    pub fn version(&self) -> Option<(&str, (u32, u32))> {
        let (family, version) = self.bare().rsplit_once('-')?;
        let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
        Some((family, (major.parse().ok()?, minor.parse().ok()?)))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        if self.later && !self.id.ends_with("-or-later") {
            f.write_str("+")?;
        }
        match &self.exception {
            Some(exception) => write!(f, " WITH {exception}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, word) = match self {
            Self::One(term) => return term.fmt(f),
            Self::All(parts) => (parts, " AND "),
            Self::Any(parts) => (parts, " OR "),
        };
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                f.write_str(word)?;
            }
            // OR binds least, so that it needs parentheses inside an AND.
            if matches!((self, part), (Self::All(_), Self::Any(_))) {
                write!(f, "({part})")?;
            } else {
                part.fmt(f)?;
            }
        }
        Ok(())
    }
}

impl Expression {
    /// Reads an expression. Operators and identifiers may be in any letter case, as `/` may stand for `OR`, as it did in
    /// old Rust manifests.
    ///
    /// # Errors
    /// [`Malformed`]: an identifier that no list has, an operator in the wrong place, parentheses that do not match, or
    /// a text longer than [`LONGEST`].
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        if text.len() > LONGEST {
            return Err(Malformed {
                at: LONGEST,
                why: "the expression is longer than any expression",
            });
        }
        let tokens = tokens(text);
        // One frame for each open parenthesis: alternatives that are done, and the parts of the one under way.
        let mut open: Vec<Frame> = vec![Frame::default()];
        let mut last = Last::Nothing;
        for token in &tokens {
            let wrong = |why| Err(Malformed { at: token.at, why });
            let Some(frame) = open.last_mut() else {
                return wrong("parentheses do not match");
            };
            match (token.word, &last) {
                ("(", Last::Nothing | Last::Operator) => {
                    if open.len() > DEEPEST {
                        return wrong("too many parentheses stand inside each other");
                    }
                    open.push(Frame::default());
                    last = Last::Nothing;
                }
                (")", Last::Licence | Last::Group) => {
                    let done = open.pop().unwrap_or_default().close();
                    let Some(outer) = open.last_mut() else {
                        return wrong("parentheses do not match");
                    };
                    outer.all.push(done);
                    last = Last::Group;
                }
                (word, Last::Licence | Last::Group) if word.eq_ignore_ascii_case("and") => last = Last::Operator,
                (word, Last::Licence | Last::Group) if word.eq_ignore_ascii_case("or") || word == "/" => {
                    frame.alternative();
                    last = Last::Operator;
                }
                (word, Last::Licence) if word.eq_ignore_ascii_case("with") => last = Last::With,
                (word, Last::With) => {
                    let Some(Expression::One(term)) = frame.all.last_mut() else {
                        return wrong("WITH stands after no licence");
                    };
                    let known = spdx::exception_id(word)
                        .map(|id| id.name.to_owned())
                        .or_else(|| exception(word));
                    let Some(exception) = known else {
                        return wrong("no list has this exception");
                    };
                    term.exception = Some(exception);
                    last = Last::Group;
                }
                (word, Last::Nothing | Last::Operator) => match Term::of(word) {
                    Some(term) => {
                        frame.all.push(Expression::One(term));
                        last = Last::Licence;
                    }
                    None => return wrong("no list has this licence"),
                },
                _ => return wrong("an operator is missing or in the wrong place"),
            }
        }
        let whole = matches!(last, Last::Licence | Last::Group);
        match (open.pop(), open.is_empty()) {
            (Some(frame), true) if whole => Ok(frame.close()),
            _ => Err(Malformed {
                at: text.len(),
                why: "the expression ends too early",
            }),
        }
    }

    /// Every licence in it, in order.
    #[must_use]
    pub fn terms(&self) -> Vec<&Term> {
        match self {
            Self::One(term) => vec![term],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::terms).collect(),
        }
    }

    /// The expression's verdict, when `of` gives that of one licence: of alternatives the best counts, of what holds at
    /// once the worst. The least verdict is the best.
    pub fn judge<V: Ord + Copy>(&self, of: &mut dyn FnMut(&Term) -> V) -> V {
        match self {
            Self::One(term) => of(term),
            Self::All(parts) | Self::Any(parts) => {
                let all = matches!(self, Self::All(_));
                let mut verdicts = parts.iter().map(|part| part.judge(of));
                // A list of parts is never empty: `close` sees to it.
                let first = verdicts.next();
                verdicts
                    .fold(first, |best, next| {
                        best.map(|best| if all { best.max(next) } else { best.min(next) })
                    })
                    .unwrap_or_else(|| {
                        of(&Term {
                            id: String::new(),
                            later: false,
                            exception: None,
                        })
                    })
            }
        }
    }

    /// All of several expressions at once. None for none.
    #[must_use]
    pub fn all(mut parts: Vec<Expression>) -> Option<Self> {
        match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(Self::All(parts)),
        }
    }
}

/// What stands between one opening parenthesis and the place that is read.
#[derive(Default)]
struct Frame {
    any: Vec<Expression>,
    all: Vec<Expression>,
}

impl Frame {
    fn alternative(&mut self) {
        if let Some(part) = Expression::all(std::mem::take(&mut self.all)) {
            self.any.push(part);
        }
    }

    fn close(mut self) -> Expression {
        self.alternative();
        match self.any.len() {
            1 => self.any.pop().unwrap_or(Expression::Any(Vec::new())),
            _ => Expression::Any(self.any),
        }
    }
}

/// What was read last.
enum Last {
    Nothing,
    Operator,
    Licence,
    With,
    Group,
}

struct Token<'a> {
    at: usize,
    word: &'a str,
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let single = matches!(c, '(' | ')' | '/');
        if single || c.is_whitespace() {
            if let Some(from) = start.take() {
                tokens.push(Token {
                    at: from,
                    word: text.get(from..at).unwrap_or_default(),
                });
            }
            if single {
                tokens.push(Token {
                    at,
                    word: text.get(at..at + 1).unwrap_or_default(),
                });
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    tokens
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// The identifier of the list that differs in letter case only (SPDX 3.0.1 Annex B.2: they are compared so).
fn ignoring_case(id: &str) -> Option<&'static str> {
    if id.len() > 64 {
        return None;
    }
    spdx::identifiers::LICENSES
        .iter()
        .map(|one| one.name)
        .find(|name| name.eq_ignore_ascii_case(id))
}

fn exception(word: &str) -> Option<String> {
    let known = spdx::identifiers::EXCEPTIONS
        .iter()
        .map(|one| one.name)
        .find(|name| name.eq_ignore_ascii_case(word));
    let own = || {
        let good = word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:".contains(&b));
        (good && starts_with_ignoring_case(word, "AdditionRef-")).then(|| word.to_owned())
    };
    known.map(str::to_owned).or_else(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Result<&str, usize>) {
        let got = Expression::parse(text);
        let shown = got.as_ref().map(ToString::to_string).map_err(|fault| fault.at);
        assert_eq!(shown, expect.map(str::to_owned), "{text}");
        if let Ok(expression) = got {
            assert_eq!(
                Expression::parse(&expression.to_string()).as_ref(),
                Ok(&expression),
                "{text}"
            );
        }
    }

    #[test]
    fn expressions_are_read_and_written() {
        check("MIT", Ok("MIT"));
        check("mit or apache-2.0", Ok("MIT OR Apache-2.0"));
        check("MIT/Apache-2.0", Ok("MIT OR Apache-2.0"));
        check("MIT AND BSD-3-Clause OR ISC", Ok("MIT AND BSD-3-Clause OR ISC"));
        check("(MIT OR ISC) AND Zlib", Ok("(MIT OR ISC) AND Zlib"));
        check("((MIT))", Ok("MIT"));
        check("GPL-2.0", Ok("GPL-2.0-only"));
        check("GPL-2.0+", Ok("GPL-2.0-or-later"));
        check("gpl-3.0-or-later", Ok("GPL-3.0-or-later"));
        check("Apache-2.0+", Ok("Apache-2.0+"));
        check(
            "GPL-2.0-only WITH Classpath-exception-2.0",
            Ok("GPL-2.0-only WITH Classpath-exception-2.0"),
        );
        check(
            "Apache-2.0 WITH llvm-exception AND MIT",
            Ok("Apache-2.0 WITH LLVM-exception AND MIT"),
        );
        check("LicenseRef-Own.1", Ok("LicenseRef-Own.1"));
    }

    #[test]
    fn what_is_malformed_is_told_with_its_place() {
        check("", Err(0));
        check("MIT OR", Err(6));
        check("MIT ISC", Err(4));
        check("OR MIT", Err(0));
        check("(MIT", Err(4));
        check("MIT)", Err(3));
        check("()", Err(1));
        check("MIT WITH", Err(8));
        check("MIT WITH x", Err(9));
        check("(MIT OR ISC) WITH LLVM-exception", Err(13));
        check("Apache", Err(0));
        check("LicenseRef-ä", Err(0));
        check(&"(".repeat(5000), Err(LONGEST));
        check(&format!("{}MIT", "(".repeat(100)), Err(64));
    }

    #[test]
    fn alternatives_take_the_best_and_sums_the_worst() {
        let judge = |text: &str| {
            Expression::parse(text)
                .unwrap()
                .judge(&mut |term| u8::from(term.id != "MIT"))
        };
        assert_eq!(judge("MIT OR ISC"), 0);
        assert_eq!(judge("MIT AND ISC"), 1);
        assert_eq!(judge("(MIT AND ISC) OR MIT"), 0);
    }

    #[test]
    fn versions_are_told() {
        let version = |id: &str| Term::of(id).and_then(|term| term.version().map(|(f, v)| (f.to_owned(), v)));
        assert_eq!(version("GPL-2.0+"), Some(("GPL".to_owned(), (2, 0))));
        assert_eq!(version("EPL-1.0"), Some(("EPL".to_owned(), (1, 0))));
        assert_eq!(version("MIT"), None);
    }
}
