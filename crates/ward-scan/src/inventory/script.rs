//! What a single Python program asks for in a comment of its own.
//!
//! Source: PEP 723, *Inline script metadata*.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    reader::{Reading, Text, toml_get, toml_str},
    requirements::component_of,
};

/// The name of the format.
pub(super) const FORMAT: &str = "Python script";
/// The lines around the list.
const BEGIN: &str = "# /// script";
const END: &str = "# ///";

/// Whether a program may list something.
pub(super) fn is_in(program: &[u8]) -> bool {
    memchr::memmem::find(program, BEGIN.as_bytes()).is_some()
}

pub(super) fn read(text: &Text<'_>, reading: &mut Reading) {
    let mut lines = text
        .lines()
        .map(|(number, _, line)| (number, line.trim_end()))
        .peekable();
    let mut known = false;
    while let Some((number, line)) = lines.next() {
        if line != BEGIN {
            continue;
        }
        let mut body = Vec::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| line.starts_with('#')) {
            body.push(line);
        }
        let end = body.iter().rposition(|line| *line == END);
        let Some(body) = end.and_then(|end| body.get(..end)) else {
            reading.problem(Some(number), "a list of what the program needs that nothing closes");
            continue;
        };
        if known {
            reading.problem(
                Some(number),
                "a second list of what the program needs, which tools refuse",
            );
            continue;
        }
        known = true;
        let toml: String = body
            .iter()
            .flat_map(|line| [line.get(1..).unwrap_or_default().trim_start_matches(' '), "\n"])
            .collect();
        block(&toml, number + 1, reading);
    }
}

/// The list, whose first line is `first` of the file.
fn block(toml: &str, first: u32, reading: &mut Reading) {
    let Ok(table) = DeTable::parse(toml) else {
        return reading.problem(Some(first), "it is no TOML, so nothing of it was read");
    };
    let Some(needed) = toml_get(table.get_ref(), "dependencies").map(Spanned::get_ref) else {
        return;
    };
    let DeValue::Array(needed) = needed else {
        return reading.problem(Some(first), "dependencies that are no list");
    };
    let mut lines = memchr::memchr_iter(b'\n', toml.as_bytes()).peekable();
    let mut line = first;
    for one in needed {
        while lines.next_if(|end| *end < one.span().start).is_some() {
            line += 1;
        }
        match toml_str(one.get_ref()) {
            Some(words) => {
                let component = component_of(words, line, None, reading);
                component.into_iter().for_each(|component| reading.push(component));
            }
            None => reading.problem(Some(line), "a dependency that is no text"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::inventory::reader::{read_text, shown};

    #[track_caller]
    fn check(program: &str, expect: &str, problems: usize) {
        let reading = read_text("tool.py", program);
        let shown = shown(&reading);
        let components = shown.split_inclusive('\n').filter(|line| !line.starts_with('!'));
        assert_eq!(components.collect::<String>(), expect, "{program}");
        assert_eq!(reading.problems.len(), problems, "{program}");
    }

    #[test]
    fn what_a_script_lists() {
        let list = "#!/usr/bin/env python3\n# /// script\n# requires-python = \">=3.11\"\n# dependencies = [\n#   \"a==1\",\n#\n#   \"b>=2\",\n# ]\n# ///\nimport a\n";
        check(list, "5 a =1 direct\n7 b >=2 direct\n", 0);
        check(&list.replace('\n', "\r\n"), "5 a =1 direct\n7 b >=2 direct\n", 0);
        check("# /// script\n# dependencies = [\"a==1\"]\nimport a\n", "", 1);
        check("# /// script\n# dependencies = [\n# ///\n", "", 1);
        check(
            "# /// script\n# dependencies = [1, \"a==1\"]\n# ///\n",
            "2 a =1 direct\n",
            1,
        );
        check(&format!("{list}{list}"), "5 a =1 direct\n7 b >=2 direct\n", 1);
        check("# /// other\n# dependencies = [\"a==1\"]\n# ///\n", "", 0);
        check("import a\n", "", 0);
    }
}
