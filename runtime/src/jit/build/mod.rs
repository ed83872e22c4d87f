//! From verified bytecode to the form that is optimised.
//!
//! Blocks are translated in reverse postorder. A block that several edges lead to takes every register that is alive there as a
//! parameter; [`crate::jit::passes`] drops those that are always the same. A safepoint defines every live reference anew, because the
//! objects may have moved. Registers that were not written read as zero, so they need no values at the start.

mod arrays;
mod calls;
mod cfg;
mod constants;
mod guarded;
mod inline;
mod ops;
mod state;

use lang_bytecode::{Effects, RegType, Storage};

use self::cfg::Graph;
pub(crate) use self::guarded::{MOST_TARGETS, Target};
use self::state::State;
use super::ir::{Block, Edge, Function, Inst, Op, Site, Term, Type, Value};
use super::program::Program;
use super::translate::{Region, Request};

/// What a body does at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Exit {
    /// Returns from the function.
    Return,
    /// Continues in a block that takes the results, and then the caller's references.
    Join(Block),
}

/// The function that is being made.
struct Builder<'p> {
    program: &'p Program,
    func: Function,
    /// Where operations go now.
    block: Block,
    /// Whether back-edges and calls are charged.
    poll: bool,
    /// Whether calls may be replaced by what they call.
    inlining: bool,
    /// How many instructions inlined calls brought so far.
    inlined: usize,
    /// The functions whose bodies are open, outermost first.
    open: Vec<u32>,
}

/// The translation of one stored function, inlined or not.
struct Body<'b, 'p> {
    builder: &'b mut Builder<'p>,
    function: u32,
    code: &'p lang_bytecode::Function,
    /// The types of the registers; of a parameter that is never written, what the inlined call gives.
    types: Vec<RegType>,
    graph: Graph,
    state: State,
    /// The blocks, where they exist yet.
    blocks: Vec<Option<Block>>,
    /// What is known at the start of blocks with one way in.
    states: Vec<Option<State>>,
    /// The site of the inlined call that this is.
    caller: Option<u32>,
    exit: Exit,
    /// Whether it was inlined into a loop.
    repeated: bool,
    /// The interpreter's frame, where this is a loop.
    frame: Option<Value>,
    /// The instruction at hand, and the block that it is in.
    index: usize,
    here: u32,
    /// The registers alive after the safepoints of this block that are still to come, the next one last.
    live_after: Vec<cfg::Registers>,
    /// The site of the instruction at hand, once it has one.
    site: Option<u32>,
    /// Whether the block at hand has its end.
    ended: bool,
}

/// Makes the form of a function.
pub(crate) fn build(program: &Program, request: &Request) -> Function {
    let code = &program.module.functions[request.function as usize];
    let results = match request.osr {
        // They go into the frame, as registers do where the loop is left.
        Some(_) => Vec::new(),
        None => code.results.iter().map(|ty| Type::of(*ty)).collect(),
    };
    let params = match request.osr {
        Some(_) => vec![Type::Int],
        None => code.registers[..code.params as usize].iter().map(|ty| Type::of(*ty)).collect(),
    };
    let mut func = Function::new(params, results);
    let block = func.block();
    let mut builder = Builder {
        program,
        func,
        block,
        poll: request.poll,
        inlining: request.inline,
        inlined: 0,
        open: Vec::new(),
    };
    let params: Vec<Value> =
        builder.func.params.clone().into_iter().map(|ty| builder.func.value(ty)).collect();
    builder.func.data_mut(block).params = params.clone();
    for (param, ty) in params.iter().zip(&code.registers) {
        if request.osr.is_none() && matches!(ty, RegType::Ref(_)) {
            builder.func.set_non_null(*param);
        }
    }
    let mut body = Body::new(&mut builder, request.function, request.osr, None, Exit::Return);
    match request.osr {
        Some(_) => body.load_registers(params[0]),
        None => body.set_arguments(&params),
    }
    body.run();
    builder.func
}

impl<'b, 'p> Body<'b, 'p> {
    fn new(
        builder: &'b mut Builder<'p>,
        function: u32,
        region: Option<Region>,
        caller: Option<u32>,
        exit: Exit,
    ) -> Body<'b, 'p> {
        let code = &builder.program.module.functions[function as usize];
        let graph = Graph::new(code, region);
        let outs = builder.program.out_slots[function as usize] as usize;
        builder.open.push(function);
        Body {
            builder,
            function,
            code,
            types: code.registers.clone(),
            state: State::new(code.registers.len(), outs),
            blocks: vec![None; graph.blocks.len()],
            states: graph.blocks.iter().map(|_| None).collect(),
            graph,
            caller,
            exit,
            repeated: false,
            frame: None,
            index: 0,
            here: 0,
            live_after: Vec::new(),
            site: None,
            ended: false,
        }
    }

    /// The first registers are the arguments.
    fn set_arguments(&mut self, arguments: &[Value]) {
        for (register, value) in arguments.iter().enumerate() {
            self.state.registers[register] = Some(*value);
        }
    }

