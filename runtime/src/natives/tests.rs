//! Natives through the door that the engine uses: by name, with a window of words, collecting at every allocation.

use std::rc::Rc;

use lang_bytecode::{NativeImport, RegType, Signature, Storage, TrapKind, TypeDef, TypeId, Width};

use super::*;
use crate::heap::{Heap, HeapOptions, Layouts, RootSource, Tracer, str_bytes};

const STRINGS: TypeId = TypeId(1);
const BYTES: TypeId = TypeId(2);
const CHARS: TypeId = TypeId(3);
const INTS: TypeId = TypeId(4);
const FLOATS: TypeId = TypeId(5);

/// A word of a window, with what the collector has to know.
#[derive(Clone, Copy, Debug)]
enum Word {
    Int(i64),
    Float(f64),
    Ref(usize),
}

/// A machine of eight slots: `kept` are objects that tests hold by number, `window` is what natives are given.
struct Machine {
    host: Host,
    slots: Box<Slots>,
}

#[derive(Default)]
struct Slots {
    kept: Vec<u64>,
    window: [u64; 8],
    references: [bool; 8],
}

unsafe fn trace(data: *const (), tracer: &mut Tracer<'_>) {
    // SAFETY: the data is the address of the machine's slots, which only this function uses during a native.
    unsafe {
        let slots = &mut *data.cast_mut().cast::<Slots>();
        for kept in &mut slots.kept {
            tracer.slot(kept);
        }
        for (word, is_reference) in slots.window.iter_mut().zip(slots.references) {
            if is_reference {
                tracer.slot(word);
            }
        }
    }
}

impl Machine {
    fn new() -> Machine {
        let types = [
            TypeDef::Str,
            TypeDef::Array(Storage::Ref(TypeId::STR)),
            TypeDef::Array(Storage::Narrow(Width::U8)),
            TypeDef::Array(Storage::Narrow(Width::U32)),
            TypeDef::Array(Storage::I64),
            TypeDef::Array(Storage::F64),
        ];
        let options = HeapOptions { stress: Some(1), max_heap: Some(16 << 20), ..HeapOptions::default() };
        let mut host = Host {
            heap: Heap::new(Rc::new(Layouts::new(&types)), options).unwrap(),
            services: Services::of_process(vec!["first".to_string(), "second".to_string()], false),
        };
        let slots: Box<Slots> = Box::default();
        // SAFETY: the slots live as long as the machine, and stay where they are.
        unsafe { host.heap.set_roots(Some(RootSource { data: (&raw const *slots).cast(), trace })) };
        Machine { host, slots }
    }

    fn keep(&mut self, object: u64) -> Word {
        self.slots.kept.push(object);
        Word::Ref(self.slots.kept.len() - 1)
    }

    fn text(&mut self, text: &str) -> Word {
        let string = self.host.heap.str_new(text).unwrap();
        self.keep(string)
    }

    fn array(&mut self, id: TypeId, words: &[u64]) -> Word {
        let array = self.host.heap.array_new(id, 0, 0).unwrap();
        let array = self.keep(array);
        let Word::Ref(index) = array else { unreachable!() };
        for word in words {
            // SAFETY: the array is kept, and the words are of its element type.
            unsafe { self.host.heap.array_push_slow(self.slots.kept[index], *word).unwrap() };
        }
        array
    }

    /// Calls a native; the results are in the window.
    fn call(&mut self, name: &str, arguments: &[Word], results: &[RegType]) -> Result<(), Failure> {
        let mut params = Vec::new();
        for (at, argument) in arguments.iter().enumerate() {
            let (word, ty) = match *argument {
                Word::Int(int) => (int as u64, RegType::Int),
                Word::Float(float) => (float.to_bits(), RegType::Float),
                // SAFETY: kept objects are live.
                Word::Ref(index) => (
                    self.slots.kept[index],
                    RegType::Ref(unsafe { crate::heap::type_of(self.slots.kept[index]) }),
                ),
            };
            self.slots.window[at] = word;
            self.slots.references[at] = matches!(argument, Word::Ref(_));
            params.push(ty);
        }
        let import = NativeImport {
            name: name.to_string(),
            signature: Signature { params, results: results.to_vec() },
        };
        let native = link(&import, self.host.services.sandbox).expect(name);
        let window = self.slots.window.as_mut_ptr();
        // SAFETY: the window holds the arguments, and `trace` shows its references.
        let result = unsafe { (native.call)(&mut self.host, window, native.result) };
        self.slots.references = [false; 8];
        result.map_or(Ok(()), |failure| Err(*failure))
    }

