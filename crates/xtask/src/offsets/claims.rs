//! What `cardan-host` claims of a host, under the names of `facts.c`.

use std::collections::BTreeMap;
use std::mem::{offset_of, size_of};

use cardan_host::hosts::cpython::type_object;
use cardan_host::hosts::profile::{Count, Place, Profile};
use cardan_host::hosts::{BUFFER_ROOM, Build, cpython, graalpy, pypy};
use cardan_host::types::{PyGetSetDef, PyMemberDef, PyMethodDef, PyType_Spec, Slot};

use super::headers::{Facts, Headers};

/// What is claimed of one build.
pub struct Claims {
    of: BTreeMap<String, u64>,
    /// The type slots whose places are claimed: the number of the slot, its field and the field of the table behind it.
    slots: Vec<(i32, u64, Option<u64>)>,
}

impl Claims {
    /// What the record of this host says of the version of its headers.
    pub fn of(headers: &Headers, facts: &Facts) -> Self {
        let words = format!("[PyPy {}.{}", headers.version.0, headers.version.1);
        let build = Build {
            version: facts.get("version").copied().unwrap_or_default() as u32,
            words: words.as_bytes(),
            free_threaded: facts.contains_key("free-threaded"),
            generic: false,
        };
        let record = match headers.implementation.as_str() {
            "pypy" => pypy::profile,
            "graalpy" => graalpy::profile,
            _ => cpython::profile,
        };
        let mut claims = Self { of: BTreeMap::new(), slots: Vec::new() };
        claims.structs(&record(&build));
        claims.definitions();
        claims
    }

    fn claim(&mut self, fact: &str, value: usize) {
        self.of.insert(fact.to_owned(), value as u64);
    }

    fn maybe(&mut self, fact: &str, value: Option<usize>) {
        if let Some(value) = value {
            self.claim(fact, value);
        }
    }

    fn structs(&mut self, Profile { layout, quirks, .. }: &Profile) {
        // The size of the header is asked for where nothing else is known: `object.__basicsize__`.
        if layout.type_offset.get().or(layout.type_fields.get()).is_some() {
            self.claim("sizeof PyObject", layout.header());
        }
        self.maybe("PyObject.ob_type", layout.type_offset.get());
        self.maybe("PyVarObject.ob_size", layout.size.get());
        match layout.count.or(quirks.written_count) {
            Some(Count::Split) => {
                self.claim("PyObject.ob_ref_local", cpython::split_count::LOCAL);
                self.claim("PyObject.ob_ref_shared", cpython::split_count::SHARED);
            }
            Some(count) => {
                self.claim("PyObject.ob_refcnt", 0);
                self.claim("count bytes", if count == Count::Narrow { 4 } else { 8 });
            }
            None => {}
        }
        if let Some(start) =
            [layout.type_fields, quirks.told_type_fields, quirks.made_type_fields].into_iter().find_map(Place::get)
        {
            self.types(start);
        }
        self.maybe("PyTupleObject.ob_item", layout.tuple_items.get());
        self.maybe("PyListObject.ob_item", layout.list_items.get());
        if let Some(digits) = layout.digits {
            self.claim("int number of digits", digits.number.into());
            self.claim("int digits", usize::from(digits.number) + 8);
            self.claim("int other bits", digits.other_bits as usize);
        }
        self.maybe("PyMemoryViewObject.view", layout.memory_view_buffer.get());
        if let Some(text) = layout.text {
            self.maybe("PyASCIIObject.state", text.state.get());
            self.claim("str kind", text.kind as usize);
            self.claim("str kind bits", text.kind_mask.count_ones() as usize);
            self.claim("str compact", text.compact as usize);
            self.claim("str ascii", text.ascii as usize);
            self.maybe("str ready", text.ready.map(|bit| bit as usize));
            self.maybe("sizeof PyASCIIObject", text.ascii_text.get());
            self.maybe("sizeof PyCompactUnicodeObject", text.compact_text.get());
            self.maybe("PyUnicodeObject.data", text.pointer.get());
        }
        if quirks.reads_c_functions {
            self.claim("PyCFunctionObject.m_ml", pypy::c_function::DEFINITION);
            self.claim("PyCFunctionObject.m_self", pypy::c_function::OWNER);
        }
        if quirks.fills_plain_buffers {
            self.claim("sizeof Py_buffer", 80);
        }
    }

    fn types(&mut self, start: usize) {
        for (field, offset) in [
            ("tp_name", type_object::NAME),
            ("tp_basicsize", type_object::BASIC_SIZE),
            ("tp_itemsize", type_object::ITEM_SIZE),
            ("tp_vectorcall_offset", type_object::VECTORCALL_OFFSET),
            ("tp_weaklistoffset", type_object::WEAK_LIST_OFFSET),
            ("tp_flags", type_object::FLAGS),
            ("tp_dict", type_object::DICT),
            ("tp_dictoffset", type_object::DICT_OFFSET),
        ] {
            self.claim(&format!("PyTypeObject.{field}"), start + offset);
        }
        for slot in 1..=u8::MAX.into() {
            if let Some(place) = type_object::place(slot) {
                self.slots.push((slot, (start + place.field) as u64, place.inner.map(|inner| inner as u64)));
            }
        }
    }

