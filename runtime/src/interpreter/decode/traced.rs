//! Which places of a function a trace hears of, and what it says there.

use lang_bytecode::{Effects, FuncId, Instr, Line, Module, Reg, RegType, Role, TypeDef, TypeId};

use super::listing::Listing;
use crate::trace::{Event, Name, Plan, Shown, Site, Then, TraceMode};

/// The longest text of an instruction, in characters.
const LONGEST: usize = 60;

/// The places of a traced function, by number, and where each is.
pub(super) struct Traced {
    pub(super) sites: Vec<Site>,
    /// Where the function begins.
    pub(super) enter: Option<u32>,
    /// Before each instruction.
    pub(super) before: Vec<Option<u32>>,
    /// Behind each instruction.
    pub(super) after: Vec<Option<u32>>,
}

/// The places of a function; none where it is not traced.
pub(super) fn traced(listing: &Listing<'_>, plan: &Plan) -> Option<Traced> {
    let function = &listing.module.functions[listing.id.0 as usize];
    let mode = plan.mode();
    // Instructions of functions that were inlined here may be wanted.
    let inlined = || function.scopes.iter().any(|scope| plan.wants(&scope.name));
    if !plan.wants(&function.name) && (mode == TraceMode::Functions || !inlined()) {
        return None;
    }
    let count = listing.instrs.len();
    let traced =
        Traced { sites: Vec::new(), enter: None, before: vec![None; count], after: vec![None; count] };
    let mut find = Find { listing, traced, outs: Vec::new() };
    match mode {
        TraceMode::Functions => find.calls(),
        TraceMode::Instructions => find.instructions(plan),
    }
    Some(find.traced)
}

/// The search for places, in the order of the code.
struct Find<'a> {
    listing: &'a Listing<'a>,
    traced: Traced,
    /// The types of the out slots that were written so far.
    outs: Vec<RegType>,
}

