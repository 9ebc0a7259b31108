//! Follows a pickle opcode by opcode without running any of it.
//!
//! Stack, marks and memo behave as in CPython's `Modules/_pickle.c`. Whatever would happen outside the machine is told
//! to the caller the moment it would happen, so that nothing that comes later (`POP`, an overwritten memo, an error)
//! can take it back.

use std::collections::HashMap;

use super::{
    joblib::{self, Payload},
    opcode::{self, Arg, Op, Style, Text},
    sniff::is_base64,
    stream::{Halt, Stream, Why},
    value::{Called, Global, How, Id, Node, Values},
};
use crate::input::Input;

/// What following a pickle may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Opcodes.
    pub opcodes: u64,
    /// Values that are held, and places of the memo. A value takes about 24 bytes, and what it contains.
    pub values: usize,
    /// Pickles inside pickles, as joblib has them for arrays of objects.
    pub depth: usize,
}

impl Limits {
    /// What a model file may cost.
    pub const MODEL: Limits = Limits {
        opcodes: 400_000_000,
        values: 16_000_000,
        depth: 16,
    };
}

/// How to read.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Limits.
    pub limits: Limits,
    /// Read as joblib does: the bytes of an array follow the object that describes it.
    pub joblib: bool,
    /// Keep every number. Without it, numbers are forgotten once there are very many.
    pub numbers: bool,
}

/// Something that would happen on load.
#[derive(Debug, Clone, Copy)]
pub struct Effect {
    /// Offset of the opcode.
    pub at: u64,
    /// The opcode.
    pub code: u8,
    /// Offsets of the opcodes before it, the nearest last; `u64::MAX` where there is none.
    pub before: [u64; 5],
    /// What.
    pub what: What,
}

/// What would happen on load.
#[derive(Debug, Clone, Copy)]
pub enum What {
    /// A module is imported and a name taken from it: a [`Node::Global`].
    Import(Id),
    /// Something is called: a [`Node::Called`].
    Call(Id),
    /// `target.__setstate__(state)`, or attributes of `target` are set.
    Build {
        /// Whose state.
        target: Id,
        /// The state.
        state: Id,
    },
    /// `append`, `extend`, `add` or `__setitem__` of something that is no list, set or dictionary is called.
    Mutate {
        /// Of what.
        target: Id,
    },
    /// The loader's `persistent_load` is called with this id: a [`Node::Persistent`].
    Persistent(Id),
    /// A code of `copyreg`'s extension registry is looked up: a [`Node::Extension`].
    Extension(Id),
}

/// What there is to say after a pickle.
pub struct Outcome<'a> {
    /// Every value.
    pub values: Values<'a>,
    /// What loading would give; `None` when the pickle could not be followed to its end.
    pub root: Option<Id>,
    /// One past the last byte that was read.
    pub end: u64,
    /// Why it could not be followed to its end.
    pub halt: Option<Halt>,
    /// Something that no writer of pickles does, and that readers take differently: where, and what.
    pub doubt: Option<(u64, &'static str)>,
    /// How many opcodes were followed.
    pub opcodes: u64,
    /// How many arrays joblib would have read from between the opcodes.
    pub arrays: u64,
    /// Texts and bytes inside it that begin as a pickle, an archive or something compressed does.
    pub nested: Vec<Text>,
}

/// After so many values, numbers are no longer kept one by one.
const MANY: usize = 200_000;
/// After so many items, a list of numbers no longer grows.
const LONG_LIST: usize = 100_000;

/// Shorter contents inside a pickle are not looked into: the shortest harmful pickle is longer.
const SHORTEST_NESTED: u32 = 12;
/// Contents inside a pickle that are looked into.
const MOST_NESTED: usize = 256;

struct Machine<'a, 'v> {
    stream: Stream<'a>,
    values: Values<'a>,
    stack: Vec<Id>,
    /// Heights of the stack at the marks.
    marks: Vec<usize>,
    memo: HashMap<u64, Id>,
    outer: Vec<Outer>,
    options: Options,
    before: [u64; 5],
    doubt: Option<(u64, &'static str)>,
    opcodes: u64,
    arrays: u64,
    number: Option<Id>,
    nested: Vec<Text>,
    visit: &'v mut dyn FnMut(&Values<'a>, &Effect),
}

