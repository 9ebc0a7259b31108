//! Model files that run code when loaded, lie about their layout, or hide something.
//!
//! A format is one file in `models/` and one line in `FORMATS`. Containers (archives, compression) are formats too:
//! they are read the way the loaders of models read them, and hand what they hold back to `Walk`.

mod allow;
mod attributes;
pub mod convert;
mod dtype;
mod formats;
mod gadgets;
mod judge;
mod later;
mod numpy;
mod packed;
mod pickle;
mod rules;
mod script;
mod sevenz;
mod tar;
mod torch;
mod zip;

use std::{borrow::Cow, sync::LazyLock};

use ward_evidence::{Location, RuleMeta, Severity};
use ward_formats::{input::Input, pickle::is_base64, protobuf};

use crate::{
    Blob, Engine, Findings,
    report::{Found, More, Value},
};

/// The engine.
pub const ENGINE: Engine = Engine {
    name: "models",
    what: "model files that run code or lie about their layout",
    rules: || &ALL_RULES,
    scan,
    history: true,
    conclude: None,
};

/// Every rule of this engine.
static ALL_RULES: LazyLock<Vec<&'static RuleMeta>> = LazyLock::new(|| [rules::RULES, formats::RULES].concat());

/// A format of model files.
pub(crate) struct Format {
    /// What it is called, for a sentence.
    pub(crate) name: &'static str,
    /// True when the blob is of this format, by its first bytes (up to 4,096 of them) and if need be its name.
    pub(crate) sniff: fn(&Blob<'_>, head: &[u8]) -> bool,
    /// Looks at the blob. Faults go to [`Walk::findings`]; what it contains goes to [`Walk::inside`].
    pub(crate) scan: fn(&Blob<'_>, &mut Walk<'_>),
}

/// Every format, in the order in which they are tried: the first that fits is taken.
pub(crate) static FORMATS: &[Format] = &[
    Format {
        name: "GGUF",
        sniff: formats::tensors::is_gguf,
        scan: formats::tensors::gguf,
    },
    Format {
        name: "safetensors",
        sniff: formats::tensors::is_safetensors,
        scan: |blob, walk| formats::tensors::safetensors(blob, walk.findings),
    },
    Format {
        name: "HDF5",
        sniff: formats::hdf5::sniff,
        scan: |blob, walk| formats::hdf5::scan(blob, walk.findings),
    },
    Format {
        name: "TensorFlow Lite",
        sniff: formats::flat::sniff,
        scan: |blob, walk| formats::flat::scan(blob, walk.findings),
    },
    Format {
        name: "R object",
        sniff: formats::rds::sniff,
        scan: |blob, walk| formats::rds::scan(blob, walk.findings),
    },
    Format {
        name: "zip",
        sniff: zip::sniffed,
        scan: zip::scan,
    },
    Format {
        name: "NumPy array",
        sniff: numpy::sniffed,
        scan: numpy::scan,
    },
    Format {
        name: "compressed file",
        sniff: packed::sniffed,
        scan: packed::scan,
    },
    Format {
        name: "7z",
        sniff: sevenz::sniffed,
        scan: sevenz::scan,
    },
    Format {
        name: "tar",
        sniff: tar::sniffed,
        scan: tar::scan,
    },
    Format {
        name: "pickle",
        sniff: pickle::sniffed,
        scan: pickle::scan,
    },
    Format {
        name: "ONNX",
        sniff: formats::protobuf::is_onnx,
        scan: |blob, walk| formats::protobuf::onnx(blob, walk.findings),
    },
    Format {
        name: "SavedModel",
        sniff: formats::protobuf::is_saved_model,
        scan: |blob, walk| formats::protobuf::saved_model(blob, walk.findings),
    },
    Format {
        name: "TensorFlow graph",
        sniff: formats::protobuf::is_graph,
        scan: |blob, walk| formats::protobuf::graph(blob, walk.findings),
    },
    Format {
        name: "Core ML",
        sniff: formats::protobuf::is_core_ml,
        scan: |blob, walk| formats::protobuf::core_ml(blob, walk.findings),
    },
    Format {
        name: "description of MLflow",
        sniff: formats::mlflow::sniff,
        scan: |blob, walk| formats::mlflow::scan(blob, walk.findings),
    },
    Format {
        name: "description of skops",
        sniff: formats::skops::sniff,
        scan: |blob, walk| formats::skops::scan(blob, walk.findings),
    },
    Format {
        name: "Keras configuration",
        sniff: formats::keras::is_config,
        scan: |blob, walk| formats::keras::config(blob, walk.findings),
    },
    Format {
        name: "settings that have something called",
        sniff: script::builds,
        scan: |blob, walk| {
            script::lone_settings(blob, walk);
            let head = blob.content.at(0, HEAD).unwrap_or_default();
            if formats::settings::sniff(blob, &head) {
                formats::settings::scan(blob, walk.findings);
            }
        },
    },
    Format {
        name: "settings beside a model",
        sniff: formats::settings::sniff,
        scan: |blob, walk| formats::settings::scan(blob, walk.findings),
    },
    Format {
        name: "LightGBM text",
        sniff: formats::boosted::sniff,
        scan: formats::boosted::scan,
    },
    Format {
        name: "PMML",
        sniff: formats::markup::sniff,
        scan: |blob, walk| formats::markup::scan(blob, walk.findings),
    },
];

/// First bytes that a format is told by.
const HEAD: usize = 4096;
/// Containers in containers that are opened.
const DEEPEST: u8 = 8;
/// Bytes that may be decompressed for one blob.
const DECOMPRESSED: u64 = 2 << 30;

/// The way through one blob and everything inside it: where findings go, and what may still be spent.
pub(crate) struct Walk<'f> {
    /// Where faults go, and what could not be examined.
    pub(crate) findings: &'f mut Findings,
    /// True inside a TorchScript archive.
    pub(crate) script: bool,
    /// True inside an archive of a model, whose loader runs the Python code in it.
    pub(crate) code: bool,
    depth: u8,
    decompressed: u64,
}

