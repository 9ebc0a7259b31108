//! The `ward` program. Everything is in the library beside it, so that tests and generators see it.

fn main() -> std::process::ExitCode {
    ward::run().into()
}