    fn int(&mut self, name: &str, arguments: &[Word]) -> i64 {
        self.call(name, arguments, &[RegType::Int]).unwrap();
        self.slots.window[0] as i64
    }

    fn float(&mut self, name: &str, arguments: &[Word]) -> f64 {
        self.call(name, arguments, &[RegType::Float]).unwrap();
        f64::from_bits(self.slots.window[0])
    }

    fn object(&mut self, name: &str, arguments: &[Word], id: TypeId) -> Word {
        self.call(name, arguments, &[RegType::Ref(id)]).unwrap();
        self.keep(self.slots.window[0])
    }

    fn string(&mut self, name: &str, arguments: &[Word]) -> String {
        let string = self.object(name, arguments, TypeId::STR);
        self.show(string)
    }

    fn strings(&mut self, name: &str, arguments: &[Word]) -> Vec<String> {
        let array = self.object(name, arguments, STRINGS);
        self.words(array).into_iter().map(string_of).collect()
    }

    fn trap(&mut self, name: &str, arguments: &[Word], results: &[RegType]) -> (TrapKind, String) {
        match self.call(name, arguments, results) {
            Err(Failure::Trap { kind, message }) => (kind, message),
            other => panic!("{name} gave {other:?}"),
        }
    }

    fn show(&self, string: Word) -> String {
        let Word::Ref(index) = string else { unreachable!() };
        string_of(self.slots.kept[index])
    }

    /// The elements of an array, as registers hold them.
    fn words(&self, array: Word) -> Vec<u64> {
        let Word::Ref(index) = array else { unreachable!() };
        let array = self.slots.kept[index] as *const crate::heap::Array;
        // SAFETY: the object is a live array.
        unsafe {
            let storage = self.host.heap.layouts().element((*array).header.type_id());
            let size = crate::heap::size_of(storage);
            (0..(*array).len).map(|at| crate::heap::read(storage, (*array).data.add(at * size))).collect()
        }
    }
}

fn string_of(address: u64) -> String {
    // SAFETY: tests ask for live strings.
    String::from_utf8(unsafe { str_bytes(address) }.to_vec()).unwrap()
}

#[test]
fn every_row_is_linked() {
    for native in lang_bytecode::NATIVES {
        let import = NativeImport { name: native.name.to_string(), signature: Signature::default() };
        assert!(link(&import, false).is_some(), "{}", native.name);
    }
    assert!(
        link(&NativeImport { name: "str_nonsense".to_string(), signature: Signature::default() }, false)
            .is_none()
    );
}

