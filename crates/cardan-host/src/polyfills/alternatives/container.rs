//! Dicts, sets, sequences and buffers.

use crate::bind::value;
use crate::polyfill;
use crate::polyfills::support::{self, alias, same_as};
use crate::types::{Object, c_char, c_int, c_void};
use core::ptr::null_mut;

alias! {
    /// `separator.join(items)` for bytes.
    _PyBytes_Join = c"PyBytes_Join";
    /// The hash of a pointer.
    _Py_HashPointer = c"Py_HashPointer";
    /// The length of a str.
    PyUnicode_GetSize = c"PyUnicode_GetLength";
}

polyfill! {
    /// The hash of a block of memory: that of bytes with the same content.
    fn _Py_HashBytes(bytes: *const c_void, size: isize) -> isize;
    uses [PyBytes_FromStringAndSize, PyObject_Hash, PyErr_Clear, Py_DecRef];
    choose |host| same_as(host, c"Py_HashBuffer", _Py_HashBytes as *const _);
    {
        // SAFETY: the caller's memory; the bytes that are made are given back. The function cannot fail.
        unsafe {
            let object = PyBytes_FromStringAndSize(bytes.cast(), size);
            let hash = if object.is_null() { -1 } else { PyObject_Hash(object) };
            Py_DecRef(object);
            if hash == -1 {
                PyErr_Clear();
                return 0;
            }
            hash
        }
    }
}

polyfill! {
    /// A dict, whose size is a guess that is not needed.
    fn _PyDict_NewPresized(_size: isize) -> Object;
    uses [PyDict_New];
    {
        // SAFETY: the cell is filled.
        unsafe { PyDict_New() }
    }
}

polyfill! {
    /// Looks a key up in a dict whose hash is known: a borrowed reference, or null with or without an exception.
    fn _PyDict_GetItem_KnownHash(dict: Object, key: Object, _hash: isize) -> Object;
    uses [PyDict_GetItemWithError];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { PyDict_GetItemWithError(dict, key) }
    }
}

polyfill! {
    /// Sets an item of a dict by a key whose hash is known. 0, or -1 with an exception.
    fn _PyDict_SetItem_KnownHash(dict: Object, key: Object, item: Object, _hash: isize) -> c_int;
    uses [PyDict_SetItem];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { PyDict_SetItem(dict, key, item) }
    }
}

polyfill! {
    /// Whether a dict has a key whose hash is known: 1, 0, or -1 with an exception.
    fn _PyDict_Contains_KnownHash(dict: Object, key: Object, _hash: isize) -> c_int;
    uses [PyDict_Contains];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { PyDict_Contains(dict, key) }
    }
}

polyfill! {
    /// Takes a key out of a dict: a new reference, to the default if it is absent, or null with `KeyError`.
    fn _PyDict_Pop(dict: Object, key: Object, default: Object) -> Object;
    uses [PyObject_CallMethod];
    data [PyDict_Type];
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let (class, name) = (PyDict_Type.address().cast(), c"pop".as_ptr());
            if default.is_null() {
                PyObject_CallMethod()(class, name, c"(OO)".as_ptr(), dict, key)
            } else {
                PyObject_CallMethod()(class, name, c"(OOO)".as_ptr(), dict, key, default)
            }
        }
    }
}

polyfill! {
    /// Adds pairs from an iterable to a dict, over what is there or not. 0, or -1 with an exception.
    fn PyDict_MergeFromSeq2(dict: Object, pairs: Object, over: c_int) -> c_int;
    uses [
        PyObject_GetIter, PyIter_Next, PySequence_Tuple, PyTuple_Size, PyTuple_GetItem, PyDict_SetItem, PyDict_SetDefault,
        PyErr_Occurred, PyErr_ExceptionMatches, PyErr_Format, Py_DecRef
    ];
    data [PyExc_TypeError, PyExc_ValueError];
    {
        // SAFETY: the arguments are the caller's; what is made on the way is given back.
        unsafe {
            let iterator = PyObject_GetIter(pairs);
            if iterator.is_null() {
                return -1;
            }
            let mut index: isize = 0;
            let mut outcome = 0;
            while outcome == 0 {
                let element = PyIter_Next(iterator);
                if element.is_null() {
                    outcome = if PyErr_Occurred().is_null() { 0 } else { -1 };
                    break;
                }
                let pair = PySequence_Tuple(element);
                Py_DecRef(element);
                if pair.is_null() {
                    if PyErr_ExceptionMatches(value(&PyExc_TypeError)) != 0 {
                        let format = c"cannot convert dictionary update sequence element #%zd to a sequence";
                        PyErr_Format()(value(&PyExc_TypeError), format.as_ptr(), index);
                    }
                    outcome = -1;
                    break;
                }
                let length = PyTuple_Size(pair);
                if length == 2 {
                    let (key, item) = (PyTuple_GetItem(pair, 0), PyTuple_GetItem(pair, 1));
                    let failed = if over != 0 {
                        PyDict_SetItem(dict, key, item) < 0
                    } else {
                        PyDict_SetDefault(dict, key, item).is_null()
                    };
                    outcome = if failed { -1 } else { 0 };
                } else {
                    let format = c"dictionary update sequence element #%zd has length %zd; 2 is required";
                    PyErr_Format()(value(&PyExc_ValueError), format.as_ptr(), index, length);
                    outcome = -1;
                }
                Py_DecRef(pair);
                index += 1;
            }
            Py_DecRef(iterator);
            outcome
        }
    }
}

polyfill! {
    /// Adds the items of an iterable to a set. 0, or -1 with an exception.
    fn _PySet_Update(set: Object, items: Object) -> c_int;
    uses [PyObject_CallMethod, Py_DecRef];
    data [PySet_Type];
    {
        // SAFETY: the arguments are the caller's.
        unsafe { super::status(PyObject_CallMethod()(PySet_Type.address().cast(), c"update".as_ptr(), c"(OO)".as_ptr(), set, items)) }
    }
}

