//! Private objects are not made: a value stands for each field (scalar replacement of aggregates).
//!
//! Every reference of a private group (`escape`) has a tuple: a value for each field of the group's objects, and, where they differ, for
//! the type, for what else the header says, and for whether there is an object at all. Where a reference is a parameter, so are these.
//! What is written to replaces a value of the tuple; of such groups one reference at most is alive at a time, so a block has one tuple of it.
//!
//! An allocation that goes is no safepoint any more. At other safepoints the references in the tuple are moved as the object's would be.

use std::collections::HashMap;

use lang_bytecode::Storage;

use super::escape::{Group, Groups};
use super::graph::Graph;
use super::params::Renames;
use crate::heap::Header;
use crate::jit::ir::{Block, Cond, Function, Init, Inst, Op, Term, Type, Unary, Value};

/// The values of one object.
type Tuple = Vec<Value>;

/// What of an object a value stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Slot {
    Field(u32, Storage),
    /// What [`Op::TypeOf`] gives.
    Type,
    /// What [`Op::Info`] gives.
    Info,
    /// 1 where there is an object, 0 for null.
    Exists,
}

impl Slot {
    fn ty(self) -> Type {
        match self {
            Slot::Field(_, storage) => Type::of(storage.register()),
            Slot::Type | Slot::Info | Slot::Exists => Type::Int,
        }
    }

    fn is_reference(self) -> bool {
        self.ty() == Type::Ref
    }
}

/// Replaces private objects; whether there were any.
pub(super) fn replace(func: &mut Function) -> bool {
    let graph = Graph::new(func);
    let groups = Groups::private(func, &graph);
    if groups.list.is_empty() {
        return false;
    }
    let mut scalars = Scalars::new(func, &graph, &groups);
    for block in &graph.order {
        scalars.block(*block);
    }
    for block in &graph.order {
        scalars.edges(*block);
    }
    scalars.exchange_params();
    let mut renames = scalars.renames;
    renames.apply(func);
    true
}

/// A tuple that a block takes as parameters.
struct Entry {
    group: usize,
    /// The place of the parameter that it stands for; none for a reference that is alive there.
    param: Option<usize>,
    tuple: Tuple,
}

struct Scalars<'f> {
    func: &'f mut Function,
    graph: &'f Graph,
    groups: &'f Groups,
    /// For each group what its tuples are made of.
    slots: Vec<Vec<Slot>>,
    renames: Renames,
    /// The tuples of references whose objects do not change.
    tuples: HashMap<Value, Tuple>,
    /// For the other groups, the tuple at the place at hand, and at the end of each block.
    current: Vec<Tuple>,
    ends: Vec<Vec<Tuple>>,
    entries: Vec<Vec<Entry>>,
    /// The operations of the block at hand.
    out: Vec<Inst>,
    site: u32,
}

impl<'f> Scalars<'f> {
    fn new(func: &'f mut Function, graph: &'f Graph, groups: &'f Groups) -> Scalars<'f> {
        let blocks = func.blocks.len();
        let mut scalars = Scalars {
            renames: Renames::new(func),
            func,
            graph,
            groups,
            slots: groups.list.iter().map(slots).collect(),
            tuples: HashMap::new(),
            current: vec![Tuple::new(); groups.list.len()],
            ends: vec![Vec::new(); blocks],
            entries: Vec::new(),
            out: Vec::new(),
            site: 0,
        };
        scalars.entries = (0..blocks as u32).map(|block| scalars.entries_of(Block(block))).collect();
        scalars
    }

    /// The tuples that a block takes.
    fn entries_of(&mut self, block: Block) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for (place, param) in self.func.data(block).params.clone().into_iter().enumerate() {
            if let Some(group) = self.groups.of(param) {
                let tuple = self.fresh(group);
                self.tuples.insert(param, tuple.clone());
                entries.push(Entry { group, param: Some(place), tuple });
            }
        }
        if self.graph.preds[block.0 as usize].len() > 1 {
            for (group, known) in self.groups.list.iter().enumerate() {
                let alive = known.alive.as_ref().and_then(|alive| alive[block.0 as usize]);
                if alive.is_some() {
                    let tuple = self.fresh(group);
                    entries.push(Entry { group, param: None, tuple });
                }
            }
        }
        entries
    }

    /// New values for a tuple.
    fn fresh(&mut self, group: usize) -> Tuple {
        let certain = !self.groups.list[group].nullable && self.groups.list[group].headers.len() == 1;
        let slots = self.slots[group].clone();
        slots.into_iter().map(|slot| self.fresh_slot(slot, certain)).collect()
    }

    /// A new value for a slot, which is filled where the object is `certain` to have it.
    fn fresh_slot(&mut self, slot: Slot, certain: bool) -> Value {
        let value = self.func.value(slot.ty());
        if certain && matches!(slot, Slot::Field(_, Storage::Ref(_))) {
            self.func.set_non_null(value);
        }
        value
    }

