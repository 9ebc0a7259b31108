//! R's serialised objects: `.rds` and `.rda`.
//!
//! Reading one builds whatever it holds: closures, environments, and promises, which are code that runs when their value is
//! looked at. Data has none of them, fitted models often have closures and environments (a formula's).
//!
//! Source: R Internals, 1.8 "Serialization Formats"; CVE-2024-27322.

use std::io::Read;

use ward_evidence::{RuleMeta, Severity, controls::MOD_1A};

use super::{found, not_read};
use crate::{Blob, Findings};

/// Code in an object.
pub(crate) static PROMISE: RuleMeta = RuleMeta {
    id: "models/r-code",
    severity: Severity::Critical,
    controls: &[MOD_1A],
    summary: "The R object holds code that can run when it is read or used.",
    docs: "A promise is an expression that R evaluates when its value is first looked at; in a file, it is an order to run code at whoever \
        reads it. Functions and byte code run when the object is used.\n\n\
        Instead: do not read it with `readRDS` or `load`. Ask for the data as CSV or Parquet, and the model as PMML or ONNX.\n\n\
        Source: CVE-2024-27322; R Internals, \"Serialization Formats\".",
};

/// The most bytes that are unpacked and walked.
const LONGEST: u64 = 512 << 20;

/// The most items of one object.
const MOST: usize = 50_000_000;

/// By name and first bytes: plain, or packed by gzip as R does by default.
pub(crate) fn sniff(blob: &Blob<'_>, head: &[u8]) -> bool {
    let name = blob.name();
    let named = [".rds", ".rda", ".rdata"].iter().any(|ending| name.ends_with(ending));
    named || head.starts_with(b"RDX2\nX\n") || head.starts_with(b"RDX3\nX\n")
}

pub(crate) fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    let packed = match blob.content.whole(usize::try_from(LONGEST).unwrap_or(usize::MAX)) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return findings.not_examined(blob.place.clone(), "the object is longer than 512 MiB"),
        Err(_) => return not_read(blob, findings),
    };
    let mut plain = Vec::new();
    let bytes: &[u8] = if packed.starts_with(b"\x1f\x8b") {
        let mut reader = flate2::read::MultiGzDecoder::new(&*packed).take(LONGEST + 1);
        if reader.read_to_end(&mut plain).is_err() || plain.len() as u64 > LONGEST {
            return findings.not_examined(
                blob.place.clone(),
                "the packed object is damaged or longer than 512 MiB",
            );
        }
        &plain
    } else {
        &packed
    };
    let body = bytes
        .strip_prefix(b"RDX2\n")
        .or_else(|| bytes.strip_prefix(b"RDX3\n"))
        .unwrap_or(bytes);
    let Some(body) = body.strip_prefix(b"X\n") else {
        return findings.not_examined(
            blob.place.clone(),
            "only R's binary form (XDR), plain or packed by gzip, can be read",
        );
    };
    let mut walk = Walk {
        bytes: body,
        at: 0,
        promise: false,
        code: false,
    };
    if walk.run().is_none() {
        findings.not_examined(blob.place.clone(), "the object could not be followed to its end");
    }
    if walk.promise {
        found(
            blob,
            findings,
            &PROMISE,
            Severity::Critical,
            "it holds a promise: code that runs when the object is looked at".to_owned(),
            "promise",
        );
    }
    if walk.code {
        found(
            blob,
            findings,
            &PROMISE,
            Severity::Medium,
            "it holds a function or byte code".to_owned(),
            "function",
        );
    }
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    promise: bool,
    code: bool,
}

