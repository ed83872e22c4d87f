//! Running other programs.

use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use super::call::Context;
use super::failure::{Outcome, spare};
use super::files::reason;
use crate::heap::{Bytes, OutOfMemory, Root, Strings, Text};

type Str<'s> = Root<'s, Text>;

/// What a program wrote, and how it ended.
struct Ran {
    status: ExitStatus,
    out: Vec<u8>,
    err: Vec<u8>,
}

/// A command that is still to be given its streams.
fn command<'s>(
    cx: &mut Context<'s>,
    program: Str<'s>,
    arguments: Root<'s, Strings>,
    environment: Root<'s, Strings>,
    folder: Str<'s>,
) -> Outcome<Command> {
    cx.services.output.flush()?;
    let mut command = Command::new(cx.heap.text(program));
    command.args(cx.heap.strings(arguments));
    command.envs(cx.heap.strings(environment).filter_map(|entry| entry.split_once('=')));
    if !cx.heap.text(folder).is_empty() {
        command.current_dir(cx.heap.text(folder));
    }
    Ok(command)
}

/// Runs a program to its end. All three streams are served at once, so that none of them blocks the others.
fn run(mut command: Command, input: Vec<u8>) -> io::Result<Ran> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        // A program that does not read all of its input is no error.
        let feed = move || stdin.map(|mut stdin| stdin.write_all(&input));
        let read = || stderr.map(|mut stderr| stderr.read_to_end(&mut err));
        thread::Builder::new().spawn_scoped(scope, feed)?;
        thread::Builder::new().spawn_scoped(scope, read)?;
        child.stdout.take().map_or(Ok(0), |mut stdout| stdout.read_to_end(&mut out))
    })?;
    Ok(Ran { status: child.wait()?, out, err })
}

/// The status as a shell says it: 128 and the signal that ended the program.
fn number(status: ExitStatus) -> i64 {
    i64::from(status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0)))
}

/// Why a program did not run. The system does not tell a missing folder from a missing program.
fn problem<'s>(
    cx: &mut Context<'s>,
    program: Str<'s>,
    folder: Str<'s>,
    error: &io::Error,
) -> Outcome<(i64, Option<Str<'s>>)> {
    if error.kind() == io::ErrorKind::OutOfMemory {
        return Err(OutOfMemory.into());
    }
    let (program, folder) = (cx.heap.text(program), cx.heap.text(folder));
    let message = if !folder.is_empty() && !Path::new(folder).is_dir() {
        format!("{program}: cannot run in `{folder}`: no such folder")
    } else {
        format!("{program}: {}", reason(error))
    };
    Ok((-1, Some(cx.heap.new_text(&message)?)))
}

#[expect(clippy::too_many_arguments, reason = "a row of the table has these parameters")]
pub(super) fn process_run<'s>(
    cx: &mut Context<'s>,
    program: Str<'s>,
    arguments: Root<'s, Strings>,
    environment: Root<'s, Strings>,
    folder: Str<'s>,
    input: Root<'s, Bytes>,
    out: Root<'s, Bytes>,
    err: Root<'s, Bytes>,
) -> Outcome<(i64, Option<Str<'s>>)> {
    let command = command(cx, program, arguments, environment, folder)?;
    spare(cx.heap.bytes(input).len())?;
    match run(command, cx.heap.bytes(input).to_vec()) {
        Ok(ran) => {
            cx.heap.append(out, &ran.out)?;
            cx.heap.append(err, &ran.err)?;
            Ok((number(ran.status), None))
        }
        Err(error) => problem(cx, program, folder, &error),
    }
}

pub(super) fn process_status<'s>(
    cx: &mut Context<'s>,
    program: Str<'s>,
    arguments: Root<'s, Strings>,
    environment: Root<'s, Strings>,
    folder: Str<'s>,
) -> Outcome<(i64, Option<Str<'s>>)> {
    match command(cx, program, arguments, environment, folder)?.status() {
        Ok(status) => Ok((number(status), None)),
        Err(error) => problem(cx, program, folder, &error),
    }
}

pub(super) fn process_id(_: &mut Context<'_>) -> Outcome<i64> {
    Ok(i64::from(std::process::id()))
}
