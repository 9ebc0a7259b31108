//! Where values go: from the places where somebody else chooses them to the places where that does harm.
//!
//! ```text
//! sources ─> function (every statement, in order) ─> cleaners, guards ─> sinks ─> finding
//!                    └─> summary: what it returns, what it does with its parameters, whom it calls, what it leaves in fields
//! all files' summaries ─> project ─> findings that go over several functions or files
//! ```
//!
//! `sources`, `sinks` and `cleaners` are tables; `function` follows one function; `summary` is what is kept of a
//! file; `project` joins the files.

use std::collections::{HashMap, HashSet};

use ruff_python_ast::{ExprCall, ModModule, StmtFunctionDef};
use ruff_text_size::TextRange;
use ward_evidence::Location;

use self::{
    function::Following,
    sinks::Sink,
    sources::Source,
    summary::{CallAt, Flow, Function, SinkAt, SourceAt},
    value::{Origin, Part, Value},
};
use super::{Ctx, context::Binding, rule::Hit, walk::Hits};

mod call;
mod cleaners;
mod expression;
mod function;
mod given;
mod guards;
mod harm;
mod patterns;
mod project;
mod roles;
pub(super) mod rules;
mod shape;
mod sinks;
mod sources;
pub mod summary;
mod value;

pub(super) use given::shell_runs_arguments;
pub(super) use project::conclude;

/// A place where a part of a value does harm.
struct Hurt {
    sink: Sink,
    part: Part,
    range: TextRange,
    name: String,
}

/// A function as it was followed, with ranges in place of locations.
struct Followed {
    name: String,
    parameters: Vec<Box<str>>,
    returns: Value,
    hurts: Vec<Hurt>,
    calls: Vec<function::Call>,
    writes: Vec<(u32, Value)>,
}

/// What is known of a file while its functions are followed.
#[derive(Default)]
pub(super) struct File {
    sources: Vec<(Source, TextRange)>,
    source_index: HashMap<(Source, TextRange), u32>,
    fields: Vec<Box<str>>,
    field_index: HashMap<Box<str>, u32>,
    /// First parts of the names of what is imported and may be the project's.
    heads: HashSet<String>,
    imports_seen: usize,
    /// Whether a name in the file says that it holds a credential or a patient's data.
    sensitive: bool,
    /// Whether something in the file comes from somebody else, or does harm.
    relevant: bool,
    roles: roles::Roles,
    followed: Vec<Followed>,
    /// A function was too long to be followed to its end.
    pub(super) spent: Option<TextRange>,
}

/// Most functions of a file that are kept.
const MAX_FUNCTIONS: usize = 20_000;

impl File {
    /// Looks at a name in the program.
    pub(super) fn meet(&mut self, name: &str) {
        if !self.sensitive && sources::of_variable(name).is_some() {
            self.sensitive = true;
            self.relevant = true;
        }
    }