impl<'f> Walk<'f> {
    pub(crate) fn new(findings: &'f mut Findings) -> Self {
        Self {
            findings,
            script: false,
            code: false,
            depth: 0,
            decompressed: 0,
        }
    }

    /// How many bytes may still be decompressed.
    pub(crate) fn left(&self) -> u64 {
        DECOMPRESSED - self.decompressed.min(DECOMPRESSED)
    }

    /// Says that bytes were decompressed.
    pub(crate) fn spend(&mut self, bytes: usize) {
        self.decompressed = self.decompressed.saturating_add(bytes as u64);
    }

    /// Examines what a container holds. True when it is of a known format.
    pub(crate) fn inside(&mut self, blob: &Blob<'_>) -> bool {
        let head = blob.content.at(0, HEAD).unwrap_or_default();
        self.dispatch(blob, &head)
    }

    /// Whether `first`, the beginning of what stands at `place`, is worth decompressing the rest: it is of a known format, or may
    /// be of one that only the whole tells.
    fn may_be_known(place: &Location, first: &packed::Unpacked) -> bool {
        let peek = blob_at(place.clone(), Input::of_bytes(&first.bytes));
        FORMATS.iter().any(|format| (format.sniff)(&peek, &first.bytes)) || first.more && protobuf::begins(&first.bytes)
    }

    fn dispatch(&mut self, blob: &Blob<'_>, head: &[u8]) -> bool {
        let format = FORMATS.iter().find(|format| (format.sniff)(blob, head));
        let tail = format.is_none_or(|format| format.name != "zip") && zip::at_the_end(blob, format.is_some());
        if format.is_none() && !tail {
            return false;
        }
        if self.depth >= DEEPEST {
            self.findings
                .not_examined(blob.place.clone(), "too many containers stand inside each other");
            return true;
        }
        self.depth += 1;
        if let Some(format) = format {
            (format.scan)(blob, self);
            if !formats::protobuf::NAMES.contains(&format.name) {
                formats::protobuf::beside(blob, self.findings);
            }
        }
        if tail {
            zip::scan(blob, self);
        }
        self.depth -= 1;
        true
    }

