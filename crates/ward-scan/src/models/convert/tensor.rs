//! Tensors as pickles rebuild them: a view of a storage, with its type, shape and strides.

use ward_formats::pickle::{Global, Id, Node, Values};

use crate::models::torch;

/// How an item is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// The word of safetensors.
    pub(super) word: &'static str,
    /// Bytes of an item.
    pub(super) size: u64,
}

/// A tensor, by where its items stand.
#[derive(Debug, Clone)]
pub(super) struct Tensor {
    pub(super) kind: Kind,
    pub(super) storage: String,
    /// Items of the storage, as the pickle claims.
    pub(super) items: u64,
    /// First item.
    pub(super) offset: u64,
    pub(super) shape: Vec<u64>,
    /// Items between neighbours, a dimension each.
    pub(super) strides: Vec<u64>,
}

/// A storage as a pickle refers to it: `("storage", type, key, device, items)`, of old with a view behind.
pub(super) struct Storage {
    pub(super) key: String,
    kind: Option<Kind>,
    pub(super) size: u64,
    items: u64,
    shift: u64,
}

pub(super) fn storage(values: &Values<'_>, pid: Id) -> Option<Storage> {
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
pub(super) enum Seen {
    Tensor(Tensor),
    Refused(&'static str),
    Other,
}

pub(super) fn tensor(values: &Values<'_>, id: Id) -> Seen {
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
    pub(super) fn len(&self) -> Option<u64> {
        self.shape.iter().try_fold(self.kind.size, |len, n| len.checked_mul(*n))
    }

    /// One past the last item of the storage that it takes; `None` when there is no such number.
    pub(super) fn reach(&self) -> Option<u64> {
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
    pub(super) fn is_contiguous(&self) -> bool {
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
