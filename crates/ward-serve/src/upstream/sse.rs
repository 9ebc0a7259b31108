//! Server-sent events, read incrementally.
//!
//! Source: WHATWG HTML, "Server-sent events", 9.2.5 and 9.2.6: lines end with CR, LF or CRLF; a blank line
//! ends an event; `data` lines join with LF; a line that begins with a colon is a comment.

/// Most bytes of one event.
pub const MAX_EVENT: usize = 4 << 20;

/// The data of one event.
pub type Data = Vec<u8>;

/// The stream holds an event that is too large.
#[derive(Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Cuts bytes into events, however they arrive.
#[derive(Default)]
pub struct Reader {
    line: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    after_cr: bool,
}

impl Reader {
    /// Takes bytes; gives the events that they complete.
    ///
    /// # Errors
    /// When one event outgrows [`MAX_EVENT`].
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Data>, TooLarge> {
        let mut events = Vec::new();
        for &byte in bytes {
            let after_cr = std::mem::take(&mut self.after_cr);
            match byte {
                b'\n' if after_cr => {}
                b'\n' | b'\r' => {
                    self.after_cr = byte == b'\r';
                    self.end_line(&mut events);
                }
                _ => {
                    if self.line.len() + self.data.len() >= MAX_EVENT {
                        return Err(TooLarge);
                    }
                    self.line.push(byte);
                }
            }
        }
        Ok(events)
    }

    fn end_line(&mut self, events: &mut Vec<Data>) {
        if self.line.is_empty() {
            if std::mem::take(&mut self.has_data) {
                events.push(std::mem::take(&mut self.data));
            }
            return;
        }
        if let Some(value) = self.line.strip_prefix(b"data:") {
            if self.has_data {
                self.data.push(b'\n');
            }
            self.data.extend_from_slice(value.strip_prefix(b" ").unwrap_or(value));
            self.has_data = true;
        } else if self.line == b"data" {
            if self.has_data {
                self.data.push(b'\n');
            }
            self.has_data = true;
        }
        self.line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expect: &[&str]) {
        for step in 1..=input.len().max(1) {
            let mut reader = Reader::default();
            let events: Vec<Data> = input
                .as_bytes()
                .chunks(step)
                .flat_map(|chunk| reader.push(chunk).unwrap())
                .collect();
            let expect: Vec<Data> = expect.iter().map(|data| data.as_bytes().to_vec()).collect();
            assert_eq!(events, expect, "{input:?} in pieces of {step}");
        }
    }

    #[test]
    fn reads_events_however_they_arrive() {
        check("data: a\n\ndata:b\r\n\r\ndata: c\r\rdata: lost", &["a", "b", "c"]);
        check("data: a\ndata: b\n\n", &["a\nb"]);
        check(": comment\nevent: x\nid: 1\nretry: 5\n\n\n", &[]);
        check("data\n\n", &[""]);
        check("data: {\"é\":1}\n\n", &["{\"é\":1}"]);
    }

    #[test]
    fn refuses_an_endless_event() {
        let mut reader = Reader::default();
        assert_eq!(reader.push(&vec![b'x'; MAX_EVENT + 1]), Err(TooLarge));
    }
}