#[test]
fn strings_are_searched_and_cut() {
    let mut m = Machine::new();
    let s = m.text("héllo, wörld and a long tail that is shared by its slices");
    let (w, l, none, empty) = (m.text("w"), m.text("l"), m.text("zz"), m.text(""));
    assert_eq!(m.int("str_find", &[s, w, Word::Int(0)]), 8);
    assert_eq!(m.int("str_find", &[s, l, Word::Int(5)]), 12);
    assert_eq!(m.int("str_find", &[s, none, Word::Int(0)]), -1);
    assert_eq!(m.int("str_find", &[s, empty, Word::Int(3)]), 3);
    assert_eq!(m.int("str_find", &[s, w, Word::Int(1000)]), -1);
    assert_eq!(m.int("str_rfind", &[s, l]), 54);
    assert_eq!(m.string("str_slice", &[s, Word::Int(0), Word::Int(3)]), "hé");
    assert_eq!(
        m.string("str_slice", &[s, Word::Int(3), Word::Int(59)]),
        "llo, wörld and a long tail that is shared by its slices"
    );
    let (kind, message) = m.trap("str_slice", &[s, Word::Int(0), Word::Int(2)], &[RegType::Ref(TypeId::STR)]);
    assert_eq!(
        (kind, message.as_str()),
        (TrapKind::Slice, "the slice 0..2 cuts a character: 'é' takes the bytes 1..3")
    );
    let (_, message) = m.trap("str_slice", &[s, Word::Int(3), Word::Int(99)], &[RegType::Ref(TypeId::STR)]);
    assert_eq!(message, "the slice 3..99 is out of bounds for a string of 59 bytes");
    assert_eq!(m.int("str_char_at", &[s, Word::Int(1)]), i64::from(u32::from('é')));
    assert_eq!(m.trap("str_char_at", &[s, Word::Int(2)], &[RegType::Int]).0, TrapKind::Slice);
    assert_eq!(m.trap("str_char_at", &[s, Word::Int(-1)], &[RegType::Int]).0, TrapKind::Index);
    m.call("str_next_char", &[s, Word::Int(1)], &[RegType::Int; 2]).unwrap();
    assert_eq!(m.slots.window[..2], [u64::from(u32::from('é')), 3]);
    m.call("str_prev_char", &[s, Word::Int(3)], &[RegType::Int; 2]).unwrap();
    assert_eq!(m.slots.window[..2], [u64::from(u32::from('é')), 1]);
}

#[test]
fn strings_are_split_and_joined() {
    let mut m = Machine::new();
    let (s, comma) = (m.text("a,b,,a part of more than thirty-two bytes, shared"), m.text(","));
    let parts = m.object("str_split", &[s, comma], STRINGS);
    assert_eq!(m.string("str_join", &[comma, parts]), m.show(s));
    let (spaced, empty) = (m.text(" one two\tthree\n"), m.text(""));
    assert_eq!(m.strings("str_split_whitespace", &[spaced]), ["one", "two", "three"]);
    let lines = m.text("l1\nl2\r\nl3");
    assert_eq!(m.strings("str_lines", &[lines]), ["l1", "l2", "l3"]);
    let word = m.text("añ");
    assert_eq!(m.strings("str_split", &[word, empty]), ["a", "ñ"]);
    assert_eq!(m.string("str_trim", &[spaced]), "one two\tthree");
    assert_eq!(m.strings("os_args", &[]), ["first", "second"]);
}

#[test]
fn strings_are_made_of_strings() {
    let mut m = Machine::new();
    let (s, a, b) = (m.text("abcabc"), m.text("b"), m.text("--"));
    assert_eq!(m.string("str_replace", &[s, a, b]), "a--ca--c");
    assert_eq!(m.string("str_repeat", &[b, Word::Int(3)]), "------");
    assert_eq!(m.string("str_concat", &[s, b]), "abcabc--");
    assert_eq!(m.string("str_pad_start", &[a, Word::Int(3), Word::Int(i64::from(b'.'))]), "..b");
    assert_eq!(m.string("str_pad_end", &[a, Word::Int(3), Word::Int(0xe9)]), "béé");
    let umlaut = m.text("Straße É");
    assert_eq!(m.string("str_to_upper", &[umlaut]), "STRASSE É");
    assert_eq!(m.string("str_to_lower", &[umlaut]), "straße é");
    let bytes = m.object("str_to_bytes", &[umlaut], BYTES);
    assert_eq!(m.string("str_from_bytes", &[bytes]), "Straße É");
    let chars = m.object("str_to_chars", &[umlaut], CHARS);
    assert_eq!(m.string("str_from_chars", &[chars]), "Straße É");
    assert_eq!(m.trap("str_repeat", &[a, Word::Int(-1)], &[RegType::Ref(TypeId::STR)]).0, TrapKind::Argument);
    assert_eq!(
        m.trap("str_repeat", &[a, Word::Int(i64::MAX)], &[RegType::Ref(TypeId::STR)]).0,
        TrapKind::OutOfMemory
    );
    let invalid = m.array(BYTES, &[255]);
    m.call("str_from_bytes", &[invalid], &[RegType::RefNull(TypeId::STR)]).unwrap();
    assert_eq!(m.slots.window[0], 0);
}

