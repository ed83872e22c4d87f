//! Gives what ariadne drew of a [view](super::view) the files' names and line numbers.

use super::view::{NAME_MARK, Shown};

/// Gives files their names and lines the numbers that they have in their files, with a margin as wide as
/// these need. A row is known by how it begins: with the margin, a number in it, or the rule below the report.
pub(super) fn renumber(drawn: &str, views: &[Shown]) -> String {
    let digits = |number: usize| number.checked_ilog10().unwrap_or(0) as usize + 1;
    let last = |shown: &Shown| shown.lines.last().copied().unwrap_or(0) as usize;
    let width = digits(views.iter().map(last).max().unwrap_or(0));
    let more = width.saturating_sub(digits(views.iter().map(|shown| shown.lines.len()).max().unwrap_or(0)));
    let mut view = views.first();
    let mut out = String::with_capacity(drawn.len() + 256);
    for row in drawn.lines() {
        let (margin, rest) = split_margin(row);
        // What follows a row's first space may be coloured, spaces and all.
        let colored = margin.rfind('m').map_or(margin.len().min(1), |end| end + 1);
        let number = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if let Some((before, name)) = row.split_once(NAME_MARK) {
            let (id, place) = name.split_once(':').unwrap_or((name, ""));
            view = id.parse().ok().and_then(|id: usize| views.get(id));
            let (line, rest) = place.split_once(':').unwrap_or((place, ""));
            let path = view.map_or("", |view| &view.path);
            let line = in_file(view, line);
            out += &format!("{:more$}{before}{path}:{line}:{rest}", "");
        } else if number > 0 {
            let line = in_file(view, &rest[..number]);
            out += &format!("{}{line:>width$}{}", &margin[..colored], &rest[number..]);
        } else if let Some(rule) =
            rest.chars().next().filter(|c| !margin.contains(' ') && ['-', '─'].contains(c))
        {
            out.push_str(&row[..row.len() - rest.len()]);
            out.extend(std::iter::repeat_n(rule, more));
            out.push_str(rest);
        } else {
            let at = if margin.ends_with(' ') { colored } else { 0 };
            out += &format!("{}{:more$}{}", &row[..at], "", &row[at..]);
        }
        out.push('\n');
    }
    out
}

/// The spaces and the escape that a row begins with, and the rest.
fn split_margin(row: &str) -> (&str, &str) {
    let mut rest = row.trim_start_matches(' ');
    if let Some((_, behind)) = rest.strip_prefix('\x1b').and_then(|escape| escape.split_once('m')) {
        rest = behind.trim_start_matches(' ');
    }
    row.split_at(row.len() - rest.len())
}

/// The number in its file of a line of a view, as it is drawn.
fn in_file(view: Option<&Shown>, drawn: &str) -> u32 {
    let index = drawn.parse().ok().and_then(|number: usize| number.checked_sub(1));
    index.zip(view).and_then(|(index, view)| view.lines.get(index).copied()).unwrap_or(0)
}
