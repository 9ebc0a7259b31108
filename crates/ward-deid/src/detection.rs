//! The copy of a text in which things are looked for: what readers take for the same character is the same character in
//! it, and every byte knows where it came from.
//!
//! Invisible characters are left out; full-width, mathematical and other compatibility forms (NFKC), dashes, spaces and
//! quotes become ASCII; letters of other alphabets that look like Latin ones become those, in words that hold a Latin
//! letter as well. Markup inside a word (`<b>Jo</b>hn`, `**Jo**hn`) is left out and references to letters (`&#74;ohn`) are
//! resolved. Text without any of that needs no copy.

use unicode_normalization::UnicodeNormalization;

use crate::fold;

/// A copy and the way back from it.
pub(crate) struct Copy {
    pub(crate) text: String,
    /// For each piece of the copy: where it begins in the copy, and what it stands for in the original. Ascending.
    pieces: Vec<Piece>,
}

#[derive(Clone, Copy)]
struct Piece {
    at: usize,
    start: usize,
    end: usize,
}

impl Copy {
    /// The copy of `text`; none when it would be the same.
    pub(crate) fn of(text: &str) -> Option<Copy> {
        let marked = next_mark(text, 0).is_some();
        if !marked && odd_ones(text).next().is_none() && Gaps::of(text).next(0).is_none() {
            return None;
        }
        let mut copy = Copy {
            text: String::with_capacity(text.len()),
            pieces: Vec::new(),
        };
        let mut at = 0;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            if marked && matches!(c, '<' | '&' | '*') {
                match mark(text, at) {
                    Some((len, Some(letter))) => {
                        copy.push(letter, at, at + len, false);
                        at += len;
                        continue;
                    }
                    Some((len, None)) => {
                        at += len;
                        continue;
                    }
                    None => {}
                }
            }
            if matches!(c, ' ' | '\t' | '.')
                && let Some(len) = before_colon(text.as_bytes(), at)
            {
                at += len;
                continue;
            }
            if !c.is_alphabetic() && !fold::is_glue(c) {
                copy.push(c, at, at + c.len_utf8(), false);
                at += c.len_utf8();
                continue;
            }
            let rest = text.get(at..).unwrap_or_default();
            let len = rest
                .char_indices()
                .find(|(_, c)| !c.is_alphabetic() && !fold::is_glue(*c))
                .map_or(rest.len(), |(end, _)| end);
            let word = rest.get(..len).unwrap_or_default();
            let latin = word
                .chars()
                .any(|c| matches!(c, 'a'..='z' | 'A'..='Z' | '\u{ff21}'..='\u{ff5a}'));
            for (i, c) in word.char_indices() {
                copy.push(c, at + i, at + i + c.len_utf8(), latin);
            }
            at += len.max(1);
        }
        (copy.text != text).then_some(copy)
    }

    fn push(&mut self, c: char, start: usize, end: usize, latin: bool) {
        let at = self.text.len();
        match c {
            ' ' | '\t' if self.text.ends_with(' ') => return,
            '\t' => self.text.push(' '),
            _ if c.is_ascii() => self.text.push(c),
            _ if is_invisible(c) => return,
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => self.text.push('-'),
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{ff07}' => self.text.push('\''),
            _ if c.is_whitespace() && !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') => self.text.push(' '),
            _ => {
                for d in std::iter::once(c).nfkc() {
                    let small = d.to_lowercase().next().unwrap_or(d);
                    let double = fold::looks_like(small);
                    if latin && !d.is_ascii() && double.is_ascii() && is_borrowed(d) {
                        let shown = if small == d {
                            double
                        } else {
                            double.to_ascii_uppercase()
                        };
                        self.text.push(shown);
                    } else {
                        self.text.push(d);
                    }
                }
            }
        }
        self.pieces.push(Piece { at, start, end });
    }

    /// Where the copy shows byte `at` of the original.
    pub(crate) fn at(&self, at: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.start < at);
        self.pieces.get(after).map_or(self.text.len(), |piece| piece.at)
    }

    /// The bytes of the original that the bytes from `start` to `end` of the copy stand for.
    pub(crate) fn back(&self, start: usize, end: usize) -> (usize, usize) {
        let piece = |at: usize| {
            let after = self.pieces.partition_point(|piece| piece.at <= at);
            self.pieces.get(after.saturating_sub(1)).copied()
        };
        let first = piece(start).map_or(0, |piece| piece.start);
        let last = piece(end.saturating_sub(1)).map_or(first, |piece| piece.end);
        (first, last.max(first))
    }
}

