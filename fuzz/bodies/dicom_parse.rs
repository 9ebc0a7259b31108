//! Any bytes as DICOM: the nodes lie side by side over the input, so writing them gives it back.

use ward_formats::Budget;
use ward_formats::dicom::{DicomFile, Shape, sniff};

/// Reads `data` and writes it again.
pub fn run(data: &[u8]) {
    let _ = sniff(data);
    let budget = Budget {
        bytes: 1 << 20,
        depth: 32,
        items: 20_000,
    };
    let Ok(file) = DicomFile::parse(data, budget) else {
        return;
    };
    assert!(file.write() == data, "what was read is written");
    let set = file.write_data();
    assert!(file.data().ends_with(&set), "the data set is written");
    let mut at = file.data().len() - set.len();
    for (index, node) in file.nodes().iter().enumerate() {
        assert!(node.end > index && node.end <= file.nodes().len());
        assert!(node.header.end == node.value.start || node.shape == Shape::Rest);
        assert!(node.header.start >= at, "nodes do not overlap");
        at = node.value.end.max(node.header.end);
    }
    // A budget that is too small is an error and nothing else.
    let small = Budget {
        bytes: data.len(),
        depth: 1,
        items: 3,
    };
    if let Ok(file) = DicomFile::parse(data, small) {
        assert!(file.nodes().len() <= 3);
    }
}
