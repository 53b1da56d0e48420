//! Everything that the command prints while it works: progress on a terminal, plain lines elsewhere, always on stderr.
