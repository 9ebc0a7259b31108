//! The JSON parser against serde_json: the same texts are accepted, with the same values.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use proptest::prelude::*;
use serde_json::{Map, Value};
use ward_formats::{
    Budget, ErrorKind,
    json::{JsonKind, NodeId, Tree},
};

/// The node as serde_json sees it: of repeated keys the last counts.
fn value(tree: &Tree, n: NodeId) -> Value {
    let text = tree.text(n);
    match tree.kind(n) {
        JsonKind::Null => Value::Null,
        JsonKind::Bool => Value::Bool(text == Some("true")),
        JsonKind::Number => serde_json::from_str(text.unwrap()).unwrap(),
        JsonKind::String => Value::String(text.unwrap().to_owned()),
        JsonKind::Array => tree.items(n).map(|item| value(tree, item)).collect(),
        JsonKind::Object => {
            let members = tree.members(n).map(|(key, item)| (key.to_owned(), value(tree, item)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

fn check(data: &[u8]) {
    let theirs = serde_json::from_slice::<Value>(data);
    let ours = Tree::parse(data, Budget::RECORD);
    match (ours, theirs) {
        (Ok(tree), Ok(theirs)) => assert_eq!(value(&tree, tree.root()), theirs),
        (Err(_), Err(_)) => {}
        // serde_json must fit numbers into a double; Ward keeps the literal.
        (_, Err(e)) if e.to_string().starts_with("number out of range") => {}
        // serde_json allows 128 levels, Ward's budget 64.
        (Err(e), Ok(_)) if e.kind() == ErrorKind::Budget => {}
        (ours, theirs) => panic!(
            "{:?}: Ward {:?}, serde_json {:?}",
            String::from_utf8_lossy(data),
            ours.map(|_| ()),
            theirs.map(|_| ())
        ),
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-z\"\\\\/\u{0}-\u{20}é😀]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-c\"\\\\é]{0,2}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reads_what_serde_json_writes(value in any_value()) {
        check(value.to_string().as_bytes());
        check(serde_json::to_string_pretty(&value).unwrap().as_bytes());
    }

    #[test]
    fn judges_broken_texts_alike(value in any_value(), at in any::<prop::sample::Index>(), byte in any::<u8>(), how in 0..3u8) {
        let mut data = value.to_string().into_bytes();
        let at = at.index(data.len());
        match how {
            0 => data.insert(at, byte),
            1 => data[at] = byte,
            _ => drop(data.remove(at)),
        }
        check(&data);
    }

    #[test]
    fn judges_soup_alike(data in "[\\[\\]{}:,\"\\\\0-9eE+.a-u \t\n-]{0,16}") {
        check(data.as_bytes());
    }

    #[test]
    fn judges_escapes_alike(data in "(\\\\u[dD][89abAB][0-9a-f]{2}|\\\\u[dD][c-fC-F][0-9a-f]{2}|\\\\u00[0-9a-f]{2}|\\\\[\"\\\\/bfnrtux]|[a-z]){0,6}") {
        check(format!("[\"{data}\"]").as_bytes());
    }
}
