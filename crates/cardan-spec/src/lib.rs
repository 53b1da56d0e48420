//! Reads `spec/`: every function, data symbol, slot, constant and struct of the C-API door as data.