    /// Reads the registers that are alive at the entry from an interpreter's frame, but for those that hold constants.
    fn load_registers(&mut self, frame: Value) {
        self.frame = Some(frame);
        let entry = self.graph.entry();
        let live: Vec<usize> = self.graph.live[entry as usize].iter().collect();
        for register in live {
            if let Some(constant) = self.graph.constant_at(entry, register) {
                constant.accept(self);
                continue;
            }
            let ty = self.types[register];
            let storage = match ty {
                RegType::Int => Storage::I64,
                RegType::Float => Storage::F64,
                // What is alive was written before, by the verifier.
                RegType::Ref(id) => Storage::Ref(id),
                RegType::RefNull(id) => Storage::RefNull(id),
            };
            let op = Op::Field { object: frame, offset: register as u32 * 8, storage };
            self.state.registers[register] = Some(self.emit(op, Type::of(ty)));
        }
    }

    /// Translates all that is reached.
    fn run(mut self) {
        let entry = self.graph.entry();
        let edge = self.edge(entry);
        self.end(Term::Jump(edge));
        for place in 0..self.graph.order.len() {
            let block = self.graph.order[place];
            self.begin(block);
            self.live_after = self.graph.live_after_safepoints(block);
            let (first, end) = {
                let stretch = &self.graph.blocks[block as usize];
                (stretch.first, stretch.end)
            };
            for index in first..end {
                (self.index, self.site) = (index, None);
                let instr = self.graph.instrs[index].1;
                instr.accept(&mut self);
                if instr.opcode().effects().has(Effects::SAFEPOINT) {
                    self.live_after.pop();
                }
            }
            if !self.ended {
                let next = self.graph.blocks[block as usize].next[0];
                let edge = self.edge(next);
                self.end(Term::Jump(edge));
            }
        }
        self.builder.open.pop();
    }

    /// Begins a block: with what its one predecessor knew, or with parameters.
    fn begin(&mut self, block: u32) {
        let made = self.block_of(block);
        (self.builder.block, self.here, self.ended) = (made, block, false);
        if let Some(state) = self.states[block as usize].take() {
            self.state = state;
            return;
        }
        let live: Vec<usize> = self.graph.live[block as usize].iter().collect();
        self.state.forget();
        for register in live {
            let param = self.register_param(made, self.types[register]);
            self.state.registers[register] = Some(param);
        }
        for place in 0..self.state.outer.len() {
            self.state.outer[place] = self.param_like(made, self.state.outer[place]);
        }
    }

    /// A new parameter of a block.
    fn param(&mut self, block: Block, ty: Type) -> Value {
        let value = self.builder.func.value(ty);
        self.builder.func.data_mut(block).params.push(value);
        value
    }

    /// A new parameter for a register of a type.
    fn register_param(&mut self, block: Block, ty: RegType) -> Value {
        let value = self.param(block, Type::of(ty));
        if matches!(ty, RegType::Ref(_)) {
            self.builder.func.set_non_null(value);
        }
        value
    }

    /// A new parameter for a reference that this value is one of.
    fn param_like(&mut self, block: Block, value: Value) -> Value {
        let param = self.builder.func.value_like(value);
        self.builder.func.data_mut(block).params.push(param);
        param
    }

    fn block_of(&mut self, block: u32) -> Block {
        *self.blocks[block as usize].get_or_insert_with(|| self.builder.func.block())
    }

    /// The edge from here to a block of the stored code.
    fn edge(&mut self, block: u32) -> Edge {
        if let (Some(frame), false) = (self.frame, self.graph.holds(block)) {
            return self.leaving_edge(block, frame);
        }
        let to = self.block_of(block);
        if self.graph.blocks[block as usize].entries == 1 {
            let mut state = self.state.clone();
            state.outs.iter_mut().for_each(|out| *out = None);
            self.states[block as usize] = Some(state);
            return Edge { to, args: Vec::new() };
        }
        let live: Vec<usize> = self.graph.live[block as usize].iter().collect();
        let mut args: Vec<Value> = live.into_iter().map(|register| self.register(register)).collect();
        args.extend(&self.state.outer);
        Edge { to, args }
    }

    /// Whether the block at hand is in a loop, or in one of those around an inlined body.
    fn in_loop(&self) -> bool {
        self.repeated || self.graph.in_loop[self.here as usize]
    }

    /// Puts a value into a slot of the interpreter's frame.
    fn store_to_frame(&mut self, frame: Value, slot: usize, value: Value) {
        let is_float = self.builder.func.ty(value) == Type::Float;
        let storage = if is_float { Storage::F64 } else { Storage::I64 };
        self.effect(Op::InitField { object: frame, offset: slot as u32 * 8, storage, value });
    }

