//! The C-API door: what a module compiled against `include/Python.h` runs on.
//!
//! [`entry`] binds the module's names when it is imported; `cardan_host::definitions` lays out its definitions.
#![no_std]

pub mod entry;

#[cfg(test)]
mod tests {
    use cardan_host::hosts::cpython::type_object::place;
    extern crate std;
    use std::string::String;

    /// The word of a field in `cardan/type_fields.h`.
    fn word(field: &str) -> usize {
        let header = include_str!("../include/cardan/type_fields.h");
        let start: String = ["#define ", field, " CARDAN_FIELD("].concat();
        let rest = header.split_once(start.as_str()).expect("the field is in the header").1;
        rest.split_once(',').expect("a word and a type").0.parse().expect("a number")
    }

    #[test]
    fn the_header_has_the_fields_of_a_type_where_hosts_have_them() {
        let slots = [
            (47, "tp_alloc"),
            (48, "tp_base"),
            (50, "tp_call"),
            (51, "tp_clear"),
            (52, "tp_dealloc"),
            (54, "tp_descr_get"),
            (55, "tp_descr_set"),
            (56, "tp_doc"),
            (58, "tp_getattro"),
            (59, "tp_hash"),
            (60, "tp_init"),
            (62, "tp_iter"),
            (63, "tp_iternext"),
            (65, "tp_new"),
            (66, "tp_repr"),
            (67, "tp_richcompare"),
            (69, "tp_setattro"),
            (70, "tp_str"),
            (71, "tp_traverse"),
            (74, "tp_free"),
        ];
        for (slot, field) in slots {
            assert_eq!(place(slot).map(|place| place.field / 8), Some(word(field)), "{field}");
        }
    }
}
