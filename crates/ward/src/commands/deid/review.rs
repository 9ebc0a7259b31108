//! The review page: original and result side by side in one file that needs no network and speaks to none.
//!
//! The page carries its own style and script, allowed by their hashes and nothing else (Content Security Policy), and the
//! texts as data, which the script puts on the page as text. It holds the original: it is written for its owner only.

use std::{collections::BTreeMap, io::Write, path::Path};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use ward_deid::Class;
use ward_seal::hash;

use super::{inputs::Inputs, notes::Shown, settings};

/// Bytes of original text that a page shows; more would be slow to use.
const MOST: usize = 24 << 20;

const PAGE: &str = include_str!("review/page.html");
const STYLE: &str = include_str!("review/page.css");
const SCRIPT: &str = include_str!("review/page.js");

/// What the page will show.
#[derive(Default)]
pub(super) struct Review {
    files: BTreeMap<String, Vec<Shown>>,
    held: usize,
    omitted: u64,
}

impl Review {
    /// Adds texts of a file.
    pub(super) fn add(&mut self, file: &str, shown: Vec<Shown>) {
        for one in shown {
            if self.held + one.text.len() > MOST {
                self.omitted += 1;
                continue;
            }
            self.held += one.text.len();
            self.files.entry(file.to_owned()).or_default().push(one);
        }
    }

    /// How many texts were too many.
    pub(super) fn omitted(&self) -> u64 {
        self.omitted
    }

    /// Writes the page.
    pub(super) fn write(&self, path: &Path, inputs: &Inputs) -> Result<()> {
        let mut files = Vec::new();
        for (name, texts) in &self.files {
            let input = inputs.files.iter().find(|input| input.name == *name);
            let path = input.and_then(|input| input.path.as_deref());
            let sha256 = match path {
                Some(path) => {
                    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
                    hash::hex(&hash::sha256(&bytes))
                }
                None => String::new(),
            };
            files.push(json!({
                "file": name,
                "sha256": sha256,
                "texts": texts.iter().map(text).collect::<Vec<_>>(),
            }));
        }
        let classes: Vec<Value> = Class::ALL
            .iter()
            .map(|class| json!({"label": class.label(), "word": class.word()}))
            .collect();
        let data = json!({"classes": classes, "files": files, "omitted": self.omitted});
        let page = page(&data);
        let mut file = settings::create(path, true)?;
        file.write_all(page.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

/// The page around its data. Nothing in the data can end the element that it stands in.
fn page(data: &Value) -> String {
    let safe = data
        .to_string()
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029");
    let hash = |text: &str| data_encoding::BASE64.encode(&hash::sha256(text.as_bytes()));
    let mut out = String::with_capacity(PAGE.len() + STYLE.len() + SCRIPT.len() + safe.len());
    let mut rest = PAGE;
    // One pass over the template, so that nothing in the data is taken for a place in it.
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or(("", after));
        out.push_str(before);
        match name {
            "style" => out.push_str(STYLE),
            "script" => out.push_str(SCRIPT),
            "style-hash" => out.push_str(&hash(STYLE)),
            "script-hash" => out.push_str(&hash(SCRIPT)),
            "data" => out.push_str(&safe),
            _ => {}
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A text as the script reads it: `start` and `end` count UTF-16 units, `from` and `to` bytes.
fn text(shown: &Shown) -> Value {
    let mut at = 0;
    let mut units = 0;
    let mut to_units = |byte: usize| {
        if byte < at {
            (at, units) = (0, 0);
        }
        let part = shown.text.get(at..byte).unwrap_or_default();
        units += part.encode_utf16().count();
        at = byte;
        units
    };
    let spans: Vec<Value> = shown
        .applied
        .iter()
        .zip(&shown.stand_ins)
        .map(|(one, stand_in)| {
            json!({
                "start": to_units(one.old.start),
                "end": to_units(one.old.end),
                "from": one.old.start,
                "to": one.old.end,
                "class": one.class.label(),
                "rule": one.rule,
                "score": one.score,
                "with": stand_in,
            })
        })
        .collect();
    json!({"place": shown.place, "text": shown.text, "spans": spans})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_allows_itself_and_nothing_else() {
        let page = page(&json!({"x": "</script><script>alert(1)</script>{{style}}\u{2028}"}));
        assert_eq!(page.matches("<script>").count(), 1);
        assert_eq!(page.matches("</script>").count(), 2);
        assert!(page.contains("default-src 'none'") && !page.contains("unsafe-inline"));
        assert!(!page.contains("{{script") && page.contains("\\u003c/script>") && page.contains("{{style}}"));
        assert!(!PAGE.contains("http://") && !PAGE.contains("https://") && !SCRIPT.contains("fetch("));
        // The hashes are those of what stands between the tags.
        for (open, close, what) in [
            ("<style>", "</style>", "style-src"),
            ("<script>", "</script>", "script-src"),
        ] {
            let inner = page.split_once(open).unwrap().1.split_once(close).unwrap().0;
            let hash = data_encoding::BASE64.encode(&hash::sha256(inner.as_bytes()));
            assert!(page.contains(&format!("{what} 'sha256-{hash}'")), "{what}");
        }
    }
}
