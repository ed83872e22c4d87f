//! Objects with fields, and what their headers say.

use lang_bytecode::TypeId;

use super::cold;
use crate::heap::{self, FIELDS_AT};
use crate::interpreter::abi::{TRAPPED, Word};
use crate::interpreter::operand::{Dst, Src};
use crate::interpreter::runtime;
use crate::interpreter::stored::Stored;

handlers! {
    /// a = the field of b at the offset c:x
    fn field_get<S: Stored, D: Dst, O: Src>(s) {
        let place = (O::int(s, s.b()) as *const u8).offset(s.wide() as isize);
        s = S::load::<D>(s, s.a(), place);
        s.next(1)
    }

    /// the field of a at the offset c:x = b
    fn field_set<S: Stored, V: Src>(s) {
        let place = (s.word(s.a()) as *mut u8).offset(s.wide() as isize);
        S::store::<V>(s, s.b(), place);
        if S::REFERENCE && heap::has_barrier(s.word(s.a())) {
            return s.go(cold::remember_field);
        }
        s.next(1)
    }

    /// a = a new object, all of whose fields are words: c of them, from the out slots at b on; the next word has the header and
    /// the size.
    fn new_words(s) {
        let [header, size] = (*s.pc.add(1).cast::<Word>()).bits;
        let Some(object) = (*s.vm).host.heap.bump(size as usize) else {
            return s.go(cold::new_slow);
        };
        *object.cast::<u64>() = header;
        let (fields, window) = (object.add(FIELDS_AT).cast::<u64>(), s.base.add(s.b() as usize));
        for index in 0..s.c() as usize {
            *fields.add(index) = *window.add(index);
        }
        s.acc = object as i64;
        s.set(s.a(), object as u64);
        s.next(2)
    }

    /// a = a new object of the type c:x, whose fields are in the out slots at b
    fn new_mixed(s) {
        if runtime::new_object(s.vm, s.pc, s.base, TypeId(s.wide() as u32)) {
            return s.next(1);
        }
        TRAPPED
    }

    /// a = an empty array of the type c:x with room for b elements
    fn array_new(s) {
        if runtime::new_array(s.vm, s.pc, s.base, TypeId(s.wide() as u32)) {
            return s.next(1);
        }
        TRAPPED
    }

    /// a = an array of the type c:x; its length is in out slot b, and its elements are the value after it
    fn array_filled(s) {
        if runtime::filled_array(s.vm, s.pc, s.base, TypeId(s.wide() as u32)) {
            return s.next(1);
        }
        TRAPPED
    }

    /// a = an array of c elements, which are in the out slots at b; the next word has the type
    fn array_literal(s) {
        if runtime::array_of(s.vm, s.pc, s.base, TypeId(s.constant() as u32)) {
            return s.next(2);
        }
        TRAPPED
    }

    /// a = the number of b's variant
    fn tag<D: Dst, O: Src>(s) {
        let tag = heap::variant_tag(O::int(s, s.b()) as u64);
        s = D::int(s, s.a(), i64::from(tag));
        s.next(1)
    }

    /// a = b, whose type must be the c:x-th
    fn cast<O: Src>(s) {
        let object = O::int(s, s.b());
        if object == 0 || heap::type_of(object as u64).0 != s.wide() as u32 {
            return s.trap(object as u64, 0);
        }
        s.acc = object;
        s.set(s.a(), object as u64);
        s.next(1)
    }

    /// a = the type of b is the c:x-th
    fn is_type<D: Dst, O: Src>(s) {
        let object = O::int(s, s.b());
        let holds = object != 0 && heap::type_of(object as u64).0 == s.wide() as u32;
        s = D::int(s, s.a(), i64::from(holds));
        s.next(1)
    }

    /// a = b, which must not be null
    fn non_null<O: Src>(s) {
        let object = O::int(s, s.b());
        if object == 0 {
            return s.trap(0, 0);
        }
        s.acc = object;
        s.set(s.a(), object as u64);
        s.next(1)
    }
}