/// The two blanks or more, or the dots, from byte `at` of `text` on that set the colon of a label apart:
/// `MRN|          : 884213`, `MRN|.......: 884213`.
pub(crate) fn before_colon(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let dotted = rest.starts_with(LEADER);
    let filler = |b: &&u8| matches!(b, b' ' | b'\t') || dotted && **b == b'.';
    let len = rest.iter().take(WIDEST + 1).take_while(filler).count();
    let label = at
        .checked_sub(1)
        .and_then(|before| text.get(before))
        .is_some_and(ends_label);
    let wide = len > 1 || rest.first() == Some(&b'\t');
    (wide && len <= WIDEST && label && rest.get(len) == Some(&b':')).then_some(len)
}

/// True for what the words of a label end with.
fn ends_label(byte: &u8) -> bool {
    byte.is_ascii_alphabetic() || b".)#".contains(byte)
}

/// The blanks from byte `at` of `text` on, two or more, that set a value apart from the label of the next column:
/// `PEMBERTHY       |Forenames : KERENZA`.
pub(crate) fn next_column(text: &[u8], at: usize) -> Option<usize> {
    const LONGEST_LABEL: usize = 32;
    let before = at.checked_sub(1).and_then(|before| text.get(before))?;
    let rest = text
        .get(at..)
        .filter(|rest| rest.starts_with(b"  ") || rest.starts_with(b"\t"))
        .filter(|_| before.is_ascii_alphanumeric() || b".),".contains(before))?;
    let len = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let label = rest
        .get(len..)
        .filter(|label| label.first().is_some_and(|b| b.is_ascii_alphabetic() || *b >= 0x80))?;
    let end = label
        .iter()
        .take(LONGEST_LABEL)
        .position(|b| !(b.is_ascii_alphanumeric() || *b >= 0x80 || b" #./-()".contains(b)))?;
    let last = label.get(..end)?.trim_ascii_end().last()?;
    (label.get(end) == Some(&b':') && ends_label(last)).then_some(len)
}

/// True where columns are set apart before byte `at` of `text` on its line.
pub(crate) fn is_in_row(text: &[u8], at: usize) -> bool {
    const LINE: usize = 80;
    let line = text.get(at.saturating_sub(LINE)..at).unwrap_or_default();
    let line = line.rsplit(|b| *b == b'\n').next().unwrap_or_default().trim_ascii();
    memchr::memmem::find(line, b"  ").is_some() || line.contains(&b'\t')
}

/// True where what ends before byte `at` is the value of a label, or the next column is about the person who is named there:
/// `RN: Zelda Quill|          Shift: Day`, `Zelda Quill|          DOB: 1/2/80`.
fn next_is_of_person(text: &[u8], at: usize) -> bool {
    #[rustfmt::skip]
    const LABELS: &[&str] = &[
        "dob", "d.o.b.", "d.o.b", "date of birth", "birth date", "birthdate", "mrn", "mr#", "mr #", "mrn #", "age", "age/sex", "sex", "sex/age",
        "gender", "ssn", "account", "acct", "acct #", "forename", "forenames", "first name", "given name", "given names", "date",
    ];
    const LINE: usize = 80;
    next_column(text, at).is_some_and(|len| {
        let line = text.get(at.saturating_sub(LINE)..at).unwrap_or_default();
        let line = line.rsplit(|b| *b == b'\n').next().unwrap_or_default();
        let label = text.get(at + len..).unwrap_or_default();
        let label = label.split(|b| *b == b':').next().unwrap_or_default().trim_ascii_end();
        line.contains(&b':') || LABELS.iter().any(|known| label.eq_ignore_ascii_case(known.as_bytes()))
    })
}

/// Where the characters of `text` stand that a copy would change.
fn odd_ones(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.as_bytes().get(at..)?;
            let next = at + rest.iter().position(|b| *b >= 0x80)?;
            let c = text.get(next..).and_then(|rest| rest.chars().next())?;
            at = next + c.len_utf8();
            if is_odd(c) {
                return Some(next);
            }
        }
    })
}

