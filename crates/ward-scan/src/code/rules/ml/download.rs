//! Models that are fetched.

use ruff_python_ast::Expr;
use ward_evidence::{RuleMeta, Severity, controls::CODE_2A};

use super::super::super::rule::{Hit, On, Rule};

/// Ends of names of files that hold models or data for them.
const MODEL_ENDS: &[&str] = &[
    ".pt",
    ".pth",
    ".bin",
    ".ckpt",
    ".safetensors",
    ".gguf",
    ".ggml",
    ".onnx",
    ".h5",
    ".hdf5",
    ".keras",
    ".pb",
    ".tflite",
    ".pkl",
    ".pickle",
    ".joblib",
    ".npz",
    ".npy",
    ".mar",
    ".nemo",
    ".tar",
    ".tar.gz",
    ".tgz",
    ".zip",
    ".model",
    ".vocab",
];

pub(super) static HTTP_MODEL: Rule = Rule {
    meta: RuleMeta {
        id: "ml/download-over-http",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "A model or data for it is downloaded over plain HTTP.",
        docs: "Anybody between here and the server can put another file in its place: with most formats that is a program in \
            this process, with the others a model that answers as they like.\n\n\
            Example: `urllib.request.urlretrieve(\"http://example.org/model.pt\", path)`\n\n\
            **Instead:** `https://`, and a digest written down in the program and checked before the file is opened.\n\n\
            Source: OWASP Top 10 for LLM applications 2025, LLM03; CWE-319, CWE-494.",
    },
    on: &[On::Str],
    check: |ctx, site, out| {
        let Some(Expr::StringLiteral(literal)) = site.expr() else {
            return;
        };
        let text = literal.value.to_str();
        let Some(rest) = text.strip_prefix("http://") else {
            return;
        };
        let host = rest.split(['/', ':', '?']).next().unwrap_or_default();
        if matches!(host, "localhost" | "127.0.0.1" | "[" | "0.0.0.0")
            || host.ends_with(".local")
            || !host.contains('.')
        {
            return;
        }
        let path = rest.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        if MODEL_ENDS.iter().any(|end| path.ends_with(end)) && path.contains('/') {
            out.report(Hit::at(site.range()).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "URL = 'http://models.example.org/a/model.pt'",
        "import urllib.request as u\nu.urlretrieve('http://data.example.org/weights.tar.gz', p)",
    ],
    good: &[
        "URL = 'https://models.example.org/a/model.pt'",
        "URL = 'http://127.0.0.1:8000/model.bin'",
        "URL = 'http://example.org/index.html'",
    ],
};

pub(super) static SAFETENSORS_OFF: Rule = Rule {
    meta: RuleMeta {
        id: "ml/safetensors-off",
        severity: Severity::Medium,
        controls: &[CODE_2A],
        summary: "`use_safetensors=False` asks for the pickle although there is a format without code.",
        docs: "With this setting the library fetches `pytorch_model.bin`, a pickle, and passes over the safetensors file \
            beside it.\n\n\
            Example: `AutoModel.from_pretrained(name, use_safetensors=False)`\n\n\
            **Instead:** `use_safetensors=True`, which fails when there is only a pickle; convert that once \
            (`ward model convert`) and keep the result.\n\n\
            Source: Transformers and Diffusers documentation of `from_pretrained`; CWE-502.",
    },
    on: &[On::Keyword("use_safetensors")],
    check: |ctx, site, out| {
        let Some(keyword) = site.keyword() else { return };
        if ctx.is_false(keyword.value) {
            out.report(Hit::at(keyword).thorough_if(ctx.is_test()));
        }
    },
    bad: &["from transformers import AutoModel\nAutoModel.from_pretrained(n, use_safetensors=False)"],
    good: &[
        "from transformers import AutoModel\nAutoModel.from_pretrained(n, use_safetensors=True)",
        "from diffusers import X\nX.from_pretrained(n, use_safetensors=flag)",
    ],
};
