//! What a report holds of what is needed to work on it: seven things, each with the line where it was seen. Words and
//! layout are looked at, never meaning: a report may be complete and wrong.

use serde::Serialize;

use super::{MachineUse, Report};

/// Something that a report needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// What kind of fault it is.
    Type,
    /// Which versions.
    Version,
    /// Which files, functions or addresses.
    Paths,
    /// The steps that show it.
    Reproduction,
    /// Code, a request, a trace or a file that proves it.
    Proof,
    /// What an attacker gains.
    Impact,
    /// Where to answer.
    Contact,
}

impl Need {
    /// Every need, in the order in which they are asked for.
    pub const ALL: [Need; 7] = [
        Self::Type,
        Self::Version,
        Self::Paths,
        Self::Reproduction,
        Self::Proof,
        Self::Impact,
        Self::Contact,
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Version => "version",
            Self::Paths => "paths",
            Self::Reproduction => "reproduction",
            Self::Proof => "proof",
            Self::Impact => "impact",
            Self::Contact => "contact",
        }
    }

    /// What to ask a reporter for.
    #[must_use]
    pub fn question(self) -> &'static str {
        match self {
            Self::Type => {
                "What kind of vulnerability it is, for instance path traversal or missing authorisation (a CWE number helps)."
            }
            Self::Version => "Which version, release or commit you tried it with.",
            Self::Paths => "Which files, functions or addresses are affected, with lines if you know them.",
            Self::Reproduction => "The steps that show it, from a fresh installation on, and what you saw.",
            Self::Proof => "A proof of concept: code, a request, a file or a log. It need not be a working exploit.",
            Self::Impact => "What somebody could do with it, and what they need for that.",
            Self::Contact => "Where we can reach you. You may stay anonymous; then we cannot ask you anything.",
        }
    }

    /// Labels and headings that announce it, in lower case.
    fn labels(self) -> &'static [&'static str] {
        match self {
            Self::Type => &[
                "type",
                "type of issue",
                "issue type",
                "type of vulnerability",
                "vulnerability type",
                "vulnerability",
                "class",
                "weakness",
                "cwe",
                "category",
            ],
            Self::Version => &[
                "version",
                "versions",
                "affected version",
                "affected versions",
                "affected release",
                "release",
                "commit",
                "tested on",
                "tested version",
                "tested with",
                "environment",
                "build",
            ],
            Self::Paths => &[
                "path",
                "paths",
                "file",
                "files",
                "location",
                "affected file",
                "affected files",
                "full paths",
                "source",
                "source file",
                "source code",
                "endpoint",
                "endpoints",
                "component",
                "affected component",
                "affected endpoint",
                "url",
                "code",
                "vulnerable code",
            ],
            Self::Reproduction => &[
                "steps",
                "steps to reproduce",
                "reproduction",
                "reproduction steps",
                "reproduce",
                "how to reproduce",
                "to reproduce",
                "repro",
                "step-by-step instructions",
                "replication",
                "instructions",
            ],
            Self::Proof => &[
                "poc",
                "proof of concept",
                "proof-of-concept",
                "proof",
                "exploit",
                "exploit code",
                "proof of concept code",
                "evidence",
                "payload",
            ],
            Self::Impact => &[
                "impact",
                "security impact",
                "consequence",
                "consequences",
                "attack scenario",
                "risk",
                "severity and impact",
            ],
            Self::Contact => &[
                "contact",
                "reporter",
                "reported by",
                "e-mail",
                "email",
                "reach me",
                "reply to",
            ],
        }
    }
}

/// A need, and whether and why it is taken to be met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The need.
    pub need: Need,
    /// True when something was seen.
    pub present: bool,
    /// What was seen and on which line; or what was looked for.
    pub why: String,
}

/// What a report holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Completeness {
    /// The seven needs, in order.
    pub needs: Vec<Seen>,
}

