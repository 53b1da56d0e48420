/* What a type of C says besides its slots: a finalizer and a metaclass. */
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *called;
} Ended;

static int deallocated;

static PyObject *
ended_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *called;
    if (!PyArg_ParseTuple(args, "O", &called)) {
        return NULL;
    }
    PyObject *self = PyType_GenericAlloc(type, 0);
    if (self != NULL) {
        ((Ended *)self)->called = Py_NewRef(called);
    }
    return self;
}

static void
ended_finalize(PyObject *self)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *called = ((Ended *)self)->called;
    if (called != NULL) {
        PyObject *result = PyObject_CallFunctionObjArgs(called, self, NULL);
        if (result == NULL) {
            PyErr_WriteUnraisable(self);
        }
        Py_XDECREF(result);
    }
    PyErr_Restore(type, value, traceback);
}

static int
ended_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Ended *)self)->called);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static void
ended_dealloc(PyObject *self)
{
    if (PyObject_CallFinalizerFromDealloc(self) < 0) {
        return;
    }
    PyObject_GC_UnTrack(self);
    PyTypeObject *type = Py_TYPE(self);
    Py_CLEAR(((Ended *)self)->called);
    deallocated++;
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyObject *
plain(PyObject *self, PyObject *unused)
{
    return PyUnicode_FromString("plain");
}

static PyMethodDef ended_methods[] = {{"plain", plain, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyType_Slot ended_slots[] = {
    {Py_tp_new, ended_new}, {Py_tp_finalize, ended_finalize}, {Py_tp_traverse, ended_traverse}, {Py_tp_dealloc, ended_dealloc},
    {Py_tp_methods, ended_methods}, {0, NULL},
};
static PyType_Spec ended_spec = {
    .name = "types_of_c.Ended",
    .basicsize = sizeof(Ended),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = ended_slots,
};

/* Whether the type names the array of methods that it was made with. */
static PyObject *
keeps_methods(PyObject *self, PyObject *type)
{
    return PyBool_FromLong(PyType_GetSlot((PyTypeObject *)type, Py_tp_methods) == (void *)ended_methods);
}

static PyType_Slot plain_slots[] = {{Py_tp_methods, ended_methods}, {0, NULL}};
static PyType_Spec plain_spec = {
    .name = "types_of_c.Plain", .basicsize = sizeof(PyObject), .flags = Py_TPFLAGS_DEFAULT, .slots = plain_slots};

static PyObject *
with_metaclass(PyObject *module, PyObject *metaclass)
{
    return PyType_FromMetaclass((PyTypeObject *)metaclass, module, &plain_spec, NULL);
}

/* The same with bases; None is no metaclass, and no bases. */
static PyObject *
with_metaclass_and_bases(PyObject *module, PyObject *arguments)
{
    PyObject *metaclass, *bases;
    if (!PyArg_ParseTuple(arguments, "OO", &metaclass, &bases)) {
        return NULL;
    }
    static PyType_Spec spec = {.name = "types_of_c.Plain", .flags = Py_TPFLAGS_DEFAULT, .slots = plain_slots};
    PyTypeObject *type = metaclass == Py_None ? NULL : (PyTypeObject *)metaclass;
    return PyType_FromMetaclass(type, module, &spec, bases == Py_None ? NULL : bases);
}

/* A type from a spec that says something wrong, by number. */
static PyObject *
wrong_spec(PyObject *module, PyObject *number)
{
    PyMemberDef members[] = {{"member", Py_T_LONG, 0, Py_RELATIVE_OFFSET, NULL}, {NULL, 0, 0, 0, NULL}};
    PyType_Slot slots[] = {{Py_tp_members, members}, {0, NULL}};
    PyType_Spec spec = {.name = "types_of_c.Wrong", .basicsize = -16, .flags = Py_TPFLAGS_DEFAULT, .slots = slots};
    switch (PyLong_AsLong(number)) {
    case 0: spec.name = NULL; break;
    case 1: spec.basicsize = sizeof(PyObject) + 16; break;
    case 2: members[0].offset = 16; break;
    case 3: members[0].offset = -8; break;
    case 4: spec.basicsize = 0; break;
    }
    return PyType_FromModuleAndSpec(module, &spec, NULL);
}

/* A metaclass that is a type of C and adds nothing to a class but a method. */
static PyMethodDef meta_methods[] = {{"of_meta", plain, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyType_Slot meta_slots[] = {{Py_tp_methods, meta_methods}, {0, NULL}};
static PyType_Spec meta_spec = {.name = "types_of_c.Meta", .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, .slots = meta_slots};

static PyObject *
metaclass_of_c(PyObject *module, PyObject *unused)
{
    return PyType_FromModuleAndSpec(module, &meta_spec, (PyObject *)&PyType_Type);
}

static PyObject *
counts(PyObject *self, PyObject *unused)
{
    return PyLong_FromLong(deallocated);
}

static PyMethodDef functions[] = {
    {"counts", counts, METH_NOARGS, NULL},
    {"keeps_methods", keeps_methods, METH_O, NULL},
    {"metaclass_of_c", metaclass_of_c, METH_NOARGS, NULL},
    {"with_metaclass", with_metaclass, METH_O, NULL},
    {"with_metaclass_and_bases", with_metaclass_and_bases, METH_VARARGS, NULL},
    {"wrong_spec", wrong_spec, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static int
execute(PyObject *module)
{
    PyObject *ended = PyType_FromModuleAndSpec(module, &ended_spec, NULL);
    return ended == NULL || PyModule_AddObjectRef(module, "Ended", ended) < 0 ? -1 : 0;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, execute}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "types_of_c", NULL, 0, functions, module_slots, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_types_of_c(void)
{
    return PyModuleDef_Init(&definition);
}