#[test]
fn numbers_and_text() {
    let mut m = Machine::new();
    assert_eq!(m.string("str_from_int", &[Word::Int(-42)]), "-42");
    assert_eq!(m.string("str_from_int_radix", &[Word::Int(-255), Word::Int(16)]), "-ff");
    assert_eq!(m.string("str_from_float", &[Word::Float(1e21)]), "1e21");
    assert_eq!(m.string("str_from_char", &[Word::Int(0x1f600)]), "😀");
    let text = m.text("12x");
    assert_eq!(m.int("str_parse_int", &[text]), 0);
    assert_eq!(m.float("math_cbrt", &[Word::Float(-8.0)]), -2.0);
    assert_eq!(m.int("char_to_upper", &[Word::Int(i64::from(b'q'))]), i64::from(b'Q'));
    assert_eq!(m.int("char_is_alphabetic", &[Word::Int(-1)]), 0);
}

#[test]
fn buffers() {
    let mut m = Machine::new();
    let buffer = m.array(BYTES, &[]);
    let text = m.text("a \"quoted\" text");
    for _ in 0..100 {
        m.call("buf_push_str", &[buffer, text], &[]).unwrap();
        m.call("buf_quote_str", &[buffer, text], &[]).unwrap();
        m.call("buf_push_int", &[buffer, Word::Int(7)], &[]).unwrap();
        m.call("buf_push_char", &[buffer, Word::Int(0xe9)], &[]).unwrap();
        m.call("buf_fmt_float", &[buffer, Word::Float(1.5), Word::Int(0), Word::Int(7), Word::Int(2)], &[])
            .unwrap();
    }
    let expected = "a \"quoted\" text\"a \\\"quoted\\\" text\"7é   1.50".repeat(100);
    assert_eq!(m.string("buf_to_str", &[buffer]), expected);
}

#[test]
fn arrays_of_ints() {
    let mut m = Machine::new();
    let array = m.array(INTS, &[5, 3, 8, u64::MAX]);
    let part = m.object("array_slice", &[array, Word::Int(1), Word::Int(3)], INTS);
    assert_eq!(m.words(part), [3, 8]);
    m.call("array_sort", &[array], &[]).unwrap();
    assert_eq!(m.words(array), [u64::MAX, 3, 5, 8]);
    m.call("array_extend", &[array, array], &[]).unwrap();
    m.call("array_insert", &[array, Word::Int(1), Word::Int(7)], &[]).unwrap();
    assert_eq!(m.int("array_remove", &[array, Word::Int(0)]), -1);
    m.call("array_resize", &[array, Word::Int(4), Word::Int(0)], &[]).unwrap();
    assert_eq!(m.words(array), [7, 3, 5, 8]);
    m.call("array_resize", &[array, Word::Int(6), Word::Int(9)], &[]).unwrap();
    m.call("array_reverse", &[array], &[]).unwrap();
    assert_eq!(m.words(array), [9, 9, 8, 5, 3, 7]);
    assert_eq!(m.int("array_index_of", &[array, Word::Int(9), Word::Int(1)]), 1);
    assert_eq!(m.int("array_equal", &[array, part]), 0);
    m.call("array_move", &[array, Word::Int(0), array, Word::Int(2), Word::Int(4)], &[]).unwrap();
    assert_eq!(m.words(array), [8, 5, 3, 7, 3, 7]);
    let message = m.trap("array_slice", &[array, Word::Int(4), Word::Int(2)], &[RegType::Ref(INTS)]).1;
    assert_eq!(message, "the slice 4..2 is out of bounds for an array of length 6");
    assert_eq!(m.trap("array_insert", &[array, Word::Int(7), Word::Int(0)], &[]).0, TrapKind::Index);
    assert_eq!(m.trap("array_remove", &[array, Word::Int(6)], &[RegType::Int]).0, TrapKind::Index);
    assert_eq!(
        m.trap("array_resize", &[array, Word::Int(1 << 40), Word::Int(0)], &[]).0,
        TrapKind::OutOfMemory
    );
}

