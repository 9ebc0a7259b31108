//! The frame of HTTP/1.1 requests, held to one reading.
//!
//! RFC 9112 lets a recipient take a lone line feed for the end of a line (section 2.2) and a list of transfer codings
//! (section 6.1); two programs that read such a request differently are what request smuggling is made of. So a head has
//! CR LF at the end of each line, at most one `Content-Length`, or else `Transfer-Encoding: chunked` and nothing more.
//!
//! This looks at the bytes on their way to the parser. What breaks the rule is handed on with a NUL in its place, which no
//! parser of HTTP takes in a head (section 5.5 of RFC 9110): the parser answers 400 and closes, and nothing that follows on
//! this connection is a request. In the line before a chunk it is handed on as it is: there the parser skips what it does not
//! know (section 7.1.1 of RFC 9112), a NUL too, but refuses a line feed that ends nothing. What the parser answers by itself has no body; on its way out a refusal of the table takes its
//! place.

use std::{
    fmt::Write as _,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use ward_guard::{Code, Refusal};

use crate::{
    handlers::{self, FOR_BROWSERS},
    openai,
};

/// Bytes of a line that are looked at. A longer line of the two names that matter is not taken.
const LINE: usize = 128;

/// Where in a connection the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In a head. The first line is not a field.
    Head { first: bool },
    /// In a body of which this much is to come.
    Body(u64),
    /// In the line that tells how long the next chunk is.
    Size,
    /// In a chunk, with the two bytes that end it.
    Chunk(u64),
    /// In the fields after the last chunk.
    Trailer,
    /// Nothing here is a request any more: the parser has refused what came before.
    Refused,
}

/// How a head says its body is framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    None,
    Length(u64),
    Chunked,
}

/// A reader of frames. Linear in the bytes, with a line of memory.
struct Frames {
    state: State,
    framing: Framing,
    line: [u8; LINE],
    length: usize,
    after_cr: bool,
}

impl Frames {
    fn new() -> Self {
        Self {
            state: State::Head { first: true },
            framing: Framing::None,
            line: [0; LINE],
            length: 0,
            after_cr: false,
        }
    }

    /// Looks at the bytes that come next, and spoils what breaks the rule.
    fn pass(&mut self, bytes: &mut [u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.state {
                State::Refused => return,
                State::Body(left) | State::Chunk(left) => {
                    let here = usize::try_from(left).map_or(rest.len(), |left| left.min(rest.len()));
                    let left = left - here as u64;
                    self.state = match self.state {
                        State::Body(_) if left > 0 => State::Body(left),
                        State::Chunk(_) if left > 0 => State::Chunk(left),
                        State::Chunk(_) => State::Size,
                        _ => State::Head { first: true },
                    };
                    rest = rest.get_mut(here..).unwrap_or_default();
                }
                State::Head { .. } | State::Size | State::Trailer => {
                    let Some((byte, after)) = rest.split_first_mut() else {
                        return;
                    };
                    if !self.take(*byte) {
                        if self.state != State::Size {
                            *byte = 0;
                        }
                        self.state = State::Refused;
                    }
                    rest = after;
                }
            }
        }
    }

    /// Takes a byte of a line; false when it may not stand there.
    fn take(&mut self, byte: u8) -> bool {
        match (self.after_cr, byte) {
            (true, b'\n') => {
                self.after_cr = false;
                let fits = self.ends();
                self.length = 0;
                fits
            }
            (true, _) | (false, b'\n') => false,
            (false, b'\r') => {
                self.after_cr = true;
                true
            }
            (false, byte) => {
                if let Some(slot) = self.line.get_mut(self.length) {
                    *slot = byte;
                }
                self.length = self.length.saturating_add(1);
                true
            }
        }
    }

