//! Definite assignment: that every `ref` register is written on every path before it is read.
//!
//! Only reads matter that no write in the same block precedes; most functions have none and are done then. For the others
//! the registers with such reads are taken 64 at a time, in the order of their first writes, and sets of them flow through the
//! blocks in reverse postorder, from the first write to the last read. One pass finds the answer where every loop has
//! one header; code that jumps into loops gets a few passes more and is refused when they do not settle it.

/// Passes over a group of registers before a function is refused.
const MAX_PASSES: usize = 16;
const NONE: u32 = u32::MAX;
/// In place of a block: the register was written in the first one, through which every path leads.
const ALWAYS: u32 = u32::MAX;

/// The blocks of a function, and its reads and writes of registers that start undefined.
#[derive(Default)]
pub(super) struct Assignment {
    /// The first word of each block, ascending.
    starts: Vec<u32>,
    /// From a block to the word where another begins.
    edges: Vec<(u32, u32)>,
    /// Writes on one edge only: the block that the edge leaves, the register, the word it goes to.
    edge_writes: Vec<(u32, u16, u32)>,
    /// The first write of a register in a block.
    writes: Vec<Access>,
    /// The first read of a register in a block, where no write precedes it.
    reads: Vec<Access>,
    /// The block that last wrote or read each register, plus one.
    written_in: Vec<u32>,
    read_in: Vec<u32>,
}

/// A read or write.
#[derive(Clone, Copy)]
struct Access {
    reg: u16,
    block: u32,
    at: u32,
}

impl Assignment {
    /// Begins a function.
    pub(super) fn start(&mut self, registers: usize) {
        self.starts.clear();
        self.edges.clear();
        self.edge_writes.clear();
        self.writes.clear();
        self.reads.clear();
        self.written_in.clear();
        self.written_in.resize(registers, 0);
        self.read_in.clear();
        self.read_in.resize(registers, 0);
    }

    /// Begins a block at a word.
    pub(super) fn begin_block(&mut self, at: u32) {
        self.starts.push(at);
    }

    /// The block may continue at a word.
    pub(super) fn edge_to(&mut self, at: u32) {
        self.edges.push((self.starts.len() as u32 - 1, at));
    }

    /// The block may continue at a word, and has then written a register.
    pub(super) fn edge_with_def(&mut self, reg: u16, at: u32) {
        self.edge_writes.push((self.starts.len() as u32 - 1, reg, at));
    }

    /// The block writes a register.
    #[inline]
    pub(super) fn write(&mut self, reg: u16) {
        let block = self.starts.len() as u32;
        let last = &mut self.written_in[reg as usize];
        if block == 1 {
            *last = ALWAYS;
        } else if *last != block && *last != ALWAYS {
            *last = block;
            self.writes.push(Access { reg, block: block - 1, at: 0 });
        }
    }

    /// The instruction at a word reads a register.
    #[inline]
    pub(super) fn read(&mut self, reg: u16, at: u32) {
        let block = self.starts.len() as u32;
        let written = self.written_in[reg as usize];
        if written != block && written != ALWAYS && self.read_in[reg as usize] != block {
            self.read_in[reg as usize] = block;
            self.reads.push(Access { reg, block: block - 1, at });
        }
    }

    /// Gives a register, and the word of the instruction that reads it unwritten on some path.
    pub(super) fn check(&mut self) -> Result<(), (u16, u32)> {
        match self.reads.first() {
            None => return Ok(()),
            // The entry runs first.
            Some(read) if read.block == 0 => return Err((read.reg, read.at)),
            Some(_) => {}
        }
        let graph = self.graph();
        let into_order = |mut access: Access| {
            access.block = graph.order[access.block as usize];
            (access.block != NONE).then_some(access)
        };
        let reads: Vec<Access> = self.reads.iter().copied().filter_map(into_order).collect();
        let writes: Vec<Access> = self.writes.iter().copied().filter_map(into_order).collect();
        Groups::new(self.written_in.len(), reads, writes)?.check(&graph)
    }

