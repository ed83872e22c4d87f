//! How long each phase takes.

use std::time::{Duration, Instant};

/// A phase's name and time.
pub type Timing = (&'static str, Duration);

/// Takes the time from phase to phase.
pub(super) struct Clock {
    last: Instant,
    timings: Vec<Timing>,
}

impl Clock {
    pub(super) fn start() -> Clock {
        Clock { last: Instant::now(), timings: Vec::new() }
    }

    /// What ran since the last call was `phase`.
    pub(super) fn lap(&mut self, phase: &'static str) {
        let now = Instant::now();
        self.timings.push((phase, now - self.last));
        self.last = now;
    }

    pub(super) fn timings(self) -> Vec<Timing> {
        self.timings
    }
}