    /// A line has ended.
    fn ends(&mut self) -> bool {
        let line = self.line.get(..self.length.min(LINE)).unwrap_or_default();
        match self.state {
            // Empty lines before a request are not of it (RFC 9112, section 2.2).
            State::Head { first: true } if line.is_empty() => true,
            State::Head { first: true } => {
                self.framing = Framing::None;
                self.state = State::Head { first: false };
                true
            }
            State::Head { first: false } if line.is_empty() => {
                self.state = match self.framing {
                    Framing::None | Framing::Length(0) => State::Head { first: true },
                    Framing::Length(length) => State::Body(length),
                    Framing::Chunked => State::Size,
                };
                true
            }
            State::Head { first: false } => match framing(line, self.length) {
                Ok(Framing::None) => true,
                // One field says it, once.
                Ok(framing) if self.framing == Framing::None => {
                    self.framing = framing;
                    true
                }
                _ => false,
            },
            State::Size => {
                let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
                let size = line.get(..digits).and_then(|digits| std::str::from_utf8(digits).ok());
                match size.and_then(|digits| u64::from_str_radix(digits, 16).ok()) {
                    Some(0) => self.state = State::Trailer,
                    // The parser refuses it by itself, as a broken body.
                    None => self.state = State::Refused,
                    Some(size) => self.state = State::Chunk(size.saturating_add(2)),
                }
                true
            }
            State::Trailer => {
                if line.is_empty() {
                    self.state = State::Head { first: true };
                }
                true
            }
            State::Body(_) | State::Chunk(_) | State::Refused => true,
        }
    }
}

/// What a field says of the frame. `length` is that of the whole line.
fn framing(line: &[u8], length: usize) -> Result<Framing, ()> {
    let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
    let (name, value) = line.split_at_checked(colon).unwrap_or((line, &[]));
    let is_length = name.eq_ignore_ascii_case(b"content-length");
    let is_coding = name.eq_ignore_ascii_case(b"transfer-encoding");
    if !is_length && !is_coding {
        return Ok(Framing::None);
    }
    if length > LINE {
        return Err(());
    }
    let value = value.strip_prefix(b":").unwrap_or(value).trim_ascii();
    if is_coding {
        return value
            .eq_ignore_ascii_case(b"chunked")
            .then_some(Framing::Chunked)
            .ok_or(());
    }
    let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    let number = std::str::from_utf8(value).ok().filter(|_| digits);
    number.and_then(|text| text.parse().ok()).map(Framing::Length).ok_or(())
}

/// The refusal for a head that the parser answers with by itself: it tells no type of a body. All of Ward's own do.
fn of_the_parser(written: &[u8]) -> Option<Code> {
    let code = match written.get(..12)?.split_at_checked(8)? {
        (b"HTTP/1.0" | b"HTTP/1.1", b" 400") => Code::BrokenRequest,
        (b"HTTP/1.0" | b"HTTP/1.1", b" 414" | b" 431") => Code::HeadersTooLarge,
        _ => return None,
    };
    let head = written.strip_suffix(b"\r\n\r\n")?.to_ascii_lowercase();
    let says_type = head.windows(14).any(|name| name == b"\ncontent-type:");
    (!says_type).then_some(code)
}

