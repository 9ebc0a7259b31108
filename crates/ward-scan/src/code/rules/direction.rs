//! Text that reads otherwise than it runs.

use ruff_text_size::{TextRange, TextSize};
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static DIRECTION: Rule = Rule {
    meta: RuleMeta {
        id: "code/hidden-direction",
        severity: Severity::High,
        controls: &[CODE_1A],
        summary: "Characters that change the direction of text make the program read otherwise than it runs.",
        docs: "An editor shows what follows such a character from right to left. A comment can look like code and code like a comment, so a reviewer approves another program than the one that runs.\n\nExample: a character U+202E inside a comment\n\n**Instead:** remove it; where a text needs it, write the escape `\\\\u202e`.\n\nSource: Boucher and Anderson, Trojan Source (2021), CVE-2021-42574; CWE-1007.",
    },
    on: &[On::Module],
    check: |ctx, _, out| {
        let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        // All of them begin with the same byte, which is rare in programs.
        if memchr::memchr(0xe2, ctx.source.as_bytes()).is_none() {
            return;
        }
        for (at, c) in ctx.source.char_indices().filter(|(_, c)| turns(*c)).take(20) {
            let Ok(start) = TextSize::try_from(at) else { return };
            let hit = Hit::at(TextRange::at(start, TextSize::of(c)));
            out.report(
                hit.value(format!("U+{:04X}", u32::from(c)))
                    .bandit("B613", Severity::High),
            );
        }
    },
    bad: &["x = 1 # \u{202e} rest"],
    good: &["x = 1 # é", "x = '\\\\u202e'"],
};
