//! Objects that are needed are made in place where the heap's cursor has room; elsewhere a helper makes room.
//!
//! Only the helper is a safepoint, so what it may move is a parameter of the block behind both ways.

use crate::heap::is_reference;
use crate::jit::helpers::Helper;
use crate::jit::ir::{Block, Edge, Function, Init, Inst, Op, Term, Type, Value};

/// References before a safepoint and after it.
type Moved = Vec<(Value, Value)>;

/// Puts the two ways in the place of every allocation.
pub(super) fn expand(func: &mut Function) {
    let fixed = never_moving(func);
    for index in 0..func.blocks.len() {
        let mut block = Block(index as u32);
        let is_new = |inst: &Inst| matches!(inst.op, Op::New { .. });
        // What is behind an allocation becomes a block of its own, and may hold the next one.
        while let Some(place) = func.data(block).insts.iter().position(is_new) {
            block = expand_one(func, block, place, &fixed);
        }
    }
}

/// Which values are references to what never moves.
fn never_moving(func: &Function) -> Vec<bool> {
    let mut fixed = vec![false; func.types.len()];
    for inst in func.blocks.iter().flat_map(|block| &block.insts) {
        if let (Op::Fixed(_), [result]) = (&inst.op, &inst.results[..]) {
            fixed[result.0 as usize] = true;
        }
    }
    fixed
}

/// Splits a block at an allocation; the block behind it.
fn expand_one(func: &mut Function, block: Block, place: usize, fixed: &[bool]) -> Block {
    let behind = func.data_mut(block).insts.split_off(place + 1);
    let Some(Inst { op: Op::New { of, size, header, fields }, results, site, moved }) =
        func.data_mut(block).insts.pop()
    else {
        return block;
    };
    let (near, far, join) = (func.block(), func.block(), func.block());
    let room = emit(func, block, site, Op::Room { size }, Type::Int);
    let here = emit(func, near, site, Op::Bump { size, header }, Type::Ref);
    func.set_non_null(here);
    init(func, near, site, here, &fields);
    let (there, away) = by_helper(func, far, site, (of, &fields), &moved, fixed);

    let edge = |to| Edge { to, args: Vec::new() };
    let stayed = [here].into_iter().chain(moved.iter().map(|(before, _)| *before)).collect();
    let went = [there].into_iter().chain(away).collect();
    let fork = Term::Branch { cond: room, then: edge(near), other: edge(far) };
    let end = (std::mem::replace(&mut func.data_mut(block).term, fork), func.data(block).site);
    func.data_mut(near).term = Term::Jump(Edge { to: join, args: stayed });
    func.data_mut(far).term = Term::Jump(Edge { to: join, args: went });
    for at in [block, near, far] {
        func.data_mut(at).site = site;
    }
    let data = func.data_mut(join);
    data.params = results.into_iter().chain(moved.into_iter().map(|(_, after)| after)).collect();
    data.insts = behind;
    (data.term, data.site) = end;
    join
}

/// Makes an object by the helper; the object, and what else moved in the order given.
fn by_helper(
    func: &mut Function,
    at: Block,
    site: u32,
    (of, fields): (u32, &[Init]),
    kept: &[(Value, Value)],
    fixed: &[bool],
) -> (Value, Vec<Value>) {
    let of = emit(func, at, site, Op::Const(of.into()), Type::Int);
    let mut moved: Moved = kept.iter().map(|(before, _)| (*before, func.value_like(*before))).collect();
    let away = moved.iter().map(|(_, after)| *after).collect();
    let mut fields = fields.to_vec();
    for field in fields.iter_mut().filter(|field| is_reference(field.storage)) {
        if fixed.get(field.value.0 as usize) == Some(&true) {
            continue;
        }
        let known = moved.iter().find(|(before, _)| *before == field.value).map(|(_, after)| *after);
        let after = known.unwrap_or_else(|| func.value_like(field.value));
        if known.is_none() {
            moved.push((field.value, after));
        }
        field.value = after;
    }
    let object = emit(func, at, site, Op::Helper { helper: Helper::NewObject, args: vec![of] }, Type::Ref);
    func.set_non_null(object);
    if let Some(made) = func.data_mut(at).insts.last_mut() {
        made.moved = moved;
    }
    init(func, at, site, object, &fields);
    (object, away)
}

/// Sets the fields of a new object.
fn init(func: &mut Function, at: Block, site: u32, object: Value, fields: &[Init]) {
    for Init { offset, storage, value } in fields.iter().copied() {
        let op = Op::InitField { object, offset, storage, value };
        func.data_mut(at).insts.push(Inst { op, results: Vec::new(), site, moved: Vec::new() });
    }
}

fn emit(func: &mut Function, at: Block, site: u32, op: Op, ty: Type) -> Value {
    let result = func.value(ty);
    func.data_mut(at).insts.push(Inst { op, results: vec![result], site, moved: Vec::new() });
    result
}
