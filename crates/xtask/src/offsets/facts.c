/* What a host's own headers say of its structs: one line `NAME<tab>NUMBER` for each fact. Compiled by `cargo xtask offsets`
   against the headers of each host, and run: nothing of the host is called. A fact that the headers do not have is left out. */

#include <Python.h>
#include <frameobject.h>
#include <structmember.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#ifdef PYPY_VERSION
#define ON_PYPY 1
#else
#define ON_PYPY 0
#endif

static void put(const char *name, unsigned long long value)
{
    printf("%s\t%llu\n", name, value);
}

#define SIZE(type) put("sizeof " #type, sizeof(type))
#define AT(type, field) put(#type "." #field, offsetof(type, field))

/* Where the first bit of a field is, counted from the start of a struct that holds nothing else, and how many bits it has. */
#define BITS(name, type, start, field)                                                                                   \
    do {                                                                                                                 \
        type probe;                                                                                                      \
        unsigned char *bytes = (unsigned char *)&probe + (start);                                                        \
        size_t room = sizeof probe - (start), first = 0, count = 0;                                                      \
        memset(&probe, 0, sizeof probe);                                                                                 \
        probe.field = -1;                                                                                                \
        while (first < 8 * room && !(bytes[first / 8] >> first % 8 & 1)) first++;                                        \
        while (first + count < 8 * room && bytes[(first + count) / 8] >> (first + count) % 8 & 1) count++;               \
        put(name, first);                                                                                                \
        put(name " bits", count);                                                                                        \
    } while (0)

/* A type slot: a field of the type, or a field of a table that the type points to. */
static void slot(int number, const char *name, size_t field)
{
    printf("slot %d %s\t%zu\n", number, name, field);
}

static void inner_slot(int number, const char *name, size_t field, size_t inner)
{
    slot(number, name, field);
    printf("slot %d %s inner\t%zu\n", number, name, inner);
}

#define SLOT(name) slot(Py_##name, #name, offsetof(PyTypeObject, name))
#define IN(table, type, name) inner_slot(Py_##name, #name, offsetof(PyTypeObject, table), offsetof(type, name))
#define BUFFER(name) IN(tp_as_buffer, PyBufferProcs, name)
#define MAPPING(name) IN(tp_as_mapping, PyMappingMethods, name)
#define NUMBER(name) IN(tp_as_number, PyNumberMethods, name)
#define SEQUENCE(name) IN(tp_as_sequence, PySequenceMethods, name)
#define ASYNC(name) IN(tp_as_async, PyAsyncMethods, name)

