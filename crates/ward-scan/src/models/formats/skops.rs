//! skops: scikit-learn's models as an archive with a description in JSON (`schema.json`), which names a class for every
//! object and a loader for every class.
//!
//! Source: skops documentation, "Secure persistence with skops", and the format its `dumps` writes.

use ward_evidence::Severity;
use ward_formats::{
    Budget,
    json::{JsonKind, Tree},
};

use super::{found, not_read, shown};
use crate::{
    Blob, Findings,
    models::{allow, gadgets, rules},
};

/// Longest description that is read, bytes.
const LONGEST: usize = 64 << 20;
/// Names of one file that are told.
const MOST: usize = 60;

/// The description: its name, and the key of loaders.
pub(crate) fn sniff(blob: &Blob<'_>, head: &[u8]) -> bool {
    blob.name() == "schema.json" && memchr::memmem::find(head, b"__loader__").is_some()
}

/// Judges every name that the description has imported.
pub(crate) fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    let bytes = match blob.content.whole(LONGEST) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return findings.not_examined(blob.place.clone(), "the description is longer than 64 MiB"),
        Err(_) => return not_read(blob, findings),
    };
    let budget = Budget {
        bytes: LONGEST,
        depth: 512,
        items: 4_000_000,
    };
    let Ok(tree) = Tree::parse(&bytes, budget) else {
        return findings.not_examined(blob.place.clone(), "the description is no JSON that can be read");
    };
    let mut told: Vec<String> = Vec::new();
    for node in tree.values().filter(|node| tree.kind(*node) == JsonKind::Object) {
        for (module, name) in [
            ("__module__", "__class__"),
            ("module_path", "function"),
            ("module_path", "class"),
            ("module", "func"),
        ] {
            let text = |key: &str| tree.get(node, key).and_then(|value| tree.str(value));
            let (Some(module), Some(name)) = (text(module), text(name)) else {
                continue;
            };
            let path = format!("{module}.{name}");
            let Some((rule, severity, why)) = judge(module, name) else {
                continue;
            };
            if told.len() < MOST && !told.contains(&path) {
                let note = format!("loading makes or calls {}, which {why}", shown(&path));
                found(blob, findings, rule, severity, note, &path);
                told.push(path);
            }
        }
    }
}

fn judge(module: &str, name: &str) -> Option<(&'static ward_evidence::RuleMeta, Severity, &'static str)> {
    // The format's own words for what holds data or refers to something that is named beside it.
    let own = matches!(
        name,
        "function"
            | "builtin_function_or_method"
            | "type"
            | "method"
            | "method_descriptor"
            | "ufunc"
            | "partial"
            | "_BaseScorer"
            | "slice"
            | "mappingproxy"
            | "BufferedReader"
    ) && matches!(module, "builtins" | "types" | "numpy" | "functools");
    if own || allow::of(module, name).is_some_and(|_| name != "getattr") {
        return None;
    }
    match gadgets::find(module, name) {
        Some(gadget) => {
            let rule = if gadget.severity == Severity::Critical {
                &rules::EXECUTES
            } else {
                &rules::REACHES
            };
            Some((rule, gadget.severity, gadget.does))
        }
        None if module == "numpy" || module.starts_with("numpy.") || module.starts_with("scipy.special") => None,
        None => Some((&rules::UNKNOWN, Severity::Medium, "Ward does not know")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(class: &str, module: &str, expect: &[Severity]) {
        let text = format!(
            r#"{{"__class__":"LogisticRegression","__module__":"sklearn.linear_model._logistic","__loader__":"ObjectNode",
            "content":{{"__class__":"{class}","__module__":"{module}","__loader__":"ObjectNode","content":{{}}}}}}"#
        );
        let mut findings = Findings::default();
        let blob = Blob::of_bytes("schema.json", text.as_bytes());
        assert!(sniff(&blob, text.as_bytes()));
        scan(&blob, &mut findings);
        let got: Vec<_> = findings.found.iter().map(|one| one.severity).collect();
        assert_eq!((got.as_slice(), findings.not_examined.len()), (expect, 0), "{text}");
    }

    #[test]
    fn classes_and_functions() {
        check("dict", "builtins", &[]);
        check("ndarray", "numpy", &[]);
        check("Popen", "subprocess", &[Severity::Critical]);
        check("getattr", "builtins", &[Severity::High]);
        check("Net", "mymodel", &[Severity::Medium]);
    }
}
