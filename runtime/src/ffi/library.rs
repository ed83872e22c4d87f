//! Libraries by the names that a linker takes, and their symbols.

use std::collections::HashMap;
use std::ffi::{CStr, CString, c_void};
use std::path::{Path, PathBuf};

use lang_bytecode::{CFunction, Place};

/// Why a program's C functions could not be found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct LinkError {
    /// What is missing: the library and the symbol.
    pub(crate) message: String,
    /// Where it is declared.
    pub(crate) place: Place,
}

/// Symbols that a host gives to `extern { … }`, by name.
pub(crate) type HostSymbols = HashMap<String, usize>;

/// Where libraries lie on systems like this one, after what `LD_LIBRARY_PATH` says.
const FOLDERS: [&str; 7] = [
    "/usr/local/lib",
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/lib64",
    "/usr/lib64",
    "/lib",
    "/usr/lib",
];

/// Libraries that are open, by the names in the source. They stay open: C may keep threads and callbacks in them.
#[derive(Debug, Default)]
pub(crate) struct Libraries {
    open: HashMap<String, Result<*mut c_void, String>>,
}

impl Libraries {
    /// The address of a symbol; 0 where it is missing and may be.
    pub(crate) fn find(&mut self, function: &CFunction, host: &HostSymbols) -> Result<usize, LinkError> {
        let fail = |message: String| LinkError { message, place: function.place };
        let symbol = &function.symbol;
        let Some(name) = &function.library else {
            let found = host.get(symbol).copied().or_else(|| symbol_at(libc::RTLD_DEFAULT, symbol));
            return match found {
                Some(address) => Ok(address),
                None if function.weak => Ok(0),
                None => Err(fail(format!("neither this process nor its host has the symbol `{symbol}`"))),
            };
        };
        match self.open.entry(name.clone()).or_insert_with(|| open(name)) {
            Ok(handle) => match symbol_at(*handle, symbol) {
                Some(address) => Ok(address),
                None if function.weak => Ok(0),
                None => Err(fail(format!("the library `{name}` has no symbol `{symbol}`"))),
            },
            Err(_) if function.weak => Ok(0),
            Err(why) => {
                Err(fail(format!("cannot load the library `{name}`, which `{symbol}` is declared in\n{why}")))
            }
        }
    }
}

fn symbol_at(handle: *mut c_void, symbol: &str) -> Option<usize> {
    let name = CString::new(symbol).ok()?;
    // SAFETY: the handle is that of an open library or a special one, and the name ends with a NUL.
    let address = unsafe { libc::dlsym(handle, name.as_ptr()) };
    (!address.is_null()).then_some(address as usize)
}

/// Opens a library by path, file name or linker's name; or says why not.
fn open(name: &str) -> Result<*mut c_void, String> {
    if name.contains('/') || name.contains(".so") {
        return open_file(Path::new(name));
    }
    // The name without a version is what a linker looks for; it may be a script of the linker's, so the versions come next.
    let first = match open_file(Path::new(&format!("lib{name}.so"))) {
        Ok(handle) => return Ok(handle),
        Err(why) => why,
    };
    match versions(name).iter().find_map(|path| open_file(path).ok()) {
        Some(handle) => Ok(handle),
        None => Err(first),
    }
}

fn open_file(path: &Path) -> Result<*mut c_void, String> {
    let Ok(name) = CString::new(path.as_os_str().as_encoded_bytes()) else {
        return Err("its name has a NUL in it".to_owned());
    };
    // SAFETY: opening a library runs its initialisers, which the program asks for by naming it.
    unsafe {
        let handle = libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL);
        if !handle.is_null() {
            return Ok(handle);
        }
        let why = libc::dlerror();
        if why.is_null() {
            return Err("the system does not say why".to_owned());
        }
        Err(CStr::from_ptr(why).to_string_lossy().into_owned())
    }
}

/// The files `libNAME.so.VERSION` that there are, the newest of each folder first.
fn versions(name: &str) -> Vec<PathBuf> {
    let prefix = format!("lib{name}.so.");
    let own = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    let folders = std::env::split_paths(&own).chain(FOLDERS.iter().map(PathBuf::from));
    let mut found = Vec::new();
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let mut here: Vec<(Vec<u64>, PathBuf)> = entries
            .flatten()
            .filter_map(|entry| {
                let file = entry.file_name();
                let version = file.to_str()?.strip_prefix(&prefix)?;
                let parts: Result<Vec<u64>, _> = version.split('.').map(str::parse).collect();
                Some((parts.ok()?, entry.path()))
            })
            .collect();
        here.sort_by(|(a, _), (b, _)| b.cmp(a));
        found.extend(here.into_iter().map(|(_, path)| path));
    }
    found
}
