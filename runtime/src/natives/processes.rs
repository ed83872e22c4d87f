//! Running other programs.

use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use super::call::Context;
use super::failure::{Outcome, spare};
use super::files::reason;
use crate::heap::{Bytes, OutOfMemory, Root, Strings, Text};

/// What a program wrote, and how it ended.
struct Ran {
    status: ExitStatus,
    out: Vec<u8>,
    err: Vec<u8>,
}

/// Runs a program to its end. All three streams are served at once, so that none of them blocks the others.
fn run(mut command: Command, input: Vec<u8>) -> io::Result<Ran> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        // A program that does not read all of its input is no error.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(&input)));
        scope.spawn(|| stderr.map(|mut stderr| stderr.read_to_end(&mut err)));
        child.stdout.take().map_or(Ok(0), |mut stdout| stdout.read_to_end(&mut out))
    })?;
    Ok(Ran { status: child.wait()?, out, err })
}

pub(super) fn process_run<'s>(
    cx: &mut Context<'s>,
    program: Root<'s, Text>,
    arguments: Root<'s, Strings>,
    input: Root<'s, Bytes>,
    out: Root<'s, Bytes>,
    err: Root<'s, Bytes>,
) -> Outcome<(i64, Option<Root<'s, Text>>)> {
    cx.services.output.flush()?;
    let mut command = Command::new(cx.heap.text(program));
    command.args(cx.heap.strings(arguments));
    spare(cx.heap.bytes(input).len())?;
    match run(command, cx.heap.bytes(input).to_vec()) {
        Ok(ran) => {
            cx.heap.append(out, &ran.out)?;
            cx.heap.append(err, &ran.err)?;
            // As a shell says it: 128 and the signal that ended the program.
            let status = ran.status.code().unwrap_or_else(|| 128 + ran.status.signal().unwrap_or(0));
            Ok((i64::from(status), None))
        }
        Err(error) if error.kind() == io::ErrorKind::OutOfMemory => Err(OutOfMemory.into()),
        Err(error) => {
            let message = format!("{}: {}", cx.heap.text(program), reason(&error));
            Ok((-1, Some(cx.heap.new_text(&message)?)))
        }
    }
}

pub(super) fn process_id(_: &mut Context<'_>) -> Outcome<i64> {
    Ok(i64::from(std::process::id()))
}