    /// Examines bytes inside a pickle, as they are and decoded. Nobody knows whether anything will load them, so that only
    /// what is found in them is told. A whole pickle in which nothing is found is told too, unless a call that is allowed
    /// to load it was seen (`expected`).
    pub(crate) fn nested(&mut self, content: Input<'_>, place: &Location, at: u64, expected: bool) {
        let place = place.clone().inside(&format!("bytes@{at}"));
        let head = content.at(0, HEAD).unwrap_or_default();
        let text = || content.at(0, LONGEST_TEXT).unwrap_or_default();
        let decoded = match head.get(..2) {
            Some(b"80") => hexadecimal(&text()),
            _ if is_base64(&head) => base64(&text()),
            _ => None,
        };
        let content = decoded.as_deref().map_or(content, Input::of_bytes);
        let (found, known) = (self.findings.found.len(), self.findings.not_examined.len());
        self.inside(&blob_at(place.clone(), content));
        self.findings.not_examined.truncate(known);
        if !expected && self.findings.found.len() == found && pickle::is_whole(content) {
            self.findings.found.push(Found {
                rule: &rules::INSIDE,
                severity: rules::INSIDE.severity,
                at: place,
                note: "the pickle holds another one as data: something outside the file would have to load it".into(),
                details: Vec::new(),
                value: Value::new("pickle inside"),
                more: More::default(),
            });
        }
    }
}

/// Longest text inside a pickle that is decoded.
const LONGEST_TEXT: usize = 64 << 20;

/// The bytes of a text of hexadecimal digits.
fn hexadecimal(text: &[u8]) -> Option<Vec<u8>> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim_ascii()).ok()
}

/// The bytes of a base64 text, up to the first character that does not belong.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_'))
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect();
    let whole = digits.get(..digits.len() - usize::from(digits.len() % 4 == 1))?;
    let mut bytes = vec![0; whole.len()];
    let mut spec = data_encoding::Specification::new();
    spec.symbols
        .push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    spec.check_trailing_bits = false;
    let encoding = spec.encoding().ok()?;
    let len = encoding.decode_len(whole.len()).ok()?;
    let written = encoding.decode_mut(whole, bytes.get_mut(..len)?).ok()?;
    bytes.truncate(written);
    Some(bytes)
}

pub(crate) fn blob_at(place: Location, content: Input<'_>) -> Blob<'_> {
    let mut blob = Blob::of_bytes("", &[]);
    blob.place = place;
    blob.content = content;
    blob
}

/// True when a file of this name is expected to be a model: archives hand such members to this engine.
#[must_use]
pub fn is_model_name(name: &str) -> bool {
    let name = name
        .rsplit(['/', '\\', '!'])
        .next()
        .unwrap_or(name)
        .to_ascii_lowercase();
    let Some((_, ending)) = name.rsplit_once('.') else {
        return false;
    };
    MODEL_ENDINGS.contains(&ending)
}

const MODEL_ENDINGS: &[&str] = &[
    "pkl",
    "pickle",
    "pck",
    "pcl",
    "pkt",
    "p",
    "dill",
    "cloudpickle",
    "joblib",
    "jbl",
    "sav",
    "pt",
    "pt2",
    "pth",
    "pte",
    "ptl",
    "bin",
    "ckpt",
    "dat",
    "data",
    "model",
    "mdl",
    "npy",
    "npz",
    "nemo",
    "mar",
    "tar",
    "ckp",
    "checkpoint",
    "weights",
    "t7",
    "torch",
    "keras",
    "h5",
    "hdf5",
    "pb",
    "onnx",
    "tflite",
    "gguf",
    "ggml",
    "safetensors",
    "pmml",
    "mlmodel",
    "mlpackage",
    "rds",
    "rda",
    "rdata",
    "xgb",
    "ubj",
    "lgb",
    "cbm",
    "msgpack",
    "skops",
    "pyc",
    "7z",
];

/// Endings of files that are pickles or arrays and nothing else: one that is not is worth a word.
const SURE_ENDINGS: &[&str] = &[
    "pkl", "pickle", "joblib", "pt", "pth", "npy", "npz", "dill", "gguf", "h5", "hdf5", "keras", "tflite",
];

/// How the names of checkpoints begin that end in `.bin` or `.ckpt`, as much else does: `pytorch_model-00001-of-00002.bin`.
const CHECKPOINTS: &[&str] = &[
    "pytorch_model",
    "diffusion_pytorch_model",
    "adapter_model",
    "model",
    "optimizer",
    "scheduler",
    "training_args",
];

/// True for a name that says that the file is a model: one of [`SURE_ENDINGS`], or a checkpoint's.
fn says_model(name: &str) -> bool {
    let own = name.rsplit(['/', '!']).next().unwrap_or(name).to_ascii_lowercase();
    let stem = own.strip_suffix(".bin").or_else(|| own.strip_suffix(".ckpt"));
    let checkpoint = |stem: &str| {
        let rest = CHECKPOINTS.iter().find_map(|start| stem.strip_prefix(start));
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    is_sure_name(name) || stem.is_some_and(checkpoint)
}

/// True for a name of one of [`SURE_ENDINGS`].
fn is_sure_name(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| SURE_ENDINGS.contains(&ending.as_str()))
}

/// True for an archive that loaders of models open, by its own name and the names in it. A package that carries a model among
/// its files (a wheel, a jar) is none: its code is installed, and no loader of models runs it.
fn is_model_archive<'n>(name: &str, mut members: impl Iterator<Item = &'n str> + Clone) -> bool {
    const ENDINGS: &[&str] = &[".mar", ".nemo", ".bin", ".ckpt", ".model", ".pt2", ".ptl", ".pte"];
    if is_sure_name(name) || ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return true;
    }
    let packaged = members.clone().any(|member| {
        member.contains(".dist-info/")
            || member.contains(".egg-info/")
            || member.eq_ignore_ascii_case("META-INF/MANIFEST.MF")
    });
    !packaged && members.any(|member| is_sure_name(member) || member.eq_ignore_ascii_case("MAR-INF/MANIFEST.json"))
}

