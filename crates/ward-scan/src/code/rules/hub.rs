//! Downloads that may be something else tomorrow.

use ruff_python_ast::Expr;
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Arg, Ctx,
    rule::{Hit, On, Rule},
};
use crate::inventory::requirement::is_commit;

pub(super) static UNPINNED: Rule = Rule {
    meta: RuleMeta {
        id: "ml/unpinned-download",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A model or data set is fetched from a hub without the commit that is meant.",
        docs: "A branch or a tag can be moved: whoever gets hold of the account gives every later start of the program other weights, and with `trust_remote_code` other programs. Results cannot be repeated either.\n\nExample: `AutoModel.from_pretrained(\"org/model\")`\n\n**Instead:** `AutoModel.from_pretrained(\"org/model\", revision=\"<40 hexadecimal digits>\")`, the commit that was reviewed.\n\nSource: Hugging Face documentation of `from_pretrained`; CWE-494, CWE-1357. A name that is not constant may be a folder: it is shown in the thorough profile only.",
    },
    on: &[
        On::Method("from_pretrained"),
        On::Method("load_dataset"),
        On::Method("hf_hub_download"),
        On::Method("snapshot_download"),
        On::Call("transformers.pipeline"),
        On::Call("sentence_transformers.SentenceTransformer"),
        On::Call("sentence_transformers.CrossEncoder"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let last = site.name.rsplit('.').next().unwrap_or_default();
        let known = match last {
            "from_pretrained" => LIBRARIES.iter().any(|one| site.name.split('.').next() == Some(*one)),
            "load_dataset" => site.name.starts_with("datasets."),
            "pipeline" | "SentenceTransformer" | "CrossEncoder" => true,
            _ => site.name.starts_with("huggingface_hub."),
        };
        if !known {
            return;
        }
        let name = match last {
            "from_pretrained" => ctx.arg(call, 0, "pretrained_model_name_or_path"),
            "load_dataset" => ctx.arg(call, 0, "path"),
            "pipeline" => ctx.arg(call, 1, "model"),
            "SentenceTransformer" => ctx.arg(call, 0, "model_name_or_path"),
            "CrossEncoder" => ctx.arg(call, 0, "model_name"),
            _ => ctx.arg(call, 0, "repo_id"),
        };
        if is_pinned(ctx, ctx.arg(call, None, "revision")) || local_only(ctx, call) {
            return;
        }
        let Arg::Given(name) = name else { return };
        let text = ctx.str(name);
        if text.as_deref().is_some_and(|text| is_local(text, last)) {
            return;
        }
        let hit = Hit::at(call).thorough_if(text.is_none() || ctx.is_test());
        match last {
            // A model that is there already is handed over in the same place; and Bandit knows none of these.
            "pipeline" | "SentenceTransformer" | "CrossEncoder" if text.is_none() => {}
            "pipeline" | "SentenceTransformer" | "CrossEncoder" => out.report(hit),
            _ => out.report(hit.bandit("B615", Severity::Medium)),
        }
    },
    bad: &[
        "from transformers import AutoModel\nAutoModel.from_pretrained('org/model')",
        "from huggingface_hub import snapshot_download\nsnapshot_download('org/model', revision='main')",
        "import datasets\ndatasets.load_dataset('org/data')",
        "from transformers import pipeline\npipeline('ner', model='org/model')",
        "from transformers import pipeline\npipeline('ner', 'org/model', revision='main')",
        "from sentence_transformers import SentenceTransformer\nSentenceTransformer('all-MiniLM-L6-v2')",
    ],
    good: &[
        "from transformers import AutoModel\nAutoModel.from_pretrained('org/model', revision='5d0f2e8a7f1ad7bdc5b44e4b1b4b0f4b2f3f1f2a')",
        "from transformers import AutoModel\nAutoModel.from_pretrained('./model')",
        "from datasets import load_dataset\nload_dataset('csv', data_files=f)",
        "Foo.from_pretrained('org/model')",
        "from transformers import pipeline\npipeline('ner', model=model, tokenizer=tokenizer)",
        "from transformers import pipeline\npipeline('ner', model='./model')",
        "from sentence_transformers import SentenceTransformer\nSentenceTransformer('m/e', revision='5d0f2e8a7f1ad7bdc5b44e4b1b4b0f4b2f3f1f2a')",
        "from transformers import AutoModel\nAutoModel.from_pretrained('org/model', local_files_only=True)",
    ],
};

/// Libraries whose `from_pretrained` fetches from the hub.
const LIBRARIES: &[&str] = &[
    "transformers",
    "diffusers",
    "sentence_transformers",
    "peft",
    "optimum",
    "setfit",
    "timm",
    "accelerate",
    "tokenizers",
    "open_clip",
    "kernels",
    "controlnet_aux",
];

/// Whether a revision is a commit, or comes from somewhere else.
fn is_pinned<'a>(ctx: &Ctx<'a>, revision: Arg<'a>) -> bool {
    match revision {
        Arg::Absent => false,
        Arg::Unknown => true,
        Arg::Given(given) if ctx.is_none(given) => false,
        Arg::Given(given) => match ctx.str(given) {
            Some(text) => is_commit(&text),
            None => true,
        },
    }
}

fn local_only<'a>(ctx: &Ctx<'a>, call: &'a ruff_python_ast::ExprCall) -> bool {
    matches!(ctx.arg(call, None, "local_files_only"), Arg::Given(given) if ctx.is_true(given) || matches!(given, Expr::Name(_)))
}

/// Whether a name is a path, or one of the loaders that read local files.
fn is_local(text: &str, function: &str) -> bool {
    let path =
        text.is_empty() || text.starts_with(['.', '/', '~']) || text.contains('\\') || text.matches('/').count() > 1;
    let loader = matches!(
        text,
        "csv"
            | "json"
            | "text"
            | "parquet"
            | "arrow"
            | "imagefolder"
            | "audiofolder"
            | "webdataset"
            | "pandas"
            | "sql"
            | "xml"
    );
    path || function == "load_dataset" && loader
}
