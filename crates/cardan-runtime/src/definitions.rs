//! Lists of definitions, as modules and types hand them over, turned into those of the C API.

use crate::imports::*;
use cardan_abi::{Definition, GetSetDefinition, MethodDefinition, SlotDefinition, definition_kind, signature};
use cardan_host::memory;
use cardan_host::text::Text;
use cardan_host::types::{Object, PyGetSetDef, PyMethodDef};
use core::ffi::{CStr, c_int, c_uint, c_void};
use core::ptr::null_mut;

/// More definitions than that in one list, and the list has no end.
pub(crate) const MOST: usize = 1 << 16;

/// Whether something can stand at an address: no system maps the first page, and on x86-64 programs have the lower half.
/// What a list without an end runs into is mostly none: a number, a text.
pub(crate) fn is_address<T>(pointer: *const T) -> bool {
    let address = pointer.addr();
    address >= 4096 && address.is_multiple_of(align_of::<T>()) && !(cfg!(target_arch = "x86_64") && address >> 47 != 0)
}

/// Whether something is left out, or given by its address.
pub(crate) fn is_optional<T>(pointer: *const T) -> bool {
    pointer.is_null() || is_address(pointer)
}

/// Raises an exception of a class with a message.
pub(crate) fn raise(class: Object, message: &CStr) {
    // SAFETY: the imports are bound; the message is a C string.
    unsafe { PyErr_SetString(class, message.as_ptr()) }
}

/// Raises `SystemError` about the thing of that name.
pub(crate) fn refuse(subject: &CStr, problem: &CStr) {
    raise(PyExc_SystemError(), Text::new().push(subject).push(c": ").push(problem).as_c_str());
}

/// The definitions of a module or of a type.
#[derive(Clone, Copy)]
pub(crate) struct Definitions {
    first: *const *const Definition,
    count: usize,
}

impl Definitions {
    /// The list that starts at `first` and ends with null. `None` with `SystemError` if there is something in it that is no
    /// definition; `subject` is what has the list.
    ///
    /// # Safety
    /// `first` is null or points to pointers to definitions.
    pub(crate) unsafe fn of(first: *const *const Definition, subject: &CStr) -> Option<Self> {
        let mut count = 0;
        if first.is_null() {
            return Some(Self { first, count });
        }
        // SAFETY: the caller's list.
        unsafe {
            loop {
                // Not a reference before it is known to be an address.
                let pointer = *first.add(count);
                if pointer.is_null() {
                    break;
                }
                if !is_address(pointer) {
                    let mut text = Text::new();
                    text.push(subject).push(c": definition ").push_number(count);
                    text.push(c" has no address where one can be: the list has to end with NULL");
                    raise(PyExc_SystemError(), text.as_c_str());
                    return None;
                }
                let definition = &*pointer;
                if !matches!(definition.kind, definition_kind::SLOT..=definition_kind::GET_SET) {
                    let mut text = Text::new();
                    text.push(subject).push(c": definition ").push_number(count).push(c" is of the kind ");
                    text.push_number(definition.kind as usize).push(c"; expected 1 to 4");
                    raise(PyExc_SystemError(), text.as_c_str());
                    return None;
                }
                count += 1;
                if count > MOST {
                    refuse(subject, c"more than 65536 definitions: the list has to end with NULL");
                    return None;
                }
            }
        }
        Some(Self { first, count })
    }

    fn all(self) -> impl Iterator<Item = &'static Definition> {
        // SAFETY: `of` went through all of them.
        (0..self.count).map(move |index| unsafe { &**self.first.add(index) })
    }

    pub(crate) fn slots(self) -> impl Iterator<Item = &'static SlotDefinition> {
        // SAFETY: the kind says which member of the union it is.
        self.all()
            .filter(|definition| definition.kind == definition_kind::SLOT)
            .map(|definition| unsafe { &definition.body.slot })
    }

    pub(crate) fn methods(self) -> impl Iterator<Item = &'static MethodDefinition> {
        // SAFETY: as above.
        self.all()
            .filter(|definition| definition.kind == definition_kind::METHOD)
            .map(|definition| unsafe { &definition.body.method })
    }

    pub(crate) fn members(self) -> impl Iterator<Item = &'static cardan_abi::MemberDefinition> {
        // SAFETY: as above.
        self.all()
            .filter(|definition| definition.kind == definition_kind::MEMBER)
            .map(|definition| unsafe { &definition.body.member })
    }

    pub(crate) fn get_sets(self) -> impl Iterator<Item = &'static GetSetDefinition> {
        // SAFETY: as above.
        self.all()
            .filter(|definition| definition.kind == definition_kind::GET_SET)
            .map(|definition| unsafe { &definition.body.get_set })
    }

    /// The author's function in a slot, null if there is none.
    pub(crate) fn slot(self, id: c_uint) -> *mut c_void {
        self.slots().find(|slot| slot.slot == id).map_or(null_mut(), |slot| slot.implementation)
    }
}

