//! Which data elements the standard defines, and with which value representation. Read once from `dictionary.txt`.

use std::sync::LazyLock;

use super::{Tag, Vr};

static ELEMENTS: LazyLock<Vec<(Tag, Vr)>> = LazyLock::new(|| read(include_str!("dictionary.txt")));

/// The value representation of `tag` in PS3.6; `None` when the standard does not define it. Group lengths are UL, private
/// creators (odd group, element 0010 to 00FF) LO.
#[must_use]
pub fn vr(tag: Tag) -> Option<Vr> {
    match (tag.group(), tag.element()) {
        (_, 0) => return Some(Vr(*b"UL")),
        (group, 0x10..=0xff) if group % 2 == 1 => return Some(Vr(*b"LO")),
        _ => {}
    }
    let tag = match tag.group() {
        group if group & 0xff00 == 0x6000 && group % 2 == 0 => Tag::new(0x6000, tag.element()),
        _ => tag,
    };
    let at = ELEMENTS.binary_search_by_key(&tag, |(tag, _)| *tag).ok()?;
    ELEMENTS.get(at).map(|(_, vr)| *vr)
}

fn read(table: &str) -> Vec<(Tag, Vr)> {
    let mut elements = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        let group = words.next().and_then(number);
        let vr = words.next().and_then(|word| <[u8; 2]>::try_from(word.as_bytes()).ok());
        if let (Some(group), Some(vr)) = (group, vr) {
            elements.extend(
                words
                    .filter_map(number)
                    .map(|element| (Tag::new(group, element), Vr(vr))),
            );
        }
    }
    elements.sort_unstable_by_key(|(tag, _)| *tag);
    elements
}

fn number(word: &str) -> Option<u16> {
    u16::from_str_radix(word, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_standard() {
        assert_eq!(ELEMENTS.len(), 5128);
        assert!(ELEMENTS.is_sorted_by_key(|(tag, _)| *tag) && ELEMENTS.iter().all(|(_, vr)| vr.is_known()));
        for (tag, expect) in [
            (0x0010_0010, Some("PN")),
            (0x0008_0000, Some("UL")),
            (0x0040_a730, Some("SQ")),
            (0x6002_3000, Some("OW")),
            (0x7fe0_0010, Some("OW")),
            (0x0009_0010, Some("LO")),
            (0x0009_1001, None),
            (0x0010_0011, None),
        ] {
            let vr = vr(Tag(tag));
            assert_eq!(vr.as_ref().map(Vr::letters), expect, "{:?}", Tag(tag));
        }
    }
}
