//! Writes the import library: a static archive with one member per C-API symbol.
