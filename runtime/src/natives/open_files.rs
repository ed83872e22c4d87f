//! Files that stay open: an array of the program stands for each, and the collector closes what was dropped.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};

use super::call::Context;
use super::failure::Outcome;
use super::files::{opened, reason};
use super::input::Input;
use crate::heap::{Bytes, OutOfMemory, Root, Text, Words};

type Str<'s> = Root<'s, Text>;
type Handle<'s> = Root<'s, Words>;

/// How many bytes an open file takes, of which most buffer what is read or written.
const BUFFER: usize = 16 << 10;

/// An open file. What was written and not yet handed to the system is when it is dropped.
enum OpenFile {
    Reading(Input),
    Writing(BufWriter<File>),
}

impl OpenFile {
    fn reading(&mut self) -> io::Result<&mut Input> {
        match self {
            OpenFile::Reading(input) => Ok(input),
            OpenFile::Writing(_) => Err(io::Error::other("not open for reading")),
        }
    }

    fn writing(&mut self) -> io::Result<&mut BufWriter<File>> {
        match self {
            OpenFile::Writing(output) => Ok(output),
            OpenFile::Reading(_) => Err(io::Error::other("not open for writing")),
        }
    }
}

/// Does something with the file of a handle; what fails comes back as text.
fn with_file<'s, T>(
    cx: &mut Context<'s>,
    handle: Handle<'s>,
    work: impl FnOnce(&mut Context<'s>, &mut OpenFile) -> Outcome<io::Result<T>>,
) -> Outcome<Result<T, Str<'s>>> {
    let Some(mut file) = cx.heap.lend::<OpenFile>(handle) else {
        return Ok(Err(cx.heap.new_text("the file is closed")?));
    };
    let result = work(cx, &mut file);
    cx.heap.give_back(handle, file);
    match result? {
        Ok(value) => Ok(Ok(value)),
        Err(error) if error.kind() == ErrorKind::OutOfMemory => Err(OutOfMemory.into()),
        Err(error) => Ok(Err(cx.heap.new_text(&reason(&error))?)),
    }
}

pub(super) fn file_open<'s>(
    cx: &mut Context<'s>,
    path: Str<'s>,
    mode: i64,
    handle: Handle<'s>,
) -> Outcome<Option<Str<'s>>> {
    let mut options = OpenOptions::new();
    match mode {
        0 => options.read(true),
        1 => options.write(true).create(true).truncate(true),
        _ => options.append(true).create(true),
    };
    match opened(cx, |cx| options.open(cx.heap.text(path)))? {
        Ok(file) => {
            let file = match mode {
                0 => OpenFile::Reading(Input::new(Box::new(file))),
                _ => OpenFile::Writing(BufWriter::new(file)),
            };
            cx.heap.host(handle, Box::new(file), BUFFER)?;
            Ok(None)
        }
        Err(error) => Ok(Some(cx.heap.new_text(&reason(&error))?)),
    }
}

pub(super) fn file_read_line<'s>(
    cx: &mut Context<'s>,
    handle: Handle<'s>,
) -> Outcome<(Option<Str<'s>>, Option<Str<'s>>)> {
    let line = with_file(cx, handle, |cx, file| {
        let line = match file.reading().and_then(Input::line) {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(Ok(None)),
            Err(error) => return Ok(Err(error)),
        };
        match std::str::from_utf8(line) {
            Ok(text) => Ok(Ok(Some(cx.heap.new_text(text)?))),
            Err(_) => Ok(Err(io::Error::other("not UTF-8"))),
        }
    })?;
    Ok(line.map_or_else(|why| (None, Some(why)), |line| (line, None)))
}

pub(super) fn file_read<'s>(
    cx: &mut Context<'s>,
    handle: Handle<'s>,
    bytes: Root<'s, Bytes>,
    most: i64,
) -> Outcome<Option<Str<'s>>> {
    let done = with_file(cx, handle, |cx, file| {
        let taken = file.reading().and_then(|input| match usize::try_from(most) {
            Ok(most) => input.bytes(most),
            Err(_) => input.rest(),
        });
        Ok(match taken {
            Ok(taken) => Ok(cx.heap.append(bytes, taken)?),
            Err(error) => Err(error),
        })
    })?;
    Ok(done.err())
}

pub(super) fn file_write<'s>(
    cx: &mut Context<'s>,
    handle: Handle<'s>,
    bytes: Root<'s, Bytes>,
) -> Outcome<Option<Str<'s>>> {
    let write = |cx: &mut Context<'s>, file: &mut OpenFile| {
        Ok(file.writing().and_then(|output| output.write_all(cx.heap.bytes(bytes))))
    };
    Ok(with_file(cx, handle, write)?.err())
}

pub(super) fn file_write_str<'s>(
    cx: &mut Context<'s>,
    handle: Handle<'s>,
    text: Str<'s>,
) -> Outcome<Option<Str<'s>>> {
    let write = |cx: &mut Context<'s>, file: &mut OpenFile| {
        Ok(file.writing().and_then(|output| output.write_all(cx.heap.text(text).as_bytes())))
    };
    Ok(with_file(cx, handle, write)?.err())
}

/// What is left to do before a file is closed, or someone else reads it.
fn flush(file: &mut OpenFile) -> io::Result<()> {
    match file {
        OpenFile::Writing(output) => output.flush(),
        OpenFile::Reading(_) => Ok(()),
    }
}

pub(super) fn file_flush<'s>(cx: &mut Context<'s>, handle: Handle<'s>) -> Outcome<Option<Str<'s>>> {
    Ok(with_file(cx, handle, |_, file| Ok(flush(file)))?.err())
}

pub(super) fn file_close<'s>(cx: &mut Context<'s>, handle: Handle<'s>) -> Outcome<Option<Str<'s>>> {
    let done = with_file(cx, handle, |_, file| Ok(flush(file)))?;
    cx.heap.release(handle);
    Ok(done.err())
}