/// Longest tag that is looked at.
const LONGEST_TAG: usize = 200;

/// The tag of a part of a line that `text` begins with: its length.
fn inline_tag(text: &str) -> Option<usize> {
    const INLINE: &[&str] = &[
        "b", "i", "u", "s", "em", "strong", "span", "a", "sub", "sup", "small", "big", "font", "tt", "code", "mark",
        "wbr", "ins", "del", "abbr",
    ];
    let bytes = text.as_bytes();
    let from = if bytes.get(1) == Some(&b'/') { 2 } else { 1 };
    let name = bytes
        .get(from..)?
        .iter()
        .take(7)
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let known = text
        .get(from..from + name)
        .is_some_and(|name| INLINE.iter().any(|tag| tag.eq_ignore_ascii_case(name)));
    let rest = bytes
        .get(from + name..)
        .filter(|rest| known && matches!(rest.first(), Some(b'>' | b' ' | b'/')))?;
    let end = rest
        .iter()
        .take(LONGEST_TAG)
        .position(|b| matches!(b, b'>' | b'<' | b'\n'))?;
    (rest.get(end) == Some(&b'>')).then_some(from + name + end + 1)
}

/// The tag of a cell or row of a table that `text` begins with: its length, and what stands between cells and rows of text.
fn cell_tag(text: &str) -> Option<(usize, Option<char>)> {
    let bytes = text.as_bytes();
    let closes = bytes.get(1) == Some(&b'/');
    let from = if closes { 2 } else { 1 };
    let name = bytes.get(from..from + 2)?;
    let between = ["td", "th", "dd", "tr", "dt"]
        .iter()
        .find(|tag| tag.as_bytes().eq_ignore_ascii_case(name))
        .map(|tag| if matches!(*tag, "tr" | "dt") { '\n' } else { '|' })?;
    let rest = bytes
        .get(from + 2..)
        .filter(|rest| matches!(rest.first(), Some(b'>' | b' ')))?;
    let end = rest
        .iter()
        .take(LONGEST_TAG)
        .position(|b| matches!(b, b'>' | b'<' | b'\n'))?;
    let len = from + 2 + end + 1;
    (rest.get(end) == Some(&b'>')).then(|| {
        (
            len + blanks_before_cell(text, len, closes),
            (!closes).then_some(between),
        )
    })
}

/// The tag that ends a table, or a part of one, that `text` begins with: its length.
fn table_end(text: &str) -> Option<usize> {
    const ENDS: &[&str] = &["</table>", "</tbody>", "</thead>", "</tfoot>", "</dl>"];
    let ends = |tag: &&&str| text.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
    ENDS.iter().find(ends).map(|tag| tag.len())
}

/// The blanks and ends of lines from byte `at` of `text` on, where a cell `closes` before them and another opens behind them.
fn blanks_before_cell(text: &str, at: usize, closes: bool) -> usize {
    const MOST: usize = 64;
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let blanks = rest.iter().take(MOST).take_while(|b| b.is_ascii_whitespace()).count();
    let next = rest.get(blanks..).unwrap_or_default();
    let opens = [&b"<td"[..], b"<th", b"<dd"]
        .iter()
        .any(|tag| next.get(..3).is_some_and(|found| found.eq_ignore_ascii_case(tag)))
        && matches!(next.get(3), Some(b'>' | b' '));
    if closes && opens { blanks } else { 0 }
}

/// The markup at byte `at` of `text`: its length, and the letter or figure that it stands for, if it stands for one.
fn mark(text: &str, at: usize) -> Option<(usize, Option<char>)> {
    let rest = text.get(at..)?;
    let bytes = text.as_bytes();
    match rest.as_bytes().first()? {
        b'<' => inline_tag(rest)
            .or_else(|| table_end(rest))
            .map(|len| (len, None))
            .or_else(|| cell_tag(rest)),
        b'&' => {
            let (c, len) = ward_formats::html::reference(rest)?;
            c.is_alphanumeric().then_some((len, Some(c)))
        }
        b'*' => {
            let len = rest.bytes().take(4).take_while(|b| *b == b'*').count();
            let letter = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphabetic() || *b >= 0x80);
            let inside = letter(at.checked_sub(1).and_then(|before| bytes.get(before))) && letter(bytes.get(at + len));
            (inside && len <= 3).then_some((len, None))
        }
        _ => None,
    }
}

