//! Damages bytes as disks, networks and attackers do.

use super::random::Random;

const TELLING: [u64; 14] = [
    0,
    1,
    2,
    7,
    8,
    0x7f,
    0x80,
    0xff,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    i64::MAX as u64,
    u64::MAX,
];

/// Changes a few places of `bytes`, in one of the usual ways each.
pub fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        if bytes.is_empty() {
            bytes.push(random.next() as u8);
        }
        change(bytes, random);
    }
}

fn change(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len());
    match random.below(12) {
        0..3 => bytes[at] ^= 1 << random.below(8),
        3..5 => bytes[at] = random.next() as u8,
        5 => bytes[at] = bytes[at].wrapping_add(1),
        6 => bytes[at] = bytes[at].wrapping_sub(1),
        7 | 8 => {
            let number = random.pick(&TELLING).to_le_bytes();
            let width = 1 << random.below(4);
            let end = (at + width).min(bytes.len());
            bytes[at..end].copy_from_slice(&number[..end - at]);
        }
        9 => copy_within(bytes, at, random),
        10 if random.one_in(2) => bytes.truncate(at),
        10 => drop(bytes.drain(at..(at + 1 + random.below(16)).min(bytes.len()))),
        _ => {
            let extra = (0..=random.below(16)).map(|_| random.next() as u8);
            bytes.splice(at..at, extra.collect::<Vec<u8>>());
        }
    }
}

fn copy_within(bytes: &mut [u8], at: usize, random: &mut Random) {
    let to = random.below(bytes.len());
    let length = (1 + random.below(16)).min(bytes.len() - at.max(to));
    bytes.copy_within(at..at + length, to);
}

/// Makes the checksum of a bytecode file right again, so that the damage reaches what lies behind it.
pub fn reseal(bytes: &mut [u8]) {
    /// Where the checksum stands in a file without a first line for the shell.
    const PLACE: std::ops::Range<usize> = 12..16;
    if bytes.len() < PLACE.end {
        return;
    }
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&bytes[..PLACE.start]);
    hasher.update(&bytes[PLACE.end..]);
    bytes[PLACE].copy_from_slice(&hasher.finalize().to_le_bytes());
}

/// Gives two sections of a bytecode file each other's size, so that those between are read as what they are not.
pub fn swap_sections(bytes: &mut [u8], random: &mut Random) {
    const TABLE: usize = 20;
    const ENTRY: usize = 12;
    let Some(Ok(count)) = bytes.get(16..TABLE).map(<[u8; 4]>::try_from) else { return };
    let count = u32::from_le_bytes(count) as usize;
    if count == 0 || bytes.len() < TABLE + count * ENTRY {
        return;
    }
    // The kinds ascend in the table; the sizes are exchanged, which moves the borders between the sections.
    let (one, other) = (random.below(count), random.below(count));
    for byte in 4..ENTRY {
        bytes.swap(TABLE + one * ENTRY + byte, TABLE + other * ENTRY + byte);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_resealed_file_is_what_it_was() {
        let module = lang_bytecode::Module { name: "x".to_owned(), ..Default::default() };
        let whole = lang_bytecode::write(&module);
        let mut sealed = whole.clone();
        sealed[12] ^= 1;
        super::reseal(&mut sealed);
        assert_eq!(sealed, whole);
    }
}
