/* Lengths in formats, without PY_SSIZE_T_CLEAN. */
#include <Python.h>

#define FILLED ((Py_ssize_t)0xABABABABABABABAB)

static int
parse_list(PyObject *arguments, const char *format, ...)
{
    va_list places;
    va_start(places, format);
    int parsed = PyArg_VaParse(arguments, format, places);
    va_end(places);
    return parsed;
}

static PyObject *
parsed(PyObject *module, PyObject *arguments)
{
    static char *names[] = {"text", "bytes", NULL};
    Py_ssize_t sizes[6] = {FILLED, FILLED, FILLED, FILLED, FILLED, FILLED};
    const char *text, *bytes;
    if (!PyArg_ParseTuple(arguments, "s#y#", &text, sizes, &bytes, sizes + 1)
        || !PyArg_ParseTupleAndKeywords(arguments, NULL, "s#y#", names, &text, sizes + 2, &bytes, sizes + 3)
        || !PyArg_Parse(PyTuple_GetItem(arguments, 0), "s#", &text, sizes + 4)
        || !parse_list(arguments, "s#O", &text, sizes + 5, &module)) {
        return NULL;
    }
    return Py_BuildValue("[nnnnnn]", sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]);
}

static PyObject *
build_list(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    PyObject *built = Py_VaBuildValue(format, values);
    va_end(values);
    return built;
}

static PyObject *
built(PyObject *module, PyObject *callable)
{
    Py_ssize_t size = 3;
    PyObject *called = PyObject_CallFunction(callable, "s#", "text", size);
    PyObject *method = called ? PyObject_CallMethod(called, "join", "(y#)", "bytes", size) : NULL;
    if (method == NULL) {
        PyErr_Clear();
    }
    Py_XDECREF(method);
    return Py_BuildValue("[Ns#Ni]", called, "text", size, build_list("y#", "bytes", size), method == NULL);
}

static PyMethodDef methods[] = {
    {"parsed", parsed, METH_VARARGS, NULL}, {"built", built, METH_O, NULL}, {NULL, NULL, 0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "lengths", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_lengths(void)
{
    return PyModuleDef_Init(&definition);
}
