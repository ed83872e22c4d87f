//! Every byte of a file is shown once, in order.

use super::{dump, read, write};
use crate::assemble_file;

const TEXT: &str = "type ints = array i64\nglobal total: int\ncfunction cos = \"cos\" in \"m\" (float) -> (float) call (f64) -> (f64)\nfn main() {\n r0: float\n fconst r0, 2.5\n print r0\n ret\n}\n";

#[test]
fn every_byte_has_its_row() {
    let module = assemble_file("a.lasm", TEXT).expect("it can be read");
    let mut file = b"#!/usr/bin/env langrun\n".to_vec();
    file.extend(write(&module));
    let rows = dump(&file).expect("it is whole");
    let mut at = 0;
    for row in &rows {
        assert_eq!(row.bytes.start, at, "{row:?}");
        at = row.bytes.end;
    }
    assert_eq!(at, file.len());
    for meaning in [
        "format version 1",
        "entry main@0",
        "type #1 = array i64",
        "    0  fconst r0, 2.5",
        "cfunction cos%0 = \"cos\" in \"m\" (float) -> (float) call (f64) -> (f64) @0/0:0+0",
        "\" r0: float\\n\"",
    ] {
        assert!(rows.iter().any(|row| row.meaning == meaning), "{meaning}");
    }
}

#[test]
fn damage_is_refused_as_when_reading() {
    let file = write(&assemble_file("a.lasm", TEXT).expect("it can be read"));
    for length in 0..file.len() {
        assert_eq!(dump(&file[..length]).err(), read(&file[..length]).err());
    }
}
