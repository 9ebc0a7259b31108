//! Chat templates: programs in the Jinja language that a loader runs on every conversation.
//!
//! What a template may do is small: loop over messages, compare roles, print. What attacks do is known as well: walk from
//! any object to Python's internals by names with two underscores, import other templates, build such names from pieces,
//! or loop without end. A template is read token by token inside `{{ }}` and `{% %}`; text between is text.
//!
//! Source: Jinja documentation, "Template Designer" and "Sandbox"; CVE-2024-34359 (llama-cpp-python).

/// Something in a template that no chat template needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reach {
    /// What, in a few words.
    pub(crate) what: &'static str,
    /// True when it leads out of the template's world; false when it is only unusual.
    pub(crate) severe: bool,
    /// Byte of the template.
    pub(crate) at: usize,
}

/// Objects that Jinja gives every template and that lead to its internals.
const DOORS: &[&str] = &[
    "cycler",
    "joiner",
    "lipsum",
    "self",
    "request",
    "config",
    "url_for",
    "get_flashed_messages",
    "g",
];

/// Statements that read other templates or files.
const READERS: &[&str] = &["import", "include", "extends", "from"];

/// Filters and functions that take a name as text.
const BY_NAME: &[&str] = &[
    "attr",
    "getattr",
    "eval",
    "exec",
    "open",
    "popen",
    "system",
    "os",
    "subprocess",
    "import_module",
];

/// The longest template that is read, bytes.
const LONGEST: usize = 1 << 20;

/// What `template` reaches for, each kind once.
pub(crate) fn reaches(template: &str) -> Vec<Reach> {
    let mut found: Vec<Reach> = Vec::new();
    let mut add = |what, severe, at| {
        if !found.iter().any(|reach| reach.what == what) {
            found.push(Reach { what, severe, at });
        }
    };
    if template.len() > LONGEST {
        add("it is longer than 1 MiB and was not read", true, 0);
        return found;
    }
    let mut at = 0;
    while let Some(open) = next_block(template, at) {
        let statement = template.get(open..open + 2) == Some("{%");
        let close = if statement { "%}" } else { "}}" };
        let inside = open + 2;
        // A block ends outside of its strings only.
        let tokens = tokens(template, inside, close);
        for (index, token) in tokens.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| tokens.get(index));
            match token {
                Token::Word(word, at) => {
                    if word.starts_with("__") || word.ends_with("__") {
                        add("it names Python's internals (two underscores)", true, *at);
                    }
                    let attribute = before.is_some_and(|token| matches!(token, Token::Mark('.', _)));
                    let filtered = before.is_some_and(|token| matches!(token, Token::Mark('|', _)));
                    let called = matches!(tokens.get(index + 1), Some(Token::Mark('(' | '.' | '[', _)));
                    if !attribute && !filtered && called && DOORS.contains(word) {
                        add("it uses an object that leads to Jinja's internals", true, *at);
                    }
                    if (filtered || called) && BY_NAME.contains(word) {
                        add("it takes attributes or functions by name", true, *at);
                    }
                    if statement
                        && index == usize::from(matches!(tokens.first(), Some(Token::Mark('-' | '+', _))))
                        && READERS.contains(word)
                    {
                        add("it loads other templates or files", true, *at);
                    }
                }
                Token::Text(text, at) => {
                    let plain = decoded(text);
                    if plain.contains("__") {
                        add("it names Python's internals in a string", true, *at);
                    } else if plain.trim_matches('_').is_empty() && plain.contains('_') {
                        add("it builds names from underscores", true, *at);
                    } else if text.contains("\\x") && plain != *text {
                        add("it hides characters of a string behind escapes", false, *at);
                    }
                }
                Token::Number(digits, at) => {
                    let large = digits.parse::<u64>().is_ok_and(|number| number >= 1_000_000);
                    let ranged = tokens.iter().any(|token| matches!(token, Token::Word("range", _)));
                    if large && ranged {
                        add("it counts to a million or further", false, *at);
                    }
                }
                Token::Mark(..) => {}
            }
        }
        let end = tokens.last().map_or(inside, Token::end);
        at = template
            .get(end..)
            .and_then(|rest| rest.find(close))
            .map_or(template.len(), |found| end + found + 2);
    }
    found
}

/// Where the next `{{` or `{%` opens, comments skipped.
fn next_block(template: &str, mut at: usize) -> Option<usize> {
    loop {
        let rest = template.get(at..)?;
        let open = rest.find('{')?;
        let two = rest.get(open..open + 2);
        match two {
            Some("{{" | "{%") => return Some(at + open),
            Some("{#") => at += open + rest.get(open..)?.find("#}").map_or(rest.len() - open, |end| end + 2),
            _ => at += open + 1,
        }
    }
}

