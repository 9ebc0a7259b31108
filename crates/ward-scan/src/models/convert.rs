//! PyTorch checkpoints to safetensors, without running what is in them.
//!
//! The pickle is followed as the scanner follows it, and the tensors it would rebuild are read from where their bytes
//! stand. Bytes are copied as they are: the tensors are equal bit by bit. What is no tensor (an epoch, the name of an
//! optimiser) has no place in safetensors and is left out by name.
//!
//! Sources: `torch/serialization.py` and `torch/_utils.py` for what a checkpoint holds; the README of safetensors for its
//! format: a length of 8 bytes, a JSON header, the bytes of the tensors without gaps.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    fmt, io,
};

use ward_formats::{
    input::Input,
    pickle::{Called, Global, Id, Limits, Node, Options, Values, follow, plain},
    zip::{self, Member, ZipFile},
};

use super::{
    packed::{Codec, unpack},
    torch,
};

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Tensors.
    pub tensors: usize,
    /// Bytes of the whole file.
    pub bytes: u64,
    /// Names of what is no tensor and was left out; at most 1,000 of them, escaped for people.
    pub left_out: Vec<String>,
    /// How many were left out.
    pub left_out_count: usize,
}

/// Why a checkpoint was not converted.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The file is no checkpoint of PyTorch, or is broken: what is wrong.
    Input(&'static str),
    /// A tensor that safetensors has no form for, or that lies outside its storage: its name, escaped, and why.
    Tensor(String, &'static str),
    /// The checkpoint could not be read.
    Read(io::Error),
    /// The result could not be written.
    Write(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Input(what) => f.write_str(what),
            Error::Tensor(name, why) => write!(f, "tensor {name}: {why}"),
            Error::Read(error) => write!(f, "the checkpoint could not be read: {error}"),
            Error::Write(error) => write!(f, "the result could not be written: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Read(error) | Error::Write(error) => Some(error),
            Error::Input(_) | Error::Tensor(..) => None,
        }
    }
}

/// Containers inside each other that are followed.
const DEEPEST: usize = 64;
/// Values that are looked at: a list that holds itself ends here.
const MOST: usize = 4_000_000;
/// Most bytes of a storage that are held at a time: one that is compressed, or is not copied in order.
const LONGEST_HELD: u64 = 8 << 30;
/// Bytes that are copied at a time.
const CHUNK: usize = 1 << 20;

/// A result may be so many times as long as the checkpoint, and this many bytes longer: tensors that repeat one item
/// without holding it would otherwise fill the disk.
const STRETCH: (u64, u64) = (64, 64 << 20);

/// How an item is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    /// The word of safetensors.
    word: &'static str,
    /// Bytes of an item.
    size: u64,
}

/// A tensor, by where its items stand.
#[derive(Debug, Clone)]
struct Tensor {
    kind: Kind,
    storage: String,
    /// Items of the storage, as the pickle claims.
    items: u64,
    /// First item.
    offset: u64,
    shape: Vec<u64>,
    /// Items between neighbours, a dimension each.
    strides: Vec<u64>,
}

/// Where the bytes of storages stand.
enum Storages<'a> {
    Zip {
        input: Input<'a>,
        members: HashMap<String, Member>,
    },
    /// PyTorch's old format: key to where it begins and its bytes.
    Old {
        input: Input<'a>,
        places: HashMap<String, (u64, u64)>,
    },
}

/// Reads the checkpoint and hands the bytes of a safetensors file to `write`, in order.
///
/// # Errors
/// The input is no checkpoint, holds a tensor that cannot be converted, cannot be read, or `write` fails. What was written
/// until then is of no use.
pub fn convert(input: Input<'_>, write: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<Summary, Error> {
    let head = input.at(0, 64).map_err(Error::Read)?;
    if zip::is_zip(&head) {
        from_zip(input, write)
    } else {
        from_old(input, write)
    }
}

const OPTIONS: Options = Options {
    limits: Limits::MODEL,
    joblib: false,
    numbers: true,
};