/// A pickle that waits for one inside it to end.
struct Outer {
    stack: Vec<Id>,
    marks: Vec<usize>,
    memo: HashMap<u64, Id>,
}

/// Follows the pickle that begins at byte `at` of `input`, telling `visit` of every effect.
pub fn follow<'a>(
    input: Input<'a>,
    at: u64,
    options: Options,
    visit: &mut dyn FnMut(&Values<'a>, &Effect),
) -> Outcome<'a> {
    let mut machine = Machine {
        stream: Stream::new(input, at),
        values: Values::new(input),
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
        outer: Vec::new(),
        options,
        before: [u64::MAX; 5],
        doubt: None,
        opcodes: 0,
        arrays: 0,
        number: None,
        nested: Vec::new(),
        visit,
    };
    let ended = machine.run();
    Outcome {
        end: machine.stream.position().min(input.len()),
        root: ended.as_ref().ok().copied(),
        halt: ended.err(),
        doubt: machine.doubt,
        opcodes: machine.opcodes,
        arrays: machine.arrays,
        nested: machine.nested,
        values: machine.values,
    }
}

impl Machine<'_, '_> {
    fn run(&mut self) -> Result<Id, Halt> {
        loop {
            let op = opcode::next(&mut self.stream)?;
            self.opcodes += 1;
            let limits = self.options.limits;
            let held = self.values.count().max(self.memo.len());
            if self.opcodes > limits.opcodes || held > limits.values {
                return Err(Halt::new(op.at, Why::Budget));
            }
            if op.code == opcode::STOP {
                let root = self.pop(op.at)?;
                match self.outer.pop() {
                    None => return Ok(root),
                    Some(outer) => {
                        self.stack = outer.stack;
                        self.marks = outer.marks;
                        self.memo = outer.memo;
                        // joblib puts the array in the place of the object that described it.
                        self.pop(op.at)?;
                        self.stack.push(root);
                    }
                }
            } else {
                self.step(op)?;
            }
            self.before.rotate_left(1);
            if let Some(last) = self.before.last_mut() {
                *last = op.at;
            }
        }
    }

    fn step(&mut self, op: Op) -> Result<(), Halt> {
        let at = op.at;
        match op.code {
            opcode::PROTO => {
                if let Arg::Index(protocol) = op.arg
                    && protocol > 5
                {
                    self.doubt(at, "it claims a protocol that does not exist");
                }
            }
            opcode::FRAME => {
                if let Arg::Index(len) = op.arg
                    && len > self.stream.left()
                {
                    self.doubt(at, "a frame claims more bytes than there are");
                }
            }
            opcode::MARK => self.marks.push(self.stack.len()),
            opcode::POP => {
                if self.marks.last() == Some(&self.stack.len()) {
                    self.marks.pop();
                } else {
                    self.pop(at)?;
                }
            }
            opcode::POP_MARK => drop(self.pop_mark(at)?),
            opcode::DUP => {
                let top = self.top(at)?;
                self.stack.push(top);
            }
            opcode::NONE => self.push(Node::None),
            opcode::NEWTRUE => self.push(Node::Bool(true)),
            opcode::NEWFALSE => self.push(Node::Bool(false)),
            opcode::EMPTY_TUPLE => self.push(Node::Tuple(Vec::new())),
            opcode::EMPTY_LIST => self.push(Node::List(Vec::new())),
            opcode::EMPTY_DICT => self.push(Node::Dict(Vec::new())),
            opcode::EMPTY_SET => self.push(Node::Set(Vec::new())),
            opcode::NEXT_BUFFER => self.push(Node::Buffer),
            opcode::READONLY_BUFFER => drop(self.top(at)?),
            opcode::TUPLE1 => self.tuple(at, 1)?,
            opcode::TUPLE2 => self.tuple(at, 2)?,
            opcode::TUPLE3 => self.tuple(at, 3)?,
            opcode::TUPLE => self.since_mark(at, Node::Tuple)?,
            opcode::LIST => self.since_mark(at, Node::List)?,
            opcode::FROZENSET => self.since_mark(at, Node::FrozenSet)?,
            opcode::DICT => self.since_mark(at, Node::Dict)?,
            opcode::PUT | opcode::BINPUT | opcode::LONG_BINPUT => {
                let top = self.top(at)?;
                if let Arg::Index(index) = op.arg {
                    self.memo.insert(index, top);
                }
            }
            opcode::MEMOIZE => {
                let top = self.top(at)?;
                self.memo.insert(self.memo.len() as u64, top);
            }
            opcode::GET | opcode::BINGET | opcode::LONG_BINGET => {
                let found = match op.arg {
                    Arg::Index(index) => self.memo.get(&index).copied(),
                    _ => None,
                };
                self.stack.push(found.ok_or(Halt::new(at, Why::Memo))?);
            }
            opcode::APPEND => {
                let item = self.pop(at)?;
                self.extend(op, &[item])?;
            }
            opcode::APPENDS | opcode::ADDITEMS | opcode::SETITEMS => {
                let items = self.pop_mark(at)?;
                self.extend(op, &items)?;
            }
            opcode::SETITEM => {
                let value = self.pop(at)?;
                let key = self.pop(at)?;
                self.extend(op, &[key, value])?;
            }
            _ => return self.effect(op),
        }
        Ok(())
    }

