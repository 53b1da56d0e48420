/* A module of another file, for check_definitions.py: its definition was laid out by that file. */
#include <Python.h>

static PyObject *
nothing(PyObject *module, PyObject *unused)
{
    return Py_BuildValue("");
}

static PyMethodDef functions[] = {
    {"first", nothing, METH_NOARGS, NULL},
    {"second", nothing, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "another_definition", "Of another file.", -1, functions, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_another_definition(void)
{
    return PyModule_Create(&definition);
}