fn from_zip(input: Input<'_>, write: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<Summary, Error> {
    let archive = ZipFile::read(&input, zip::Limits::MODEL);
    let listed = || archive.members.iter().filter(|member| member.listed);
    let mut pickles = listed().filter(|member| torch::root(&member.name).is_some());
    let pickle = pickles.next().ok_or(Error::Input(
        "the archive holds no data.pkl, so that it is no checkpoint of PyTorch",
    ))?;
    if pickles.next().is_some() || archive.problems.iter().any(|problem| problem.broken) {
        return Err(Error::Input(
            "the archive says different things of itself in different places; scan it",
        ));
    }
    let root = torch::root(&pickle.name).unwrap_or_default();
    let order = listed().find(|member| member.name == format!("{root}byteorder"));
    if let Some(order) = order
        && &*order.content(&input).at(0, 6).map_err(Error::Read)? != b"little"
    {
        return Err(Error::Input(
            "its numbers are stored with the most significant byte first, which is not supported",
        ));
    }
    let mut members = HashMap::new();
    for member in listed() {
        if let Some(key) = member
            .name
            .strip_prefix(root)
            .and_then(|rest| rest.strip_prefix("data/"))
            && members.insert(key.to_owned(), member.clone()).is_some()
        {
            return Err(Error::Input("the archive holds a storage twice"));
        }
    }
    let content = held(pickle, &input)?;
    let outcome = follow(Input::of_bytes(&content), 0, OPTIONS, &mut |_, _| {});
    let value = outcome
        .root
        .ok_or(Error::Input("its pickle cannot be followed to its end"))?;
    finish(&outcome.values, value, &Storages::Zip { input, members }, write)
}

fn from_old(input: Input<'_>, write: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<Summary, Error> {
    let odd = || Error::Input("it is no checkpoint of PyTorch: neither an archive nor the older format");
    let mut at = 0;
    let mut outcomes = Vec::new();
    for _ in 0..5 {
        let outcome = follow(input, at, OPTIONS, &mut |_, _| {});
        at = outcome.end;
        let root = outcome.root.ok_or_else(odd)?;
        if outcomes.is_empty() {
            let magic = match outcome.values.get(root) {
                Node::Long(text) => *outcome.values.bytes(*text, 16) == torch::MAGIC,
                _ => false,
            };
            if !magic {
                return Err(odd());
            }
        }
        outcomes.push((outcome, root));
    }
    let [_, _, (system, settings), (object, value), (listing, keys)] = &outcomes[..] else {
        return Err(odd());
    };
    let little = system.values.under(*settings, "little_endian");
    if little.is_some_and(|id| matches!(system.values.get(id), Node::Bool(false))) {
        return Err(Error::Input(
            "its numbers are stored with the most significant byte first, which is not supported",
        ));
    }
    // For each key, in this order: how many items, then the items. How long one is, the pickle says.
    let mut sizes = HashMap::new();
    for id in object.values.ids() {
        if let Node::Persistent(pid) = object.values.get(id)
            && let Some(storage) = storage(&object.values, *pid)
        {
            sizes.insert(storage.key, storage.size);
        }
    }
    let mut places = HashMap::new();
    for key in listing.values.items(*keys) {
        let key = listing.values.text(*key).ok_or_else(odd)?;
        let claimed = input.at(at, 8).map_err(Error::Read)?;
        let items = u64::from_le_bytes(*claimed.first_chunk().ok_or(Error::Input("its storages are cut"))?);
        let size = sizes
            .get(&key)
            .ok_or(Error::Input("it holds a storage that nothing refers to"))?;
        let len = items
            .checked_mul(*size)
            .ok_or(Error::Input("a storage claims more bytes than there are"))?;
        at += 8;
        if len > input.len().saturating_sub(at) {
            return Err(Error::Input("a storage claims more bytes than there are"));
        }
        places.insert(key, (at, len));
        at += len;
    }
    finish(&object.values, *value, &Storages::Old { input, places }, write)
}

/// The decompressed bytes of a member.
fn held<'a>(member: &Member, input: &Input<'a>) -> Result<Cow<'a, [u8]>, Error> {
    let content = member.content(input);
    let codec = match member.method {
        0 => {
            let limit = usize::try_from(LONGEST_HELD).unwrap_or(usize::MAX);
            return content
                .whole(limit)
                .map_err(Error::Read)?
                .ok_or(Error::Input("a member is too long to hold"));
        }
        8 => Codec::Deflate,
        _ => {
            return Err(Error::Input(
                "a member is compressed in a way that PyTorch does not use",
            ));
        }
    };
    let unpacked = unpack(codec, content, LONGEST_HELD);
    if unpacked.broken || unpacked.more {
        return Err(Error::Input("a member is broken or too long"));
    }
    Ok(Cow::Owned(unpacked.bytes))
}

