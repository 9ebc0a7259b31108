//! The opcodes of protocols 0 to 5, and what follows each in the stream.
//!
//! Source: the comments of CPython's `Lib/pickletools.py` and PEP 307, 3154 and 574.

use super::stream::{Halt, Stream, Why};

/// One decoded opcode: where it stands, which it is, and its argument.
#[derive(Debug, Clone, Copy)]
pub struct Op {
    /// Offset of the opcode's byte.
    pub at: u64,
    /// The byte.
    pub code: u8,
    /// What follows it.
    pub arg: Arg,
}

/// The argument of an opcode. Texts stay where they are; see [`Text`].
#[derive(Debug, Clone, Copy)]
pub enum Arg {
    /// Nothing.
    None,
    /// A small integer, or a boolean of protocol 0 as `(value, true)`.
    Int(i64),
    /// `I00` and `I01`.
    Bool(bool),
    /// An integer that does not fit 64 bits, or one that cannot be read: its bytes.
    Long(Text),
    /// A number with a fraction.
    Float(f64),
    /// A text.
    Str(Text),
    /// Bytes.
    Bytes(Text),
    /// Bytes that can be changed.
    ByteArray(Text),
    /// A memo index, an extension code, a protocol or a length.
    Index(u64),
    /// Module and name of `GLOBAL` and `INST`.
    Names(Text, Text),
}

/// Where a text or some bytes stand in the source, and how they are written. Nothing is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// First byte.
    pub at: u64,
    /// Bytes; at most `u32::MAX`, which also stands for more.
    pub len: u32,
    /// How it is written.
    pub style: Style,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As bytes, or UTF-8.
    Plain,
    /// With quotes around it and escapes as in a Python 2 string literal (`STRING`).
    Quoted,
    /// With `\u` escapes and Latin-1 (`UNICODE`).
    RawUnicode,
}

macro_rules! opcodes {
    ($($name:ident = $code:literal),* $(,)?) => {
        $(#[doc = concat!("`", stringify!($name), "`.")] pub const $name: u8 = $code;)*
        /// The name of an opcode, or `None` when there is no such opcode.
        #[must_use]
        pub fn name(code: u8) -> Option<&'static str> {
            match code {
                $($code => Some(stringify!($name)),)*
                _ => None,
            }
        }
    };
}

opcodes! {
    MARK = b'(', STOP = b'.', POP = b'0', POP_MARK = b'1', DUP = b'2', FLOAT = b'F', INT = b'I', BININT = b'J',
    BININT1 = b'K', LONG = b'L', BININT2 = b'M', NONE = b'N', PERSID = b'P', BINPERSID = b'Q', REDUCE = b'R',
    STRING = b'S', BINSTRING = b'T', SHORT_BINSTRING = b'U', UNICODE = b'V', BINUNICODE = b'X', APPEND = b'a',
    BUILD = b'b', GLOBAL = b'c', DICT = b'd', EMPTY_DICT = b'}', APPENDS = b'e', GET = b'g', BINGET = b'h', INST = b'i',
    LONG_BINGET = b'j', LIST = b'l', EMPTY_LIST = b']', OBJ = b'o', PUT = b'p', BINPUT = b'q', LONG_BINPUT = b'r',
    SETITEM = b's', TUPLE = b't', EMPTY_TUPLE = b')', SETITEMS = b'u', BINFLOAT = b'G',
    PROTO = 0x80, NEWOBJ = 0x81, EXT1 = 0x82, EXT2 = 0x83, EXT4 = 0x84, TUPLE1 = 0x85, TUPLE2 = 0x86, TUPLE3 = 0x87,
    NEWTRUE = 0x88, NEWFALSE = 0x89, LONG1 = 0x8a, LONG4 = 0x8b,
    BINBYTES = b'B', SHORT_BINBYTES = b'C',
    SHORT_BINUNICODE = 0x8c, BINUNICODE8 = 0x8d, BINBYTES8 = 0x8e, EMPTY_SET = 0x8f, ADDITEMS = 0x90, FROZENSET = 0x91,
    NEWOBJ_EX = 0x92, STACK_GLOBAL = 0x93, MEMOIZE = 0x94, FRAME = 0x95,
    BYTEARRAY8 = 0x96, NEXT_BUFFER = 0x97, READONLY_BUFFER = 0x98,
}

/// Longest number that is read as one; a longer one is kept as bytes.
const LONGEST_NUMBER: u32 = 40;

/// Reads the next opcode and its argument.
///
/// # Errors
/// The stream ends inside it, a length does not fit what is left, or there is no such opcode.
pub fn next(stream: &mut Stream<'_>) -> Result<Op, Halt> {
    let at = stream.position();
    let code = stream.byte()?;
    let arg = argument(stream, at, code)?;
    Ok(Op { at, code, arg })
}

