//! Texts from templates: lists of values, and families of sentences with places for them.

use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;

/// A file of templates; its form is told at its head.
pub(super) struct Templates {
    values: BTreeMap<String, Vec<String>>,
    families: BTreeMap<String, Vec<String>>,
}

impl Templates {
    pub(super) fn read(text: &str) -> Result<Self> {
        let mut templates = Self {
            values: BTreeMap::new(),
            families: BTreeMap::new(),
        };
        let mut list: Option<&mut Vec<String>> = None;
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let name = |open, close| line.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
            if let Some(name) = name('[', ']') {
                list = Some(templates.families.entry(name.to_owned()).or_default());
            } else if let Some(name) = name('{', '}') {
                list = Some(templates.values.entry(name.to_owned()).or_default());
            } else if let (Some(list), Some(value)) = (&mut list, line.strip_prefix("    ")) {
                list.push(value.replace("\\n", "\n"));
            } else {
                bail!("a line of a file of templates belongs to no list: {line}");
            }
        }
        Ok(templates)
    }

    pub(super) fn families(&self) -> impl Iterator<Item = &str> {
        self.families.keys().map(String::as_str)
    }

    /// So many sentences of a family.
    pub(super) fn text(&self, family: &str, many: usize, draw: &mut Draw) -> Result<String> {
        let templates = self
            .families
            .get(family)
            .with_context(|| format!("no family {family}"))?;
        let mut text = String::new();
        for _ in 0..many {
            if !text.is_empty() {
                text.push(' ');
            }
            let mut rest = draw.of(templates)?;
            while let Some((before, after)) = rest.split_once('{') {
                let (name, after) = after.split_once('}').context("a place without an end")?;
                let values = self.values.get(name).with_context(|| format!("no list {name}"))?;
                text.push_str(before);
                text.push_str(draw.of(values)?);
                rest = after;
            }
            text.push_str(rest);
        }
        Ok(text)
    }
}

/// Numbers that look drawn by lot and are the same every time (SplitMix64, by Steele, Lea and Flood).
pub(super) struct Draw(u64);

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below this number, which is not 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    fn of<'a>(&mut self, list: &'a [String]) -> Result<&'a str> {
        let chosen = list.get(self.below(list.len())).map(String::as_str);
        chosen.context("a list is empty")
    }

    pub(super) fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            order.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled() {
        let templates = Templates::read("# a\n{x}\n    one\n[f]\n    {x} and {x}.\n    {x}\\nmore\n").unwrap();
        let mut draw = Draw::new(1);
        for _ in 0..9 {
            let text = templates.text("f", 1, &mut draw).unwrap();
            assert!(text == "one and one." || text == "one\nmore", "{text}");
        }
        assert!(templates.text("none", 1, &mut draw).is_err());
        assert!(Templates::read("[f]\nno list").is_err());
        let mut order: Vec<usize> = (0..9).collect();
        draw.shuffle(&mut order);
        order.sort_unstable();
        assert_eq!(order, (0..9).collect::<Vec<_>>());
    }
}
