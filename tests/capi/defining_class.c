/* A class that finds the state of its module in two ways: by the class that a method is told (METH_METHOD), and by the
 * definition of the module. */
#include <Python.h>

static struct PyModuleDef definition;

#ifdef WITH_METH_METHOD
static PyObject *
name_by_class(PyObject *self, PyTypeObject *class, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
{
    return PyObject_GetAttrString((PyObject *)class, "__name__");
}
#endif

static PyObject *
module_of(PyObject *module, PyObject *class)
{
    PyObject *found = PyType_GetModuleByDef((PyTypeObject *)class, &definition);
    return Py_XNewRef(found);
}

static PyMethodDef methods[] = {
#ifdef WITH_METH_METHOD
    {"name_by_class", (PyCFunction)(void (*)(void))name_by_class, METH_METHOD | METH_FASTCALL | METH_KEYWORDS, NULL},
#endif
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {{Py_tp_methods, methods}, {0, NULL}};
static PyType_Spec spec = {
    "defining_class.Thing", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};

static int
execute(PyObject *module)
{
    PyObject *class = PyType_FromModuleAndSpec(module, &spec, NULL);
    int outcome = class == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)class);
    Py_XDECREF(class);
    return outcome;
}

static PyMethodDef functions[] = {{"module_of", module_of, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, execute}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "defining_class", NULL, 0, functions, module_slots, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_defining_class(void)
{
    return PyModuleDef_Init(&definition);
}
