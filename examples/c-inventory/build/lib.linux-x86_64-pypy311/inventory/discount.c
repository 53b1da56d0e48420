/* Discount: objects that are called through vectorcall. */
#include "inventory.h"

typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    double percent;
} Discount;

/* discount(price, *, count=1): the price of `count`, reduced. */
static PyObject *
call(PyObject *callable, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    Discount *self = (Discount *)callable;
    Py_ssize_t given = PyVectorcall_NARGS(nargsf);
    if (given != 1) {
        return PyErr_Format(PyExc_TypeError, "a discount takes one price (%zd given)", given);
    }
    double price = PyFloat_AsDouble(args[0]);
    if (price == -1.0 && PyErr_Occurred()) {
        return NULL;
    }
    Py_ssize_t count = 1;
    Py_ssize_t keywords = kwnames == NULL ? 0 : PyTuple_Size(kwnames);
    for (Py_ssize_t index = 0; index < keywords; index++) {
        PyObject *keyword = PyTuple_GetItem(kwnames, index);
        if (PyUnicode_CompareWithASCIIString(keyword, "count") != 0) {
            return PyErr_Format(PyExc_TypeError, "a discount has no argument %R", keyword);
        }
        count = PyNumber_AsSsize_t(args[given + index], PyExc_OverflowError);
        if (count == -1 && PyErr_Occurred()) {
            return NULL;
        }
    }
    return PyFloat_FromDouble(price * (double)count * (100.0 - self->percent) / 100.0);
}

static PyObject *
new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = { "percent", NULL };
    double percent;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "d:Discount", keywords, &percent)) {
        return NULL;
    }
    Discount *self = (Discount *)PyType_GenericAlloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->vectorcall = call;
    self->percent = percent;
    return (PyObject *)self;
}

static void
dealloc(Discount *self)
{
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyMemberDef members[] = {
    { "percent", T_DOUBLE, offsetof(Discount, percent), READONLY, "By how much a price is reduced." },
    { "__vectorcalloffset__", T_PYSSIZET, offsetof(Discount, vectorcall), READONLY, NULL },
    { NULL, 0, 0, 0, NULL },
};

static PyType_Slot slots[] = {
    { Py_tp_doc, "Discount(percent)\n--\n\nReduces a price when called." },
    { Py_tp_new, new },
    { Py_tp_dealloc, dealloc },
    { Py_tp_call, PyVectorcall_Call },
    { Py_tp_members, members },
    { 0, NULL },
};

static PyType_Spec spec = {
    .name = "inventory._inventory.Discount",
    .basicsize = sizeof(Discount),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
    .slots = slots,
};

PyTypeObject *
make_discount_type(PyObject *module)
{
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
}
