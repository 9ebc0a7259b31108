//! What a tool is told to leave out, by its arguments and by its own configuration: everything, or all its rules?

use regex::{Regex, RegexBuilder};
use ward_formats::yaml::Yaml;

use super::{Judgement, has, is_for, value, values};
use crate::{
    lexicon::Tool,
    pipeline::{
        Hollow, YAML, glob, ini, script,
        setting::{Reader, Setting},
    },
    topic::Topic,
};

/// How many files of the code are left out for one that is not, where nearly all of it is left out.
const NEARLY: usize = 4;
/// Most files that are held against what is left out.
const FILES: usize = 20_000;

/// Something that is left out.
enum Left {
    /// Paths that hold these characters.
    Part(String),
    /// Files and folders, as in a list of what git ignores.
    Pattern(String),
    /// Paths that a regular expression is found in.
    Found(Regex),
    /// Paths, as the tool calls them, that are as a whole what a regular expression says.
    Whole(Regex),
}

impl Left {
    /// Whether it covers `path`, which the tool calls `shown`.
    fn covers(&self, path: &str, shown: &str) -> bool {
        match self {
            Left::Part(part) => shown.contains(part.as_str()),
            Left::Pattern(pattern) => ignored(pattern, path),
            Left::Found(regex) => regex.is_match(path),
            Left::Whole(regex) => regex.is_match(shown),
        }
    }
}

/// Whether a pattern of an ignore file covers `path`.
pub(in crate::pipeline) fn ignored(pattern: &str, path: &str) -> bool {
    let trimmed = pattern.trim().trim_start_matches("./");
    let bare = trimmed
        .trim_end_matches("/**")
        .trim_end_matches("/*")
        .trim_end_matches('/');
    let rooted = bare.trim_start_matches('/');
    if matches!(rooted, "" | "." | "*" | "**") {
        return !pattern.trim().is_empty();
    }
    if bare.contains('/') {
        return glob::matches(rooted, path) || glob::matches(&format!("{rooted}/**"), path);
    }
    path.split('/')
        .any(|part| part == bare || bare.contains('*') && glob::matches(bare, part))
}

/// What one tool leaves out.
#[derive(Default)]
struct Rules {
    left: Vec<Left>,
    /// Every rule is off, or every fault is forgiven.
    nothing: Option<Hollow>,
}

impl Rules {
    fn patterns<'p>(&mut self, patterns: impl IntoIterator<Item = &'p str>) {
        let known = patterns.into_iter().map(str::trim).filter(|one| !one.is_empty());
        self.left.extend(known.map(|one| Left::Pattern(one.to_owned())));
    }

    fn found(&mut self, pattern: &str) {
        let built = RegexBuilder::new(pattern).size_limit(1 << 20).build();
        self.left
            .extend(built.ok().filter(|_| !pattern.is_empty()).map(Left::Found));
    }
}

/// A table of TOML below `way`.
pub(super) fn table(reader: &Reader<'_>, path: &str, way: &[&str]) -> Option<toml::Value> {
    let all: toml::Table = reader.text(path)?.parse().ok()?;
    let (first, rest) = way.split_first()?;
    rest.iter()
        .try_fold(all.get(*first)?, |value, key| value.get(*key))
        .cloned()
}

