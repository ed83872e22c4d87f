//! Live ranges: which registers stay within a block, and where the others are live in the order of blocks.

use crate::ir::{Function, VReg};

/// Where a register is live: positions from `start` to `end`, both included; `start > end` for one that never occurs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Range {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Range {
    const NONE: Range = Range { start: u32::MAX, end: 0 };

    fn include(&mut self, position: u32) {
        self.start = self.start.min(position);
        self.end = self.end.max(position);
    }
}

/// Which block a register stays within.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Home {
    /// It never occurs.
    None,
    /// It is written in this block first, and occurs nowhere else.
    Block(u32),
    /// It is live across blocks.
    Global,
}

/// What is known of a function's registers.
pub(super) struct Ranges {
    /// Where each register lives.
    pub(super) homes: Vec<Home>,
    /// How often each one is written.
    pub(super) defs: Vec<u32>,
    /// How often each one is read.
    pub(super) uses: Vec<u32>,
    /// Live ranges of the global ones.
    pub(super) ranges: Vec<Range>,
    /// The position before the first instruction of each block, and of the end of the last one.
    starts: Vec<u32>,
}

impl Ranges {
    /// The position at which an instruction of a block reads; it writes at the one after. The end of a block counts
    /// as the instruction after the last.
    pub(super) fn reads_at(&self, block: usize, index: usize) -> u32 {
        self.starts[block] + 2 * (index as u32 + 1)
    }

    fn block_end(&self, block: usize) -> u32 {
        self.starts[block + 1] - 1
    }
}

/// Finds them.
pub(super) fn find(function: &Function) -> Ranges {
    let count = function.regs.len();
    let mut ranges = Ranges {
        homes: vec![Home::None; count],
        defs: vec![0; count],
        uses: vec![0; count],
        ranges: vec![Range::NONE; count],
        starts: Vec::with_capacity(function.blocks.len() + 1),
    };
    for param in 0..function.params as usize {
        ranges.homes[param] = Home::Global;
        ranges.defs[param] = 1;
        ranges.ranges[param].include(0);
    }
    let mut position = 0;
    for block in &function.blocks {
        ranges.starts.push(position);
        position += 2 * (block.insts.len() as u32 + 2);
    }
    ranges.starts.push(position);
    classify(function, &mut ranges);
    // Variables are no temporaries, even those of one block.
    for (home, defs) in ranges.homes.iter_mut().zip(&ranges.defs) {
        if *defs > 1 {
            *home = Home::Global;
        }
    }
    let occurrences = Occurrences::find(function, &mut ranges);
    extend(&mut ranges, &predecessors(function), &occurrences);
    ranges
}

fn classify(function: &Function, ranges: &mut Ranges) {
    let Ranges { homes, defs, uses, .. } = ranges;
    let read = |homes: &mut [Home], uses: &mut [u32], reg: VReg, here: Home| {
        uses[reg.0 as usize] += 1;
        let home = &mut homes[reg.0 as usize];
        if *home != here {
            *home = Home::Global;
        }
    };
    let written = |homes: &mut [Home], defs: &mut [u32], reg: VReg, here: Home| {
        defs[reg.0 as usize] += 1;
        let home = &mut homes[reg.0 as usize];
        match *home {
            Home::None => *home = here,
            _ if *home == here => {}
            _ => *home = Home::Global,
        }
    };
    for (number, block) in function.blocks.iter().enumerate() {
        let here = Home::Block(number as u32);
        for inst in &block.insts {
            function.uses(&inst.op, |reg| read(homes, uses, reg, here));
            function.defs(&inst.op, |reg| written(homes, defs, reg, here));
        }
        function.end_uses(&block.end, |reg| read(homes, uses, reg, here));
        // What the end of a block writes is read in another one.
        if let Some(reg) = block.end.dst() {
            defs[reg.0 as usize] += 1;
            homes[reg.0 as usize] = Home::Global;
        }
    }
}

