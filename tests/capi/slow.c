/* A module that lets other threads run while it is made. */
#include <Python.h>
#include <unistd.h>

static int executed;

static int
fill(PyObject *module)
{
    executed++;
    if (PyModule_AddIntConstant(module, "early", 1) < 0) {
        return -1;
    }
    Py_BEGIN_ALLOW_THREADS
    usleep(400000);
    Py_END_ALLOW_THREADS
    return PyModule_AddIntConstant(module, "late", executed);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "slow", .m_doc = "Takes its time.", .m_slots = slots};

PyMODINIT_FUNC
PyInit_slow(void)
{
    return PyModuleDef_Init(&definition);
}
