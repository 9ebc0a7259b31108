//! Runs the fuzz bodies over their corpora, and over cuts and changes of them.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/guard_egress.rs"]
mod guard_egress;
#[path = "../../../fuzz/bodies/guard_input.rs"]
mod guard_input;
#[path = "../../../fuzz/bodies/guard_picture.rs"]
mod guard_picture;
#[path = "../../../fuzz/replay.rs"]
mod replay;

/// See [`replay::mutated`].
fn over(name: &str, run: fn(&[u8])) {
    replay::mutated(&replay::corpus(name, 4), usize::MAX, &[b'<', b']', 0, 0xe2], run);
}

#[test]
fn answers() {
    over("guard_egress", guard_egress::run);
}

#[test]
fn texts() {
    over("guard_input", guard_input::run);
}

#[test]
fn pictures() {
    over("guard_picture", guard_picture::run);
}