/// A definition of the C API that ends a list by being all zero.
pub(crate) trait Named {
    /// Whether this entry is the end.
    fn is_end(&self) -> bool;
}

impl Named for PyMethodDef {
    fn is_end(&self) -> bool {
        self.ml_name.is_null()
    }
}

impl Named for PyGetSetDef {
    fn is_end(&self) -> bool {
        self.name.is_null()
    }
}

impl Named for cardan_host::types::PyMemberDef {
    fn is_end(&self) -> bool {
        self.name.is_null()
    }
}

impl Named for cardan_host::types::Slot {
    fn is_end(&self) -> bool {
        self.slot == 0
    }
}

/// How many entries a list of the C API has; none for null.
///
/// # Safety
/// `list` is null or ends with an entry that is the end.
pub(crate) unsafe fn length<T: Named>(list: *const T) -> usize {
    if list.is_null() {
        return 0;
    }
    // SAFETY: the caller's list.
    (0..).take_while(|&index| unsafe { !(*list.add(index)).is_end() }).count()
}

const METH_KEYWORDS: c_int = 0x2;
const METH_NOARGS: c_int = 0x4;
const METH_O: c_int = 0x8;
const METH_CLASS: c_int = 0x10;
const METH_STATIC: c_int = 0x20;
const METH_FASTCALL: c_int = 0x80;

/// Writes the methods of a list, then those of the C API, then the end.
///
/// # Errors
/// `None` with `ValueError` for a method of an unknown signature, with `SystemError` for one without a function.
///
/// # Safety
/// There is room for all of them and the end at `to`; `legacy` is a list of the C API or null.
pub(crate) unsafe fn write_methods(
    definitions: Definitions,
    legacy: *const PyMethodDef,
    to: *mut PyMethodDef,
) -> Option<()> {
    let mut next = 0;
    for method in definitions.methods() {
        let flags = match method.signature & !(signature::CLASS | signature::STATIC) {
            signature::VARARGS => METH_FASTCALL,
            signature::KEYWORDS => METH_FASTCALL | METH_KEYWORDS,
            signature::NOARGS => METH_NOARGS,
            signature::O => METH_O,
            _ => {
                raise(PyExc_ValueError(), c"Unsupported HPyMeth signature");
                return None;
            }
        };
        if method.signature & signature::CLASS != 0 && method.signature & signature::STATIC != 0 {
            raise(PyExc_ValueError(), c"a method cannot be both class and static");
            return None;
        }
        let class = if method.signature & signature::CLASS != 0 { METH_CLASS } else { 0 };
        let alone = if method.signature & signature::STATIC != 0 { METH_STATIC } else { 0 };
        if !is_address(method.name) || !is_address(method.cpy_trampoline) || !is_optional(method.doc) {
            refuse(c"HPyMeth", c"a method needs a name and a trampoline; HPyDef_METH makes both");
            return None;
        }
        // SAFETY: the caller's room.
        unsafe {
            to.add(next).write(PyMethodDef {
                ml_name: method.name,
                ml_meth: method.cpy_trampoline,
                ml_flags: flags | class | alone,
                ml_doc: method.doc,
            });
        }
        next += 1;
    }
    // SAFETY: the caller's list and room, which the allocator zeroed.
    unsafe { core::ptr::copy_nonoverlapping(legacy, to.add(next), length(legacy)) };
    Some(())
}

/// Room for a list that the host refers to for good. Null with `MemoryError` when there is no memory.
pub(crate) fn room<T>(count: usize) -> *mut T {
    let memory = memory::array::<T>(count + 1);
    if memory.is_null() {
        // SAFETY: the import is bound.
        unsafe { PyErr_NoMemory() };
    }
    memory
}