    /// The opcodes that reach out, and those that push a constant.
    fn effect(&mut self, op: Op) -> Result<(), Halt> {
        let at = op.at;
        match op.code {
            opcode::GLOBAL => {
                let global = self.names(op);
                self.import(op, global);
            }
            opcode::STACK_GLOBAL => {
                let name = self.pop(at)?;
                let module = self.pop(at)?;
                let (module, name) = (self.values.text(module), self.values.text(name));
                let global = Global {
                    computed: module.is_none() || name.is_none(),
                    module: module.unwrap_or_default(),
                    name: name.unwrap_or_default(),
                };
                self.import(op, global);
            }
            opcode::REDUCE => {
                let args = self.pop(at)?;
                let callee = self.pop(at)?;
                self.call(op, How::Call, callee, args, None);
            }
            opcode::NEWOBJ => {
                let args = self.pop(at)?;
                let callee = self.pop(at)?;
                self.call(op, How::New, callee, args, None);
            }
            opcode::NEWOBJ_EX => {
                let kwargs = self.pop(at)?;
                let args = self.pop(at)?;
                let callee = self.pop(at)?;
                self.call(op, How::NewKeywords, callee, args, Some(kwargs));
            }
            opcode::INST => {
                let args = self.pop_mark(at)?;
                let args = self.values.push(Node::Tuple(args));
                let global = self.names(op);
                self.import(op, global);
                let callee = self.pop(at)?;
                self.call(op, How::Call, callee, args, None);
            }
            opcode::OBJ => {
                let mut items = self.pop_mark(at)?;
                if items.is_empty() {
                    return Err(Halt::new(at, Why::Underflow));
                }
                let callee = items.remove(0);
                let args = self.values.push(Node::Tuple(items));
                self.call(op, How::Call, callee, args, None);
            }
            opcode::BUILD => {
                let state = self.pop(at)?;
                let target = self.top(at)?;
                if let Some(Node::Called(called)) = self.values.get_mut(target) {
                    called.state = Some(state);
                }
                self.tell(op, What::Build { target, state });
                if self.options.joblib && joblib::describes_array(&self.values, target) {
                    self.array(op, state)?;
                }
            }
            opcode::PERSID | opcode::BINPERSID => {
                let pid = match op.arg {
                    Arg::Str(text) => self.values.push(Node::Str(text)),
                    _ => self.pop(at)?,
                };
                let id = self.values.push(Node::Persistent(pid));
                self.stack.push(id);
                self.tell(op, What::Persistent(id));
            }
            opcode::EXT1 | opcode::EXT2 | opcode::EXT4 => {
                let code = match op.arg {
                    Arg::Index(code) => u32::try_from(code).unwrap_or(u32::MAX),
                    _ => 0,
                };
                let id = self.values.push(Node::Extension(code));
                self.stack.push(id);
                self.tell(op, What::Extension(id));
            }
            _ => match op.arg {
                Arg::Str(text) | Arg::Bytes(text) | Arg::ByteArray(text) if self.begins_something(text) => {
                    if self.nested.len() < MOST_NESTED {
                        self.nested.push(text);
                    } else {
                        self.doubt(at, "it holds more contents inside it than are looked into");
                    }
                    self.push(match op.arg {
                        Arg::Bytes(text) => Node::Bytes(text),
                        Arg::ByteArray(text) => Node::ByteArray(text),
                        _ => Node::Str(text),
                    });
                }
                Arg::Bool(yes) => self.push(Node::Bool(yes)),
                Arg::Int(number) => self.number(Node::Int(number)),
                Arg::Long(text) => self.number(Node::Long(text)),
                Arg::Float(number) => self.number(Node::Float(number)),
                Arg::Str(text) => self.push(Node::Str(text)),
                Arg::Bytes(text) => self.push(Node::Bytes(text)),
                Arg::ByteArray(text) => self.push(Node::ByteArray(text)),
                // Every opcode without such an argument has a line above.
                Arg::None | Arg::Index(_) | Arg::Names(..) => return Err(Halt::new(at, Why::Opcode)),
            },
        }
        Ok(())
    }

