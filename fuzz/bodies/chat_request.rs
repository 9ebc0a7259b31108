//! Any bytes as the body of a chat request: no panic; what is accepted has a model, messages and sampling in range,
//! and a refusal repeats no more of the body than the name of a field.

use ward_guard::Part;
use ward_serve::openai::request::chat;

/// Reads `data` as a request body.
pub fn run(data: &[u8]) {
    match chat(data, 1_000) {
        Ok(chat) => {
            assert!(!chat.request.model.is_empty() && chat.request.model.len() <= 128);
            assert!(!chat.request.messages.is_empty());
            let sampling = &chat.request.sampling;
            assert!(sampling.temperature.is_none_or(|t| (0.0..=2.0).contains(&t)));
            assert!(sampling.top_p.is_none_or(|p| (0.0..=1.0).contains(&p)));
            assert!(sampling.stop.len() <= 4);
            let parts = chat.request.messages.iter().flat_map(|message| &message.parts);
            let bytes: usize = parts
                .map(|part| match part {
                    Part::Text(text) => text.len(),
                    Part::Document { bytes, .. } | Part::Picture { bytes, .. } => bytes.len(),
                })
                .sum();
            assert!(bytes <= data.len() * 3, "a body does not grow by being read");
        }
        Err(refusal) => {
            assert!(refusal.param().is_none_or(|place| place.len() <= 80));
            assert!(refusal.to_string().len() < 500);
        }
    }
}
