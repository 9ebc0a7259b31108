//! Blocks with a mark and a hash: what Ward wrote can be told from what somebody changed.
//!
//! ```text
//! # ward:begin clocks 1f0c2a7e9b43
//! ..
//! # ward:end clocks
//! ```
//!
//! The hash is that of the lines between, without blanks at their ends. A block whose lines have another hash was edited.

use ward_seal::hash;

use super::Manner;

/// A file that is to be written.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) path: String,
    /// What it is for, in a few words.
    pub(super) what: &'static str,
    pub(super) comment: Comment,
    /// What happens when somebody else's file is there.
    pub(super) other: Other,
    /// What somebody has to do before it counts.
    pub(super) lacks: Option<&'static str>,
    /// Its blocks, in order.
    pub(super) blocks: Vec<Block>,
}

/// A part of a file.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) name: &'static str,
    /// Lines, without the marks.
    pub(super) text: String,
    /// A line that stands in a file that needs no such block: `[disclose]`. Empty for none.
    pub(super) stands_for: &'static str,
    /// It is written again whatever became of it: it holds answers and no work of anybody.
    pub(super) always: bool,
}

/// How comments are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comment {
    /// `# ..`
    Hash,
    /// `<!-- .. -->`
    Html,
    /// `// ..`
    Slashes,
}

/// What happens to a file that is there and has no block of Ward's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Other {
    /// It is left alone.
    Leave,
    /// Blocks are added at its end.
    Append,
}

/// What became of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Merged {
    /// The text; none to leave the file alone.
    pub(super) text: Option<String>,
    /// What was kept, and why.
    pub(super) kept: Vec<String>,
    /// Whether the file has blocks of Ward's afterwards.
    pub(super) is_ours: bool,
}

/// How a block is called in the list of those that were written.
pub(super) fn name(path: &str, block: &str) -> String {
    format!("{path}#{block}")
}

/// Twelve hexadecimal digits of the lines of a block.
fn digest(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    let mut digits = hash::hex(&hash::sha256(lines.join("\n").as_bytes()));
    digits.truncate(12);
    digits
}

fn marks(comment: Comment, block: &Block) -> (String, String) {
    let begin = format!("ward:begin {} {}", block.name, digest(&block.text));
    let end = format!("ward:end {}", block.name);
    match comment {
        Comment::Hash => (format!("# {begin}"), format!("# {end}")),
        Comment::Html => (format!("<!-- {begin} -->"), format!("<!-- {end} -->")),
        Comment::Slashes => (format!("// {begin}"), format!("// {end}")),
    }
}

fn written(comment: Comment, block: &Block) -> String {
    let (begin, end) = marks(comment, block);
    let text = block.text.trim_end();
    match comment {
        // Markdown needs a blank line between a comment and what is no paragraph of it.
        Comment::Html => format!("{begin}\n\n{text}\n\n{end}\n"),
        Comment::Hash | Comment::Slashes => format!("{begin}\n{text}\n{end}\n"),
    }
}

/// A block as it stands in a file: its lines' numbers, marks included, and its text.
struct Found<'a> {
    first: usize,
    last: usize,
    hash: &'a str,
    text: String,
}

fn find<'a>(lines: &[&'a str], comment: Comment, name: &str) -> Option<Found<'a>> {
    let inner = |line: &'a str| match comment {
        Comment::Hash => line.trim().strip_prefix('#').map(str::trim),
        Comment::Html => {
            let inner = line.trim().strip_prefix("<!--")?.strip_suffix("-->")?;
            Some(inner.trim())
        }
        Comment::Slashes => line.trim().strip_prefix("//").map(str::trim),
    };
    let begin = format!("ward:begin {name} ");
    let end = format!("ward:end {name}");
    let first = lines
        .iter()
        .position(|line| inner(line).is_some_and(|line| line.starts_with(&begin)))?;
    let after = lines.get(first + 1..)?;
    let length = after.iter().position(|line| inner(line) == Some(end.as_str()))?;
    let hash = inner(lines.get(first)?)?.rsplit(' ').next()?;
    let between = after.get(..length)?.join("\n");
    Some(Found {
        first,
        last: first + 1 + length,
        hash,
        text: between.trim_matches('\n').to_owned(),
    })
}

/// Whether a file's text holds a block.
pub(super) fn holds(file: &Wanted, text: &str, block: &Block) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    find(&lines, file.comment, block.name).is_some()
}

