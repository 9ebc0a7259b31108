//! What a report says of machines that helped to write it.

use super::MachineUse;

/// What a line that begins with a label for it says.
pub(super) fn stated(text: &str) -> MachineUse {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_that_helped() {
        for (text, expect) in [
            ("AI use: none", MachineUse::None),
            ("- AI assistance: translated with a model", MachineUse::Assisted),
            ("**AI disclosure:** fully generated", MachineUse::Generated),
            ("I use AI every day", MachineUse::Unstated),
        ] {
            assert_eq!(stated(text), expect, "{text}");
        }
    }
}
