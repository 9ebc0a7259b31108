//! Tools that policies name, and what shows that one runs.

use std::sync::LazyLock;

use crate::topic::Topic;

/// The table as it stands in the file. Its head says what each line means.
const TABLE: &str = include_str!("tools.txt");

/// A tool that policies name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// Its name in output, lower case.
    pub name: &'static str,
    /// How prose names it. One in lower case counts in any case; one with a capital only as written, and not as the first word
    /// of a sentence, unless it stands in code or among other tools.
    pub names: Vec<&'static str>,
    /// What its use serves.
    pub topics: Vec<Topic>,
    /// What shows that it runs.
    pub evidence: Evidence,
}

/// What shows that a tool runs, and what makes a run worth something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// `uses:` of GitHub workflows: `owner/name` or `owner/name/path`, without a version.
    pub actions: Vec<&'static str>,
    /// First words of a command, such as `pip-audit` or `npm audit`.
    pub commands: Vec<&'static str>,
    /// Ids in `.pre-commit-config.yaml`.
    pub hooks: Vec<&'static str>,
    /// Repositories of such hooks, `owner/name`.
    pub repos: Vec<&'static str>,
    /// Files that configure it; after `#` a table or key within.
    pub configs: Vec<&'static str>,
    /// Whether a finding makes its command fail.
    pub gates: Gates,
    /// What makes it fail on a finding, where [`Gates::Flag`] stands.
    pub gate_flags: Vec<&'static str>,
    /// What keeps it from failing.
    pub ungate_flags: Vec<&'static str>,
    /// Without these it looks at nothing, or at less than is meant.
    pub needs: Vec<Needs>,
    /// One sentence.
    pub note: Option<&'static str>,
}

/// Whether a finding makes a tool's command fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gates {
    /// Unless told otherwise, yes.
    Default,
    /// Only with a flag.
    Flag,
    /// No: it reports.
    #[default]
    Never,
    /// It runs at a forge or a service; a file here configures it.
    Service,
}

/// What a tool needs to look at something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Files or folders to look at.
    Target,
    /// Requirements, given or installed.
    Requirements,
    /// The whole history.
    History,
    /// A configuration file.
    Config,
    /// Rules that are chosen.
    Rules,
}

/// Every tool of the table, in its order.
#[must_use]
pub fn tools() -> &'static [Tool] {
    static TOOLS: LazyLock<Vec<Tool>> = LazyLock::new(|| read(TABLE).0);
    &TOOLS
}

/// The tool whose name in output is `name`.
#[must_use]
pub fn tool(name: &str) -> Option<&'static Tool> {
    tools().iter().find(|tool| tool.name == name)
}

/// The tools of a table, and the numbers of the lines that say nothing known. A test allows none.
fn read(table: &'static str) -> (Vec<Tool>, Vec<usize>) {
    let (mut tools, mut wrong): (Vec<Tool>, Vec<usize>) = (Vec::new(), Vec::new());
    for (at, line) in table.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let evidence = Evidence::default();
            tools.push(Tool {
                name,
                names: Vec::new(),
                topics: Vec::new(),
                evidence,
            });
            continue;
        }
        let known = tools.last_mut().is_some_and(|tool| field(tool, line));
        if !known {
            wrong.push(at + 1);
        }
    }
    (tools, wrong)
}

/// Puts one line of the table into `tool`; false when it says nothing known.
fn field(tool: &mut Tool, line: &'static str) -> bool {
    let Some((key, value)) = line.split_once(' ') else {
        return false;
    };
    let list = || {
        value
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect::<Vec<&'static str>>()
    };
    let evidence = &mut tool.evidence;
    match key {
        "names" => tool.names = list(),
        "topics" => match list().into_iter().map(Topic::from_word).collect() {
            Some(topics) => tool.topics = topics,
            None => return false,
        },
        "actions" => evidence.actions = list(),
        "commands" => evidence.commands = list(),
        "hooks" => evidence.hooks = list(),
        "repos" => evidence.repos = list(),
        "configs" => evidence.configs = list(),
        "gates" => match value.trim() {
            "default" => evidence.gates = Gates::Default,
            "flag" => evidence.gates = Gates::Flag,
            "never" => evidence.gates = Gates::Never,
            "service" => evidence.gates = Gates::Service,
            _ => return false,
        },
        "gate-flags" => evidence.gate_flags = list(),
        "ungate-flags" => evidence.ungate_flags = list(),
        "needs" => match list().into_iter().map(need).collect() {
            Some(needs) => evidence.needs = needs,
            None => return false,
        },
        "note" => evidence.note = Some(value.trim()),
        _ => return false,
    }
    true
}

fn need(word: &str) -> Option<Needs> {
    Some(match word {
        "target" => Needs::Target,
        "requirements" => Needs::Requirements,
        "history" => Needs::History,
        "config" => Needs::Config,
        "rules" => Needs::Rules,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_is_read_whole_and_names_each_tool_once() {
        let (tools, wrong) = read(TABLE);
        assert!(wrong.is_empty(), "lines {wrong:?}");
        assert!(tools.len() >= 60);
        let names: BTreeSet<_> = tools.iter().map(|tool| tool.name).collect();
        assert_eq!(names.len(), tools.len());
        let mut prose = BTreeSet::new();
        for tool in &tools {
            assert!(!tool.names.is_empty() && !tool.topics.is_empty(), "{}", tool.name);
            assert!(
                tool.evidence.gates != Gates::Flag || !tool.evidence.gate_flags.is_empty(),
                "{}",
                tool.name
            );
            for name in &tool.names {
                assert!(prose.insert(name.to_lowercase()), "two tools are called {name}");
            }
        }
        assert_eq!(
            tool("pip-audit").map(|tool| tool.topics.as_slice()),
            Some(&[Topic::DependencyScan][..])
        );
    }
}
