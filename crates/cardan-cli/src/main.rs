//! `cardan`: the whole of it is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    cardan_cli::main()
}
