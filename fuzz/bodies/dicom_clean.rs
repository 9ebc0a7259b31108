//! Any bytes as DICOM, de-identified: the result is a complete file that says so, without private elements.

use ward_deid::dicom::{Dates, Options, clean};
use ward_deid::{Deidentifier, Known, Mode};
use ward_formats::Budget;
use ward_formats::dicom::{DicomFile, Tag};

const BUDGET: Budget = Budget {
    bytes: 1 << 20,
    depth: 32,
    items: 20_000,
};

/// Cleans `data`, and what comes out once more.
pub fn run(data: &[u8]) {
    let Ok(file) = DicomFile::parse(data, BUDGET) else {
        return;
    };
    let shifted = Options {
        dates: Dates::Shifted,
        ..Options::default()
    };
    let ways = [
        (Options::default(), Mode::Tag),
        (Options::basic(), Mode::Remove),
        (shifted, Mode::Surrogate),
    ];
    for (options, mode) in ways {
        let mut deid = Deidentifier::new(mode, [9; 32]);
        let Ok(done) = clean(&file, &options, &mut deid, &mut Known::default()) else {
            continue;
        };
        let again = DicomFile::parse(&done.bytes, BUDGET);
        let Ok(again) = again else {
            // Inflated data may be larger than what came out; text in UTF-8 may be longer than what went in.
            assert!(file.data().len() > 100_000, "what was cleaned is DICOM");
            continue;
        };
        assert_eq!(again.text(Tag(0x0012_0062)), "YES");
        assert!(again.nodes().iter().all(|node| !node.tag.is_private() && !node.broken));
        assert!(done.bytes.get(..128) == Some(&[0; 128]));
        assert!(clean(&again, &options, &mut deid, &mut Known::default()).is_ok());
    }
}
