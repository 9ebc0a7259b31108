//! Where a command stands: what is known from outside of it.

mod reader;

use std::{collections::BTreeMap, rc::Rc};

use super::{Hollow, Job, Occasion, Period, Service, world::World};
use crate::promise::Place;

pub(super) use reader::Reader;

/// Tasks that call tasks that are followed.
pub(super) const FOLLOWED: usize = 6;

/// Which version of the repository is checked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checkout {
    /// What the event is about; of `pull_request_target` the branch that is to be changed.
    Usual,
    /// One that only the run knows: the head of a pull request, an input.
    Named,
    /// The default branch.
    Base,
    /// A tag, a commit or another branch, always the same.
    Fixed,
}

/// Where a command stands: what is known from outside of it.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub(super) service: Service,
    /// The file that an event starts: a workflow that calls others stands for them.
    pub(super) entry: Rc<str>,
    /// The job of a workflow.
    pub(super) job: Option<Rc<Job>>,
    pub(super) occasions: Vec<Occasion>,
    /// Those of which only a run knows whether they reach it.
    pub(super) perhaps: Vec<Occasion>,
    pub(super) period: Option<Period>,
    pub(super) hollow: Vec<Hollow>,
    pub(super) unknown: Option<&'static str>,
    /// The folder it runs in, from the root; none when that is not known.
    pub(super) directory: Option<String>,
    pub(super) env: Rc<BTreeMap<String, String>>,
    /// How many commits are checked out, 0 for all; none when nothing says so.
    pub(super) commits: Option<u64>,
    /// Requirements of the project are installed.
    pub(super) installed: bool,
    /// Something was fetched or made: files that git does not track may be there.
    pub(super) fetched: bool,
    /// What the commands before it did to what it works with.
    pub(super) world: World,
    /// What CodeQL was told to look at, in lower case; none where nothing was said.
    pub(super) languages: Rc<[String]>,
    /// Other files may call the functions of the script it stands in.
    pub(super) sourced: bool,
    /// Nothing of this repository is checked out.
    pub(super) nothing_there: bool,
    /// Which version is checked out.
    pub(super) checkout: Checkout,
    /// Scripts of the steps after this one.
    pub(super) later: Rc<Vec<String>>,
    /// The script it stands in, and its line there.
    pub(super) within: (Rc<str>, u32),
    /// How many tasks called one another to get here.
    pub(super) followed: usize,
    /// The line of the step in the file that an event starts, or of the job there that calls what it stands in.
    pub(super) step: Option<u32>,
    /// Whether what starts it may come with a release, and whether it is there for tags or releases; none where neither may be.
    pub(super) may_release: Option<bool>,
    /// Every pull request runs it too, or its job has no right to hand anything out: only what is called a release may be one.
    pub(super) is_held: bool,
    /// Nothing shows that its job has no right to hand anything out.
    pub(super) has_rights: bool,
    /// A test in a script lets some runs that end well pass it over.
    pub(super) doubtful: bool,
    /// Its failure ends its script only after the commands that follow it.
    pub(super) aside: bool,
}

impl Setting {
    pub(super) fn new(service: Service) -> Self {
        Self {
            service,
            entry: Rc::from(""),
            job: None,
            occasions: Vec::new(),
            perhaps: Vec::new(),
            period: None,
            hollow: Vec::new(),
            unknown: None,
            directory: Some(String::new()),
            env: Rc::default(),
            commits: None,
            installed: false,
            fetched: false,
            world: World::default(),
            languages: Rc::from([]),
            sourced: false,
            nothing_there: false,
            checkout: Checkout::Usual,
            later: Rc::default(),
            within: (Rc::from(""), 0),
            followed: 0,
            step: None,
            may_release: None,
            is_held: false,
            has_rights: true,
            doubtful: false,
            aside: false,
        }
    }

    /// The same with one more reason.
    pub(super) fn with(&self, hollow: Option<Hollow>) -> Self {
        let mut out = self.clone();
        out.hollow.extend(hollow);
        out
    }
}

/// Where lines are: a file, and the line of the first line of a text in it; where all of the text stands on one line of the
/// file, or its lines are not those of the file, `whole` is set. A text that was joined from several places has `lines`.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) whole: bool,
    /// The line of the file for each line of the text.
    pub(super) lines: Vec<u32>,
}

impl Origin {
    /// A text whose lines are those of the file from `line` on.
    pub(super) fn of(path: String, line: u32) -> Self {
        Self {
            path,
            line,
            ..Self::default()
        }
    }

    /// A text that stands on one line of the file.
    pub(super) fn on(path: &str, line: u32) -> Self {
        Self {
            path: path.to_owned(),
            line,
            whole: true,
            ..Self::default()
        }
    }

    pub(super) fn place(&self, breaks: u32) -> Place {
        let line = if let Some(line) = self.lines.get(breaks as usize) {
            *line
        } else if self.whole {
            self.line
        } else {
            self.line.saturating_add(breaks)
        };
        Place {
            path: self.path.clone(),
            line,
            last_line: line,
        }
    }
}
