//! Any bytes as JSON: no panic; what is read can be walked, found by path and written again.

use ward_formats::{
    Budget, ErrorKind, Span,
    json::{JsonKind, Tree, escape},
};

/// Reads `data` as JSON and checks the laws.
pub fn run(data: &[u8]) {
    let tree = match Tree::parse(data, Budget::RECORD) {
        Ok(tree) => tree,
        Err(error) => {
            assert!(error.at() <= data.len());
            assert_eq!(error.kind() == ErrorKind::Encoding, std::str::from_utf8(data).is_err());
            return;
        }
    };
    assert_eq!(tree.source(), data);
    for n in tree.values() {
        let outer = tree.outer(n);
        let raw = &data[outer.start..outer.end];
        // What a node covers is itself a JSON text, and means the same.
        if raw.len() < 200 {
            let alone = Tree::parse(raw, Budget::RECORD).expect("a value alone is a JSON text");
            assert_eq!(alone.kind(alone.root()), tree.kind(n));
            assert_eq!(alone.text(alone.root()), tree.text(n));
        }
        if tree.kind(n) == JsonKind::String {
            string(&tree, n);
        }
        for child in tree.items(n).chain(tree.members(n).map(|(_, value)| value)) {
            assert_eq!(tree.parent(child), Some(n));
        }
        for (key, value) in tree.members(n) {
            assert_eq!(tree.key(value), Some(key));
            assert!(tree.get(n, key).is_some_and(|first| first <= value));
        }
    }
    for n in tree.duplicate_keys() {
        let parent = tree.parent(n).expect("a member has an object");
        let first = tree.get(parent, tree.key(n).expect("a member has a key"));
        assert!(first.is_some_and(|first| first < n));
    }
}

fn string(tree: &Tree, n: ward_formats::json::NodeId) {
    let text = tree.str(n).expect("a string has text");
    let again = format!("\"{}\"", escape(text));
    let again = Tree::parse(again.as_bytes(), Budget::RECORD).expect("an escaped text is a JSON string");
    assert_eq!(again.str(again.root()), Some(text));
    let raw = tree.raw(n);
    assert_eq!(tree.raw_part(n, Span::new(0, text.len())), Some(raw));
    // The parts before and after any character meet.
    for (at, _) in text.char_indices().take(40) {
        let head = tree.raw_part(n, Span::new(0, at)).expect("a part on characters");
        let tail = tree
            .raw_part(n, Span::new(at, text.len()))
            .expect("a part on characters");
        assert_eq!((head.start, head.end, tail.end), (raw.start, tail.start, raw.end));
    }
}