    /// The tuple of a reference, here.
    fn tuple(&self, value: Value) -> Tuple {
        match self.groups.of(value) {
            Some(group) if self.groups.list[group].alive.is_some() => self.current[group].clone(),
            _ => self.tuples.get(&self.groups.original(value)).cloned().unwrap_or_default(),
        }
    }

    /// From here on this is the tuple of a reference.
    fn set_tuple(&mut self, value: Value, tuple: Tuple) {
        match self.groups.of(value) {
            Some(group) if self.groups.list[group].alive.is_some() => self.current[group] = tuple,
            _ => {
                self.tuples.insert(value, tuple);
            }
        }
    }

    /// Replaces what is done in a block; its predecessors in the tree of dominators were before.
    fn block(&mut self, block: Block) {
        match self.graph.preds[block.0 as usize][..] {
            [only] => self.current.clone_from(&self.ends[only.0 as usize]),
            _ => self.current.iter_mut().for_each(Tuple::clear),
        }
        for entry in &self.entries[block.0 as usize] {
            self.current[entry.group].clone_from(&entry.tuple);
        }
        for inst in std::mem::take(&mut self.func.data_mut(block).insts) {
            self.site = inst.site;
            self.inst(inst);
        }
        self.func.data_mut(block).insts = std::mem::take(&mut self.out);
        self.ends[block.0 as usize].clone_from(&self.current);
    }

    fn inst(&mut self, mut inst: Inst) {
        self.move_tuples(&mut inst);
        let group = |value: &Value| self.groups.of(*value);
        match (&inst.op, inst.results.first().copied()) {
            (Op::New { header, fields, .. }, Some(object)) if group(&object).is_some() => {
                self.make(object, Header(*header), fields);
                inst.moved.iter().for_each(|(before, after)| self.renames.set(*after, *before));
            }
            (Op::Unary(Unary::Refine, value), Some(_)) if group(value).is_some() => {}
            (Op::Field { object, offset, storage }, Some(result)) if group(object).is_some() => {
                self.read(*object, Slot::Field(*offset, *storage), result);
            }
            (Op::TypeOf(object), Some(result)) if group(object).is_some() => {
                self.read(*object, Slot::Type, result);
            }
            (Op::Info(object), Some(result)) if group(object).is_some() => {
                self.read(*object, Slot::Info, result);
            }
            (Op::SetField { object, offset, storage, value }, _) if group(object).is_some() => {
                self.write(*object, Slot::Field(*offset, *storage), *value);
            }
            (Op::Compare(cond, lhs, rhs), Some(result)) if group(lhs).or(group(rhs)).is_some() => {
                let object = if group(lhs).is_some() { *lhs } else { *rhs };
                self.compare_with_null(*cond, object, result);
            }
            _ => self.out.push(inst),
        }
    }

    /// Moves the references of tuples where their objects would move.
    fn move_tuples(&mut self, inst: &mut Inst) {
        let objects: Vec<(Value, Value)> =
            inst.moved.iter().copied().filter(|(before, _)| self.groups.of(*before).is_some()).collect();
        if objects.is_empty() {
            return;
        }
        inst.moved.retain(|(before, _)| self.groups.of(*before).is_none());
        let goes = matches!((&inst.op, inst.results.first()), (Op::New { .. }, Some(object)) if self.groups.of(*object).is_some());
        for (before, after) in objects {
            let mut tuple = self.tuple(before);
            if let (Some(group), false) = (self.groups.of(before), goes) {
                for (place, slot) in self.slots[group].clone().into_iter().enumerate() {
                    if slot.is_reference() {
                        tuple[place] = self.moved(inst, tuple[place]);
                    }
                }
            }
            self.set_tuple(after, tuple);
        }
    }

    /// What a reference is after a safepoint.
    fn moved(&mut self, inst: &mut Inst, value: Value) -> Value {
        let value = self.renames.find(value);
        let known = inst.moved.iter().find(|(before, _)| self.renames.find(*before) == value);
        if let Some((_, after)) = known {
            return *after;
        }
        let after = self.func.value_like(value);
        inst.moved.push((value, after));
        after
    }

    /// An object begins.
    fn make(&mut self, object: Value, header: Header, fields: &[Init]) {
        let Some(group) = self.groups.of(object) else { return };
        let slots = self.slots[group].clone();
        let tuple = slots.into_iter().map(|slot| match slot {
            Slot::Field(offset, storage) => {
                let found = fields.iter().find(|field| (field.offset, field.storage) == (offset, storage));
                match found {
                    Some(field) => self.stored(storage, field.value),
                    None => self.nothing(slot),
                }
            }
            Slot::Type => self.emit(Op::Const(header.type_id().0.into()), Type::Int),
            Slot::Info => self.emit(Op::Const(header.info().into()), Type::Int),
            Slot::Exists => self.emit(Op::Const(1), Type::Int),
        });
        let tuple = tuple.collect();
        self.set_tuple(object, tuple);
    }