    /// The blocks that can be reached, in reverse postorder. A write on an edge becomes a block.
    fn graph(&mut self) -> Graph {
        let mut successors: Vec<(u32, u32)> =
            Vec::with_capacity(self.edges.len() + self.edge_writes.len() * 2);
        let mut block_of = vec![NONE; self.starts.last().map_or(0, |last| *last as usize + 1)];
        for (block, start) in self.starts.iter().enumerate() {
            block_of[*start as usize] = block as u32;
        }
        let block_at = |at: u32| block_of[at as usize];
        successors.extend(self.edges.iter().map(|(from, at)| (*from, block_at(*at))));
        for (number, (from, reg, at)) in self.edge_writes.iter().enumerate() {
            let block = (self.starts.len() + number) as u32;
            successors.push((*from, block));
            successors.push((block, block_at(*at)));
            self.writes.push(Access { reg: *reg, block, at: 0 });
        }
        Graph::new(self.starts.len() + self.edge_writes.len(), &successors)
    }
}

/// The blocks of a function by their numbers in reverse postorder.
struct Graph {
    /// The number of each block; `NONE` where it cannot be reached.
    order: Vec<u32>,
    predecessors: Lists,
    /// Edges that do not go forward, as (to, from), sorted.
    retreating: Vec<(u32, u32)>,
    count: usize,
}

impl Graph {
    fn new(blocks: usize, edges: &[(u32, u32)]) -> Graph {
        let successors = Lists::new(blocks, edges.iter().copied());
        let order = reverse_postorder(&successors, blocks);
        let count = order.iter().filter(|number| **number != NONE).count();
        let numbered = || {
            let pair = |(from, to): &(u32, u32)| (order[*from as usize], order[*to as usize]);
            edges.iter().map(pair).filter(|(from, to)| *from != NONE && *to != NONE)
        };
        let predecessors = Lists::new(count, numbered().map(|(from, to)| (to, from)));
        let mut retreating: Vec<_> =
            numbered().filter(|(from, to)| from >= to).map(|(from, to)| (to, from)).collect();
        retreating.sort_unstable();
        Graph { order, predecessors, retreating, count }
    }
}

/// A list of numbers for each of many keys, in one allocation.
struct Lists {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    fn new(keys: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Lists {
        let mut starts = vec![0u32; keys + 2];
        for (key, _) in pairs.clone() {
            starts[key as usize + 2] += 1;
        }
        for key in 2..starts.len() {
            starts[key] += starts[key - 1];
        }
        let mut items = vec![0; starts.last().copied().unwrap_or(0) as usize];
        for (key, item) in pairs {
            let place = &mut starts[key as usize + 1];
            items[*place as usize] = item;
            *place += 1;
        }
        Lists { starts, items }
    }

    #[inline]
    fn get(&self, key: u32) -> &[u32] {
        &self.items[self.starts[key as usize] as usize..self.starts[key as usize + 1] as usize]
    }
}

/// The number of each block in reverse postorder from block 0; `NONE` where it cannot be reached.
fn reverse_postorder(successors: &Lists, blocks: usize) -> Vec<u32> {
    let mut order = vec![NONE; blocks];
    let mut seen = vec![false; blocks];
    let mut postorder = Vec::with_capacity(blocks);
    let mut stack = vec![(0u32, 0u32)];
    seen[0] = true;
    while let Some((block, next)) = stack.last_mut() {
        match successors.get(*block).get(*next as usize) {
            Some(successor) => {
                *next += 1;
                if !std::mem::replace(&mut seen[*successor as usize], true) {
                    stack.push((*successor, 0));
                }
            }
            None => {
                postorder.push(*block);
                stack.pop();
            }
        }
    }
    for (number, block) in postorder.iter().rev().enumerate() {
        order[*block as usize] = number as u32;
    }
    order
}

/// Reads and writes by groups of 64 registers. Their blocks are numbers in reverse postorder.
struct Groups {
    /// The place of each register that is read across blocks, over all groups; `NONE` for others.
    places: Vec<u32>,
    /// Sorted by group.
    reads: Vec<Access>,
    writes: Vec<Access>,
}

impl Groups {
    fn new(registers: usize, mut reads: Vec<Access>, mut writes: Vec<Access>) -> Result<Groups, (u16, u32)> {
        let mut first_write = vec![NONE; registers];
        for write in &writes {
            let first = &mut first_write[write.reg as usize];
            *first = write.block.min(*first);
        }
        if let Some(read) = reads.iter().find(|read| first_write[read.reg as usize] == NONE) {
            return Err((read.reg, read.at));
        }
        let mut wanted: Vec<u16> = reads.iter().map(|read| read.reg).collect();
        wanted.sort_unstable_by_key(|reg| (first_write[*reg as usize], *reg));
        wanted.dedup();
        let mut places = vec![NONE; registers];
        for (place, reg) in wanted.iter().enumerate() {
            places[*reg as usize] = place as u32;
        }
        writes.retain(|write| places[write.reg as usize] != NONE);
        reads.sort_unstable_by_key(|read| places[read.reg as usize] / 64);
        writes.sort_unstable_by_key(|write| places[write.reg as usize] / 64);
        Ok(Groups { places, reads, writes })
    }

