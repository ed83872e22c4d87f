//! Objects that only this function sees.
//!
//! References that meet in a parameter, or that follow one another over a safepoint or a check, may mean the same object: they are one
//! group. Where all of a group come from allocations in this function, the headers of its objects are known. Where they also only go where a
//! field is read or written, the group is private: nobody else can reach its objects, so values can stand for them (`scalars`).
//!
//! If private objects are written to, it must be clear at every place which of them a reference means. It is, if at most one
//! reference of the group is alive at a time: the question that leaving SSA form asks of values that are to share a register.

use lang_bytecode::Storage;

use super::graph::Graph;
use super::params::Renames;
use crate::heap::Header;
use crate::jit::ir::{Block, BlockData, Cond, Function, Inst, Op, Type, Unary, Value};

/// Fields that values stand for at most: more would not stay in registers, and each may be a parameter of each block.
const MOST_FIELDS: usize = 32;
/// No group.
const NONE: u32 = u32::MAX;

/// References that may mean the same objects, all made in this function.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// The headers that its objects can have.
    pub(super) headers: Vec<Header>,
    /// The fields of its objects, each once.
    pub(super) fields: Vec<(u32, Storage)>,
    /// Whether a reference may be null.
    pub(super) nullable: bool,
    /// Where fields are written: for each block the reference that is alive at its start, if it is not a parameter there.
    pub(super) alive: Option<Vec<Option<Value>>>,
}

/// The groups of a function.
#[derive(Debug)]
pub(super) struct Groups {
    /// For each value its group.
    of: Vec<u32>,
    /// For each value the one that it is a checked copy of, or itself.
    copies: Vec<Value>,
    nulls: Vec<bool>,
    pub(super) list: Vec<Group>,
}

/// Where a reference comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Elsewhere,
    Null,
    Allocation,
    /// Other references.
    Same,
}

impl Groups {
    /// The groups whose objects are made in this function.
    pub(super) fn made_here(func: &Function, graph: &Graph) -> Groups {
        let (origins, copies) = origins(func, graph);
        let (mut sets, nullable) = joined(func, graph, &origins);
        let mut groups = Groups {
            of: vec![NONE; func.types.len()],
            copies,
            nulls: origins.iter().map(|origin| *origin == Origin::Null).collect(),
            list: Vec::new(),
        };
        let mut elsewhere = vec![false; func.types.len()];
        for (value, origin) in origins.iter().enumerate() {
            if matches!(origin, Origin::Elsewhere | Origin::Null) {
                elsewhere[sets.find(Value(value as u32)).0 as usize] = true;
            }
        }
        for inst in graph.order.iter().flat_map(|block| &func.data(*block).insts) {
            if let (Op::New { header, fields, .. }, [object]) = (&inst.op, &inst.results[..]) {
                let root = sets.find(*object).0 as usize;
                if !elsewhere[root] {
                    let known = fields.iter().map(|field| (field.offset, field.storage));
                    groups.add(root, Header(*header), known);
                }
            }
        }
        for value in 0..func.types.len() {
            let root = sets.find(Value(value as u32)).0 as usize;
            groups.of[value] = groups.of[root];
        }
        for value in nullable {
            if let Some(group) = groups.of(value) {
                groups.list[group].nullable = true;
            }
        }
        groups
    }

    /// Only the groups that nobody else sees, and of whose references it is clear which object they mean.
    pub(super) fn private(func: &Function, graph: &Graph) -> Groups {
        let mut groups = Groups::made_here(func, graph);
        let mut keep: Vec<bool> = groups.list.iter().map(|group| group.fields.len() <= MOST_FIELDS).collect();
        let mut written = vec![false; groups.list.len()];
        for block in &graph.order {
            groups.each_leak(func.data(*block), |group| keep[group] = false);
            for inst in &func.data(*block).insts {
                if let Op::SetField { object, .. } = inst.op
                    && let Some(group) = groups.of(object)
                {
                    written[group] = true;
                }
            }
        }
        for group in (0..keep.len()).filter(|group| written[*group]) {
            let alive = if keep[group] { groups.lives(func, graph, group) } else { None };
            keep[group] = alive.is_some();
            groups.list[group].alive = alive;
        }
        groups.retain(&keep);
        groups
    }