#[test]
fn arrays_of_strings_and_floats() {
    let mut m = Machine::new();
    let (line, comma) = (m.text("pear,fig,apple"), m.text(","));
    let names = m.object("str_split", &[line, comma], STRINGS);
    m.call("array_sort", &[names], &[]).unwrap();
    assert_eq!(m.string("str_join", &[comma, names]), "apple,fig,pear");
    let fig = m.text("fig");
    assert_eq!(m.int("array_index_of", &[names, fig, Word::Int(0)]), 1);
    let more = m.object("array_concat", &[names, names], STRINGS);
    m.call("array_insert", &[more, Word::Int(0), fig], &[]).unwrap();
    m.call("array_fill", &[names, fig], &[]).unwrap();
    assert_eq!(m.string("str_join", &[comma, more]), "fig,apple,fig,pear,apple,fig,pear");
    assert_eq!(m.string("str_join", &[comma, names]), "fig,fig,fig");
    let floats = m.array(FLOATS, &[f64::NAN, 1.0, -0.0, 0.0, f64::NEG_INFINITY].map(f64::to_bits));
    m.call("array_sort", &[floats], &[]).unwrap();
    let sorted: Vec<String> =
        m.words(floats).into_iter().map(|word| f64::from_bits(word).to_string()).collect();
    assert_eq!(sorted, ["-inf", "-0", "0", "1", "NaN"]);
}

#[test]
fn a_sandbox_forbids_the_environment() {
    let mut m = Machine::new();
    let name = m.text("PATH");
    assert!(!m.string("os_env", &[name]).is_empty());
    m.host.services.sandbox = true;
    assert_eq!(m.trap("os_env", &[name], &[RegType::RefNull(TypeId::STR)]).0, TrapKind::Sandbox);
}

/// A map as the prelude has it: keys and values beside a table.
struct Map {
    table: Word,
    keys: Word,
    values: Word,
}

impl Map {
    fn new(m: &mut Machine, keys: TypeId) -> Map {
        Map { table: m.array(CHARS, &[]), keys: m.array(keys, &[]), values: m.array(INTS, &[]) }
    }

    fn find(&self, m: &mut Machine, key: Word) -> (i64, i64) {
        m.call("map_find", &[self.table, self.keys, key], &[RegType::Int; 2]).unwrap();
        (m.slots.window[0] as i64, m.slots.window[1] as i64)
    }

    fn set(&self, m: &mut Machine, key: Word, value: i64) {
        let (entry, hash) = self.find(m, key);
        if entry >= 0 {
            m.call("array_remove", &[self.values, Word::Int(entry)], &[RegType::Int]).unwrap();
            return m.call("array_insert", &[self.values, Word::Int(entry), Word::Int(value)], &[]).unwrap();
        }
        let count = m.words(self.keys).len() as i64;
        m.call("array_insert", &[self.keys, Word::Int(count), key], &[]).unwrap();
        m.call("array_insert", &[self.values, Word::Int(count), Word::Int(value)], &[]).unwrap();
        if !m.words(self.table).is_empty() {
            m.call("map_link", &[self.table, self.keys, Word::Int(count), Word::Int(hash)], &[]).unwrap();
        } else if count >= 8 {
            m.call("map_link_all", &[self.table, self.keys], &[]).unwrap();
        }
    }

    fn remove(&self, m: &mut Machine, key: Word) -> bool {
        let (entry, hash) = self.find(m, key);
        if entry < 0 {
            return false;
        }
        let table = m.words(self.table);
        if table.is_empty() {
            m.call("array_remove", &[self.keys, Word::Int(entry)], &[RegType::Int]).unwrap();
            m.call("array_remove", &[self.values, Word::Int(entry)], &[RegType::Int]).unwrap();
            return true;
        }
        m.call("map_unlink", &[self.table, Word::Int(entry), Word::Int(hash)], &[]).unwrap();
        if table[0] as usize * 2 > m.words(self.keys).len() {
            m.call("map_compact", &[self.table, self.keys], &[]).unwrap();
            m.call("map_compact", &[self.table, self.values], &[]).unwrap();
            m.call("map_renumber", &[self.table], &[]).unwrap();
        }
        true
    }

