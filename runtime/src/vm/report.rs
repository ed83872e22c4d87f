//! From what was noted at a trap to the error that a host gets.

use std::rc::Rc;

use lang_bytecode::{Instr, Module, Place, Role, TrapKind};

use super::Vm;
use super::error::{CallFrame, RuntimeError, SourcePlace};
use super::frames::{Activation, Frame, Frames};
use crate::heap::str_bytes;
use crate::interpreter::LINK_SLOTS;
use crate::interpreter::semantics::width_name;
use crate::natives::float_text;

/// Frames kept at each end of a deep stack.
const KEPT: usize = 512;

impl Vm {
    /// The error of the trap that was noted.
    #[cold]
    pub(crate) fn report(&self, module: &Module) -> RuntimeError {
        let trap = &self.trap;
        // SAFETY: the trap noted where the program was, and nothing ran since.
        let frames = unsafe { Frames::of_trap(self) };
        let mut stack = CallStack::new(module);
        let mut failed = None;
        for (depth, activation) in frames.enumerate() {
            match activation {
                Activation::Interpreted(frame) => {
                    let word = match (depth, &trap.said) {
                        (0, None) => frame.word + trap.part,
                        _ => self.call_word(&frame),
                    };
                    if depth == 0 {
                        failed = self.instr(frame.function, word).map(|instr| (instr, Some(frame)));
                    }
                    stack.push(frame.function, word);
                }
                #[cfg(feature = "jit")]
                Activation::Compiled(frame) => {
                    for (inlined, site) in frame.sites().enumerate() {
                        if depth == 0 && inlined == 0 {
                            failed = self.instr(site.function, site.word).map(|instr| (instr, None));
                        }
                        stack.push(site.function, site.word);
                    }
                }
                #[cfg(not(feature = "jit"))]
                Activation::Compiled(never, _) => match never {},
            }
        }
        let (kind, message) = match (&trap.said, failed) {
            (Some((kind, message)), _) => {
                (*kind, message.clone().unwrap_or_else(|| kind.headline().to_string()))
            }
            (None, Some((instr, frame))) => self.explain(module, instr, frame),
            (None, None) => (TrapKind::Unreachable, TrapKind::Unreachable.headline().to_string()),
        };
        stack.finish(kind, message)
    }

    /// The values of a trap, in the order of the instruction's operands. Where the interpreter did an addition together with what
    /// is added, that comes first.
    fn values(&self, instr: Instr, frame: Option<&Frame>) -> [u64; 2] {
        let [first, second] = self.trap.values;
        if let (Instr::IAdd { lhs, rhs, .. }, Some(frame), 1) = (instr, frame, self.trap.part)
            && let Some(before) = self.instr(frame.function, frame.word)
        {
            let mut is_added = false;
            before
                .for_each_register(|role, _, reg| is_added |= role == Role::Def && reg == rhs && reg != lhs);
            if is_added {
                return [second, first];
            }
        }
        [first, second]
    }

    /// The kind and the message of a trap, from the instruction, its values, and the interpreter's frame, where it was that which trapped.
    fn explain(&self, module: &Module, instr: Instr, frame: Option<Frame>) -> (TrapKind, String) {
        let [first, second] = self.values(instr, frame.as_ref());
        let (l, r) = (first as i64, second as i64);
        match instr {
            Instr::IAdd { .. } => overflow(format!("{l} + {r}")),
            Instr::IAddI { .. } if r < 0 => overflow(format!("{l} - {}", r.unsigned_abs())),
            Instr::IAddI { .. } => overflow(format!("{l} + {r}")),
            Instr::ISub { .. } => overflow(format!("{l} - {r}")),
            Instr::IRSubI { .. } => overflow(format!("{r} - {l}")),
            Instr::IMul { .. } | Instr::IMulI { .. } => overflow(format!("{l} * {r}")),
            Instr::INeg { .. } => overflow(format!("-({l})")),
            Instr::IAbs { .. } => overflow(format!("the absolute value of {l}")),
            Instr::IDiv { .. } | Instr::IDivI { .. } => division(l, '/', r),
            Instr::IRem { .. } | Instr::IRemI { .. } => division(l, '%', r),
            Instr::IPow { .. } if r < 0 => (TrapKind::Exponent, format!("negative exponent: {l} ** {r}")),
            Instr::IPow { .. } => overflow(format!("{l} ** {r}")),
            Instr::FToI { .. } => {
                let value = float_text(f64::from_bits(first));
                (TrapKind::Conversion, format!("the float {} does not fit in int", value.as_str()))
            }
            Instr::Narrow { to, .. } => {
                (TrapKind::Conversion, format!("{l} does not fit in {}", width_name(to)))
            }
            Instr::ToChar { .. } => (TrapKind::Conversion, format!("{l} is not a Unicode scalar value")),
            Instr::StrByte { .. } => {
                (TrapKind::Index, format!("index {l} is out of bounds for a string of length {second}"))
            }
            Instr::AGet { .. } | Instr::ASet { .. } | Instr::ASwap { .. } => {
                (TrapKind::Index, format!("index {l} is out of bounds for an array of length {second}"))
            }
            Instr::APop { .. } => (TrapKind::Index, "pop from an empty array".to_string()),
            Instr::AFilled { .. } => (TrapKind::Argument, format!("the length {l} is negative")),
            Instr::GGet { global, .. } => (
                TrapKind::Uninitialized,
                format!("`{}` is read before it is set", module.globals[global as usize].name),
            ),
            Instr::NonNull { .. } => {
                (TrapKind::NullReference, TrapKind::NullReference.headline().to_string())
            }
            Instr::Cast { .. } => (TrapKind::Conversion, "the value is of another type".to_string()),
            Instr::Fail { message, kind } => {
                let text = match frame {
                    Some(Frame { function, base, .. }) => {
                        let registers = module.functions[function as usize].registers.len();
                        let links = if message.out_slot(registers).is_some() { LINK_SLOTS } else { 0 };
                        // SAFETY: the frame holds the instruction's register, and nothing ran since the trap.
                        unsafe { *base.add(message.0 as usize + links) }
                    }
                    None => first,
                };
                // SAFETY: the register holds a string, by the verifier, and nothing ran since the trap.
                let text = unsafe { str_bytes(text) };
                (kind, String::from_utf8_lossy(text).into_owned())
            }
            Instr::CallC { .. } => (TrapKind::CLoad, TrapKind::CLoad.headline().to_string()),
            Instr::Trap { kind } => (kind, kind.headline().to_string()),
            _ => (TrapKind::Unreachable, TrapKind::Unreachable.headline().to_string()),
        }
    }
}

