// A module that needs C++'s runtime library, which has thread-local variables.
#include <Python.h>
#include <stdexcept>
#include <vector>

static PyObject *
catch_one(PyObject *, PyObject *)
{
    try {
        std::vector<int> empty;
        return PyLong_FromLong(empty.at(1));
    } catch (const std::out_of_range &) {
        return PyUnicode_FromString("out of range");
    }
}

static PyMethodDef functions[] = {{"catch", catch_one, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "cpp_runtime", nullptr, 0, functions, nullptr, nullptr, nullptr, nullptr};

PyMODINIT_FUNC
PyInit_cpp_runtime(void)
{
    return PyModuleDef_Init(&definition);
}
