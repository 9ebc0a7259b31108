//! What the tests need to stand outside the program: a process, a TLS client that can send anything,
//! an upstream that keeps every byte, and the examples with their truths.

pub mod examples;
pub mod http;
pub mod upstream;
pub mod ward;