/// The end of the markup that stands one after the other from byte `at` of `text` on.
fn past_tags(text: &str, at: usize) -> usize {
    let mut end = at;
    while let Some((len, _)) = text
        .get(end..)
        .filter(|rest| rest.starts_with('<'))
        .and_then(|_| mark(text, end))
    {
        end += len;
    }
    end
}

/// Where the next markup begins and ends that has letters or figures on both sides, or the end of a label before it, from
/// `from` on, and references to letters.
fn next_mark(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let word = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
    let mut at = from;
    loop {
        at += memchr::memchr3(b'<', b'&', b'*', bytes.get(at..)?)?;
        let last = at.checked_sub(1).and_then(|before| bytes.get(before));
        let label =
            matches!(last, Some(b':' | b'#')) || last == Some(&b' ') && at >= 2 && bytes.get(at - 2) == Some(&b':');
        match bytes.get(at) {
            Some(b'<') if !(word(last) || label) => {}
            Some(b'<') => {
                let mut end = past_tags(text, at);
                // "<span>MRN:</span> <span>884213"
                if label && end > at && bytes.get(end) == Some(&b' ') && bytes.get(end + 1) == Some(&b'<') {
                    end = past_tags(text, end + 1);
                }
                let blank = usize::from(label && bytes.get(end) == Some(&b' '));
                if end > at && word(bytes.get(end + blank)) {
                    return Some((at, end));
                }
            }
            _ if mark(text, at).is_some() => return Some((at, at)),
            _ => {}
        }
        at += 1;
    }
}

/// Most blanks between a label and its value, or the colon between them.
const WIDEST: usize = 40;

/// What dots that lead from a label to its colon begin with.
const LEADER: &[u8] = b"...";

/// Gaps of two blanks or more, or with a tab, between words of a line, and longer ones beside the colon of a label or before
/// the label of another column.
struct Gaps<'t> {
    text: &'t [u8],
    /// The next two blanks, the next tab and the next dots, if there are any: each byte is looked at once, whichever comes
    /// first.
    blanks: Option<usize>,
    tab: Option<usize>,
    dots: Option<usize>,
}

impl<'t> Gaps<'t> {
    fn of(text: &'t str) -> Self {
        let text = text.as_bytes();
        Self {
            text,
            blanks: memchr::memmem::find(text, b"  "),
            tab: memchr::memchr(b'\t', text),
            dots: memchr::memmem::find(text, LEADER),
        }
    }

    /// Where the next such gap stands, from `from` on, which never goes back.
    fn next(&mut self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let rest = self.text.get(at..)?;
            if self.blanks.is_some_and(|found| found < at) {
                self.blanks = memchr::memmem::find(rest, b"  ").map(|found| at + found);
            }
            if self.tab.is_some_and(|found| found < at) {
                self.tab = memchr::memchr(b'\t', rest).map(|found| at + found);
            }
            if self.dots.is_some_and(|found| found < at) {
                self.dots = memchr::memmem::find(rest, LEADER).map(|found| at + found);
            }
            let found = [self.blanks, self.tab, self.dots].into_iter().flatten().min()?;
            let rest = self.text.get(found..)?;
            if self.dots == Some(found) {
                if before_colon(self.text, found).is_some() {
                    return Some(found);
                }
                at = found + rest.iter().take_while(|b| **b == b'.').count();
                continue;
            }
            let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            let before = found
                .checked_sub(1)
                .and_then(|before| self.text.get(before))
                .copied()
                .unwrap_or(b'\n');
            let after = rest.get(blanks).copied().unwrap_or(b'\n');
            let word = before.is_ascii_alphanumeric() || before == b',' || matches!(before, b'.' | b':') && blanks > 2;
            // "MRN          : 884213", "MRN:          884213"
            let aligned = ends_label(&before) && after == b':' || before == b':' && after.is_ascii_alphanumeric();
            let near = word && after.is_ascii_alphanumeric() && blanks <= 4;
            if near || aligned && blanks <= WIDEST || word && next_is_of_person(self.text, found) {
                return Some(found);
            }
            at = found + blanks.max(1);
        }
    }
}

