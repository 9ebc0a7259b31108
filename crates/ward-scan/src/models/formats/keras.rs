//! Keras: the graph of layers as JSON, in an archive (`.keras`), in HDF5 (`.h5`) or alone.
//!
//! Loading builds each layer from its class name, and a class name may be anything that the loader can import. What is
//! looked for, at any depth: `Lambda` layers (Python bytecode), and objects whose module is not Keras's.
//!
//! Of what is Keras's own, the few parts that load, download or read files are told too.
//!
//! Source: Keras documentation, "Save, serialize, and export models"; CVE-2024-3660, CVE-2025-1550, CVE-2025-8747,
//! CVE-2025-9906, CVE-2025-12058, CVE-2025-49655.

use ward_evidence::{RuleMeta, Severity, controls::MOD_1A};
use ward_formats::{
    Budget,
    json::{JsonKind, NodeId, Tree},
};

use super::{found, not_read, shown};
use crate::{Blob, Findings, models::gadgets};

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
    summary: "The model names a class or function from outside of Keras, or one of Keras that loads files.",
    docs: "A configuration of Keras 3 names the module of every object, and the loader imports it. A module that is not Keras's \
        can be any module of the machine: `os`, `subprocess`, `builtins`.\n\n\
        Example: `{\"module\": \"os\", \"class_name\": \"system\", ..}`. Keras itself has a few that are as good: `keras.utils.get_file` \
        downloads, `keras.models.load_model` loads another model, `TorchModuleWrapper` unpickles.\n\n\
        Instead: do not load it. When the class is your own, say so in a suppression with a reason.\n\n\
        Source: CVE-2025-1550, CVE-2025-8747, CVE-2025-9906, CVE-2025-49655.",
};

/// Classes of Keras that load more than the configuration says, and what they do.
const LOADING: &[(&str, Severity, &str)] = &[
    (
        "TorchModuleWrapper",
        Severity::Critical,
        "it unpickles a module of PyTorch",
    ),
    (
        "TFSMLayer",
        Severity::High,
        "it loads a model of TensorFlow from a path",
    ),
];

/// Parts of Keras whose functions download, load and switch off safety, and that no layer is made of.
const TOOLS: &[&str] = &[
    "utils",
    "config",
    "saving",
    "models",
    "datasets",
    "export",
    "applications",
    "callbacks",
];

/// Layers that read their words from a file when they are given a path.
const LOOKUPS: &[&str] = &["StringLookup", "IntegerLookup", "TextVectorization"];

/// The longest configuration that is read, bytes.
pub(super) const LONGEST: usize = 64 << 20;

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

/// Longest file with the ending of JSON that is searched for classes of Keras.
const SEARCHED: usize = 16 << 20;

/// A configuration alone: JSON with classes of Keras, wherever they begin.
pub(crate) fn is_config(blob: &Blob<'_>, head: &[u8]) -> bool {
    let names = |bytes: &[u8]| {
        contains(bytes, b"\"class_name\"") && (contains(bytes, b"\"layers\"") || contains(bytes, b"\"config\""))
    };
    blob.name().ends_with(".json")
        && head.trim_ascii_start().starts_with(b"{")
        && (names(head) || matches!(blob.content.whole(SEARCHED), Ok(Some(bytes)) if names(&bytes)))
}

/// True for settings that hold classes of Keras, also where letters of the key are written as escapes.
pub(crate) fn may_be_config(json: &[u8]) -> bool {
    contains(json, b"class_name") || contains(json, b"\\u00")
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
        return loading(tree, node, class, module, if function { named } else { class });
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
    let what = if function { named } else { class };
    let severity = gadgets::find(module, what).map_or(Severity::Medium, |gadget| gadget.severity);
    Some((
        &MODULE,
        severity,
        format!("{} of module {}", shown(what), shown(module)),
    ))
}