    /// The entries in order.
    fn entries(&self, m: &mut Machine) -> Vec<(u64, u64)> {
        let (keys, values) = (m.words(self.keys), m.words(self.values));
        let mut entries = Vec::new();
        let mut at = 0usize;
        loop {
            at =
                m.int("map_next", &[self.table, Word::Int(at as i64), Word::Int(keys.len() as i64)]) as usize;
            if at == keys.len() {
                return entries;
            }
            entries.push((keys[at], values[at]));
            at += 1;
        }
    }
}

#[test]
fn maps_behave_as_lists_of_pairs_do() {
    behaves_as_a_list_of_pairs(|_, random| random);
}

#[test]
fn maps_of_ints_change_their_form_with_the_keys() {
    // Dense at first, then with ever more gaps, a negative key and a large one.
    behaves_as_a_list_of_pairs(|step, random| match step {
        0..500 => random,
        500..1_000 => random * (step / 100),
        1_000..1_010 => u64::MAX - random,
        1_200..1_210 => 1 << 40 | random,
        2_000.. => random / 2,
        _ => random * 3,
    });
}

/// Sets and removes keys that a function makes of the step and a random number, beside a list.
fn behaves_as_a_list_of_pairs(key_of: impl Fn(u64, u64) -> u64) {
    let mut m = Machine::new();
    let map = Map::new(&mut m, INTS);
    let mut model: Vec<(u64, u64)> = Vec::new();
    let mut random = 1u64;
    for step in 0..3_000 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let key = key_of(step as u64, random >> 33 & if step < 1_500 { 0xff } else { 0x1f });
        let place = model.iter().position(|(known, _)| *known == key);
        if random >> 62 == 0 {
            assert_eq!(map.remove(&mut m, Word::Int(key as i64)), place.is_some());
            place.map(|place| model.remove(place));
        } else {
            map.set(&mut m, Word::Int(key as i64), step);
            match place {
                Some(place) => model[place].1 = step as u64,
                None => model.push((key, step as u64)),
            }
        }
        if step % 50 == 0 {
            assert_eq!(map.entries(&mut m), model);
        }
    }
}

#[test]
fn floats_and_strings_are_keys() {
    let mut m = Machine::new();
    let floats = Map::new(&mut m, FLOATS);
    let strings = Map::new(&mut m, STRINGS);
    for round in 0..2 {
        for number in 0..30 {
            floats.set(&mut m, Word::Float(f64::from(number)), round);
            let text = m.text(&format!("key {number}"));
            strings.set(&mut m, text, round);
        }
        floats.set(&mut m, Word::Float(f64::NAN), round);
    }
    assert_eq!(m.words(floats.keys).len(), 31);
    assert_eq!(floats.find(&mut m, Word::Float(-0.0)).0, 0);
    assert_eq!(m.words(strings.keys).len(), 30);
    let (present, absent) = (m.text("key 29"), m.text("key 30"));
    assert_eq!(strings.find(&mut m, present).0, 29);
    assert_eq!(strings.find(&mut m, absent).0, -1);
}

#[test]
fn a_probe_finds_the_entries_under_a_hash() {
    let mut m = Machine::new();
    let (table, keys) = (m.array(CHARS, &[]), m.array(INTS, &[7; 40]));
    for entry in 0..40 {
        m.call("map_link", &[table, keys, Word::Int(entry), Word::Int(entry % 2)], &[]).unwrap();
    }
    let mut found = Vec::new();
    let mut from = 0;
    loop {
        m.call("map_probe", &[table, Word::Int(1), Word::Int(from)], &[RegType::Int; 2]).unwrap();
        let entry = m.slots.window[0] as i64;
        if entry < 0 {
            break;
        }
        found.push(entry);
        from = m.slots.window[1] as i64;
    }
    assert_eq!(found, (0..40).filter(|entry| entry % 2 == 1).collect::<Vec<_>>());
}