/// Words for kinds of faults, in lower case. A word of letters is looked for as a word.
const KINDS: &[&str] = &[
    "sql injection",
    "command injection",
    "code injection",
    "prompt injection",
    "template injection",
    "ldap injection",
    "log injection",
    "header injection",
    "crlf injection",
    "xss",
    "cross-site scripting",
    "cross site scripting",
    "csrf",
    "cross-site request forgery",
    "ssrf",
    "server-side request forgery",
    "server side request forgery",
    "xxe",
    "path traversal",
    "directory traversal",
    "zip slip",
    "open redirect",
    "remote code execution",
    "code execution",
    "rce",
    "deserialization",
    "deserialisation",
    "insecure deserialization",
    "pickle",
    "buffer overflow",
    "heap overflow",
    "stack overflow",
    "integer overflow",
    "out-of-bounds",
    "out of bounds",
    "use-after-free",
    "use after free",
    "double free",
    "null pointer",
    "race condition",
    "toctou",
    "denial of service",
    "dos",
    "redos",
    "resource exhaustion",
    "privilege escalation",
    "authentication bypass",
    "authorization bypass",
    "authorisation bypass",
    "access control",
    "missing authentication",
    "missing authorization",
    "missing authorisation",
    "idor",
    "insecure direct object",
    "information disclosure",
    "information leak",
    "information exposure",
    "data leak",
    "data exposure",
    "sensitive data",
    "hard-coded",
    "hardcoded",
    "weak cryptography",
    "weak encryption",
    "insecure randomness",
    "timing attack",
    "side channel",
    "session fixation",
    "clickjacking",
    "request smuggling",
    "cache poisoning",
    "model poisoning",
    "data poisoning",
    "backdoor",
    "jailbreak",
    "membership inference",
    "model extraction",
    "model theft",
    "adversarial example",
    "supply chain",
    "dependency confusion",
    "typosquatting",
    "unsafe default",
    "arbitrary file",
    "file upload",
    "file inclusion",
    "symlink",
    "sandbox escape",
    "memory leak",
    "re-identification",
    "reidentification",
    "signature bypass",
    "replay attack",
    "tls",
    "certificate validation",
];

/// Phrases that announce consequences.
const GAINS: &[&str] = &[
    "an attacker can",
    "an attacker could",
    "attacker can",
    "attacker could",
    "attackers can",
    "attackers could",
    "attacker may",
    "attacker is able",
    "allows an",
    "allows any",
    "allows remote",
    "allows anyone",
    "allowing an",
    "would allow",
    "could allow",
    "can be used to",
    "leads to",
    "lead to",
    "results in",
    "patients could",
    "patients may",
    "an adversary can",
    "an adversary could",
    "a malicious user",
    "anyone can",
    "any user can",
    "anybody can",
    "i was able to",
];

/// Beginnings and ends of files that paths have.
const ENDINGS: &[&str] = &[
    ".py",
    ".rs",
    ".js",
    ".ts",
    ".tsx",
    ".jsx",
    ".go",
    ".java",
    ".kt",
    ".c",
    ".h",
    ".cc",
    ".cpp",
    ".hpp",
    ".cs",
    ".rb",
    ".php",
    ".sh",
    ".ps1",
    ".yml",
    ".yaml",
    ".toml",
    ".json",
    ".xml",
    ".html",
    ".sql",
    ".swift",
    ".m",
    ".scala",
    ".pl",
    ".lua",
    ".ipynb",
    ".pkl",
    ".pt",
    ".pth",
    ".safetensors",
    ".gguf",
    ".onnx",
    ".dcm",
    ".hl7",
    ".cfg",
    ".ini",
    ".conf",
    ".lock",
    ".tf",
    ".vue",
    ".txt",
    ".md",
];

/// What stands where nothing was filled in.
const FILLERS: &[&str] = &[
    "tbd",
    "todo",
    "n/a",
    "na",
    "none",
    "unknown",
    "-",
    "?",
    "...",
    "…",
    "xxx",
    "see above",
    "see below",
    "no response",
    "_no response_",
];

impl Completeness {
    /// Looks at a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let text = Text::new(&report.text);
        let title = report.title.to_lowercase();
        let needs = Need::ALL
            .into_iter()
            .map(|need| {
                let found = match need {
                    Need::Contact => contact(report, &text),
                    _ => text.labelled(need).or_else(|| match need {
                        Need::Type => kind(&title, &text),
                        Need::Version => version(&text),
                        Need::Paths => path(&text),
                        Need::Reproduction => steps(&text),
                        Need::Proof => proof(report, &text),
                        Need::Impact => text
                            .phrase(GAINS)
                            .map(|line| format!("line {line} says what somebody could do")),
                        Need::Contact => None,
                    }),
                };
                Seen {
                    need,
                    present: found.is_some(),
                    why: found.unwrap_or_else(|| "nothing of the kind was seen".to_owned()),
                }
            })
            .collect();
        Self { needs }
    }

    /// What is missing.
    pub fn missing(&self) -> impl Iterator<Item = Need> {
        self.needs.iter().filter(|seen| !seen.present).map(|seen| seen.need)
    }

    /// True when nothing is.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing().next().is_none()
    }
}

