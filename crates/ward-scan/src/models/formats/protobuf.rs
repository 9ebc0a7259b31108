//! ONNX, TensorFlow SavedModel and Core ML: graphs in Protocol Buffers.
//!
//! Field numbers: onnx/onnx.proto (ONNX IR version 10), tensorflow/core/protobuf (saved_model, meta_graph),
//! tensorflow/core/framework (graph, node_def, function), coremltools mlmodel/format/Model.proto.

use std::{collections::BTreeSet, io};

use ward_evidence::{RuleMeta, Severity, controls::MOD_1A};
use ward_formats::{
    protobuf::{Range, Value, field},
    window::Window,
};

use super::{found, leaves, not_read, shown};
use crate::{Blob, Findings};

/// Weights in other files, at places the model chooses.
pub(crate) static EXTERNAL: RuleMeta = RuleMeta {
    id: "models/onnx-external-path",
    severity: Severity::High,
    controls: &[MOD_1A],
    summary: "The model takes its weights from a place outside of its folder.",
    docs: "An ONNX model may keep weights in files beside it and names each by a path. A path that leaves the folder, or an \
        address, makes a loader read any file of the machine into the model's outputs.\n\n\
        Example: `location = ../../../../etc/passwd`.\n\n\
        Instead: do not load it; ask for a model whose external data lies beside it.\n\n\
        Source: ONNX documentation, \"External Data\"; CVE-2022-25882, CVE-2024-27318.",
};

/// Operators that an ordinary runtime does not have.
pub(crate) static CUSTOM: RuleMeta = RuleMeta {
    id: "models/custom-operator",
    severity: Severity::Medium,
    controls: &[MOD_1A],
    summary: "The model needs operators or layers from outside of its format.",
    docs: "A graph of standard operators computes and nothing else. An operator of another domain, or a custom layer, is code that \
        somebody has to install to load the model, and that code can do anything.\n\n\
        Instead: find out whose operator it is and trust that library on its own, or ask for a model without it.\n\n\
        Source: ONNX `NodeProto.domain`; TensorFlow Lite custom operators; Core ML custom layers.",
};

/// Operators that run Python or touch files.
pub(crate) static GRAPH: RuleMeta = RuleMeta {
    id: "models/graph-reaches",
    severity: Severity::Critical,
    controls: &[MOD_1A],
    summary: "The model's graph runs Python, or reads and writes files.",
    docs: "A few operators of TensorFlow do more than compute: `PyFunc` calls Python functions, `ReadFile`, `WriteFile` and their \
        like open files by name, with the rights of whoever runs the model.\n\n\
        Instead: do not load it; ask for the weights alone (safetensors) and build the graph from source.\n\n\
        Source: TensorFlow's SECURITY.md (\"models are programs\") and its operator registry.",
};

/// Operators of TensorFlow that run Python, or touch files or the network.
const REACHING: &[&str] = &[
    "PyFunc",
    "PyFuncStateless",
    "EagerPyFunc",
    "NumpyFunction",
    "ReadFile",
    "WriteFile",
    "MatchingFiles",
    "WholeFileReader",
    "WholeFileReaderV2",
    "TextLineReader",
    "TextLineReaderV2",
    "FixedLengthRecordReader",
    "FixedLengthRecordReaderV2",
    "TFRecordReader",
    "TFRecordReaderV2",
    "TFRecordDataset",
    "TextLineDataset",
    "FixedLengthRecordDataset",
    "LMDBReader",
    "SqlDataset",
    "SaveV2",
    "Save",
    "SaveSlices",
    "MergeV2Checkpoints",
    "DebugIdentity",
    "DebugNumericSummary",
    "RpcCall",
    "TryRpc",
    "Rpc",
    "DataServiceDataset",
    "DataServiceDatasetV2",
    "GenerateBigQueryReaderPartitions",
    "BigQueryReader",
    "WriteScalarSummary",
    "CreateSummaryFileWriter",
    "CreateSummaryDbWriter",
    "WriteGraphSummary",
    "LoadDataset",
    "SaveDataset",
    "SnapshotDataset",
    "CSVDataset",
    "FileSystemSetConfiguration",
    "LookupTableImport",
    "InitializeTableFromTextFile",
    "TensorForestTreeDeserialize",
];