    /// The edge out of a loop: to a block that puts the registers into the interpreter's frame, and goes on there.
    fn leaving_edge(&mut self, block: u32, frame: Value) -> Edge {
        let to = self.builder.func.block();
        let before = std::mem::replace(&mut self.builder.block, to);
        let live: Vec<usize> = self.graph.live[block as usize].iter().collect();
        let mut live = live.into_iter().peekable();
        for (register, ty) in self.code.registers.iter().enumerate() {
            let value = match live.next_if_eq(&register) {
                Some(_) => self.register(register),
                // The collector reads every slot of a reference, and what lies there now may be anything.
                None if Type::of(*ty) == Type::Ref => self.zero(Type::Ref),
                None => continue,
            };
            self.store_to_frame(frame, register, value);
        }
        let word = self.graph.word(block);
        let exits = &mut self.builder.func.exits;
        let exit = exits.iter().position(|known| *known == word).unwrap_or_else(|| {
            exits.push(word);
            exits.len() - 1
        });
        let site = self.site();
        let data = self.builder.func.data_mut(to);
        (data.term, data.site) = (Term::Resume(exit as u32), site);
        self.builder.block = before;
        Edge { to, args: Vec::new() }
    }

    /// As [`Body::edge`], for a jump of the instruction at hand, which is charged where it goes back.
    fn jump_edge(&mut self, block: u32) -> Edge {
        let first = self.graph.blocks[block as usize].first;
        if !self.builder.poll || self.graph.instrs[first].0 > self.graph.instrs[self.index].0 {
            return self.edge(block);
        }
        let (charge, before) = (self.builder.func.block(), self.builder.block);
        self.builder.block = charge;
        self.poll();
        let edge = self.edge(block);
        let site = self.site();
        let data = self.builder.func.data_mut(self.builder.block);
        (data.term, data.site) = (Term::Jump(edge), site);
        self.builder.block = before;
        Edge { to: charge, args: Vec::new() }
    }

    /// Charges a call or a back-edge, where they are counted.
    fn poll(&mut self) {
        if self.builder.poll {
            self.effect(Op::Poll);
        }
    }

    /// The place of the instruction at hand.
    fn site(&mut self) -> u32 {
        if let Some(site) = self.site {
            return site;
        }
        let word = self.graph.instrs.get(self.index).map_or(0, |(at, _)| *at);
        self.builder.func.sites.push(Site { function: self.function, word, caller: self.caller });
        let site = self.builder.func.sites.len() as u32 - 1;
        *self.site.insert(site)
    }

    /// Ends the block at hand, and with it the stored one.
    fn end(&mut self, term: Term) {
        self.go(term);
        self.ended = true;
    }

    /// Ends the block at hand within a stored one.
    fn go(&mut self, term: Term) {
        let site = self.site();
        let data = self.builder.func.data_mut(self.builder.block);
        (data.term, data.site) = (term, site);
    }

    /// Adds an operation with one result.
    fn emit(&mut self, op: Op, ty: Type) -> Value {
        let result = self.builder.func.value(ty);
        if let Op::Field { storage: Storage::Ref(_), .. } | Op::Element { storage: Storage::Ref(_), .. } = op
        {
            self.builder.func.set_non_null(result);
        }
        self.push(op, vec![result], Vec::new());
        result
    }

    /// Adds an operation without a result.
    fn effect(&mut self, op: Op) {
        self.push(op, Vec::new(), Vec::new());
    }

    fn push(&mut self, op: Op, results: Vec<Value>, moved: Vec<(Value, Value)>) {
        let site = self.site();
        self.builder.func.data_mut(self.builder.block).insts.push(Inst { op, results, site, moved });
    }

    /// Adds a safepoint: every reference that is used after it, or by the rest of the instruction, has a new value.
    fn safepoint(&mut self, op: Op, results: Vec<Value>) {
        let live = self.live_after.last().cloned().unwrap_or_default();
        let mut moved: Vec<(Value, Value)> = Vec::new();
        let is_reference = |ty: Option<&RegType>| matches!(ty, Some(RegType::Ref(_) | RegType::RefNull(_)));
        for register in live.iter().filter(|register| is_reference(self.code.registers.get(*register))) {
            if let Some(value) = self.state.registers[register] {
                let after = self.after_move(value, &mut moved);
                self.state.registers[register] = Some(after);
            }
        }
        for slot in 0..self.state.outs.len() {
            if let Some((value, ty)) = self.state.outs[slot]
                && is_reference(Some(&ty))
            {
                let after = self.after_move(value, &mut moved);
                self.state.outs[slot] = Some((after, ty));
            }
        }
        for place in 0..self.state.outer.len() {
            self.state.outer[place] = self.after_move(self.state.outer[place], &mut moved);
        }
        self.push(op, results, moved);
    }

    /// The value that a reference has after a safepoint.
    fn after_move(&mut self, value: Value, moved: &mut Vec<(Value, Value)>) -> Value {
        if let Some((_, after)) = moved.iter().find(|(before, _)| *before == value) {
            return *after;
        }
        let after = self.builder.func.value_like(value);
        moved.push((value, after));
        after
    }
}