fn argument(stream: &mut Stream<'_>, at: u64, code: u8) -> Result<Arg, Halt> {
    Ok(match code {
        MARK | STOP | POP | POP_MARK | DUP | NONE | BINPERSID | REDUCE | APPEND | BUILD | DICT | EMPTY_DICT
        | APPENDS | LIST | EMPTY_LIST | OBJ | SETITEM | TUPLE | EMPTY_TUPLE | SETITEMS | NEWOBJ | TUPLE1 | TUPLE2
        | TUPLE3 | NEWTRUE | NEWFALSE | EMPTY_SET | ADDITEMS | FROZENSET | NEWOBJ_EX | STACK_GLOBAL | MEMOIZE
        | NEXT_BUFFER | READONLY_BUFFER => Arg::None,
        FLOAT => {
            let line = stream.line()?;
            let number = stream.short_text(line, LONGEST_NUMBER);
            Arg::Float(number.and_then(|text| text.trim().parse().ok()).unwrap_or(f64::NAN))
        }
        INT | LONG => integer(stream)?,
        BININT => Arg::Int(i64::from(i32::from_le_bytes(stream.array()?))),
        BININT1 => Arg::Int(i64::from(stream.byte()?)),
        BININT2 => Arg::Int(i64::from(u16::from_le_bytes(stream.array()?))),
        LONG1 => {
            let len = u64::from(stream.byte()?);
            long(stream, len)?
        }
        LONG4 => {
            let len = i32::from_le_bytes(stream.array()?);
            let len = u64::try_from(len).map_err(|_| Halt::new(at, Why::Length))?;
            long(stream, len)?
        }
        BINFLOAT => Arg::Float(f64::from_be_bytes(stream.array()?)),
        PERSID => Arg::Str(stream.line()?),
        STRING => Arg::Str(Text {
            style: Style::Quoted,
            ..stream.line()?
        }),
        UNICODE => Arg::Str(Text {
            style: Style::RawUnicode,
            ..stream.line()?
        }),
        BINSTRING => {
            let len = i32::from_le_bytes(stream.array()?);
            let len = u64::try_from(len).map_err(|_| Halt::new(at, Why::Length))?;
            Arg::Str(stream.skip(len)?)
        }
        SHORT_BINSTRING | SHORT_BINUNICODE => {
            let len = u64::from(stream.byte()?);
            Arg::Str(stream.skip(len)?)
        }
        BINUNICODE => {
            let len = u64::from(u32::from_le_bytes(stream.array()?));
            Arg::Str(stream.skip(len)?)
        }
        BINUNICODE8 => {
            let len = u64::from_le_bytes(stream.array()?);
            Arg::Str(stream.skip(len)?)
        }
        SHORT_BINBYTES => {
            let len = u64::from(stream.byte()?);
            Arg::Bytes(stream.skip(len)?)
        }
        BINBYTES => {
            let len = u64::from(u32::from_le_bytes(stream.array()?));
            Arg::Bytes(stream.skip(len)?)
        }
        BINBYTES8 => {
            let len = u64::from_le_bytes(stream.array()?);
            Arg::Bytes(stream.skip(len)?)
        }
        BYTEARRAY8 => {
            let len = u64::from_le_bytes(stream.array()?);
            Arg::ByteArray(stream.skip(len)?)
        }
        GLOBAL | INST => Arg::Names(stream.line()?, stream.line()?),
        GET | PUT => {
            let line = stream.line()?;
            let number = stream.short_text(line, LONGEST_NUMBER);
            let index = number.and_then(|text| text.trim().parse().ok());
            Arg::Index(index.ok_or(Halt::new(at, Why::Memo))?)
        }
        BINGET | BINPUT | PROTO | EXT1 => Arg::Index(u64::from(stream.byte()?)),
        EXT2 => Arg::Index(u64::from(u16::from_le_bytes(stream.array()?))),
        LONG_BINGET | LONG_BINPUT | EXT4 => Arg::Index(u64::from(u32::from_le_bytes(stream.array()?))),
        FRAME => Arg::Index(u64::from_le_bytes(stream.array()?)),
        _ => return Err(Halt::new(at, Why::Opcode)),
    })
}

/// The line of `INT` or `LONG`: `00` and `01` are booleans, a trailing `L` belongs to the number.
fn integer(stream: &mut Stream<'_>) -> Result<Arg, Halt> {
    let line = stream.line()?;
    let Some(text) = stream.short_text(line, LONGEST_NUMBER) else {
        return Ok(Arg::Long(line));
    };
    Ok(match text.as_str() {
        "00" => Arg::Bool(false),
        "01" => Arg::Bool(true),
        text => {
            let text = text.trim().trim_end_matches('L');
            match text.parse() {
                Ok(number) => Arg::Int(number),
                Err(_) => Arg::Long(line),
            }
        }
    })
}

/// `len` bytes of a two's complement number, least significant first.
fn long(stream: &mut Stream<'_>, len: u64) -> Result<Arg, Halt> {
    let text = stream.skip(len)?;
    if len > 8 {
        return Ok(Arg::Long(text));
    }
    let bytes = stream.bytes(text, 8);
    let negative = bytes.last().is_some_and(|top| top & 0x80 != 0);
    let mut whole = if negative { [0xff; 8] } else { [0; 8] };
    for (slot, byte) in whole.iter_mut().zip(bytes.iter()) {
        *slot = *byte;
    }
    Ok(Arg::Int(i64::from_le_bytes(whole)))
}
