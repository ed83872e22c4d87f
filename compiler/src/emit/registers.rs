//! Register allocation: a linear scan over live ranges, one set of registers a type.
//!
//! Registers that live across blocks and temporaries of a block get registers of their own: the engine keeps a block's
//! temporaries in the machine's registers where it can, and a temporary that shares a register with a variable would spoil that.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use lang_bytecode::RegType;
use rustc_hash::FxHashMap;

use super::ranges::{Home, Ranges};
use crate::ir::{Function, Op, Operand, VReg};

/// More registers than this do not fit beside the out slots.
pub(super) const MAX_REGISTERS: usize = 60_000;

/// Where a register of the function lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// Nowhere: it never occurs.
    None,
    /// In a register.
    Reg(u16),
    /// In an out slot.
    Slot(u16),
}

/// The outcome.
pub(super) struct Allocation {
    /// Where each virtual register lives.
    pub(super) places: Vec<Place>,
    /// The types of the registers.
    pub(super) registers: Vec<RegType>,
}

/// The function needs more registers than there are.
pub(super) struct TooMany;

/// Allocates.
pub(super) fn allocate(
    function: &Function,
    ranges: &Ranges,
    slots: Vec<Option<u16>>,
) -> Result<Allocation, TooMany> {
    let places = slots.into_iter().map(|slot| slot.map_or(Place::None, Place::Slot)).collect();
    let registers = function.regs[..function.params as usize].to_vec();
    let mut out = Allocation { places, registers };
    globals(function, ranges, &mut out);
    locals(function, ranges, &mut out);
    if out.registers.len() > MAX_REGISTERS { Err(TooMany) } else { Ok(out) }
}

impl Allocation {
    fn set(&mut self, reg: usize, number: usize) {
        self.places[reg] = Place::Reg(number.min(usize::from(u16::MAX)) as u16);
    }

    fn add(&mut self, ty: RegType) -> usize {
        self.registers.push(ty);
        self.registers.len() - 1
    }
}

/// The registers of one type that global ranges use.
#[derive(Default)]
struct Pool {
    free: Vec<u32>,
    /// Ranges under way, by their ends.
    active: BinaryHeap<Reverse<(u32, u32)>>,
}

impl Pool {
    /// Frees registers whose ranges end before `start`.
    fn expire(&mut self, start: u32) {
        while let Some(&Reverse((end, number))) = self.active.peek() {
            if end >= start {
                break;
            }
            self.active.pop();
            self.free.push(number);
        }
    }

    /// Takes a free register, the wanted one if it is free.
    fn take(&mut self, wanted: Option<u32>) -> Option<u32> {
        let near = self.free.len().saturating_sub(16);
        let found = wanted.and_then(|wanted| self.free[near..].iter().rposition(|&number| number == wanted));
        match found {
            Some(index) => Some(self.free.swap_remove(near + index)),
            None => self.free.pop(),
        }
    }
}

fn globals(function: &Function, ranges: &Ranges, out: &mut Allocation) {
    let mut pools: FxHashMap<RegType, Pool> = FxHashMap::default();
    for param in 0..function.params as usize {
        out.set(param, param);
        let pool = pools.entry(function.regs[param]).or_default();
        pool.active.push(Reverse((ranges.ranges[param].end, param as u32)));
    }
    let mut order: Vec<u32> = (function.params..function.regs.len() as u32)
        .filter(|&reg| ranges.homes[reg as usize] == Home::Global)
        .collect();
    order.sort_unstable_by_key(|&reg| ranges.ranges[reg as usize].start);
    let hints = hints(function, ranges);
    for reg in order {
        let index = reg as usize;
        let (range, ty) = (ranges.ranges[index], function.regs[index]);
        let pool = pools.entry(ty).or_default();
        pool.expire(range.start);
        let wanted = hints.get(&reg).and_then(|hint| match out.places[*hint as usize] {
            Place::Reg(number) if function.regs[*hint as usize] == ty => Some(u32::from(number)),
            _ => None,
        });
        let number = match pool.take(wanted) {
            Some(number) => number,
            None => out.add(ty) as u32,
        };
        pools.entry(ty).or_default().active.push(Reverse((range.end, number)));
        out.set(index, number as usize);
    }
}

/// For each register, one that it is a copy of.
fn hints(function: &Function, ranges: &Ranges) -> FxHashMap<u32, u32> {
    let global = |reg: VReg| ranges.homes[reg.0 as usize] == Home::Global;
    let insts = function.blocks.iter().flat_map(|block| &block.insts);
    insts
        .filter_map(|inst| match inst.op {
            Op::Move { dst, src: Operand::Reg(src) } if global(dst) && global(src) => Some((dst.0, src.0)),
            _ => None,
        })
        .collect()
}

/// Gives the temporaries of each block registers, from the same set in every block.
fn locals(function: &Function, ranges: &Ranges, out: &mut Allocation) {
    let mut all: FxHashMap<RegType, Vec<u32>> = FxHashMap::default();
    let mut free: FxHashMap<RegType, Vec<u32>> = FxHashMap::default();
    let mut left = ranges.uses.clone();
    let mut ended: Vec<VReg> = Vec::new();
    for (number, block) in function.blocks.iter().enumerate() {
        let here = Home::Block(number as u32);
        for (ty, numbers) in &all {
            let free = free.entry(*ty).or_default();
            free.clear();
            free.extend(numbers.iter().rev());
        }
        for inst in &block.insts {
            ended.clear();
            function.uses(&inst.op, |reg| {
                let uses = &mut left[reg.0 as usize];
                *uses -= 1;
                if *uses == 0 && ranges.homes[reg.0 as usize] == here {
                    ended.push(reg);
                }
            });
            for reg in ended.drain(..) {
                release(function, out, &mut free, reg);
            }
            function.defs(&inst.op, |reg| {
                let index = reg.0 as usize;
                if ranges.homes[index] != here || out.places[index] != Place::None {
                    return;
                }
                let ty = function.regs[index];
                let number = free.entry(ty).or_default().pop().unwrap_or_else(|| {
                    let number = out.add(ty) as u32;
                    all.entry(ty).or_default().push(number);
                    number
                });
                out.set(index, number as usize);
                if left[index] == 0 {
                    ended.push(reg);
                }
            });
            for reg in ended.drain(..) {
                release(function, out, &mut free, reg);
            }
        }
    }
}

fn release(function: &Function, out: &Allocation, free: &mut FxHashMap<RegType, Vec<u32>>, reg: VReg) {
    if let Place::Reg(number) = out.places[reg.0 as usize] {
        free.entry(function.regs[reg.0 as usize]).or_default().push(u32::from(number));
    }
}