/// A storage as a pickle refers to it: `("storage", type, key, device, items)`, of old with a view behind.
struct Storage {
    key: String,
    kind: Option<Kind>,
    size: u64,
    items: u64,
    shift: u64,
}

fn storage(values: &Values<'_>, pid: Id) -> Option<Storage> {
    let parts = values.items(pid);
    if values.text(*parts.first()?)? != "storage" {
        return None;
    }
    let class = values.global(*parts.get(1)?)?;
    let view = parts
        .get(5)
        .map(|view| values.items(*view))
        .and_then(|view| view.get(1))
        .and_then(|id| values.int(*id));
    Some(Storage {
        key: values.text(*parts.get(2)?)?,
        kind: kind_of_storage(&class.name),
        size: torch::item_size(&class.name)?,
        items: u64::try_from(values.int(*parts.get(4)?)?).ok()?,
        shift: u64::try_from(view.unwrap_or(0)).ok()?,
    })
}

fn kind_of_storage(name: &str) -> Option<Kind> {
    let (word, size) = match name {
        "DoubleStorage" => ("F64", 8),
        "FloatStorage" => ("F32", 4),
        "HalfStorage" => ("F16", 2),
        "BFloat16Storage" => ("BF16", 2),
        "LongStorage" => ("I64", 8),
        "IntStorage" => ("I32", 4),
        "ShortStorage" => ("I16", 2),
        "CharStorage" => ("I8", 1),
        "ByteStorage" => ("U8", 1),
        "BoolStorage" => ("BOOL", 1),
        _ => return None,
    };
    Some(Kind { word, size })
}

fn kind_of_dtype(name: &str) -> Option<Kind> {
    let (word, size) = match name {
        "float64" | "double" => ("F64", 8),
        "float32" | "float" => ("F32", 4),
        "float16" | "half" => ("F16", 2),
        "bfloat16" => ("BF16", 2),
        "float8_e4m3fn" => ("F8_E4M3", 1),
        "float8_e5m2" => ("F8_E5M2", 1),
        "int64" | "long" => ("I64", 8),
        "int32" | "int" => ("I32", 4),
        "int16" | "short" => ("I16", 2),
        "int8" => ("I8", 1),
        "uint64" => ("U64", 8),
        "uint32" => ("U32", 4),
        "uint16" => ("U16", 2),
        "uint8" => ("U8", 1),
        "bool" => ("BOOL", 1),
        _ => return None,
    };
    Some(Kind { word, size })
}

