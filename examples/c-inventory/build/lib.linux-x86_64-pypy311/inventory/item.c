/* Item: a heap type with members, properties, comparison, a hash, weak references and cycle collection. */
#include "inventory.h"

typedef struct {
    PyObject_HEAD
    PyObject *name; /* str, never changes */
    Py_ssize_t quantity;
    double price;
    PyObject *tags;
    PyObject *weakrefs;
} Item;

PyObject *
item_new(PyTypeObject *type, PyObject *name, Py_ssize_t quantity, double price, PyObject *tags)
{
    if (quantity < 0) {
        State *state = state_of(type);
        return state == NULL ? NULL : PyErr_Format(state->error,
                   "%R: the quantity is %zd, but must not be negative", name, quantity);
    }
    Item *self = (Item *)PyType_GenericAlloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    Py_INCREF(name);
    self->name = name;
    self->quantity = quantity;
    self->price = price;
    if (tags == NULL) {
        self->tags = PyTuple_New(0);
    }
    else {
        Py_INCREF(tags);
        self->tags = tags;
    }
    if (self->tags == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

PyObject *
item_name(PyObject *item)
{
    return ((Item *)item)->name;
}

double
item_value(PyObject *item)
{
    return (double)((Item *)item)->quantity * ((Item *)item)->price;
}

static PyObject *
new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = { "name", "quantity", "price", "tags", NULL };
    PyObject *name, *tags = NULL;
    Py_ssize_t quantity = 1;
    double price = 0.0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "U|nd$O:Item", keywords, &name, &quantity, &price, &tags)) {
        return NULL;
    }
    return item_new(type, name, quantity, price, tags);
}

static int
traverse(Item *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->tags);
    return 0;
}

static int
clear(Item *self)
{
    Py_CLEAR(self->tags);
    return 0;
}

static void
dealloc(Item *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (self->weakrefs != NULL) {
        PyObject_ClearWeakRefs((PyObject *)self);
    }
    clear(self);
    Py_CLEAR(self->name);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyObject *
repr(Item *self)
{
    PyObject *price = PyFloat_FromDouble(self->price);
    if (price == NULL) {
        return NULL;
    }
    PyObject *text = PyUnicode_FromFormat("Item(%R, quantity=%zd, price=%S)", self->name, self->quantity, price);
    Py_DECREF(price);
    return text;
}

static Py_hash_t
hash(Item *self)
{
    return PyObject_Hash(self->name);
}

/* Items are equal if their names are, and ordered by their value. */
static PyObject *
compare(PyObject *left, PyObject *right, int operation)
{
    State *state = state_of(Py_TYPE(left));
    if (state == NULL) {
        return NULL;
    }
    if (!PyObject_TypeCheck(right, state->item_type)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    if (operation == Py_EQ || operation == Py_NE) {
        return PyObject_RichCompare(((Item *)left)->name, ((Item *)right)->name, operation);
    }
    double a = item_value(left), b = item_value(right);
    int holds = operation == Py_LT ? a < b : operation == Py_LE ? a <= b : operation == Py_GT ? a > b : a >= b;
    return PyBool_FromLong(holds);
}

static PyObject *
get_name(Item *self, void *Py_UNUSED(closure))
{
    Py_INCREF(self->name);
    return self->name;
}

static PyObject *
get_value(Item *self, void *Py_UNUSED(closure))
{
    return PyFloat_FromDouble(item_value((PyObject *)self));
}

static PyObject *
get_cents(Item *self, void *Py_UNUSED(closure))
{
    return PyLong_FromDouble(self->price * 100.0 + 0.5);
}

static int
set_cents(Item *self, PyObject *value, void *Py_UNUSED(closure))
{
    if (value == NULL) {
        PyErr_SetString(PyExc_AttributeError, "the price of an item cannot be deleted");
        return -1;
    }
    long cents = PyLong_AsLong(value);
    if (cents == -1 && PyErr_Occurred()) {
        return -1;
    }
    self->price = (double)cents / 100.0;
    return 0;
}

static PyMemberDef members[] = {
    { "quantity", T_PYSSIZET, offsetof(Item, quantity), 0, "How many there are." },
    { "price", T_DOUBLE, offsetof(Item, price), 0, "The price of one." },
    { "tags", T_OBJECT_EX, offsetof(Item, tags), 0, "Whatever belongs to the item." },
    { "__weaklistoffset__", T_PYSSIZET, offsetof(Item, weakrefs), READONLY, NULL },
    { NULL, 0, 0, 0, NULL },
};

static PyGetSetDef properties[] = {
    { "name", (getter)get_name, NULL, "The name, which never changes.", NULL },
    { "value", (getter)get_value, NULL, "The quantity times the price.", NULL },
    { "cents", (getter)get_cents, (setter)set_cents, "The price of one, in cents.", NULL },
    { NULL, NULL, NULL, NULL, NULL },
};

static PyType_Slot slots[] = {
    { Py_tp_doc, "Item(name, quantity=1, price=0.0, *, tags=())\n--\n\nA kind of goods in an inventory." },
    { Py_tp_new, new },
    { Py_tp_dealloc, dealloc },
    { Py_tp_traverse, traverse },
    { Py_tp_clear, clear },
    { Py_tp_repr, repr },
    { Py_tp_hash, hash },
    { Py_tp_richcompare, compare },
    { Py_tp_members, members },
    { Py_tp_getset, properties },
    { 0, NULL },
};

static PyType_Spec spec = {
    .name = "inventory._inventory.Item",
    .basicsize = sizeof(Item),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

PyTypeObject *
make_item_type(PyObject *module)
{
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
}
