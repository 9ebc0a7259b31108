//! `ward model convert`: from a file of PyTorch to a file of safetensors.

use std::fs;

use serde_json::Value;

use crate::support::ward::{folder, run};

const CHECKPOINT: &[u8] = include_bytes!("../../../../fuzz/corpus/models_scan/real-state.pt");

#[test]
fn a_checkpoint_becomes_safetensors() {
    let folder = folder();
    let (from, to) = (folder.path().join("in.pt"), folder.path().join("out.safetensors"));
    fs::write(&from, CHECKPOINT).unwrap();
    let arguments = [
        "model",
        "convert",
        from.to_str().unwrap(),
        to.to_str().unwrap(),
        "--json",
    ];
    let output = run(&arguments);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    let written = fs::read(&to).unwrap();
    assert_eq!(summary["tensors"], 2);
    assert_eq!(summary["bytes"], written.len());
    let header = usize::try_from(u64::from_le_bytes(*written.first_chunk().unwrap())).unwrap();
    let header: Value = serde_json::from_slice(&written[8..8 + header]).unwrap();
    assert_eq!(header["weight"]["dtype"], "F32");
    assert_eq!(header["weight"]["shape"], serde_json::json!([2, 2]));
    // What is there is not replaced unless it is asked for.
    assert_eq!(run(&arguments).status.code(), Some(2));
    assert_eq!(fs::read(&to).unwrap(), written);
    let forced: Vec<&str> = arguments.iter().copied().chain(["--force"]).collect();
    assert_eq!(run(&forced).status.code(), Some(0));
}

#[test]
fn a_failure_leaves_nothing_behind() {
    let folder = folder();
    let (from, to) = (folder.path().join("in.pt"), folder.path().join("out.safetensors"));
    for content in [&b"not a checkpoint"[..], &CHECKPOINT[..CHECKPOINT.len() - 100], b""] {
        fs::write(&from, content).unwrap();
        let output = run(&["model", "convert", from.to_str().unwrap(), to.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2));
        assert!(!output.stderr.is_empty());
        let left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left, ["in.pt"]);
    }
}