/// What an object of Keras's own does beyond computing.
fn loading(
    tree: &Tree,
    node: NodeId,
    class: &str,
    module: &str,
    what: &str,
) -> Option<(&'static RuleMeta, Severity, String)> {
    if let Some((name, severity, does)) = LOADING.iter().find(|(name, ..)| *name == class) {
        return Some((&MODULE, *severity, format!("{name}: {does}")));
    }
    let function = what.starts_with(|first: char| first.is_ascii_lowercase());
    if function && module.split('.').any(|part| TOOLS.contains(&part)) {
        let note = format!("function {} of {}: no layer is made of it", shown(what), shown(module));
        return Some((&MODULE, Severity::High, note));
    }
    let words = tree
        .get(node, "config")
        .filter(|_| LOOKUPS.contains(&class))
        .and_then(|config| tree.get(config, "vocabulary"))
        .and_then(|words| tree.str(words))?;
    super::leaves(words).then(|| {
        let note = format!("{class} reads its words from a file outside of the model");
        (&MODULE, Severity::High, note)
    })
}

pub(super) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

#[cfg(test)]
mod tests {
    use super::{
        super::hdf5::{self, MAGIC},
        *,
    };

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
            // Keras's own, and more than layers.
            (
                r#"{"module":"keras.utils","class_name":"function","config":"get_file","registered_name":"get_file"}"#
                    .to_owned(),
                vec![Severity::High],
            ),
            (
                r#"{"module":"keras.src.saving.saving_api","class_name":"load_model","config":{}}"#.to_owned(),
                vec![Severity::High],
            ),
            (
                r#"{"module":"keras.layers","class_name":"TorchModuleWrapper","config":{"module":{"class_name":"__bytes__","config":"gAR9"}}}"#.to_owned(),
                vec![Severity::Critical],
            ),
            (
                r#"{"class_name":"TFSMLayer","config":{"filepath":"x"}}"#.to_owned(),
                vec![Severity::High],
            ),
            (
                r#"{"module":"keras.layers","class_name":"StringLookup","config":{"vocabulary":"/etc/passwd"}}"#
                    .to_owned(),
                vec![Severity::High],
            ),
            // As honest models have them.
            (
                r#"{"module":"keras.layers","class_name":"StringLookup","config":{"vocabulary":["a","b"]}}"#.to_owned(),
                vec![],
            ),
            (
                r#"{"module":"keras.layers","class_name":"TextVectorization","config":{"vocabulary":"words.txt"}}"#
                    .to_owned(),
                vec![],
            ),
            (
                r#"{"module":"keras.utils","class_name":"FeatureSpace","config":{}}"#.to_owned(),
                vec![],
            ),
            (
                r#"{"module":"keras.activations","class_name":"function","config":"relu"}"#.to_owned(),
                vec![],
            ),
            (
                r#"{"module":"keras.src.models.functional","class_name":"Functional","config":{}}"#.to_owned(),
                vec![],
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
            let mut h5 = MAGIC.to_vec();
            h5.extend([0; 3000]);
            h5.extend(json.replacen('{', "{\n  ", 1).as_bytes());
            h5.extend([0; 500]);
            assert_eq!(severities("m.h5", &h5, hdf5::scan), (expect, 0), "{layer} in HDF5");
        }
    }

    #[test]
    fn configurations_are_found_where_they_begin_late_or_are_written_otherwise() {
        let late = model(r#"{"class_name":"Lambda","config":{}}"#).replacen(
            '{',
            &format!("{{\"x\":\"{}\",", "y".repeat(9_000)),
            1,
        );
        let blob = Blob::of_bytes("model.json", late.as_bytes());
        assert!(is_config(&blob, late.get(..4096).unwrap().as_bytes()));
        let escaped = late.replace("class_name", "\\u0063lass_name");
        let mut h5 = vec![0; 512];
        h5.extend(MAGIC);
        h5.extend([0; 30]);
        h5.extend(escaped.as_bytes());
        assert!(hdf5::sniff(&Blob::of_bytes("m.h5", &h5), &h5));
        assert_eq!(severities("m.h5", &h5, hdf5::scan), (vec![Severity::Critical], 0));
        // Numbers that look like a beginning.
        let mut h5 = MAGIC.to_vec();
        h5.extend(b"{\"a\":1,\x00\x01{\"b\":\xff");
        assert_eq!(severities("m.h5", &h5, hdf5::scan), (vec![], 0));
    }

    #[test]
    fn what_has_no_end_is_not_examined() {
        let mut h5 = MAGIC.to_vec();
        h5.extend(br#"{"class_name":"Sequential","config":{"layers":["#);
        assert_eq!(severities("m.h5", &h5, hdf5::scan), (vec![], 1));
        assert_eq!(severities("config.json", br#"{"class_name":"#, config), (vec![], 1));
    }
}
