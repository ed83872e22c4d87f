//! The samples of the documentation: each fenced `lang` block is a program, and a `text` block right after it
//! is what the program prints.

use std::path::Path;

use crate::judge::{Scratch, Verdict};
use crate::tools::Tools;

/// A sample of a page.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The page and the line on which the program begins: `language.md:40`.
    pub name: String,
    program: String,
    prints: String,
}

/// The samples of a page, in its order.
pub fn find(page: &Path) -> Result<Vec<Sample>, String> {
    let text = std::fs::read_to_string(page).map_err(|e| format!("{}: {e}", page.display()))?;
    let file = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut samples: Vec<Sample> = Vec::new();
    let mut previous_end = None;
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(language) = line.strip_prefix("```") else { continue };
        let mut block = String::new();
        let mut end = at;
        for (number, inner) in lines.by_ref().take_while(|(_, inner)| *inner != "```") {
            block.push_str(inner);
            block.push('\n');
            end = number;
        }
        match language {
            "lang" => {
                let name = format!("{file}:{}", at + 2);
                samples.push(Sample { name, program: block, prints: String::new() });
                previous_end = Some(end + 2);
            }
            "text" if previous_end == Some(at) => {
                if let Some(sample) = samples.last_mut() {
                    sample.prints = block;
                }
            }
            _ => {}
        }
    }
    Ok(samples)
}

/// Runs a sample and compares what it prints.
pub fn judge(sample: &Sample, tools: &Tools) -> Verdict {
    let scratch = Scratch::new("lang");
    std::fs::write(scratch.path(), &sample.program).map_err(|e| e.to_string())?;
    let path = scratch.path().to_string_lossy().into_owned();
    let finished = tools.langrun(&[path], Path::new("."), b"")?;
    finished.expect_status(0)?;
    if finished.stdout_text() == sample.prints {
        return Ok(());
    }
    Err(format!("the page says\n{}\nbut it prints\n{}", sample.prints, finished.stdout_text()))
}
