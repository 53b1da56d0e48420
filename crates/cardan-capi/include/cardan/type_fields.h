/* The fields of a type object, read where the running host has them.
 *
 * The fields of PyTypeObject have the same order on every host; how large the header before them is, differs. So `type->tp_free`
 * is an element of an array whose start is found when the module is imported. A type object of one's own cannot be laid out
 * this way: static types are not portable, make types with PyType_FromSpec.
 * https://docs.python.org/3/c-api/typeobj.html */
#ifndef CARDAN_TYPE_FIELDS_H
#define CARDAN_TYPE_FIELDS_H

CARDAN_BEGIN

union cardan_field {
    const char *as_text;
    Py_ssize_t as_size;
    unsigned long as_flags;
    destructor as_destructor;
    reprfunc as_repr;
    hashfunc as_hash;
    ternaryfunc as_call;
    getattrofunc as_getattro;
    setattrofunc as_setattro;
    traverseproc as_traverse;
    inquiry as_inquiry;
    richcmpfunc as_richcompare;
    getiterfunc as_iter;
    iternextfunc as_iternext;
    struct _typeobject *as_type;
    PyObject *as_object;
    descrgetfunc as_descr_get;
    descrsetfunc as_descr_set;
    initproc as_init;
    allocfunc as_alloc;
    newfunc as_new;
    freefunc as_free;
    vectorcallfunc as_vectorcall;
};

struct _typeobject {
    union cardan_field cardan_word[64];
};

#define CARDAN_FIELD(index, type) cardan_word[PyTypeObject_fields + (index)].as_##type
#define tp_name CARDAN_FIELD(0, text)
#define tp_basicsize CARDAN_FIELD(1, size)
#define tp_itemsize CARDAN_FIELD(2, size)
#define tp_dealloc CARDAN_FIELD(3, destructor)
#define tp_repr CARDAN_FIELD(8, repr)
#define tp_hash CARDAN_FIELD(12, hash)
#define tp_call CARDAN_FIELD(13, call)
#define tp_str CARDAN_FIELD(14, repr)
#define tp_getattro CARDAN_FIELD(15, getattro)
#define tp_setattro CARDAN_FIELD(16, setattro)
#define tp_flags CARDAN_FIELD(18, flags)
#define tp_doc CARDAN_FIELD(19, text)
#define tp_traverse CARDAN_FIELD(20, traverse)
#define tp_clear CARDAN_FIELD(21, inquiry)
#define tp_richcompare CARDAN_FIELD(22, richcompare)
#define tp_weaklistoffset CARDAN_FIELD(23, size)
#define tp_iter CARDAN_FIELD(24, iter)
#define tp_iternext CARDAN_FIELD(25, iternext)
#define tp_base CARDAN_FIELD(29, type)
#define tp_dict CARDAN_FIELD(30, object)
#define tp_descr_get CARDAN_FIELD(31, descr_get)
#define tp_descr_set CARDAN_FIELD(32, descr_set)
#define tp_dictoffset CARDAN_FIELD(33, size)
#define tp_init CARDAN_FIELD(34, init)
#define tp_alloc CARDAN_FIELD(35, alloc)
#define tp_new CARDAN_FIELD(36, new)
#define tp_free CARDAN_FIELD(37, free)
#define tp_vectorcall CARDAN_FIELD(47, vectorcall)

CARDAN_END

#endif