/// Of these, what every exported model may hold: saving, vocabularies.
const COMMON: &[&str] = &[
    "SaveV2",
    "MergeV2Checkpoints",
    "InitializeTableFromTextFile",
    "Save",
    "SaveSlices",
];

/// Domains of operators that the ONNX project itself defines.
const ONNX_DOMAINS: &[&str] = &[
    "",
    "ai.onnx",
    "ai.onnx.ml",
    "ai.onnx.training",
    "ai.onnx.preview",
    "ai.onnx.preview.training",
];

/// Fields and messages read of one file.
const MOST_FIELDS: usize = 20_000_000;

/// The most operators of foreign domains that are told of one file, and the most functions of its own that are known.
const MOST_OPERATORS: usize = 2_000;

/// The longest name or path that is read.
const LONGEST_TEXT: u64 = 4_096;

/// Messages that wait for being read.
const MOST_WAITING: usize = 2_000_000;

/// Deepest nesting of graphs.
const DEEPEST: u8 = 40;

/// What a message is, so that its fields mean something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Message {
    OnnxModel,
    OnnxGraph,
    OnnxNode,
    OnnxAttribute,
    OnnxTensor,
    OnnxSparse,
    OnnxTraining,
    OnnxPair,
    OnnxFunction,
    SavedModel,
    MetaGraph,
    TfGraph,
    TfNode,
    TfLibrary,
    TfFunction,
    CoreModel,
    CoreWrapped,
    CorePipeline,
    CoreNetwork,
    CoreLayer,
}

/// What the field `number` of a message holds, when that matters.
fn child(message: Message, number: u64) -> Option<Message> {
    use Message::*;
    Some(match (message, number) {
        (OnnxModel, 7) | (OnnxTraining, 1 | 2) => OnnxGraph,
        (OnnxModel, 20) => OnnxTraining,
        (OnnxModel, 25) => OnnxFunction,
        (OnnxGraph, 1) | (OnnxFunction, 7) => OnnxNode,
        (OnnxGraph, 5) | (OnnxSparse, 1 | 2) => OnnxTensor,
        (OnnxGraph, 15) | (OnnxAttribute, 22 | 23) => OnnxSparse,
        (OnnxNode, 5) | (OnnxFunction, 11) => OnnxAttribute,
        (OnnxAttribute, 5 | 10) => OnnxTensor,
        (OnnxAttribute, 6 | 11) => OnnxGraph,
        (OnnxTensor, 13) => OnnxPair,
        (SavedModel, 2) => MetaGraph,
        (MetaGraph, 2) => TfGraph,
        (TfGraph, 1) | (TfFunction, 3) => TfNode,
        (TfGraph, 2) => TfLibrary,
        (TfLibrary, 1) => TfFunction,
        (CoreModel, 200 | 201) => CoreWrapped,
        (CoreModel, 202) | (CoreWrapped, 1) => CorePipeline,
        (CorePipeline, 1) => CoreModel,
        (CoreModel, 303 | 403 | 500) => CoreNetwork,
        (CoreNetwork, 1) => CoreLayer,
        _ => return None,
    })
}

/// A file that is cut or no Protocol Buffers at all.
const BROKEN: &str = "the graph could not be followed to its end: the file is cut, damaged or of another format";

/// ONNX by name, or by what it holds whatever it is called.
pub(crate) fn is_onnx(blob: &Blob<'_>, head: &[u8]) -> bool {
    let name = blob.name();
    let runtime = name.ends_with(".ort") && matches!(head, [0x08, 1..=40, ..]);
    name.ends_with(".onnx") || runtime || is_model_of_onnx(blob).unwrap_or(false)
}

/// Whether one of the fields may be a part of a model of ONNX; `None` when the content is not wholly fields.
fn parts(blob: &Blob<'_>) -> io::Result<Option<bool>> {
    let mut window = Window::new(blob.content);
    let (mut at, end) = (0, window.len());
    let mut any = false;
    while at < end {
        let Some(one) = field(&mut window, at, end)? else {
            return Ok(None);
        };
        any |= matches!(one.value, Value::Bytes(_)) && child(Message::OnnxModel, one.number).is_some();
        at = one.next;
    }
    Ok(Some(any))
}