/// True for the lists of paths that Python reads from `.pth` files: text, and nothing but text.
fn is_path_file(blob: &Blob<'_>) -> bool {
    const LONGEST: usize = 64 << 10;
    let plain = |text: &str| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    blob.name().ends_with(".pth")
        && matches!(blob.content.whole(LONGEST), Ok(Some(bytes)) if str::from_utf8(&bytes).is_ok_and(plain))
}

fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    let head = match blob.content.at(0, HEAD) {
        Ok(head) => head,
        Err(_) => {
            findings.not_examined(blob.place.clone(), Cow::Borrowed("the file could not be read"));
            return;
        }
    };
    // Before the formats that are told by their names alone.
    if head.starts_with(b"version https://git-lfs.github.com/spec/") && is_model_name(&blob.name()) {
        findings.not_examined(
            blob.place.clone(),
            "it is a pointer of git LFS: the model is not here; run `git lfs pull`",
        );
        return;
    }
    findings.looked = Walk::new(findings).dispatch(blob, &head);
    if findings.looked || blob.content.is_empty() {
        return;
    }
    if says_model(&blob.name()) {
        findings.looked = true;
        if is_path_file(blob) {
            // What would be harmful as a pickle is told whatever the file is.
            let mut perhaps = Findings::default();
            pickle::run(blob.content, 0, &blob.place, false, &mut Walk::new(&mut perhaps));
            let harmful = perhaps
                .found
                .into_iter()
                .filter(|found| found.severity >= Severity::High);
            findings.found.extend(harmful);
            return;
        }
        // Not what readers of pickles take for one; what it would do is told all the same, also behind other bytes.
        let mut walk = Walk::new(findings);
        let start = pickle::skip_padding(blob.content, 0);
        pickle::run(blob.content, start, &blob.place, false, &mut walk);
        if walk.findings.found.is_empty() {
            pickle::search(blob.content, start, &blob.place, &mut walk);
        }
        findings.not_examined(
            blob.place.clone(),
            "its name says that it is a model, and its bytes are of no known format",
        );
    }
}

