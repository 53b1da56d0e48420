//! `cardan toolchain`: the compiler of `cardan build` as a folder, for builds that are no Python project.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::compiler::toolchain::{Toolchain, VARIABLE};
use crate::error::{Context, Error, Result};
use crate::{kit, output};

/// Write a C and C++ compiler that makes universal modules into a new folder
///
/// `bin/cc` and `bin/c++` in it take a compiler's arguments; the environment variable CARDAN_TOOLCHAIN has to name the
/// file that is printed. A module is one call: cc -shared SOURCE.c -o NAME.so
#[derive(clap::Args)]
pub struct Args {
    /// The folder, which must not exist yet
    folder: PathBuf,
    /// Keep symbols and debug information in the modules
    #[arg(long)]
    keep_symbols: bool,
    /// Another build of the runtime than the one in this command: a static library, such as one with a sanitizer
    #[arg(long, value_name = "FILE", hide = true)]
    runtime: Option<PathBuf>,
}

/// Writes the folder and prints the file that CARDAN_TOOLCHAIN is to name.
pub fn run(args: Args) -> Result<ExitCode> {
    let path = args.folder.display();
    if args.folder.exists() {
        return Err(Error::new(format!("{path} exists already: a folder of that name was to be made"))
            .help("name another folder, or remove this one"));
    }
    let read = |path: PathBuf| {
        std::fs::read(&path)
            .context(|| format!("cannot read the runtime {}", path.display()))
            .map_err(|error| error.help("name a static library, or leave --runtime out"))
    };
    let runtime = args.runtime.map(read).transpose()?;
    std::fs::create_dir_all(&args.folder).context(|| format!("cannot make {path}"))?;
    let folder = args.folder.canonicalize().context(|| format!("cannot use {path}"))?;
    let kit = kit::unpack(&folder, runtime.as_deref())?;
    let search = std::env::var_os("PATH").unwrap_or_default();
    let toolchain = Toolchain::install(&folder, &folder.join("bin"), &kit, &search, args.keep_symbols)?;
    let file = folder.join("toolchain.json");
    toolchain.write(&file)?;
    output::tell(format_args!("{VARIABLE} is to name this file:"));
    output::print_path(&file)?;
    Ok(ExitCode::SUCCESS)
}
