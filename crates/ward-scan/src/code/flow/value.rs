//! What is known of where a value comes from.

use std::rc::Rc;

use ruff_text_size::TextRange;

use super::sinks::ALL;

/// A bit beside those of [`super::sinks::Sink`]: it was put together with words of the program.
pub(crate) const JOINED: u32 = 1 << 16;

/// Where a part of a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Origin {
    /// A source: its place in the list of the file's sources.
    Source(u32),
    /// A parameter of the function, by its position.
    Parameter(u32),
    /// A field of a class or a variable of a module, by its place in the list of the file's names.
    Field(u32),
    /// The result of a call of one of the project's functions, by its place in the list of the function's calls.
    Result(u32),
}

/// One origin, and the uses for which what comes from it is still dangerous.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) origin: Origin,
    pub(super) live: u32,
    /// The last step of its way so far, in the list of steps.
    pub(super) step: u32,
}

/// A step of a way: where, and the step before.
#[derive(Debug, Clone, Copy)]
pub(super) struct StepAt {
    pub(super) range: TextRange,
    pub(super) before: u32,
}

/// No step.
pub(super) const NO_STEP: u32 = u32::MAX;
/// Most origins of one value.
const MOST: usize = 8;

/// Where a value comes from; empty for what nobody else chose.
#[derive(Debug, Clone, Default)]
pub(super) struct Value(Option<Rc<[Part]>>);

impl Value {
    pub(super) fn of(origin: Origin, live: u32) -> Self {
        Self(Some(Rc::from([Part {
            origin,
            live,
            step: NO_STEP,
        }])))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn parts(&self) -> &[Part] {
        self.0.as_deref().unwrap_or_default()
    }

    fn is_same(&self, other: &Value) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }

    pub(super) fn join(&self, other: &Value) -> Value {
        if other.is_empty() || self.is_same(other) {
            return self.clone();
        }
        if self.is_empty() {
            return other.clone();
        }
        let mut parts = self.parts().to_vec();
        for part in other.parts() {
            let full = parts.len() >= MOST;
            match parts.iter_mut().find(|known| known.origin == part.origin) {
                Some(known) => known.live |= part.live,
                None if !full => parts.push(*part),
                None => {}
            }
        }
        Self(Some(parts.into()))
    }

    /// The same with what `change` makes of each part; parts without any use left are dropped.
    pub(super) fn map(&self, mut change: impl FnMut(&mut Part)) -> Value {
        if self.is_empty() {
            return self.clone();
        }
        let mut parts = self.parts().to_vec();
        parts.iter_mut().for_each(&mut change);
        parts.retain(|part| part.live & ALL != 0);
        Self((!parts.is_empty()).then(|| parts.into()))
    }

    pub(super) fn keep(&self, mask: u32) -> Value {
        if mask & ALL == ALL {
            return self.clone();
        }
        self.map(|part| part.live &= mask | JOINED)
    }

    pub(super) fn joined(&self) -> Value {
        if self.parts().iter().all(|part| part.live & JOINED != 0) {
            return self.clone();
        }
        self.map(|part| part.live |= JOINED)
    }
}

/// A variable, or a field of one.
pub(super) type Key<'a> = (&'a str, &'a str);

#[derive(Debug, Clone)]
struct Entry<'a> {
    /// Numbers made of the names, so that most comparisons are of numbers.
    mark: (u32, u32),
    key: Key<'a>,
    value: Value,
}

/// What the variables hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Env<'a> {
    entries: Vec<Entry<'a>>,
}

/// Most variables of one function that hold something.
const MOST_VARIABLES: usize = 300;

fn mark(text: &str) -> u32 {
    let fold = |mark: u32, byte: u8| (mark.rotate_left(5) ^ u32::from(byte)).wrapping_mul(0x9e37_79b9);
    text.bytes().fold(0, fold)
}

impl<'a> Env<'a> {
    fn position(&self, key: Key<'_>) -> Option<usize> {
        if self.entries.is_empty() {
            return None;
        }
        let mark = (mark(key.0), mark(key.1));
        self.entries
            .iter()
            .position(|entry| entry.mark == mark && entry.key == key)
    }

    pub(super) fn get(&self, key: Key<'_>) -> Option<&Value> {
        self.position(key)
            .and_then(|at| self.entries.get(at))
            .map(|entry| &entry.value)
    }

    /// A variable gets a value; its fields are forgotten.
    pub(super) fn set(&mut self, key: Key<'a>, value: Value) {
        if key.1.is_empty() {
            self.entries
                .retain(|entry| entry.key.1.is_empty() || entry.key.0 != key.0);
        }
        match self.position(key).and_then(|at| self.entries.get_mut(at)) {
            Some(entry) => entry.value = value,
            None if value.is_empty() && key.1.is_empty() => {}
            None => self.push(key, value),
        }
    }

    fn push(&mut self, key: Key<'a>, value: Value) {
        if self.entries.len() < MOST_VARIABLES {
            let mark = (mark(key.0), mark(key.1));
            self.entries.push(Entry { mark, key, value });
        }
    }

    /// A variable may have got a value.
    pub(super) fn add(&mut self, key: Key<'a>, value: &Value) {
        if !value.is_empty() {
            match self.position(key).and_then(|at| self.entries.get_mut(at)) {
                Some(entry) => entry.value = entry.value.join(value),
                None => self.push(key, value.clone()),
            }
        }
    }

    /// What holds on one of two ways.
    pub(super) fn join(&mut self, other: &Env<'a>) {
        for (at, entry) in other.entries.iter().enumerate() {
            // Both ways began with the same variables, most often in the same places.
            let same = self
                .entries
                .get(at)
                .is_some_and(|own| own.mark == entry.mark && own.key == entry.key);
            let place = if same { Some(at) } else { self.position(entry.key) };
            match place.and_then(|at| self.entries.get_mut(at)) {
                Some(own) => own.value = own.value.join(&entry.value),
                None => self.push(entry.key, entry.value.clone()),
            }
        }
    }

    /// Every field of `base` that holds something.
    pub(super) fn fields<'e>(&'e self, base: &'e str) -> impl Iterator<Item = (&'a str, &'e Value)> {
        self.entries
            .iter()
            .filter(move |entry| entry.key.0 == base && !entry.key.1.is_empty() && !entry.value.is_empty())
            .map(|entry| (entry.key.1, &entry.value))
    }

    /// Every variable that holds something.
    pub(super) fn variables(&self) -> impl Iterator<Item = (&'a str, &Value)> {
        self.entries
            .iter()
            .filter(|entry| entry.key.1.is_empty() && !entry.value.is_empty())
            .map(|entry| (entry.key.0, &entry.value))
    }
}