    /// What a field gives back of a value that was stored.
    fn stored(&mut self, storage: Storage, value: Value) -> Value {
        match storage {
            Storage::Narrow(width) => self.emit(Op::Unary(Unary::Wrap(width), value), Type::Int),
            Storage::F32 => self.emit(Op::Unary(Unary::ToF32, value), Type::Float),
            Storage::I64 | Storage::F64 | Storage::Ref(_) | Storage::RefNull(_) => value,
        }
    }

    /// What stands for a slot where there is no object, or one without this field.
    fn nothing(&mut self, slot: Slot) -> Value {
        let zero = match slot.ty() {
            Type::Int => Op::Const(0),
            Type::Float => Op::Float(0),
            Type::Ref => Op::Fixed(0),
        };
        self.emit(zero, slot.ty())
    }

    fn read(&mut self, object: Value, slot: Slot, result: Value) {
        let Some(group) = self.groups.of(object) else { return };
        if let Some(place) = self.slots[group].iter().position(|known| *known == slot) {
            let value = self.tuple(object)[place];
            return self.renames.set(result, value);
        }
        // All headers say the same.
        let number = self.groups.list[group].headers.first().map_or(0, |header| match slot {
            Slot::Type => header.type_id().0,
            _ => header.info(),
        });
        self.define(result, Op::Const(number.into()));
    }

    fn write(&mut self, object: Value, slot: Slot, value: Value) {
        let Some(group) = self.groups.of(object) else { return };
        if let (Some(place), Slot::Field(_, storage)) =
            (self.slots[group].iter().position(|known| *known == slot), slot)
        {
            self.current[group][place] = self.stored(storage, value);
        }
    }

    fn compare_with_null(&mut self, cond: Cond, object: Value, result: Value) {
        let Some(group) = self.groups.of(object) else { return };
        match self.slots[group].iter().position(|slot| *slot == Slot::Exists) {
            Some(place) => {
                let (exists, zero) = (self.tuple(object)[place], self.emit(Op::Const(0), Type::Int));
                self.define(result, Op::Compare(cond, exists, zero));
            }
            None => self.define(result, Op::Const(i64::from(cond == Cond::Ne))),
        }
    }

    fn emit(&mut self, op: Op, ty: Type) -> Value {
        let value = self.func.value(ty);
        self.define(value, op);
        value
    }

    fn define(&mut self, value: Value, op: Op) {
        self.out.push(Inst { op, results: vec![value], site: self.site, moved: Vec::new() });
    }

    /// Gives the edges of a block the tuples that go along.
    fn edges(&mut self, block: Block) {
        let mut term =
            std::mem::replace(&mut self.func.data_mut(block).term, Term::Trap { values: [None; 2] });
        self.site = self.func.data(block).site;
        for edge in term.edges_mut() {
            let to = edge.to.0 as usize;
            for entry in 0..self.entries[to].len() {
                let Entry { group, param, .. } = self.entries[to][entry];
                let arg = param.map(|place| edge.args[place]);
                let tuple = match arg {
                    Some(arg) if self.groups.is_null(arg) => {
                        let slots = self.slots[group].clone();
                        slots.into_iter().map(|slot| self.nothing(slot)).collect()
                    }
                    Some(arg) if self.groups.list[group].alive.is_none() => self.tuple(arg),
                    _ => self.ends[block.0 as usize][group].clone(),
                };
                edge.args.extend(tuple);
            }
        }
        let data = self.func.data_mut(block);
        data.insts.append(&mut self.out);
        data.term = term;
    }

    /// Puts tuples in the place of parameters that were references of a group.
    fn exchange_params(&mut self) {
        for block in &self.graph.order {
            let mut term =
                std::mem::replace(&mut self.func.data_mut(*block).term, Term::Trap { values: [None; 2] });
            for edge in term.edges_mut() {
                let params = &self.func.data(edge.to).params;
                let mut goes = params.iter().map(|param| self.groups.of(*param).is_some());
                edge.args.retain(|_| !goes.next().unwrap_or(false));
            }
            self.func.data_mut(*block).term = term;
        }
        for block in &self.graph.order {
            let params = &mut self.func.data_mut(*block).params;
            params.retain(|param| self.groups.of(*param).is_none());
            params.extend(self.entries[block.0 as usize].iter().flat_map(|entry| &entry.tuple));
        }
    }
}

/// What the tuples of a group are made of.
fn slots(group: &Group) -> Vec<Slot> {
    let fields = group.fields.iter().map(|(offset, storage)| Slot::Field(*offset, *storage));
    let differ =
        |what: fn(&Header) -> u32| group.headers.iter().any(|header| what(header) != what(&group.headers[0]));
    let mut slots: Vec<Slot> = fields.collect();
    slots.extend(differ(|header| header.type_id().0).then_some(Slot::Type));
    slots.extend(differ(|header| header.info()).then_some(Slot::Info));
    slots.extend(group.nullable.then_some(Slot::Exists));
    slots
}
