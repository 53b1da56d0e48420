/* What CPython's headers read from an object: of objects that say something else in Python, and of objects that are being torn
 * down. */
#include "wrap.h"

/* A row of bits: its size is the number of bytes, its length the number of bits. */
typedef struct {
    PyObject_VAR_HEAD
    Py_ssize_t bits;
    unsigned char bytes[1];
} Bits;

static O *seen, *bits_type;

static O *
bits_new(PyTypeObject *type, O *arguments, O *keywords)
{
    Py_ssize_t bits;
    TAKE("n", &bits);
    O *self = PyType_GenericAlloc(type, (bits + 7) / 8);
    if (self != NULL) {
        ((Bits *)self)->bits = bits;
        memset(((Bits *)self)->bytes, 0xFF, (size_t)((bits + 7) / 8));
    }
    return self;
}

static Py_ssize_t
bits_length(O *self)
{
    return ((Bits *)self)->bits;
}

static O *
bits_state(O *self, O *unused)
{
    Py_ssize_t whole = 0;
    for (Py_ssize_t i = 0; i < Py_SIZE(self); i++) {
        whole += ((Bits *)self)->bytes[i] == 0xFF;
    }
    return Py_BuildValue("(nnn)", Py_SIZE(self), whole, ((Bits *)self)->bits);
}

static O *
bits_shrink(O *self, O *unused)
{
    Py_SET_SIZE((PyVarObject *)self, Py_SIZE(self) - 1);
    Py_RETURN_NONE;
}

static void
bits_dealloc(O *self)
{
    PyTypeObject *type = Py_TYPE(self);
    O *counts = Py_BuildValue("(niiin)", Py_REFCNT(self), Py_IS_TYPE(self, (PyTypeObject *)bits_type), Py_IS_TYPE(self, &PyList_Type),
                              PyObject_TypeCheck(self, (PyTypeObject *)bits_type), Py_SIZE(self));
    if (counts == NULL || PyList_Append(seen, counts) < 0) {
        PyErr_Clear();
    }
    Py_XDECREF(counts);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyMethodDef bits_methods[] = {
    {"state", bits_state, METH_NOARGS, NULL}, {"shrink", bits_shrink, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL},
};
static PyType_Slot bits_slots[] = {
    {Py_tp_new, bits_new},           {Py_sq_length, bits_length},     {Py_mp_length, bits_length},
    {Py_tp_methods, bits_methods},   {Py_tp_dealloc, bits_dealloc},   {0, NULL},
};
static PyType_Spec bits_spec = {
    .name = "headers.Bits",
    .basicsize = offsetof(Bits, bytes),
    .itemsize = 1,
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = bits_slots,
};

/* One more reference while it runs than its argument has otherwise. */
WRAP(count)
{
    O *object;
    TAKE("O", &object);
    Py_ssize_t before = Py_REFCNT(object);
    Py_INCREF(object);
    Py_ssize_t during = Py_REFCNT(object);
    Py_DECREF(object);
    return Py_BuildValue("(nn)", during - before, Py_REFCNT(object) - before);
}

WRAP(is_exactly)
{
    O *object, *type;
    TAKE("OO", &object, &type);
    return number(Py_IS_TYPE(object, (PyTypeObject *)type));
}

WRAP(basicsize)
{
    O *object;
    TAKE("O", &object);
    O *size = PyObject_GetAttrString(object, "__basicsize__");
    if (size == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
        return PyUnicode_FromString("absent");
    }
    return size;
}

static PyMethodDef methods[] = {
    {"count", call_count, METH_VARARGS, NULL},
    {"is_exactly", call_is_exactly, METH_VARARGS, NULL},
    {"basicsize", call_basicsize, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int
fill(O *module)
{
    bits_type = PyType_FromSpec(&bits_spec);
    seen = PyList_New(0);
    return PyModule_AddObjectRef(module, "Bits", bits_type) < 0 || PyModule_AddObjectRef(module, "seen", seen) < 0 ? -1 : 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "headers", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC
PyInit_headers(void)
{
    return PyModuleDef_Init(&definition);
}
