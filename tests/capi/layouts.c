/* What only the layout of an object can tell: missing, and refused by name, where that is not known. */
#include <Python.h>

static PyObject *
items(PyObject *self, PyObject *sequence)
{
    PyObject **place = PySequence_Fast_ITEMS(sequence);
    return Py_BuildValue("(OO)", place[0], place[1]);
}

static PyObject *
buffer(PyObject *self, PyObject *view)
{
    Py_buffer *found = PyMemoryView_GET_BUFFER(view);
    return Py_BuildValue("(niO)", found->len, found->ndim, PyMemoryView_GET_BASE(view));
}

static PyObject *
dict(PyObject *self, PyObject *type)
{
    return PyType_GetDict((PyTypeObject *)type);
}

static PyMethodDef methods[] = {
    {"items", items, METH_O, NULL}, {"buffer", buffer, METH_O, NULL}, {"dict", dict, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "layouts", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_layouts(void)
{
    return PyModuleDef_Init(&definition);
}
