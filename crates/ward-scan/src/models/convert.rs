//! PyTorch checkpoints to safetensors, without running what is in them.
//!
//! The pickle is followed as the scanner follows it, and the tensors it would rebuild are read from where their bytes
//! stand. Bytes are copied as they are: the tensors are equal bit by bit. What is no tensor (an epoch, the name of an
//! optimiser) has no place in safetensors and is left out by name.
//!
//! Sources: `torch/serialization.py` and `torch/_utils.py` for what a checkpoint holds; the README of safetensors for its
//! format: a length of 8 bytes, a JSON header, the bytes of the tensors without gaps.

mod names;
mod storages;
mod tensor;

use std::{collections::HashMap, fmt, io};

use ward_formats::{
    input::Input,
    pickle::{Id, Limits, Node, Options, Values, follow, plain},
    zip::{self, ZipFile},
};

use self::{
    names::collect,
    storages::{Storages, held},
    tensor::storage,
};
use super::torch;

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

/// A result may be so many times as long as the checkpoint, and this many bytes longer: tensors that repeat one item
/// without holding it would otherwise fill the disk.
const STRETCH: (u64, u64) = (64, 64 << 20);

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
    // TorchScript keeps tensors among objects of its own classes (`torch/jit/_serialization.py`).
    let script = |name: &str| name == "constants.pkl" || name.ends_with("/constants.pkl");
    if listed().any(|member| script(&member.name)) {
        return Err(Error::Input(
            "it is a TorchScript archive, which holds its tensors in another way; save the module's state_dict() and convert that",
        ));
    }
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
