//! Files of earlier versions of the format still run. `docs/bytecode.md` has the promise.
//!
//! Once there is a release, a file here is never made anew: a failure means that the format has changed under its version.

use lang_tests::tools::Tools;
use std::path::Path;

#[test]
fn kept_files_do_what_they_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kept");
    let mut files = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "bc") {
            let name = path.display().to_string();
            let wanted = std::fs::read(path.with_extension("out")).expect("what it prints is kept beside it");
            let done =
                Tools::get().langrun(std::slice::from_ref(&name), &folder, b"").expect("it can be started");
            assert_eq!((&done.status, &done.stdout), (&Ok(0), &wanted), "{name}: {}", done.stderr_text());
            files += 1;
        }
    }
    assert!(files > 0);
}

#[test]
fn a_newer_version_is_refused_with_both_versions_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kept");
    let mut file = std::fs::read(folder.join("objects.bc")).expect("the file is there");
    file[8] += 1;
    let done = Tools::get().langrun(&["-".to_owned()], &folder, &file).expect("it can be started");
    let newer = lang_bytecode::FORMAT_VERSION + 1;
    let said = done.stderr_text();
    assert_eq!(done.status, Ok(3));
    assert!(said.contains(&format!("version {newer}, newer than version {}", newer - 1)), "{said}");
}