polyfill! {
    /// How often an item is in a sequence, or -1 with an exception.
    fn PySequence_Count(sequence: Object, item: Object) -> isize;
    uses [PyObject_GetIter, PyIter_Next, PyObject_RichCompareBool, PyErr_Occurred, PyErr_BadInternalCall, Py_DecRef];
    {
        const EQUAL: c_int = 2;
        // SAFETY: the arguments are the caller's; what is made on the way is given back.
        unsafe {
            if sequence.is_null() || item.is_null() {
                return support::bad_internal_call() as isize;
            }
            let iterator = PyObject_GetIter(sequence);
            if iterator.is_null() {
                return -1;
            }
            let mut count = 0;
            loop {
                let next = PyIter_Next(iterator);
                if next.is_null() {
                    break;
                }
                let same = PyObject_RichCompareBool(next, item, EQUAL);
                Py_DecRef(next);
                if same < 0 {
                    break;
                }
                count += isize::from(same != 0);
            }
            Py_DecRef(iterator);
            if PyErr_Occurred().is_null() { count } else { -1 }
        }
    }
}

polyfill! {
    /// Deletes an item by a key in UTF-8. 0, or -1 with an exception.
    fn PyObject_DelItemString(object: Object, key: *const c_char) -> c_int;
    uses [PyUnicode_FromString, PyObject_DelItem, PyErr_BadInternalCall, Py_DecRef];
    {
        // SAFETY: the arguments are the caller's; the key that is made is given back.
        unsafe {
            if object.is_null() || key.is_null() {
                return support::bad_internal_call();
            }
            let text = PyUnicode_FromString(key);
            if text.is_null() {
                return -1;
            }
            let outcome = PyObject_DelItem(object, text);
            Py_DecRef(text);
            outcome
        }
    }
}

polyfill! {
    /// Deletes an attribute. 0, or -1 with an exception.
    fn PyObject_DelAttr(object: Object, name: Object) -> c_int;
    uses [PyObject_SetAttr];
    {
        // SAFETY: the arguments are the caller's; null deletes.
        unsafe { PyObject_SetAttr(object, name, null_mut()) }
    }
}

polyfill! {
    /// Deletes an attribute by a name in UTF-8. 0, or -1 with an exception.
    fn PyObject_DelAttrString(object: Object, name: *const c_char) -> c_int;
    uses [PyObject_SetAttrString];
    {
        // SAFETY: the arguments are the caller's; null deletes.
        unsafe { PyObject_SetAttrString(object, name, null_mut()) }
    }
}

polyfill! {
    /// An attribute: 1 with a new reference, 0 if there is none, -1 with an exception.
    fn _PyObject_LookupAttr(object: Object, name: Object, result: *mut Object) -> c_int;
    uses [PyObject_GetAttr, PyErr_ExceptionMatches, PyErr_Clear];
    data [PyExc_AttributeError];
    choose |host| same_as(host, c"PyObject_GetOptionalAttr", _PyObject_LookupAttr as *const _);
    {
        // SAFETY: the arguments are the caller's.
        unsafe {
            let found = PyObject_GetAttr(object, name);
            result.write(found);
            if found.is_null() { support::absent_if(&PyExc_AttributeError) } else { 1 }
        }
    }
}

polyfill! {
    /// Whether two strs are equal.
    fn _PyUnicode_EQ(left: Object, right: Object) -> c_int;
    uses [PyUnicode_Compare];
    {
        // SAFETY: the caller's strs.
        c_int::from(unsafe { PyUnicode_Compare(left, right) } == 0)
    }
}

polyfill! {
    /// Fills in the strides of an array that is contiguous, in the order of C or Fortran (`F`).
    fn PyBuffer_FillContiguousStrides(dimensions: c_int, shape: *const isize, strides: *mut isize, item_size: c_int, order: c_char);
    uses [];
    {
        let mut stride = item_size as isize;
        for step in 0..dimensions as isize {
            let place = if order == b'F' as c_char { step } else { dimensions as isize - 1 - step };
            // SAFETY: the caller's arrays have so many items.
            unsafe {
                strides.offset(place).write(stride);
                stride = stride.wrapping_mul(shape.offset(place).read());
            }
        }
    }
}

polyfill! {
    /// The size of an item of this format, or -1 with an exception.
    fn PyBuffer_SizeFromFormat(format: *const c_char) -> isize;
    uses [PyImport_ImportModule, PyObject_CallMethod, PyLong_AsSsize_t, Py_DecRef];
    {
        // SAFETY: the caller's C string; what is made on the way is given back.
        unsafe {
            let module = PyImport_ImportModule(c"struct".as_ptr());
            if module.is_null() {
                return -1;
            }
            let size = PyObject_CallMethod()(module, c"calcsize".as_ptr(), c"(s)".as_ptr(), format);
            Py_DecRef(module);
            if size.is_null() {
                return -1;
            }
            let number = PyLong_AsSsize_t(size);
            Py_DecRef(size);
            number
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PyBuffer_FillContiguousStrides;

    #[test]
    fn strides_grow_from_the_last_dimension_or_the_first() {
        let shape = [2, 3, 4];
        let mut strides = [0; 3];
        for (order, expected) in [(b'C', [96, 32, 8]), (b'F', [8, 16, 48])] {
            // SAFETY: both arrays have three items.
            unsafe { PyBuffer_FillContiguousStrides(3, shape.as_ptr(), strides.as_mut_ptr(), 8, order as _) };
            assert_eq!(strides, expected);
        }
    }
}
