//! Live ranges: which registers stay within a block, and where the others are live in the order of blocks.

use crate::ir::{BlockId, End, Function, Op, VReg};

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
    let edges = Edges::find(function);
    let occurrences = Occurrences::find(function, &mut ranges);
    extend(&mut ranges, &edges, &occurrences);
    ranges
}

fn classify(function: &Function, ranges: &mut Ranges) {
    let Ranges { homes, defs, uses, .. } = ranges;
    for (number, block) in function.blocks.iter().enumerate() {
        let here = Home::Block(number as u32);
        let mut read = |reg: VReg| {
            uses[reg.0 as usize] += 1;
            let home = &mut homes[reg.0 as usize];
            if *home != here {
                *home = Home::Global;
            }
        };
        for inst in &block.insts {
            function.uses(&inst.op, &mut read);
            function.defs(&inst.op, |reg| written(homes, defs, reg, here));
            read = rebind(uses, homes, here);
        }
        function.end_uses(&block.end, &mut read);
        if let Some(reg) = block.end.dst() {
            written(homes, defs, reg, here);
        }
    }
}
