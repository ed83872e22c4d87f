//! Regular expressions: an array of the program stands for each compiled one. The time of a search grows with the length of the text
//! alone, whatever the pattern, and the memory of a pattern is bounded.

use lang_bytecode::TrapKind;
use regex_automata::meta::{BuildError, Config, Regex};
use regex_automata::util::captures::Captures;
use regex_automata::{Input, PatternID};
use regex_syntax::Error as Syntax;

use super::call::Context;
use super::failure::{Outcome, spare, trap};
use crate::heap::{AnyArray, OutOfMemory, Root, Strings, Text, Words};

type Str<'s> = Root<'s, Text>;
type Handle<'s> = Root<'s, Words>;

/// How many bytes a compiled pattern may take.
const LARGEST: usize = 4 << 20;

/// How many bytes what a search keeps for the next one may take, and what it takes for common patterns.
const CACHE: usize = 512 << 10;
const COMMON_CACHE: usize = 32 << 10;

/// What is wrong with a pattern, and the byte offset of the place, or -1.
fn mistake(error: &BuildError) -> (String, i64) {
    match error.syntax_error() {
        Some(Syntax::Parse(error)) => (error.kind().to_string(), error.span().start.offset as i64),
        Some(Syntax::Translate(error)) => (error.kind().to_string(), error.span().start.offset as i64),
        _ if error.size_limit().is_some() => (format!("it takes more than {} MiB", LARGEST >> 20), -1),
        _ => (error.to_string(), -1),
    }
}

pub(super) fn regex_compile<'s>(
    cx: &mut Context<'s>,
    pattern: Str<'s>,
    handle: Handle<'s>,
) -> Outcome<(Option<Str<'s>>, i64)> {
    let text = cx.heap.text(pattern);
    // The syntax tree takes a multiple of the text.
    spare(text.len().saturating_mul(64))?;
    let config = Config::new().nfa_size_limit(Some(LARGEST)).hybrid_cache_capacity(CACHE);
    match Regex::builder().configure(config).build(text) {
        Ok(regex) => {
            let bytes = regex.memory_usage() + COMMON_CACHE;
            cx.heap.host(handle, Box::new(regex), bytes)?;
            Ok((None, 0))
        }
        Err(error) => {
            let (message, place) = mistake(&error);
            Ok((Some(cx.heap.new_text(&message)?), place))
        }
    }
}

/// Does something with the compiled pattern of a handle.
fn with_regex<'s, T>(
    cx: &mut Context<'s>,
    handle: Handle<'s>,
    work: impl FnOnce(&mut Context<'s>, &Regex) -> Outcome<T>,
) -> Outcome<T> {
    let Some(regex) = cx.heap.lend::<Regex>(handle) else {
        return trap(TrapKind::Argument, "the array stands for no regular expression");
    };
    let result = work(cx, &regex);
    cx.heap.give_back(handle, regex);
    result
}

/// Where a search begins.
fn start(text: &str, from: i64) -> Outcome<usize> {
    match usize::try_from(from).ok().filter(|from| text.is_char_boundary(*from)) {
        Some(from) => Ok(from),
        None => trap(
            TrapKind::Slice,
            format!("offset {from} is no place between two characters of a string of {} bytes", text.len()),
        ),
    }
}

pub(super) fn regex_is_match<'s>(cx: &mut Context<'s>, handle: Handle<'s>, text: Str<'s>) -> Outcome<bool> {
    with_regex(cx, handle, |cx, regex| Ok(regex.is_match(cx.heap.text(text))))
}

pub(super) fn regex_find<'s>(
    cx: &mut Context<'s>,
    handle: Handle<'s>,
    text: Str<'s>,
    from: i64,
) -> Outcome<(i64, i64)> {
    with_regex(cx, handle, |cx, regex| {
        let text = cx.heap.text(text);
        let found = regex.find(Input::new(text).range(start(text, from)?..));
        Ok(found.map_or((-1, -1), |found| (found.start() as i64, found.end() as i64)))
    })
}

pub(super) fn regex_captures<'s>(
    cx: &mut Context<'s>,
    handle: Handle<'s>,
    text: Str<'s>,
    from: i64,
    places: Root<'s, AnyArray>,
) -> Outcome<bool> {
    with_regex(cx, handle, |cx, regex| {
        let text = cx.heap.text(text);
        let mut groups = regex.create_captures();
        regex.captures(Input::new(text).range(start(text, from)?..), &mut groups);
        let Some(bytes) = cx.heap.scalars_mut(places) else {
            return trap(TrapKind::Argument, "places are ints");
        };
        let (words, _) = bytes.as_chunks_mut::<8>();
        for (index, pair) in words.chunks_exact_mut(2).enumerate() {
            let place = groups.get_group(index);
            let (from, to) = place.map_or((-1, -1), |span| (span.start as i64, span.end as i64));
            pair[0] = from.to_ne_bytes();
            pair[1] = to.to_ne_bytes();
        }
        Ok(groups.is_match())
    })
}

pub(super) fn regex_groups<'s>(
    cx: &mut Context<'s>,
    handle: Handle<'s>,
    names: Root<'s, Strings>,
) -> Outcome<()> {
    with_regex(cx, handle, |cx, regex| {
        for name in regex.group_info().pattern_names(PatternID::ZERO) {
            cx.heap.push_new_string(names, name.unwrap_or(""))?;
        }
        Ok(())
    })
}

pub(super) fn regex_replace<'s>(
    cx: &mut Context<'s>,
    handle: Handle<'s>,
    text: Str<'s>,
    by: Str<'s>,
    most: i64,
) -> Outcome<Str<'s>> {
    with_regex(cx, handle, |cx, regex| {
        let replaced = replaced(cx, regex, text, by, usize::try_from(most).unwrap_or(0))?;
        Ok(cx.heap.new_text(&replaced)?)
    })
}

/// The text with so many matches replaced, or all for 0. A short program can ask for a text of any length, so memory is asked for.
fn replaced<'s>(cx: &Context<'s>, regex: &Regex, text: Str<'s>, by: Str<'s>, most: usize) -> Outcome<String> {
    let (text, by) = (cx.heap.text(text), cx.heap.text(by));
    let groups = by.matches('$').count();
    let most = if most == 0 { usize::MAX } else { most };
    let (mut out, mut end) = (String::new(), 0);
    let room = |out: &mut String, more: usize| match out.len().checked_add(more) {
        Some(needed) if cx.heap.could_hold(needed) => out.try_reserve(more).map_err(|_| OutOfMemory),
        _ => Err(OutOfMemory),
    };
    let places = |found: Captures| found.get_match().map(|whole| (whole, found));
    for (whole, found) in regex.captures_iter(text).filter_map(places).take(most) {
        let between = &text[end..whole.start()];
        room(&mut out, between.len() + by.len() + groups.saturating_mul(whole.len()))?;
        out.push_str(between);
        found.interpolate_string_into(text, by, &mut out);
        end = whole.end();
    }
    room(&mut out, text.len() - end)?;
    out.push_str(&text[end..]);
    Ok(out)
}