/// What a report says of machines that helped: a line that begins with a label for it.
pub(super) fn machine(text: &str) -> MachineUse {
    for line in text.lines() {
        let lower = line.trim().trim_start_matches(['#', '-', '*', ' ']).to_lowercase();
        let labels = [
            "ai use",
            "ai usage",
            "use of ai",
            "ai disclosure",
            "ai assistance",
            "ai-use",
            "ai generated",
            "ai-generated",
            "llm use",
        ];
        let Some(value) = labels.iter().find_map(|label| lower.strip_prefix(label)) else {
            continue;
        };
        let value = value.trim_matches(|c: char| c == ':' || c == '*' || c == '-' || c.is_whitespace());
        let words: Vec<&str> = value.split(|c: char| !c.is_alphanumeric()).collect();
        let has = |one: &[&str]| words.iter().any(|word| one.contains(word));
        return if has(&["none", "no", "not"]) {
            MachineUse::None
        } else if has(&["generated", "written", "fully", "yes"]) {
            MachineUse::Generated
        } else if has(&[
            "assisted",
            "helped",
            "translated",
            "translation",
            "partly",
            "grammar",
            "polished",
        ]) {
            MachineUse::Assisted
        } else {
            MachineUse::Unstated
        };
    }
    MachineUse::Unstated
}

/// The lines of a text in lower case, with which of them are code.
struct Text {
    lines: Vec<(String, bool)>,
}

impl Text {
    fn new(text: &str) -> Self {
        let mut code = false;
        let lines = text.lines().take(20_000).map(|line| {
            let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
            let inside = code;
            code ^= fence;
            (line.to_lowercase(), inside || fence)
        });
        Self { lines: lines.collect() }
    }

    /// Numbered from 1.
    fn prose(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..)
            .zip(&self.lines)
            .filter(|(_, (_, code))| !code)
            .map(|(number, (line, _))| (number, line.as_str()))
    }

    /// A label (`Version: 1.2`) or a heading with something under it.
    fn labelled(&self, need: Need) -> Option<String> {
        for (number, line) in self.prose() {
            let Some((label, rest, heading)) = label(line) else {
                continue;
            };
            if !need.labels().contains(&label) {
                continue;
            }
            let filled = is_filled(rest) || (rest.trim().is_empty() && self.followed(number));
            if filled {
                let what = if heading { "heading" } else { "label" };
                return Some(format!("a {what} on line {number} announces it, and something follows"));
            }
        }
        None
    }

    /// True when there is text between this line and the next heading.
    fn followed(&self, number: usize) -> bool {
        for (line, _) in self.lines.iter().skip(number).take(30) {
            if line.trim().is_empty() {
                continue;
            }
            if label(line).is_some_and(|(label, _, heading)| {
                heading || Need::ALL.iter().any(|need| need.labels().contains(&label))
            }) {
                return false;
            }
            return is_filled(line) || line.trim_start().starts_with("```");
        }
        false
    }

    /// The line of the first phrase that stands in prose.
    fn phrase(&self, phrases: &[&str]) -> Option<usize> {
        self.prose()
            .find(|(_, line)| phrases.iter().any(|phrase| has_words(line, phrase)))
            .map(|(number, _)| number)
    }
}

/// `## Label`, `**Label:** value`, `Label: value`: the label, what follows, and whether it is a heading.
fn label(line: &str) -> Option<(&str, &str, bool)> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix('#') {
        let text = rest.trim_start_matches('#').trim();
        let text = text
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ')')
            .trim();
        return match text.split_once(':') {
            Some((label, rest)) => Some((label.trim_matches(['*', ' ']), rest, true)),
            None => Some((text.trim_matches(['*', ' ']), "", true)),
        };
    }
    let bare = line
        .trim_start_matches(['-', '*', '+', '_', ' '])
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ')')
        .trim_start();
    if let Some((label, rest)) = bare.split_once(':')
        && label.len() <= 40
    {
        return Some((
            label.trim_matches(['*', '_', ' ', '`']),
            rest.trim_start_matches(['*', '_', ' ']),
            false,
        ));
    }
    // A line that is nothing but bold is a heading, too.
    let bold = line.strip_prefix("**").and_then(|rest| rest.strip_suffix("**"));
    bold.map(|label| (label.trim(), "", true))
}