/// The texts of a list, or the parts of one text.
fn texts(value: Option<&toml::Value>) -> Vec<String> {
    match value {
        Some(toml::Value::Array(all)) => all.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect(),
        Some(toml::Value::String(text)) => text.split([',', '\n']).map(|one| one.trim().to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// A field of an INI file's section, with the values that its lines or commas part.
fn field(reader: &Reader<'_>, path: &str, section: &str, name: &str) -> Vec<String> {
    let Some(text) = reader.text(path) else {
        return Vec::new();
    };
    let sections = ini::sections(text);
    let found = sections
        .iter()
        .filter(|one| one.name.eq_ignore_ascii_case(section))
        .find_map(|one| one.value(name));
    let found = found.unwrap_or_default();
    let parts = found.split([',', '\n']).map(|one| one.trim().to_owned());
    parts.filter(|one| !one.is_empty()).collect()
}

/// Adds what `tool` is told to leave out, where that is all it would look at.
pub(in crate::pipeline) fn judge(
    reader: &Reader<'_>,
    tool: &Tool,
    words: &[&str],
    setting: &Setting,
    out: &mut Judgement,
) {
    let Some(folder) = setting.directory.as_deref() else {
        return;
    };
    if !out.hollow.is_empty() {
        return;
    }
    let targets = out.targets.clone().unwrap_or_else(|| vec![folder.to_owned()]);
    let rules = rules(reader, tool, words, folder, &targets);
    out.hollow.extend(rules.nothing);
    if rules.left.is_empty() {
        return;
    }
    let files = || {
        targets.iter().flat_map(|target| {
            let files = reader.below(target).take(FILES);
            files.map(move |path| {
                (
                    path,
                    if target.is_empty() {
                        format!("./{path}")
                    } else {
                        path.to_owned()
                    },
                )
            })
        })
    };
    // What reads every kind of file is worth nothing without the code.
    let wanted = |path: &str| is_for(tool, path) && (super::targets::names_kinds(tool) || is_code(path));
    let mut any = false;
    let all = files().filter(|(path, _)| wanted(path)).all(|(path, shown)| {
        any = true;
        let relative = script::below(folder, path);
        rules.left.iter().any(|left| left.covers(relative, &shown))
    });
    let mut tests = files()
        .filter(|(path, _)| is_of_tests(path) && is_for(tool, path))
        .peekable();
    out.leaves_tests = tests.peek().is_some()
        && tests.all(|(path, shown)| {
            let relative = script::below(folder, path);
            rules.left.iter().any(|left| left.covers(relative, &shown))
        });
    if any && all || leaves_code_out(tool, &rules, folder, files(), out) {
        out.hollow.push(Hollow::CoversAll);
    }
}

/// Whether what is left out is nearly all of the project's own code that a tool would look at: tests, examples and the
/// configuration of a build are not what a policy means by it.
fn leaves_code_out<'f>(
    tool: &Tool,
    rules: &Rules,
    folder: &str,
    files: impl Iterator<Item = (&'f str, String)>,
    out: &Judgement,
) -> bool {
    // What names the dependencies does not lie with the code.
    let of_dependencies = |topics: &Vec<Topic>| topics.contains(&Topic::DependencyScan);
    if tool.topics.contains(&Topic::DependencyScan) && out.serves.as_ref().is_none_or(of_dependencies) {
        return false;
    }
    let (mut left, mut kept) = (0_usize, 0_usize);
    for (path, shown) in files.filter(|(path, _)| is_for(tool, path) && super::is_code(path) && is_written_here(path)) {
        let relative = script::below(folder, path);
        if rules.left.iter().any(|rule| rule.covers(relative, &shown)) {
            left += 1;
        } else {
            kept += 1;
        }
    }
    left > 0 && left >= kept.saturating_mul(NEARLY)
}

/// Whether a file is code that people write here, and no migration, no output of a generator, no copy of another's code and
/// no test of the whole.
fn is_written_here(path: &str) -> bool {
    const ASIDE: &[&str] = &[
        "migrations",
        "gen",
        "generated",
        "_generated",
        "_vendor",
        "vendored",
        "e2e",
        "qa",
    ];
    const MADE: &[&str] = &[
        "_pb2.py",
        "_pb2_grpc.py",
        ".pb.go",
        "_pb.js",
        "_pb.ts",
        ".pb.h",
        ".pb.cc",
    ];
    let mut folders = path.rsplit('/');
    let is_settings = folders.next().is_some_and(|name| name.contains(".config."));
    !is_settings && !MADE.iter().any(|end| path.ends_with(end)) && !folders.any(|folder| ASIDE.contains(&folder))
}

/// Whether a folder or a file is one of tests, by its name.
pub(crate) fn is_of_tests(path: &str) -> bool {
    let is_one = |name: &str| {
        matches!(
            name,
            "test" | "tests" | "testing" | "__tests__" | "e2e" | "spec" | "specs"
        )
    };
    path.split('/').any(is_one)
}

/// Whether a file is code that a tool for several languages reads.
fn is_code(path: &str) -> bool {
    const CODE: &[&str] = &[
        "py", "js", "jsx", "ts", "tsx", "go", "java", "kt", "rb", "php", "rs", "c", "cc", "cpp", "h", "cs", "swift",
        "scala", "ipynb",
    ];
    path.rsplit_once('.').is_some_and(|(_, ending)| CODE.contains(&ending))
}

fn rules(reader: &Reader<'_>, tool: &Tool, words: &[&str], folder: &str, targets: &[String]) -> Rules {
    let mut out = Rules::default();
    let at = |name: &str| script::join(folder, name);
    match tool.name {
        "bandit" => bandit(reader, words, folder, targets, &mut out),
        "ruff" => ruff(reader, words, folder, &mut out),
        "flake8" => {
            out.patterns(given(words, &["--exclude", "--extend-exclude"]));
            for path in ["setup.cfg", "tox.ini", ".flake8"] {
                for key in ["exclude", "extend-exclude", "extend_exclude"] {
                    out.patterns(field(reader, &at(path), "flake8", key).iter().map(String::as_str));
                }
                let off = field(reader, &at(path), "flake8", "ignore");
                if ["E", "F", "W", "C"].iter().all(|one| off.iter().any(|off| off == one)) {
                    out.nothing = Some(Hollow::CoversAll);
                }
            }
        }
        "mypy" => {
            values(words, "--exclude").for_each(|pattern| out.found(pattern));
            for path in ["mypy.ini", ".mypy.ini", "setup.cfg"] {
                field(reader, &at(path), "mypy", "exclude")
                    .iter()
                    .for_each(|one| out.found(one));
                if field(reader, &at(path), "mypy", "ignore_errors")
                    .iter()
                    .any(|one| one.eq_ignore_ascii_case("true"))
                {
                    out.nothing = Some(Hollow::CoversAll);
                }
            }
            if let Some(table) = table(reader, &at("pyproject.toml"), &["tool", "mypy"]) {
                texts(table.get("exclude")).iter().for_each(|one| out.found(one));
                if table.get("ignore_errors").and_then(toml::Value::as_bool) == Some(true) {
                    out.nothing = Some(Hollow::CoversAll);
                }
            }
        }
        "pylint" => {
            out.patterns(given(words, &["--ignore"]));
            given(words, &["--ignore-paths"]).for_each(|one| out.found(one));
            for path in [".pylintrc", "pylintrc"] {
                for section in ["MASTER", "MAIN"] {
                    out.patterns(field(reader, &at(path), section, "ignore").iter().map(String::as_str));
                }
                let of = |key: &str| field(reader, &at(path), "MESSAGES CONTROL", key);
                if of("disable").iter().any(|one| one == "all")
                    && of("enable").is_empty()
                    && value(words, &["--enable"]).is_none()
                {
                    out.nothing = Some(Hollow::CoversAll);
                }
            }
        }
        "semgrep" => {
            out.patterns(given(words, &["--exclude"]));
            lines(reader, &at(".semgrepignore"), &mut out);
        }
        "eslint" => {
            out.patterns(given(words, &["--ignore-pattern"]));
            lines(reader, &at(".eslintignore"), &mut out);
        }
        "trivy" => out.patterns(given(words, &["--skip-dirs", "--skip-files"])),
        "gosec" => out.patterns(given(words, &["-exclude-dir", "--exclude-dir"])),
        "safety"
            if is_true(
                reader,
                &at(".safety-policy.yml"),
                &["security", "continue-on-vulnerability-error"],
            ) =>
        {
            out.nothing = Some(Hollow::ExitZeroFlag);
        }
        "checkov"
            if [".checkov.yaml", ".checkov.yml"]
                .iter()
                .any(|path| is_true(reader, &at(path), &["soft-fail"])) =>
        {
            out.nothing = Some(Hollow::ExitZeroFlag);
        }
        "gitleaks" | "betterleaks" => {
            let path = value(words, &["-c", "--config"]).unwrap_or(".gitleaks.toml");
            let all: Option<toml::Table> = reader.text(&at(path)).and_then(|text| text.parse().ok());
            for list in ["allowlist", "allowlists"]
                .iter()
                .filter_map(|key| all.as_ref()?.get(*key))
            {
                let tables = list.as_array().map_or_else(|| vec![list], |all| all.iter().collect());
                for table in tables {
                    texts(table.get("paths")).iter().for_each(|one| out.found(one));
                }
            }
        }
        _ => {}
    }
    out
}

/// The values of flags that may be given several times, each parted by commas.
fn given<'w>(words: &'w [&'w str], names: &'w [&'w str]) -> impl Iterator<Item = &'w str> {
    names
        .iter()
        .flat_map(|name| values(words, name))
        .flat_map(|list| list.split(','))
}

/// The lines of an ignore file. One that takes something back is not judged.
fn lines(reader: &Reader<'_>, path: &str, out: &mut Rules) {
    let lines = || {
        reader
            .text(path)
            .into_iter()
            .flat_map(str::lines)
            .map(str::trim)
            .take(5_000)
    };
    if !lines().any(|line| line.starts_with('!')) {
        out.patterns(lines().filter(|line| !line.starts_with(['#', ':'])));
    }
}

/// Whether a file of YAML says yes at `way`.
fn is_true(reader: &Reader<'_>, path: &str, way: &[&str]) -> bool {
    let yaml = reader.bytes(path).and_then(|bytes| Yaml::parse(bytes, YAML).ok());
    yaml.as_ref()
        .and_then(Yaml::root)
        .and_then(|root| root.at(way))
        .and_then(|node| node.boolean())
        == Some(true)
}

fn bandit(reader: &Reader<'_>, words: &[&str], folder: &str, targets: &[String], out: &mut Rules) {
    let (mut excluded, mut tests, mut skips): (Vec<String>, Vec<String>, Vec<String>) = Default::default();
    let split = |text: &str| text.split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>();
    let config = value(words, &["-c", "--configfile"]).map(|path| script::join(folder, path));
    if let Some(path) = config.filter(|path| path.ends_with(".toml")) {
        let table = table(reader, &path, &["tool", "bandit"]);
        let of = |key: &str| texts(table.as_ref().and_then(|table| table.get(key)));
        (excluded, tests, skips) = (of("exclude_dirs"), of("tests"), of("skips"));
    } else if let Some(bytes) =
        value(words, &["-c", "--configfile"]).and_then(|path| reader.bytes(&script::join(folder, path)))
        && let Ok(yaml) = Yaml::parse(bytes, YAML)
    {
        let of = |key: &str| -> Vec<String> {
            let list = yaml.root().and_then(|root| root.get(key));
            list.into_iter()
                .flat_map(|list| list.texts())
                .map(|(_, text)| text.to_owned())
                .collect()
        };
        (excluded, tests, skips) = (of("exclude_dirs"), of("tests"), of("skips"));
    }
    // The file that is named, or that lies in one of the targets.
    let named = value(words, &["--ini"]).map(|path| script::join(folder, path));
    let lying = || {
        targets
            .iter()
            .map(|target| script::join(target, ".bandit"))
            .find(|path| reader.exists(path))
    };
    if let Some(path) = named.or_else(lying) {
        excluded.extend(field(reader, &path, "bandit", "exclude"));
        tests.extend(field(reader, &path, "bandit", "tests"));
        skips.extend(field(reader, &path, "bandit", "skips"));
    }
    if let Some(given) = value(words, &["-x", "--exclude"]) {
        excluded = split(given);
    }
    tests.extend(value(words, &["-t", "--tests"]).map(split).unwrap_or_default());
    skips.extend(value(words, &["-s", "--skip"]).map(split).unwrap_or_default());
    if !tests.is_empty() && tests.iter().all(|test| skips.contains(test)) {
        out.nothing = Some(Hollow::CoversAll);
    }
    for one in excluded.iter().map(|one| one.trim()).filter(|one| !one.is_empty()) {
        if matches!(one, "." | "./" | "*") {
            out.patterns([one]);
        } else if one.contains(['*', '?']) {
            // Its `*` stands for anything, `/` too.
            let pattern = regex::escape(one).replace(r"\*", ".*").replace(r"\?", ".");
            let built = RegexBuilder::new(&format!("^(?s:{pattern})$"))
                .size_limit(1 << 20)
                .build();
            out.left.extend(built.ok().map(Left::Whole));
        } else {
            out.left.push(Left::Part(
                one.trim_start_matches("./").trim_end_matches('/').to_owned(),
            ));
        }
    }
}

fn ruff(reader: &Reader<'_>, words: &[&str], folder: &str, out: &mut Rules) {
    out.patterns(given(words, &["--exclude", "--extend-exclude"]));
    let mut off: Vec<String> = given(words, &["--ignore", "--extend-ignore"])
        .map(str::to_owned)
        .collect();
    let chosen = has(words, "--select") || has(words, "--extend-select");
    let named = value(words, &["--config"]).filter(|path| path.ends_with(".toml"));
    let files = [named.unwrap_or(".ruff.toml"), "ruff.toml", "pyproject.toml"];
    let found = files.iter().map(|path| script::join(folder, path)).find_map(|path| {
        if path.ends_with("pyproject.toml") {
            table(reader, &path, &["tool", "ruff"])
        } else {
            let all: toml::Table = reader.text(&path)?.parse().ok()?;
            Some(toml::Value::Table(all))
        }
    });
    if let Some(found) = found {
        let lint = found.get("lint");
        for table in [Some(&found), lint].into_iter().flatten() {
            for key in ["exclude", "extend-exclude"] {
                out.patterns(texts(table.get(key)).iter().map(String::as_str));
            }
            off.extend(texts(table.get("ignore")));
            let files = table.get("per-file-ignores").and_then(toml::Value::as_table);
            for (pattern, codes) in files.into_iter().flatten() {
                if texts(Some(codes)).iter().any(|one| one == "ALL") {
                    out.patterns([pattern.as_str()]);
                }
            }
            let empty = |key: &str| {
                table
                    .get(key)
                    .and_then(toml::Value::as_array)
                    .is_some_and(Vec::is_empty)
            };
            if empty("select") && table.get("extend-select").is_none() && !chosen {
                out.nothing = Some(Hollow::CoversAll);
            }
        }
    }
    if off.iter().any(|one| one == "ALL") && !chosen {
        out.nothing = Some(Hollow::CoversAll);
    }
}
