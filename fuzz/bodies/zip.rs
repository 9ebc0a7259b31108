//! Any bytes as a zip or tar archive: no panic, and every member lies inside the bytes.

use ward_formats::{
    input::Input,
    tar,
    zip::{Limits, ZipFile, ends_as_zip, is_zip},
};

/// Reads `data` both ways and checks the laws.
pub fn run(data: &[u8]) {
    let input = Input::of_bytes(data);
    let limits = Limits {
        members: 100,
        gaps: 1 << 20,
    };
    let zip = ZipFile::read(&input, limits);
    assert!(zip.members.len() <= 200);
    for member in &zip.members {
        assert!(member.data <= data.len() as u64);
        assert!(member.data + member.compressed <= data.len() as u64);
        assert_eq!(member.content(&input).len(), member.compressed);
    }
    if !zip.members.is_empty() {
        assert!(memchr_find(data, b"PK\x03\x04"));
    }
    let _ = (is_zip(data), ends_as_zip(data), tar::is_tar(data));
    let tar = tar::read(&input, 100);
    assert!(tar.members.len() <= 100);
    for member in &tar.members {
        assert!(member.data + member.size <= data.len() as u64);
    }
}

fn memchr_find(data: &[u8], wanted: &[u8]) -> bool {
    data.windows(wanted.len()).any(|window| window == wanted)
}