enum Token<'a> {
    Word(&'a str, usize),
    Text(&'a str, usize),
    Number(&'a str, usize),
    Mark(char, usize),
}

impl Token<'_> {
    /// One past its last byte; of a text, past its quote.
    fn end(&self) -> usize {
        match self {
            Token::Word(text, at) | Token::Number(text, at) => at + text.len(),
            Token::Text(text, at) => at + text.len() + 1,
            Token::Mark(mark, at) => at + mark.len_utf8(),
        }
    }
}

/// The tokens from `at` to `close`.
fn tokens<'a>(template: &'a str, mut at: usize, close: &str) -> Vec<Token<'a>> {
    let mut tokens = Vec::new();
    while let Some(rest) = template
        .get(at..)
        .filter(|rest| !rest.is_empty() && !rest.starts_with(close))
    {
        let Some(first) = rest.chars().next() else { break };
        let taken = |test: fn(char) -> bool| rest.find(|c| !test(c)).unwrap_or(rest.len());
        if first == '\'' || first == '"' {
            let len = quoted(rest, first);
            let inner = rest.get(1..len.saturating_sub(1).max(1)).unwrap_or("");
            tokens.push(Token::Text(inner, at + 1));
            at += len;
        } else if first.is_alphabetic() || first == '_' {
            let len = taken(|c| c.is_alphanumeric() || c == '_');
            tokens.push(Token::Word(rest.get(..len).unwrap_or(""), at));
            at += len;
        } else if first.is_ascii_digit() {
            let len = taken(|c| c.is_ascii_digit());
            tokens.push(Token::Number(rest.get(..len).unwrap_or(""), at));
            at += len;
        } else {
            if !first.is_whitespace() {
                tokens.push(Token::Mark(first, at));
            }
            at += first.len_utf8();
        }
    }
    tokens
}

/// Bytes of the string that `rest` begins with, quotes included.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// The string with `\xNN`, `\uNNNN` and octal escapes resolved.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or(""));
        let tail = rest.get(at + 1..).unwrap_or("");
        let (digits, radix) = match tail.chars().next() {
            Some('x') => (tail.get(1..3), 16),
            Some('u') => (tail.get(1..5), 16),
            Some('U') => (tail.get(1..9), 16),
            Some('0'..='7') => (tail.get(..3), 8),
            _ => (None, 10),
        };
        let value = digits
            .and_then(|digits| u32::from_str_radix(digits, radix).ok())
            .and_then(char::from_u32);
        match (value, digits) {
            (Some(c), Some(digits)) => {
                out.push(c);
                rest = tail.get(digits.len() + usize::from(radix == 16)..).unwrap_or("");
            }
            _ => {
                let skip = tail.chars().next().map_or(0, char::len_utf8);
                out.push_str(tail.get(..skip).unwrap_or(""));
                rest = tail.get(skip..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_templates_pass() {
        for template in [
            "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
            "{{- bos_token }}{%- if messages[0].role == 'system' %}{%- set system = messages[0].content | trim %}{%- endif %}",
            "{%- set ns = namespace(found=false) %}{% for m in messages[::-1] %}{% set ns.found = true %}{% endfor %}",
            "{{ raise_exception('roles must alternate') }}{{ tools | tojson(indent=4) }}{{ strftime_now('%d %b %Y') }}",
            "text with __init__ outside of blocks and {# __comment__ #}",
            "{% macro render(item) %}{{ item.name }}{% endmacro %}{{ render(tool) }}",
            "{{ message.content.split('</think>')[-1].lstrip('\\n') }}{{ x | map(attribute='name') | join(', ') }}",
            "{{ '[INST] ' ~ m.content ~ ' [/INST]' }}{% generation %}{{ m.content }}{% endgeneration %}",
            "{{ date_string_snake_case }}{{ 'tool_calls' in m }}{{ m['tool_call_id'] }}",
        ] {
            assert_eq!(reaches(template), [], "{template}");
        }
    }

    #[test]
    fn attacks_do_not() {
        for template in [
            "{{ ''.__class__.__mro__[1].__subclasses__() }}",
            "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
            "{% set x = lipsum %}{{ x['__globals__'] }}",
            "{{ messages|attr('_'+'_class_'+'_') }}",
            "{{ messages | attr(\"\\x5f\\x5fclass\\x5f\\x5f\") }}",
            "{% include '/etc/passwd' %}",
            "{%- import 'x' as y %}",
            "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}",
            "{{ ''['__cla' ~ 'ss__'] }}",
            "{{ joiner.x }}",
            "{{ self.__init__ }}",
            "{{ '}}' }}{{ ''.__class__ }}",
            "{# a #}{{ x.__y__ }}",
        ] {
            assert!(reaches(template).iter().any(|reach| reach.severe), "{template}");
        }
        assert!(!reaches("{% for i in range(999999999) %}x{% endfor %}").is_empty());
    }

    #[test]
    fn broken_templates_end() {
        for template in [
            "{{",
            "{{ '",
            "{%",
            "{% \"\\",
            "{{ a }",
            "}}",
            "{#",
            "{{ '\\x",
            "{{ é.__x__",
        ] {
            let _ = reaches(template);
        }
    }
}