/// Whether an operator's name or a place of weights stands where models of ONNX have it. Their loaders take the fields in any
/// order, and pass over those that they do not know.
fn is_model_of_onnx(blob: &Blob<'_>) -> io::Result<bool> {
    if parts(blob)? != Some(true) {
        return Ok(false);
    }
    let mut walker = Walker::new(blob);
    walker.run(Message::OnnxModel, &mut Findings::default())?;
    Ok(!walker.broken && (walker.is_onnx || walker.cut))
}

pub(crate) fn onnx(blob: &Blob<'_>, findings: &mut Findings) {
    walk(blob, findings, Message::OnnxModel);
    named(blob, findings);
}

/// Looks at a file that has the marks of another format, which may stand in a text of a message: whoever loads it as a graph
/// sees no marks.
pub(crate) fn beside(blob: &Blob<'_>, findings: &mut Findings) {
    if !matches!(parts(blob), Ok(Some(_))) {
        return;
    }
    if is_model_of_onnx(blob).unwrap_or(false) {
        walk(blob, findings, Message::OnnxModel);
    }
    named(blob, findings);
}

/// Looks at the file as the loaders do that go by its name.
fn named(blob: &Blob<'_>, findings: &mut Findings) {
    let head = blob.content.at(0, 1).unwrap_or_default();
    for (fits, root) in [
        (is_saved_model(blob, &head), Message::SavedModel),
        (is_graph(blob, &head), Message::TfGraph),
        (is_core_ml(blob, &head), Message::CoreModel),
    ] {
        if fits {
            walk(blob, findings, root);
        }
    }
}

/// What these formats are called in the table of all.
pub(crate) const NAMES: [&str; 4] = ["ONNX", "SavedModel", "TensorFlow graph", "Core ML"];

/// SavedModel by name: nothing in its bytes tells it from others.
pub(crate) fn is_saved_model(blob: &Blob<'_>, _: &[u8]) -> bool {
    blob.name().ends_with("saved_model.pb")
}

pub(crate) fn saved_model(blob: &Blob<'_>, findings: &mut Findings) {
    walk(blob, findings, Message::SavedModel);
}

/// A frozen graph of TensorFlow 1, or another file with the ending.
pub(crate) fn is_graph(blob: &Blob<'_>, head: &[u8]) -> bool {
    let name = blob.name();
    name.ends_with(".pb") && !name.ends_with("saved_model.pb") && head.first() == Some(&0x0a)
}

pub(crate) fn graph(blob: &Blob<'_>, findings: &mut Findings) {
    walk(blob, findings, Message::TfGraph);
}

/// Core ML by name.
pub(crate) fn is_core_ml(blob: &Blob<'_>, _: &[u8]) -> bool {
    blob.name().ends_with(".mlmodel")
}

pub(crate) fn core_ml(blob: &Blob<'_>, findings: &mut Findings) {
    walk(blob, findings, Message::CoreModel);
}

fn walk(blob: &Blob<'_>, findings: &mut Findings, root: Message) {
    match Walker::new(blob).run(root, findings) {
        Ok(true) => {}
        Ok(false) => findings.not_examined(blob.place.clone(), BROKEN),
        Err(_) => not_read(blob, findings),
    }
}

struct Walker<'a, 'b> {
    blob: &'b Blob<'a>,
    window: Window<'a>,
    /// Names told already: each operator once.
    seen: Vec<String>,
    /// Operators of foreign domains, which are told at the end unless the model brings their definition.
    foreign: BTreeSet<(String, String)>,
    /// There were more of these than are told.
    crowded: bool,
    /// Functions that the model defines with nodes of its own, by domain and name.
    defined: BTreeSet<(String, String)>,
    /// There was an operator of ONNX, or a place of weights.
    is_onnx: bool,
    /// What stood somewhere was no field.
    broken: bool,
    /// There is more, or it is deeper, than is followed.
    cut: bool,
    fields: usize,
}

