//! The golden-file harness: see `tests/README.md`.