/// A whole reply, after which the connection ends.
fn reply(code: Code) -> Vec<u8> {
    let body = openai::error::body(&Refusal::new(code)).to_string();
    let mut reply = format!("HTTP/1.1 {}\r\n", handlers::status(code));
    for (name, value) in &FOR_BROWSERS {
        // Writing to a String cannot fail.
        let _ = write!(reply, "{name}: {value}\r\n");
    }
    let length = body.len();
    let _ = write!(
        reply,
        "content-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    reply.into_bytes()
}

/// A connection of HTTP/1.1 whose frames are looked at as they come in.
pub(crate) struct Wire<T> {
    inner: T,
    frames: Frames,
    /// What is still to be written in place of the parser's own reply.
    instead: Vec<u8>,
}

impl<T> Wire<T> {
    /// Over a connection on which nothing was said yet.
    pub(crate) fn new(inner: T) -> Self {
        Self {
            inner,
            frames: Frames::new(),
            instead: Vec::new(),
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Wire<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(cx, into);
        if let Some(fresh) = into.filled_mut().get_mut(before..) {
            self.frames.pass(fresh);
        }
        polled
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Wire<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let wire = &mut *self;
        if wire.instead.is_empty() {
            match of_the_parser(bytes) {
                Some(code) => wire.instead = reply(code),
                None => return Pin::new(&mut wire.inner).poll_write(cx, bytes),
            }
        }
        // Until all of it is taken, whoever writes comes again with the same bytes.
        while !wire.instead.is_empty() {
            match ready!(Pin::new(&mut wire.inner).poll_write(cx, &wire.instead))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                taken => drop(wire.instead.drain(..taken.min(wire.instead.len()))),
            }
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // A head without a body is one slice.
        let mut slices = bytes.iter().filter(|slice| !slice.is_empty());
        if let (Some(only), None) = (slices.next(), slices.next()) {
            return self.poll_write(cx, only);
        }
        Pin::new(&mut self.inner).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the parser gets, however the bytes are cut.
    fn passed(text: &str) -> String {
        let mut whole = text.as_bytes().to_vec();
        Frames::new().pass(&mut whole);
        for cut in 0..=text.len() {
            let mut bytes = text.as_bytes().to_vec();
            let mut frames = Frames::new();
            let (head, tail) = bytes.split_at_mut(cut);
            frames.pass(head);
            frames.pass(tail);
            assert_eq!(bytes, whole, "cut at {cut}");
        }
        String::from_utf8(whole).unwrap()
    }

    #[test]
    fn the_parsers_own_reply_is_known_and_no_other() {
        let bare = "content-length: 0\r\nconnection: close\r\ndate: Sun, 22 Nov 2026 22:00:00 GMT\r\n\r\n";
        for (written, code) in [
            (format!("HTTP/1.1 400 Bad Request\r\n{bare}"), Some(Code::BrokenRequest)),
            (format!("HTTP/1.0 431 x\r\n{bare}"), Some(Code::HeadersTooLarge)),
            (format!("HTTP/1.1 414 x\r\n{bare}"), Some(Code::HeadersTooLarge)),
            (format!("HTTP/1.1 200 OK\r\n{bare}"), None),
            (
                format!("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n{bare}"),
                None,
            ),
            (format!("HTTP/1.1 400 Bad Request\r\n{bare}{{}}"), None),
            ("HTTP/1.1".to_owned(), None),
        ] {
            assert_eq!(of_the_parser(written.as_bytes()), code, "{written}");
        }
        let reply = String::from_utf8(reply(Code::HeadersTooLarge)).unwrap();
        assert!(
            reply.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"),
            "{reply}"
        );
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())) && head.contains("nosniff"));
        assert_eq!(of_the_parser(reply.as_bytes()), None);
    }

    #[test]
    fn what_is_well_framed_passes_as_it_is() {
        for text in [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "\r\nGET / HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\na\nb\ncGET / HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\na\nb\r\n0\r\nX: y\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\ncontent-length:0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        ] {
            assert_eq!(passed(text), text);
        }
    }

    #[test]
    fn what_the_parser_refuses_before_a_chunk_is_left_to_it() {
        let head = "P / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        for size in ["1;a\nb\r\n", "1\n", "1;a=\"\n\"\r\n", "1;a\rb\r\n"] {
            let text = format!("{head}{size}a\r\n0\r\n\r\nGET / HTTP/1.1\n\r\n");
            assert_eq!(passed(&text), text);
        }
        // After the last one there are fields again.
        let trailer = format!("{head}0\r\nX: a\n\r\n");
        assert_eq!(passed(&trailer).find('\0'), Some(head.len() + "0\r\nX: a".len()));
    }

    #[test]
    fn what_has_two_readings_is_spoiled_where_it_has_them() {
        // `^` stands before the byte that is spoiled.
        for marked in [
            "GET / HTTP/1.1^\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a^\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n^\n",
            "GET / HTTP/1.1\r\nHost: a\r^b\r\n\r\n",
            "P / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r^\n\r\n",
            "P / HTTP/1.1\r\nTransfer-Encoding: identity\r^\n\r\n",
            "P / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r^\n\r\n",
            "P / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r^\n\r\n",
            "P / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r^\n\r\n",
            "P / HTTP/1.1\r\nContent-Length: 3, 3\r^\n\r\n",
            "P / HTTP/1.1\r\nContent-Length: +3\r^\n\r\n",
            // The second request of a connection is held to the same.
            "P / HTTP/1.1\r\nContent-Length: 2\r\n\r\nabGET / HTTP/1.1^\n\r\n",
            "P / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nGET / HTTP/1.1^\n\r\n",
        ] {
            let text = marked.replace('^', "");
            let passed = passed(&text);
            assert_eq!(passed.find('\0'), marked.find('^'), "{marked:?}");
            assert_eq!(passed.len(), text.len());
        }
        let long = format!("P / HTTP/1.1\r\nContent-Length:{}3\r\n\r\n", " ".repeat(LINE));
        assert!(passed(&long).contains('\0'));
    }
}