/// Lists of numbers, one list a key.
struct Lists {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    fn new(count: usize, pairs: &[(u32, u32)]) -> Lists {
        let mut starts = vec![0u32; count + 1];
        for (key, _) in pairs {
            starts[*key as usize + 1] += 1;
        }
        for key in 0..count {
            starts[key + 1] += starts[key];
        }
        let mut next = starts.clone();
        let mut items = vec![0; pairs.len()];
        for (key, item) in pairs {
            let at = &mut next[*key as usize];
            items[*at as usize] = *item;
            *at += 1;
        }
        Lists { starts, items }
    }

    fn of(&self, key: usize) -> &[u32] {
        &self.items[self.starts[key] as usize..self.starts[key + 1] as usize]
    }
}

fn predecessors(function: &Function) -> Lists {
    let mut pairs = Vec::with_capacity(function.blocks.len() * 2);
    for (number, block) in function.blocks.iter().enumerate() {
        function.successors(&block.end, |to| pairs.push((to.0, number as u32)));
    }
    Lists::new(function.blocks.len(), &pairs)
}

/// In which blocks the global registers are written, and in which they are read before they are written.
struct Occurrences {
    written: Lists,
    exposed: Lists,
}

impl Occurrences {
    /// Finds them, and widens the ranges to every place where a register occurs.
    fn find(function: &Function, ranges: &mut Ranges) -> Occurrences {
        let (mut written, mut exposed) = (Vec::new(), Vec::new());
        // The last block in which a register was written, or read before that, counted from 1.
        let mut last_written = vec![0u32; function.regs.len()];
        let mut last_exposed = vec![0u32; function.regs.len()];
        for (number, block) in function.blocks.iter().enumerate() {
            let stamp = number as u32 + 1;
            for index in 0..=block.insts.len() {
                let position = ranges.reads_at(number, index);
                let Ranges { homes, ranges, .. } = &mut *ranges;
                let mut read = |reg: VReg| {
                    let at = reg.0 as usize;
                    if homes[at] != Home::Global {
                        return;
                    }
                    ranges[at].include(position);
                    if last_written[at] != stamp && last_exposed[at] != stamp {
                        last_exposed[at] = stamp;
                        exposed.push((reg.0, number as u32));
                    }
                };
                match block.insts.get(index) {
                    Some(inst) => function.uses(&inst.op, &mut read),
                    None => function.end_uses(&block.end, &mut read),
                }
                let mut write = |reg: VReg| {
                    let at = reg.0 as usize;
                    if homes[at] != Home::Global {
                        return;
                    }
                    ranges[at].include(position + 1);
                    if last_written[at] != stamp {
                        last_written[at] = stamp;
                        written.push((reg.0, number as u32));
                    }
                };
                match block.insts.get(index) {
                    Some(inst) => function.defs(&inst.op, &mut write),
                    None => block.end.dst().into_iter().for_each(&mut write),
                }
            }
        }
        let count = function.regs.len();
        Occurrences { written: Lists::new(count, &written), exposed: Lists::new(count, &exposed) }
    }
}

/// Widens the ranges over the blocks through which a register is live: from each read backwards to the writes.
fn extend(ranges: &mut Ranges, predecessors: &Lists, occurrences: &Occurrences) {
    let blocks = ranges.starts.len() - 1;
    let mut written = vec![u32::MAX; blocks];
    let mut live = vec![u32::MAX; blocks];
    let mut work: Vec<u32> = Vec::new();
    for reg in 0..ranges.homes.len() {
        let exposed = occurrences.exposed.of(reg);
        if exposed.is_empty() {
            continue;
        }
        for block in occurrences.written.of(reg) {
            written[*block as usize] = reg as u32;
        }
        for block in exposed {
            live[*block as usize] = reg as u32;
            work.push(*block);
        }
        while let Some(block) = work.pop() {
            ranges.ranges[reg].include(ranges.starts[block as usize]);
            for &before in predecessors.of(block as usize) {
                let end = ranges.block_end(before as usize);
                ranges.ranges[reg].include(end);
                let seen = live[before as usize] == reg as u32 || written[before as usize] == reg as u32;
                if !seen {
                    live[before as usize] = reg as u32;
                    work.push(before);
                }
            }
        }
    }
}