/// Most bytes of context on either side of a character that a copy would change.
const CONTEXT: usize = 400;

/// The stretches of `text` in which a copy would change something, with the lines they stand in: first byte and one past the
/// last. Ascending, apart from each other.
pub(crate) fn stretches(text: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut gaps = Gaps::of(text);
    let mut gap = gaps.next(0);
    let mut marked = next_mark(text, 0);
    if gap.is_none() && marked.is_none() && text.is_ascii() {
        return found;
    }
    let mut odd = odd_ones(text).peekable();
    let places = std::iter::from_fn(|| {
        let next = [odd.peek().copied(), gap, marked.map(|(at, _)| at)]
            .into_iter()
            .flatten()
            .min()?;
        let mut reach = next;
        if gap == Some(next) {
            gap = gaps.next(next + 2);
        } else if let Some((at, end)) = marked.filter(|(at, _)| *at == next) {
            reach = end;
            marked = next_mark(text, at + 1);
        } else {
            odd.next();
        }
        Some((next, reach))
    });
    for (at, reach) in places {
        if found.last().is_some_and(|(_, end)| at < *end) {
            continue;
        }
        let bytes = text.as_bytes();
        let floor = found.last().map_or(0, |(_, end)| *end);
        let low = at.saturating_sub(CONTEXT).max(floor);
        let high = (reach + CONTEXT).min(text.len());
        let head = bytes.get(low..at).unwrap_or_default();
        let tail = bytes.get(reach..high).unwrap_or_default();
        // To the line's ends, or to a space when the line is long.
        let start = match memchr::memrchr(b'\n', head) {
            Some(line) => low + line + 1,
            None if low == floor => low,
            None => low + memchr::memchr(b' ', head).map_or(0, |space| space + 1),
        };
        let end = match memchr::memchr(b'\n', tail) {
            Some(line) => reach + line + 1,
            None if high == text.len() => high,
            None => reach + memchr::memrchr(b' ', tail).map_or(tail.len(), |space| space + 1),
        };
        let (mut start, mut end) = (start, end);
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        match found.last_mut() {
            Some((_, last)) if start <= *last => *last = end,
            _ => found.push((start, end)),
        }
    }
    found
}