    /// The group of a reference.
    pub(super) fn of(&self, value: Value) -> Option<usize> {
        let group = self.of.get(value.0 as usize).copied().unwrap_or(NONE);
        (group != NONE).then_some(group as usize)
    }

    /// The reference that this one is a checked copy of, or itself.
    pub(super) fn original(&self, value: Value) -> Value {
        self.copies.get(value.0 as usize).copied().unwrap_or(value)
    }

    /// Whether a value is null.
    pub(super) fn is_null(&self, value: Value) -> bool {
        self.nulls.get(value.0 as usize).copied().unwrap_or(false)
    }

    /// Adds the objects of an allocation to the group of a root.
    fn add(&mut self, root: usize, header: Header, fields: impl Iterator<Item = (u32, Storage)>) {
        if self.of[root] == NONE {
            self.of[root] = self.list.len() as u32;
            self.list.push(Group::default());
        }
        let group = &mut self.list[self.of[root] as usize];
        if !group.headers.contains(&header) {
            group.headers.push(header);
        }
        for field in fields {
            if !group.fields.contains(&field) {
                group.fields.push(field);
            }
        }
    }

    fn retain(&mut self, keep: &[bool]) {
        let mut kept = 0;
        let number = |keep: &bool| {
            kept += u32::from(*keep);
            if *keep { kept - 1 } else { NONE }
        };
        let numbers: Vec<u32> = keep.iter().map(number).collect();
        let mut keep = keep.iter();
        self.list.retain(|_| *keep.next().unwrap_or(&false));
        for group in self.of.iter_mut().filter(|group| **group != NONE) {
            *group = numbers[*group as usize];
        }
    }

    /// Calls `leak` with the group of each reference that goes where others see it.
    fn each_leak(&self, block: &BlockData, mut leak: impl FnMut(usize)) {
        let mut seen = |value: Value| {
            if let Some(group) = self.of(value) {
                leak(group);
            }
        };
        for inst in &block.insts {
            match &inst.op {
                Op::Unary(Unary::Refine, _) | Op::TypeOf(_) | Op::Info(_) => {}
                Op::Compare(Cond::Eq | Cond::Ne, lhs, rhs) if self.is_null(*lhs) || self.is_null(*rhs) => {}
                Op::Field { object, offset, storage } if self.has_field(*object, (*offset, *storage)) => {}
                Op::SetField { object, offset, storage, value }
                    if self.has_field(*object, (*offset, *storage)) =>
                {
                    seen(*value);
                }
                op => op.for_each_operand(&mut seen),
            }
        }
        let mut term = block.term.clone();
        term.map_operands(|value| {
            seen(value);
            value
        });
    }

    fn has_field(&self, object: Value, field: (u32, Storage)) -> bool {
        self.of(object).is_some_and(|group| self.list[group].fields.contains(&field))
    }

    /// Where references of a group are alive; none where two are at a time.
    fn lives(&self, func: &Function, graph: &Graph, group: usize) -> Option<Vec<Option<Value>>> {
        let mut lives = Lives { groups: self, group, func, alive: vec![None; func.blocks.len()] };
        let mut open: Vec<Block> = graph.order.clone();
        while let Some(block) = open.pop() {
            let alive = lives.at_start(block)?;
            if alive.is_some() && lives.alive[block.0 as usize].is_none() {
                lives.alive[block.0 as usize] = alive;
                open.extend(&graph.preds[block.0 as usize]);
            }
        }
        Some(lives.alive)
    }
}

/// Where the references of one group are alive.
struct Lives<'g> {
    groups: &'g Groups,
    group: usize,
    func: &'g Function,
    /// What is known to be alive at the start of each block.
    alive: Vec<Option<Value>>,
}

/// Two references of a group are alive at the same time.
struct Conflict;

