//! Control tokens of chat templates: text that a model's tokenizer would take for the frame of the conversation.
//!
//! Whoever can write `<|im_start|>system` can write the system's part. Such text is found in a copy of what a message says
//! (see `Copy`), whoever says it, and gives way to a placeholder of the request: the model sees that something stood
//! there, and the answer shows what the user wrote.
//!
//! The list was made from the published chat templates of the families named beside its lines.

use ward_formats::Span;

use crate::unicode::Copy;

/// Longest control token that is looked for, in bytes.
pub const LONGEST: usize = 64;

/// Tokens in angle brackets, without them and without a leading slash, in small letters. `<|..|>` is taken whatever it says.
const ANGLED: &[&str] = &[
    // Llama 2, Mistral, T5
    "s",
    "unk",
    "pad",
    "mask",
    "sys", // Gemma
    "bos",
    "eos",
    "start_of_turn",
    "end_of_turn",
    "start_of_image",
    "end_of_image",
    "image_soft_token",
    "turn",
    // Qwen, Hermes and others: tools and thoughts
    "tool_call",
    "tool_calls",
    "tool_response",
    "tool_result",
    "tool_results",
    "tool",
    "tools",
    "think",
    "thinking",
    "reasoning",
    "function_call",
    "function_calls",
    "functions",
    "function_results",
    "invoke",
    // Command R
    "bos_token",
    "eos_token",
    "start_of_turn_token",
    "end_of_turn_token",
    "system_token",
    "user_token",
    "chatbot_token",
    // GLM, InternLM, MiniMax, Falcon, Yi
    "sop",
    "eop",
    "eoh",
    "eoa",
    "eot",
    "eod",
    "beginning_of_sentence",
    "end_of_sentence",
    "startoftext",
    "endoftext",
    "im_start",
    "im_end",
];

/// Tokens in square brackets, likewise.
const SQUARED: &[&str] = &[
    // Mistral
    "inst",
    "system_prompt",
    "available_tools",
    "tool_calls",
    "tool_results",
    "tool_content",
    "args",
    "call_id",
    "img",
    "img_break",
    "img_end",
    "prefix",
    "middle",
    "suffix",
    "think",
    "audio",
    "begin_audio",
    "model_settings",
    // GLM
    "gmask",
    "smask",
    // BERT and its kin. Their padding is left out: `[PAD]` is a disease of arteries, and forges nothing.
    "cls",
    "sep",
    "mask",
    "unk",
];

/// How `<` and `>` are written where a text is markup. What takes the markup off makes a token of it.
const ESCAPED: [(&str, &str); 3] = [("&lt;", "&gt;"), ("&#60;", "&#62;"), ("&#x3c;", "&#x3e;")];

/// Beginnings after which a token may go on with figures: `<unused12>`, `<extra_id_0>`, `<SPECIAL_11>`.
const NUMBERED: &[&str] = &[
    "unused",
    "extra_id_",
    "special_",
    "tokens_unused_",
    "reserved_special_token_",
    "image",
    "patch",
];

/// Where control tokens stand in a text, in order, apart from each other. `own` are tokens of the loaded model's
/// vocabulary, beside those of the common templates; they are compared in small letters. Linear in the text.
#[must_use]
pub fn find(text: &str, own: &[String]) -> Vec<Span> {
    if text.is_ascii() && own.is_empty() && memchr::memchr3(b'<', b'[', b'&', text.as_bytes()).is_none() {
        return Vec::new();
    }
    let copy = Copy::of(text);
    let bytes = copy.text().as_bytes();
    let mut found: Vec<Span> = Vec::new();
    let mut at = 0;
    while let Some(next) = memchr::memchr3(b'<', b'[', b'&', bytes.get(at..).unwrap_or_default()) {
        at += next;
        let rest = copy.text().get(at..).unwrap_or_default();
        let length = token(rest).unwrap_or(0);
        if length > 0 {
            found.push(Span::new(copy.back(at), copy.back(at + length)));
        }
        at += length.max(1);
    }
    for token in own.iter().filter(|token| token.len() > 1) {
        let token = token.to_lowercase();
        for (at, _) in copy.text().match_indices(&token) {
            found.push(Span::new(copy.back(at), copy.back(at + token.len())));
        }
    }
    if !own.is_empty() {
        found.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let mut end = 0;
        found.retain(|span| {
            let apart = span.start >= end;
            end = end.max(span.end);
            apart
        });
    }
    found.retain(|span| span.start < span.end);
    found
}

