//! The laws of splicing, for every format.

use ward_formats::{Document, Edit, Span, Spliced};

/// Texts to put in: everything that some format must escape.
const WITH: [&str; 4] = ["[X_1]", "[a|b^c&d~e\\f\"g]", "[\n\r\t\u{1}\u{b}\u{1c}é😀]", "[\\"];

/// `splice(parse(x), []) == x`.
pub fn identity(document: &impl Document) {
    let spliced = document.splice(&[]).expect("no edits fit any document");
    assert_eq!(spliced.bytes, document.source());
    let all = Span::new(0, document.source().len());
    assert_eq!(spliced.map.to_old(all), all);
}

/// Some sets of edits for a document: whole texts, parts of them, insertions. At most 200 fields each.
pub fn edits(document: &impl Document, may: impl Fn(usize) -> bool) -> Vec<Vec<Edit>> {
    let mut sets: Vec<Vec<Edit>> = vec![Vec::new(); 3];
    let fields = document.fields().iter().enumerate().take(200);
    for (i, field) in fields.filter(|(i, _)| may(*i)) {
        let edit = |start, end, n: usize| Edit {
            field: i,
            span: Span::new(start, end),
            with: WITH[n % WITH.len()].to_owned(),
        };
        let bounds: Vec<usize> = field
            .text
            .char_indices()
            .map(|(at, _)| at)
            .chain([field.text.len()])
            .collect();
        let bound = |n: usize| bounds[n % bounds.len()];
        sets[0].push(edit(0, field.text.len(), i));
        let mut cuts = [bound(i * 7 + 1), bound(i * 5 + 3), bound(i * 3 + 2), bound(i + 1)];
        cuts.sort_unstable();
        sets[1].push(edit(cuts[0], cuts[1], i + 1));
        if cuts[2] > cuts[1] || cuts[2] > cuts[0] && cuts[3] > cuts[2] {
            sets[1].push(edit(cuts[2], cuts[3], i + 2));
        }
        sets[2].push(edit(cuts[1], cuts[1], i + 3));
        if cuts[2] != cuts[1] {
            sets[2].push(edit(cuts[2], cuts[2], i));
        }
    }
    for set in &mut sets {
        // Any order will do.
        set.reverse();
    }
    sets
}

/// The text of field `index` with the edits applied.
pub fn edited(text: &str, index: usize, edits: &[Edit]) -> String {
    let mut mine: Vec<&Edit> = edits.iter().filter(|edit| edit.field == index).collect();
    mine.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    let mut text = text.to_owned();
    for edit in mine {
        text.replace_range(edit.span.start..edit.span.end, &edit.with);
    }
    text
}

/// The document read again has the edited texts, and every field maps back to where it stood.
pub fn same(old: &impl Document, new: &impl Document, edits: &[Edit], spliced: &Spliced) {
    assert_eq!(new.fields().len(), old.fields().len());
    for (i, (old, new)) in old.fields().iter().zip(new.fields()).enumerate() {
        assert_eq!(new.text, edited(&old.text, i, edits));
        assert_eq!(spliced.map.to_old(new.raw), old.raw);
    }
}
