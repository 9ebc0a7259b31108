//! INI files, as setup.cfg and tox.ini are written.

/// A value on one line, and its lines with their numbers.
pub(crate) type Field = (String, Vec<(String, u32)>);

/// A section with its fields.
pub(crate) struct Section {
    pub(crate) name: String,
    /// Name, value on one line, lines with their numbers.
    fields: Vec<(String, Field)>,
}

impl Section {
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(crate) fn value(&self, name: &str) -> Option<String> {
        self.field(name).map(|(text, _)| text.clone())
    }
}

/// Sections of an INI file, with values that go on over indented lines.
pub(crate) fn sections(text: &str) -> Vec<Section> {
    let mut out: Vec<Section> = Vec::new();
    for (index, line) in text.lines().enumerate().take(50_000) {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = trimmed
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .filter(|_| !line.starts_with([' ', '\t']))
        {
            out.push(Section {
                name: name.trim().to_owned(),
                fields: Vec::new(),
            });
            continue;
        }
        let Some(section) = out.last_mut() else { continue };
        if line.starts_with([' ', '\t']) {
            if let Some((_, (value, lines))) = section.fields.last_mut() {
                let joined = lines.last().is_some_and(|(last, _)| last.ends_with('\\'));
                if joined && let Some((last, _)) = lines.last_mut() {
                    last.pop();
                    last.push_str(trimmed);
                } else {
                    lines.push((trimmed.to_owned(), number));
                }
                value.push('\n');
                value.push_str(trimmed);
            }
        } else if let Some((key, value)) = trimmed.split_once(['=', ':']) {
            let value = value.trim();
            let lines = if value.is_empty() {
                Vec::new()
            } else {
                vec![(value.to_owned(), number)]
            };
            section.fields.push((key.trim().to_owned(), (value.to_owned(), lines)));
        }
    }
    out
}
