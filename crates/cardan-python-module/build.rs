//! What the linker is told: a library without the standard library still calls C's.

fn main() {
    println!("cargo::rustc-link-lib=c");
}
