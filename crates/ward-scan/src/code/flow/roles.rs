//! What a function is to a flow: source, sink, cleaner, or something that hands on what it is given. Worked out once for
//! each name of a file.

use std::{collections::HashMap, rc::Rc};

use super::{
    cleaners,
    sinks::{self, Sink, Which},
    sources::{self, Source},
};

/// What is known of a function by its name.
#[derive(Debug, Default)]
pub(super) struct Role {
    pub(super) sinks: Vec<(Which, Sink)>,
    pub(super) source: Option<Source>,
    pub(super) asks_model: bool,
    /// It is a cleaner: the uses for which its result is still dangerous.
    pub(super) keeps: Option<u32>,
    /// The same by its name alone.
    pub(super) says: Option<u32>,
    /// Its result holds its arguments.
    pub(super) passes: bool,
    /// As a method, its result holds its arguments.
    pub(super) passes_arguments: bool,
    /// As a method, what it is called on holds its arguments afterwards.
    pub(super) fills: bool,
    /// As a method, its result holds nothing.
    pub(super) is_clean: bool,
}

impl Role {
    fn of(name: &str, end: &str, owned: bool) -> Self {
        Self {
            sinks: sinks::of_call(name, end, owned),
            source: sources::of_call(name),
            asks_model: sources::asks_model(name),
            keeps: cleaners::of_call(name),
            says: cleaners::by_word(name),
            passes: cleaners::passes(name),
            passes_arguments: cleaners::passes_arguments(end),
            fills: cleaners::fills(end),
            is_clean: cleaners::is_clean_method(end),
        }
    }
}

/// The roles of the names of one file.
#[derive(Default)]
pub(super) struct Roles {
    /// By the whole name.
    known: HashMap<String, Rc<Role>>,
    /// By the last part, where the whole name is not known.
    methods: HashMap<String, Rc<Role>>,
}

impl Roles {
    pub(super) fn of(&mut self, name: &str, end: &str, owned: bool) -> Rc<Role> {
        if !name.is_empty() {
            if let Some(role) = self.known.get(name) {
                return Rc::clone(role);
            }
            let role = Rc::new(Role::of(name, end, owned));
            self.known.insert(name.to_owned(), Rc::clone(&role));
            return role;
        }
        if let Some(role) = self.methods.get(end) {
            return Rc::clone(role);
        }
        let role = Rc::new(Role::of("", end, owned));
        self.methods.insert(end.to_owned(), Rc::clone(&role));
        role
    }
}
