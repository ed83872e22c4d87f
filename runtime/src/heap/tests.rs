//! The heap from outside: structures survive collections, limits hold.

use std::rc::Rc;

use lang_bytecode::{Field, Storage, TypeDef, TypeId};

use super::*;

const LIST: TypeId = TypeId(1);
const NODE: TypeId = TypeId(2);
const INTS: TypeId = TypeId(3);
const BARE: TypeId = TypeId(4);

/// A heap whose one root is `root`.
fn heap(root: &mut u64, options: HeapOptions) -> Heap {
    let field = |name: &str, storage| Field { name: name.to_string(), storage, mutable: true };
    let types = [
        TypeDef::Str,
        TypeDef::Array(Storage::RefNull(NODE)),
        TypeDef::Struct {
            name: "Node".to_string(),
            fields: vec![
                field("value", Storage::I64),
                field("text", Storage::Ref(TypeId::STR)),
                field("next", Storage::RefNull(NODE)),
            ],
        },
        TypeDef::Array(Storage::I64),
        TypeDef::Struct { name: "Bare".to_string(), fields: vec![] },
    ];
    let mut heap = Heap::new(Rc::new(Layouts::new(&types)), options).unwrap();
    unsafe fn trace(data: *const (), tracer: &mut Tracer<'_>) {
        // SAFETY: the data is the address of the test's root.
        unsafe { tracer.slot(data as *mut u64) }
    }
    // SAFETY: the root outlives the heap in every test.
    unsafe { heap.set_roots(Some(RootSource { data: (&raw mut *root).cast(), trace })) };
    heap
}

/// Puts a node in front of the list in `root`.
fn cons(heap: &mut Heap, root: &mut u64, value: u64, text: u64) -> Result<(), OutOfMemory> {
    let layout = heap.layouts().get(NODE).clone();
    let node = heap.allocate(layout.header, layout.size)?;
    // SAFETY: the object was made with the size of this layout.
    unsafe {
        for (field, word) in layout.fields.iter().zip([value, text, *root]) {
            write(field.storage, node.add(field.offset), word);
        }
    }
    *root = node as u64;
    Ok(())
}

fn field(object: u64, offset: usize) -> u64 {
    // SAFETY: tests ask for fields that exist.
    unsafe { *((object as *const u8).add(offset).cast::<u64>()) }
}

#[test]
fn lists_survive_collections() {
    for options in [HeapOptions::default(), HeapOptions { stress: Some(7), ..HeapOptions::default() }] {
        let mut root = 0;
        let mut heap = heap(&mut root, options);
        let count: u64 = if options.stress.is_some() { 2_000 } else { 100_000 };
        let empty = heap.immortal_str("constant");
        for value in 0..count {
            cons(&mut heap, &mut root, value, empty).unwrap();
            heap.str_new("garbage of some length that nobody keeps").unwrap();
        }
        assert!(heap.stats().collections > 3);
        let mut node = root;
        for value in (0..count).rev() {
            assert_eq!(field(node, 8), value);
            // SAFETY: the node's text is a string.
            assert_eq!(unsafe { str_bytes(field(node, 16)) }, b"constant");
            node = field(node, 24);
        }
        assert_eq!(node, 0);
    }
}

#[test]
fn slices_keep_pointing_into_their_owner() {
    let mut root = 0;
    let mut heap = heap(&mut root, HeapOptions { stress: Some(1), ..HeapOptions::default() });
    for length in [100, 100_000] {
        let text = "0123456789".repeat(length / 10);
        root = heap.str_new(&text).unwrap();
        // SAFETY: the root is a string, and all its characters are one byte long.
        unsafe {
            root = heap.str_slice(root, 10, 90).unwrap();
            root = heap.str_slice(root, 5, 75).unwrap();
            heap.str_new("something else").unwrap();
            assert_eq!(str_bytes(root), &text.as_bytes()[15..85]);
            root = heap.str_concat(root, root).unwrap();
            heap.str_new("something else").unwrap();
            assert_eq!(str_bytes(root).len(), 140);
        }
    }
}

#[test]
fn arrays_grow_from_small_to_large() {
    for options in [HeapOptions::default(), HeapOptions { stress: Some(1), ..HeapOptions::default() }] {
        let mut root = 0;
        let mut heap = heap(&mut root, options);
        root = heap.array_new(INTS, 0, 0).unwrap();
        for value in 0..20_000u64 {
            // SAFETY: the root is an array of ints.
            unsafe {
                let array = root as *mut Array;
                if (*array).len < *(*array).data.offset(STORE_CAPACITY).cast::<usize>() {
                    write(Storage::I64, (*array).data.add((*array).len * 8), value);
                    (*array).len += 1;
                } else {
                    heap.array_push_slow(root, value).unwrap();
                }
            }
            if value % 100 == 0 {
                heap.str_new("in between").unwrap();
            }
        }
        for value in 0..20_000 {
            // SAFETY: the array has so many elements.
            unsafe { assert_eq!(*(*(root as *const Array)).data.cast::<u64>().add(value), value as u64) };
        }
    }
}

#[test]
fn arrays_of_references_are_followed() {
    for count in [10usize, 5_000] {
        let mut root = 0;
        let mut heap = heap(&mut root, HeapOptions { stress: Some(1), ..HeapOptions::default() });
        let text = heap.immortal_str("shared by all of them");
        cons(&mut heap, &mut root, 7, text).unwrap();
        // SAFETY: the root is a node, then an array of nodes.
        unsafe {
            root = heap.array_filled(LIST, count, root).unwrap();
            heap.str_new("in between").unwrap();
            let array = root as *const Array;
            let first = *(*array).data.cast::<u64>();
            assert_eq!(field(first, 8), 7);
            assert_eq!(*(*array).data.cast::<u64>().add(count - 1), first);
        }
    }
}

#[test]
fn a_full_heap_says_so() {
    let mut root = 0;
    let mut heap = heap(&mut root, HeapOptions { max_heap: Some(4 << 20), ..HeapOptions::default() });
    let text = heap.immortal_str("x");
    let mut made = 0;
    while cons(&mut heap, &mut root, 1, text).is_ok() {
        made += 1;
    }
    assert!((100_000..132_000).contains(&made), "{made}");
    assert_eq!(heap.array_new(INTS, 0, 1 << 20), Err(OutOfMemory));
    assert_eq!(heap.array_new(INTS, 0, usize::MAX / 8), Err(OutOfMemory));
    root = 0;
    assert!(heap.array_new(INTS, 0, 1 << 18).is_ok());
    for _ in 0..10 {
        assert!(heap.array_new(INTS, 0, 1 << 18).is_ok());
    }
    cons(&mut heap, &mut root, 1, text).unwrap();
}

#[test]
fn a_type_without_fields_has_one_object() {
    let mut root = 0;
    let heap = heap(&mut root, HeapOptions::default());
    assert_ne!(heap.static_object(BARE), 0);
    assert_eq!(heap.static_object(NODE), 0);
    // SAFETY: the object is live.
    assert_eq!(unsafe { type_of(heap.static_object(BARE)) }, BARE);
}
