//! The opcodes around a place, written for people.

use super::{
    machine::Effect,
    opcode::{self, Arg, Op, Style, Text},
    stream::Stream,
    value::plain,
};
use crate::input::Input;

/// The disassembly around an effect: the opcodes before it, the one that has it (marked with `>`), and two after it.
#[must_use]
pub fn explain(input: Input<'_>, effect: &Effect) -> Vec<String> {
    let mut lines = Vec::new();
    for at in effect.before.iter().copied().filter(|at| *at < effect.at) {
        let mut stream = Stream::new(input, at);
        if let Ok(op) = opcode::next(&mut stream) {
            lines.push(line(&stream, op, ' '));
        }
    }
    let mut stream = Stream::new(input, effect.at);
    for mark in ['>', ' ', ' '] {
        let Ok(op) = opcode::next(&mut stream) else { break };
        lines.push(line(&stream, op, mark));
        if op.code == opcode::STOP {
            break;
        }
    }
    lines
}

fn line(stream: &Stream<'_>, op: Op, mark: char) -> String {
    let name = opcode::name(op.code).unwrap_or("?");
    let argument = argument(stream, op.arg);
    format!("{mark} {:>8}: {name}{argument}", op.at)
}

fn argument(stream: &Stream<'_>, arg: Arg) -> String {
    let text = |text: Text| {
        let bytes = stream.bytes(text, 200);
        let shown = plain(&String::from_utf8_lossy(&bytes));
        let more = if text.len as usize > 200 && !shown.ends_with("..") {
            ".."
        } else {
            ""
        };
        match text.style {
            Style::Quoted => format!(" {shown}{more}"),
            Style::Plain | Style::RawUnicode => format!(" \"{}{more}\"", shown.replace('"', "\\\"")),
        }
    };
    match arg {
        Arg::None => String::new(),
        Arg::Int(number) => format!(" {number}"),
        Arg::Bool(yes) => format!(" {}", if yes { "True" } else { "False" }),
        Arg::Long(text) => format!(" <number of {} bytes>", text.len),
        Arg::Float(number) => format!(" {number:?}"),
        Arg::Str(part) => text(part),
        Arg::Bytes(part) | Arg::ByteArray(part) if part.len > 64 => format!(" <{} bytes>", part.len),
        Arg::Bytes(part) | Arg::ByteArray(part) => text(part),
        Arg::Index(number) => format!(" {number}"),
        Arg::Names(module, name) => format!("{}{}", text(module), text(name)),
    }
}