/// What a value is to safetensors.
enum Seen {
    Tensor(Tensor),
    Refused(&'static str),
    Other,
}

fn tensor(values: &Values<'_>, id: Id) -> Seen {
    let Some(called) = values.called(id) else {
        return Seen::Other;
    };
    let Some(global) = values.global(called.callee) else {
        return Seen::Other;
    };
    rebuilt(values, global, values.items(called.args), 0)
}

// Recursion: a parameter around a tensor, a subclass around either; it ends at a depth of 4.
fn rebuilt(values: &Values<'_>, global: &Global, args: &[Id], depth: usize) -> Seen {
    let inner = |id: Option<&Id>| {
        let called = id.and_then(|id| values.called(*id));
        let global = called.and_then(|called| values.global(called.callee));
        match (called, global) {
            (Some(called), Some(global)) if depth < 4 => rebuilt(values, global, values.items(called.args), depth + 1),
            _ => Seen::Refused("it is rebuilt in an unknown way"),
        }
    };
    match (global.module.as_str(), global.name.as_str()) {
        ("torch._utils", "_rebuild_tensor" | "_rebuild_tensor_v2") => dense(values, args, None),
        ("torch._utils", "_rebuild_tensor_v3") => match args.get(6).and_then(|id| values.global(*id)) {
            Some(dtype) => dense(values, args, Some(&dtype.name)),
            None => Seen::Refused("its kind of numbers is unknown"),
        },
        ("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_v2" | "_rebuild_parameter_with_state") => {
            inner(args.first())
        }
        ("torch._tensor", "_rebuild_from_type_v2" | "_rebuild_from_type") => {
            let function = args.first().and_then(|id| values.global(*id));
            match (function, args.get(2)) {
                (Some(function), Some(args)) if depth < 4 => rebuilt(values, function, values.items(*args), depth + 1),
                _ => Seen::Refused("it is rebuilt in an unknown way"),
            }
        }
        ("torch._utils", "_rebuild_sparse_tensor" | "_rebuild_sparse_csr_tensor") => Seen::Refused("it is sparse"),
        ("torch._utils", "_rebuild_qtensor") => Seen::Refused("it is quantised"),
        ("torch._utils", name) if name.starts_with("_rebuild") => Seen::Refused("it is rebuilt in an unknown way"),
        ("torch.storage", "_load_from_bytes") => Seen::Refused("it is a checkpoint inside the checkpoint"),
        _ => Seen::Other,
    }
}

fn dense(values: &Values<'_>, args: &[Id], dtype: Option<&str>) -> Seen {
    let numbers = |n: usize| -> Option<Vec<u64>> {
        let items = values.items(*args.get(n)?).iter();
        items.map(|id| u64::try_from(values.int(*id)?).ok()).collect()
    };
    let pid = match args.first().map(|id| values.get(*id)) {
        Some(Node::Persistent(pid)) => *pid,
        _ => return Seen::Refused("it has no storage"),
    };
    let Some(storage) = storage(values, pid) else {
        return Seen::Refused("its storage is described in an unknown way");
    };
    let kind = match dtype {
        Some(dtype) => kind_of_dtype(dtype),
        None => storage.kind,
    };
    let Some(kind) = kind else {
        return Seen::Refused("safetensors has no such kind of numbers");
    };
    let offset = args
        .get(1)
        .and_then(|id| values.int(*id))
        .and_then(|n| u64::try_from(n).ok());
    let (Some(offset), Some(shape), Some(strides)) = (offset, numbers(2), numbers(3)) else {
        return Seen::Refused("its shape is described in an unknown way");
    };
    if shape.len() != strides.len() || shape.len() > 64 {
        return Seen::Refused("its shape is described in an unknown way");
    }
    let items = storage.items.saturating_mul(storage.size) / kind.size;
    let Some(offset) = offset.checked_add(storage.shift) else {
        return Seen::Refused("it lies outside its storage");
    };
    Seen::Tensor(Tensor {
        kind,
        storage: storage.key,
        items,
        offset,
        shape,
        strides,
    })
}

impl Tensor {
    /// Bytes of its items; `None` when there are too many to count.
    fn len(&self) -> Option<u64> {
        self.shape.iter().try_fold(self.kind.size, |len, n| len.checked_mul(*n))
    }

    /// One past the last item of the storage that it takes; `None` when there is no such number.
    fn reach(&self) -> Option<u64> {
        if self.shape.contains(&0) {
            return Some(0);
        }
        let dimensions = self.shape.iter().zip(&self.strides);
        let last = dimensions
            .map(|(n, stride)| (n - 1).checked_mul(*stride))
            .try_fold(self.offset, |sum, far| sum.checked_add(far?))?;
        last.checked_add(1)
    }