impl Walk<'_> {
    fn int(&mut self) -> Option<i32> {
        let bytes = self.bytes.get(self.at..self.at.checked_add(4)?)?;
        self.at += 4;
        Some(i32::from_be_bytes(bytes.try_into().ok()?))
    }

    fn skip(&mut self, count: usize, size: usize) -> Option<()> {
        let end = self.at.checked_add(count.checked_mul(size)?)?;
        self.at = (end <= self.bytes.len()).then_some(end)?;
        Some(())
    }

    fn length(&mut self) -> Option<usize> {
        match self.int()? {
            -1 => {
                let (high, low) = (self.int()?, self.int()?);
                usize::try_from(i64::from(high) << 32 | i64::from(low.cast_unsigned())).ok()
            }
            length => usize::try_from(length).ok(),
        }
    }

    /// Follows every item. The stack holds how many items are still to be read.
    fn run(&mut self) -> Option<()> {
        let version = self.int()?;
        self.skip(2, 4)?;
        if version == 3 {
            let length = self.length()?;
            self.skip(length, 1)?;
        } else if version != 2 {
            return None;
        }
        let mut left = 1_usize;
        for _ in 0..MOST {
            if left == 0 {
                return Some(());
            }
            left -= 1;
            left = left.checked_add(self.item()?)?;
        }
        None
    }

    /// Reads one item without its parts. Gives how many items follow as its parts.
    fn item(&mut self) -> Option<usize> {
        let flags = self.int()?.cast_unsigned();
        let attributes = usize::from(flags & 0x200 != 0);
        let tag = usize::from(flags & 0x400 != 0);
        Some(match flags & 0xff {
            // NILVALUE_SXP, GLOBALENV, UNBOUNDVALUE, MISSINGARG, BASENAMESPACE, EMPTYENV, BASEENV.
            241 | 242 | 250..=254 => 0,
            // REFSXP: the index is in the flags or follows.
            255 => {
                if flags >> 8 == 0 {
                    self.int()?;
                }
                0
            }
            // A symbol's name.
            1 => 1,
            // Pairlist, call, dots, closure, promise: attributes, tag, head, tail.
            kind @ (2 | 3 | 5 | 6 | 17 | 239 | 240) => {
                self.promise |= kind == 5;
                self.code |= kind == 3;
                let attributes = attributes + usize::from(matches!(kind, 239 | 240));
                attributes + tag + 2
            }
            // An environment: locked, then enclosure, frame, table, attributes.
            4 => {
                self.int()?;
                4
            }
            // External pointer, weak reference.
            22 => 2 + attributes,
            23 => attributes,
            // Built-in functions: a name.
            7 | 8 => {
                let length = self.length()?;
                self.skip(length, 1)?;
                0
            }
            // A string.
            9 => {
                let length = self.int()?;
                if length >= 0 {
                    self.skip(usize::try_from(length).ok()?, 1)?;
                }
                0
            }
            10 | 13 => self.vector(4)? + attributes,
            14 => self.vector(8)? + attributes,
            15 => self.vector(16)? + attributes,
            24 => self.vector(1)? + attributes,
            16 | 19 | 20 => {
                let length = self.length()?;
                (length <= self.bytes.len()).then_some(length)? + attributes
            }
            25 => attributes,
            // Byte code: its own grammar is not followed.
            21 => {
                self.code = true;
                return None;
            }
            // ALTREP: class, state, attributes.
            238 => 3,
            // Namespace, package and persistent names: a list of strings.
            247..=249 => {
                self.int()?;
                self.length()?
            }
            _ => return None,
        })
    }

    fn vector(&mut self, size: usize) -> Option<usize> {
        let length = self.length()?;
        self.skip(length, size)?;
        Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ints(values: &[u32]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_be_bytes()).collect()
    }

    fn severities(body: &[u8]) -> (Vec<Severity>, usize) {
        let mut bytes = b"X\n".to_vec();
        bytes.extend(ints(&[2, 0x0004_0300, 0x0002_0300]));
        bytes.extend_from_slice(body);
        let mut findings = Findings::default();
        scan(&Blob::of_bytes("m.rds", &bytes), &mut findings);
        (
            findings.found.iter().map(|one| one.severity).collect(),
            findings.not_examined.len(),
        )
    }

    #[test]
    fn data_and_code() {
        let reals = [ints(&[14, 2]), vec![0; 16]].concat();
        assert_eq!(severities(&reals), (vec![], 0));
        let list = [ints(&[19, 2]), reals.clone(), ints(&[254])].concat();
        assert_eq!(severities(&list), (vec![], 0));
        let promise = [ints(&[5]), ints(&[254]), ints(&[6]), ints(&[254, 254])].concat();
        assert_eq!(severities(&promise), (vec![Severity::Critical], 0));
        let nested = [ints(&[19, 1]), promise].concat();
        assert_eq!(severities(&nested), (vec![Severity::Critical], 0));
        let closure = ints(&[3, 254, 254]);
        assert_eq!(severities(&closure), (vec![Severity::Medium], 0));
    }

    #[test]
    fn lies_are_not_examined() {
        for body in [
            &ints(&[14, 0x7fff_ffff])[..],
            &ints(&[19, 9]),
            &[],
            &ints(&[99]),
            &ints(&[21]),
        ] {
            assert_eq!(severities(body).1, 1);
        }
    }
}
