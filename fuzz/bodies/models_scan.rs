//! Any bytes as a model file: no panic, bounded findings, and the same findings from memory and through a reader.

use ward_formats::input::Input;
use ward_scan::{
    Blob, Findings, engine,
    models::convert::{Error, convert},
};

/// Scans `data` under several names and checks the laws.
pub fn run(data: &[u8]) {
    let models = engine::by_name("models").expect("the engine");
    let known: Vec<&str> = (models.rules)().iter().map(|rule| rule.id).collect();
    converted(data);
    for name in ["model.pkl", "model.pt", "download"] {
        let mut findings = Findings::default();
        (models.scan)(&Blob::of_bytes(name, data), &mut findings);
        for found in &findings.found {
            assert!(known.contains(&found.rule.id));
            assert!(found.note.len() < 2000 && !found.note.chars().any(char::is_control));
            assert!(found.details.iter().all(|line| !line.chars().any(char::is_control)));
        }
        let read = |at: u64, buffer: &mut [u8]| {
            let at = usize::try_from(at).expect("an offset in memory");
            buffer.copy_from_slice(&data[at..at + buffer.len()]);
            Ok(())
        };
        let mut blob = Blob::of_bytes(name, &[]);
        blob.content = Input::of_reader(data.len() as u64, &read);
        let mut again = Findings::default();
        (models.scan)(&blob, &mut again);
        assert_eq!(again.found.len(), findings.found.len());
        assert_eq!(again.not_examined, findings.not_examined);
    }
}

/// Converting writes exactly what it says, or fails.
fn converted(data: &[u8]) {
    const MOST: usize = 1 << 20;
    let mut written = 0;
    let mut too_long = false;
    let result = convert(Input::of_bytes(data), &mut |bytes| {
        written += bytes.len();
        too_long = written > MOST;
        if too_long {
            Err(std::io::Error::other("too long"))
        } else {
            Ok(())
        }
    });
    match result {
        Ok(summary) => assert_eq!(summary.bytes, written as u64),
        Err(error) => assert!(too_long || !matches!(error, Error::Write(_))),
    }
}
