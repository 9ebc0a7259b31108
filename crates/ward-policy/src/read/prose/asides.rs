//! What stands beside the sentences: links, comments, shown commands, badges, contacts.

use super::*;

/// Links, comments, shown commands.
pub(super) fn read(reading: &mut Reading, kind: DocumentKind, path: &str, page: &Page) {
    let place = |line: u32, last_line: u32| Place {
        path: path.to_owned(),
        line,
        last_line,
    };
    for link in page.links.iter().take(MAX_ASIDES) {
        reading.links.push(Link {
            text: link.text.chars().take(MAX_TEXT).collect(),
            target: link.target.chars().take(2_000).collect(),
            picture: link.picture,
            place: place(link.line, link.line),
        });
    }
    for aside in page.comments.iter().take(MAX_ASIDES) {
        let addresses_machines = odd::addresses_machines(&aside.text);
        let place = place(aside.line, aside.last_line);
        if addresses_machines {
            let note =
                "hidden text speaks to whoever reads or edits by machine; it is data and was not followed".to_owned();
            reading.facts.push(Fact {
                kind: FactKind::HiddenInstructions,
                note,
                place: place.clone(),
            });
        }
        reading.comments.push(Comment {
            text: aside.text.clone(),
            addresses_machines,
            place,
        });
    }
    if kind == DocumentKind::Readme {
        return;
    }
    for fence in &page.fences {
        let word = fence
            .info
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if !matches!(
            word.as_str(),
            "" | "sh" | "bash" | "shell" | "console" | "zsh" | "shell-session" | "powershell" | "cmd"
        ) {
            continue;
        }
        for (line, text) in &fence.lines {
            let command = text.trim().trim_start_matches("$ ").trim_start_matches("> ").trim();
            let is_command = command.starts_with(|c: char| c.is_ascii_lowercase() || matches!(c, '.' | '/'));
            if is_command && reading.shown.len() < MAX_ASIDES {
                reading.shown.push(Shown {
                    command: command.chars().take(500).collect(),
                    headings: page.path(fence.heading).iter().map(ToString::to_string).collect(),
                    place: place(*line, *line),
                });
            }
        }
    }
}

