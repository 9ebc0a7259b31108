//! `MLmodel`: the description of a model that MLflow has logged. Loading imports the module that each flavor names, puts the
//! folder's own code on Python's path, and runs the script of a model that is one.
//!
//! Source: MLflow documentation, "MLflow Models", storage format and "Models from Code".

use ward_evidence::Severity;
use ward_formats::{
    Budget,
    yaml::{Value, Yaml},
};

use super::{found, not_read, settings::REMOTE, shown};
use crate::{Blob, Findings};

/// The longest description that is read, bytes.
const LONGEST: usize = 1 << 20;

pub(crate) fn sniff(blob: &Blob<'_>, _: &[u8]) -> bool {
    blob.name() == "mlmodel"
}

pub(crate) fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    let bytes = match blob.content.whole(LONGEST) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return findings.not_examined(blob.place.clone(), "the description is longer than 1 MiB"),
        Err(_) => return not_read(blob, findings),
    };
    let budget = Budget {
        bytes: LONGEST,
        depth: 64,
        items: 100_000,
    };
    let Ok(yaml) = Yaml::parse(&bytes, budget) else {
        return findings.not_examined(blob.place.clone(), "the description is no YAML that can be read");
    };
    let flavors = yaml.root().and_then(|root| root.get("flavors"));
    for (name, flavor) in flavors.into_iter().flat_map(Value::entries) {
        let name = shown(name.text().unwrap_or_default());
        if let Some(module) = flavor.text_of("loader_module")
            && module != "mlflow"
            && !module.starts_with("mlflow.")
        {
            let note = format!("the flavor {name} is loaded by the module {}", shown(module));
            found(blob, findings, &REMOTE, Severity::High, note, module);
        }
        for key in ["code", "model_code_path"] {
            if let Some(path) = flavor.text_of(key).filter(|path| !matches!(*path, "null" | "~" | "")) {
                let note = format!(
                    "the flavor {name} runs Python code that comes with the model: {}",
                    shown(path)
                );
                found(blob, findings, &REMOTE, Severity::Medium, note, path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_and_code_are_told() {
        for (flavor, expect) in [
            (
                "loader_module: mlflow.sklearn\n    model_path: model.pkl\n    code: null\n    env: conda.yaml",
                vec![],
            ),
            ("loader_module: os", vec![Severity::High]),
            ("loader_module: mlflowx", vec![Severity::High]),
            (
                "loader_module: mlflow.pyfunc.model\n    code: code",
                vec![Severity::Medium],
            ),
            ("model_code_path: agent.py", vec![Severity::Medium]),
        ] {
            let text = format!("artifact_path: model\nflavors:\n  python_function:\n    {flavor}\n");
            let blob = Blob::of_bytes("model/MLmodel", text.as_bytes());
            assert!(sniff(&blob, text.as_bytes()));
            let mut findings = Findings::default();
            scan(&blob, &mut findings);
            let severities: Vec<_> = findings.found.iter().map(|one| one.severity).collect();
            assert_eq!((severities, findings.not_examined.len()), (expect, 0), "{flavor}");
        }
    }

    #[test]
    fn what_is_no_yaml_is_not_examined() {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes("MLmodel", b"flavors: [\n"), &mut findings);
        assert_eq!(findings.not_examined.len(), 1);
    }
}
