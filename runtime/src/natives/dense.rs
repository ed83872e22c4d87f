//! Tables of maps whose keys are ints from 0 on with few gaps: a slot for each key, nothing to be hashed or searched.
//!
//! ```text
//! table   [ removed, DENSE + log2 of slots ] a slot for each key: entry + 1, or 0   bits: entries removed
//! ```
//!
//! Which form a table has is chosen anew each time it grows ([`log2_for`]): this one where it takes no more room than hashes would.

use super::maps::{HEAD, LOG2_SLOTS, REMOVED, is_removed};
use crate::heap::{Elements, Key};

/// Marks the second word of a dense table.
const DENSE: u32 = 1 << 31;
/// Slots of the smallest dense table: two words of bits.
const LEAST_LOG2: u32 = 5;

/// How many slots a table has, where it is dense, and as long as it says.
fn slot_count(table: &[u32]) -> Option<usize> {
    let count = 1usize << (table.get(LOG2_SLOTS)?.checked_sub(DENSE)? & 31);
    (table.len() >= HEAD + count).then_some(count)
}

/// The slots of a table, where it is dense.
#[inline]
pub(super) fn slots(table: &[u32]) -> Option<&[u32]> {
    Some(&table[HEAD..HEAD + slot_count(table)?])
}

/// The entry of a key, or -1.
#[inline]
pub(super) fn find(slots: &[u32], key: i64) -> i64 {
    usize::try_from(key).ok().and_then(|key| slots.get(key)).map_or(-1, |slot| i64::from(*slot) - 1)
}

/// Makes an entry known, where a dense table has a slot for its key.
pub(super) fn link(table: &mut [u32], entry: u32, key: i64) -> bool {
    let Some(count) = slot_count(table) else { return false };
    match usize::try_from(key) {
        Ok(key) if key < count && (entry as usize) < most_entries(count) => {
            table[HEAD + key] = entry + 1;
            true
        }
        _ => false,
    }
}

/// Marks the entry of a key as removed; false where the table is not dense.
pub(super) fn unlink(table: &mut [u32], entry: u32, key: i64) -> bool {
    let Some(count) = slot_count(table) else { return false };
    let slot =
        usize::try_from(key).ok().filter(|key| *key < count && table[HEAD + key] == entry.wrapping_add(1));
    if let Some(key) = slot {
        table[HEAD + key] = 0;
        table[REMOVED] = table[REMOVED].saturating_add(1);
        if let Some(bits) = table.get_mut(HEAD + count + entry as usize / 32) {
            *bits |= 1 << (entry % 32);
        }
    }
    true
}

/// The bits of a dense table, one for each entry.
pub(super) fn bits(table: &[u32]) -> Option<&[u32]> {
    Some(&table[HEAD + slot_count(table)?..])
}

/// Gives each entry the place that a function says, after those removed are gone; false where the table is not dense.
pub(super) fn renumber(table: &mut [u32], place: impl Fn(u32) -> u32) -> bool {
    let Some(count) = slot_count(table) else { return false };
    table[REMOVED] = 0;
    table[HEAD..HEAD + count]
        .iter_mut()
        .filter(|slot| **slot != 0)
        .for_each(|slot| *slot = place(*slot - 1) + 1);
    table[HEAD + count..].fill(0);
    true
}

/// How many entries a table of so many slots has bits for: keys that come and go leave as many behind as there are.
fn most_entries(slots: usize) -> usize {
    2 * slots
}

/// How many slots a dense table of the first so many entries needs; none where that is more than `most`, or where a key is no int or negative.
pub(super) fn log2_for(keys: &Elements<'_>, entries: usize, removed: &[u32], most: u32) -> Option<u32> {
    let limit = 1i64 << most.min(30);
    let mut last = 0;
    for entry in (0..entries).filter(|entry| !is_removed(removed, *entry)) {
        match keys.key(entry)? {
            Key::Int(key) if (0..limit).contains(&key) => last = last.max(key),
            _ => return None,
        }
    }
    let slots = (last as usize + 1).max(entries / 2 + 1).next_power_of_two();
    Some(slots.ilog2().max(LEAST_LOG2)).filter(|log2| *log2 <= most)
}

/// How many words a table takes.
pub(super) fn words(log2: u32) -> usize {
    let slots = 1 << log2;
    HEAD + slots + most_entries(slots) / 32
}

/// Fills a table, all zero, with the entries that [`log2_for`] looked at.
pub(super) fn fill(table: &mut [u32], log2: u32, keys: &Elements<'_>, entries: usize, removed: &[u32]) {
    table[LOG2_SLOTS] = DENSE + log2;
    for entry in (0..entries).filter(|entry| !is_removed(removed, *entry)) {
        if let Some(Key::Int(key)) = keys.key(entry) {
            table[HEAD + key as usize] = entry as u32 + 1;
        }
    }
    table[REMOVED] = removed.iter().map(|word| word.count_ones()).sum();
    let bits = &mut table[HEAD + (1 << log2)..];
    let shared = bits.len().min(removed.len());
    bits[..shared].copy_from_slice(&removed[..shared]);
}