impl Lives<'_> {
    fn is_member(&self, value: Value) -> bool {
        self.groups.of(value) == Some(self.group)
    }

    /// What is alive at the start of a block and not a parameter of it; none where there is a conflict.
    fn at_start(&self, block: Block) -> Option<Option<Value>> {
        self.walk(block).ok()
    }

    /// Walks a block from its end.
    fn walk(&self, block: Block) -> Result<Option<Value>, Conflict> {
        let data = self.func.data(block);
        let mut alive = None;
        for edge in data.term.edges() {
            if let Some(value) = self.alive[edge.to.0 as usize] {
                self.is_used(value, &mut alive)?;
            }
            edge.args.iter().try_for_each(|arg| self.is_used(*arg, &mut alive))?;
        }
        for inst in data.insts.iter().rev() {
            self.before(inst, &mut alive)?;
        }
        for param in data.params.iter().filter(|param| self.is_member(**param)) {
            self.is_made(*param, &mut alive)?;
        }
        Ok(alive)
    }

    /// From what is alive behind an operation to what is before it.
    fn before(&self, inst: &Inst, alive: &mut Option<Value>) -> Result<(), Conflict> {
        if matches!(inst.op, Op::Unary(Unary::Refine, _)) {
            return Ok(());
        }
        let made = inst.results.iter().chain(inst.moved.iter().map(|(_, after)| after));
        for value in made.filter(|value| self.is_member(**value)) {
            self.is_made(*value, alive)?;
        }
        let mut conflict = Ok(());
        inst.op.for_each_operand(|value| {
            if conflict.is_ok() {
                conflict = self.is_used(value, alive);
            }
        });
        conflict?;
        inst.moved.iter().try_for_each(|(before, _)| self.is_used(*before, alive))
    }

    fn is_used(&self, value: Value, alive: &mut Option<Value>) -> Result<(), Conflict> {
        if !self.is_member(value) {
            return Ok(());
        }
        let value = self.groups.original(value);
        match alive.replace(value) {
            Some(other) if other != value => Err(Conflict),
            _ => Ok(()),
        }
    }

    /// What is made here must be the one that is alive from here on.
    fn is_made(&self, value: Value, alive: &mut Option<Value>) -> Result<(), Conflict> {
        match alive.take() {
            Some(other) if other != value => Err(Conflict),
            _ => Ok(()),
        }
    }
}

/// Where each value comes from, and of which it is a checked copy.
fn origins(func: &Function, graph: &Graph) -> (Vec<Origin>, Vec<Value>) {
    let mut origins = vec![Origin::Elsewhere; func.types.len()];
    let mut copies: Vec<Value> = (0..func.types.len() as u32).map(Value).collect();
    for block in &graph.order {
        let data = func.data(*block);
        // The entry's parameters are the function's.
        if *block != Block(0) {
            data.params.iter().for_each(|param| origins[param.0 as usize] = Origin::Same);
        }
        for inst in &data.insts {
            inst.moved.iter().for_each(|(_, after)| origins[after.0 as usize] = Origin::Same);
            let [result] = inst.results[..] else { continue };
            origins[result.0 as usize] = match inst.op {
                Op::Fixed(0) => Origin::Null,
                Op::New { .. } => Origin::Allocation,
                Op::Unary(Unary::Refine, value) => {
                    copies[result.0 as usize] = copies[value.0 as usize];
                    Origin::Same
                }
                _ => Origin::Elsewhere,
            };
        }
    }
    (origins, copies)
}

/// Sets of references that may mean the same objects, and the parameters that may be null.
fn joined(func: &Function, graph: &Graph, origins: &[Origin]) -> (Renames, Vec<Value>) {
    let (mut sets, mut nullable) = (Renames::new(func), Vec::new());
    let mut join = |one: Value, other: Value| {
        let root = sets.find(one);
        sets.set(root, other);
    };
    for block in &graph.order {
        let data = func.data(*block);
        for inst in &data.insts {
            inst.moved.iter().for_each(|(before, after)| join(*after, *before));
            if let (Op::Unary(Unary::Refine, value), [result]) = (&inst.op, &inst.results[..]) {
                join(*result, *value);
            }
        }
        for edge in data.term.edges() {
            for (param, arg) in func.data(edge.to).params.iter().zip(&edge.args) {
                if origins[arg.0 as usize] == Origin::Null {
                    nullable.push(*param);
                } else if func.ty(*param) == Type::Ref {
                    join(*param, *arg);
                }
            }
        }
    }
    (sets, nullable)
}