    fn group(&self, access: &Access) -> u32 {
        self.places[access.reg as usize] / 64
    }

    fn bit(&self, access: &Access) -> u64 {
        1 << (self.places[access.reg as usize] % 64)
    }

    fn check(&self, graph: &Graph) -> Result<(), (u16, u32)> {
        let mut flow =
            Flow { written: vec![0; graph.count], before: vec![0; graph.count], after: vec![0; graph.count] };
        let same_group = |one: &Access, other: &Access| self.group(one) == self.group(other);
        // Every group has reads and writes, so the two go side by side.
        for (reads, writes) in self.reads.chunk_by(same_group).zip(self.writes.chunk_by(same_group)) {
            let first = writes.iter().map(|write| write.block).min().unwrap_or(0);
            let last = reads.iter().map(|read| read.block).max().unwrap_or(0);
            for write in writes {
                flow.written[write.block as usize] |= self.bit(write);
            }
            let settled = flow.settle(graph, first, last, |before| {
                let unwritten =
                    |read: &&Access| read.block < first || before[read.block as usize] & self.bit(read) == 0;
                reads.iter().find(unwritten).map(|read| (read.reg, read.at))
            });
            for write in writes {
                flow.written[write.block as usize] = 0;
            }
            settled?;
        }
        Ok(())
    }
}

/// Sets of one group's registers for each block.
struct Flow {
    /// Those it writes.
    written: Vec<u64>,
    /// Those that are written on every path to it.
    before: Vec<u64>,
    /// Those that are written on every path through it.
    after: Vec<u64>,
}

impl Flow {
    /// Passes over the blocks from `first`, where the first write is, to `last`, where the last read is, until nothing changes.
    /// `find` looks for an unwritten read; the sets only shrink, so that what it finds early stays true.
    fn settle(
        &mut self,
        graph: &Graph,
        first: u32,
        last: u32,
        find: impl Fn(&[u64]) -> Option<(u16, u32)>,
    ) -> Result<(), (u16, u32)> {
        // Where every read comes before the first write, nothing is left to pass over, and `find` finds one.
        let end = self.extent(graph, first, last).max(first);
        self.after[first as usize..end as usize].fill(u64::MAX);
        for _ in 0..MAX_PASSES {
            for block in first..end {
                let reached =
                    |set: u64, from: &u32| set & if *from < first { 0 } else { self.after[*from as usize] };
                let start = if block == 0 { 0 } else { u64::MAX };
                let before = graph.predecessors.get(block).iter().fold(start, reached);
                self.before[block as usize] = before;
                self.after[block as usize] = before | self.written[block as usize];
            }
            if let Some(found) = find(&self.before) {
                return Err(found);
            }
            let begin = graph.retreating.partition_point(|(to, _)| *to < first);
            let mut loops = graph.retreating[begin..].iter().take_while(|(to, _)| *to < end);
            if loops.all(|(to, from)| self.before[*to as usize] & !self.after[*from as usize] == 0) {
                return Ok(());
            }
        }
        // Jumps into loops that do not settle: refuse at the first read, which is as good as any.
        Err(find(&vec![0; graph.count]).unwrap_or((0, 0)))
    }

    /// The end of the blocks that matter: those up to the last read, and those that jump back among them.
    fn extent(&self, graph: &Graph, first: u32, last: u32) -> u32 {
        let begin = graph.retreating.partition_point(|(to, _)| *to < first);
        let mut end = last + 1;
        for (to, from) in &graph.retreating[begin..] {
            if *to >= end {
                break;
            }
            end = end.max(from + 1);
        }
        end
    }
}
