//! What the repository itself holds that it should not: files made to hold credentials, and weights.

use std::borrow::Cow;

use ward_evidence::{
    RuleMeta, Severity,
    controls::{MOD_3B, SEC_2A},
};

use crate::{
    Blob, Engine, Findings,
    report::{Found, More, Value},
};

/// The engine.
pub const ENGINE: Engine = Engine {
    name: "repository",
    what: "credential files that git tracks or does not ignore, weights in git, large-file pointers",
    rules,
    scan,
    history: true,
    conclude: None,
};

static TRACKED: RuleMeta = RuleMeta {
    id: "repository/credential-file-tracked",
    severity: Severity::Medium,
    controls: &[SEC_2A],
    summary: "A file whose business it is to hold credentials is tracked by git.",
    docs: "An environment file, a key store or a tool's credential file is part of the repository. Whatever it holds \
        now, the next secret written into it goes to everybody who ever clones.\n\n\
        Example: `.env` committed beside `.env.example`.\n\n\
        **Instead:** `git rm --cached FILE`, add it to `.gitignore`, keep an example without values in the repository, \
        and replace what it held: it stays in the history.\n\n\
        Source: OWASP Secrets Management Cheat Sheet; CWE-538.",
};

static NOT_IGNORED: RuleMeta = RuleMeta {
    id: "repository/credential-file-not-ignored",
    severity: Severity::Low,
    controls: &[SEC_2A],
    summary: "A file whose business it is to hold credentials is covered by no ignore rule.",
    docs: "The file is not tracked yet, and nothing keeps `git add .` from adding it: it is committed sooner or \
        later.\n\n\
        **Instead:** add its name to `.gitignore`.\n\n\
        Source: OWASP Secrets Management Cheat Sheet; CWE-538.",
};

static WEIGHTS: RuleMeta = RuleMeta {
    id: "repository/weights-in-git",
    severity: Severity::Medium,
    controls: &[MOD_3B],
    summary: "A model file is tracked by git and is no large-file pointer.",
    docs: "Weights in the history stay there: they cannot be withdrawn, they are not encrypted, and their licence and \
        their training data go with every clone.\n\n\
        **Instead:** keep weights in a model store or behind Git LFS, and pin them by digest.\n\n\
        Source: the security policy's clause on weights; Git LFS specification.",
};

static POINTER: RuleMeta = RuleMeta {
    id: "repository/lfs-pointer",
    severity: Severity::Info,
    controls: &[MOD_3B],
    summary: "A Git LFS pointer stands here: the content it points to was not examined.",
    docs: "The file holds the digest and the size of content that lies in a Git LFS store. Ward examined the pointer \
        and not the content.\n\n\
        **Instead:** nothing to mend. To have the content examined, run `git lfs pull` and scan again.\n\n\
        Source: Git LFS specification, version 1.",
};

static RULES: &[&RuleMeta] = &[&TRACKED, &NOT_IGNORED, &WEIGHTS, &POINTER];

fn rules() -> &'static [&'static RuleMeta] {
    RULES
}

fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    if blob.place.member.is_some() || blob.content.is_empty() {
        return;
    }
    findings.looked = true;
    if is_pointer(blob) {
        report(findings, blob, &POINTER, POINTER.summary.into());
        return;
    }
    let name = blob.name();
    if let Some(kind) = credential_file(&name) {
        match (blob.tracked, blob.ignored) {
            (Some(true), _) => {
                report(findings, blob, &TRACKED, format!("{kind} is tracked by git").into());
            }
            (Some(false), Some(false)) => {
                report(
                    findings,
                    blob,
                    &NOT_IGNORED,
                    format!("{kind} is covered by no ignore rule").into(),
                );
            }
            _ => {}
        }
    }
    if blob.tracked == Some(true) && blob.content.len() >= LEAST_WEIGHTS && is_weights(&name) {
        let note = format!("a model file of {} is tracked by git", size(blob.content.len()));
        report(findings, blob, &WEIGHTS, note.into());
    }
}

fn report(findings: &mut Findings, blob: &Blob<'_>, rule: &'static RuleMeta, note: Cow<'static, str>) {
    findings.found.push(Found {
        rule,
        severity: rule.severity,
        at: blob.place.clone(),
        note,
        details: Vec::new(),
        value: Value::new(rule.id.as_bytes()),
        more: More::default(),
    });
}

/// A pointer is a small text of known form (Git LFS specification: the first line is the version, at most 1,024 bytes).
fn is_pointer(blob: &Blob<'_>) -> bool {
    const FIRST: &[u8] = b"version https://git-lfs.github.com/spec/";
    blob.content.len() <= 1_024
        && blob
            .content
            .at(0, 1_024)
            .is_ok_and(|bytes| bytes.starts_with(FIRST) && memchr::memmem::find(&bytes, b"\noid sha256:").is_some())
}

