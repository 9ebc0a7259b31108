//! Messages on a pipe: headers, an empty line, JSON (Language Server Protocol 3.17, base protocol).

use std::io::{self, BufRead, Read as _, Write};

use serde_json::Value;

/// Longest message: a file of 32 MiB, escaped.
const MAX_MESSAGE: u64 = 128 << 20;
/// Longest line of a header.
const MAX_HEADER: u64 = 1024;

/// What came where a message was to come.
#[derive(Debug, PartialEq)]
pub(super) enum Message {
    Json(Value),
    /// Of the length that was promised, and no JSON: the next message can still be read.
    Garbled,
}

/// The next message; none at the end.
///
/// # Errors
/// When the pipe breaks, or nobody can say where the next message would begin.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    let bad = |what| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.by_ref().take(MAX_HEADER).read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<u64>().ok();
        }
    }
    let length = length
        .filter(|length| *length <= MAX_MESSAGE)
        .ok_or_else(|| bad("a message without a length that can be meant"))?;
    // What is allocated grows with what comes, not with what the header says.
    let mut bytes = Vec::new();
    input.by_ref().take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != length {
        return Ok(None);
    }
    Ok(Some(
        serde_json::from_slice(&bytes).map_or(Message::Garbled, Message::Json),
    ))
}

/// Writes a message.
///
/// # Errors
/// When the pipe breaks.
pub(super) fn write(output: &mut impl Write, message: &Value) -> io::Result<()> {
    let text = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_is_read_again() {
        let mut pipe = Vec::new();
        write(&mut pipe, &json!({"a": "é"})).unwrap();
        write(&mut pipe, &json!([1])).unwrap();
        let mut input = pipe.as_slice();
        assert_eq!(read(&mut input).unwrap(), Some(Message::Json(json!({"a": "é"}))));
        assert_eq!(read(&mut input).unwrap(), Some(Message::Json(json!([1]))));
        assert_eq!(read(&mut input).unwrap(), None);
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for bad in [
            "X: 1\r\n\r\n{}",
            "Content-Length: x\r\n\r\n{}",
            "Content-Length: 99999999999\r\n\r\n{}",
        ] {
            assert!(read(&mut bad.as_bytes()).is_err(), "{bad}");
        }
        assert_eq!(read(&mut "Content-Length: 9\r\n\r\n{}".as_bytes()).unwrap(), None);
        // What is no JSON ends where it said, and the next message is read.
        let mut input = "Content-Length: 2\r\n\r\n{xContent-Length: 1\r\n\r\n1".as_bytes();
        assert_eq!(read(&mut input).unwrap(), Some(Message::Garbled));
        assert_eq!(read(&mut input).unwrap(), Some(Message::Json(json!(1))));
    }
}
