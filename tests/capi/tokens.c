/* A type whose token is its spec: PyType_GetBaseByToken finds it by the address that the author knows. */
#include <Python.h>

static PyType_Slot slots[] = {{Py_tp_token, Py_TP_USE_SPEC}, {0, NULL}};
static PyType_Spec spec = {
    .name = "tokens.Thing",
    .basicsize = sizeof(PyObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = slots,
};

static PyObject *
by_spec(PyObject *module, PyObject *type)
{
    PyTypeObject *found;
    if (PyType_GetBaseByToken((PyTypeObject *)type, &spec, &found) < 0) {
        return NULL;
    }
    return found ? (PyObject *)found : Py_BuildValue("");
}

static PyMethodDef functions[] = {{"by_spec", by_spec, METH_O, NULL}, {NULL, NULL, 0, NULL}};

static int
execute(PyObject *module)
{
    return PyModule_Add(module, "Thing", PyType_FromModuleAndSpec(module, &spec, NULL));
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, execute}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "tokens", NULL, 0, functions, module_slots, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_tokens(void)
{
    return PyModuleDef_Init(&definition);
}
