//! Clocks, seeds, arguments and the environment.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::call::Context;
use super::failure::Outcome;
use crate::heap::{Root, Strings, Text};

/// The moment that the clock counts from.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

pub(super) fn clock(_: &mut Context<'_>) -> Outcome<f64> {
    Ok(START.elapsed().as_secs_f64())
}

pub(super) fn time_now(_: &mut Context<'_>) -> Outcome<f64> {
    Ok(match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => since.as_secs_f64(),
        Err(before) => -before.duration().as_secs_f64(),
    })
}

pub(super) fn time_sleep(cx: &mut Context<'_>, seconds: f64) -> Outcome<()> {
    cx.services.output.flush()?;
    if let Ok(duration) = Duration::try_from_secs_f64(seconds) {
        std::thread::sleep(duration);
    }
    Ok(())
}

pub(super) fn random_seed(_: &mut Context<'_>) -> Outcome<i64> {
    // The standard library seeds its hashers from the system's source of randomness.
    Ok(RandomState::new().build_hasher().finish() as i64)
}

pub(super) fn os_args<'s>(cx: &mut Context<'s>) -> Outcome<Root<'s, Strings>> {
    let array = cx.heap.new_strings(cx.result, cx.services.arguments.len())?;
    for argument in &cx.services.arguments {
        cx.heap.push_new_string(array, argument)?;
    }
    Ok(array)
}

pub(super) fn os_env<'s>(cx: &mut Context<'s>, name: Root<'s, Text>) -> Outcome<Option<Root<'s, Text>>> {
    let name = cx.heap.text(name);
    // `var_os` panics on names that no variable can have.
    if name.is_empty() || name.contains(['=', '\0']) {
        return Ok(None);
    }
    match std::env::var_os(name) {
        Some(value) => Ok(Some(cx.heap.new_text(&value.to_string_lossy())?)),
        None => Ok(None),
    }
}

pub(super) fn os_env_names<'s>(cx: &mut Context<'s>) -> Outcome<Root<'s, Strings>> {
    let array = cx.heap.new_strings(cx.result, 0)?;
    for (name, _) in std::env::vars_os() {
        cx.heap.push_new_string(array, &name.to_string_lossy())?;
    }
    Ok(array)
}
