/* Types whose struct is laid behind that of their base, whichever that is: a negative basicsize. */
#include <Python.h>
#include <string.h>

typedef struct {
    long numbers[4];
} Numbers;

static PyMemberDef members[] = {
    {"last", Py_T_LONG, offsetof(Numbers, numbers[3]), Py_RELATIVE_OFFSET, NULL},
    {NULL},
};
static PyType_Slot slots[] = {{Py_tp_members, members}, {0, NULL}};
static PyType_Spec spec = {
    .name = "relative.Relative",
    .basicsize = -(int)sizeof(Numbers),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = slots,
};

/* A type over a class or a tuple of classes. */
static PyObject *make(PyObject *module, PyObject *bases)
{
    (void)module;
    return PyType_FromSpecWithBases(&spec, bases);
}

/* The same with the class in a slot. */
static PyObject *make_by_slot(PyObject *module, PyObject *base)
{
    (void)module;
    PyType_Slot with_base[] = {{Py_tp_base, base}, {Py_tp_members, members}, {0, NULL}};
    PyType_Spec by_slot = spec;
    by_slot.slots = with_base;
    return PyType_FromSpec(&by_slot);
}

/* Fills the struct of a class in an object; where it starts in bytes, and how large it is. */
static PyObject *fill(PyObject *module, PyObject *args)
{
    PyObject *object, *class;
    (void)module;
    if (!PyArg_ParseTuple(args, "OO", &object, &class)) {
        return NULL;
    }
    Numbers *numbers = PyObject_GetTypeData(object, (PyTypeObject *)class);
    if (numbers == NULL) {
        return NULL;
    }
    memset(numbers, 0x41, sizeof(Numbers));
    numbers->numbers[3] = 42;
    Py_ssize_t size = PyType_GetTypeDataSize((PyTypeObject *)class);
    return Py_BuildValue("nn", (Py_ssize_t)((char *)numbers - (char *)object), size);
}

static PyMethodDef methods[] = {
    {"make", make, METH_O, NULL},
    {"make_by_slot", make_by_slot, METH_O, NULL},
    {"fill", fill, METH_VARARGS, NULL},
    {NULL},
};
static PyModuleDef definition = {.m_base = PyModuleDef_HEAD_INIT, .m_name = "relative", .m_methods = methods};

PyMODINIT_FUNC PyInit_relative(void)
{
    return PyModuleDef_Init(&definition);
}
