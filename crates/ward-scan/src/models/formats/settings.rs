//! JSON files beside weights: what loaders take from them besides numbers.
//!
//! Source: Hugging Face documentation, "Custom models" (`auto_map`), "Chat templates"; diffusers, `model_index.json`;
//! sentence-transformers, `modules.json`.

use ward_evidence::{RuleMeta, Severity, controls::MOD_1A};
use ward_formats::{
    Budget,
    json::{JsonKind, NodeId, Tree},
};

use super::{found, keras, not_read, shown, template, template_finding};
use crate::{Blob, Findings};

/// Code of the repository that is run on loading.
pub(crate) static REMOTE: RuleMeta = RuleMeta {
    id: "models/remote-code",
    severity: Severity::High,
    controls: &[MOD_1A],
    summary: "The configuration makes its loader run Python code that comes with the model.",
    docs: "`auto_map`, `custom_pipelines` and modules of other packages name Python code that the loader downloads and runs when \
        `trust_remote_code=True` is set, and the model needs it set. Whoever can change the repository, or the one that is named, \
        runs code on every machine that loads the model.\n\n\
        Example: `\"auto_map\": {\"AutoModel\": \"someone/repository--modeling.Model\"}`.\n\n\
        Instead: use a model that the library supports itself; or read the code, copy it into your project, and pin the revision.\n\n\
        Source: Hugging Face documentation, \"Custom models\".",
};

/// A template that reaches out.
pub(crate) static TEMPLATE: RuleMeta = RuleMeta {
    id: "models/template-reaches",
    severity: Severity::High,
    controls: &[MOD_1A],
    summary: "The chat template reaches for more than the conversation.",
    docs: "A chat template is a program in the Jinja language that runs on every conversation. One that names Python's internals, takes \
        attributes by name or loads files can run code in loaders whose sandbox is missing or has a hole.\n\n\
        Example: `{{ cycler.__init__.__globals__.os.popen('id').read() }}`.\n\n\
        Instead: do not load it; take the template from the model's authors or write one.\n\n\
        Source: CVE-2024-34359; Jinja documentation, \"Sandbox\".",
};

/// The longest file that is read, bytes. Vocabularies are longer and hold nothing of this kind.
const LONGEST: usize = 32 << 20;

/// Names of files that loaders read settings from.
const NAMES: &[&str] = &[
    "config.json",
    "tokenizer_config.json",
    "processor_config.json",
    "preprocessor_config.json",
    "generation_config.json",
    "adapter_config.json",
    "model_index.json",
    "modules.json",
    "chat_template.json",
    "config_sentence_transformers.json",
    "special_tokens_map.json",
    "video_preprocessor_config.json",
    "feature_extractor_config.json",
];

/// Libraries whose models adapters are made for.
const LIBRARIES: &[&str] = &[
    "transformers",
    "diffusers",
    "peft",
    "sentence_transformers",
    "torch",
    "torchvision",
    "timm",
    "open_clip",
    "trl",
    "optimum",
];

/// By name, or JSON that begins with a key that only such files have.
pub(crate) fn sniff(blob: &Blob<'_>, head: &[u8]) -> bool {
    let name = blob.name();
    if !name.ends_with(".json") {
        return is_template(&name)
            || (name.ends_with(".yaml") || name.ends_with(".yml"))
                && memchr::memmem::find(head, b"chat_template").is_some();
    }
    NAMES
        .iter()
        .any(|other| name == *other || name.ends_with(&format!("-{other}")) || name.ends_with(&format!("_{other}")))
        || [&b"\"auto_map\""[..], b"\"trust_remote_code\"", b"\"chat_template\""]
            .iter()
            .any(|key| memchr::memmem::find(head, key).is_some())
}