static void slots(void)
{
    BUFFER(bf_getbuffer), BUFFER(bf_releasebuffer);
    MAPPING(mp_ass_subscript), MAPPING(mp_length), MAPPING(mp_subscript);
    NUMBER(nb_absolute), NUMBER(nb_add), NUMBER(nb_and), NUMBER(nb_bool), NUMBER(nb_divmod), NUMBER(nb_float);
    NUMBER(nb_floor_divide), NUMBER(nb_index), NUMBER(nb_inplace_add), NUMBER(nb_inplace_and);
    NUMBER(nb_inplace_floor_divide), NUMBER(nb_inplace_lshift), NUMBER(nb_inplace_multiply), NUMBER(nb_inplace_or);
    NUMBER(nb_inplace_power), NUMBER(nb_inplace_remainder), NUMBER(nb_inplace_rshift), NUMBER(nb_inplace_subtract);
    NUMBER(nb_inplace_true_divide), NUMBER(nb_inplace_xor), NUMBER(nb_int), NUMBER(nb_invert), NUMBER(nb_lshift);
    NUMBER(nb_multiply), NUMBER(nb_negative), NUMBER(nb_or), NUMBER(nb_positive), NUMBER(nb_power), NUMBER(nb_remainder);
    NUMBER(nb_rshift), NUMBER(nb_subtract), NUMBER(nb_true_divide), NUMBER(nb_xor), NUMBER(nb_matrix_multiply);
    NUMBER(nb_inplace_matrix_multiply);
    SEQUENCE(sq_ass_item), SEQUENCE(sq_concat), SEQUENCE(sq_contains), SEQUENCE(sq_inplace_concat);
    SEQUENCE(sq_inplace_repeat), SEQUENCE(sq_item), SEQUENCE(sq_length), SEQUENCE(sq_repeat);
    SLOT(tp_alloc), SLOT(tp_base), SLOT(tp_bases), SLOT(tp_call), SLOT(tp_clear), SLOT(tp_dealloc), SLOT(tp_del);
    SLOT(tp_descr_get), SLOT(tp_descr_set), SLOT(tp_doc), SLOT(tp_getattr), SLOT(tp_getattro), SLOT(tp_hash);
    SLOT(tp_init), SLOT(tp_is_gc), SLOT(tp_iter), SLOT(tp_iternext), SLOT(tp_methods), SLOT(tp_new), SLOT(tp_repr);
    SLOT(tp_richcompare), SLOT(tp_setattr), SLOT(tp_setattro), SLOT(tp_str), SLOT(tp_traverse), SLOT(tp_members);
    SLOT(tp_getset), SLOT(tp_free), SLOT(tp_finalize);
    ASYNC(am_await), ASYNC(am_aiter), ASYNC(am_anext);
#ifdef Py_am_send
    ASYNC(am_send);
#endif
#ifdef Py_tp_vectorcall
    SLOT(tp_vectorcall);
#endif
}

static void types(void)
{
    AT(PyTypeObject, tp_name), AT(PyTypeObject, tp_basicsize), AT(PyTypeObject, tp_itemsize);
    AT(PyTypeObject, tp_vectorcall_offset), AT(PyTypeObject, tp_flags), AT(PyTypeObject, tp_weaklistoffset);
    AT(PyTypeObject, tp_base), AT(PyTypeObject, tp_dict), AT(PyTypeObject, tp_dictoffset), AT(PyTypeObject, tp_cache);
    AT(PyTypeObject, tp_subclasses), AT(PyTypeObject, tp_weaklist), AT(PyTypeObject, tp_mro);
    AT(PyTypeObject, tp_version_tag);
    SIZE(PyTypeObject), SIZE(PyHeapTypeObject);
    AT(PyHeapTypeObject, ht_name), AT(PyHeapTypeObject, ht_qualname);
#if !ON_PYPY
    AT(PyHeapTypeObject, ht_slots), AT(PyHeapTypeObject, ht_module);
#endif
}

/* How wide the part of a count is that is added to and subtracted from in place; 0 where it is not one number. */
static void counts(void)
{
#ifndef Py_GIL_DISABLED
    AT(PyObject, ob_refcnt);
#if ON_PYPY || defined(GRAALVM_PYTHON) || PY_VERSION_HEX < 0x030C0000
    put("count bytes", 8);
#else
    /* 32 bits that are negative for an object that lives for ever, or another way of telling it. */
    union {
        PyObject object;
        unsigned long long count;
    } probe;
    memset(&probe, 0, sizeof probe);
    probe.count = 0x80000000;
    int last = _Py_IsImmortal(&probe.object);
    probe.count = 0x7FFFFFFF;
    int before = _Py_IsImmortal(&probe.object);
    put("count bytes", last && !before ? 4 : 0);
#endif
#else
    AT(PyObject, ob_ref_local), AT(PyObject, ob_ref_shared);
#endif
}

#if !defined(GRAALVM_PYTHON)
static void strings(void)
{
    SIZE(PyASCIIObject), SIZE(PyCompactUnicodeObject);
    AT(PyASCIIObject, length), AT(PyASCIIObject, state), AT(PyUnicodeObject, data);
    BITS("str kind", PyASCIIObject, offsetof(PyASCIIObject, state), state.kind);
    BITS("str compact", PyASCIIObject, offsetof(PyASCIIObject, state), state.compact);
    BITS("str ascii", PyASCIIObject, offsetof(PyASCIIObject, state), state.ascii);
#if ON_PYPY || PY_VERSION_HEX < 0x030C0000
    BITS("str ready", PyASCIIObject, offsetof(PyASCIIObject, state), state.ready);
#endif
}
#endif

