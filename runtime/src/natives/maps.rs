//! Hash maps in order of insertion: the table beside a map's arrays of keys and values.
//!
//! ```text
//! table   [ removed, log2 of slots ] slots of two words each: { hash, entry + 1 }   bits: entries removed
//! ```
//!
//! A map of ints may have a [`dense`] table instead. A slot whose second word is 0 ends a search; one whose entry was removed stays, as a gravestone. An empty table stands for a small map
//! in which nothing is removed but by closing the gap. Tables come from the program, so that nothing about
//! their contents is taken for granted: a broken one finds wrong entries, and nothing worse.

use std::hash::Hasher;

use lang_bytecode::TrapKind;
use rustc_hash::FxHasher;

use super::call::Context;
use super::dense;
use super::failure::{Outcome, collected, trap};
use crate::heap::{AnyArray, Elem, Elements, Key, OutOfMemory, Root, Words};

type Table<'s> = Root<'s, Words>;
type Array<'s> = Root<'s, AnyArray>;

/// Words before the slots.
pub(super) const HEAD: usize = 2;
pub(super) const REMOVED: usize = 0;
pub(super) const LOG2_SLOTS: usize = 1;
/// The second word of a slot whose entry was removed.
const GRAVESTONE: u32 = u32::MAX;
/// Slots of the smallest table.
const LEAST_LOG2: u32 = 4;

/// A hash as slots keep it: any int, mixed well.
#[inline]
fn mix(hash: u64) -> u32 {
    let product = u128::from(hash ^ 0x2d35_8dcc_aa6c_78a5) * 0x9e37_79b9_7f4a_7c15;
    (product as u64 ^ (product >> 64) as u64) as u32
}

/// The hash of a key, before it is mixed.
#[inline]
fn hash_of(key: Key<'_>) -> u64 {
    match key {
        Key::Int(int) => int as u64,
        Key::Float(float) if float.is_nan() => f64::NAN.to_bits(),
        // Adding 0.0 makes a zero of either sign the positive one.
        Key::Float(float) => (float + 0.0).to_bits(),
        Key::Text(text) => {
            let mut hasher = FxHasher::default();
            hasher.write(text);
            hasher.finish()
        }
        Key::Object(_) => 0,
    }
}

/// A table that is not empty, looked at as slots: hashes, and entries + 1. Their number is a power of two.
#[derive(Clone, Copy)]
struct Slots<'t>(&'t [[u32; 2]]);

/// How many slots a table's head says it has, where they are there.
fn slot_count(table: &[u32]) -> Option<usize> {
    let count = 1usize.checked_shl(*table.get(LOG2_SLOTS)?).filter(|count| *count <= 1 << 32)?;
    (table.len() >= HEAD + 2 * count).then_some(count)
}