/// A file that is a template and nothing else.
fn is_template(name: &str) -> bool {
    [".jinja", ".jinja2", ".j2", ".template"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// Names of Python's internals that no template of a page or a file needs.
const INTERNALS: &[&str] = &[
    "__class__",
    "__globals__",
    "__subclasses__",
    "__builtins__",
    "__import__",
    "__mro__",
    "__base__",
    "__bases__",
];

/// A template that may be one of anything: only what leads to Python's internals counts.
fn any_template(blob: &Blob<'_>, findings: &mut Findings, text: &str) {
    let names = INTERNALS.iter().find(|name| text.contains(**name));
    let reached = template::reaches(text)
        .into_iter()
        .find(|reach| reach.severe && reach.what.contains("internals"));
    if let (Some(_), Some(reach)) = (names, reached) {
        let note = format!("{}, at character {} of the template", reach.what, reach.at);
        found(blob, findings, &TEMPLATE, Severity::High, note, reach.what);
    }
}

pub(crate) fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    let bytes = match blob.content.whole(LONGEST) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return findings.not_examined(blob.place.clone(), "the settings are longer than 32 MiB"),
        Err(_) => return not_read(blob, findings),
    };
    let name = blob.name();
    if name.starts_with("chat_template") && is_template(&name) {
        return template_finding(blob, findings, "chat_template", &String::from_utf8_lossy(&bytes));
    }
    if !name.ends_with(".json") {
        return any_template(blob, findings, &String::from_utf8_lossy(&bytes));
    }
    let budget = Budget {
        bytes: LONGEST,
        depth: 128,
        items: 4_000_000,
    };
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let Ok(tree) = Tree::parse(text, budget) else {
        return findings.not_examined(blob.place.clone(), "the settings are no JSON that can be read");
    };
    for node in tree.values() {
        let Some(key) = tree.key(node) else { continue };
        match key {
            "auto_map" | "auto_mapping" if tree.kind(node) == JsonKind::Object => auto_map(blob, findings, &tree, node),
            "parent_library" => {
                let library = tree.str(node).unwrap_or_default();
                let first = library.split('.').next().unwrap_or_default();
                if !library.is_empty() && !LIBRARIES.contains(&first) {
                    let note = format!("an adapter's class is imported from the library {}", shown(library));
                    // Where transformers keeps the code that came with a model.
                    let severity = match first {
                        "transformers_modules" => Severity::High,
                        _ => Severity::Medium,
                    };
                    found(blob, findings, &REMOTE, severity, note, library);
                }
            }
            "custom_pipelines" if tree.kind(node) == JsonKind::Object => {
                found(
                    blob,
                    findings,
                    &REMOTE,
                    Severity::High,
                    "custom_pipelines names code that loaders run".to_owned(),
                    key,
                );
            }
            "trust_remote_code" if tree.text(node) == Some("true") => {
                found(
                    blob,
                    findings,
                    &REMOTE,
                    Severity::High,
                    "trust_remote_code is set to true".to_owned(),
                    key,
                );
            }
            "chat_template" | "template" => templates(blob, findings, &tree, node),
            _ => {}
        }
    }
    if keras::may_be_config(text) {
        keras::judge(blob, findings, text);
    }
    match name.as_str() {
        "model_index.json" => libraries(blob, findings, &tree),
        "modules.json" => modules(blob, findings, &tree),
        _ => {}
    }
}

fn auto_map(blob: &Blob<'_>, findings: &mut Findings, tree: &Tree, node: NodeId) {
    let mut texts: Vec<&str> = Vec::new();
    // `parent_library` of an adapter names an installed library, and is judged by itself.
    for (_, value) in tree.members(node).filter(|(name, _)| *name != "parent_library") {
        texts.extend(tree.str(value));
        if tree.kind(value) == JsonKind::Array {
            texts.extend(tree.items(value).filter_map(|item| tree.str(item)));
        }
    }
    let Some(code) = texts.iter().find(|text| text.contains("--") || text.contains('.')) else {
        return;
    };
    let note = if code.contains("--") {
        "auto_map names Python code of another repository, which loaders download and run"
    } else {
        "auto_map names Python code beside the model, which loaders run"
    };
    found(blob, findings, &REMOTE, Severity::High, note.to_owned(), code);
}

/// A template, or a list of named ones.
fn templates(blob: &Blob<'_>, findings: &mut Findings, tree: &Tree, node: NodeId) {
    if let Some(template) = tree.str(node) {
        return template_finding(blob, findings, "chat_template", template);
    }
    if tree.kind(node) == JsonKind::Object {
        for (_, value) in tree.members(node) {
            if let Some(template) = tree.str(value) {
                template_finding(blob, findings, "chat_template", template);
            }
        }
    }
}

/// A pipeline of diffusers: every part names its library.
fn libraries(blob: &Blob<'_>, findings: &mut Findings, tree: &Tree) {
    const OWN: &[&str] = &[
        "diffusers",
        "transformers",
        "onnxruntime.training",
        "flax",
        "k_diffusion",
        "tokenizers",
        "null",
    ];
    for (_, part) in tree.members(tree.root()).filter(|(name, _)| !name.starts_with('_')) {
        let library = tree.items(part).next().and_then(|library| tree.str(library));
        // A name without a dot is a folder of the pipeline with code of its own.
        if let Some(library) = library.filter(|library| !OWN.contains(library)) {
            let known = matches!(
                library,
                "stable_diffusion"
                    | "paint_by_example"
                    | "latent_diffusion"
                    | "onnx_utils"
                    | "flux"
                    | "deepfloyd_if"
                    | "audioldm2"
                    | "kandinsky"
                    | "unidiffuser"
                    | "blip_diffusion"
                    | "wuerstchen"
                    | "stable_cascade"
                    | "musicldm"
                    | "shap_e"
                    | "pixart_alpha"
                    | "ltx"
                    | "wan"
                    | "cogvideo"
            );
            if !known {
                found(
                    blob,
                    findings,
                    &REMOTE,
                    Severity::Medium,
                    "a part of the pipeline is built by a library that Ward does not know".to_owned(),
                    library,
                );
            }
        }
    }
}

