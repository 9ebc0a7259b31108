//! Text in the two fonts of the report: its bytes, its width, its lines.

/// Advance widths of the characters 32 to 126 of Helvetica, in thousandths of the size. Source: Adobe's metrics of the
/// fourteen standard fonts.
const REGULAR: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];
/// The same of Helvetica-Bold.
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611,
    556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389,
    280, 389, 584,
];
/// What other characters are taken to be as wide as: the widest letter, so that no line is too long.
const OTHER: u16 = 1000;

/// Text in the encoding of the fonts.
pub(super) fn latin(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        ' '..='~' => c as u8,
        '\u{2018}' | '\u{2019}' => b'\'',
        '\u{201c}' | '\u{201d}' => b'"',
        '\u{2010}'..='\u{2015}' => b'-',
        '\u{a1}'..='\u{ff}' => u8::try_from(u32::from(c)).unwrap_or(b'?'),
        c if c.is_whitespace() => b' ',
        _ => b'?',
    };
    text.chars().map(byte).collect()
}

/// How wide a text is, in points.
pub(super) fn width_of(text: &[u8], bold: bool, size: f32) -> f32 {
    let table = if bold { &BOLD } else { &REGULAR };
    let units = |byte: &u8| {
        let at = byte.checked_sub(32).map(usize::from);
        f32::from(at.and_then(|at| table.get(at)).copied().unwrap_or(OTHER))
    };
    text.iter().map(units).sum::<f32>() * size / 1000.0
}

/// Breaks text into lines of at most `width` points: at spaces, and inside a word that is longer than a line.
pub(super) fn wrap(text: &[u8], bold: bool, size: f32, width: f32) -> Vec<Vec<u8>> {
    let wide = |byte: u8| width_of(&[byte], bold, size);
    let mut rows = Vec::new();
    let mut row: Vec<u8> = Vec::new();
    let mut used = 0.0;
    for word in text.split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
        let needs: f32 = word.iter().map(|byte| wide(*byte)).sum();
        if !row.is_empty() && used + wide(b' ') + needs > width {
            rows.push(std::mem::take(&mut row));
            used = 0.0;
        }
        if !row.is_empty() {
            row.push(b' ');
            used += wide(b' ');
        }
        for byte in word {
            if used + wide(*byte) > width && !row.is_empty() {
                rows.push(std::mem::take(&mut row));
                used = 0.0;
            }
            row.push(*byte);
            used += wide(*byte);
        }
    }
    rows.push(row);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_never_too_long_and_lose_nothing() {
        for text in [
            "",
            "a",
            "some words of text that go on",
            &"x".repeat(400),
            &format!("{} y", "W".repeat(90)),
        ] {
            let rows = wrap(&latin(text), false, 10.0, 120.0);
            for row in &rows {
                let width: f32 = row
                    .iter()
                    .map(|b| f32::from(REGULAR[usize::from(b - 32)]) / 100.0)
                    .sum();
                assert!(width <= 120.01, "{width}");
            }
            let joined: Vec<u8> = rows.concat().into_iter().filter(|b| *b != b' ').collect();
            assert_eq!(joined, latin(&text.replace(' ', "")));
        }
    }

    #[test]
    fn text_outside_latin_1_is_marked() {
        assert_eq!(latin("a\u{2019}b \u{e9} \u{4e2d}\n"), b"a'b \xe9 ? ");
    }
}
