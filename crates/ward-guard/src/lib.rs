//! The request path as typed functions. Knows no HTTP and no engine.
//!
//! ```text
//! Phi<Request> -> admit -> Admitted -> deidentify -> Clean -> inspect -> Inspected -> compress -> Prompt
//!              -> begin -> (for the engine, Answering) -> push.. -> finish -> Released
//! ```
//!
//! Each state has private fields and is made only by its step, so that a path that skips a control
//! does not compile. [`Released`] holds a receipt of every stage, and nothing else makes a reply.

pub mod admit;
pub mod answer;
pub mod canary;
pub mod compress;
pub mod control_tokens;
pub mod deidentify;
pub mod egress;
mod embedded;
mod fence;
pub mod grounding;
pub mod harvest;
pub mod injection;
pub mod inspect;
pub mod limits;
pub mod media;
pub mod phi;
pub mod policy;
pub mod receipt;
pub mod refusal;
pub mod request;
pub mod tools;
pub mod unicode;

pub use admit::{Admitted, Reading, admit};
pub use answer::{
    Answering, Citation, Delta, Deltas, Finish, Generate, GenerateError, Released, ReleasedCall, ReleasedText, Usage,
};
pub use compress::{Prompt, PromptMessage, compress};
pub use deidentify::{Clean, calendar, deidentify};
pub use inspect::{Inspected, Mark, Provenance, inspect};
pub use limits::Limits;
pub use phi::Phi;
pub use policy::Policy;
pub use receipt::{Receipts, Stage};
pub use refusal::{Code, Refusal};
pub use request::{Message, Part, Request, Sampling, Speaker};
