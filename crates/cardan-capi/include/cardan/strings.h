/* Text, bytes and numbers: the macros of their headers. Kind, length and data of a str are calls: how a host stores it is
 * its own business. https://docs.python.org/3/c-api/unicode.html */
#ifndef CARDAN_STRINGS_H
#define CARDAN_STRINGS_H

CARDAN_BEGIN

enum PyUnicode_Kind {
    PyUnicode_1BYTE_KIND = 1,
    PyUnicode_2BYTE_KIND = 2,
    PyUnicode_4BYTE_KIND = 4
};

#define PyUnicode_KIND(text) ((enum PyUnicode_Kind)PyUnicode_KIND(_PyObject_CAST(text)))
#define PyUnicode_DATA(text) PyUnicode_DATA(_PyObject_CAST(text))
#define PyUnicode_IS_ASCII(text) PyUnicode_IS_ASCII(_PyObject_CAST(text))
#define PyUnicode_IS_COMPACT(text) PyUnicode_IS_COMPACT(_PyObject_CAST(text))
#define PyUnicode_IS_COMPACT_ASCII(text) (PyUnicode_IS_ASCII(text) && PyUnicode_IS_COMPACT(text))
#define PyUnicode_GET_LENGTH(text) PyUnicode_GetLength(_PyObject_CAST(text))
#define PyUnicode_READY(text) PyUnicode_READY(_PyObject_CAST(text))
#define PyUnicode_IS_READY(text) ((void)(text), 1)
#define PyUnicode_MAX_CHAR_VALUE(text) PyUnicode_MAX_CHAR_VALUE(_PyObject_CAST(text))
#define PyUnicode_READ_CHAR(text, index) PyUnicode_ReadChar(_PyObject_CAST(text), (index))

#define PyUnicode_1BYTE_DATA(text) ((Py_UCS1 *)PyUnicode_DATA(text))
#define PyUnicode_2BYTE_DATA(text) ((Py_UCS2 *)PyUnicode_DATA(text))
#define PyUnicode_4BYTE_DATA(text) ((Py_UCS4 *)PyUnicode_DATA(text))

/* These two read and write what PyUnicode_DATA gave. */
#define PyUnicode_READ(kind, data, index)                                                        \
    ((Py_UCS4)((kind) == PyUnicode_1BYTE_KIND   ? ((const Py_UCS1 *)(data))[(index)]             \
               : (kind) == PyUnicode_2BYTE_KIND ? ((const Py_UCS2 *)(data))[(index)]             \
                                                : ((const Py_UCS4 *)(data))[(index)]))
static inline void
cardan_unicode_write(int kind, void *data, Py_ssize_t index, Py_UCS4 character)
{
    if (kind == PyUnicode_1BYTE_KIND) {
        ((Py_UCS1 *)data)[index] = (Py_UCS1)character;
    }
    else if (kind == PyUnicode_2BYTE_KIND) {
        ((Py_UCS2 *)data)[index] = (Py_UCS2)character;
    }
    else {
        ((Py_UCS4 *)data)[index] = character;
    }
}
#define PyUnicode_WRITE(kind, data, index, character) \
    cardan_unicode_write((int)(kind), (data), (index), (Py_UCS4)(character))

#define Py_UNICODE_REPLACEMENT_CHARACTER ((Py_UCS4)0xFFFD)
#define Py_UNICODE_IS_SURROGATE(character) (0xD800 <= (character) && (character) <= 0xDFFF)
#define Py_UNICODE_IS_HIGH_SURROGATE(character) (0xD800 <= (character) && (character) <= 0xDBFF)
#define Py_UNICODE_IS_LOW_SURROGATE(character) (0xDC00 <= (character) && (character) <= 0xDFFF)
#define Py_UNICODE_JOIN_SURROGATES(high, low) (((((Py_UCS4)(high)&0x03FF) << 10) | ((Py_UCS4)(low)&0x03FF)) + 0x10000)

#define PyBytes_AS_STRING(bytes) PyBytes_AsString(_PyObject_CAST(bytes))
#define PyBytes_GET_SIZE(bytes) PyBytes_Size(_PyObject_CAST(bytes))
#define PyByteArray_AS_STRING(bytes) PyByteArray_AsString(_PyObject_CAST(bytes))
#define PyByteArray_GET_SIZE(bytes) PyByteArray_Size(_PyObject_CAST(bytes))

#define PyLong_AS_LONG(number) PyLong_AsLong(number)
#define PyFloat_AS_DOUBLE(number) PyFloat_AsDouble(_PyObject_CAST(number))
#define PyLong_FromPid PyLong_FromLong
#define PyLong_AsPid PyLong_AsLong
#define _Py_PARSE_PID "i"
#define _Py_PARSE_INTPTR "l"
#define _Py_PARSE_UINTPTR "k"

#define PyOS_strnicmp PyOS_mystrnicmp
#define PyOS_stricmp PyOS_mystricmp

CARDAN_END

#endif