impl<'t> Slots<'t> {
    #[inline]
    fn of(table: &'t [u32]) -> Option<Slots<'t>> {
        let count = slot_count(table)?;
        Some(Slots(table[HEAD..HEAD + 2 * count].as_chunks().0))
    }

    /// Whether each of the entries is under the hash of its key, an int.
    fn are_of_ints(self, keys: &Elements<'_>, entries: usize) -> bool {
        let is_of_int = |hash: u32, entry: usize| match keys.key(entry) {
            Some(Key::Int(key)) => entry < entries && hash == mix(key as u64),
            _ => false,
        };
        (self.0.iter())
            .all(|slot| slot[1] == 0 || slot[1] == GRAVESTONE || is_of_int(slot[0], slot[1] as usize - 1))
    }

    /// The first entry under a hash that is wanted, from so many steps behind its first slot on, and the steps behind it.
    #[inline]
    fn find(self, hash: u32, from: usize, is_wanted: impl Fn(usize) -> bool) -> Option<(usize, usize)> {
        let last = self.0.len() - 1;
        for step in from..self.0.len() {
            let [kept, entry] = self.0[(hash as usize).wrapping_add(step) & last];
            if entry == 0 {
                return None;
            }
            if kept == hash && entry != GRAVESTONE && is_wanted(entry as usize - 1) {
                return Some((entry as usize - 1, step + 1));
            }
        }
        None
    }
}

/// The entry of a key and its hash, which an empty table has no use for.
#[inline(always)]
fn find(
    table: &[u32],
    entries: usize,
    hash: impl FnOnce() -> u64,
    is_key: impl Fn(usize) -> bool,
) -> (i64, i64) {
    if table.is_empty() {
        return ((0..entries).find(|entry| is_key(*entry)).map_or(-1, |entry| entry as i64), 0);
    }
    let hash = hash();
    let Some(slots) = Slots::of(table) else { return (-1, hash as i64) };
    let found = slots.find(mix(hash), 0, is_key);
    (found.map_or(-1, |(entry, _)| entry as i64), hash as i64)
}

pub(super) fn map_find<'s>(
    cx: &mut Context<'s>,
    table: Table<'s>,
    keys: Array<'s>,
    wanted: Elem<'s>,
) -> Outcome<(i64, i64)> {
    let table = cx.heap.words(table);
    if let Some(slots) = dense::slots(table) {
        let key = wanted.word() as i64;
        return Ok((dense::find(slots, key), key));
    }
    let elements = cx.heap.elements(keys);
    let key = elements.key_of(wanted);
    // The usual types have code of their own.
    Ok(match (&elements, key) {
        (Elements::I64(ints), Key::Int(int)) => {
            find(table, ints.len(), || int as u64, |entry| ints.get(entry) == Some(&int))
        }
        (Elements::Strings(texts), Key::Text(_)) => {
            find(table, texts.len(), || hash_of(key), |entry| elements.is_key(entry, key))
        }
        _ => find(table, elements.len(), || hash_of(key), |entry| elements.is_key(entry, key)),
    })
}

pub(super) fn map_probe<'s>(
    cx: &mut Context<'s>,
    table: Table<'s>,
    hash: i64,
    from: i64,
) -> Outcome<(i64, i64)> {
    let table = cx.heap.words(table);
    if let Some(slots) = dense::slots(table) {
        return Ok((if from == 0 { dense::find(slots, hash) } else { -1 }, 1));
    }
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let found = Slots::of(table).and_then(|slots| slots.find(mix(hash as u64), from, |_| true));
    Ok(found.map_or((-1, 0), |(entry, next)| (entry as i64, next as i64)))
}

/// How many links a table of so many slots takes.
fn most_links(slots: usize) -> usize {
    slots / 4 * 3
}

/// Puts an entry into the first free slot of its hash; there is one.
fn put(table: &mut [u32], mask: usize, hash: u32, entry: u32) {
    for step in 0..=mask {
        let slot = HEAD + 2 * ((hash as usize).wrapping_add(step) & mask);
        if table[slot + 1] == 0 {
            (table[slot], table[slot + 1]) = (hash, entry + 1);
            return;
        }
    }
}

/// A table of zeros.
fn zeros(words: usize) -> Outcome<Vec<u32>> {
    let mut table = Vec::new();
    table.try_reserve_exact(words).map_err(|_| OutOfMemory)?;
    table.resize(words, 0);
    Ok(table)
}

/// A table of so many slots with the links of another one, whose removed entries stay marked.
fn rebuilt(old: &[u32], log2: u32) -> Outcome<Vec<u32>> {
    let count = 1usize.checked_shl(log2).filter(|count| *count < 1 << 32).ok_or(OutOfMemory)?;
    let words = HEAD + 2 * count + most_links(count).div_ceil(32);
    let mut table = zeros(words)?;
    table[LOG2_SLOTS] = log2;
    if let Some(slots) = dense::slots(old) {
        for (key, slot) in slots.iter().enumerate().filter(|(_, slot)| **slot != 0) {
            put(&mut table, count - 1, mix(key as u64), *slot - 1);
        }
    } else if let Some(slots) = Slots::of(old) {
        for [hash, entry] in slots.0.iter().filter(|slot| slot[1] != 0 && slot[1] != GRAVESTONE) {
            put(&mut table, count - 1, *hash, *entry - 1);
        }
    } else {
        return Ok(table);
    }
    table[REMOVED] = old[REMOVED];
    let (bits, old_bits) = (HEAD + 2 * count, removed_bits(old));
    let shared = old_bits.len().min(words - bits);
    table[bits..bits + shared].copy_from_slice(&old_bits[..shared]);
    Ok(table)
}

