//! Checkpoints to safetensors: tensors by the bytes they must have.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(unreachable_pub, reason = "the assembler is shared with other tests")]
#![allow(dead_code, reason = "the assembler has more than is used here")]

#[path = "models/assembler.rs"]
mod assembler;

use std::{collections::BTreeMap, fs, path::Path};

use assembler::{Member, call, global, harm, pickle, text, zip};
use serde_json::Value;
use ward_formats::input::Input;
use ward_scan::models::convert::{Error, Summary, convert};

fn int(number: u8) -> Vec<u8> {
    vec![b'K', number]
}

fn tuple(items: &[u8]) -> Vec<u8> {
    [
        b"(".to_vec(),
        items.iter().flat_map(|item| int(*item)).collect(),
        b"t".to_vec(),
    ]
    .concat()
}

/// A tensor over storage `key` of `items` items.
fn tensor(kind: &str, key: &str, items: u8, offset: u8, shape: &[u8], strides: &[u8]) -> Vec<u8> {
    let storage = [
        &b"("[..],
        &text("storage"),
        &global("torch", kind),
        &text(key),
        &text("cpu"),
        &int(items),
        b"tQ",
    ]
    .concat();
    let hooks = call(global("collections", "OrderedDict"), &[]);
    call(
        global("torch._utils", "_rebuild_tensor_v2"),
        &[
            storage,
            int(offset),
            tuple(shape),
            tuple(strides),
            b"\x89".to_vec(),
            hooks,
        ],
    )
}

/// A dictionary.
fn dict(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let body: Vec<u8> = entries
        .iter()
        .flat_map(|(key, value)| [text(key), value.clone()].concat())
        .collect();
    [b"}(".to_vec(), body, b"u".to_vec()].concat()
}

/// A checkpoint of today's format.
fn archive(value: Vec<u8>, storages: &[(&str, Vec<u8>)], method: u16) -> Vec<u8> {
    let mut members = vec![
        Member::new("m/data.pkl", pickle(value)),
        Member::new("m/byteorder", b"little".to_vec()),
    ];
    for (key, bytes) in storages {
        members.push(Member {
            method,
            ..Member::new(&format!("m/data/{key}"), bytes.clone())
        });
    }
    zip(&members)
}

/// A checkpoint of the older format.
fn old(value: Vec<u8>, storages: &[(&str, u64, Vec<u8>)]) -> Vec<u8> {
    let mut out = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.".to_vec();
    out.extend(pickle(value));
    let keys: Vec<u8> = storages.iter().flat_map(|(key, ..)| text(key)).collect();
    out.extend(pickle([b"](".to_vec(), keys, b"e".to_vec()].concat()));
    for (_, items, bytes) in storages {
        out.extend(items.to_le_bytes());
        out.extend(bytes);
    }
    out
}

type Tensors = BTreeMap<String, (String, Vec<u64>, Vec<u8>)>;

/// Reads a safetensors file by its specification.
fn read(file: &[u8]) -> Tensors {
    let len = usize::try_from(u64::from_le_bytes(*file.first_chunk().unwrap())).unwrap();
    assert_eq!(len % 8, 0);
    let header: BTreeMap<String, Value> = serde_json::from_slice(&file[8..8 + len]).unwrap();
    assert_eq!(header["__metadata__"]["format"], "pt");
    let data = &file[8 + len..];
    let mut covered = 0;
    let tensors: Tensors = header
        .into_iter()
        .filter(|(name, _)| name != "__metadata__")
        .map(|(name, about)| {
            let offsets: Vec<usize> = serde_json::from_value(about["data_offsets"].clone()).unwrap();
            covered += offsets[1] - offsets[0];
            let shape = serde_json::from_value(about["shape"].clone()).unwrap();
            let dtype = about["dtype"].as_str().unwrap().to_owned();
            (name, (dtype, shape, data[offsets[0]..offsets[1]].to_vec()))
        })
        .collect();
    assert_eq!(covered, data.len(), "no gaps");
    tensors
}

fn converted(file: &[u8]) -> Result<(Summary, Tensors), Error> {
    let mut out = Vec::new();
    let summary = convert(Input::of_bytes(file), &mut |bytes| {
        out.extend_from_slice(bytes);
        Ok(())
    })?;
    assert_eq!(summary.bytes, out.len() as u64);
    let tensors = read(&out);
    assert_eq!(summary.tensors, tensors.len());
    Ok((summary, tensors))
}

