//! What decoding and calls look things up in: functions' code, methods, constants' objects.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
#[cfg(feature = "jit")]
use std::sync::Arc;

use lang_bytecode::{FuncId, Module, TypeDef, VerifiedModule};

use crate::heap::{self, Heap, Layouts};
#[cfg(feature = "jit")]
use crate::interpreter::Landing;
use crate::interpreter::{Context, Decoded, Op, Word, decode};
#[cfg(feature = "jit")]
use crate::jit::seen::Seen;
use crate::trace::Plan;

/// A function, as calls see it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct FunctionSlot {
    /// Where its code begins.
    pub(crate) code: *const Op,
    /// The bytes of its frame, out slots included.
    pub(crate) frame: u32,
    /// How many words its parameters take.
    pub(crate) params: u32,
}

/// The code of a method, by the type of its receiver.
#[derive(Debug, Default)]
struct MethodTable {
    /// The least implementing type.
    first: u32,
    /// The functions of the types from there on.
    functions: Box<[u32]>,
}

/// The tables of a loaded program.
pub(crate) struct Tables {
    pub(crate) functions: Vec<FunctionSlot>,
    methods: Vec<MethodTable>,
    /// The objects of string constants, 0 where not made yet.
    strings: Vec<u64>,
    layouts: Rc<Layouts>,
    /// What functions' code is before they are decoded.
    stubs: Box<[Word]>,
    decoded: Vec<Option<Decoded>>,
    /// The functions by where their code begins.
    by_address: BTreeMap<usize, u32>,
    /// Whether calls go through the stubs for ever, which count them.
    pub(super) counted: bool,
    /// Where calls of closures and methods are noted.
    #[cfg(feature = "jit")]
    pub(crate) seen: Option<Arc<Seen>>,
    /// What is traced.
    pub(crate) trace: Option<Plan>,
}

/// Bytes of the largest frame that operands can reach: they are 16 bits.
const MAX_FRAME_SLOTS: usize = 65_536;

impl Tables {
    /// Tables of no program.
    pub(super) fn new() -> Tables {
        Tables {
            functions: Vec::new(),
            methods: Vec::new(),
            strings: Vec::new(),
            layouts: Rc::default(),
            stubs: Box::default(),
            decoded: Vec::new(),
            by_address: BTreeMap::new(),
            counted: false,
            #[cfg(feature = "jit")]
            seen: None,
            trace: None,
        }
    }

    /// Fills the tables for a program, whose functions' code is this until they are decoded, and whose objects are there already where it
    /// goes on with those of the program before; the name of a function whose frame is too large, if there is one.
    pub(super) fn load(
        &mut self,
        module: &VerifiedModule,
        heap: &mut Heap,
        stub: fn(u32) -> Word,
        goes_on: bool,
    ) -> Result<(), String> {
        let layouts = Rc::new(Layouts::new(&module.types));
        self.stubs = (0..module.functions.len() as u32).map(stub).collect();
        self.functions.clear();
        for (index, function) in module.functions.iter().enumerate() {
            let slots = function.registers.len()
                + crate::interpreter::LINK_SLOTS
                + module.out_slots(FuncId(index as u32));
            if slots > MAX_FRAME_SLOTS {
                return Err(function.name.clone());
            }
            self.functions.push(FunctionSlot {
                code: (&raw const self.stubs[index]).cast(),
                frame: (slots * size_of::<u64>()) as u32,
                params: u32::from(function.params),
            });
        }
        self.methods = module.methods.iter().map(|_| MethodTable::default()).collect();
        self.strings = vec![0; module.strings.len()];
        self.decoded = module.functions.iter().map(|_| None).collect();
        self.by_address.clear();
        match goes_on {
            true => heap.add_layouts(layouts.clone()),
            false => heap.set_layouts(layouts.clone()),
        }
        self.layouts = layouts;
        Ok(())
    }

    /// Decodes a function, if it is not yet.
    pub(crate) fn enter_first(&mut self, module: &Module, heap: &mut Heap, function: u32) -> FunctionSlot {
        let index = function as usize;
        if self.decoded[index].is_none() {
            let layouts = self.layouts.clone();
            let decoded = decode(module, &layouts, FuncId(function), &mut Context { heap, tables: self });
            let code = decoded.words.as_ptr();
            self.by_address.insert(code as usize, function);
            self.decoded[index] = Some(decoded);
        }
        let code = self.decoded[index].as_ref().map_or(std::ptr::null(), |decoded| decoded.words.as_ptr());
        if !self.counted {
            self.functions[index].code = code.cast();
        }
        FunctionSlot { code: code.cast(), ..self.functions[index] }
    }

    /// A decoded function.
    pub(crate) fn decoded(&self, function: u32) -> Option<&Decoded> {
        self.decoded.get(function as usize)?.as_ref()
    }