#[test]
fn broken_tables_do_no_harm() {
    let mut m = Machine::new();
    let keys = m.array(INTS, &[1, 2, 3]);
    for words in [
        &[0, 63][..],
        &[9, 1, 5, 77, 5, 78],
        &[u64::MAX; 40],
        &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        &[7],
        &[1, 0x8000_0001, 9, 4],
        &[1, u64::MAX, 2],
    ] {
        let table = m.array(CHARS, words);
        m.call("map_find", &[table, keys, Word::Int(2)], &[RegType::Int; 2]).unwrap();
        m.call("map_probe", &[table, Word::Int(5), Word::Int(-3)], &[RegType::Int; 2]).unwrap();
        m.call("map_unlink", &[table, Word::Int(4), Word::Int(5)], &[]).unwrap();
        m.int("map_next", &[table, Word::Int(0), Word::Int(100)]);
        m.call("map_compact", &[table, keys], &[]).unwrap();
        m.call("map_renumber", &[table], &[]).unwrap();
        let linked = m.call("map_link", &[table, keys, Word::Int(3), Word::Int(5)], &[]);
        assert!(linked.is_ok() || matches!(linked, Err(Failure::Trap { kind: TrapKind::OutOfMemory, .. })));
    }
}

#[test]
fn files_and_folders() {
    let mut m = Machine::new();
    let folder = std::env::temp_dir().join(format!("lang-natives-{}", std::process::id()));
    let (folder, file) =
        (folder.to_string_lossy().into_owned(), folder.join("a/one.txt").to_string_lossy().into_owned());
    let inner = m.text(&format!("{folder}/a"));
    let (folder, file) = (m.text(&folder), m.text(&file));
    let failure = [RegType::RefNull(TypeId::STR)];
    let bytes = m.array(BYTES, &[104, 105]);
    assert_eq!(m.int("fs_kind", &[inner]), 0);
    for (name, arguments) in [
        ("fs_create_dir", &[inner][..]),
        ("fs_write", &[file, bytes]),
        ("fs_append", &[file, bytes]),
        ("fs_read", &[file, bytes]),
    ] {
        m.call(name, arguments, &failure).unwrap();
        assert_eq!(m.slots.window[0], 0, "{name}");
    }
    assert_eq!(m.words(bytes).len(), 6);
    assert_eq!(
        (m.int("fs_size", &[file]), m.int("fs_kind", &[file]), m.int("fs_kind", &[folder])),
        (4, 1, 2)
    );
    let names = m.array(STRINGS, &[]);
    m.call("fs_list", &[inner, names], &failure).unwrap();
    assert_eq!(m.words(names).into_iter().map(string_of).collect::<Vec<_>>(), ["one.txt"]);
    for (name, path) in [("fs_remove", file), ("fs_remove_dir", inner), ("fs_remove_dir", folder)] {
        m.call(name, &[path], &failure).unwrap();
        assert_eq!(m.slots.window[0], 0, "{name}");
    }
    m.call("fs_read", &[file, bytes], &failure).unwrap();
    let why = m.slots.window[0];
    assert!(string_of(why).ends_with("one.txt: No such file or directory"));
}

#[test]
fn programs_are_run() {
    let mut m = Machine::new();
    let (shell, flag, script) = (m.text("sh"), m.text("-c"), m.text("cat; echo oops >&2; exit 3"));
    let arguments = m.array(STRINGS, &[]);
    m.call("array_insert", &[arguments, Word::Int(0), flag], &[]).unwrap();
    m.call("array_insert", &[arguments, Word::Int(1), script], &[]).unwrap();
    let input = m.array(BYTES, &[104, 105]);
    let (out, err) = (m.array(BYTES, &[]), m.array(BYTES, &[]));
    let (environment, here) = (m.array(STRINGS, &[]), m.text(""));
    let results = [RegType::Int, RegType::RefNull(TypeId::STR)];
    m.call("process_run", &[shell, arguments, environment, here, input, out, err], &results).unwrap();
    assert_eq!(m.slots.window[..2], [3, 0]);
    assert_eq!((m.words(out).len(), m.words(err).len()), (2, 5));
    let missing = m.text("no-such-program");
    m.call("process_run", &[missing, arguments, environment, here, input, out, err], &results).unwrap();
    let why = m.slots.window[1];
    assert_eq!(string_of(why), "no-such-program: No such file or directory");
}
