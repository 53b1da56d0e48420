//! Reads back from a finished module what it says of itself as a module of the handle API.

use crate::Error;
use crate::elf::read::Image;

/// The section of the entries that `HPy_MODINIT` of `hpy.h` leaves, one for each module of the file.
const ENTRIES: &str = "cdn_handles";

/// The size of such an entry in bytes: an `HPyModuleEntry`, and the address of the definition.
const ENTRY_SIZE: usize = 48;

/// The section of the names of what leads from handles to the host's objects, each as often as it is compiled in.
const ESCAPES: &str = "cdn_escapes";

/// A module of the handle API.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HandleModule {
    /// The module's name, without its package.
    pub name: String,
    /// The major and minor version of the ABI that it was compiled for.
    pub abi: (u32, u32),
    /// The size in bytes of the context that it was compiled for.
    pub context_size: u64,
    /// Whether its definition has functions for the C API (`legacy_methods`).
    pub has_legacy_methods: bool,
}

/// What a file says of its modules of the handle API.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Handles {
    /// The modules, by name.
    pub modules: Vec<HandleModule>,
    /// What it uses of `hpy.h` that leads to the host's objects and back, sorted.
    pub escapes: Vec<String>,
}

/// What a file says of its modules of the handle API; `None` if it has none that was compiled with Cardan's `hpy.h`.
///
/// # Errors
/// When the file is no ELF file, or its entries are damaged.
///
/// # Examples
/// ```
/// assert_eq!(cardan_import_library::handles(b"MZ").unwrap_err().to_string(), "not an ELF file");
/// ```
pub fn handles(module: &[u8]) -> Result<Option<Handles>, Error> {
    let image = Image::parse(module)?;
    let Some((start, data)) = image.section(ENTRIES)? else { return Ok(None) };
    let mut modules = Vec::new();
    for index in 0..data.len().div_ceil(ENTRY_SIZE) {
        // Addresses are the file's, and may be any: one beyond the last is no place of it.
        let at = |offset: usize| start.checked_add((index * ENTRY_SIZE + offset) as u64);
        let entry = || {
            Some(HandleModule {
                name: image.string(image.word(at(0)?)?)?,
                abi: (image.half(at(8)?)?, image.half(at(12)?)?),
                context_size: image.word(at(16)?)?,
                // The third field of the definition.
                has_legacy_methods: image.word(image.word(at(40)?)?.checked_add(16)?)? != 0,
            })
        };
        let damaged = || Error::new(format!("entry {index} of the section {ENTRIES} is damaged"));
        modules.push(entry().ok_or_else(damaged)?);
    }
    modules.sort_by(|left, right| left.name.cmp(&right.name));
    let (_, names) = image.section(ESCAPES)?.unwrap_or_default();
    let mut escapes: Vec<String> = names
        .split(|&byte| byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    escapes.sort();
    escapes.dedup();
    Ok(Some(Handles { modules, escapes }))
}
