//! The OpenAI API: its requests, replies and errors, to and from Ward's own.
//!
//! Source: the OpenAI API reference, "Chat", "Models" and "Errors", as the official Python and
//! JavaScript clients read and write it.

pub mod error;
pub mod reply;
pub mod request;
