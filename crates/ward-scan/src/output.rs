//! A report for people and for programs. Nothing here prints; every function gives text.

mod about;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod junit;
mod markdown;
pub mod sarif;
pub mod summary;
pub mod text;

pub use about::{About, alternative, date_time, engine_of, weaknesses};

/// Writes control characters and marks that reorder text as escapes: for text that may hold names out of hostile files
/// and goes to a terminal or a page.
#[must_use]
pub fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let reorders =
            matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || reorders {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}