    /// The structs that a module hands over, which are the same on every host.
    fn definitions(&mut self) {
        self.claim("sizeof PyMethodDef", size_of::<PyMethodDef>());
        self.claim("PyMethodDef.ml_name", offset_of!(PyMethodDef, ml_name));
        self.claim("PyMethodDef.ml_meth", offset_of!(PyMethodDef, ml_meth));
        self.claim("PyMethodDef.ml_flags", offset_of!(PyMethodDef, ml_flags));
        self.claim("PyMethodDef.ml_doc", offset_of!(PyMethodDef, ml_doc));
        self.claim("sizeof PyMemberDef", size_of::<PyMemberDef>());
        self.claim("PyMemberDef.name", offset_of!(PyMemberDef, name));
        self.claim("PyMemberDef.type", offset_of!(PyMemberDef, kind));
        self.claim("PyMemberDef.offset", offset_of!(PyMemberDef, offset));
        self.claim("PyMemberDef.flags", offset_of!(PyMemberDef, flags));
        self.claim("PyMemberDef.doc", offset_of!(PyMemberDef, doc));
        self.claim("sizeof PyGetSetDef", size_of::<PyGetSetDef>());
        self.claim("PyGetSetDef.name", offset_of!(PyGetSetDef, name));
        self.claim("PyGetSetDef.get", offset_of!(PyGetSetDef, get));
        self.claim("PyGetSetDef.set", offset_of!(PyGetSetDef, set));
        self.claim("PyGetSetDef.doc", offset_of!(PyGetSetDef, doc));
        self.claim("PyGetSetDef.closure", offset_of!(PyGetSetDef, closure));
        self.claim("sizeof PyType_Spec", size_of::<PyType_Spec>());
        self.claim("PyType_Spec.name", offset_of!(PyType_Spec, name));
        self.claim("PyType_Spec.basicsize", offset_of!(PyType_Spec, basicsize));
        self.claim("PyType_Spec.itemsize", offset_of!(PyType_Spec, itemsize));
        self.claim("PyType_Spec.flags", offset_of!(PyType_Spec, flags));
        self.claim("PyType_Spec.slots", offset_of!(PyType_Spec, slots));
        self.claim("sizeof PyType_Slot", size_of::<Slot>());
        self.claim("sizeof PyModuleDef_Slot", size_of::<Slot>());
    }

    /// What is claimed of a fact.
    pub fn get(&self, fact: &str) -> Option<u64> {
        self.of.get(fact).copied()
    }

    /// How many type slots are claimed.
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    /// What was compared, in words.
    pub fn summary(&self) -> String {
        format!("{} places and {} type slots compared", self.of.len(), self.slots.len())
    }

    /// The claims that do not hold, each in words.
    pub fn compare(&self, facts: &Facts) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut expect = |fact: &str, claimed: u64, found: Option<u64>| match found {
            Some(found) if found == claimed => {}
            Some(found) => wrong.push(format!("{fact}: cardan-host says {claimed}, the headers say {found}")),
            None => wrong.push(format!("{fact}: cardan-host says {claimed}, the headers have no such field")),
        };
        for (fact, claimed) in &self.of {
            expect(fact, *claimed, facts.get(fact).copied());
        }
        for (slot, field, inner) in &self.slots {
            let start = format!("slot {slot} ");
            let named: Vec<_> = facts.iter().filter(|(fact, _)| fact.starts_with(&start)).collect();
            // The slot may be newer than these headers.
            let Some((name, found)) = named.first() else { continue };
            expect(name, *field, Some(**found));
            if named.len() > 1 || inner.is_some() {
                let (claimed, found) = (inner.unwrap_or(u64::MAX), named.get(1).map(|(_, found)| **found));
                expect(&format!("{name} inner"), claimed, found);
            }
        }
        if let Some(found) = facts.get("sizeof Py_buffer").filter(|found| **found > BUFFER_ROOM as u64) {
            wrong.push(format!("sizeof Py_buffer: there is room for {BUFFER_ROOM}, the headers say {found}"));
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        Claims {
            of: BTreeMap::from([("sizeof PyObject".to_owned(), 16)]),
            slots: vec![(7, 96, Some(0)), (47, 304, None)],
        }
    }

    fn facts(changed: &[(&str, u64)]) -> Facts {
        let facts =
            [("sizeof PyObject", 16), ("slot 7 nb_add", 96), ("slot 7 nb_add inner", 0), ("slot 47 tp_alloc", 304)];
        facts.iter().chain(changed).map(|(name, value)| ((*name).to_owned(), *value)).collect()
    }

    #[test]
    fn a_claim_that_the_headers_share_is_no_mistake() {
        assert_eq!(claims().compare(&facts(&[])), <[&str; 0]>::default());
    }

    #[test]
    fn each_mistake_names_both_numbers() {
        let facts = facts(&[("sizeof PyObject", 24), ("slot 7 nb_add inner", 8), ("sizeof Py_buffer", 4096)]);
        assert_eq!(
            claims().compare(&facts),
            [
                "sizeof PyObject: cardan-host says 16, the headers say 24",
                "slot 7 nb_add inner: cardan-host says 0, the headers say 8",
                "sizeof Py_buffer: there is room for 2048, the headers say 4096",
            ]
        );
    }

    #[test]
    fn a_claim_of_what_the_headers_lack_is_a_mistake() {
        let mut facts = facts(&[]);
        facts.remove("sizeof PyObject");
        assert_eq!(claims().compare(&facts), ["sizeof PyObject: cardan-host says 16, the headers have no such field"]);
    }
}