/// The modules of a sentence transformer: a class each.
fn modules(blob: &Blob<'_>, findings: &mut Findings, tree: &Tree) {
    for module in tree.items(tree.root()) {
        if let Some(class) = tree.get(module, "type").and_then(|class| tree.str(class))
            && !class.starts_with("sentence_transformers.")
        {
            found(
                blob,
                findings,
                &REMOTE,
                Severity::High,
                "a module is a class from outside of sentence_transformers".to_owned(),
                class,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &str, expect: &[Severity]) {
        let mut findings = Findings::default();
        let blob = Blob::of_bytes(name, text.as_bytes());
        assert!(sniff(&blob, text.as_bytes()), "{name}");
        scan(&blob, &mut findings);
        let got: Vec<_> = findings.found.iter().map(|one| one.severity).collect();
        assert_eq!((got.as_slice(), findings.not_examined.len()), (expect, 0), "{text}");
    }

    #[test]
    fn code_and_templates() {
        check(
            "config.json",
            r#"{"model_type":"bert","hidden_size":8,"architectures":["BertModel"]}"#,
            &[],
        );
        check(
            "config.json",
            r#"{"auto_map":{"AutoModel":"modeling_x.Model"}}"#,
            &[Severity::High],
        );
        check(
            "config.json",
            r#"{"auto_map":{"AutoModel":"someone/else--modeling_x.Model"},"x":{"auto_map":null}}"#,
            &[Severity::High],
        );
        check(
            "tokenizer_config.json",
            r#"{"auto_map":{"AutoTokenizer":["tokenization_x.T",null]}}"#,
            &[Severity::High],
        );
        check(
            "adapter_config.json",
            r#"{"auto_mapping":{"base_model_class":"BertModel","parent_library":"transformers"}}"#,
            &[],
        );
        for (library, expect) in [
            ("transformers.models.llama.modeling_llama", &[][..]),
            ("sentence_transformers.models", &[]),
            ("somebodys", &[Severity::Medium]),
            ("somebodys.models", &[Severity::Medium]),
            ("transformers_modules.acme.modeling_m", &[Severity::High]),
        ] {
            let text = format!(r#"{{"auto_mapping":{{"base_model_class":"M","parent_library":"{library}"}}}}"#);
            check("adapter_config.json", &text, expect);
        }
        check(
            "adapter_config.json",
            r#"{"auto_mapping":{"base_model_class":"modeling_m.M","parent_library":"transformers"}}"#,
            &[Severity::High],
        );
        check(
            "tokenizer_config.json",
            r#"{"chat_template":"{% for m in messages %}{{ m.content }}{% endfor %}"}"#,
            &[],
        );
        check(
            "tokenizer_config.json",
            r#"{"chat_template":"{{ ''.__class__ }}"}"#,
            &[Severity::High],
        );
        check(
            "tokenizer_config.json",
            r#"{"chat_template":[{"name":"default","template":"{{ ''.__class__ }}"}]}"#,
            &[Severity::High],
        );
        check("x.json", r#"{"trust_remote_code":true}"#, &[Severity::High]);
        check(
            "config.json",
            r#"{"a":{"\u0063lass_name":"Lambda","config":{}}}"#,
            &[Severity::Critical],
        );
        check(
            "page.j2",
            "{% extends 'base' %}{{ url_for('x') }}{{ config.NAME }}",
            &[],
        );
        check("page.template", "{{ x.__class__.__base__ }}", &[Severity::High]);
        check(
            "model.yaml",
            "chat_template: \"{{ x.__init__.__globals__ }}\"",
            &[Severity::High],
        );
        check(
            "modules.json",
            r#"[{"idx":0,"type":"sentence_transformers.models.Transformer"},{"idx":1,"type":"custom.Thing"}]"#,
            &[Severity::High],
        );
        check(
            "model_index.json",
            r#"{"_class_name":"StableDiffusionPipeline","unet":["diffusers","UNet2DConditionModel"],"safety_checker":[null,null]}"#,
            &[],
        );
        check(
            "model_index.json",
            r#"{"unet":["my_pipeline","UNet"]}"#,
            &[Severity::Medium],
        );
    }

    #[test]
    fn unreadable_settings_are_not_examined() {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes("config.json", b"{"), &mut findings);
        assert_eq!(findings.not_examined.len(), 1);
    }
}
