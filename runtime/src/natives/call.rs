//! Between a window of words and a native's Rust function: one wrapper for each row of the table, made by a macro.

use lang_bytecode::{TrapKind, TypeId, for_each_native};

use super::failure::trap;
use super::{Failure, Host, NativeFn, Services};
use crate::heap::{AnyArray, Bytes, Chars, Elem, Root, Scope, Strings, Text, Words};

/// What a native's function is given beside its arguments.
pub(super) struct Context<'s> {
    /// The objects, and a place to root new ones.
    pub(super) heap: Scope<'s>,
    /// The surroundings.
    pub(super) services: &'s mut Services,
    /// The type of the array to be made, where the native makes one.
    pub(super) result: TypeId,
}

/// An element taken out of an array, as a register holds it.
pub(super) struct Taken(pub(super) u64);

/// The table's patterns as types.
mod pattern {
    pub(super) struct Int;
    pub(super) struct Float;
    pub(super) struct Str;
    pub(super) struct StrOrNull;
    pub(super) struct Bytes;
    pub(super) struct Strings;
    pub(super) struct Chars;
    pub(super) struct Words;
    pub(super) struct Array;
    pub(super) struct Elem;
    pub(super) struct Same;
}

/// A Rust type for parameters whose pattern is `P`.
trait Parameter<P> {
    /// # Safety
    /// The slot holds a value of the pattern, and lives as long as the value that is made of it.
    unsafe fn take(slot: *mut u64) -> Self;
}

/// A Rust type for results whose patterns are `P`.
trait Given<P> {
    /// # Safety
    /// From `window` on there is room for the results.
    unsafe fn leave(self, window: *mut u64);
}

impl Parameter<pattern::Int> for i64 {
    #[inline]
    unsafe fn take(slot: *mut u64) -> Self {
        // SAFETY: as promised by the caller.
        unsafe { *slot as i64 }
    }
}

impl Parameter<pattern::Float> for f64 {
    #[inline]
    unsafe fn take(slot: *mut u64) -> Self {
        // SAFETY: as promised by the caller.
        unsafe { f64::from_bits(*slot) }
    }
}

impl Parameter<pattern::Elem> for Elem<'_> {
    #[inline]
    unsafe fn take(slot: *mut u64) -> Self {
        // SAFETY: as promised by the caller.
        unsafe { Elem::new(slot) }
    }
}

macro_rules! references {
    ($($pattern:ident $kind:ident;)*) => {
        $(
            impl Parameter<pattern::$pattern> for Root<'_, $kind> {
                #[inline]
                unsafe fn take(slot: *mut u64) -> Self {
                    // SAFETY: as promised by the caller.
                    unsafe { Root::new(slot) }
                }
            }

            impl Given<(pattern::$pattern,)> for Root<'_, $kind> {
                #[inline]
                unsafe fn leave(self, window: *mut u64) {
                    // SAFETY: as promised by the caller.
                    unsafe { *window = self.address() }
                }
            }
        )*
    };
}

references! {
    Str Text;
    Bytes Bytes;
    Strings Strings;
    Chars Chars;
    Words Words;
    Array AnyArray;
    Same AnyArray;
}

impl Given<()> for () {
    #[inline]
    unsafe fn leave(self, _: *mut u64) {}
}

impl Given<(pattern::Int,)> for i64 {
    #[inline]
    unsafe fn leave(self, window: *mut u64) {
        // SAFETY: as promised by the caller.
        unsafe { *window = self as u64 }
    }
}

impl Given<(pattern::Int,)> for bool {
    #[inline]
    unsafe fn leave(self, window: *mut u64) {
        // SAFETY: as promised by the caller.
        unsafe { *window = u64::from(self) }
    }
}

impl Given<(pattern::Float,)> for f64 {
    #[inline]
    unsafe fn leave(self, window: *mut u64) {
        // SAFETY: as promised by the caller.
        unsafe { *window = self.to_bits() }
    }
}

