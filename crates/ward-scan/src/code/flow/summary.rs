//! What a file's functions do with what they get: all that other files need to know.

use ward_evidence::Location;

use super::{sinks::Sink, sources::Source, value::Origin};

/// What is known of the functions of one Python file.
#[derive(Debug, Default)]
pub struct Summary {
    /// The name under which it can be imported from the root, as `pkg.module`.
    pub module: String,
    /// Every name that it imports, qualified, sorted: what `import a.b` and `from a.b import c` name. What is imported from
    /// the project by a relative import begins with `~`.
    pub imports: Vec<String>,
    /// Its functions, methods and the module itself; only those that do something with what somebody else chose.
    pub(crate) functions: Vec<Function>,
    /// Places where such values come in.
    pub(crate) sources: Vec<SourceAt>,
    /// Names of the module for functions of others in which a value does harm, with their own names.
    pub(crate) aliases: Vec<(Box<str>, Box<str>)>,
    /// Names of fields and of variables of modules, `~pkg.module.Class.field`.
    pub(crate) fields: Vec<Box<str>>,
    /// Whether it is a test.
    pub(crate) test: bool,
}

/// A place where a value comes in.
#[derive(Debug, Clone)]
pub(crate) struct SourceAt {
    pub(crate) source: Source,
    pub(crate) at: Location,
}

/// A part of a value: where it comes from, and the uses for which it is still dangerous.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flow {
    pub(crate) origin: Origin,
    pub(crate) live: u32,
}

/// One function.
#[derive(Debug)]
pub(crate) struct Function {
    /// `~pkg.module.name`, or `~pkg.module` for the module itself.
    pub(crate) name: String,
    /// Names of its parameters, by position. A method's first one is left out.
    pub(crate) parameters: Vec<Box<str>>,
    /// Whether it does nothing with what it gets, whatever its name says.
    pub(crate) hollow: bool,
    /// What it gives back.
    pub(crate) returns: Vec<Flow>,
    /// Where it does harm with what does not come from a source in it.
    pub(crate) sinks: Vec<SinkAt>,
    /// Calls of functions that may be the project's.
    pub(crate) calls: Vec<CallAt>,
    /// What it writes into fields.
    pub(crate) writes: Vec<(u32, Flow)>,
}

/// A place where a value does harm.
#[derive(Debug, Clone)]
pub(crate) struct SinkAt {
    pub(crate) sink: Sink,
    pub(crate) flow: Flow,
    pub(crate) at: Location,
    /// What is called there.
    pub(crate) name: Box<str>,
    /// The line, for people.
    pub(crate) excerpt: Box<str>,
    /// What tells it from others, for the fingerprint.
    pub(crate) value: Box<str>,
}

/// Which argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Argument {
    Position(u32),
    Name(Box<str>),
    /// Every one of them: what a framework calls.
    All,
}

/// A call of a function that may be the project's.
#[derive(Debug)]
pub(crate) struct CallAt {
    /// Its qualified name.
    pub(crate) callee: Box<str>,
    pub(crate) at: Location,
    pub(crate) arguments: Vec<(Argument, Flow)>,
}