fn overflow(operation: String) -> (TrapKind, String) {
    (TrapKind::Overflow, format!("integer overflow: {operation}"))
}

fn division(lhs: i64, sign: char, rhs: i64) -> (TrapKind, String) {
    match rhs {
        0 => (TrapKind::DivisionByZero, format!("division by zero: {lhs} {sign} 0")),
        _ => overflow(format!("{lhs} {sign} {rhs}")),
    }
}

/// The frames of a report, while they are collected.
struct CallStack<'m> {
    module: &'m Module,
    inner: Vec<CallFrame>,
    /// The outermost frames so far, the oldest of which make way.
    outer: std::collections::VecDeque<CallFrame>,
    omitted: usize,
    /// The source file of the innermost frame that has a place.
    source: Option<u32>,
    /// The last frame's function, place and repetition, not yet in either list.
    pending: Option<(&'m str, Option<Place>, usize)>,
}

impl<'m> CallStack<'m> {
    fn new(module: &'m Module) -> CallStack<'m> {
        CallStack {
            module,
            inner: Vec::new(),
            outer: Default::default(),
            omitted: 0,
            source: None,
            pending: None,
        }
    }

    /// Adds a frame, with the calls that were inlined into it.
    fn push(&mut self, index: u32, word: u32) {
        let function = &self.module.functions[index as usize];
        let entry = function.lines.partition_point(|line| line.at <= word).checked_sub(1);
        let Some(line) = entry.map(|entry| function.lines[entry]) else {
            return self.add(&function.name, None);
        };
        let (mut place, mut scope) = (line.place, line.scope);
        // Scopes name their parents by smaller numbers, so this ends.
        while let Some(inlined) = (scope as usize).checked_sub(1).and_then(|index| function.scopes.get(index))
        {
            self.add(&inlined.name, Some(place));
            place = inlined.call;
            scope = inlined.parent.min(scope - 1);
        }
        let made_up = self.module.entry.0 == index && function.name.starts_with('<');
        self.add(&function.name, (!made_up).then_some(place));
    }

    fn add(&mut self, name: &'m str, place: Option<Place>) {
        let source = place.and_then(|place| self.module.sources.get(place.source as usize));
        // Code that the compiler made up has a name that no source can give.
        if source.is_some_and(|source| source.standard) || place.is_none() && name.starts_with('<') {
            return;
        }
        if self.source.is_none() {
            self.source = place.map(|place| place.source);
        }
        match &mut self.pending {
            Some((last, at, repeats)) if *last == name && *at == place => *repeats += 1,
            _ => {
                self.settle();
                self.pending = Some((name, place, 1));
            }
        }
    }

    /// Moves the pending frame to where it is kept.
    fn settle(&mut self) {
        let Some((name, place, repeats)) = self.pending.take() else { return };
        let place = place.and_then(|place| {
            let source = self.module.sources.get(place.source as usize)?;
            Some(SourcePlace {
                path: source.path.as_str().into(),
                line: place.line,
                column: place.column,
                length: place.length,
            })
        });
        let frame = CallFrame { function: name.into(), place, repeats };
        if self.inner.len() < KEPT {
            return self.inner.push(frame);
        }
        if self.outer.len() == KEPT
            && let Some(gone) = self.outer.pop_front()
        {
            self.omitted += gone.repeats;
        }
        self.outer.push_back(frame);
    }

    fn finish(mut self, kind: TrapKind, message: String) -> RuntimeError {
        let text = self.source.and_then(|source| self.module.sources.get(source as usize)?.text.as_deref());
        let source = text.map(Rc::from);
        self.settle();
        let mut frames = self.inner;
        frames.extend(self.outer);
        RuntimeError { kind, message, source, frames, omitted: self.omitted }
    }
}
