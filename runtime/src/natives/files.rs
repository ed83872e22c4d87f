//! Files and folders. What fails says why: the message of the error, with the path.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::time::UNIX_EPOCH;

use super::call::Context;
use super::failure::Outcome;
use crate::heap::{Bytes, Root, Strings, Text};

type Str<'s> = Root<'s, Text>;

/// Null, or why something failed that was done with a path.
fn done<'s>(cx: &mut Context<'s>, path: Str<'s>, result: io::Result<()>) -> Outcome<Option<Str<'s>>> {
    match result {
        Ok(()) => Ok(None),
        Err(error) => {
            let message = format!("{}: {}", cx.heap.text(path), reason(&error));
            Ok(Some(cx.heap.new_text(&message)?))
        }
    }
}

/// Opens something; where the process has no descriptor left, files that the program cannot reach any more are closed first.
pub(super) fn opened<T>(
    cx: &mut Context<'_>,
    open: impl Fn(&Context<'_>) -> io::Result<T>,
) -> Outcome<io::Result<T>> {
    match open(cx) {
        Err(error) if matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE)) => {
            cx.heap.collect_all()?;
            Ok(open(cx))
        }
        result => Ok(result),
    }
}

/// What an error says, without the number that the standard library adds.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_string(),
        None => text,
    }
}

pub(super) fn fs_read<'s>(
    cx: &mut Context<'s>,
    path: Str<'s>,
    bytes: Root<'s, Bytes>,
) -> Outcome<Option<Str<'s>>> {
    const PIECE: usize = 64 << 10;
    let mut file = match opened(cx, |cx| File::open(cx.heap.text(path)))? {
        Ok(file) => file,
        Err(error) => return done(cx, path, Err(error)),
    };
    let size = file.metadata().map_or(0, |data| data.len());
    cx.heap.reserve(bytes.into(), usize::try_from(size).unwrap_or(usize::MAX))?;
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(None),
            Ok(count) => cx.heap.append(bytes, &piece[..count])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return done(cx, path, Err(error)),
        }
    }
}

pub(super) fn fs_write<'s>(
    cx: &mut Context<'s>,
    path: Str<'s>,
    bytes: Root<'s, Bytes>,
) -> Outcome<Option<Str<'s>>> {
    let result = opened(cx, |cx| fs::write(cx.heap.text(path), cx.heap.bytes(bytes)))?;
    done(cx, path, result)
}

pub(super) fn fs_append<'s>(
    cx: &mut Context<'s>,
    path: Str<'s>,
    bytes: Root<'s, Bytes>,
) -> Outcome<Option<Str<'s>>> {
    let file = opened(cx, |cx| OpenOptions::new().append(true).create(true).open(cx.heap.text(path)))?;
    let result = file.and_then(|mut file| file.write_all(cx.heap.bytes(bytes)));
    done(cx, path, result)
}

pub(super) fn fs_kind<'s>(cx: &mut Context<'s>, path: Str<'s>) -> Outcome<i64> {
    Ok(match fs::metadata(cx.heap.text(path)) {
        Ok(data) if data.is_file() => 1,
        Ok(data) if data.is_dir() => 2,
        Ok(_) => 3,
        Err(_) => 0,
    })
}

pub(super) fn fs_size<'s>(cx: &mut Context<'s>, path: Str<'s>) -> Outcome<i64> {
    Ok(fs::metadata(cx.heap.text(path)).map_or(-1, |data| data.len() as i64))
}

pub(super) fn fs_modified<'s>(cx: &mut Context<'s>, path: Str<'s>) -> Outcome<f64> {
    let modified = fs::metadata(cx.heap.text(path)).and_then(|data| data.modified());
    Ok(match modified.map(|time| time.duration_since(UNIX_EPOCH)) {
        Ok(Ok(since)) => since.as_secs_f64(),
        Ok(Err(before)) => -before.duration().as_secs_f64(),
        Err(_) => f64::NAN,
    })
}

pub(super) fn fs_list<'s>(
    cx: &mut Context<'s>,
    path: Str<'s>,
    names: Root<'s, Strings>,
) -> Outcome<Option<Str<'s>>> {
    let entries = opened(cx, |cx| fs::read_dir(cx.heap.text(path)))?.and_then(|entries| {
        entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<_>>>()
    });
    match entries {
        Ok(mut found) => {
            found.sort_unstable();
            for name in found {
                cx.heap.push_new_string(names, &name)?;
            }
            Ok(None)
        }
        Err(error) => done(cx, path, Err(error)),
    }
}

pub(super) fn fs_create_dir<'s>(cx: &mut Context<'s>, path: Str<'s>) -> Outcome<Option<Str<'s>>> {
    let result = fs::create_dir_all(cx.heap.text(path));
    done(cx, path, result)
}

pub(super) fn fs_remove<'s>(cx: &mut Context<'s>, path: Str<'s>) -> Outcome<Option<Str<'s>>> {
    let result = fs::remove_file(cx.heap.text(path));
    done(cx, path, result)
}

pub(super) fn fs_remove_dir<'s>(cx: &mut Context<'s>, path: Str<'s>) -> Outcome<Option<Str<'s>>> {
    let result = fs::remove_dir(cx.heap.text(path));
    done(cx, path, result)
}

pub(super) fn fs_rename<'s>(cx: &mut Context<'s>, from: Str<'s>, to: Str<'s>) -> Outcome<Option<Str<'s>>> {
    let result = fs::rename(cx.heap.text(from), cx.heap.text(to));
    done(cx, from, result)
}

pub(super) fn fs_copy<'s>(cx: &mut Context<'s>, from: Str<'s>, to: Str<'s>) -> Outcome<Option<Str<'s>>> {
    let result = opened(cx, |cx| fs::copy(cx.heap.text(from), cx.heap.text(to)))?;
    done(cx, from, result.map(|_| ()))
}

pub(super) fn fs_current_dir<'s>(cx: &mut Context<'s>) -> Outcome<Option<Str<'s>>> {
    match std::env::current_dir() {
        Ok(path) => Ok(Some(cx.heap.new_text(&path.to_string_lossy())?)),
        Err(_) => Ok(None),
    }
}

pub(super) fn fs_temp_dir<'s>(cx: &mut Context<'s>) -> Outcome<Str<'s>> {
    Ok(cx.heap.new_text(&std::env::temp_dir().to_string_lossy())?)
}
