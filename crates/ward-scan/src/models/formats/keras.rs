//! Keras: the graph of layers as JSON, in an archive (`.keras`), in HDF5 (`.h5`) or alone.
//!
//! Loading builds each layer from its class name, and a class name may be anything that the loader can import. What is
//! looked for, at any depth: `Lambda` layers (Python bytecode), and objects whose module is not Keras's.
//!
//! Source: Keras documentation, "Save, serialize, and export models"; CVE-2024-3660, CVE-2025-1550, CVE-2025-8747.

use ward_evidence::{RuleMeta, Severity, controls::MOD_1A};
use ward_formats::{
    Budget,
    json::{JsonKind, NodeId, Tree},
};

use super::{found, not_read, shown};
use crate::{Blob, Findings};

/// Python code as a layer.
pub(crate) static LAMBDA: RuleMeta = RuleMeta {
    id: "models/keras-lambda",
    severity: Severity::Critical,
    controls: &[MOD_1A],
    summary: "The model holds Python code as a Lambda layer.",
    docs: "A `Lambda` layer is a Python function, stored as bytecode, that runs when the model is loaded or used.\n\n\
        Instead: ask for a model whose layers are classes, with their source, or for the weights alone as safetensors. \
        Keras 3 refuses such a file unless `safe_mode=False`: leave it refused.\n\n\
        Source: CVE-2024-3660; Keras documentation of `Lambda`.",
};

/// Objects from elsewhere.
pub(crate) static MODULE: RuleMeta = RuleMeta {
    id: "models/keras-module",
    severity: Severity::High,
    controls: &[MOD_1A],
    summary: "The model names a class or function from outside of Keras.",
    docs: "A configuration of Keras 3 names the module of every object, and the loader imports it. A module that is not Keras's \
        can be any module of the machine: `os`, `subprocess`, `builtins`.\n\n\
        Example: `{\"module\": \"os\", \"class_name\": \"system\", ..}`.\n\n\
        Instead: do not load it. When the class is your own, say so in a suppression with a reason.\n\n\
        Source: CVE-2025-1550.",
};

/// The longest configuration that is read, bytes.
const LONGEST: usize = 64 << 20;

/// Bytes of an HDF5 file that are searched at a time, and how much two pieces share.
const PIECE: usize = 4 << 20;

/// The most bytes of an HDF5 file that are searched.
const MOST: u64 = 64 << 30;

const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Modules whose classes a loader of Keras knows by itself.
const OWN: &[&str] = &[
    "keras",
    "keras_nlp",
    "keras_hub",
    "keras_cv",
    "keras_core",
    "tensorflow.keras",
    "tensorflow.python.keras",
    "tf_keras",
    "builtins",
];

/// A configuration alone: JSON with a Keras class at its top.
pub(crate) fn is_config(blob: &Blob<'_>, head: &[u8]) -> bool {
    blob.name().ends_with(".json")
        && contains(head, b"\"class_name\"")
        && (contains(head, b"\"layers\"") || contains(head, b"\"config\""))
}

pub(crate) fn config(blob: &Blob<'_>, findings: &mut Findings) {
    match blob.content.whole(LONGEST) {
        Ok(Some(bytes)) => {
            if !judge(blob, findings, &bytes) {
                findings.not_examined(
                    blob.place.clone(),
                    "the configuration of the model is no JSON that can be read",
                );
            }
        }
        Ok(None) => findings.not_examined(
            blob.place.clone(),
            "the configuration of the model is longer than 64 MiB",
        ),
        Err(_) => not_read(blob, findings),
    }
}

/// HDF5 by its magic, at the beginning (a user block before it is rare and makes the file unknown).
pub(crate) fn is_hdf5(_: &Blob<'_>, head: &[u8]) -> bool {
    head.starts_with(HDF5)
}

/// Looks for configurations in the file's attributes. HDF5 stores a string attribute as it is, so the JSON stands in the file
/// in one piece; each beginning of one is read to its end.
pub(crate) fn hdf5(blob: &Blob<'_>, findings: &mut Findings) {
    let len = blob.content.len();
    if len > MOST {
        return findings.not_examined(blob.place.clone(), "the file is longer than 64 GiB");
    }
    let mut at = 0_u64;
    let mut after = 0_u64;
    while at < len {
        let Ok(piece) = blob.content.at(at, PIECE + 64) else {
            return not_read(blob, findings);
        };
        for start in beginnings(&piece) {
            let start = at + start as u64;
            if start < after {
                continue;
            }
            let Ok(text) = blob.content.at(start, LONGEST) else {
                return not_read(blob, findings);
            };
            match object(&text) {
                Some(json) => {
                    after = start + json.len() as u64;
                    if !judge(blob, findings, json) {
                        findings.not_examined(
                            blob.place.clone(),
                            "a configuration inside the file is no JSON that can be read",
                        );
                    }
                }
                None => {
                    findings.not_examined(blob.place.clone(), "a configuration inside the file has no end");
                    return;
                }
            }
        }
        at += PIECE as u64;
    }
}

/// Where a configuration of Keras may begin.
fn beginnings(piece: &[u8]) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for opening in [
        &b"{\"class_name\":"[..],
        b"{\"module\":",
        b"{\"config\":",
        b"{\"name\":",
        b"{\"backend\":",
    ] {
        found.extend(memchr::memmem::find_iter(piece, opening));
    }
    found.sort_unstable();
    found.retain(|start| *start < PIECE);
    found
}

/// The JSON object that `text` begins with.
fn object(text: &[u8]) -> Option<&[u8]> {
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return text.get(..=at);
                }
            }
            0 => return None,
            _ => {}
        }
    }
    None
}