    /// Looks at a call in the program, whose last part is `end`.
    pub(super) fn meet_call<'a>(&mut self, ctx: &Ctx<'a>, call: &'a ExprCall, end: &str) {
        if self.relevant || !sources::may_be(end) && !sinks::may_be(end) {
            return;
        }
        let name = ctx.callee(call).unwrap_or_default();
        self.relevant = sources::of_call(&name).is_some()
            || sinks::of_call(&name, end, name.starts_with('~'))
                .iter()
                .any(|(_, sink)| *sink != Sink::Log);
    }

    /// Whether the functions of the file are worth following. What computes with numbers, asks nobody and does no harm is
    /// not: such files are long, and there are many of them.
    pub(super) fn is_worth_following(&self, ctx: &Ctx<'_>) -> bool {
        self.relevant
            || ctx.imports.iter().any(|import| sources::is_framework(import))
            || !ctx.imports.iter().any(|import| {
                let head = import.split('.').next().unwrap_or(import);
                matches!(
                    head,
                    "torch"
                        | "numpy"
                        | "jax"
                        | "flax"
                        | "tensorflow"
                        | "keras"
                        | "scipy"
                        | "einops"
                        | "onnx"
                        | "PIL"
                        | "unittest"
                )
            })
    }

    fn source(&mut self, source: Source, range: TextRange) -> u32 {
        *self.source_index.entry((source, range)).or_insert_with(|| {
            self.sources.push((source, range));
            u32::try_from(self.sources.len() - 1).unwrap_or(u32::MAX)
        })
    }

    fn source_of(&self, index: u32) -> Option<Source> {
        self.sources.get(index as usize).map(|(source, _)| *source)
    }

    fn field(&mut self, owner: &str, name: &str) -> u32 {
        let path: Box<str> = format!("{owner}.{name}").into();
        if let Some(index) = self.field_index.get(&path) {
            return *index;
        }
        let index = u32::try_from(self.fields.len()).unwrap_or(u32::MAX);
        self.fields.push(path.clone());
        self.field_index.insert(path, index);
        index
    }

    /// Follows one function; its scope is the current one.
    pub(super) fn function<'a>(&mut self, ctx: &Ctx<'a>, function: &'a StmtFunctionDef, hits: &mut Hits) {
        let name = ctx
            .scopes
            .get(ctx.current)
            .map_or(String::new(), |scope| scope.path.clone());
        self.follow(ctx, name, function.name.range, hits, |following| {
            let parameters = following.enter(function);
            following.block(&function.body);
            parameters
        });
    }

    /// Follows the statements of the module.
    pub(super) fn module<'a>(&mut self, ctx: &Ctx<'a>, module: &'a ModModule, hits: &mut Hits) {
        self.follow(ctx, format!("~{}", ctx.module), module.range, hits, |following| {
            following.block(&module.body);
            Vec::new()
        });
    }

    fn follow<'a>(
        &mut self,
        ctx: &Ctx<'a>,
        name: String,
        range: TextRange,
        hits: &mut Hits,
        walk: impl FnOnce(&mut Following<'_, 'a>) -> Vec<Box<str>>,
    ) {
        for import in ctx.imports.get(self.imports_seen..).unwrap_or_default() {
            let head = import.split('.').next().unwrap_or(import);
            if !head.starts_with('~') && !is_library(head) && !self.heads.contains(head) {
                self.heads.insert(head.to_owned());
            }
        }
        self.imports_seen = ctx.imports.len();
        let mut following = Following::new(ctx, self);
        let parameters = walk(&mut following);
        following.finish_shapes();
        let writes = following.writes();
        let is_spent = following.is_spent();
        let mut later = Vec::new();
        let mut seen: HashSet<(&str, u32, usize)> = HashSet::new();
        for hurt in std::mem::take(&mut following.hurts) {
            let Origin::Source(index) = hurt.part.origin else {
                later.push(hurt);
                continue;
            };
            let Some(&(source, range)) = following.file.sources.get(index as usize) else {
                continue;
            };
            let Some(verdict) = rules::judge(source, hurt.sink, hurt.part.live) else {
                continue;
            };
            let before = ctx.source.get(..hurt.range.start().to_usize()).unwrap_or_default();
            let line = memchr::memrchr(b'\n', before.as_bytes()).unwrap_or_default();
            if !seen.insert((verdict.rule.id, index, line)) {
                continue;
            }
            let mut hit = Hit::at(hurt.range)
                .note(verdict.note(source, hurt.sink, &hurt.name))
                .severity(verdict.severity)
                .thorough_if(verdict.thorough || ctx.is_test())
                .step(range, format!("{} comes in", source.words()));
            for step in following.way(&hurt.part) {
                hit = hit.step(step, "it is kept here");
            }
            hits.push((verdict.rule, hit.step(hurt.range, hurt.sink.words())));
        }
        let followed = Followed {
            name,
            parameters,
            returns: std::mem::take(&mut following.returns),
            hurts: later,
            calls: std::mem::take(&mut following.calls),
            writes,
        };
        if is_spent && self.spent.is_none() {
            self.spent = Some(range);
        }
        if followed.says_something() && self.followed.len() < MAX_FUNCTIONS {
            self.followed.push(followed);
        }
    }

    /// What is kept of the file.
    pub(super) fn summary(
        self,
        ctx: &Ctx<'_>,
        locate: impl Fn(TextRange) -> Location,
        line: impl Fn(TextRange) -> String,
    ) -> summary::Summary {
        let mut imports = ctx.imports.clone();
        imports.sort_unstable();
        imports.dedup();
        let flows = |value: &Value| -> Vec<Flow> {
            let parts = value.parts().iter();
            parts
                .map(|part| Flow {
                    origin: part.origin,
                    live: part.live,
                })
                .collect()
        };
        let text = |range: TextRange| -> Box<str> {
            let words = ctx.source.get(range.to_std_range()).unwrap_or_default();
            words
                .split_ascii_whitespace()
                .flat_map(str::chars)
                .take(200)
                .collect::<String>()
                .into()
        };
        let functions = self.followed.into_iter().map(|one| Function {
            returns: flows(&one.returns),
            sinks: one
                .hurts
                .into_iter()
                .map(|hurt| SinkAt {
                    sink: hurt.sink,
                    flow: Flow {
                        origin: hurt.part.origin,
                        live: hurt.part.live,
                    },
                    at: locate(hurt.range),
                    name: hurt.name.into(),
                    excerpt: line(hurt.range).into(),
                    value: text(hurt.range),
                })
                .collect(),
            calls: one
                .calls
                .into_iter()
                .map(|call| CallAt {
                    callee: call.callee.into(),
                    at: locate(call.range),
                    arguments: call
                        .arguments
                        .iter()
                        .flat_map(|(which, value)| flows(value).into_iter().map(|flow| (which.clone(), flow)))
                        .collect(),
                })
                .collect(),
            writes: one
                .writes
                .iter()
                .flat_map(|(field, value)| flows(value).into_iter().map(|flow| (*field, flow)))
                .collect(),
            hollow: ctx.hollow.contains(&one.name),
            name: one.name,
            parameters: one.parameters,
        });
        let aliases = aliases(ctx);
        summary::Summary {
            module: ctx.module.clone(),
            imports,
            functions: functions.collect(),
            sources: self
                .sources
                .iter()
                .map(|(source, range)| SourceAt {
                    source: *source,
                    at: locate(*range),
                })
                .collect(),
            fields: self.fields,
            aliases,
            test: ctx.test,
        }
    }
}

