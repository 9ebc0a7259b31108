//! YAML: any bytes are read or refused, within the budget; every node has its place in the source.

use ward_formats::{
    Budget,
    yaml::{Shape, Value, Yaml},
};

const SMALL: Budget = Budget {
    bytes: 1 << 16,
    depth: 20,
    items: 5_000,
};

pub fn run(data: &[u8]) {
    let Ok(yaml) = Yaml::parse(data, SMALL) else { return };
    assert_eq!(yaml.source().as_bytes(), data);
    let lines = u32::try_from(data.split(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX);
    for node in yaml.nodes() {
        let span = node.span();
        assert!(
            yaml.source().get(span.start..span.end).is_some(),
            "a span lies in the source"
        );
        assert!(node.line() >= 1 && node.line() <= lines && node.column() >= 1);
        assert!(node.target().id() == node.id());
        if let Some(text) = node.text() {
            let (line, column) = node.place_in(text.len() / 2);
            assert!(line <= lines && column >= 1);
        }
    }
    for key in yaml.duplicates() {
        assert!(key.text().is_some());
    }
    // Following every alias costs no more than the budget, and no key is lost.
    let mut seen = 0;
    let mut todo: Vec<(Value<'_>, usize)> = yaml.documents().map(|root| (root, 1)).collect();
    while let Some((value, depth)) = todo.pop() {
        seen += 1;
        assert!(depth <= SMALL.depth + 1, "within the depth");
        todo.extend(value.items().map(|item| (item, depth + 1)));
        for (key, inner) in value.entries() {
            if let Some(name) = key.text() {
                assert!(value.get(name).is_some());
            }
            todo.extend([(key, depth + 1), (inner, depth + 1)]);
        }
        assert_eq!(value.text().is_some(), value.shape() == Shape::Scalar);
    }
    let documents = yaml.documents().count();
    assert!(seen <= SMALL.items * documents.max(1), "within the items");
}
