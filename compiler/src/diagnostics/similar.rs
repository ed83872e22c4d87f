//! Finds the name that was meant.

/// The candidate closest to a misspelt name, if one is close enough to be what was meant: at most a
/// third of its characters differ, where a swap of neighbours counts once and case counts nothing.
pub fn similar<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    if wanted.len() > 60 {
        return None;
    }
    let allowed = (wanted.len() / 3).max(1);
    let mut best = None;
    for candidate in candidates {
        if candidate == name || candidate.len() > 4 * 60 {
            continue;
        }
        let other: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        if other.len().abs_diff(wanted.len()) > allowed {
            continue;
        }
        let distance = distance(&wanted, &other);
        let whole = distance >= wanted.len().max(other.len());
        if distance <= allowed && !whole && best.is_none_or(|(_, least)| distance < least) {
            best = Some((candidate, distance));
        }
    }
    best.map(|(candidate, _)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours that make one of the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + changed);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::similar;

    #[test]
    fn finds_what_was_meant() {
        assert_eq!(similar("lenght", ["push", "length", "len"]), Some("length"));
        assert_eq!(similar("totl", ["total", "tool"]), Some("total"));
        assert_eq!(similar("Count", ["count"]), Some("count"));
        assert_eq!(similar("ad", ["add", "area"]), Some("add"));
        assert_eq!(similar("x", ["y", "z"]), None);
        assert_eq!(similar("mathematics", ["math"]), None);
        assert_eq!(similar("größe", ["große", "great"]), Some("große"));
    }
}