impl<'a, 'b> Walker<'a, 'b> {
    fn new(blob: &'b Blob<'a>) -> Self {
        Self {
            blob,
            window: Window::new(blob.content),
            seen: Vec::new(),
            foreign: BTreeSet::new(),
            crowded: false,
            defined: BTreeSet::new(),
            is_onnx: false,
            broken: false,
            cut: false,
            fields: 0,
        }
    }

    /// False when the file could not be followed.
    fn run(&mut self, root: Message, findings: &mut Findings) -> io::Result<bool> {
        let all = Range {
            start: 0,
            end: self.window.len(),
        };
        let mut stack = vec![(root, all, 0_u8)];
        let mut any = false;
        while let Some((message, range, depth)) = stack.pop() {
            let mut at = range.start;
            let mut texts: [Option<String>; 2] = [None, None];
            while at < range.end {
                // The fields of the file itself are as many as it is long.
                self.fields += usize::from(depth > 0);
                if self.fields > MOST_FIELDS {
                    self.cut = true;
                    break;
                }
                let Some(one) = field(&mut self.window, at, range.end)? else {
                    self.broken = true;
                    break;
                };
                at = one.next;
                any = true;
                if let Value::Bytes(inner) = one.value {
                    match child(message, one.number) {
                        Some(_) if depth >= DEEPEST || stack.len() >= MOST_WAITING => self.cut = true,
                        Some(inside) => stack.push((inside, inner, depth + 1)),
                        None => self.text(message, one.number, inner, &mut texts)?,
                    }
                }
                match (message, one.number) {
                    (Message::CoreModel, 555) => self.custom("a custom model", findings),
                    (Message::CoreModel, 556) => self.custom("a model in another file", findings),
                    _ => {}
                }
                if message == Message::CoreLayer && one.number == 500 {
                    self.custom("a custom layer", findings);
                }
            }
            self.judge(message, &texts, findings);
        }
        self.foreign(findings);
        // A file without a single field is another format.
        Ok(!self.cut && !self.broken && !self.crowded && (any || self.blob.content.is_empty()))
    }

    /// Keeps the texts that are judged.
    fn text(&mut self, message: Message, number: u64, range: Range, texts: &mut [Option<String>; 2]) -> io::Result<()> {
        let slot = match (message, number) {
            (Message::OnnxNode, 4) | (Message::OnnxFunction | Message::OnnxPair, 1) | (Message::TfNode, 2) => 0,
            (Message::OnnxNode, 7) | (Message::OnnxFunction, 10) | (Message::OnnxPair, 2) | (Message::TfNode, 5) => 1,
            _ => return Ok(()),
        };
        let len = usize::try_from(range.len().min(LONGEST_TEXT)).unwrap_or(0);
        let bytes = self.window.bytes(range.start, len)?.unwrap_or_default();
        let read = String::from_utf8_lossy(bytes);
        // A node of TensorFlow has an entry for each of its attributes; the one that names a file is kept.
        if (message, number) == (Message::TfNode, 5) && !read.contains("file://") {
            return Ok(());
        }
        if let Some(text) = texts.get_mut(slot) {
            *text = Some(read.into_owned());
        }
        Ok(())
    }

