//! The bytes of storages, and the items of tensors in order.

use std::{borrow::Cow, collections::HashMap, io};

use ward_formats::{input::Input, pickle::plain, zip::Member};

use super::{Error, tensor::Tensor};
use crate::models::packed::{Codec, unpack};

/// Most bytes of a storage that are held at a time: one that is compressed, or is not copied in order.
const LONGEST_HELD: u64 = 8 << 30;
/// Bytes that are copied at a time.
const CHUNK: usize = 1 << 20;

/// Where the bytes of storages stand.
pub(super) enum Storages<'a> {
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

impl Storages<'_> {
    /// Bytes of the checkpoint.
    pub(super) fn input_len(&self) -> u64 {
        match self {
            Storages::Zip { input, .. } | Storages::Old { input, .. } => input.len(),
        }
    }

    /// Bytes of a storage.
    pub(super) fn len(&self, key: &str) -> Option<u64> {
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
    pub(super) fn copy(
        &self,
        name: &str,
        tensor: &Tensor,
        write: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), Error> {
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

/// The decompressed bytes of a member.
pub(super) fn held<'a>(member: &Member, input: &Input<'a>) -> Result<Cow<'a, [u8]>, Error> {
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
