//! Standard output and standard error: collected here, handed to the system in large pieces.

use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::os::fd::AsFd;

use lang_bytecode::TrapKind;

use super::failure::{Failure, Outcome, trap};

/// How much is collected before it is written.
const FULL: usize = 32 << 10;

/// The status of a program whose reader has gone: what a shell reports for one that the signal ended.
const READER_GONE: i32 = 128 + 13;

/// A program's output streams.
pub struct Output {
    out: Stream,
    err: Stream,
    /// Whether someone watches standard output as it is written.
    watched: bool,
    /// Whether anything waits in either stream.
    unflushed: bool,
}

/// One stream.
struct Stream {
    name: &'static str,
    sink: Box<dyn Write + Send>,
    pending: Vec<u8>,
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").field("pending", &self.out.pending.len()).finish_non_exhaustive()
    }
}

impl Output {
    /// The streams of this process.
    pub fn of_process() -> Output {
        let mut output = Output::new(own(io::stdout()), own(io::stderr()));
        output.watched = io::stdout().is_terminal();
        output
    }

    /// Streams that end in these sinks.
    pub fn new(out: Box<dyn Write + Send>, err: Box<dyn Write + Send>) -> Output {
        let stream = |name, sink| Stream { name, sink, pending: Vec::new() };
        Output {
            out: stream("standard output", out),
            err: stream("standard error", err),
            watched: false,
            unflushed: false,
        }
    }

    /// Writes to a stream: 1 standard output, 2 standard error.
    #[inline]
    pub(super) fn write(&mut self, stream: i64, bytes: &[u8]) -> Outcome<()> {
        if stream == 1
            && self.out.pending.len() + bytes.len() < FULL
            && !self.watched
            && !self.out.pending.is_empty()
        {
            self.out.pending.extend_from_slice(bytes);
            return Ok(());
        }
        self.write_slow(stream, bytes)
    }

    fn write_slow(&mut self, stream: i64, bytes: &[u8]) -> Outcome<()> {
        self.unflushed = true;
        match stream {
            1 => {
                self.err.flush()?;
                self.out.put(bytes)?;
                if self.watched && bytes.contains(&b'\n') { self.out.flush() } else { Ok(()) }
            }
            2 => {
                self.out.flush()?;
                self.err.put(bytes)?;
                if bytes.ends_with(b"\n") { self.err.flush() } else { Ok(()) }
            }
            other => trap(TrapKind::Argument, format!("there is no output stream {other}")),
        }
    }

    /// Writes lines of a trace to standard error at once, behind what the program wrote.
    pub(crate) fn trace(&mut self, text: &str) {
        // Where nobody reads the trace, the program goes on.
        if !text.is_empty() && self.write(2, text.as_bytes()).is_ok() {
            let _ = self.flush();
        }
    }

    /// Hands everything to the system. Has to be called when a program ends, also by a trap, and before a C call.
    #[inline]
    pub fn flush(&mut self) -> Result<(), Box<Failure>> {
        if self.unflushed { self.flush_both() } else { Ok(()) }
    }

    fn flush_both(&mut self) -> Outcome<()> {
        self.unflushed = false;
        self.out.flush()?;
        self.err.flush()
    }

    /// Where it says whether [`Output::flush`] has anything to do.
    #[cfg_attr(not(feature = "jit"), allow(dead_code, reason = "only compiled code looks there"))]
    pub(crate) fn unflushed(&self) -> *const bool {
        &raw const self.unflushed
    }
}

impl Stream {
    /// Takes bytes, and writes them with those before where they are many.
    fn put(&mut self, bytes: &[u8]) -> Outcome<()> {
        if self.pending.len() + bytes.len() < FULL {
            if self.pending.capacity() == 0 {
                self.pending.reserve(FULL);
            }
            self.pending.extend_from_slice(bytes);
            return Ok(());
        }
        self.flush()?;
        self.hand_over(|sink, _| sink.write_all(bytes))
    }

    fn flush(&mut self) -> Outcome<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let result = self.hand_over(|sink, pending| sink.write_all(pending).and_then(|()| sink.flush()));
        self.pending.clear();
        result
    }

    /// Writes, and says what it means when that fails.
    fn hand_over(&mut self, write: impl FnOnce(&mut dyn Write, &[u8]) -> io::Result<()>) -> Outcome<()> {
        match write(&mut *self.sink, &self.pending) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Box::new(Failure::Exit(READER_GONE))),
            Err(error) => trap(TrapKind::Panic, format!("cannot write to {}: {error}", self.name)),
        }
    }
}

/// A stream of the process without the standard library's buffer; nothing, where it is closed.
fn own(stream: impl AsFd) -> Box<dyn Write + Send> {
    match stream.as_fd().try_clone_to_owned() {
        Ok(descriptor) => Box::new(File::from(descriptor)),
        Err(_) => Box::new(io::sink()),
    }
}
