//! Python pickles, followed and never run.
//!
//! [`follow`] reads a pickle opcode by opcode with the stack, marks and memo of CPython, and tells of everything that
//! loading it would do: imports, calls, state that is set, persistent ids, extension codes. What stays inside the machine
//! (a list, a number) is only remembered, as [`Values`]. Nothing is executed and nothing is imported.
//!
//! Sources: CPython's `Lib/pickletools.py`, `Lib/pickle.py` and `Modules/_pickle.c`; PEP 307, 3154 and 574.

mod explain;
mod joblib;
mod machine;
pub mod opcode;
mod sniff;
mod stream;
mod value;

pub use explain::explain;
pub use machine::{Effect, Limits, Options, Outcome, What, follow};
pub use opcode::{Style, Text};
pub use sniff::{Sniffed, is_base64, sniff};
pub use stream::{Halt, Stream, Why};
pub use value::{Called, Global, How, Id, Node, Values, decoded, plain};