/// Every rule of the engine, by its table.
#[must_use]
pub fn rules() -> &'static [&'static RuleMeta] {
    rules::RULES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expect: &[(&str, Severity)]) {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes("m.pkl", bytes), &mut findings);
        let found: Vec<_> = findings
            .found
            .iter()
            .map(|found| (found.rule.id, found.severity))
            .collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn what_a_pickle_would_do_is_told() {
        check(
            b"cos\nsystem\n(S'id'\ntR.",
            &[("models/pickle-executes", Severity::Critical)],
        );
        check(
            b"cos\nsystem\n(S'id'\ntR0N.",
            &[("models/pickle-executes", Severity::Critical)],
        );
        check(
            b"c__builtin__\ngetattr\n(I1\nS'a'\ntR.",
            &[("models/pickle-reaches", Severity::High)],
        );
        check(b"cmymodel\nNet\n)R.", &[("models/pickle-unknown", Severity::Medium)]);
        check(b"cmymodel\nNet\n.", &[("models/pickle-unknown", Severity::Low)]);
        check(b"ccollections\nOrderedDict\n)R.", &[]);
        check(b"(lp0\nI1\na.", &[]);
    }

    #[test]
    fn a_pointer_of_lfs_is_no_model() {
        let text = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n";
        for name in ["a.pkl", "a.safetensors", "a.onnx", "a.mlmodel", "a.h5"] {
            let mut findings = Findings::default();
            scan(&Blob::of_bytes(name, text), &mut findings);
            assert_eq!((findings.found.len(), findings.not_examined.len()), (0, 1), "{name}");
        }
    }

    #[test]
    fn text_is_taken_for_no_pickle() {
        let lines = "PKCS8,133,AMBIGUOUS_NAME\nPKCS8,129,UNKNOWN_NAME\n".repeat(60);
        let paths = "# ours\ncode/src\nlib\nimport os; os.getcwd()\n../src\n";
        for (name, text) in [
            ("a.errordata", lines.as_str()),
            ("a.pth", paths),
            ("b.pth", "code/src\nlib\n"),
            ("Makefile", "SHELL := bash\n.ONESHELL:\nall:\n\tls\n"),
            ("Makefile", "PROJECT := demo\n.PHONY: all\n"),
            (".gitignore", "Pipfile.lock\n.venv\n"),
            ("README.rst", "Package\n.. image:: a.png\n"),
        ] {
            let mut findings = Findings::default();
            scan(&Blob::of_bytes(name, text.as_bytes()), &mut findings);
            assert!(findings.found.is_empty() && findings.not_examined.is_empty(), "{name}");
        }
        // A text that is one all the same.
        let long = format!("(lp0\n{}cos\nsystem\n(S'id'\ntR.", "I1\na".repeat(2_000));
        let behind = "SHELL := bash\n.\ncos\nsystem\n(S'id'\ntR.";
        for (name, text) in [
            ("a.txt", long.as_str()),
            ("a.pth", "cos\nsystem\n(S'id'\ntR."),
            ("Makefile", behind),
        ] {
            let mut findings = Findings::default();
            scan(&Blob::of_bytes(name, text.as_bytes()), &mut findings);
            assert_eq!(findings.found[0].rule.id, "models/pickle-executes", "{name}");
        }
    }

    #[test]
    fn archives_of_models_are_told_from_packages() {
        for (name, members, expect) in [
            ("a.mar", &["handler.py"][..], true),
            ("a.zip", &["handler.py", "w.pkl"], true),
            ("a.zip", &["MAR-INF/MANIFEST.json", "h.py"], true),
            ("a.whl", &["p/a.py", "p/t/x.npy", "p-1.dist-info/WHEEL"], false),
            ("a.jar", &["META-INF/MANIFEST.MF", "x.py", "a.onnx"], false),
            ("a.zip", &["a.py", "b.data"], false),
        ] {
            assert_eq!(
                is_model_archive(name, members.iter().copied()),
                expect,
                "{name} {members:?}"
            );
        }
    }

    #[test]
    fn checkpoints_are_told_by_how_their_names_begin() {
        for name in [
            "pytorch_model.bin",
            "a/pytorch_model-00001-of-00002.bin",
            "model.bin",
            "model_ema.ckpt",
            "a.zip!optimizer.bin",
            "Adapter_Model.bin",
            "x.pt",
        ] {
            assert!(says_model(name), "{name}");
        }
        for name in [
            "data.bin",
            "models.bin",
            "modelling.bin",
            "openvino_model.bin",
            "model.txt",
            "firmware.bin",
        ] {
            assert!(!says_model(name), "{name}");
        }
    }

    #[test]
    fn model_names_are_told_by_their_ending() {
        for name in ["a.pkl", "A.PT", "x/y/model.joblib", "a.zip!b.npy", "w.nemo"] {
            assert!(is_model_name(name), "{name}");
        }
        for name in ["a.py", "README", "pkl", "a.txt"] {
            assert!(!is_model_name(name), "{name}");
        }
    }
}