/// What a table is to have room for.
#[derive(Clone, Copy)]
struct Links {
    all: usize,
    /// How many of them, the last ones, are not in the table yet.
    new: usize,
    /// Whether the hashes of the new ones are their keys, as those of ints are.
    by_key: bool,
}

/// What a table becomes, with the logarithm of its slots' number.
#[derive(Clone, Copy)]
enum Form {
    Hashed(u32),
    Dense(u32),
}

impl Form {
    /// The form and the size of a table with these links.
    fn choose(old: &[u32], keys: &Elements<'_>, links: Links) -> Form {
        let mut log2 = if slot_count(old).is_some() { old[LOG2_SLOTS].saturating_add(1) } else { LEAST_LOG2 };
        while log2 < 32 && most_links(1 << log2) < links.all {
            log2 += 1;
        }
        if !links.by_key {
            return Form::Hashed(log2);
        }
        // A dense slot takes half the room.
        dense::log2_for(keys, links.all, removed_bits(old), log2 + 1)
            .filter(|_| Slots::of(old).is_none_or(|slots| slots.are_of_ints(keys, links.all - links.new)))
            .map_or(Form::Hashed(log2), Form::Dense)
    }

    /// About how many bytes a table takes up.
    fn bytes(self) -> usize {
        match self {
            Form::Hashed(log2) => 8usize.checked_shl(log2).unwrap_or(usize::MAX),
            Form::Dense(log2) => 4 * dense::words(log2),
        }
    }

    /// The table that another one becomes: with the links that this has, and with all where it is dense.
    fn build(self, old: &[u32], keys: &Elements<'_>, links: usize) -> Outcome<Vec<u32>> {
        match self {
            Form::Hashed(log2) => rebuilt(old, log2),
            Form::Dense(log2) => {
                let mut table = zeros(dense::words(log2))?;
                dense::fill(&mut table, log2, keys, links, removed_bits(old));
                Ok(table)
            }
        }
    }
}

/// Gives a table room for its links. One that becomes dense has them all.
fn grow(cx: &mut Context<'_>, table: Table<'_>, keys: Array<'_>, links: Links) -> Outcome<()> {
    let old = cx.heap.words(table);
    let elements = cx.heap.elements(keys);
    let form = Form::choose(old, &elements, links);
    if !cx.heap.could_hold(form.bytes()) {
        return Err(OutOfMemory.into());
    }
    let grown = form.build(old, &elements, links.all)?;
    Ok(cx.heap.set_words(table, &grown)?)
}

/// Makes an entry known. The table has room.
fn link(table: &mut [u32], entry: usize, hash: u64) {
    if let (Some(count), Ok(entry)) = (slot_count(table), u32::try_from(entry)) {
        put(table, count - 1, mix(hash), entry);
    }
}

pub(super) fn map_link<'s>(
    cx: &mut Context<'s>,
    table: Table<'s>,
    keys: Array<'s>,
    entry: i64,
    hash: i64,
) -> Outcome<()> {
    let Some(place) = u32::try_from(entry).ok().filter(|entry| *entry < u32::MAX - 1) else {
        return trap(TrapKind::Argument, format!("a map cannot have an entry {entry}"));
    };
    let entry = place as usize;
    let is_int = cx.heap.elements(keys).key(entry) == Some(Key::Int(hash));
    if is_int && dense::link(cx.heap.words_mut(table), place, hash) {
        return Ok(());
    }
    let room = slot_count(cx.heap.words(table)).map_or(0, most_links);
    if entry >= room {
        grow(cx, table, keys, Links { all: entry + 1, new: 1, by_key: is_int })?;
        if dense::slots(cx.heap.words(table)).is_some() {
            return Ok(());
        }
    }
    link(cx.heap.words_mut(table), entry, hash as u64);
    Ok(())
}