    /// True when a text may be contents of their own: a pickle, an archive, something compressed, one of these in base64, or
    /// a pickle in hexadecimal.
    fn begins_something(&self, text: Text) -> bool {
        if text.len < SHORTEST_NESTED {
            return false;
        }
        let head = self.stream.bytes(text, 256);
        let head: &[u8] = match text.style {
            Style::Quoted => head.strip_prefix(b"'").or(head.strip_prefix(b"\"")).unwrap_or(&head),
            _ => &head,
        };
        match head.get(..4).unwrap_or_default() {
            [0x80, 1..=5, ..]
            | [b'P', b'K', 3 | 5, _]
            | [0x1f, 0x8b, 8, _]
            | [b'B', b'Z', b'h', b'1'..=b'9']
            | [0xfd, b'7', b'z', b'X']
            | [0x28, 0xb5, 0x2f, 0xfd]
            | [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..]
            | [b'8', b'0', b'0', b'1'..=b'5'] => true,
            // Protocol 0 shows itself by its lines.
            [b'c' | b'(', ..] => [&b"\n"[..], b"\\n", b"\\u000a"]
                .iter()
                .any(|line| memchr::memmem::find(head, line).is_some()),
            _ => is_base64(head),
        }
    }

    fn push(&mut self, node: Node) {
        let id = self.values.push(node);
        self.stack.push(id);
    }

    fn number(&mut self, node: Node) {
        if self.options.numbers || self.values.count() < MANY {
            return self.push(node);
        }
        let id = match self.number {
            Some(id) => id,
            None => self.values.push(Node::Number),
        };
        self.number = Some(id);
        self.stack.push(id);
    }

