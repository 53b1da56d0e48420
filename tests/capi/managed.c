/* What a spec may ask of newer hosts only: that they keep the dict and the weak references, and a token. */
#include <Python.h>

static void
destroy(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (PyType_GetFlags(type) & Py_TPFLAGS_MANAGED_WEAKREF) {
        PyObject_ClearWeakRefs(self);
    }
    PyObject_ClearManagedDict(self);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static int
visit_all(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    return PyObject_VisitManagedDict(self, visit, arg);
}

static int
clear(PyObject *self)
{
    PyObject_ClearManagedDict(self);
    return 0;
}

static PyObject *
make(PyObject *module, PyObject *flags)
{
    static int token;
    PyType_Slot with_token[] = {{Py_tp_token, &token}, {0, NULL}};
    PyType_Slot managed[] = {{Py_tp_dealloc, destroy}, {Py_tp_traverse, visit_all}, {Py_tp_clear, clear}, {0, NULL}};
    unsigned int asked = (unsigned int)PyLong_AsUnsignedLong(flags);
    PyType_Spec spec = {"managed.Thing", 0, 0, Py_TPFLAGS_DEFAULT, with_token};
    if (asked != 0) {
        spec.flags |= asked | Py_TPFLAGS_HAVE_GC;
        spec.slots = managed;
    }
    return PyType_FromSpec(&spec);
}

static int
fill(PyObject *module)
{
    return PyModule_AddIntMacro(module, Py_TPFLAGS_MANAGED_DICT) < 0 || PyModule_AddIntMacro(module, Py_TPFLAGS_MANAGED_WEAKREF) < 0
               ? -1
               : 0;
}

static PyMethodDef methods[] = {{"make", make, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "managed", NULL, 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_managed(void)
{
    return PyModuleDef_Init(&definition);
}
