//! Finds the name that was meant.

use std::collections::BTreeMap;

/// Longer names are not compared.
const LONGEST: usize = 60;

/// The candidate closest to a misspelt name, if one is close enough to be what was meant: at most a
/// third of its characters differ, where a swap of neighbours counts once and case counts nothing.
pub fn similar<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<&str> = candidates.into_iter().filter(|&candidate| candidate != name).collect();
    let spellings = Spellings::of(candidates.iter().enumerate().map(|(index, text)| (*text, index)));
    spellings.closest(name, |_| true).map(|close| candidates[close.value])
}

/// A name that is close to a misspelt one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Close<T> {
    /// What stands for it.
    pub value: T,
    /// How many changes make one of the other, but for case.
    pub distance: usize,
    /// Whether no other name is close enough to be what was meant.
    pub alone: bool,
}

/// Names to find misspelt ones among, prepared so that few have to be compared.
#[derive(Debug)]
pub struct Spellings<T> {
    /// By their counts of characters, in the order in which they came.
    by_length: BTreeMap<usize, Vec<Spelling<T>>>,
}

#[derive(Debug)]
struct Spelling<T> {
    /// In small letters.
    text: Box<str>,
    /// Which characters occur, as bits of their codes modulo 64.
    letters: u64,
    value: T,
}

impl<T: Copy> Spellings<T> {
    /// Prepares names, each with what stands for it.
    pub fn of<'a>(names: impl IntoIterator<Item = (&'a str, T)>) -> Spellings<T> {
        let mut by_length: BTreeMap<usize, Vec<Spelling<T>>> = BTreeMap::new();
        for (name, value) in names {
            let text: Box<str> = name.chars().flat_map(char::to_lowercase).collect();
            let length = text.chars().count();
            if length <= LONGEST {
                let spelling = Spelling { letters: letters(&text), text, value };
                by_length.entry(length).or_default().push(spelling);
            }
        }
        Spellings { by_length }
    }

    /// As [`similar`], among those that `fits` accepts. Of several at the same distance it is the one that begins as
    /// the name does for longest.
    pub fn closest(&self, name: &str, fits: impl Fn(T) -> bool) -> Option<Close<T>> {
        let wanted: String = name.chars().flat_map(char::to_lowercase).collect();
        let length = wanted.chars().count();
        if length > LONGEST {
            return None;
        }
        let pattern = Pattern::new(&wanted);
        let allowed = (length / 3).max(1);
        let (mut best, mut begin): (Option<Close<T>>, usize) = (None, 0);
        for candidates in near(length, allowed).filter_map(|length| self.by_length.get(&length)) {
            for candidate in candidates {
                let begins = || common(&candidate.text, &wanted);
                // Once there are several, only a better one matters.
                let worst = match best {
                    Some(Close { distance: 0, .. }) => return best,
                    Some(Close { distance, alone: false, .. }) if begins() <= begin => distance - 1,
                    Some(Close { distance, alone: false, .. }) => distance,
                    _ => allowed,
                };
                // A change takes away one letter and brings another at most.
                if (candidate.letters ^ pattern.letters).count_ones() as usize > 2 * worst {
                    continue;
                }
                let distance = pattern.distance(&candidate.text);
                let whole = distance >= length && distance >= candidate.text.chars().count();
                if distance > worst || whole || !fits(candidate.value) {
                    continue;
                }
                let better = |close: Close<T>| (close.distance, begins()) > (distance, begin);
                if best.is_none_or(better) {
                    best = Some(Close { value: candidate.value, distance, alone: best.is_none() });
                    begin = begins();
                } else {
                    best = best.map(|close| Close { alone: false, ..close });
                }
            }
        }
        best
    }
}