/// Judges every object of a configuration. False: it cannot be read.
pub(crate) fn judge(blob: &Blob<'_>, findings: &mut Findings, json: &[u8]) -> bool {
    let budget = Budget {
        bytes: LONGEST,
        depth: 512,
        items: 4_000_000,
    };
    let Ok(tree) = Tree::parse(json, budget) else {
        return false;
    };
    if !tree.duplicate_keys().is_empty() {
        found(
            blob,
            findings,
            &MODULE,
            Severity::High,
            "a key stands twice in the configuration: readers differ in which they take".to_owned(),
            "twice",
        );
    }
    let mut told: Vec<String> = Vec::new();
    for node in tree.values().filter(|node| tree.kind(*node) == JsonKind::Object) {
        let text = |key: &str| tree.get(node, key).and_then(|value| tree.str(value)).unwrap_or("");
        let (class, module) = (text("class_name"), text("module"));
        if class.is_empty() && module.is_empty() {
            continue;
        }
        let fault = object_fault(&tree, node, class, module);
        if let Some((rule, severity, note)) = fault
            && told.len() < 1_000
            && !told.contains(&note)
        {
            told.push(note.clone());
            found(blob, findings, rule, severity, note, &format!("{module}.{class}"));
        }
    }
    true
}

fn object_fault(tree: &Tree, node: NodeId, class: &str, module: &str) -> Option<(&'static RuleMeta, Severity, String)> {
    if matches!(class, "Lambda" | "__lambda__") {
        return Some((&LAMBDA, Severity::Critical, format!("an object of class {class}")));
    }
    let own = OWN
        .iter()
        .any(|own| module == *own || module.strip_prefix(own).is_some_and(|rest| rest.starts_with('.')));
    // "builtins" with class "function" refers to a function of the config's own text.
    let function = matches!(class, "function" | "builtin_function_or_method");
    let named = tree
        .get(node, "config")
        .and_then(|config| tree.str(config))
        .unwrap_or("");
    if module.is_empty() || (own && module != "builtins") {
        return None;
    }
    if module == "builtins" {
        return (function || matches!(class, "eval" | "exec" | "compile" | "__import__" | "getattr" | "open")).then(
            || {
                let harmful =
                    matches!(named, "eval" | "exec" | "compile" | "__import__" | "getattr" | "open") || !function;
                let severity = if harmful { Severity::Critical } else { Severity::Medium };
                (
                    &MODULE,
                    severity,
                    format!(
                        "function {} of Python itself or of the loading program",
                        shown(if function { named } else { class })
                    ),
                )
            },
        );
    }
    let severity = if crate::models::formats::is_dangerous_module(module) {
        Severity::Critical
    } else {
        Severity::Medium
    };
    let what = if function { named } else { class };
    Some((
        &MODULE,
        severity,
        format!("{} of module {}", shown(what), shown(module)),
    ))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn severities(name: &str, bytes: &[u8], scan: fn(&Blob<'_>, &mut Findings)) -> (Vec<Severity>, usize) {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes(name, bytes), &mut findings);
        (
            findings.found.iter().map(|one| one.severity).collect(),
            findings.not_examined.len(),
        )
    }

    const DENSE: &str = r#"{"module":"keras.layers","class_name":"Dense","config":{"units":3,"activation":"relu","kernel_initializer":{"module":"keras.initializers","class_name":"GlorotUniform","config":{"seed":null}}}}"#;

    fn model(layer: &str) -> String {
        format!(
            r#"{{"module":"keras","class_name":"Functional","config":{{"layers":[{DENSE},{layer}]}},"registered_name":null}}"#
        )
    }

    #[test]
    fn layers() {
        for (layer, expect) in [
            (DENSE.to_owned(), vec![]),
            (
                r#"{"class_name":"Lambda","config":{"function":["4wEAAAA=",null,null]}}"#.to_owned(),
                vec![Severity::Critical],
            ),
            (
                r#"{"module":"os","class_name":"system","config":{"command":"x"}}"#.to_owned(),
                vec![Severity::Critical],
            ),
            (
                r#"{"module":"my_project.layers","class_name":"Attention","config":{}}"#.to_owned(),
                vec![Severity::Medium],
            ),
            (
                r#"{"module":"subprocess","class_name":"function","config":"run"}"#.to_owned(),
                vec![Severity::Critical],
            ),
            (
                r#"{"module":"builtins","class_name":"function","config":"eval"}"#.to_owned(),
                vec![Severity::Critical],
            ),
            (
                r#"{"module":"keras_evil","class_name":"X","config":{}}"#.to_owned(),
                vec![Severity::Medium],
            ),
            (
                format!(
                    r#"{{"class_name":"TimeDistributed","config":{{"layer":{}}}}}"#,
                    r#"{"class_name":"Lambda","config":{}}"#
                ),
                vec![Severity::Critical],
            ),
        ] {
            let json = model(&layer);
            assert_eq!(
                severities("config.json", json.as_bytes(), config),
                (expect.clone(), 0),
                "{layer}"
            );
            let mut h5 = HDF5.to_vec();
            h5.extend([0; 3000]);
            h5.extend(json.as_bytes());
            h5.extend([0; 500]);
            assert_eq!(severities("m.h5", &h5, hdf5), (expect, 0), "{layer} in HDF5");
        }
    }

    #[test]
    fn what_has_no_end_is_not_examined() {
        let mut h5 = HDF5.to_vec();
        h5.extend(br#"{"class_name":"Sequential","config":{"layers":["#);
        assert_eq!(severities("m.h5", &h5, hdf5), (vec![], 1));
        assert_eq!(severities("config.json", br#"{"class_name":"#, config), (vec![], 1));
    }
}