    /// Puts another instruction in the place of one, where a block of a function begins.
    #[cfg(feature = "jit")]
    pub(crate) fn patch(&mut self, function: u32, landing: Landing, word: Word) {
        let decoded = self.decoded.get_mut(function as usize).and_then(Option::as_mut);
        if let Some(place) = decoded.and_then(|decoded| decoded.words.get_mut(landing.at as usize)) {
            *place = word;
        }
    }

    /// The function whose decoded code has a word at this address, and the stored word that it came from.
    pub(crate) fn locate(&self, pc: *const Op) -> Option<(u32, u32)> {
        let (start, function) = self.by_address.range(..=pc as usize).next_back()?;
        let word = (pc as usize - start) / size_of::<Word>();
        let origin = self.decoded(*function)?.origin.get(word)?;
        Some((*function, *origin))
    }

    /// The stored word that the word at `pc` of a function came from.
    pub(crate) fn origin(&self, function: u32, pc: *const Op) -> Option<u32> {
        let decoded = self.decoded(function)?;
        let word = (pc as usize).checked_sub(decoded.words.as_ptr() as usize)? / size_of::<Word>();
        decoded.origin.get(word).copied()
    }

    /// How the types of the program lie in memory.
    pub(crate) fn layouts(&self) -> &Layouts {
        &self.layouts
    }

    /// The object of a string constant.
    pub(crate) fn string(&mut self, heap: &mut Heap, strings: &[String], index: u32) -> u64 {
        let made = &mut self.strings[index as usize];
        if *made == 0 {
            *made = heap.immortal_str(&strings[index as usize]);
        }
        *made
    }

    /// The least type that implements a method's trait, and the address of the functions of the types from there on.
    #[cfg(feature = "jit")]
    pub(crate) fn method_row(&mut self, module: &Module, method: u32) -> (u32, usize) {
        self.prepare_method(module, method);
        let table = &self.methods[method as usize];
        (table.first, table.functions.as_ptr() as usize)
    }

    /// Sees to it that a method can be called.
    pub(crate) fn prepare_method(&mut self, module: &Module, method: u32) {
        if !self.methods[method as usize].functions.is_empty() {
            return;
        }
        let rows = implementations(module, method);
        let (Some((first, _)), Some((last, _))) = (rows.first(), rows.last()) else { return };
        let mut functions = vec![0; (last - first) as usize + 1];
        for (id, function) in &rows {
            functions[(id - first) as usize] = *function;
        }
        let first = *first;
        self.methods[method as usize] = MethodTable { first, functions: functions.into_boxed_slice() };
    }

    /// The code of a method for a receiver.
    ///
    /// # Safety
    /// The method was prepared, and `receiver` is a live object whose type implements its trait.
    #[inline(always)]
    pub(crate) unsafe fn method_slot(&self, method: u32, receiver: u64) -> *const FunctionSlot {
        // SAFETY: the verifier proved that the method exists and that every type of receiver has a row.
        unsafe {
            let table = self.methods.get_unchecked(method as usize);
            let row = heap::type_of(receiver).0.wrapping_sub(table.first);
            self.function_slot(*table.functions.get_unchecked(row as usize))
        }
    }

    /// The code of a closure.
    ///
    /// # Safety
    /// `closure` is a live closure.
    #[inline(always)]
    pub(crate) unsafe fn closure_slot(&self, closure: u64) -> *const FunctionSlot {
        // SAFETY: the header of a closure says its function.
        unsafe { self.function_slot(heap::variant_tag(closure)) }
    }

    /// A function's slot.
    ///
    /// # Safety
    /// There is such a function.
    #[inline(always)]
    pub(crate) unsafe fn function_slot(&self, function: u32) -> *const FunctionSlot {
        // SAFETY: as promised by the caller.
        unsafe { self.functions.as_ptr().add(function as usize) }
    }
}

/// The types of objects that implement a method's trait, ascending, each with its code.
pub(crate) fn implementations(module: &Module, method: u32) -> Vec<(u32, u32)> {
    let (of, place) = module.methods[method as usize];
    let TypeDef::Trait { impls, .. } = &module.types[of.0 as usize] else { return Vec::new() };
    let own: HashMap<u32, u32> = impls.iter().map(|(id, code)| (id.0, code[place as usize].0)).collect();
    // Objects have the types of variants and closures; the row may be their enum's or function type's.
    (module.types.iter().zip(0u32..))
        .filter_map(|(def, id)| {
            let above = match def {
                TypeDef::Variant { of, .. } | TypeDef::Closure { of, .. } => of.0,
                _ => id,
            };
            Some((id, *own.get(&id).or_else(|| own.get(&above))?))
        })
        .collect()
}