/// True when the copy would hold another character. Curly apostrophes and ordinary dashes are left out: the recognisers know
/// them.
fn is_odd(c: char) -> bool {
    is_invisible(c)
        || c.is_whitespace()
        || is_borrowed(c)
        || matches!(c, '\u{2010}'..='\u{2012}' | '\u{2015}' | '\u{201b}' | '\u{2032}' | '\u{2212}' | '\u{fe50}'..='\u{fe6f}' | '\u{ff00}'..='\u{ffef}')
        || matches!(c, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{2070}'..='\u{209c}' | '\u{2100}'..='\u{214f}')
        || matches!(c, '\u{2460}'..='\u{24ff}' | '\u{fb00}'..='\u{fb06}' | '\u{1d400}'..='\u{1d7ff}' | '\u{1f100}'..='\u{1f189}')
}

/// Letters of other alphabets that are drawn like Latin ones.
fn is_borrowed(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' | '\u{131}' | '\u{237}' | '\u{251}' | '\u{261}' | '\u{585}')
}

/// Zero-width characters, the soft hyphen, direction marks, variation selectors and tags.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shows_what_readers_see() {
        for (text, expect) in [
            ("J\u{200b}ohn\u{ad} Doe", "John Doe"),
            ("\u{ff2a}\u{ff4f}\u{ff48}\u{ff4e}\u{3000}\u{ff11}\u{ff12}", "John 12"),
            ("J\u{43e}hn \u{421}lark", "John Clark"),
            ("555\u{2011}123\u{2013}4567", "555-123-4567"),
            ("\u{1d5e0}\u{1d5ff}\u{1d5fb} O\u{2019}Brien\u{202f}x", "Mrn O'Brien x"),
        ] {
            assert_eq!(Copy::of(text).map(|copy| copy.text).as_deref(), Some(expect));
        }
        for (text, expect) in [
            ("saw <b>Jo</b>hn <i>Cl</i>ark", "saw John Clark"),
            (
                "saw **Jo**hn, V&#97;n D&#x6f;e, J&uuml;rgen",
                "saw **John, Van Doe, J\u{fc}rgen",
            ),
            ("Jo</b></span>hn", "John"),
            (
                "<tr><td>MRN</td><td class='n'>884213</td></tr><tr><TH>Age</TH><td><b>41</b></td></tr>",
                "\n|MRN|884213\n|Age|41",
            ),
            ("<td>MRN:</td>\n  <td>884213</td>", "|MRN:|884213"),
            ("<dt>MRN</dt><dd>884213</dd>", "\nMRN|884213"),
            ("<b>MRN:</b> 884213", "MRN: 884213"),
            ("<span>MRN:</span> <span class=\"v\">884213</span>", "MRN: 884213"),
            ("<b>MRN</b>: <i>884213</i>", "MRN: 884213"),
            ("<tr><td>Age</td><td>41</td></tr></tbody></TABLE>", "\n|Age|41"),
            ("MRN             : 884213", "MRN: 884213"),
            ("Acct #    :\t\t884213", "Acct #: 884213"),
            ("MRN:               884213", "MRN: 884213"),
            ("Name\t\t:\tQuill", "Name: Quill"),
            (
                "Surname    : QUILL          Forenames  : ZELDA  KAY",
                "Surname: QUILL Forenames: ZELDA KAY",
            ),
            ("Zelda Quill          DOB: 1/2/80", "Zelda Quill DOB: 1/2/80"),
            ("MRN..........: 884213", "MRN: 884213"),
        ] {
            assert_eq!(Copy::of(text).map(|copy| copy.text).as_deref(), Some(expect));
        }
        for text in [
            "<b>Name</b>: 5*3, a <5 & b>3 **bold** x<y&z; AT&T",
            "Na<td 140, K<three 4.1, a<tr>",
            "<td>MRN</td>\n<p>884213</p>",
            "<b>Stable:</b>\n<td>884213</td>",
            "<b>Stable:</b> <p>884213</p>",
            "<i>Stable.</i> <i>884213</i>",
            "T<td2>x, 3<tdp>4, Km<thr>5",
            "Name             Dose",
            "Dose:            -",
            "5    : 7",
            "Dose : 5",
            "Zelda Quill          came at 10:30",
            "so......... he said",
            "</table>",
            "plain",
            "José Øster naïve",
            "王小明",
        ] {
            assert!(Copy::of(text).is_none(), "{text}");
        }
    }

    #[test]
    fn looks_at_the_lines_concerned_only() {
        let plain = "Lungs are clear.\n".repeat(100);
        let text = format!("{plain}saw J\u{200b}ohn\nthen\u{a0}x\n{plain}\u{ff11}");
        let found: Vec<_> = stretches(&text)
            .into_iter()
            .map(|(start, end)| &text[start..end])
            .collect();
        assert_eq!(found, ["saw J\u{200b}ohn\nthen\u{a0}x\n", "\u{ff11}"]);
        let long = format!("{}\u{200b}{}", "word ".repeat(1_000), "word ".repeat(1_000));
        let found = stretches(&long);
        assert!(found.len() == 1 && found[0].1 - found[0].0 <= 2 * CONTEXT + 10);
        assert!(stretches(&plain).is_empty());
    }

    proptest! {
        #[test]
        fn leads_back_to_whole_characters(text in "[a-zа-я\u{200b}\u{ff11}\u{fb01}\u{301}\u{1d400}é 1-]{0,40}", from in 0_usize..40, len in 1_usize..20) {
            let mut last = 0;
            for (start, end) in stretches(&text) {
                prop_assert!(last <= start && start < end && text.get(start..end).is_some());
                last = end;
            }
            if let Some(copy) = Copy::of(&text) {
                let mut start = from.min(copy.text.len());
                while !copy.text.is_char_boundary(start) {
                    start -= 1;
                }
                let mut end = (start + len).min(copy.text.len());
                while !copy.text.is_char_boundary(end) {
                    end += 1;
                }
                let (first, last) = copy.back(start, end);
                prop_assert!(first <= last && text.is_char_boundary(first) && text.is_char_boundary(last));
                if start == 0 && end == copy.text.len() && end > 0 {
                    // Nothing visible is lost.
                    let (head, tail) = (&text[..first], &text[last..]);
                    prop_assert!(head.chars().chain(tail.chars()).all(is_invisible));
                }
            }
        }
    }
}