impl Find<'_> {
    /// The places of a trace of calls.
    fn calls(&mut self) {
        let module = self.listing.module;
        let function = &module.functions[self.listing.id.0 as usize];
        let params = (0..function.params).map(|reg| self.shown(Reg(reg))).collect();
        self.traced.enter = Some(self.site(Event::Enter, true, &function.name, params));
        for index in 0..self.listing.instrs.len() {
            let instr = self.listing.instrs[index];
            let (event, name) = match instr {
                Instr::Ret {} | Instr::Ret1 { .. } | Instr::RetN { .. } => {
                    (Event::Leave, function.name.as_str())
                }
                Instr::TailCall { .. } | Instr::TailCallClosure { .. } => {
                    (Event::Replace, function.name.as_str())
                }
                Instr::CallNative { .. } | Instr::CallC { .. } => {
                    (Event::Before(Then::ResultsOfHost), host_name(module, instr))
                }
                _ => {
                    self.step(index);
                    continue;
                }
            };
            let read = self.read(index);
            self.traced.before[index] = Some(self.site(event, true, name, read));
            self.step(index);
            if event == Event::Before(Then::ResultsOfHost) {
                let written = self.written(index);
                self.traced.after[index] = Some(self.site(Event::After, true, name, written));
            }
        }
    }

    /// The places of a trace of instructions.
    fn instructions(&mut self, plan: &Plan) {
        let texts = plan.texts().of_function(self.listing.module, self.listing.id);
        for (index, (at, text)) in texts.iter().enumerate().take(self.listing.instrs.len()) {
            if !self.wanted(*at, plan) {
                self.step(index);
                continue;
            }
            let text = self.line(*at, text, plan.place_width());
            let instr = self.listing.instrs[index];
            let effects = instr.opcode().effects();
            let read = self.read(index);
            self.step(index);
            let written = self.written(index);
            let then = match instr {
                _ if written.is_empty() || effects.has(Effects::ENDS) => Then::Next,
                Instr::CallNative { .. } | Instr::CallC { .. } => Then::ResultsOfHost,
                _ => Then::Results,
            };
            self.traced.before[index] = Some(self.site(Event::Before(then), false, &text, read));
            if then != Then::Next {
                self.traced.after[index] = Some(self.site(Event::After, false, &text, written));
            }
        }
    }

    /// Whether an instruction is of a function that is traced, be it inlined.
    fn wanted(&self, at: usize, plan: &Plan) -> bool {
        let function = &self.listing.module.functions[self.listing.id.0 as usize];
        let mut scope = self.line_at(at).map_or(0, |line| line.scope);
        // Scopes name their parents by smaller numbers, so this ends.
        while let Some(inlined) = (scope as usize).checked_sub(1).and_then(|index| function.scopes.get(index))
        {
            if plan.wants(&inlined.name) {
                return true;
            }
            scope = inlined.parent.min(scope - 1);
        }
        plan.wants(&function.name)
    }

    /// What is known of the origin of the instruction at a word.
    fn line_at(&self, at: usize) -> Option<Line> {
        let lines = &self.listing.module.functions[self.listing.id.0 as usize].lines;
        let entry = lines.partition_point(|line| line.at as usize <= at).checked_sub(1)?;
        Some(lines[entry])
    }

    fn site(&mut self, event: Event, of_calls: bool, text: &str, values: Vec<Shown>) -> u32 {
        let number = self.traced.sites.len() as u32;
        self.traced.sites.push(Site {
            event,
            of_calls,
            text: text.into(),
            values: values.into_boxed_slice(),
        });
        number
    }

    /// An instruction with its place in the source, or in the function where that is not known.
    fn line(&self, at: usize, instr: &str, width: usize) -> String {
        let module = self.listing.module;
        let function = &module.functions[self.listing.id.0 as usize];
        let place = self.line_at(at).map(|line| line.place);
        let source = place.and_then(|place| module.sources.get(place.source as usize));
        let place = match (place, source) {
            (Some(place), Some(source)) => format!("{}:{}", source.path, place.line),
            _ => String::from("-"),
        };
        let within = format!("{}+{at}", function.name);
        let instr = match instr.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &instr[..end]),
            None => instr.to_owned(),
        };
        format!("{place:<width$} {within:<14} {instr:<28} ")
    }

    /// What an instruction reads: its operands, then what it takes from the out slots.
    fn read(&self, index: usize) -> Vec<Shown> {
        let mut read = Vec::new();
        self.listing.instrs[index].for_each_register(|role, _, reg| {
            if role == Role::Use {
                read.push(self.shown(reg));
            }
        });
        let out = |slot| Reg::out(self.listing.registers, slot);
        read.extend(self.arguments(index).filter_map(out).map(|reg| self.shown(reg)));
        read
    }

    /// What an instruction wrote: the register that it defines, or the results of a call.
    fn written(&self, index: usize) -> Vec<Shown> {
        let mut written = Vec::new();
        let ty = self.listing.types[index];
        self.listing.instrs[index].for_each_register(|role, _, reg| {
            if role == Role::Def {
                written.push(Shown { ty, ..self.shown(reg) });
            }
        });
        let results = self.listing.results(index).iter().enumerate();
        written.extend(results.filter_map(|(slot, ty)| {
            let reg = Reg::out(self.listing.registers, slot)?;
            Some(Shown { ty: *ty, ..self.shown(reg) })
        }));
        written
    }

    /// The out slots that an instruction reads beside its operands.
    fn arguments(&self, index: usize) -> std::ops::Range<usize> {
        let module = self.listing.module;
        let def = |id: u32| &module.types[id as usize];
        match self.listing.instrs[index] {
            Instr::Call { callee } | Instr::TailCall { callee } => {
                0..module.functions[callee as usize].params as usize
            }
            Instr::CallNative { callee } => 0..module.natives[callee as usize].signature.params.len(),
            Instr::CallC { callee } => 0..module.foreign.functions[callee as usize].signature.params.len(),
            Instr::CallVirtual { method } => {
                let (of, place) = module.methods[method as usize];
                match def(of.0) {
                    TypeDef::Trait { methods, .. } => 0..methods[place as usize].params.len(),
                    _ => 0..0,
                }
            }
            Instr::CallClosure { .. } | Instr::TailCallClosure { .. } => {
                1..1 + self.closure_params(self.listing.subject[index])
            }
            Instr::New { of, .. } => 0..def(of).fields().map_or(0, <[_]>::len),
            Instr::ALit { count, .. } => 0..count as usize,
            Instr::AFilled { .. } => 0..2,
            Instr::RetN { count } => 0..count as usize,
            _ => 0..0,
        }
    }

    /// How many parameters closures of a type have beside themselves.
    fn closure_params(&self, of: TypeId) -> usize {
        let module = self.listing.module;
        match &module.types[of.0 as usize] {
            TypeDef::Function(signature) => signature.params.len(),
            TypeDef::Closure { function: FuncId(code), .. } => {
                (module.functions[*code as usize].params as usize).saturating_sub(1)
            }
            _ => 0,
        }
    }

    fn shown(&self, reg: Reg) -> Shown {
        let function = &self.listing.module.functions[self.listing.id.0 as usize];
        let (name, ty) = match reg.out_slot(self.listing.registers) {
            None => (Name::Register(reg.0), function.registers[reg.0 as usize]),
            Some(slot) => (Name::Out(slot as u16), self.outs.get(slot).copied().unwrap_or(RegType::Int)),
        };
        Shown { name, slot: self.listing.slot(reg), ty }
    }

    /// Notes the types of the out slots that an instruction leaves.
    fn step(&mut self, index: usize) {
        for Shown { name, ty, .. } in self.written(index) {
            if let Name::Out(slot) = name {
                let slot = slot as usize;
                self.outs.resize(self.outs.len().max(slot + 1), RegType::Int);
                self.outs[slot] = ty;
            }
        }
    }
}

/// The native or the function of C that an instruction calls.
fn host_name(module: &Module, instr: Instr) -> &str {
    match instr {
        Instr::CallNative { callee } => &module.natives[callee as usize].name,
        Instr::CallC { callee } => &module.foreign.functions[callee as usize].symbol,
        _ => "",
    }
}
