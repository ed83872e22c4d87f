//! Puts labels where ariadne needs more rows for them: words follow an underline where there is room, as in
//! `^^^^ this is `int``, and other arrows are short.

/// A row as it is shown: each character with the escape that colours it.
struct Row<'t>(Vec<(char, &'t str)>);

/// The end of an arrow: where its corner is, and where its words begin, behind the row's end if it has none.
#[derive(Clone, Copy)]
struct Arrow {
    corner: usize,
    words: usize,
}

const NO_COLOR: &str = "";
const RESET: &str = "0";

/// Takes rows and padding away from what ariadne drew. With `flat`, no label goes over several lines.
pub(super) fn tidy(drawn: &str, flat: bool) -> String {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut advice = false;
    for line in drawn.lines() {
        let mut row = Row::read(line);
        advice |= row.begins_advice();
        if advice {
            rows.push(row);
            continue;
        }
        if let Some(arrow) = row.arrow() {
            let last = rows.last_mut().filter(|_| flat || row.words_of(arrow).is_empty());
            if last.is_some_and(|above| above.take(&row, arrow)) {
                continue;
            }
            if flat {
                row.shorten(arrow);
            }
        } else if flat && row.is_bars() && rows.last().is_some_and(|above| !above.is_source()) {
            continue;
        }
        rows.push(row);
    }
    let mut out = String::with_capacity(drawn.len());
    rows.iter().for_each(|row| row.write(&mut out));
    out
}

impl<'t> Row<'t> {
    fn read(line: &'t str) -> Row<'t> {
        let mut cells = Vec::with_capacity(line.len());
        let (mut rest, mut color) = (line, NO_COLOR);
        while let Some(c) = rest.chars().next() {
            match rest.strip_prefix("\x1b[").and_then(|escape| escape.split_once('m')) {
                Some((code, behind)) => {
                    color = if code == RESET { NO_COLOR } else { code };
                    rest = behind;
                }
                None => {
                    cells.push((c, color));
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        let kept = cells.iter().rposition(|(c, _)| *c != ' ').map_or(0, |last| last + 1);
        cells.truncate(kept);
        Row(cells)
    }

    fn write(&self, out: &mut String) {
        let mut color = NO_COLOR;
        for &(c, next) in &self.0 {
            if next != color {
                if color != NO_COLOR {
                    out.push_str("\x1b[0m");
                }
                if next != NO_COLOR {
                    out.push_str("\x1b[");
                    out.push_str(next);
                    out.push('m');
                }
                color = next;
            }
            out.push(c);
        }
        if color != NO_COLOR {
            out.push_str("\x1b[0m");
        }
        out.push('\n');
    }

    /// The cells behind the margin, with the place of the first; nothing for rows without a margin of its own.
    fn content(&self) -> Option<(usize, &[(char, &'t str)])> {
        let margin = self.0.iter().position(|(c, _)| *c != ' ')?;
        matches!(self.0[margin].0, '|' | '│').then(|| (margin + 1, &self.0[margin + 1..]))
    }

    /// Whether it shows a line of a program.
    fn is_source(&self) -> bool {
        self.0.iter().find(|(c, _)| *c != ' ').is_some_and(|(c, _)| c.is_ascii_digit())
    }

    /// Whether it begins what stands below the excerpt.
    fn begins_advice(&self) -> bool {
        let begins = |word: &str| {
            let cells = self.content().map_or(&[] as &[_], |(_, cells)| cells);
            word.chars().eq(cells.iter().map(|(c, _)| *c).take(word.len()))
        };
        begins(" Help") || begins(" Note")
    }

    /// Whether it shows only how arrows go down.
    fn is_bars(&self) -> bool {
        self.content().is_some_and(|(_, cells)| {
            !cells.is_empty() && cells.iter().all(|(c, _)| matches!(c, ' ' | '|' | '│'))
        })
    }

    /// The arrow that ends in it.
    fn arrow(&self) -> Option<Arrow> {
        let (start, cells) = self.content()?;
        let corner = cells.iter().position(|(c, _)| !matches!(c, ' ' | '|' | '│'))?;
        let is_dash = |(c, _): &(char, &str)| matches!(c, '-' | '─' | '┼' | '+');
        if !matches!(cells[corner].0, '`' | '╰') || !cells.get(corner + 1).is_some_and(is_dash) {
            return None;
        }
        let dashes = cells[corner + 1..].iter().take_while(|cell| is_dash(cell)).count();
        let words = corner + 1 + dashes + 1;
        let arrow = Arrow { corner: start + corner, words: start + words };
        (cells.len() <= words || cells[words - 1].0 == ' ').then_some(arrow)
    }

    fn words_of(&self, arrow: Arrow) -> &[(char, &'t str)] {
        self.0.get(arrow.words..).unwrap_or_default()
    }

    /// Puts the words of the arrow below behind the underline from which it goes down, if nothing is in their way.
    fn take(&mut self, below: &Row<'t>, arrow: Arrow) -> bool {
        let line = match self.0.get(arrow.corner) {
            Some(('|', _)) if !self.is_source() => '^',
            Some(('┬', _)) => '─',
            _ => return false,
        };
        let words = below.words_of(arrow);
        let behind = self.0[arrow.corner + 1..].iter().skip_while(|(c, _)| *c == line);
        if behind.count() > 0 && !words.is_empty() {
            return false;
        }
        self.0[arrow.corner].0 = line;
        if !words.is_empty() {
            self.0.push((' ', NO_COLOR));
            self.0.extend_from_slice(words);
        }
        true
    }

    /// Leaves of an arrow's end as much as is needed to see it.
    fn shorten(&mut self, arrow: Arrow) {
        let dashes = arrow.corner + 1..arrow.words - 1;
        let crosses = self.0[dashes.clone()].iter().any(|(c, _)| !matches!(c, '-' | '─'));
        if !crosses && dashes.len() > 2 {
            self.0.drain(dashes.start + 2..dashes.end);
        }
    }
}
