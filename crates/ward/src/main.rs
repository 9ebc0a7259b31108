//! One program that makes an AI project's security policy true.
fn main() {}
