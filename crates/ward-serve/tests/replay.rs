//! Runs the fuzz bodies over their corpora, and over cuts and changes of them.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/chat_request.rs"]
mod chat_request;
#[path = "../../../fuzz/replay.rs"]
mod replay;
#[path = "../../../fuzz/bodies/sse.rs"]
mod sse;

/// See [`replay::mutated`].
fn over(name: &str, run: fn(&[u8])) {
    replay::mutated(&replay::corpus(name, 4), usize::MAX, &[b'"', b'\n', 0, 0xff, b'{'], run);
}

#[test]
fn chat_requests() {
    over("chat_request", chat_request::run);
}

#[test]
fn server_sent_events() {
    over("sse", sse::run);
}