pub(super) fn map_link_all<'s>(cx: &mut Context<'s>, table: Table<'s>, keys: Array<'s>) -> Outcome<()> {
    let count = cx.heap.len(keys);
    if count >= u32::MAX as usize - 1 {
        return Err(OutOfMemory.into());
    }
    grow(cx, table, keys, Links { all: count, new: count, by_key: true })?;
    if dense::slots(cx.heap.words(table)).is_some() {
        return Ok(());
    }
    for entry in 0..count {
        let hash = cx.heap.elements(keys).key(entry).map_or(0, hash_of);
        link(cx.heap.words_mut(table), entry, hash);
    }
    Ok(())
}

pub(super) fn map_unlink<'s>(cx: &mut Context<'s>, table: Table<'s>, entry: i64, hash: i64) -> Outcome<()> {
    let table = cx.heap.words_mut(table);
    let Ok(entry) = u32::try_from(entry) else { return Ok(()) };
    if dense::unlink(table, entry, hash) {
        return Ok(());
    }
    let Some(count) = slot_count(table) else { return Ok(()) };
    let hash = mix(hash as u64);
    for step in 0..count {
        let slot = HEAD + 2 * ((hash as usize).wrapping_add(step) & (count - 1));
        match table[slot + 1] {
            0 => return Ok(()),
            found if found == entry.wrapping_add(1) => {
                table[slot + 1] = GRAVESTONE;
                table[REMOVED] = table[REMOVED].saturating_add(1);
                if let Some(bits) = table.get_mut(HEAD + 2 * count + entry as usize / 32) {
                    *bits |= 1 << (entry % 32);
                }
                return Ok(());
            }
            _ => {}
        }
    }
    Ok(())
}

/// The bits of a table, one for each entry, set where it was removed.
fn removed_bits(table: &[u32]) -> &[u32] {
    if table.first().is_none_or(|removed| *removed == 0) {
        return &[];
    }
    let hashed = || slot_count(table).map(|count| &table[HEAD + 2 * count..]);
    dense::bits(table).or_else(hashed).unwrap_or(&[])
}

pub(super) fn is_removed(bits: &[u32], entry: usize) -> bool {
    bits.get(entry / 32).is_some_and(|word| word >> (entry % 32) & 1 == 1)
}

pub(super) fn map_next<'s>(cx: &mut Context<'s>, table: Table<'s>, from: i64, count: i64) -> Outcome<i64> {
    let bits = removed_bits(cx.heap.words(table));
    let mut entry = from.max(0);
    while entry < count && is_removed(bits, entry as usize) {
        entry += 1;
    }
    Ok(entry.min(count))
}

pub(super) fn map_compact<'s>(cx: &mut Context<'s>, table: Table<'s>, array: Array<'s>) -> Outcome<()> {
    let removed = removed_bits(cx.heap.words(table));
    let mut bits = Vec::new();
    bits.try_reserve_exact(removed.len()).map_err(|_| OutOfMemory)?;
    bits.extend_from_slice(removed);
    cx.heap.retain(array, |entry| !is_removed(&bits, entry));
    Ok(())
}

pub(super) fn map_renumber<'s>(cx: &mut Context<'s>, table: Table<'s>) -> Outcome<()> {
    let table = cx.heap.words_mut(table);
    // How many entries before each one were removed, in steps of a word of bits.
    let mut sum = 0u32;
    let before = collected(removed_bits(table).iter().map(|word| {
        let before = sum;
        sum += word.count_ones();
        (before, *word)
    }))?;
    let place = |entry: u32| {
        let (sum, word) = before.get(entry as usize / 32).copied().unwrap_or((sum, 0));
        entry.saturating_sub(sum + (word & ((1 << (entry % 32)) - 1)).count_ones())
    };
    if dense::renumber(table, place) {
        return Ok(());
    }
    let Some(count) = slot_count(table) else { return Ok(()) };
    let links = table[HEAD..HEAD + 2 * count].chunks_exact(2);
    let live = collected(
        links.filter(|slot| slot[1] != 0 && slot[1] != GRAVESTONE).map(|slot| (slot[0], place(slot[1] - 1))),
    )?;
    table[HEAD..].fill(0);
    for (hash, entry) in live {
        put(table, count - 1, hash, entry);
    }
    table[REMOVED] = 0;
    Ok(())
}
