//! Any bytes given to the loader are refused, or run to an end within their fuel.
#![no_main]

use lang_tests::fuzz::bodies::load_and_run;
use lang_tests::fuzz::damage::reseal;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    load_and_run(bytes);
    // With a right checksum the same bytes get further.
    let mut sealed = bytes.to_vec();
    reseal(&mut sealed);
    load_and_run(&sealed);
});
