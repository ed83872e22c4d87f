//! Any bytes given to the loader are refused, or run to an end within their fuel.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    lang_tests::fuzz::bodies::load_and_run(bytes);
});