    fn judge(&mut self, message: Message, texts: &[Option<String>; 2], findings: &mut Findings) {
        let [first, second] = texts.each_ref().map(|text| text.as_deref().unwrap_or(""));
        self.is_onnx |= match message {
            Message::OnnxNode => !first.is_empty() && !first.contains(|c: char| c.is_control() || c == '\u{fffd}'),
            Message::OnnxPair => first == "location",
            _ => false,
        };
        match message {
            Message::OnnxPair if first == "location" && leaves(second) && self.is_new(second) => {
                let note = "weights are taken from a path outside of the model's folder";
                found(self.blob, findings, &EXTERNAL, Severity::High, note.to_owned(), second);
            }
            Message::OnnxNode if !ONNX_DOMAINS.contains(&second) => {
                let operator = (second.to_owned(), first.to_owned());
                self.crowded |= self.foreign.len() >= MOST_OPERATORS && !self.foreign.contains(&operator);
                if !self.crowded {
                    self.foreign.insert(operator);
                }
            }
            Message::OnnxFunction if self.defined.len() < MOST_OPERATORS => {
                self.defined.insert((second.to_owned(), first.to_owned()));
            }
            Message::TfNode if REACHING.contains(&first) && self.is_new(first) => {
                let severity = match first {
                    _ if COMMON.contains(&first) => Severity::Info,
                    "PyFunc" | "PyFuncStateless" | "EagerPyFunc" | "NumpyFunction" => Severity::Critical,
                    _ => Severity::High,
                };
                found(
                    self.blob,
                    findings,
                    &GRAPH,
                    severity,
                    format!("operator {}", shown(first)),
                    first,
                );
            }
            // Where it prints is an attribute: to the console, or to a file.
            Message::TfNode if first == "PrintV2" && second.contains("file://") && self.is_new("PrintV2") => {
                let note = "operator PrintV2, which writes to a file".to_owned();
                found(self.blob, findings, &GRAPH, Severity::High, note, first);
            }
            Message::TfNode if first.contains('>') && self.is_new(first) => {
                found(
                    self.blob,
                    findings,
                    &CUSTOM,
                    Severity::Medium,
                    format!("operator {}", shown(first)),
                    first,
                );
            }
            _ => {}
        }
    }

    /// Tells the operators of foreign domains. What the model itself defines by nodes is judged by these nodes, except for names
    /// that stand for Python wherever their library is installed.
    fn foreign(&mut self, findings: &mut Findings) {
        for (domain, name) in std::mem::take(&mut self.foreign) {
            let python = matches!(name.as_str(), "PyOp" | "PyCustomOp");
            let key = (domain, name);
            if !python && self.defined.contains(&key) {
                continue;
            }
            let (domain, name) = key;
            let (rule, severity) = match domain.as_str() {
                _ if python => (&GRAPH, Severity::Critical),
                "com.microsoft" => (&CUSTOM, Severity::Info),
                _ => (&CUSTOM, Severity::Medium),
            };
            let note = format!("operator {} of domain {}", shown(&name), shown(&domain));
            found(self.blob, findings, rule, severity, note, &format!("{domain}::{name}"));
        }
    }

    fn custom(&mut self, what: &str, findings: &mut Findings) {
        if self.is_new(what) {
            found(
                self.blob,
                findings,
                &CUSTOM,
                Severity::Medium,
                format!("it has {what}"),
                what,
            );
        }
    }