/// How many bytes two texts begin with are the same.
fn common(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// The lengths that differ by so much at most, the closest first.
fn near(length: usize, allowed: usize) -> impl Iterator<Item = usize> {
    let both = move |by: usize| [Some(length + by), length.checked_sub(by).filter(|_| by > 0)];
    (0..=allowed).flat_map(both).flatten()
}

fn letters(text: &str) -> u64 {
    text.chars().fold(0, |letters, c| letters | 1 << (u32::from(c) % 64))
}

/// A name to compare others with: for each of its characters, the places where it stands, as bits.
struct Pattern {
    ascii: [u64; 128],
    others: Vec<(char, u64)>,
    letters: u64,
    length: usize,
}

impl Pattern {
    /// Of a name of at most 64 characters.
    fn new(text: &str) -> Pattern {
        let mut pattern = Pattern { ascii: [0; 128], others: Vec::new(), letters: letters(text), length: 0 };
        for (index, c) in text.chars().enumerate() {
            match pattern.ascii.get_mut(c as usize) {
                Some(places) => *places |= 1 << index,
                None => pattern.others.push((c, 1 << index)),
            }
            pattern.length += 1;
        }
        pattern
    }

    fn places(&self, c: char) -> u64 {
        match self.ascii.get(c as usize) {
            Some(places) => *places,
            None => {
                self.others.iter().filter(|(other, _)| *other == c).fold(0, |all, (_, place)| all | place)
            }
        }
    }

    /// Insertions, deletions, replacements and swaps of neighbours that make one of the other, a column of the
    /// table at a time as bits. (H. Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit
    /// Distances", 2003.)
    fn distance(&self, text: &str) -> usize {
        if self.length == 0 {
            return text.chars().count();
        }
        let last = 1 << (self.length - 1);
        let (mut up, mut down, mut same, mut before) = (u64::MAX, 0u64, 0u64, 0u64);
        let mut distance = self.length;
        for c in text.chars() {
            let places = self.places(c);
            let swapped = ((!same & places) << 1) & before;
            same = ((places & up).wrapping_add(up) ^ up) | places | down | swapped;
            let (right_up, right_down) = (down | !(same | up), same & up);
            distance = distance + usize::from(right_up & last != 0) - usize::from(right_down & last != 0);
            let right_up = right_up << 1 | 1;
            up = right_down << 1 | !(same | right_up);
            down = right_up & same;
            before = places;
        }
        distance
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Spellings, similar};

    #[test]
    fn finds_what_was_meant() {
        assert_eq!(similar("lenght", ["push", "length", "len"]), Some("length"));
        assert_eq!(similar("totl", ["total", "tool"]), Some("total"));
        assert_eq!(similar("Count", ["count"]), Some("count"));
        assert_eq!(similar("ad", ["add", "area"]), Some("add"));
        assert_eq!(similar("x", ["y", "z"]), None);
        assert_eq!(similar("mathematics", ["math"]), None);
        assert_eq!(similar("größe", ["große", "great"]), Some("große"));
        assert_eq!(similar("", ["a"]), None);
    }

    #[test]
    fn says_whether_another_is_close() {
        let spellings = Spellings::of([("width", 0), ("height", 1), ("weight", 2), ("left", 3)]);
        let alone = |name| spellings.closest(name, |_| true).map(|close| (close.value, close.alone));
        assert_eq!(alone("widht"), Some((0, true)));
        assert_eq!(alone("heigth"), Some((1, false)));
        assert_eq!(alone("Left"), Some((3, true)));
        assert_eq!(spellings.closest("heigth", |value| value != 1).map(|close| close.value), Some(2));
    }

    /// The table of distances as it is in books, a cell at a time.
    fn by_table(a: &[u8], b: &[u8]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                if i == 0 || j == 0 {
                    table[i][j] = i + j;
                    continue;
                }
                let changed = usize::from(a[i - 1] != b[j - 1]);
                let cell = (table[i - 1][j] + 1).min(table[i][j - 1] + 1).min(table[i - 1][j - 1] + changed);
                let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                table[i][j] = if swapped { cell.min(table[i - 2][j - 2] + 1) } else { cell };
            }
        }
        table[a.len()][b.len()]
    }

    #[test]
    fn the_bits_count_what_the_table_counts() {
        let words: Vec<String> = (0..3u32.pow(5))
            .map(|word| (0..word % 6).map(|i| ["a", "b", "c"][(word / 3u32.pow(i) % 3) as usize]).collect())
            .collect();
        for a in &words {
            let pattern = Pattern::new(a);
            for b in &words {
                assert_eq!(pattern.distance(b), by_table(a.as_bytes(), b.as_bytes()), "{a} {b}");
            }
        }
    }
}
