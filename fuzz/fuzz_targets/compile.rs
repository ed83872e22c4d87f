//! Any bytes given to the compiler end in a module or in errors.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    lang_tests::fuzz::bodies::compile(bytes);
});