impl Given<(pattern::StrOrNull,)> for Option<Root<'_, Text>> {
    #[inline]
    unsafe fn leave(self, window: *mut u64) {
        // SAFETY: as promised by the caller.
        unsafe { *window = self.map_or(0, Root::address) }
    }
}

impl Given<(pattern::Elem,)> for Taken {
    #[inline]
    unsafe fn leave(self, window: *mut u64) {
        // SAFETY: as promised by the caller.
        unsafe { *window = self.0 }
    }
}

impl<A: Given<(P,)>, B: Given<(Q,)>, P, Q> Given<(P, Q)> for (A, B) {
    #[inline]
    unsafe fn leave(self, window: *mut u64) {
        // SAFETY: as promised by the caller.
        unsafe {
            self.0.leave(window);
            self.1.leave(window.add(1));
        }
    }
}

/// The arguments still to be taken.
struct Window(*mut u64);

impl Window {
    /// # Safety
    /// The next slot holds a value of the pattern `P` and lives as long as the result.
    #[inline]
    unsafe fn next<P, T: Parameter<P>>(&mut self) -> T {
        // SAFETY: as promised by the caller.
        unsafe {
            let value = T::take(self.0);
            self.0 = self.0.add(1);
            value
        }
    }
}

/// # Safety
/// From `window` on there is room for the results.
#[inline]
unsafe fn leave<P, T: Given<P>>(result: T, window: *mut u64) {
    // SAFETY: as promised by the caller.
    unsafe { result.leave(window) }
}

/// The functions of all areas, by the names of the table.
mod all {
    pub(super) use super::super::arrays::*;
    pub(super) use super::super::bits::*;
    pub(super) use super::super::buffers::*;
    pub(super) use super::super::chars::*;
    pub(super) use super::super::csv::*;
    pub(super) use super::super::digests::*;
    pub(super) use super::super::files::*;
    pub(super) use super::super::foreign::*;
    pub(super) use super::super::json::*;
    pub(super) use super::super::maps::*;
    pub(super) use super::super::math::*;
    pub(super) use super::super::numbers::*;
    pub(super) use super::super::open_files::*;
    pub(super) use super::super::processes::*;
    pub(super) use super::super::regexes::*;
    pub(super) use super::super::streams::*;
    pub(super) use super::super::strings::*;
    pub(super) use super::super::system::*;
    pub(super) use super::super::text::*;
}

macro_rules! define_wrappers {
    ($($name:ident ($($param:ident),*) -> ($($result:ident),*) [$($effect:ident)*] $meaning:literal;)*) => {
        mod wrapper {
            use super::{Context, Failure, Host, Scope, TypeId, Window, all, leave, pattern};

            $(
                #[doc = $meaning]
                ///
                /// # Safety
                /// As for [`super::NativeFn`].
                pub(super) unsafe extern "C" fn $name(host: &mut Host, window: *mut u64, result: TypeId) -> Option<Box<Failure>> {
                    let mut context = Context { heap: Scope::new(&mut host.heap), services: &mut host.services, result };
                    #[allow(unused_mut, unused_variables, reason = "some natives have no parameters")]
                    let mut arguments = Window(window);
                    // SAFETY: the caller promises arguments of the row's types, and room for its results.
                    unsafe {
                        match all::$name(&mut context, $(arguments.next::<pattern::$param, _>()),*) {
                            Ok(given) => leave::<($(pattern::$result,)*), _>(given, window),
                            Err(failure) => return Some(failure),
                        }
                    }
                    None
                }
            )*
        }

        /// The code of a native.
        pub(super) fn code(name: &str) -> Option<NativeFn> {
            match name {
                $(stringify!($name) => Some(wrapper::$name),)*
                _ => None,
            }
        }
    };
}

for_each_native!(define_wrappers);

/// Stands in for what the sandbox forbids.
///
/// # Safety
/// None is needed: it touches nothing.
pub(super) unsafe extern "C" fn forbidden(_: &mut Host, _: *mut u64, _: TypeId) -> Option<Box<Failure>> {
    trap::<()>(TrapKind::Sandbox, TrapKind::Sandbox.headline()).err()
}
