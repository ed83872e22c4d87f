//! What calls of closures and methods were seen to call while they were interpreted.
//!
//! The interpreter's thread notes, the compiling thread reads at any time: what it misses makes code slower, never wrong.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use super::build::MOST_TARGETS;

/// No header.
const NONE: u32 = u32::MAX;

/// One call of the program.
#[derive(Debug)]
pub(crate) struct Call {
    /// What the receivers' headers said, those seen first.
    headers: [AtomicU32; MOST_TARGETS],
    /// Whether others were seen.
    others: AtomicBool,
}

impl Call {
    /// Notes what a receiver's header says.
    #[inline(always)]
    pub(crate) fn note(&self, header: u32) {
        for known in &self.headers {
            match known.load(Relaxed) {
                same if same == header => return,
                NONE => return known.store(header, Relaxed),
                _ => {}
            }
        }
        self.others.store(true, Relaxed);
    }
}

/// The calls of the functions that were interpreted, by function and word.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashMap<(u32, u32), Box<Call>>>);

impl Seen {
    /// Where the interpreter notes what a call calls; it stays there as long as the program.
    pub(crate) fn call(&self, function: u32, word: u32) -> *const Call {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let call = calls.entry((function, word)).or_insert_with(|| {
            let headers = std::array::from_fn(|_| AtomicU32::new(NONE));
            Box::new(Call { headers, others: AtomicBool::new(false) })
        });
        &raw const **call
    }

    /// What all receivers' headers said; none where they were too many, or there was none.
    pub(super) fn headers(&self, function: u32, word: u32) -> Vec<u32> {
        let calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match calls.get(&(function, word)) {
            Some(call) if !call.others.load(Relaxed) => {
                let headers = call.headers.iter().map(|header| header.load(Relaxed));
                headers.filter(|header| *header != NONE).collect()
            }
            _ => Vec::new(),
        }
    }
}
