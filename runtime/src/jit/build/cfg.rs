//! The blocks of stored code: where they begin, where they lead, in which order to translate them, and which registers are
//! alive where.

use std::ops::RangeInclusive;

use lang_bytecode::{Effects, Function, Instr, Reg, Role, instructions, switch_distances};

use crate::jit::translate::Region;

/// A block of stored code.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    /// Its instructions: from this one of the list …
    pub(super) first: usize,
    /// … up to this one.
    pub(super) end: usize,
    /// Where it leads: blocks, in the order of its last instruction's targets, what follows last.
    pub(super) next: Vec<u32>,
    /// How many edges lead here, the function's entry among them.
    pub(super) entries: u32,
}

/// The blocks of a function.
#[derive(Debug)]
pub(super) struct Graph {
    /// Instructions with their words.
    pub(super) instrs: Vec<(u32, Instr)>,
    pub(super) blocks: Vec<Stretch>,
    /// For each block those that lead to it.
    pub(super) preds: Vec<Vec<u32>>,
    /// For each block whether a jump back leads over it.
    pub(super) in_loop: Vec<bool>,
    /// The blocks that are reached, each after one that leads to it.
    pub(super) order: Vec<u32>,
    /// The registers alive at the start of each block.
    pub(super) live: Vec<Registers>,
    registers: usize,
    /// The words that are translated.
    region: RangeInclusive<u32>,
}

/// A set of registers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Registers(Vec<u64>);

impl Registers {
    fn new(count: usize) -> Registers {
        Registers(vec![0; count.div_ceil(64)])
    }

    pub(super) fn insert(&mut self, register: usize) {
        self.0[register / 64] |= 1 << (register % 64);
    }

    pub(super) fn remove(&mut self, register: usize) {
        self.0[register / 64] &= !(1 << (register % 64));
    }

    /// The members, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(place, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                (left != 0).then(|| {
                    left &= left - 1;
                    place * 64 + bit
                })
            })
        })
    }

    /// Adds the members of another set; whether that changed anything.
    fn add(&mut self, other: &Registers) -> bool {
        let mut changed = false;
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            changed |= *more & !*word != 0;
            *word |= more;
        }
        changed
    }
}

impl Graph {
    /// Finds the blocks of a function, or of a loop in it.
    pub(super) fn new(function: &Function, region: Option<Region>) -> Graph {
        let entry = region.map_or(0, |region| region.entry);
        let instrs: Vec<(u32, Instr)> =
            instructions(&function.code).map(|(at, instr)| (at as u32, instr)).collect();
        let mut number = vec![0u32; function.code.len() + 1];
        for (index, (at, _)) in instrs.iter().enumerate() {
            number[*at as usize] = index as u32;
        }
        let targets = |index: usize| targets(&instrs, &number, &function.code, index);
        let mut leader = vec![false; instrs.len() + 1];
        leader[0] = true;
        leader[number[entry as usize] as usize] = true;
        for (index, (_, instr)) in instrs.iter().enumerate() {
            if instr.opcode().effects().has(Effects::JUMPS) {
                targets(index).into_iter().for_each(|target| leader[target] = true);
                leader[index + 1] = true;
            } else if instr.opcode().effects().has(Effects::ENDS) {
                leader[index + 1] = true;
            }
        }
        let mut block_of = vec![0u32; instrs.len() + 1];
        let mut blocks: Vec<Stretch> = Vec::new();
        for index in 0..instrs.len() {
            if leader[index] {
                blocks.push(Stretch { first: index, ..Stretch::default() });
            }
            block_of[index] = blocks.len() as u32 - 1;
        }
        for block in 0..blocks.len() {
            let end = blocks.get(block + 1).map_or(instrs.len(), |next| next.first);
            let effects = instrs[end - 1].1.opcode().effects();
            let mut next: Vec<u32> = Vec::new();
            if effects.has(Effects::JUMPS) {
                next.extend(targets(end - 1).into_iter().map(|target| block_of[target]));
            }
            if !effects.has(Effects::ENDS) {
                next.push(block as u32 + 1);
            }
            (blocks[block].end, blocks[block].next) = (end, next);
        }
        let mut preds = vec![Vec::new(); blocks.len()];
        for (block, stretch) in blocks.iter().enumerate() {
            stretch.next.iter().for_each(|next| preds[*next as usize].push(block as u32));
        }
        let in_loop = in_loop(&blocks);
        let mut graph = Graph {
            instrs,
            blocks,
            preds,
            in_loop,
            order: Vec::new(),
            live: Vec::new(),
            registers: function.registers.len(),
            region: 0..=u32::MAX,
        };
        graph.find_order(block_of[number[entry as usize] as usize]);
        graph.find_live();
        if let Some(region) = region {
            graph.region = region.first..=region.last;
            graph.find_order(block_of[number[entry as usize] as usize]);
        }
        graph
    }

