//! PyPy 7.3 and later: the C API is its `cpyext` layer, under names of its own.

use super::Layout;
use crate::symbols;
use crate::text::Text;
use core::ffi::CStr;

/// `PyObject` of PyPy's headers: a count, a link to the real object, a type.
pub const LAYOUT: Layout = Layout { header: 24, type_offset: Some(16) };

/// Whether the process is PyPy.
pub fn is_running() -> bool {
    !symbols::address(c"PyPyLong_FromLong").is_null() || !symbols::address(c"pypy_execute_source").is_null()
}

/// PyPy's spelling of a name: `PyPyList_New` for `PyList_New`, `_PyPy_Dealloc` for `_Py_Dealloc`.
///
/// # Examples
/// ```
/// use cardan_host::hosts::pypy::spelling;
/// assert_eq!(spelling(c"PyList_New").as_c_str(), c"PyPyList_New");
/// assert_eq!(spelling(c"_Py_Dealloc").as_c_str(), c"_PyPy_Dealloc");
/// ```
pub fn spelling(name: &CStr) -> Text {
    let mut text = Text::new();
    match name.to_bytes().strip_prefix(b"_") {
        Some(_) => text.push(c"_PyPy").push_from(name, 3),
        None => text.push(c"PyPy").push_from(name, 2),
    };
    text
}

/// Offsets in `PyUnicodeObject` of PyPy's headers, in bytes from the start of the object: the state is five bytes instead of
/// bit-fields.
pub mod unicode {
    use crate::unicode::Layout;

    /// `interned`, `kind`, `compact`, `ascii` and `ready`, read as one little-endian word of eight bytes.
    const fn layout(state: usize) -> Layout {
        Layout {
            state,
            kind: 8,
            compact: 16,
            ascii: 24,
            ready: Some(32),
            kind_mask: 0xFF,
            // The `wstr` pointer ends the ASCII struct, three more words the compact one.
            ascii_text: Some(state + 16),
            compact_text: Some(state + 40),
            pointer: state + 40,
        }
    }

    /// With the hash between the length and the state (7.3.19), and without (7.3.11).
    pub const LAYOUTS: [Layout; 2] = [layout(40), layout(32)];
}

/// Offsets in `PyTypeObject` of PyPy's headers, in bytes from the start of the object.
pub mod type_object {
    /// `tp_name`.
    pub const NAME: usize = 32;
    /// `tp_basicsize`.
    pub const BASIC_SIZE: usize = 40;
    /// `tp_itemsize`.
    pub const ITEM_SIZE: usize = 48;
    /// `tp_weaklistoffset`.
    pub const WEAK_LIST_OFFSET: usize = 216;
    /// `tp_dict`.
    pub const DICT: usize = 272;
    /// `tp_dictoffset`.
    pub const DICT_OFFSET: usize = 296;
}

/// Offsets in `PyCFunctionObject` of PyPy's headers, in bytes from the start of the object.
pub mod c_function {
    /// `m_ml`, a pointer to the method's definition.
    pub const DEFINITION: usize = 24;
    /// `m_self`.
    pub const OWNER: usize = 32;
}