/// What kind of credential file has this (lower-case) name. Examples and templates are none.
#[must_use]
pub fn credential_file(name: &str) -> Option<&'static str> {
    const SHOWN: &[&str] = &[
        "example", "sample", "template", "dist", "tmpl", "tpl", "defaults", "schema", "test", "ci", "md", "py", "rs",
        "js", "ts",
    ];
    let last = name.rsplit('.').next().unwrap_or_default();
    if SHOWN.contains(&last) || name.contains("example") || name.contains("sample") {
        return None;
    }
    if name == ".env"
        || name == ".envrc"
        || name.starts_with(".env.")
        || (name.ends_with(".env") && name != "direnv.env")
    {
        return Some("an environment file");
    }
    match name {
        ".netrc"
        | "_netrc"
        | ".pgpass"
        | ".my.cnf"
        | ".git-credentials"
        | ".pypirc"
        | ".htpasswd"
        | ".dockercfg"
        | ".s3cfg"
        | ".boto"
        | ".esmtprc"
        | ".msmtprc"
        | ".vault-token"
        | ".terraformrc"
        | "credentials.tfrc.json"
        | "rclone.conf" => Some("a tool's credential file"),
        "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" | "id_xmss" => Some("a private SSH key"),
        _ => match last {
            "kdbx" | "kdb" | "agilekeychain" | "keychain" => Some("a password store"),
            "jks" | "keystore" | "p12" | "pfx" | "ppk" => Some("a store of private keys"),
            _ => None,
        },
    }
}

/// Smaller files are configuration or tests' toys: weights begin at a few kilobytes.
const LEAST_WEIGHTS: u64 = 4_096;

/// Whether only weights have this (lower-case) name. Narrower than the names the model engine looks at, which include any pickle.
pub(crate) fn is_weights(name: &str) -> bool {
    const ENDS: &[&str] = &[
        "safetensors",
        "gguf",
        "ggml",
        "pt",
        "pth",
        "ckpt",
        "onnx",
        "tflite",
        "keras",
        "h5",
        "hdf5",
        "pb",
        "mlmodel",
        "nemo",
        "mar",
        "pkl",
        "pickle",
        "joblib",
        "npz",
        "msgpack",
        "params",
        "caffemodel",
        "pdparams",
        "pte",
        "engine",
        "trt",
    ];
    match name.rsplit_once('.') {
        // `.bin` holds anything; these are the names that model hubs give their weights.
        Some((stem, "bin")) => [
            "pytorch_model",
            "diffusion_pytorch_model",
            "model",
            "adapter_model",
            "consolidated",
            "flax_model",
        ]
        .iter()
        .any(|start| stem.starts_with(start)),
        Some((_, end)) => ENDS.contains(&end),
        None => false,
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KiB", bytes / 1024),
        1_048_576..1_073_741_824 => format!("{} MiB", bytes >> 20),
        _ => format!("{} GiB", bytes >> 30),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_formats::input::Input;

    #[track_caller]
    fn check(path: &str, bytes: &[u8], tracked: Option<bool>, ignored: Option<bool>, expect: &[&str]) {
        let mut findings = Findings::default();
        let blob = Blob {
            tracked,
            ignored,
            ..Blob::at(ward_evidence::Location::of_file(path), Input::of_bytes(bytes))
        };
        scan(&blob, &mut findings);
        let rules: Vec<_> = findings.found.iter().map(|found| found.rule.id).collect();
        assert_eq!(rules, expect, "{path}");
    }

    #[test]
    fn credential_files_must_be_ignored() {
        let (yes, no) = (Some(true), Some(false));
        for path in [
            ".env",
            "a/.env.production",
            "x/prod.env",
            ".netrc",
            "keys/id_rsa",
            "a.p12",
            "b.KDBX",
        ] {
            check(path, b"x", yes, no, &["repository/credential-file-tracked"]);
            check(path, b"x", yes, yes, &["repository/credential-file-tracked"]);
            check(path, b"x", no, no, &["repository/credential-file-not-ignored"]);
            check(path, b"x", no, yes, &[]);
            check(path, b"x", None, None, &[]);
            check(path, b"", yes, no, &[]);
        }
        for path in [
            ".env.example",
            ".env.sample",
            "env.py",
            "environment",
            "id_rsa.pub",
            "example.env",
        ] {
            check(path, b"x", yes, no, &[]);
        }
    }

    #[test]
    fn weights_do_not_belong_in_git_and_pointers_are_told() {
        let big = vec![0; 5_000];
        check(
            "m/model.safetensors",
            &big,
            Some(true),
            None,
            &["repository/weights-in-git"],
        );
        check(
            "pytorch_model-00001-of-2.bin",
            &big,
            Some(true),
            None,
            &["repository/weights-in-git"],
        );
        check("m/model.safetensors", &big, Some(false), None, &[]);
        check("firmware.bin", &big, Some(true), None, &[]);
        check("small.pkl", b"x", Some(true), None, &[]);
        let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n";
        check(
            "model.safetensors",
            pointer,
            Some(true),
            None,
            &["repository/lfs-pointer"],
        );
    }
}