    /// Whether a block is translated.
    pub(super) fn holds(&self, block: u32) -> bool {
        self.region.contains(&self.word(block))
    }

    /// The word that a block begins at.
    pub(super) fn word(&self, block: u32) -> u32 {
        self.instrs[self.blocks[block as usize].first].0
    }

    /// The block that a function's translation begins with.
    pub(super) fn entry(&self) -> u32 {
        self.order[0]
    }

    /// Reverse postorder from the entry, and the number of edges to each block.
    fn find_order(&mut self, entry: u32) {
        let mut seen: Vec<bool> = (0..self.blocks.len() as u32).map(|block| !self.holds(block)).collect();
        let mut stack = vec![(entry, 0)];
        seen[entry as usize] = true;
        self.order.clear();
        self.blocks.iter_mut().for_each(|block| block.entries = 0);
        self.blocks[entry as usize].entries = 1;
        while let Some((block, place)) = stack.last_mut() {
            match self.blocks[*block as usize].next.get(*place).copied() {
                Some(next) => {
                    *place += 1;
                    self.blocks[next as usize].entries += 1;
                    if !seen[next as usize] {
                        seen[next as usize] = true;
                        stack.push((next, 0));
                    }
                }
                None => {
                    self.order.push(*block);
                    stack.pop();
                }
            }
        }
        self.order.reverse();
    }

    /// Follows uses backwards until nothing changes.
    fn find_live(&mut self) {
        self.live = self.blocks.iter().map(|_| Registers::new(self.registers)).collect();
        let mut changed = true;
        while changed {
            changed = false;
            for place in (0..self.order.len()).rev() {
                let block = self.order[place];
                let mut live = self.live_at_end(block);
                for index in (self.blocks[block as usize].first..self.blocks[block as usize].end).rev() {
                    self.step_back(index, &mut live);
                }
                changed |= self.live[block as usize].add(&live);
            }
        }
    }

    fn live_at_end(&self, block: u32) -> Registers {
        let mut live = Registers::new(self.registers);
        for next in &self.blocks[block as usize].next {
            live.add(&self.live[*next as usize]);
        }
        live
    }

    /// From what is alive after an instruction to what is before it.
    fn step_back(&self, index: usize, live: &mut Registers) {
        let instr = self.instrs[index].1;
        // That of `jnullelse` happens on one of two ways only.
        if !matches!(instr, Instr::JNullElse { .. }) {
            self.each(instr, Role::Def, |register| live.remove(register));
        }
        self.each(instr, Role::Use, |register| live.insert(register));
    }

    pub(super) fn each(&self, instr: Instr, wanted: Role, mut visit: impl FnMut(usize)) {
        instr.for_each_register(|role, _, reg: Reg| {
            if role == wanted && reg.out_slot(self.registers).is_none() {
                visit(reg.0 as usize);
            }
        });
    }

    /// For each safepoint of a block, its last first, the registers that are alive after it, without the one that it defines.
    pub(super) fn live_after_safepoints(&self, block: u32) -> Vec<Registers> {
        let mut live = self.live_at_end(block);
        let mut found = Vec::new();
        for index in (self.blocks[block as usize].first..self.blocks[block as usize].end).rev() {
            let instr = self.instrs[index].1;
            if instr.opcode().effects().has(Effects::SAFEPOINT) {
                let mut after = live.clone();
                self.each(instr, Role::Def, |register| after.remove(register));
                found.push(after);
            }
            self.step_back(index, &mut live);
        }
        found
    }
}

/// For each block whether a jump back leads over it.
fn in_loop(blocks: &[Stretch]) -> Vec<bool> {
    let mut inside = vec![false; blocks.len()];
    // The first block that a jump of this or a later one leads back to.
    let mut back = u32::MAX;
    for block in (0..blocks.len()).rev() {
        let targets = blocks[block].next.iter().copied().filter(|target| *target as usize <= block);
        back = targets.chain([back]).min().unwrap_or(back);
        inside[block] = back as usize <= block;
    }
    inside
}

/// The instructions that a jump or `switch` leads to, what follows it left out.
fn targets(instrs: &[(u32, Instr)], number: &[u32], code: &[u64], index: usize) -> Vec<usize> {
    let (at, instr) = instrs[index];
    let target = |distance: i32| number[(i64::from(at) + i64::from(distance)) as usize] as usize;
    match instr {
        Instr::Switch { count, .. } => {
            switch_distances(&code[at as usize + 1..], count).map(target).collect()
        }
        _ => instr.jump().map(target).into_iter().collect(),
    }
}
