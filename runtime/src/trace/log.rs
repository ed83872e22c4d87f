//! The lines of a trace.

use super::value::Values;
use super::{Event, Site, Then};

/// Calls further in than this are not indented any further, but told their depth.
const DEEPEST: usize = 40;

/// The line that is being written, and how deep in calls the program is.
#[derive(Default)]
pub(crate) struct Log {
    /// What can be printed.
    ready: String,
    /// The line so far, as much as is not printed.
    line: String,
    /// Whether the line goes on with the results of an instruction.
    open: bool,
    /// Calls of traced functions that have not returned.
    depth: usize,
}

impl Log {
    /// Ends a run; gives the end of a line that an instruction left by a trap, or by ending the program.
    pub(crate) fn finish(&mut self) -> &str {
        self.ready.clear();
        self.depth = 0;
        if self.open {
            self.end_line();
        }
        &self.ready
    }

    /// Notes what happens at a site; gives what can be printed.
    ///
    /// # Safety
    /// Each of the site's values lies in its slot at `base`, and references are to live objects of the types that `values` knows.
    pub(super) unsafe fn event(&mut self, site: &Site, base: *const u64, values: &Values<'_>) -> &str {
        self.ready.clear();
        // Anything between an instruction and its results is of another line.
        let continues = site.event == Event::After && self.open;
        if self.open && !continues {
            self.end_line();
        }
        if matches!(site.event, Event::Leave | Event::Replace) {
            self.depth = self.depth.saturating_sub(1);
        }
        if !continues {
            self.begin_line(site);
        }
        // SAFETY: as promised by the caller.
        let shown = unsafe { values.list(site, base) };
        match site.event {
            Event::Enter | Event::Before(_) if site.of_calls => self.line += &format!("({shown})"),
            Event::Enter | Event::Before(_) => self.line += &shown,
            Event::Replace => self.line += " -> a tail call",
            Event::Leave | Event::After if shown.is_empty() => {}
            Event::Leave | Event::After => self.line += &format!(" -> {shown}"),
        }
        self.depth += usize::from(site.event == Event::Enter);
        match site.event {
            Event::Before(Then::Results) => self.open = true,
            Event::Before(Then::ResultsOfHost) => {
                self.open = true;
                self.ready.push_str(&self.line);
                self.line.clear();
            }
            _ => self.end_line(),
        }
        &self.ready
    }

    fn begin_line(&mut self, site: &Site) {
        if site.of_calls {
            (0..self.depth.min(DEEPEST)).for_each(|_| self.line += "  ");
            if self.depth > DEEPEST {
                self.line += &format!("[{}] ", self.depth);
            }
        }
        self.line += &site.text;
    }

    fn end_line(&mut self) {
        self.ready += self.line.trim_end();
        self.ready.push('\n');
        self.line.clear();
        self.open = false;
    }
}
