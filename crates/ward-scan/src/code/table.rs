//! Which rules are asked where: one look-up for each place, whatever the number of rules.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::{
    rule::{On, Rule},
    rules,
};

type Rules = Vec<&'static Rule>;
type ByName = HashMap<&'static str, Rules>;

/// The rules by what they ask for.
#[derive(Default)]
pub(super) struct Table {
    /// By the whole name of what is called, and the last parts of those names.
    pub(super) calls: ByName,
    pub(super) call_ends: HashSet<&'static str>,
    /// By the beginning of the name, and the first parts of those beginnings.
    pub(super) prefixes: Vec<(&'static str, &'static Rule)>,
    pub(super) prefix_heads: HashSet<&'static str>,
    pub(super) methods: ByName,
    pub(super) keywords: ByName,
    pub(super) any_call: Rules,
    pub(super) imports: ByName,
    pub(super) names: ByName,
    pub(super) name_ends: HashSet<&'static str>,
    pub(super) str: Rules,
    pub(super) bytes: Rules,
    pub(super) f_string: Rules,
    pub(super) bin_op: Rules,
    pub(super) compare: Rules,
    pub(super) assign: Rules,
    pub(super) assert: Rules,
    pub(super) function: Rules,
    pub(super) class: Rules,
    pub(super) try_: Rules,
    pub(super) with: Rules,
    pub(super) raise: Rules,
    pub(super) expression: Rules,
    pub(super) dict: Rules,
    pub(super) if_: Rules,
    pub(super) module: Rules,
}

/// The table of [all rules](rules::all).
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    for rule in rules::all() {
        for on in rule.on {
            table.add(*on, rule);
        }
    }
    table
});

fn end(name: &'static str) -> &'static str {
    name.rsplit('.').next().unwrap_or(name)
}

impl Table {
    fn add(&mut self, on: On, rule: &'static Rule) {
        let list = match on {
            On::Call(name) => {
                self.call_ends.insert(end(name));
                self.calls.entry(name).or_default()
            }
            On::CallPrefix(name) => {
                self.prefix_heads.insert(name.split('.').next().unwrap_or(name));
                self.prefixes.push((name, rule));
                return;
            }
            On::Method(name) => self.methods.entry(name).or_default(),
            On::Keyword(name) => self.keywords.entry(name).or_default(),
            On::AnyCall => &mut self.any_call,
            On::Import(name) => self.imports.entry(name).or_default(),
            On::Name(name) => {
                self.name_ends.insert(end(name));
                self.names.entry(name).or_default()
            }
            On::Str => &mut self.str,
            On::Bytes => &mut self.bytes,
            On::FString => &mut self.f_string,
            On::BinOp => &mut self.bin_op,
            On::Compare => &mut self.compare,
            On::Assign => &mut self.assign,
            On::Assert => &mut self.assert,
            On::Function => &mut self.function,
            On::Class => &mut self.class,
            On::Try => &mut self.try_,
            On::With => &mut self.with,
            On::Raise => &mut self.raise,
            On::Expression => &mut self.expression,
            On::Dict => &mut self.dict,
            On::If => &mut self.if_,
            On::Module => &mut self.module,
        };
        list.push(rule);
    }
}