    /// The height below which the opcodes after the last mark may not reach.
    fn fence(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn pop(&mut self, at: u64) -> Result<Id, Halt> {
        let id = self.top(at)?;
        self.stack.pop();
        Ok(id)
    }

    fn top(&self, at: u64) -> Result<Id, Halt> {
        let free = self.stack.len() > self.fence();
        self.stack
            .last()
            .copied()
            .filter(|_| free)
            .ok_or(Halt::new(at, Why::Underflow))
    }

    fn pop_mark(&mut self, at: u64) -> Result<Vec<Id>, Halt> {
        let mark = self.marks.pop().ok_or(Halt::new(at, Why::Mark))?;
        Ok(self.stack.split_off(mark.min(self.stack.len())))
    }

    fn tuple(&mut self, at: u64, len: usize) -> Result<(), Halt> {
        if self.stack.len() < self.fence() + len {
            return Err(Halt::new(at, Why::Underflow));
        }
        let items = self.stack.split_off(self.stack.len() - len);
        self.push(Node::Tuple(items));
        Ok(())
    }

    fn since_mark(&mut self, at: u64, make: fn(Vec<Id>) -> Node) -> Result<(), Halt> {
        let items = self.pop_mark(at)?;
        let node = make(items);
        if let Node::Dict(items) = &node
            && items.len() % 2 != 0
        {
            self.doubt(at, "a dictionary has a key without a value");
        }
        self.push(node);
        Ok(())
    }

    /// `APPEND`, `APPENDS`, `ADDITEMS`, `SETITEM`, `SETITEMS`.
    fn extend(&mut self, op: Op, items: &[Id]) -> Result<(), Halt> {
        let target = self.top(op.at)?;
        let setting = matches!(op.code, opcode::SETITEM | opcode::SETITEMS);
        if setting && !items.len().is_multiple_of(2) {
            self.doubt(op.at, "a dictionary has a key without a value");
        }
        let number = if self.options.numbers { None } else { self.number };
        let fits = match self.values.get_mut(target) {
            Some(Node::List(list)) if matches!(op.code, opcode::APPEND | opcode::APPENDS) => {
                if list.len() < LONG_LIST || items.iter().any(|item| Some(*item) != number) {
                    list.extend_from_slice(items);
                }
                true
            }
            Some(Node::Dict(list)) if setting => {
                list.extend_from_slice(items);
                true
            }
            Some(Node::Set(list)) if op.code == opcode::ADDITEMS => {
                list.extend_from_slice(items);
                true
            }
            Some(Node::Called(called)) => {
                called.items.extend_from_slice(items);
                false
            }
            _ => false,
        };
        if !fits && !items.is_empty() {
            self.tell(op, What::Mutate { target });
        }
        Ok(())
    }

    fn names(&self, op: Op) -> Global {
        let read = |text: Text| {
            let bytes = self.stream.bytes(text, 4096);
            (text.len <= 4096)
                .then(|| String::from_utf8(bytes.into_owned()).ok())
                .flatten()
        };
        let (module, name) = match op.arg {
            Arg::Names(module, name) => (read(module), read(name)),
            _ => (None, None),
        };
        Global {
            computed: module.is_none() || name.is_none(),
            module: module.unwrap_or_default(),
            name: name.unwrap_or_default(),
        }
    }

    fn import(&mut self, op: Op, global: Global) {
        let id = self.values.push(Node::Global(Box::new(global)));
        self.stack.push(id);
        self.tell(op, What::Import(id));
    }

    fn call(&mut self, op: Op, how: How, callee: Id, args: Id, kwargs: Option<Id>) {
        let id = self.values.push(Node::Called(Box::new(Called {
            how,
            callee,
            args,
            kwargs,
            state: None,
            items: Vec::new(),
        })));
        self.stack.push(id);
        self.tell(op, What::Call(id));
    }

    fn tell(&mut self, op: Op, what: What) {
        let effect = Effect {
            at: op.at,
            code: op.code,
            before: self.before,
            what,
        };
        (self.visit)(&self.values, &effect);
    }

    fn doubt(&mut self, at: u64, what: &'static str) {
        self.doubt.get_or_insert((at, what));
    }

    /// Passes over the bytes of an array that stand between two opcodes, as joblib does.
    fn array(&mut self, op: Op, state: Id) -> Result<(), Halt> {
        self.arrays += 1;
        match joblib::payload(&self.values, state) {
            Some(Payload::Raw { len, aligned }) => {
                if aligned {
                    let padding = self.stream.byte()?;
                    self.stream.skip(u64::from(padding))?;
                }
                self.stream.skip(len)?;
            }
            Some(Payload::Pickle) => {
                if self.outer.len() >= self.options.limits.depth {
                    return Err(Halt::new(op.at, Why::Depth));
                }
                self.outer.push(Outer {
                    stack: std::mem::take(&mut self.stack),
                    marks: std::mem::take(&mut self.marks),
                    memo: std::mem::take(&mut self.memo),
                });
            }
            None => self.doubt(op.at, "an array is described in a way that joblib does not use"),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memo_costs_as_values_do() {
        let halts = |memoized: usize| {
            let bytes = [&b"\x80\x04]"[..], &vec![opcode::MEMOIZE; memoized], b"."].concat();
            let options = Options {
                limits: Limits {
                    opcodes: 10_000,
                    values: 100,
                    depth: 1,
                },
                joblib: false,
                numbers: false,
            };
            follow(Input::of_bytes(&bytes), 0, options, &mut |_, _| {})
                .halt
                .map(|halt| halt.why)
        };
        assert_eq!(halts(100), None);
        assert_eq!(halts(101), Some(Why::Budget));
        assert_eq!(halts(1), None);
    }
}