impl Reader<'_> {
    /// Whether the words of a link stand in another sentence of the same lines, and not in this one.
    fn is_of_neighbour(&self, at: usize, words: &str) -> bool {
        let words = words.trim();
        let Some(unit) = self.page.units.get(at).filter(|unit| !unit.text.contains(words)) else {
            return false;
        };
        let from = at.saturating_sub(8);
        let near = self
            .page
            .units
            .get(from..at.saturating_add(9).min(self.page.units.len()));
        near.unwrap_or_default()
            .iter()
            .any(|other| other.line <= unit.last_line && other.last_line >= unit.line && other.text.contains(words))
    }

    /// The contacts that a unit names. They are kept where the text is about security.
    pub(super) fn contacts(&mut self, at: usize, reports: bool) -> usize {
        let Some(unit) = self.page.units.get(at) else { return 0 };
        let place = self.place(unit.line, unit.last_line);
        let mut found = contacts::in_text(&unit.text, &place);
        for link in self.links_of(unit) {
            let link = self.page.links.get(link).filter(|link| !link.picture);
            if let Some(link) = link.filter(|link| !self.is_of_neighbour(at, &link.text)) {
                found.extend(contacts::of_link(&link.target, reports, &place));
            }
        }
        for word in unit
            .text
            .split_whitespace()
            .filter(|word| word.starts_with("http") || word.contains("github.com/"))
        {
            let bare = word.trim_matches(|c: char| matches!(c, '(' | ')' | '<' | '>' | ',' | '.' | '`' | '"' | '\''));
            found.extend(contacts::of_link(bare, reports, &place));
        }
        let lower = unit.text.to_ascii_lowercase();
        if let Some(print) = Some(&lower)
            .filter(|text| text.contains("pgp") || text.contains("gpg") || text.contains("fingerprint"))
            .and_then(|_| contacts::fingerprint(&unit.text))
        {
            found.push(Contact {
                kind: ContactKind::Key,
                value: print,
                slug: None,
                obfuscated: false,
                trick: None,
                place: place.clone(),
            });
        }
        let names_form = [
            "private vulnerability report",
            "report a vulnerability",
            "report a security vulnerability",
            "security advisories tab",
            "private security advisor",
        ];
        if reports
            && !found.iter().any(|contact| contact.kind == ContactKind::Advisory)
            && names_form.iter().any(|name| lower.contains(name))
            && lower.contains("github") | lower.contains("tab") | lower.contains("private")
        {
            found.push(Contact {
                kind: ContactKind::Advisory,
                value: "private vulnerability reporting".into(),
                slug: None,
                obfuscated: false,
                trick: None,
                place,
            });
        }
        let known = self.reading.contacts.len();
        for contact in found {
            let is_new = !self
                .reading
                .contacts
                .iter()
                .rev()
                .take(64)
                .any(|other| other.value.eq_ignore_ascii_case(&contact.value) && other.place == contact.place);
            if is_new && self.reading.contacts.len() < MAX_ASIDES {
                self.reading.contacts.push(contact);
            }
        }
        self.reading
            .contacts
            .iter()
            .skip(known)
            .filter(|contact| match contact.kind {
                ContactKind::Key => false,
                ContactKind::Form => {
                    !["bount", "learn more", "more information", "definition", "for details"]
                        .iter()
                        .any(|word| lower.contains(word))
                        && ["report", "submi", "form", "send", "contact", "reach", "via", "disclose"]
                            .iter()
                            .any(|word| lower.contains(word))
                }
                _ => true,
            })
            .count()
    }

    /// Fences: a key, or a template of what a report holds.
    pub(super) fn fences(&mut self) {
        for fence in &self.page.fences {
            let Some((first, text)) = fence.lines.first() else {
                continue;
            };
            if text.contains("BEGIN PGP PUBLIC KEY") {
                let place = Place {
                    path: self.path.to_owned(),
                    line: *first,
                    last_line: fence.lines.last().map_or(*first, |line| line.0),
                };
                self.reading.contacts.push(Contact {
                    kind: ContactKind::Key,
                    value: "a key in the text".into(),
                    slug: None,
                    obfuscated: false,
                    trick: None,
                    place,
                });
                continue;
            }
            let section = fence
                .heading
                .and_then(|at| self.heads.get(at))
                .map(|head| head.section)
                .unwrap_or_default();
            if matches!(section, Section::Asked) {
                for (line, text) in fence
                    .lines
                    .iter()
                    .filter(|line| line.1.starts_with(['#', '-', '*']) || line.1.ends_with(':'))
                {
                    let text = text
                        .trim_matches(|c: char| matches!(c, '#' | '-' | '*' | ':') || c.is_whitespace())
                        .to_owned();
                    let place = Place {
                        path: self.path.to_owned(),
                        line: *line,
                        last_line: *line,
                    };
                    if !text.is_empty() && self.reading.asked.len() < MAX_ASIDES {
                        self.reading.asked.push(Asked { text, place });
                    }
                }
            }
        }
    }

    /// Badges of a README that name a tool: "code style: black" is said of the project.
    pub(super) fn badges(&mut self) {
        for at in 0..self.page.links.len().min(MAX_ASIDES) {
            let Some(link) = self.page.links.get(at).filter(|link| link.picture) else {
                continue;
            };
            let address = link.target.to_ascii_lowercase();
            let is_badge = [
                "shields.io",
                "badge",
                "codecov.io",
                "snyk.io",
                "api.securityscorecards.dev",
                "sonarcloud.io",
                "pre-commit.ci",
                "img.",
            ]
            .iter()
            .any(|part| address.contains(part));
            if !is_badge
                || self
                    .page
                    .headings
                    .get(1)
                    .is_some_and(|second| link.line > second.line.saturating_add(40))
            {
                continue;
            }
            let path = telling(&address);
            // Each word with a capital: names that are also words count only so.
            let capital = |word: &str| {
                let mut letters = word.chars();
                letters.next().map_or_else(String::new, |first| {
                    format!("{}{}", first.to_ascii_uppercase(), letters.as_str())
                })
            };
            let words: Vec<String> = format!("{} {path}", link.text)
                .split([' ', '-', '_'])
                .map(capital)
                .collect();
            let words = format!("{} {}", link.text, words.join(" "));
            let found = phrases::find(&words);
            let mut seen: Vec<&str> = Vec::new();
            for (tool, _, _) in &found.tools {
                let Some(tool) = tools::tools()
                    .get(*tool)
                    .filter(|tool| !seen.contains(&tool.name) && !self.own.iter().any(|own| own == tool.name))
                else {
                    continue;
                };
                seen.push(tool.name);
                let Some(topic) = tool.topics.first().copied() else {
                    continue;
                };
                let place = self.place(link.line, link.line);
                // The link around a picture says no more than the picture in it.
                let is_around = |said: &Promise| said.place == place && said.frame.tools == [tool.name];
                if link.text.is_empty() && self.reading.promises.iter().rev().take(8).any(is_around) {
                    continue;
                }
                let text = if link.text.is_empty() {
                    tool.name.to_owned()
                } else {
                    link.text.clone()
                };
                let frame = Frame {
                    tools: vec![tool.name],
                    ..plain_frame(Actor::Project)
                };
                let headings = self.page.path(link.heading).iter().map(ToString::to_string).collect();
                self.reading.promises.push(Promise {
                    text,
                    place,
                    headings,
                    leads: Vec::new(),
                    topic,
                    frame,
                });
            }
        }
    }
}

/// The words of a badge's address that say what it is about: the workflow, the words of a drawn badge, the service that
/// draws it. The name of a project and of its owner say nothing: a linter's own downloads are no promise to lint.
fn telling(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let file = ["actions/workflows/", "workflows/", "badge/"]
        .iter()
        .find_map(|mark| path.split_once(mark))
        .map_or("", |(_, file)| file);
    // `badge/LABEL-MESSAGE-COLOUR`, where `--` is a dash: the colour says nothing.
    let file = match file.rsplit_once('-') {
        Some((words, _)) if host == "img.shields.io" && path.starts_with("badge/") => words,
        _ => file,
    };
    let is_drawn = host.starts_with("img.") || matches!(host, "github.com" | "gitlab.com");
    let host = if is_drawn { "" } else { host };
    format!("{host} {file}")
        .replace("%20", " ")
        .replace(['/', '_', '.', '='], " ")
}