    /// True when its items stand one after the other.
    fn is_contiguous(&self) -> bool {
        let mut expect = 1u64;
        for (n, stride) in self.shape.iter().zip(&self.strides).rev() {
            if *n != 1 && *stride != expect {
                return false;
            }
            expect = expect.saturating_mul(*n);
        }
        true
    }
}

fn finish(
    values: &Values<'_>,
    root: Id,
    storages: &Storages<'_>,
    write: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<Summary, Error> {
    let mut summary = Summary::default();
    let tensors = collect(values, root, &mut summary)?;
    if tensors.is_empty() {
        return Err(Error::Input("it holds no tensors"));
    }
    let longest = storages.input_len().saturating_mul(STRETCH.0).saturating_add(STRETCH.1);
    let mut header = String::from("{\"__metadata__\":{\"format\":\"pt\"}");
    let mut end = 0u64;
    for (name, tensor) in &tensors {
        let fault = |why| Error::Tensor(plain(name), why);
        let len = tensor.len().ok_or(fault("it is too long"))?;
        let available = storages
            .len(&tensor.storage)
            .ok_or(fault("its storage is not in the file"))?;
        let reach = tensor.reach().and_then(|items| items.checked_mul(tensor.kind.size));
        if reach.is_none_or(|reach| reach > available) || tensor.reach() > Some(tensor.items.max(1)) {
            return Err(fault("it lies outside its storage"));
        }
        let to = end
            .checked_add(len)
            .filter(|to| *to <= longest)
            .ok_or(fault("it is too long for its checkpoint"))?;
        let key = serde_json::to_string(name).map_err(|error| Error::Write(error.into()))?;
        let shape = serde_json::to_string(&tensor.shape).map_err(|error| Error::Write(error.into()))?;
        header.push_str(&format!(
            ",{key}:{{\"dtype\":\"{}\",\"shape\":{shape},\"data_offsets\":[{end},{to}]}}",
            tensor.kind.word
        ));
        end = to;
    }
    header.push('}');
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    write(&(header.len() as u64).to_le_bytes()).map_err(Error::Write)?;
    write(header.as_bytes()).map_err(Error::Write)?;
    for (name, tensor) in &tensors {
        storages.copy(name, tensor, write)?;
    }
    summary.tensors = tensors.len();
    summary.bytes = 8 + header.len() as u64 + end;
    Ok(summary)
}

/// Every tensor under `root` by its name: keys, indices and attributes with dots between them.
fn collect(values: &Values<'_>, root: Id, summary: &mut Summary) -> Result<BTreeMap<String, Tensor>, Error> {
    let mut tensors = BTreeMap::new();
    let mut todo = vec![(root, String::new(), 0usize)];
    let mut looked = 0;
    while let Some((id, name, depth)) = todo.pop() {
        looked += 1;
        if looked > MOST || depth > DEEPEST {
            return Err(Error::Input("it nests too deep, or holds itself"));
        }
        let seen = tensor(values, id);
        // A checkpoint may be one tensor and nothing else.
        let alone = name.is_empty() && !matches!(seen, Seen::Other);
        let name = if alone { "tensor".to_owned() } else { name };
        match seen {
            Seen::Tensor(tensor) => {
                if name == "__metadata__" || tensors.contains_key(&name) {
                    return Err(Error::Tensor(plain(&name), "another tensor would have the same name"));
                }
                tensors.insert(name, tensor);
                continue;
            }
            Seen::Refused(why) => return Err(Error::Tensor(plain(&name), why)),
            Seen::Other => {}
        }
        let join = |part: &str| {
            if name.is_empty() {
                part.to_owned()
            } else {
                format!("{name}.{part}")
            }
        };
        let mut children: Vec<(Id, String)> = Vec::new();
        let mut holds = false;
        match values.get(id) {
            Node::List(items) | Node::Tuple(items) => {
                children.extend(items.iter().enumerate().map(|(n, item)| (*item, join(&n.to_string()))));
            }
            Node::Dict(_) => children.extend(pairs(values, id, &join)),
            Node::Called(called) => match module(values, called) {
                Some(parts) => {
                    // A layer without parameters is no loss.
                    holds = true;
                    children.extend(parts.into_iter().map(|(item, part)| (item, join(&part))));
                }
                None if is_dictionary(values, called) => children.extend(pairs(values, id, &join)),
                None => {}
            },
            _ => {}
        }
        if children.is_empty() && !holds {
            summary.left_out_count += 1;
            if summary.left_out.len() < 1000 {
                summary.left_out.push(plain(&name));
            }
        }
        todo.extend(children.into_iter().map(|(item, name)| (item, name, depth + 1)));
    }
    summary.left_out.sort();
    Ok(tensors)
}

/// True for an object that is filled like a dictionary.
fn is_dictionary(values: &Values<'_>, called: &Called) -> bool {
    values.global(called.callee).is_some_and(|global| {
        let name = global.name.as_str();
        name.ends_with("Dict")
            || matches!(
                (global.module.as_str(), name),
                ("collections", "defaultdict" | "Counter")
            )
    })
}

fn pairs(values: &Values<'_>, id: Id, join: &dyn Fn(&str) -> String) -> Vec<(Id, String)> {
    // A key that is set twice has its last value, as in Python.
    let mut found: Vec<(Id, String)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (key, value) in values.pairs(id) {
        let key = match values.get(key) {
            Node::Int(number) => number.to_string(),
            _ => values.text(key).unwrap_or_else(|| values.render(key)),
        };
        match places.get(&key) {
            Some(place) => {
                if let Some(slot) = found.get_mut(*place) {
                    slot.0 = value;
                }
            }
            None => {
                places.insert(key.clone(), found.len());
                found.push((value, join(&key)));
            }
        }
    }
    found
}

/// What a `torch.nn.Module` holds, by the names of its `state_dict`.
fn module(values: &Values<'_>, called: &Called) -> Option<Vec<(Id, String)>> {
    let state = called.state?;
    let parameters = values.under(state, "_parameters")?;
    let mut parts = Vec::new();
    let plain_name = |part: &str| part.to_owned();
    for group in [
        Some(parameters),
        values.under(state, "_buffers"),
        values.under(state, "_modules"),
    ] {
        let named = group.map(|group| pairs(values, group, &plain_name)).unwrap_or_default();
        parts.extend(
            named
                .into_iter()
                .filter(|(item, _)| !matches!(values.get(*item), Node::None)),
        );
    }
    Some(parts)
}

impl Storages<'_> {
    /// Bytes of the checkpoint.
    fn input_len(&self) -> u64 {
        match self {
            Storages::Zip { input, .. } | Storages::Old { input, .. } => input.len(),
        }
    }

    /// Bytes of a storage.
    fn len(&self, key: &str) -> Option<u64> {
        match self {
            Storages::Zip { members, .. } => members.get(key).map(|member| {
                if member.method == 0 {
                    member.compressed
                } else {
                    member.size
                }
            }),
            Storages::Old { places, .. } => places.get(key).map(|(_, len)| *len),
        }
    }

    /// Writes the items of a tensor in order.
    fn copy(&self, name: &str, tensor: &Tensor, write: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<(), Error> {
        let missing = || Error::Tensor(plain(name), "its storage is not in the file");
        let unpacked;
        let content = match self {
            Storages::Zip { input, members } => {
                let member = members.get(&tensor.storage).ok_or_else(missing)?;
                if member.method == 0 {
                    member.content(input)
                } else {
                    unpacked = held(member, input)?;
                    Input::of_bytes(&unpacked)
                }
            }
            Storages::Old { input, places } => {
                let (at, len) = places.get(&tensor.storage).ok_or_else(missing)?;
                input.part(*at, *len)
            }
        };
        let size = tensor.kind.size;
        let len = tensor.len().unwrap_or(0);
        if len == 0 {
            return Ok(());
        }
        let first = tensor.offset * size;
        let reach = tensor.reach().unwrap_or(0) * size;
        if reach > content.len() {
            return Err(Error::Tensor(plain(name), "it lies outside its storage"));
        }
        if tensor.is_contiguous() {
            let mut done = 0;
            while done < len {
                let step = usize::try_from(len - done).unwrap_or(usize::MAX).min(CHUNK);
                let bytes = content.at(first + done, step).map_err(Error::Read)?;
                write(&bytes).map_err(Error::Write)?;
                done += step as u64;
            }
            return Ok(());
        }
        if reach - first > LONGEST_HELD {
            return Err(Error::Tensor(plain(name), "it is too long to be put in order"));
        }
        let span = usize::try_from(reach - first).map_err(|_| Error::Tensor(plain(name), "it is too long"))?;
        let held = content.at(first, span).map_err(Error::Read)?;
        gather(&held, tensor, write)
    }
}

/// Writes the items of a tensor that do not stand one after the other. `held` begins with its first item.
fn gather(held: &[u8], tensor: &Tensor, write: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<(), Error> {
    let size = usize::try_from(tensor.kind.size).unwrap_or(1);
    let mut index = vec![0u64; tensor.shape.len()];
    let mut out = Vec::with_capacity(CHUNK);
    loop {
        let item: u64 = index.iter().zip(&tensor.strides).map(|(n, stride)| n * stride).sum();
        let at = usize::try_from(item).unwrap_or(usize::MAX).saturating_mul(size);
        let bytes = held
            .get(at..at.saturating_add(size))
            .ok_or(Error::Input("a tensor lies outside its storage"))?;
        out.extend_from_slice(bytes);
        if out.len() >= CHUNK {
            write(&out).map_err(Error::Write)?;
            out.clear();
        }
        // The next index, the last dimension first.
        let mut dimension = index.len();
        loop {
            let Some(lower) = dimension.checked_sub(1) else {
                return if out.is_empty() {
                    Ok(())
                } else {
                    write(&out).map_err(Error::Write)
                };
            };
            dimension = lower;
            let (Some(n), Some(end)) = (index.get_mut(dimension), tensor.shape.get(dimension)) else {
                return Ok(());
            };
            *n += 1;
            if *n < *end {
                break;
            }
            *n = 0;
        }
    }
}
