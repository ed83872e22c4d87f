//! Makes a source text smaller while it still fails: whole blocks and lines go, and blocks lose what is around them.

/// The smallest text that this way of cutting leads to, and that still fails.
pub fn shrunk(source: &str, fails: &dyn Fn(&str) -> bool) -> String {
    let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
    loop {
        let before = lines.len();
        let mut at = lines.len();
        while at > 0 {
            at -= 1;
            let end = end_of(&lines, at);
            let cut = [lines[..at].to_vec(), lines[end + 1..].to_vec()].concat();
            let bare =
                [lines[..at].to_vec(), lines[at + 1..end.max(at + 1)].to_vec(), lines[end + 1..].to_vec()];
            if fails(&text(&cut)) {
                lines = cut;
            } else if end > at && fails(&text(&bare.concat())) {
                lines = bare.concat();
            }
            at = at.min(lines.len());
        }
        if lines.len() == before {
            return text(&lines);
        }
    }
}

/// The last line of the block that begins in a line; that line itself where none does.
fn end_of(lines: &[String], at: usize) -> usize {
    let mut open = 0;
    for (number, line) in lines.iter().enumerate().skip(at) {
        let count = |bracket| line.matches(bracket).count() as i64;
        open += count('{') - count('}');
        if open <= 0 {
            return number;
        }
    }
    at
}

fn text(lines: &[String]) -> String {
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_fails_is_all_that_is_left() {
        let source = "fn f() {\n  if a {\n    b\n    c\n  }\n}\nfn g() {\n  h\n}\n";
        assert_eq!(super::shrunk(source, &|text| text.contains("c\n")), "    c\n");
        assert_eq!(super::shrunk("a\n", &|_| false), "a\n");
    }
}