#[track_caller]
fn check(value: Vec<u8>, expect: &[(&str, &str, &[u64], &[u8])]) {
    let bytes: Vec<u8> = (0..24).collect();
    let files = [
        archive(value.clone(), &[("0", bytes.clone())], 0),
        archive(value.clone(), &[("0", bytes.clone())], 8),
        old(value, &[("0", 12, bytes)]),
    ];
    let expect: Tensors = expect
        .iter()
        .map(|(name, kind, shape, bytes)| ((*name).to_owned(), ((*kind).to_owned(), shape.to_vec(), bytes.to_vec())))
        .collect();
    for file in files {
        let (_, tensors) = converted(&file).unwrap();
        assert_eq!(tensors, expect);
    }
}

#[test]
fn tensors_keep_their_bytes() {
    let half = |offset, shape: &[u8], strides: &[u8]| tensor("HalfStorage", "0", 12, offset, shape, strides);
    check(
        dict(&[("w", half(0, &[2, 2], &[2, 1]))]),
        &[("w", "F16", &[2, 2], &[0, 1, 2, 3, 4, 5, 6, 7])],
    );
    // Transposed, with steps, repeated, and a single number.
    check(
        dict(&[("t", half(0, &[2, 2], &[1, 2]))]),
        &[("t", "F16", &[2, 2], &[0, 1, 4, 5, 2, 3, 6, 7])],
    );
    check(
        dict(&[("s", half(1, &[3], &[4]))]),
        &[("s", "F16", &[3], &[2, 3, 10, 11, 18, 19])],
    );
    check(
        dict(&[("r", half(1, &[2, 2], &[0, 1]))]),
        &[("r", "F16", &[2, 2], &[2, 3, 4, 5, 2, 3, 4, 5])],
    );
    check(dict(&[("n", half(5, &[], &[]))]), &[("n", "F16", &[], &[10, 11])]);
    check(dict(&[("e", half(0, &[0, 3], &[3, 1]))]), &[("e", "F16", &[0, 3], &[])]);
    // Two over one storage; a parameter; dictionaries and lists inside each other.
    let parameter = call(
        global("torch._utils", "_rebuild_parameter"),
        &[half(0, &[1], &[1]), b"\x88".to_vec(), b"}".to_vec()],
    );
    let list = [b"]".to_vec(), half(2, &[1], &[1]), b"a".to_vec()].concat();
    check(
        dict(&[
            ("a", dict(&[("b", half(0, &[1], &[1])), ("c", list)])),
            ("p", parameter),
        ]),
        &[
            ("a.b", "F16", &[1], &[0, 1]),
            ("a.c.0", "F16", &[1], &[4, 5]),
            ("p", "F16", &[1], &[0, 1]),
        ],
    );
    check(half(0, &[1], &[1]), &[("tensor", "F16", &[1], &[0, 1])]);
    for (storage, kind, size) in [
        ("DoubleStorage", "F64", 8u8),
        ("FloatStorage", "F32", 4),
        ("BFloat16Storage", "BF16", 2),
        ("LongStorage", "I64", 8),
        ("IntStorage", "I32", 4),
        ("ShortStorage", "I16", 2),
        ("CharStorage", "I8", 1),
        ("ByteStorage", "U8", 1),
        ("BoolStorage", "BOOL", 1),
    ] {
        let bytes: Vec<u8> = (0..24).collect();
        let value = tensor(storage, "0", 24 / size, 1, &[2], &[1]);
        let (_, tensors) = converted(&archive(value, &[("0", bytes.clone())], 0)).unwrap();
        let size = usize::from(size);
        assert_eq!(
            tensors["tensor"],
            (kind.to_owned(), vec![2], bytes[size..3 * size].to_vec())
        );
    }
}

#[test]
fn what_is_no_tensor_is_named_and_left_out() {
    let value = dict(&[("epoch", int(3)), ("w", tensor("ByteStorage", "0", 1, 0, &[1], &[1]))]);
    let (summary, _) = converted(&archive(value, &[("0", vec![7])], 0)).unwrap();
    assert_eq!(
        (summary.left_out, summary.left_out_count),
        (vec!["epoch".to_owned()], 1)
    );
}

