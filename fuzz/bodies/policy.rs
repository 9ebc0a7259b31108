//! Policies: whatever is read has a place within its file, one line of text, and is the same when read again.

use ward_policy::{
    read,
    repository::{File, Repository},
};

/// The first byte says which document the rest is.
pub fn run(data: &[u8]) {
    let names = [
        "SECURITY.md",
        "SECURITY.rst",
        "SECURITY.adoc",
        "SECURITY.txt",
        "CONTRIBUTING.md",
        "README.md",
        ".well-known/security.txt",
        "SECURITY-INSIGHTS.yml",
        "ward.toml",
    ];
    let (first, rest) = data.split_first().unwrap_or((&0, &[]));
    let name = names[usize::from(first % 16).min(names.len() - 1)];
    let mut repository = Repository::default();
    repository.files.insert(
        name.to_owned(),
        File {
            len: rest.len() as u64,
            bytes: Some(rest.to_vec()),
            ..File::default()
        },
    );
    let reading = read::policies(&repository);
    let lines = u32::try_from(rest.iter().filter(|b| **b == b'\n').count() + 1).unwrap_or(u32::MAX);
    for promise in &reading.promises {
        let place = &promise.place;
        assert!(
            place.path == name && place.line >= 1 && place.line <= place.last_line,
            "{place:?}"
        );
        assert!(place.last_line <= lines, "{place:?} of {lines}");
        assert!(
            !promise.text.is_empty() && !promise.text.contains('\n'),
            "{}",
            promise.text.len()
        );
        assert!(promise.text.chars().count() <= 600 && promise.headings.len() <= 8);
    }
    for place in reading
        .contacts
        .iter()
        .map(|contact| &contact.place)
        .chain(reading.clocks.iter().map(|clock| &clock.place))
    {
        assert!(place.line >= 1 && place.last_line <= lines, "{place:?} of {lines}");
    }
    for promise in &reading.promises {
        assert!(
            reading
                .documents
                .iter()
                .any(|document| document.path == promise.place.path)
        );
    }
    if rest.len() < 4_096 {
        assert!(read::policies(&repository) == reading, "read twice, it is the same");
    }
}
