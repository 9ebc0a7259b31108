//! Text from standard input to standard output as it comes: only what may still become a placeholder or a stand-in is
//! held back.

use std::io::{self, Read, Write};

use anyhow::{Context, Result, bail};
use ward_deid::find;

use super::{check, formats::Report, whose::Subject};

/// A line longer than this is checked in pieces.
const LONGEST_LINE: usize = 1 << 16;

/// Puts values back into standard input.
pub(super) fn through(subject: &Subject, checked: bool, links: bool) -> Result<Report> {
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    copy(subject, checked, links, &mut input, &mut output)
}

fn copy(
    subject: &Subject,
    checked: bool,
    links: bool,
    input: &mut impl Read,
    output: &mut impl Write,
) -> Result<Report> {
    let mut restorer = if links {
        subject.restorer().into_links()
    } else {
        subject.restorer()
    };
    let mut report = Report::default();
    let mut buffer = vec![0; 1 << 16];
    // Bytes of a character that is not whole yet.
    let mut cut: Vec<u8> = Vec::new();
    let mut line = String::new();
    let mut number = 1;
    let look = |line: &mut String, number: usize, report: &mut Report| {
        let place = |at| {
            let column = 1 + line.get(..at).unwrap_or(line).chars().count();
            format!("line {number}, column {column}")
        };
        report.misspelt(line, place);
        if checked {
            check::strangers(&subject.restorer(), line, find, place, &mut report.findings);
        }
        line.clear();
    };
    loop {
        let read = match input.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other.context("cannot read standard input")?,
        };
        if read == 0 {
            break;
        }
        cut.extend_from_slice(buffer.get(..read).unwrap_or_default());
        let whole = match std::str::from_utf8(&cut) {
            Ok(_) => cut.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => bail!("standard input is not UTF-8"),
        };
        let rest = cut.split_off(whole);
        let text = String::from_utf8(std::mem::replace(&mut cut, rest)).unwrap_or_default();
        let mut out = String::with_capacity(text.len());
        restorer.push(&text, &mut out);
        match output.write_all(out.as_bytes()).and_then(|()| output.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            other => other.context("cannot write to standard output")?,
        }
        for piece in text.split_inclusive('\n') {
            line.push_str(piece);
            if piece.ends_with('\n') || line.len() > LONGEST_LINE {
                look(&mut line, number, &mut report);
                number += usize::from(piece.ends_with('\n'));
            }
        }
    }
    if !cut.is_empty() {
        bail!("standard input is not UTF-8");
    }
    look(&mut line, number, &mut report);
    let mut out = String::new();
    restorer.close(&mut out);
    match output.write_all(out.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        other => other.context("cannot write to standard output")?,
    }
    report.add(&restorer, |at| format!("byte {}", at + 1));
    Ok(report)
}
