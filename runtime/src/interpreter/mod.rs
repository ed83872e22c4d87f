//! The interpreter: threaded code, decoded once per function.

#[macro_use]
mod abi;
mod decode;
mod handlers;
mod operand;
mod runtime;
pub mod semantics;
mod stored;

#[cfg(feature = "jit")]
pub(crate) use abi::RETURNED;
pub(crate) use abi::{FINISHED, LINK_SLOTS, Link, Op, TRAPPED, Word};
#[cfg(feature = "jit")]
pub(crate) use decode::Landing;
pub(crate) use decode::{Context, Decoded, decode};

/// What a function's code is until it is first called.
pub(crate) fn stub(function: u32) -> Word {
    word_of(handlers::cold::first_call, function)
}

/// What a function's code is where calls are counted.
#[cfg(feature = "jit")]
pub(crate) fn counting_stub(function: u32) -> Word {
    word_of(handlers::tiers::counted_call, function)
}

fn word_of(run: abi::Handler, function: u32) -> Word {
    let [a, b, c, d] = function.to_ne_bytes();
    let (c, x) = (u16::from_ne_bytes([a, b]), u16::from_ne_bytes([c, d]));
    Word { op: Op { run, a: 0, b: 0, c, x } }
}

/// What a callback of C returns to: as if a call stood before it.
pub(crate) fn callback_exit() -> [Word; 3] {
    outermost(handlers::cold::finish_callback)
}

/// What the entry function returns to: as if a call stood before it.
pub(crate) fn exit() -> [Word; 3] {
    outermost(handlers::cold::finish)
}

/// What stands for the first instruction of a loop that is compiled.
#[cfg(feature = "jit")]
pub(crate) fn loop_entry(code: *const crate::jit::loops::LoopCode) -> Word {
    let handler: abi::Handler = handlers::tiers::compiled_loop;
    Word { bits: [handler as usize as u64, code as u64] }
}

/// What a function returns to that compiled code called.
#[cfg(feature = "jit")]
pub(crate) fn exit_to_compiled() -> [Word; 3] {
    outermost(handlers::tiers::hand_back)
}

fn outermost(run: abi::Handler) -> [Word; 3] {
    let link = Word { link: Link { code: std::ptr::null(), frame: 0, caller: u32::MAX } };
    [link, link, Word { op: Op { run, a: 0, b: 0, c: 0, x: 0 } }]
}