/// What becomes of a file: blocks that nobody touched are written anew, the others are left.
pub(super) fn merge(file: &Wanted, before: Option<&str>, listed: &[String], manner: Manner) -> Merged {
    let mut merged = Merged::default();
    let was_written = |block: &Block| listed.contains(&name(&file.path, block.name));
    let Some(before) = before else {
        let gone = |block: &&Block| was_written(block) && !block.always && !manner.replace;
        if !file.blocks.is_empty() && file.blocks.iter().all(|block| gone(&block)) {
            merged
                .kept
                .push("somebody deleted it, so it was not written again (--replace writes it)".to_owned());
            merged.is_ours = true;
            return merged;
        }
        let parts: Vec<String> = file.blocks.iter().map(|block| written(file.comment, block)).collect();
        merged.text = Some(parts.join("\n"));
        merged.is_ours = true;
        return merged;
    };
    let lines: Vec<&str> = before.lines().collect();
    let ours = file
        .blocks
        .iter()
        .any(|block| find(&lines, file.comment, block.name).is_some());
    if !ours && file.other == Other::Leave {
        merged
            .kept
            .push("it is there and not Ward's, so it was left alone".to_owned());
        return merged;
    }
    merged.is_ours = true;
    let mut text = before.to_owned();
    for block in &file.blocks {
        let lines: Vec<&str> = text.lines().collect();
        if let Some(found) = find(&lines, file.comment, block.name) {
            let edited = digest(&found.text) != found.hash;
            if edited && !block.always && !manner.replace {
                if digest(&found.text) != digest(&block.text) {
                    merged.kept.push(format!(
                        "the block `{}` was edited, so it was left as it is (--replace writes it anew)",
                        block.name
                    ));
                }
                continue;
            }
            if digest(&found.text) == digest(&block.text) && !edited {
                continue;
            }
            let head = lines.get(..found.first).unwrap_or_default();
            let tail = lines.get(found.last + 1..).unwrap_or_default();
            let mut parts: Vec<String> = head.iter().map(|line| format!("{line}\n")).collect();
            parts.push(written(file.comment, block));
            parts.extend(tail.iter().map(|line| format!("{line}\n")));
            text = parts.concat();
        } else if was_written(block) && !block.always && !manner.replace {
            merged.kept.push(format!(
                "the block `{}` was taken out, so it was left out (--replace writes it again)",
                block.name
            ));
        } else if !block.stands_for.is_empty() && lines.iter().any(|line| line.trim() == block.stands_for) {
            merged
                .kept
                .push(format!("it says {} already, so that was left alone", block.stands_for));
        } else {
            let gap = if text.is_empty() || text.ends_with("\n\n") {
                ""
            } else {
                "\n"
            };
            let end = if text.is_empty() || text.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            text = format!("{text}{end}{gap}{}", written(file.comment, block));
        }
    }
    merged.text = Some(text);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(comment: Comment, other: Other, texts: &[(&'static str, &str)]) -> Wanted {
        let block = |(name, text): &(&'static str, &str)| Block {
            name,
            text: (*text).to_owned(),
            stands_for: "",
            always: false,
        };
        Wanted {
            path: "F".into(),
            what: "a test",
            comment,
            other,
            lacks: None,
            blocks: texts.iter().map(block).collect(),
        }
    }

    fn merged(file: &Wanted, before: Option<&str>, listed: &[&str]) -> (Option<String>, usize) {
        let listed: Vec<String> = listed.iter().map(|one| (*one).to_owned()).collect();
        let merged = merge(file, before, &listed, Manner::default());
        (merged.text, merged.kept.len())
    }

    #[test]
    fn untouched_blocks_are_written_anew_and_edited_ones_are_left() {
        for comment in [Comment::Hash, Comment::Html, Comment::Slashes] {
            let old = file(comment, Other::Leave, &[("a", "one\ntwo"), ("b", "three")]);
            let new = file(comment, Other::Leave, &[("a", "ONE"), ("b", "THREE")]);
            let first = merged(&old, None, &[]).0.unwrap();
            // The same again changes nothing.
            assert_eq!(merged(&old, Some(&first), &[]), (Some(first.clone()), 0));
            let second = merged(&new, Some(&first), &[]).0.unwrap();
            assert!(
                second.contains("ONE") && second.contains("THREE") && !second.contains("one"),
                "{second}"
            );
            let mine = format!("before\n{}after\n", first.replace("two", "my own"));
            let (third, kept) = merged(&new, Some(&mine), &["F#a", "F#b"]);
            let third = third.unwrap();
            assert!(
                third.contains("my own") && third.contains("THREE") && !third.contains("ONE"),
                "{third}"
            );
            assert!(third.starts_with("before\n") && third.ends_with("after\n"));
            assert_eq!(kept, 1);
            // Blanks at line ends and other line ends are no edit.
            let windows = first.replace('\n', "\r\n");
            assert!(merged(&new, Some(&windows), &[]).0.unwrap().contains("ONE"));
        }
    }

    #[test]
    fn what_was_taken_out_stays_out_and_what_is_not_ours_stays() {
        let wanted = file(Comment::Hash, Other::Leave, &[("a", "one"), ("b", "two")]);
        let first = merged(&wanted, None, &[]).0.unwrap();
        let without = first.split("\n# ward:begin b").next().unwrap().to_owned();
        assert_eq!(
            merged(&wanted, Some(&without), &["F#a", "F#b"]),
            (Some(without.clone()), 1)
        );
        // A block that was never written is new.
        assert!(merged(&wanted, Some(&without), &["F#a"]).0.unwrap().contains("two"));
        assert_eq!(merged(&wanted, None, &["F#a", "F#b"]), (None, 1));
        assert_eq!(merged(&wanted, Some("theirs\n"), &[]), (None, 1));
        let append = file(Comment::Hash, Other::Append, &[("a", "one")]);
        let text = merged(&append, Some("theirs"), &[]).0.unwrap();
        assert!(
            text.starts_with("theirs\n\n# ward:begin a") && text.ends_with("# ward:end a\n"),
            "{text}"
        );
    }

    proptest::proptest! {
        /// Whatever stands in a file: merging twice is merging once, and lines outside of blocks stay.
        #[test]
        fn merging_again_changes_nothing(
            lines in proptest::collection::vec("(# ward:(begin|end) [ab]( [0-9a-f]{0,12})?|[a-z #]{0,12})", 0..12),
            append in proptest::bool::ANY,
        ) {
            let other = if append { Other::Append } else { Other::Leave };
            let wanted = file(Comment::Hash, other, &[("a", "one\ntwo"), ("b", "three")]);
            let before = lines.join("\n");
            let once = merged(&wanted, Some(&before), &[]).0.unwrap_or(before);
            let twice = merged(&wanted, Some(&once), &[]).0.unwrap_or_else(|| once.clone());
            proptest::prop_assert_eq!(once, twice);
        }
    }
}