fn is_filled(text: &str) -> bool {
    let text = text.trim().trim_matches(['*', '_', '`', '.', '<', '>']);
    let placeholder =
        (text.starts_with('[') && text.ends_with(']') && !text.contains("](")) || text.starts_with("<!--");
    !text.is_empty() && !placeholder && !FILLERS.contains(&text) && text.chars().any(char::is_alphanumeric)
}

/// True when the phrase stands in the line with no letter or digit beside it.
fn has_words(line: &str, phrase: &str) -> bool {
    let mut from = 0;
    while let Some(found) = line.get(from..).and_then(|rest| rest.find(phrase)) {
        let (start, end) = (from + found, from + found + phrase.len());
        let open = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        if open(line.get(..start).and_then(|before| before.chars().next_back()))
            && open(line.get(end..).and_then(|after| after.chars().next()))
        {
            return true;
        }
        from = end;
    }
    false
}

fn kind(title: &str, text: &Text) -> Option<String> {
    let cwe = |line: &str| {
        line.split("cwe-")
            .nth(1)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    if KINDS.iter().any(|kind| has_words(title, kind)) || cwe(title) {
        return Some("the title names a kind of fault".to_owned());
    }
    if let Some((number, _)) = text.prose().find(|(_, line)| cwe(line)) {
        return Some(format!("line {number} names a CWE"));
    }
    text.phrase(KINDS)
        .map(|line| format!("line {line} names a kind of fault"))
}

/// A number like 1.2 or v3 near a word for versions, 1.2.3 anywhere, or a commit.
fn version(text: &Text) -> Option<String> {
    for (number, line) in text.prose() {
        let near = ["version", "release", "tag", "v"]
            .iter()
            .any(|word| has_words(line, word))
            || line.contains("==")
            || line.contains('@');
        for word in line.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '`' | '"' | '\'')) {
            let word = word.trim_end_matches(['.', ':', '!', '?']);
            let bare = word.rsplit(['=', '@', '<', '>', '~', '^', '-']).next().unwrap_or(word);
            let digits = bare.trim_start_matches('v');
            let dots = digits.split('.').count();
            let numeric = digits
                .split('.')
                .next()
                .is_some_and(|first| !first.is_empty() && first.bytes().all(|b| b.is_ascii_digit()))
                && digits
                    .split('.')
                    .all(|part| part.starts_with(|c: char| c.is_ascii_digit()));
            // Four numbers may be an address; three with a year in front are a date, which `-` would divide.
            if numeric && ((3..=3).contains(&dots) || (dots == 2 && (near || bare.starts_with('v')))) {
                return Some(format!("line {number} holds what looks like a version"));
            }
            let hash = (7..=40).contains(&word.len())
                && word.bytes().all(|b| b.is_ascii_hexdigit())
                && word.bytes().any(|b| b.is_ascii_digit());
            if hash && (has_words(line, "commit") || has_words(line, "revision") || word.len() == 40) {
                return Some(format!("line {number} names a commit"));
            }
        }
        if [
            "latest release",
            "latest version",
            "main branch",
            "master branch",
            "current master",
            "current main",
            "latest main",
            "all versions",
        ]
        .iter()
        .any(|phrase| line.contains(phrase))
        {
            return Some(format!("line {number} says which state was tried"));
        }
    }
    None
}

/// A path with an ending of a file, a route, a function of a module.
fn path(text: &Text) -> Option<String> {
    for (number, (line, _)) in (1..).zip(&text.lines) {
        for word in line.split(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '`' | '"' | '\'' | '<' | '>' | '[' | ']')
        }) {
            let word = word.trim_end_matches(['.', ':', '!', '?']);
            let bare = word.split(['#', '?']).next().unwrap_or(word);
            let file = bare.split(':').next().unwrap_or(bare);
            let named =
                ENDINGS.iter().any(|end| file.len() > end.len() && file.ends_with(end)) && !file.contains("://");
            let route =
                bare.starts_with('/') && bare.len() > 3 && bare.matches('/').count() >= 2 && !bare.starts_with("//");
            let module = bare.contains("::") && bare.len() > 5;
            if named || route || module {
                return Some(format!("line {number} names a file, an address or a function"));
            }
        }
    }
    None
}