static void containers(void)
{
#if !ON_PYPY && !defined(GRAALVM_PYTHON)
    AT(PyTupleObject, ob_item), AT(PyListObject, ob_item), AT(PyBytesObject, ob_sval), AT(PyFloatObject, ob_fval);
    AT(PyByteArrayObject, ob_start);
#if PY_VERSION_HEX >= 0x030C0000
    put("int number of digits", offsetof(PyLongObject, long_value.lv_tag));
    put("int digits", offsetof(PyLongObject, long_value.ob_digit));
    /* The word with the number of digits has other bits below: a positive number of one digit has this word. */
    put("int other bits", _PyLong_NON_SIZE_BITS);
#else
    put("int number of digits", offsetof(PyLongObject, ob_base.ob_size));
    put("int digits", offsetof(PyLongObject, ob_digit));
    put("int other bits", 0);
#endif
#endif
#if !defined(GRAALVM_PYTHON)
    AT(PyMemoryViewObject, view);
#endif
}

/* What a module hands to the host. */
static void definitions(void)
{
    SIZE(Py_buffer);
    AT(Py_buffer, buf), AT(Py_buffer, obj), AT(Py_buffer, len), AT(Py_buffer, itemsize), AT(Py_buffer, readonly);
    AT(Py_buffer, ndim), AT(Py_buffer, format), AT(Py_buffer, shape), AT(Py_buffer, strides);
    AT(Py_buffer, suboffsets), AT(Py_buffer, internal);
    SIZE(PyModuleDef), SIZE(PyModuleDef_Base), SIZE(PyModuleDef_Slot);
    AT(PyModuleDef, m_name), AT(PyModuleDef, m_doc), AT(PyModuleDef, m_size), AT(PyModuleDef, m_methods);
    AT(PyModuleDef, m_slots), AT(PyModuleDef, m_traverse), AT(PyModuleDef, m_clear), AT(PyModuleDef, m_free);
    SIZE(PyMethodDef), AT(PyMethodDef, ml_name), AT(PyMethodDef, ml_meth), AT(PyMethodDef, ml_flags);
    AT(PyMethodDef, ml_doc);
    SIZE(PyGetSetDef), AT(PyGetSetDef, name), AT(PyGetSetDef, get), AT(PyGetSetDef, set), AT(PyGetSetDef, doc);
    AT(PyGetSetDef, closure);
    SIZE(PyMemberDef), AT(PyMemberDef, name), AT(PyMemberDef, type), AT(PyMemberDef, offset), AT(PyMemberDef, flags);
    AT(PyMemberDef, doc);
    SIZE(PyType_Spec), AT(PyType_Spec, name), AT(PyType_Spec, basicsize), AT(PyType_Spec, itemsize);
    AT(PyType_Spec, flags), AT(PyType_Spec, slots);
    SIZE(PyType_Slot), AT(PyType_Slot, slot), AT(PyType_Slot, pfunc);
}

static void others(void)
{
#if !defined(GRAALVM_PYTHON)
    AT(PyCFunctionObject, m_ml), AT(PyCFunctionObject, m_self), AT(PyCFunctionObject, m_module);
    AT(PyThreadState, interp);
#endif
}

int main(void)
{
    put("version", PY_VERSION_HEX);
#ifdef Py_GIL_DISABLED
    put("free-threaded", 1);
#endif
#ifdef Py_DEBUG
    put("debug", 1);
#endif
    SIZE(PyObject), SIZE(PyVarObject);
    AT(PyObject, ob_type), AT(PyVarObject, ob_size);
    counts();
    types();
    slots();
#if !defined(GRAALVM_PYTHON)
    strings();
#endif
    containers();
    definitions();
    others();
    return 0;
}
