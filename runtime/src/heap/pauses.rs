//! How long collections take, in the processor time of the thread.

use std::time::Duration;

/// The time since a collection began, where anyone asks.
pub(super) struct Stopwatch(Option<Duration>);

impl Stopwatch {
    pub(super) fn start(wanted: bool) -> Stopwatch {
        Stopwatch(wanted.then(thread_time))
    }
}

/// What a collection did that the program waited for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pause {
    /// It emptied the nursery.
    Nursery,
    /// It also marked a part of the old space.
    Marking,
    /// It also ended a marking, and swept.
    Sweep,
    /// It marked everything at once, for want of memory or of descriptors.
    Whole,
}

impl Pause {
    /// All kinds, in the order of the declaration.
    pub const ALL: [Pause; 4] = [Pause::Nursery, Pause::Marking, Pause::Sweep, Pause::Whole];

    /// What a reader of figures calls it.
    pub fn name(self) -> &'static str {
        match self {
            Pause::Nursery => "nursery",
            Pause::Marking => "nursery and marking",
            Pause::Sweep => "nursery, marking and sweep",
            Pause::Whole => "whole heap",
        }
    }
}

/// How long pauses of each kind took.
#[derive(Clone, Default, Debug)]
pub struct Pauses {
    kinds: [Durations; Pause::ALL.len()],
}

impl Pauses {
    /// The durations of one kind; empty where they were not measured.
    pub fn of(&self, kind: Pause) -> &Durations {
        &self.kinds[kind as usize]
    }

    pub(super) fn add(&mut self, kind: Pause, watch: Stopwatch) {
        if let Some(start) = watch.0 {
            self.kinds[kind as usize].add(thread_time().saturating_sub(start));
        }
    }
}

/// How often each duration occurred: in steps of an eighth.
#[derive(Clone, Debug)]
pub struct Durations {
    counts: [u32; 256],
    count: u32,
    shortest: Duration,
    longest: Duration,
}

impl Default for Durations {
    fn default() -> Durations {
        Durations { counts: [0; 256], count: 0, shortest: Duration::MAX, longest: Duration::ZERO }
    }
}

impl Durations {
    fn add(&mut self, pause: Duration) {
        self.count += 1;
        self.shortest = self.shortest.min(pause);
        self.longest = self.longest.max(pause);
        self.counts[step(pause)] += 1;
    }

    /// How many there were.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The shortest; meaningless where there were none.
    pub fn shortest(&self) -> Duration {
        self.shortest
    }

    /// The longest.
    pub fn longest(&self) -> Duration {
        self.longest
    }

    /// The median, to an eighth of it.
    pub fn median(&self) -> Duration {
        let mut left = self.count.div_ceil(2);
        for (index, count) in self.counts.iter().enumerate() {
            if left <= *count {
                return length(index).clamp(self.shortest, self.longest);
            }
            left -= count;
        }
        self.longest
    }
}

/// The step that a pause falls into: eight for each power of two of nanoseconds.
fn step(pause: Duration) -> usize {
    let nanos = u32::try_from(pause.as_nanos()).unwrap_or(u32::MAX).max(8);
    let power = nanos.ilog2();
    (power * 8 + (nanos >> (power - 3) & 7)) as usize
}

/// The shortest pause of the step after one.
fn length(step: usize) -> Duration {
    let (power, eighths) = ((step + 1) / 8, (step + 1) % 8);
    Duration::from_nanos((8 + eighths as u64) << power >> 3)
}

/// The processor time of this thread.
fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes to this value only.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_at_most_an_eighth_longer_than_its_pauses() {
        for nanos in [8, 9, 15, 16, 1000, 123_456, 20_000_000, 3_000_000_000] {
            let pause = Duration::from_nanos(nanos);
            let upper = length(step(pause));
            assert!(upper > pause && upper <= pause + pause / 8 + Duration::from_nanos(1), "{nanos}");
        }
    }
}