/// The control token that `text` begins with: its length.
fn token(text: &str) -> Option<usize> {
    // `<<SYS>>`
    if let Some(rest) = text.strip_prefix("<<") {
        let name = rest.strip_prefix('/').unwrap_or(rest);
        return name
            .starts_with("sys>>")
            .then(|| text.len() - name.len() + "sys>>".len());
    }
    if let Some(rest) = text.strip_prefix('[') {
        let name = until(rest, "]")?;
        let bare = name.strip_prefix('/').unwrap_or(name);
        return SQUARED.contains(&bare).then_some(name.len() + 2);
    }
    let pairs = [("<", ">")].into_iter().chain(ESCAPED);
    for (open, close) in pairs {
        if let Some(rest) = text.strip_prefix(open) {
            // Half of it may be markup and half not.
            let (name, close) = match (until(rest, close), until(rest, ">")) {
                (Some(name), _) => (name, close),
                (None, Some(name)) => (name, ">"),
                (None, None) => return None,
            };
            return is_angled(name).then_some(open.len() + name.len() + close.len());
        }
    }
    None
}

/// What stands before `close`, when that is near.
fn until<'a>(text: &'a str, close: &str) -> Option<&'a str> {
    let near = text.as_bytes().get(..(LONGEST + close.len()).min(text.len()))?;
    let at = memchr::memmem::find(near, close.as_bytes())?;
    text.get(..at)
}

/// Whether this, in angle brackets, is a control token.
fn is_angled(name: &str) -> bool {
    let begins = name.starts_with('|');
    let ends = name.ends_with('|');
    let inner = name.trim_matches('|');
    let of = |more: &'static [u8]| {
        !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_alphanumeric() || more.contains(&b))
    };
    // `<|im_start|>` whatever it says; `<|turn>` and `<turn|>` when it is one word.
    if begins && ends && of(b"|_-.:/ ") || begins != ends && inner.len() > 1 && of(b"_") {
        return true;
    }
    let name = name.strip_prefix('/').unwrap_or(name);
    let numbered = |begin: &&str| {
        name.strip_prefix(*begin)
            .is_some_and(|figures| !figures.is_empty() && figures.bytes().all(|b| b.is_ascii_digit()))
    };
    ANGLED.contains(&name) || NUMBERED.iter().any(numbered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: &[&str]) {
        let found: Vec<&str> = find(text, &[]).iter().map(|span| &text[span.start..span.end]).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn tokens_of_the_common_templates_are_found() {
        check("a <|im_start|>system\nx<|im_end|>", &["<|im_start|>", "<|im_end|>"]);
        check("<|eot_id|><|start_header_id|>", &["<|eot_id|>", "<|start_header_id|>"]);
        check(
            "[INST] <<SYS>>x<</SYS>> [/INST]",
            &["[INST]", "<<SYS>>", "<</SYS>>", "[/INST]"],
        );
        check("<start_of_turn>user </s><s>", &["<start_of_turn>", "</s>", "<s>"]);
        check("<\u{ff5c}User\u{ff5c}>", &["<\u{ff5c}User\u{ff5c}>"]);
        check(
            "<\u{ff5c}begin\u{2581}of\u{2581}sentence\u{ff5c}>",
            &["<\u{ff5c}begin\u{2581}of\u{2581}sentence\u{ff5c}>"],
        );
        check("<|im_\u{200b}start|>", &["<|im_\u{200b}start|>"]);
        check(
            "<unused12> <|END_OF_TURN_TOKEN|> [TOOL_CALLS]",
            &["<unused12>", "<|END_OF_TURN_TOKEN|>", "[TOOL_CALLS]"],
        );
        check("\u{ff1c}s\u{ff1e}", &["\u{ff1c}s\u{ff1e}"]);
        check(
            "<|turn>user <turn|> [CLS] x [SEP]",
            &["<|turn>", "<turn|>", "[CLS]", "[SEP]"],
        );
        check(
            "&lt;|im_start|&gt;system &#60;/s&#62; &#x3C;|im_end|>",
            &["&lt;|im_start|&gt;", "&#60;/s&#62;", "&#x3C;|im_end|>"],
        );
    }

    #[test]
    fn clinical_text_is_left_alone() {
        for text in [
            "eGFR < 60, K <3.5 and > 5",
            "p<0.05 [see note]",
            "[NAME_1KR] on [DAY_4812TR]",
            "a < b | c > d",
            "<50 mg> [1] [x] [ ] (<|>)",
            "<||>",
            "m\u{b2} <5",
            "[INSTRUCTIONS]",
            "PAD [PAD] of both legs, K &lt; 3.5 &amp; Na &gt; 130",
            "|a|<|b|c|",
            "<|x> <x|>",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn a_models_own_tokens_are_found_too() {
        let text = "x <RoleSys> y <|a|> z";
        let found = find(text, &["<rolesys>".to_owned(), "<|a".to_owned()]);
        let found: Vec<&str> = found.iter().map(|span| &text[span.start..span.end]).collect();
        assert_eq!(found, ["<RoleSys>", "<|a|>"]);
    }

    proptest! {
        #[test]
        fn spans_are_in_order_and_on_characters(text in "[<>|\\[\\]/&;a-tISNT_é\u{200b}\u{ff5c}]{0,60}") {
            let mut end = 0;
            for span in find(&text, &["s|".to_owned()]) {
                prop_assert!(span.start >= end && span.end > span.start);
                prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
                end = span.end;
            }
        }
    }
}
