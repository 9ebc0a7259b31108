//! E-mails of strangers: whatever comes, a report within its limits or an error, and nothing that a reader does not see.

use ward_disclose::{
    Report,
    report::{Completeness, MAX_PARTS, MAX_TEXT, Sketch},
};

pub fn run(data: &[u8]) {
    let now = 1_795_348_800_000;
    if let Ok(arrived) = Report::from_mail(data, now) {
        let report = &arrived.report;
        assert!(report.text.len() <= MAX_TEXT + 16);
        assert!(report.parts.len() <= MAX_PARTS && report.parts.len() == arrived.bytes.len());
        assert!(!report.title.contains('\n') && report.title.len() <= 420);
        let unseen =
            |c: char| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{200b}' | '\u{202e}' | '\u{2066}');
        assert!(!report.text.chars().any(unseen) && !report.title.chars().any(unseen));
        for (part, bytes) in report.parts.iter().zip(&arrived.bytes) {
            assert!(
                !part.name.is_empty() && !part.name.contains(['/', '\\', '\0', '\n']) && !part.name.starts_with('.')
            );
            assert_eq!(part.bytes, bytes.len() as u64);
        }
        assert_eq!(Completeness::of(report).needs.len(), 7);
        let sketch = Sketch::of(&report.text);
        assert_eq!(Sketch::from_hashes(&sketch.hashes()), sketch);
        // What is kept comes back.
        let kept = serde_json::to_vec(report).unwrap();
        assert!(serde_json::from_slice::<Report>(&kept).unwrap() == *report);
    }
    if let Ok(text) = Report::from_text(ward_disclose::report::Channel::Text, None, data) {
        assert!(!text.text.is_empty() && text.text.len() <= MAX_TEXT * 3);
    }
}