    fn is_new(&mut self, name: &str) -> bool {
        let new = self.seen.len() < 1_000 && !self.seen.iter().any(|other| other == name);
        if new {
            self.seen.push(name.to_owned());
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(number: u64, data: &[u8]) -> Vec<u8> {
        let varint = |mut value: u64| {
            let mut bytes = Vec::new();
            while value >= 128 {
                bytes.push(u8::try_from(value & 127).unwrap() | 128);
                value >>= 7;
            }
            bytes.push(u8::try_from(value).unwrap());
            bytes
        };
        [varint(number << 3 | 2), varint(data.len() as u64), data.to_vec()].concat()
    }

    fn severities(name: &str, bytes: &[u8], scan: fn(&Blob<'_>, &mut Findings)) -> (Vec<Severity>, usize) {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes(name, bytes), &mut findings);
        (
            findings.found.iter().map(|one| one.severity).collect(),
            findings.not_examined.len(),
        )
    }

    #[test]
    fn onnx_paths_and_operators() {
        let external = |path: &str| {
            let pair = [put(1, b"location"), put(2, path.as_bytes())].concat();
            put(7, &put(5, &[put(8, b"w"), put(13, &pair)].concat()))
        };
        for (path, severe) in [
            ("weights.bin", 0),
            ("data/w.bin", 0),
            ("../w", 1),
            ("/etc/passwd", 1),
            ("C:\\w", 1),
            ("http://x/w", 1),
        ] {
            assert_eq!(
                severities("m.onnx", &external(path), onnx),
                (vec![Severity::High; severe], 0),
                "{path}"
            );
        }
        // The same tensor as a sparse one, in an attribute, and in the graph of a training.
        let pair = [put(1, b"location"), put(2, b"../w")].concat();
        let tensor = [put(8, b"w"), put(13, &pair)].concat();
        for hidden in [
            put(7, &put(15, &put(1, &tensor))),
            put(7, &put(1, &put(5, &put(22, &put(2, &tensor))))),
            put(20, &put(2, &put(5, &tensor))),
        ] {
            assert_eq!(severities("m.onnx", &hidden, onnx), (vec![Severity::High], 0));
        }
        let node =
            |op: &str, domain: &str| put(7, &put(1, &[put(4, op.as_bytes()), put(7, domain.as_bytes())].concat()));
        assert_eq!(severities("m.onnx", &node("Conv", ""), onnx), (vec![], 0));
        assert_eq!(
            severities("m.onnx", &node("Evil", "com.evil"), onnx),
            (vec![Severity::Medium], 0)
        );
        assert_eq!(
            severities("m.onnx", &node("PyOp", "ai.onnx.contrib"), onnx),
            (vec![Severity::Critical], 0)
        );
        // A function that the model brings, before and after the graph that calls it; others stay what they are.
        let function = |domain: &str, name: &str, body: &[u8]| {
            put(
                25,
                &[put(1, name.as_bytes()), put(10, domain.as_bytes()), put(7, body)].concat(),
            )
        };
        let add = put(4, b"Add");
        let evil = [put(4, b"Evil"), put(7, b"com.evil")].concat();
        for (model, expect) in [
            ([node("Twice", "own"), function("own", "Twice", &add)].concat(), vec![]),
            ([function("own", "Twice", &add), node("Twice", "own")].concat(), vec![]),
            (
                [node("Twice", "own"), function("own", "Thrice", &add)].concat(),
                vec![Severity::Medium],
            ),
            (
                [node("Twice", "own"), function("other", "Twice", &add)].concat(),
                vec![Severity::Medium],
            ),
            (
                [node("Twice", "own"), function("own", "Twice", &evil)].concat(),
                vec![Severity::Medium],
            ),
            (
                [node("PyOp", "own"), function("own", "PyOp", &add)].concat(),
                vec![Severity::Critical],
            ),
        ] {
            assert_eq!(severities("m.onnx", &model, onnx), (expect, 0));
        }
        // Neither functions nor operators of the runtime use up what may be told.
        let own: Vec<u8> = (0..1_500)
            .flat_map(|at| {
                let name = format!("F{at}");
                [
                    node(&name, "own"),
                    function("own", &name, &add),
                    node(&name, "com.microsoft"),
                ]
                .concat()
            })
            .collect();
        let (told, broken) = severities(
            "m.onnx",
            &[own, node("Evil", "com.evil"), external("/etc/passwd")].concat(),
            onnx,
        );
        assert!(told.contains(&Severity::High));
        assert_eq!(told.iter().filter(|one| **one == Severity::Medium).count() + broken, 2);
        // In a subgraph of an attribute.
        let inner = put(1, &[put(4, b"Evil"), put(7, b"com.evil")].concat());
        let deep = put(7, &put(1, &[put(4, b"If"), put(5, &put(6, &inner))].concat()));
        assert_eq!(severities("m.onnx", &deep, onnx), (vec![Severity::Medium], 0));
    }

    #[test]
    fn models_under_other_names() {
        let told = |bytes: &[u8]| is_onnx(&Blob::of_bytes("weights.bin", bytes), bytes);
        let graph = put(7, &put(1, &put(4, b"Add")));
        let parts = [
            vec![8, 8],
            put(2, b"maker"),
            vec![0x28, 1],
            put(6, b"about"),
            graph.clone(),
            put(8, &[0x10, 17]),
        ];
        for first in 0..parts.len() {
            let model = [&parts[first..], &parts[..first]].concat().concat();
            assert!(told(&model), "{model:x?}");
            // Cut, and with something behind it.
            assert!(!told(&model[..model.len() - 1]) && !told(&[&model[..], b"x"].concat()));
        }
        let unknown = [
            put(99, b"x"),
            put(1, b"x"),
            vec![0xf8, 1, 1],
            vec![0x9b, 6, 8, 1, 0x9c, 6],
        ];
        for other in unknown {
            assert!(told(&[&other[..], &graph].concat()) && told(&[&graph[..], &other].concat()));
            let inside = put(7, &[&other[..], &put(1, &put(4, b"Add"))].concat());
            // A field with the number of nodes is one.
            assert_eq!(told(&inside), other != put(1, b"x"));
        }
        let outside = put(7, &put(5, &put(13, &[put(1, b"location"), put(2, b"../w")].concat())));
        let function = put(25, &put(7, &put(4, b"Add")));
        let deep = (0..60).fold(put(4, b"If"), |inner, _| {
            [put(4, b"If"), put(5, &put(6, &put(1, &inner)))].concat()
        });
        for model in [
            outside,
            function,
            put(7, &put(1, &deep)),
            [put(14, b"").repeat(30_000), graph.clone()].concat(),
        ] {
            assert!(told(&model), "{model:x?}");
        }
        // More than is followed.
        assert!(told(&put(7, b"").repeat(MOST_WAITING + 1)));
        for other in [
            // A saved model, a graph of TensorFlow, a description of messages, events of a training, nothing.
            [
                &[8, 1][..],
                &put(2, &put(2, &put(1, &[put(1, b"n"), put(2, b"MatMul")].concat()))),
            ]
            .concat(),
            put(1, &[put(1, b"n"), put(2, b"MatMul")].concat()),
            put(
                1,
                &[
                    put(1, b"a.proto"),
                    put(4, &put(1, b"M")),
                    put(7, &[put(1, b"x"), vec![0x18, 4]].concat()),
                ]
                .concat(),
            ),
            [24_u64.to_le_bytes().to_vec(), vec![7; 40]].concat(),
            put(7, b""),
            put(7, &put(2, b"name")),
            put(7, b"plain text"),
            put(7, &put(1, &put(4, b"\x00\x01"))),
            b"# a text of several words\n".repeat(40),
            b" ".repeat(4_000),
            vec![],
        ] {
            assert!(!told(&other), "{other:x?}");
        }
    }

    #[test]
    fn saved_models() {
        let model = |op: &str| put(2, &put(2, &put(1, &[put(1, b"n"), put(2, op.as_bytes())].concat())));
        let function = |op: &str| {
            put(
                2,
                &put(
                    2,
                    &put(2, &put(1, &put(3, &[put(1, b"n"), put(2, op.as_bytes())].concat()))),
                ),
            )
        };
        for (op, expect) in [
            ("MatMul", vec![]),
            ("PyFunc", vec![Severity::Critical]),
            ("ReadFile", vec![Severity::High]),
            ("SaveV2", vec![Severity::Info]),
            ("Addons>X", vec![Severity::Medium]),
        ] {
            assert_eq!(
                severities("saved_model.pb", &model(op), saved_model),
                (expect.clone(), 0),
                "{op}"
            );
            assert_eq!(
                severities("saved_model.pb", &function(op), saved_model),
                (expect, 0),
                "{op} in a function"
            );
        }
    }

    #[test]
    fn what_cannot_be_followed_is_not_examined() {
        for bytes in [&b"\xff\xff\xff\xff"[..], b"not a model", &put(7, &[0x0b; 10])] {
            assert_eq!(severities("m.onnx", bytes, onnx).1, 1);
        }
        let mut deep = put(1, &put(4, b"If"));
        for _ in 0..60 {
            deep = put(1, &put(5, &put(6, &deep)));
        }
        assert_eq!(severities("m.onnx", &put(7, &deep), onnx).1, 1);
    }

    #[test]
    fn custom_layers_of_core_ml() {
        let layer = put(500, &put(1, &[put(1, b"l"), put(500, b"x")].concat()));
        assert_eq!(severities("m.mlmodel", &layer, core_ml), (vec![Severity::Medium], 0));
        assert_eq!(severities("m.mlmodel", &put(555, b"x"), core_ml).0, [Severity::Medium]);
    }
}
