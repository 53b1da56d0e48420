/* Cells, which GraalPy cannot hand to C: there the import of this module is refused. */
#include <Python.h>

static PyObject *
new_cell(PyObject *self, PyObject *content)
{
    return PyCell_New(content);
}

static PyObject *
get(PyObject *self, PyObject *cell)
{
    PyObject *content = PyCell_Get(cell);
    return content != NULL || PyErr_Occurred() ? content : PyUnicode_FromString("absent");
}

static PyObject *
empty(PyObject *self, PyObject *cell)
{
    if (PyCell_Set(cell, NULL) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"new", new_cell, METH_O, NULL}, {"get", get, METH_O, NULL}, {"empty", empty, METH_O, NULL}, {NULL, NULL, 0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "cells", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_cells(void)
{
    return PyModuleDef_Init(&definition);
}