/// The module's names for functions of others in which a value does harm: what it hands on to whoever imports it.
fn aliases(ctx: &Ctx<'_>) -> Vec<(Box<str>, Box<str>)> {
    let Some(module) = ctx.scopes.first() else {
        return Vec::new();
    };
    let mut found: Vec<(Box<str>, Box<str>)> = module
        .names
        .iter()
        .filter_map(|(bound, binding)| {
            let name = match binding {
                Binding::Import(name) => name.to_string(),
                Binding::Value { expr, .. } => ctx.name(expr)?,
                _ => return None,
            };
            let end = name.rsplit('.').next().unwrap_or(&name);
            let harms = !name.starts_with('~') && !sinks::of_call(&name, end, false).is_empty();
            harms.then(|| ((*bound).into(), name.as_str().into()))
        })
        .collect();
    found.sort_unstable();
    found
}

impl Followed {
    /// Whether another function could learn something from this one.
    fn says_something(&self) -> bool {
        !self.returns.is_empty()
            || !self.hurts.is_empty()
            || self.calls.iter().any(|call| !call.arguments.is_empty())
            || !self.writes.is_empty()
    }
}

/// Whether a name is that of a library that is no part of any project: Python's own, and those that are everywhere. Calls of
/// others may be the project's.
fn is_library(head: &str) -> bool {
    LIBRARIES.binary_search(&head).is_ok()
}

/// Sorted.
const LIBRARIES: &[&str] = &[
    "PIL",
    "__future__",
    "abc",
    "accelerate",
    "aiohttp",
    "argparse",
    "ast",
    "asyncio",
    "atexit",
    "base64",
    "bisect",
    "boto3",
    "bs4",
    "builtins",
    "click",
    "codecs",
    "collections",
    "concurrent",
    "configparser",
    "contextlib",
    "copy",
    "csv",
    "ctypes",
    "cv2",
    "dataclasses",
    "datasets",
    "datetime",
    "decimal",
    "diffusers",
    "django",
    "dotenv",
    "einops",
    "enum",
    "evaluate",
    "fastapi",
    "filelock",
    "flask",
    "flax",
    "fnmatch",
    "fractions",
    "functools",
    "gc",
    "glob",
    "gradio",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "httpx",
    "huggingface_hub",
    "importlib",
    "inspect",
    "io",
    "itertools",
    "jax",
    "jinja2",
    "joblib",
    "json",
    "keras",
    "langchain",
    "lightgbm",
    "logging",
    "lxml",
    "math",
    "matplotlib",
    "mimetypes",
    "mlflow",
    "multiprocessing",
    "networkx",
    "nltk",
    "numbers",
    "numpy",
    "onnx",
    "onnxruntime",
    "openai",
    "operator",
    "optax",
    "os",
    "packaging",
    "pandas",
    "parameterized",
    "pathlib",
    "peft",
    "pickle",
    "pkg_resources",
    "platform",
    "plotly",
    "pprint",
    "psutil",
    "pydantic",
    "pymongo",
    "pytest",
    "pytz",
    "queue",
    "random",
    "re",
    "redis",
    "requests",
    "safetensors",
    "scipy",
    "seaborn",
    "secrets",
    "select",
    "sentencepiece",
    "setuptools",
    "shlex",
    "shutil",
    "signal",
    "six",
    "sklearn",
    "socket",
    "spacy",
    "sqlalchemy",
    "sqlite3",
    "ssl",
    "starlette",
    "stat",
    "statistics",
    "streamlit",
    "string",
    "struct",
    "subprocess",
    "sympy",
    "sys",
    "tarfile",
    "tempfile",
    "tensorflow",
    "textwrap",
    "threading",
    "tiktoken",
    "time",
    "timeit",
    "timm",
    "tokenizers",
    "torch",
    "torchaudio",
    "torchvision",
    "tornado",
    "tqdm",
    "traceback",
    "transformers",
    "typing",
    "typing_extensions",
    "unittest",
    "urllib",
    "urllib3",
    "uuid",
    "uvicorn",
    "wandb",
    "warnings",
    "weakref",
    "werkzeug",
    "xgboost",
    "xml",
    "yaml",
    "zipfile",
    "zlib",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_libraries_is_sorted() {
        assert!(LIBRARIES.is_sorted());
    }
}
