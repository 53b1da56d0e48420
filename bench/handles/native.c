/* The subjects by hand: what a careful author of a C extension writes against CPython's own API. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long x;
    long y;
} Point;

static PyObject *noargs(PyObject *self, PyObject *none)
{
    (void)self, (void)none;
    Py_RETURN_NONE;
}

static PyObject *onearg(PyObject *self, PyObject *arg)
{
    (void)self;
    Py_INCREF(arg); /* Py_NewRef is newer than the oldest host */
    return arg;
}

static PyObject *varargs(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    (void)self, (void)args;
    if (nargs != 2) {
        PyErr_SetString(PyExc_TypeError, "two arguments are expected");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *call_with_tuple(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    (void)self;
    if (nargs != 2) {
        PyErr_SetString(PyExc_TypeError, "two arguments are expected");
        return NULL;
    }
    return PyObject_Call(args[0], args[1], NULL);
}

static PyObject *call_with_tuple_and_dict(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    (void)self;
    if (nargs != 3) {
        PyErr_SetString(PyExc_TypeError, "three arguments are expected");
        return NULL;
    }
    return PyObject_Call(args[0], args[1], args[2]);
}

static PyObject *allocate_int(PyObject *self, PyObject *none)
{
    (void)self, (void)none;
    return PyLong_FromLong(2048);
}

static PyObject *allocate_tuple(PyObject *self, PyObject *none)
{
    (void)self, (void)none;
    PyObject *first = PyUnicode_FromString("hello");
    PyObject *second = PyUnicode_FromString("world");
    PyObject *tuple = first != NULL && second != NULL ? PyTuple_Pack(2, first, second) : NULL;
    Py_XDECREF(first);
    Py_XDECREF(second);
    return tuple;
}

static PyObject *point_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    (void)args, (void)keywords;
    Point *point = (Point *)type->tp_alloc(type, 0);
    if (point != NULL) {
        point->x = 1;
        point->y = 2;
    }
    return (PyObject *)point;
}

static void heap_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static Py_ssize_t point_length(PyObject *self)
{
    (void)self;
    return 1234;
}

static PyObject *point_item(PyObject *self, Py_ssize_t index)
{
    (void)self;
    return PyLong_FromSsize_t(index);
}

static PyMethodDef point_methods[] = {
    {"noargs", noargs, METH_NOARGS, NULL},
    {"onearg", onearg, METH_O, NULL},
    {"varargs", (PyCFunction)(void (*)(void))varargs, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static PySequenceMethods point_sequence = {.sq_length = point_length, .sq_item = point_item};

static PyTypeObject Foo_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "native.Foo",
    .tp_basicsize = sizeof(Point),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = point_new,
    .tp_methods = point_methods,
    .tp_as_sequence = &point_sequence,
};

static PyType_Slot heap_slots[] = {
    {Py_tp_new, point_new},     {Py_tp_dealloc, heap_dealloc}, {Py_tp_methods, point_methods},
    {Py_sq_length, point_length}, {Py_sq_item, point_item},      {0, NULL},
};

static PyType_Spec heap_spec = {"native.HTFoo", sizeof(Point), 0, Py_TPFLAGS_DEFAULT, heap_slots};

static PyMethodDef methods[] = {
    {"noargs", noargs, METH_NOARGS, NULL},
    {"onearg", onearg, METH_O, NULL},
    {"varargs", (PyCFunction)(void (*)(void))varargs, METH_FASTCALL, NULL},
    {"call_with_tuple", (PyCFunction)(void (*)(void))call_with_tuple, METH_FASTCALL, NULL},
    {"call_with_tuple_and_dict", (PyCFunction)(void (*)(void))call_with_tuple_and_dict, METH_FASTCALL, NULL},
    {"allocate_int", allocate_int, METH_NOARGS, NULL},
    {"allocate_tuple", allocate_tuple, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void)
{
    if (PyType_Ready(&Foo_Type) < 0) {
        return NULL;
    }
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL) {
        return NULL;
    }
#ifdef Py_GIL_DISABLED
    PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);
#endif
    PyObject *heap = PyType_FromSpec(&heap_spec);
    if (heap == NULL || PyObject_SetAttrString(module, "HTFoo", heap) < 0 ||
        PyObject_SetAttrString(module, "Foo", (PyObject *)&Foo_Type) < 0) {
        Py_XDECREF(heap);
        Py_DECREF(module);
        return NULL;
    }
    Py_DECREF(heap);
    return module;
}
