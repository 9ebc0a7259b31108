//! Runs the fuzz bodies over their corpora.
#![expect(
    unreachable_pub,
    clippy::expect_used,
    reason = "the fuzz bodies are shared with the fuzz targets, and may fail loudly"
)]

#[path = "../../../fuzz/bodies/deid_modes.rs"]
mod deid_modes;
#[path = "../../../fuzz/bodies/deid_text.rs"]
mod deid_text;
#[path = "../../../fuzz/bodies/dicom_clean.rs"]
mod dicom_clean;
#[path = "../../../fuzz/bodies/restorer.rs"]
mod restorer;

fn replay(name: &str, run: fn(&[u8])) {
    let folder = format!("{}/../../fuzz/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut files = 0;
    for entry in std::fs::read_dir(&folder).expect("corpus folder") {
        let bytes = std::fs::read(entry.expect("entry").path()).expect("readable file");
        run(&bytes);
        // Every prefix too: cut characters, cut placeholders.
        for end in 0..bytes.len().min(400) {
            run(&bytes[..end]);
        }
        files += 1;
    }
    assert!(files > 0, "{folder} is empty");
}

#[test]
fn deid_modes_corpus() {
    replay("deid_modes", deid_modes::run);
}

#[test]
fn deid_text_corpus() {
    replay("deid_text", deid_text::run);
}

#[test]
fn restorer_corpus() {
    replay("restorer", restorer::run);
}

#[test]
fn dicom_clean_corpus() {
    replay("dicom_clean", dicom_clean::run);
    // One byte changed in every place: tags, representations, lengths, values.
    let folder = format!("{}/../../fuzz/corpus/dicom_clean", env!("CARGO_MANIFEST_DIR"));
    for entry in std::fs::read_dir(folder).expect("corpus folder") {
        let bytes = std::fs::read(entry.expect("entry").path()).expect("readable file");
        for at in (132..bytes.len()).step_by(17) {
            let mut changed = bytes.clone();
            if let Some(byte) = changed.get_mut(at) {
                *byte = byte.wrapping_add(at as u8 | 1);
            }
            dicom_clean::run(&changed);
        }
    }
}
