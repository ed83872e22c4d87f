//! `langc dump`: the bytes of a bytecode file beside what they mean.

use std::fmt::Write as _;
use std::io::{self, Read as _};
use std::process::ExitCode;

use lang_bytecode::DumpRow;

use crate::arguments::{Dump, ErrorFormat};
use crate::output;
use crate::report::{self, Reporter};

/// Bytes shown in a line: a row that has more goes on in the next.
const BYTES_A_LINE: usize = 12;

/// The escape sequences of the parts of a line; empty without colour.
struct Paint {
    heading: &'static str,
    offset: &'static str,
    bytes: &'static str,
    end: &'static str,
}

const PLAIN: Paint = Paint { heading: "", offset: "", bytes: "", end: "" };
const COLORS: Paint = Paint { heading: "\x1b[1m", offset: "\x1b[2m", bytes: "\x1b[36m", end: "\x1b[0m" };

/// Does what the command line says.
pub(crate) fn run(arguments: &Dump) -> ExitCode {
    let reporter = Reporter::new(ErrorFormat::Human, arguments.color, 0);
    let file = &arguments.file;
    let bytes = match read(file) {
        Ok(bytes) => bytes,
        Err(error) => return reporter.fail(&format!("cannot read `{file}`: {error}")),
    };
    let rows = match lang_bytecode::dump(&bytes) {
        Ok(rows) => rows,
        Err(error) => return reporter.fail(&format!("cannot use `{file}`: {error}")),
    };
    let paint = if report::style(arguments.color, &io::stdout()).color { COLORS } else { PLAIN };
    let mut text = String::new();
    rows.iter().for_each(|row| write_row(&mut text, row, &bytes, &paint));
    match output::print(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => reporter.fail(&format!("cannot write to standard output: {error}")),
    }
}

fn read(file: &str) -> io::Result<Vec<u8>> {
    if file != "-" {
        return std::fs::read(file);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// `00000014  01 00 00 00    section 1`; a long row goes on in more lines, and so does a meaning of several.
fn write_row(out: &mut String, row: &DumpRow, file: &[u8], paint: &Paint) {
    let Paint { heading, offset, bytes, end } = paint;
    // Writing to a string cannot fail.
    if row.bytes.is_empty() && !row.meaning.is_empty() {
        let _ = writeln!(out, "\n{heading}{}{end}", row.meaning);
        return;
    }
    let (mut lines, mut meanings) = (file[row.bytes.clone()].chunks(BYTES_A_LINE), row.meaning.lines());
    let mut at = row.bytes.start;
    loop {
        let (line, meaning) = (lines.next(), meanings.next());
        if line.is_none() && meaning.is_none() {
            return;
        }
        let line = line.unwrap_or_default();
        let hex: String = line.iter().map(|byte| format!("{byte:02x} ")).collect();
        let (width, meaning) = (3 * BYTES_A_LINE, meaning.unwrap_or_default());
        let place = if line.is_empty() { " ".repeat(8) } else { format!("{at:08x}") };
        let shown = format!("{offset}{place}{end}  {bytes}{hex:width$}{end} {meaning}");
        let _ = writeln!(out, "{}", shown.trim_end());
        at += line.len();
    }
}
