//! TensorFlow Lite: a graph in FlatBuffers.
//!
//! Source: tensorflow/compiler/mlir/lite/schema/schema.fbs; FlatBuffers documentation, "Internals".

use std::io;

use ward_evidence::Severity;
use ward_formats::window::Window;

use super::{found, not_read, protobuf};
use crate::{Blob, Findings};

/// `BuiltinOperator_CUSTOM`.
const CUSTOM: u32 = 32;

/// Custom operators that the runtime's own distributions bring along.
const KNOWN: &[&str] = &[
    "TFLite_Detection_PostProcess",
    "Convolution2DTransposeBias",
    "MaxPoolingWithArgmax2D",
    "MaxUnpooling2D",
    "edgetpu-custom-op",
];

/// The most operators of a model.
const MOST: u32 = 100_000;

/// By the identifier at byte 4.
pub(crate) fn sniff(_: &Blob<'_>, head: &[u8]) -> bool {
    head.get(4..8) == Some(b"TFL3")
}

pub(crate) fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    let mut window = Window::new(blob.content);
    match operators(&mut window) {
        Ok(Some(names)) => {
            for name in names {
                let reaching = name.strip_prefix("Flex").is_some_and(|op| {
                    matches!(
                        op,
                        "PyFunc" | "EagerPyFunc" | "ReadFile" | "WriteFile" | "PyFuncStateless"
                    )
                });
                let severity = match () {
                    () if reaching => Severity::Critical,
                    () if KNOWN.contains(&name.as_str()) || name.starts_with("Flex") => Severity::Info,
                    () => Severity::Medium,
                };
                let rule = if reaching { &protobuf::GRAPH } else { &protobuf::CUSTOM };
                let cut: String = name.chars().take(60).collect();
                found(
                    blob,
                    findings,
                    rule,
                    severity,
                    format!("custom operator {}", cut.escape_debug()),
                    &name,
                );
            }
        }
        Ok(None) => findings.not_examined(
            blob.place.clone(),
            "the table of operators could not be followed: the file is cut or damaged",
        ),
        Err(_) => not_read(blob, findings),
    }
}

/// The names of the custom operators; `None` when the file contradicts itself.
fn operators(window: &mut Window<'_>) -> io::Result<Option<Vec<String>>> {
    let Some(root) = window.u32(0)? else { return Ok(None) };
    // Model: version, operator_codes, subgraphs, ...
    let Some(codes) = slot(window, u64::from(root), 1)? else {
        return Ok(Some(Vec::new()));
    };
    let Some((first, count)) = vector(window, codes)? else {
        return Ok(None);
    };
    if count > MOST {
        return Ok(None);
    }
    let mut names = Vec::new();
    for index in 0..u64::from(count) {
        let at = first + index * 4;
        let Some(offset) = window.u32(at)? else { return Ok(None) };
        let code = at + u64::from(offset);
        // OperatorCode: deprecated_builtin_code (byte), custom_code (string), version, builtin_code (int).
        let old = match slot(window, code, 0)? {
            Some(at) => window.u8(at)?.map(u32::from),
            None => Some(0),
        };
        let new = match slot(window, code, 3)? {
            Some(at) => window.u32(at)?,
            None => Some(0),
        };
        let (Some(old), Some(new)) = (old, new) else {
            return Ok(None);
        };
        if old != CUSTOM && new != CUSTOM {
            continue;
        }
        let name = match slot(window, code, 1)? {
            Some(at) => match vector(window, at)? {
                Some((start, len)) => {
                    let len = usize::try_from(len.min(200)).unwrap_or(0);
                    window
                        .bytes(start, len)?
                        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
                }
                None => None,
            },
            None => Some("without a name".to_owned()),
        };
        let Some(name) = name else { return Ok(None) };
        names.push(name);
    }
    Ok(Some(names))
}

/// Where field `index` of the table at `table` stands, when it has one.
fn slot(window: &mut Window<'_>, table: u64, index: u64) -> io::Result<Option<u64>> {
    let Some(back) = window.u32(table)? else {
        return Ok(None);
    };
    // The offset to the table of fields is signed and counts backwards.
    let Some(fields) = table.checked_add_signed(-i64::from(back.cast_signed())) else {
        return Ok(None);
    };
    let Some(size) = window.u16(fields)? else {
        return Ok(None);
    };
    if u64::from(size) < 4 + index * 2 + 2 {
        return Ok(None);
    }
    let offset = window.u16(fields + 4 + index * 2)?;
    Ok(offset
        .filter(|offset| *offset > 0)
        .map(|offset| table + u64::from(offset)))
}

/// First element and count of the vector that the field at `at` refers to.
fn vector(window: &mut Window<'_>, at: u64) -> io::Result<Option<(u64, u32)>> {
    let Some(offset) = window.u32(at)? else { return Ok(None) };
    let start = at + u64::from(offset);
    Ok(window.u32(start)?.map(|count| (start + 4, count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model with one operator code, laid out by hand.
    fn model(builtin: u8, name: &str) -> Vec<u8> {
        let mut bytes = vec![0; 8];
        bytes[4..8].copy_from_slice(b"TFL3");
        // The model's table of fields at 8: size 8, table 8, field 0 none, field 1 at 4.
        bytes.extend([8, 0, 8, 0, 0, 0, 4, 0]);
        bytes[..4].copy_from_slice(&16_u32.to_le_bytes());
        // The model at 16: back to 8; field 1 at 20 refers to the vector at 24.
        bytes.extend(8_i32.to_le_bytes());
        bytes.extend(4_u32.to_le_bytes());
        // The vector at 24: one element, at 28, refers to the code at 44.
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(16_u32.to_le_bytes());
        // The code's table of fields at 32: size 8, table 12, field 0 at 4, field 1 at 8, then padding.
        bytes.extend([8, 0, 12, 0, 4, 0, 8, 0, 0, 0, 0, 0]);
        // The code at 44: back to 32; the builtin; the name at 56.
        bytes.extend(12_i32.to_le_bytes());
        bytes.extend([builtin, 0, 0, 0]);
        bytes.extend(4_u32.to_le_bytes());
        bytes.extend(u32::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.push(0);
        bytes
    }

    fn severities(bytes: &[u8]) -> (Vec<Severity>, usize) {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes("m.tflite", bytes), &mut findings);
        (
            findings.found.iter().map(|one| one.severity).collect(),
            findings.not_examined.len(),
        )
    }

    #[test]
    fn custom_operators() {
        assert_eq!(severities(&model(3, "")), (vec![], 0));
        assert_eq!(severities(&model(32, "EvilOp")), (vec![Severity::Medium], 0));
        assert_eq!(severities(&model(32, "FlexPyFunc")), (vec![Severity::Critical], 0));
        assert_eq!(
            severities(&model(32, "TFLite_Detection_PostProcess")),
            (vec![Severity::Info], 0)
        );
        let whole = model(32, "EvilOp");
        for cut in 8..whole.len() {
            let _ = severities(&whole[..cut]);
        }
        assert_eq!(severities(b"\0\0\0\0TFL3").1, 0);
    }
}