fn steps(text: &Text) -> Option<String> {
    let mut expected = 1_u32;
    let mut first = 0;
    for (number, line) in text.prose() {
        let line = line.trim_start();
        let end = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
        let marked = line
            .get(end..)
            .is_some_and(|rest| rest.starts_with('.') || rest.starts_with(')'));
        let count = line.get(..end).and_then(|digits| digits.parse::<u32>().ok());
        let step = line
            .strip_prefix("step ")
            .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok());
        match count.filter(|_| marked).or(step) {
            Some(n) if n == expected => {
                if n == 1 {
                    first = number;
                }
                expected += 1;
            }
            Some(1) => (first, expected) = (number, 2),
            _ => {}
        }
        if expected > 2 {
            return Some(format!("numbered steps from line {first} on"));
        }
    }
    text.phrase(&[
        "to reproduce",
        "reproduce this",
        "reproduce it",
        "can be reproduced",
        "reproduced by",
        "steps to",
    ])
    .map(|line| format!("line {line} says how to reproduce it"))
}

fn proof(report: &Report, text: &Text) -> Option<String> {
    if !report.parts.is_empty() {
        return Some(format!("{} attachments came with it", report.parts.len()));
    }
    if let Some(at) = text.lines.iter().position(|(_, code)| *code) {
        return Some(format!("code on line {}", at + 1));
    }
    for (number, line) in text.prose() {
        let trimmed = line.trim_start();
        let typed = [
            "curl ",
            "$ ",
            "> ",
            "wget ",
            "python ",
            "python3 ",
            "import ",
            "get /",
            "post /",
            "put /",
            "traceback (most recent call last)",
            "panicked at",
            "segmentation fault",
            "==error:",
        ];
        if typed.iter().any(|start| trimmed.starts_with(start)) || trimmed.contains("stack trace") {
            return Some(format!("line {number} looks like a command, a request or a trace"));
        }
    }
    text.phrase(&["proof of concept", "proof-of-concept", "poc"])
        .map(|line| format!("line {line} speaks of a proof of concept"))
}

fn contact(report: &Report, text: &Text) -> Option<String> {
    if report
        .contact
        .as_deref()
        .is_some_and(|contact| !contact.trim().is_empty())
    {
        return Some("an address to answer to came with it".to_owned());
    }
    let address = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && host.contains('.')
                && !host.contains('@')
                && !host.ends_with("example.com")
                && host.split('.').all(|part| !part.is_empty())
        })
    };
    let (number, _) = text.prose().find(|(_, line)| {
        line.split_whitespace().any(address) || line.contains("signal.me/") || line.contains("matrix.to/")
    })?;
    Some(format!("an address on line {number}"))
}

#[cfg(test)]
mod tests {
    use super::super::Channel;
    use super::*;

    fn missing(text: &str) -> Vec<&'static str> {
        let report = Report::from_text(Channel::Text, None, text.as_bytes()).unwrap();
        Completeness::of(&report).missing().map(Need::word).collect()
    }

    #[test]
    fn a_whole_report_misses_nothing() {
        let text = "Path traversal in the upload of records\n\nAffected version: 1.4.2\nFile: src/upload.py:88\n\n\
            ## Steps to reproduce\n1. Start the service\n2. Send the request\n\n```\ncurl -F 'file=@x;filename=../../x' https://127.0.0.1/upload\n```\n\n\
            Impact: an attacker can write anywhere.\n\nana@lab.example";
        assert_eq!(missing(text), Vec::<&str>::new());
    }

    #[test]
    fn what_is_missing_is_named() {
        for (text, expect) in [
            (
                "Your site is broken, pay me.",
                "type version paths reproduction proof impact contact",
            ),
            ("XSS in /api/v1/notes", "version reproduction proof impact contact"),
            (
                "Version: TBD\nImpact: [please fill in]\nContact:\n",
                "type version paths reproduction proof impact contact",
            ),
            (
                "### Impact\n\n### Version\n1.2",
                "type paths reproduction proof impact contact",
            ),
            (
                "RCE. pip install ward==1.2.3 then run ```x``` see ward/serve.py",
                "reproduction proof impact contact",
            ),
            (
                "Denial of service at commit 3f2a9c1d by a large body. Mail me: bo@lab.example",
                "paths reproduction proof impact",
            ),
            (
                "The port of torch is open on 10.0.0.1 since 2026-11-22",
                "type version paths reproduction proof impact contact",
            ),
        ] {
            assert_eq!(missing(text).join(" "), expect, "{text}");
        }
    }

    #[test]
    fn machines_that_helped() {
        for (text, expect) in [
            ("AI use: none", MachineUse::None),
            ("- AI assistance: translated with a model", MachineUse::Assisted),
            ("**AI disclosure:** fully generated", MachineUse::Generated),
            ("I use AI every day", MachineUse::Unstated),
        ] {
            assert_eq!(machine(text), expect, "{text}");
        }
    }
}