#[test]
fn an_archive_of_torchscript_is_refused_for_what_it_is() {
    let archive = zip(&[
        Member::new("m/data.pkl", pickle(dict(&[]))),
        Member::new("m/constants.pkl", pickle(b")")),
        Member::new("m/code/__torch__.py", b"class A(Module):\n".to_vec()),
    ]);
    assert!(matches!(converted(&archive), Err(Error::Input(why)) if why.contains("TorchScript")));
}

#[test]
fn nothing_in_a_checkpoint_runs() {
    let value = dict(&[("x", harm()), ("w", tensor("ByteStorage", "0", 1, 0, &[1], &[1]))]);
    let (summary, tensors) = converted(&archive(value, &[("0", vec![7])], 0)).unwrap();
    assert_eq!(tensors["w"].2, [7]);
    assert_eq!(summary.left_out, ["x"]);
}

#[test]
fn what_cannot_be_converted_is_refused() {
    let byte = |items, offset, shape: &[u8], strides: &[u8]| tensor("ByteStorage", "0", items, offset, shape, strides);
    let one = |value: Vec<u8>| archive(value, &[("0", vec![1, 2, 3, 4])], 0);
    let sparse = call(global("torch._utils", "_rebuild_sparse_tensor"), &[b"N".to_vec()]);
    let quantised = call(global("torch._utils", "_rebuild_qtensor"), &[b"N".to_vec()]);
    let itself = [b"]q\x00h\x00a".to_vec()].concat();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("past the end", one(byte(4, 2, &[3], &[1]))),
        ("past what the pickle claims", one(byte(2, 0, &[3], &[1]))),
        ("past the end by its steps", one(byte(4, 0, &[2, 2], &[3, 1]))),
        ("no such storage", archive(byte(4, 0, &[1], &[1]), &[("1", vec![0])], 0)),
        ("sparse", one(dict(&[("w", sparse)]))),
        ("quantised", one(dict(&[("w", quantised)]))),
        ("complex", one(tensor("ComplexFloatStorage", "0", 1, 0, &[1], &[1]))),
        ("a list in itself", one(itself)),
        ("nothing", one(b"}".to_vec())),
        (
            "two of one name",
            one(dict(&[
                ("a.b", byte(4, 0, &[1], &[1])),
                ("a", dict(&[("b", byte(4, 0, &[1], &[1]))])),
            ])),
        ),
        (
            "far too long",
            one(byte(4, 0, &[255, 255, 255, 255, 255], &[0, 0, 0, 0, 0])),
        ),
        ("another archive", zip(&[Member::new("a.txt", vec![])])),
        ("a storage twice", {
            let members = [
                Member::new("m/data.pkl", pickle(byte(1, 0, &[1], &[1]))),
                Member::new("m/data/0", vec![1]),
                Member::new("m/data/0", vec![2]),
            ];
            zip(&members)
        }),
        ("big-endian", {
            let members = [
                Member::new("m/data.pkl", pickle(byte(1, 0, &[1], &[1]))),
                Member::new("m/byteorder", b"big".to_vec()),
                Member::new("m/data/0", vec![1]),
            ];
            zip(&members)
        }),
        (
            "an old one that is cut",
            old(byte(4, 0, &[1], &[1]), &[("0", 9, vec![1])]),
        ),
        ("a pickle", pickle(b"N")),
        ("no bytes", Vec::new()),
    ];
    for (what, file) in cases {
        assert!(converted(&file).is_err(), "{what}");
    }
}

/// Two files that PyTorch wrote of one layer, in today's format and the older one; see the folder's README.
#[test]
fn both_formats_of_pytorch_give_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/models_scan");
    let (_, new) = converted(&fs::read(folder.join("real-state.pt")).unwrap()).unwrap();
    let (_, old) = converted(&fs::read(folder.join("real-legacy.pth")).unwrap()).unwrap();
    for name in ["weight", "bias"] {
        assert_eq!(new[name], old[&format!("model.{name}")]);
        assert_eq!(new[name].0, "F32");
    }
    assert_eq!(new["weight"].1, [2, 2]);
}
