/* Inventory: a mapping with its iterator, methods that take keywords, subclassing, and `+`. */
#include "inventory.h"

typedef struct {
    PyObject_HEAD
    PyObject *items; /* dict from name to Item */
} Inventory;

typedef struct {
    PyObject_HEAD
    PyObject *items; /* what is left: an iterator over the dict's values */
} InventoryIterator;

static PyObject *
new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs))
{
    Inventory *self = (Inventory *)PyType_GenericAlloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->items = PyDict_New();
    if (self->items == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static int
put(Inventory *self, PyObject *item)
{
    State *state = state_of(Py_TYPE(self));
    if (state == NULL) {
        return -1;
    }
    if (!PyObject_TypeCheck(item, state->item_type)) {
        PyErr_Format(PyExc_TypeError, "expected an Item, not %R", item);
        return -1;
    }
    return PyDict_SetItem(self->items, item_name(item), item);
}

static int
init(Inventory *self, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = { "items", NULL };
    PyObject *items = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:Inventory", keywords, &items)) {
        return -1;
    }
    if (items == NULL) {
        return 0;
    }
    PyObject *iterator = PyObject_GetIter(items);
    if (iterator == NULL) {
        return -1;
    }
    PyObject *item;
    while ((item = PyIter_Next(iterator)) != NULL) {
        int failed = put(self, item);
        Py_DECREF(item);
        if (failed) {
            Py_DECREF(iterator);
            return -1;
        }
    }
    Py_DECREF(iterator);
    return PyErr_Occurred() ? -1 : 0;
}

static int
traverse(Inventory *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->items);
    return 0;
}

static int
clear(Inventory *self)
{
    /* The dict stays: whoever still holds a broken cycle's inventory finds an empty one. */
    if (self->items != NULL) {
        PyDict_Clear(self->items);
    }
    return 0;
}

static void
dealloc(Inventory *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_CLEAR(self->items);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyObject *
repr(Inventory *self)
{
    PyObject *values = PyDict_Values(self->items);
    if (values == NULL) {
        return NULL;
    }
    PyObject *text = PyUnicode_FromFormat("Inventory(%R)", values);
    Py_DECREF(values);
    return text;
}

static Py_ssize_t
length(Inventory *self)
{
    return PyDict_Size(self->items);
}

static PyObject *
subscript(Inventory *self, PyObject *name)
{
    PyObject *item = PyDict_GetItemWithError(self->items, name);
    if (item == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetObject(PyExc_KeyError, name);
        }
        return NULL;
    }
    Py_INCREF(item);
    return item;
}

static int
assign_subscript(Inventory *self, PyObject *name, PyObject *item)
{
    if (item == NULL) {
        return PyDict_DelItem(self->items, name);
    }
    State *state = state_of(Py_TYPE(self));
    if (state == NULL) {
        return -1;
    }
    if (!PyObject_TypeCheck(item, state->item_type)) {
        PyErr_Format(PyExc_TypeError, "expected an Item, not %R", item);
        return -1;
    }
    int same = PyObject_RichCompareBool(item_name(item), name, Py_EQ);
    if (same < 0) {
        return -1;
    }
    if (!same) {
        PyErr_Format(state->error, "an item named %R cannot be stored as %R", item_name(item), name);
        return -1;
    }
    return PyDict_SetItem(self->items, name, item);
}

static int
contains(Inventory *self, PyObject *name)
{
    return PyDict_Contains(self->items, name);
}

static PyObject *
iterate(Inventory *self)
{
    State *state = state_of(Py_TYPE(self));
    PyObject *values = state == NULL ? NULL : PyDict_Values(self->items);
    if (values == NULL) {
        return NULL;
    }
    PyObject *items = PyObject_GetIter(values);
    Py_DECREF(values);
    if (items == NULL) {
        return NULL;
    }
    InventoryIterator *iterator = (InventoryIterator *)PyType_GenericAlloc(state->iterator_type, 0);
    if (iterator == NULL) {
        Py_DECREF(items);
        return NULL;
    }
    iterator->items = items;
    return (PyObject *)iterator;
}

/* left + right: a new inventory with the items of both; of equal names, the right one's. */
static PyObject *
add(PyObject *left, PyObject *right)
{
    /* Either side may be something else. */
    State *state = state_of(Py_TYPE(left));
    if (state == NULL) {
        PyErr_Clear();
        state = state_of(Py_TYPE(right));
    }
    if (state == NULL) {
        return NULL;
    }
    PyTypeObject *type = state->inventory_type;
    if (!PyObject_TypeCheck(left, type) || !PyObject_TypeCheck(right, type)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyObject *result = new(type, NULL, NULL);
    if (result == NULL) {
        return NULL;
    }
    PyObject *items = ((Inventory *)result)->items;
    if (PyDict_Update(items, ((Inventory *)left)->items) < 0 ||
        PyDict_Update(items, ((Inventory *)right)->items) < 0) {
        Py_DECREF(result);
        return NULL;
    }
    return result;
}

/* add(name, quantity=1, price=0.0): METH_FASTCALL | METH_KEYWORDS, the arguments taken apart by hand. */
static PyObject *
add_item(Inventory *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames)
{
    static const char *const names[] = { "name", "quantity", "price" };
    PyObject *given[3] = { NULL, NULL, NULL };
    if (count > 3) {
        PyErr_Format(PyExc_TypeError, "add() takes at most 3 arguments (%zd given)", count);
        return NULL;
    }
    for (Py_ssize_t index = 0; index < count; index++) {
        given[index] = args[index];
    }
    Py_ssize_t keyword_count = kwnames == NULL ? 0 : PyTuple_Size(kwnames);
    for (Py_ssize_t index = 0; index < keyword_count; index++) {
        PyObject *keyword = PyTuple_GetItem(kwnames, index);
        int place = 0;
        while (place < 3 && PyUnicode_CompareWithASCIIString(keyword, names[place]) != 0) {
            place++;
        }
        if (place == 3) {
            PyErr_Format(PyExc_TypeError, "add() got an unexpected keyword argument %R", keyword);
            return NULL;
        }
        if (given[place] != NULL) {
            PyErr_Format(PyExc_TypeError, "add() got multiple values for argument '%s'", names[place]);
            return NULL;
        }
        given[place] = args[count + index];
    }
    if (given[0] == NULL) {
        PyErr_SetString(PyExc_TypeError, "add() needs a name");
        return NULL;
    }
    if (!PyUnicode_Check(given[0])) {
        PyErr_SetString(PyExc_TypeError, "a name must be a str");
        return NULL;
    }
    Py_ssize_t quantity = 1;
    double price = 0.0;
    if (given[1] != NULL) {
        quantity = PyNumber_AsSsize_t(given[1], PyExc_OverflowError);
        if (quantity == -1 && PyErr_Occurred()) {
            return NULL;
        }
    }
    if (given[2] != NULL) {
        price = PyFloat_AsDouble(given[2]);
        if (price == -1.0 && PyErr_Occurred()) {
            return NULL;
        }
    }
    State *state = state_of(Py_TYPE(self));
    PyObject *item = state == NULL ? NULL : item_new(state->item_type, given[0], quantity, price, NULL);
    if (item == NULL) {
        return NULL;
    }
    if (PyDict_SetItem(self->items, given[0], item) < 0) {
        Py_DECREF(item);
        return NULL;
    }
    return item;
}

/* take(name, quantity) */
static PyObject *
take(Inventory *self, PyObject *const *args, Py_ssize_t count)
{
    State *state = state_of(Py_TYPE(self));
    if (state == NULL) {
        return NULL;
    }
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "take() takes a name and a quantity");
        return NULL;
    }
    Py_ssize_t wanted = PyNumber_AsSsize_t(args[1], PyExc_OverflowError);
    if (wanted == -1 && PyErr_Occurred()) {
        return NULL;
    }
    PyObject *item = PyDict_GetItemWithError(self->items, args[0]);
    if (item == NULL) {
        if (PyErr_Occurred()) {
            return NULL;
        }
        /* The KeyError becomes the cause of what the caller sees. */
        PyObject *cause = PyObject_CallFunctionObjArgs(PyExc_KeyError, args[0], NULL);
        PyObject *message = PyUnicode_FromFormat("there is no %R", args[0]);
        PyObject *error = message == NULL ? NULL : PyObject_CallFunctionObjArgs(state->error, message, NULL);
        Py_XDECREF(message);
        if (cause == NULL || error == NULL) {
            Py_XDECREF(cause);
            Py_XDECREF(error);
            return NULL;
        }
        PyException_SetCause(error, cause);
        PyErr_SetObject(state->error, error);
        Py_DECREF(error);
        return NULL;
    }
    PyObject *present = PyObject_GetAttrString(item, "quantity");
    if (present == NULL) {
        return NULL;
    }
    Py_ssize_t quantity = PyLong_AsSsize_t(present);
    Py_DECREF(present);
    if (quantity == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (wanted < 0 || wanted > quantity) {
        return PyErr_Format(state->error, "cannot take %zd of %zd", wanted, quantity);
    }
    PyObject *left = PyLong_FromSsize_t(quantity - wanted);
    if (left == NULL || PyObject_SetAttrString(item, "quantity", left) < 0) {
        Py_XDECREF(left);
        return NULL;
    }
    return left;
}

static PyObject *
total(Inventory *self, PyObject *Py_UNUSED(ignored))
{
    double sum = 0.0;
    PyObject *values = PyDict_Values(self->items);
    if (values == NULL) {
        return NULL;
    }
    for (Py_ssize_t index = 0; index < PyList_Size(values); index++) {
        sum += item_value(PyList_GetItem(values, index));
    }
    Py_DECREF(values);
    return PyFloat_FromDouble(sum);
}

/* A class method: a subclass makes objects of its own. */
static PyObject *
from_pairs(PyObject *cls, PyObject *pairs)
{
    PyObject *self = PyObject_CallFunctionObjArgs(cls, NULL);
    PyObject *iterator = self == NULL ? NULL : PyObject_GetIter(pairs);
    if (iterator == NULL) {
        Py_XDECREF(self);
        return NULL;
    }
    PyObject *pair;
    while ((pair = PyIter_Next(iterator)) != NULL) {
        PyObject *item = NULL;
        if (PyTuple_Check(pair) && PyTuple_Size(pair) == 2) {
            item = PyObject_CallMethod(self, "add", "OO", PyTuple_GetItem(pair, 0), PyTuple_GetItem(pair, 1));
        }
        else {
            PyErr_SetString(PyExc_TypeError, "expected pairs of a name and a quantity");
        }
        Py_DECREF(pair);
        if (item == NULL) {
            Py_CLEAR(self);
            break;
        }
        Py_DECREF(item);
    }
    Py_DECREF(iterator);
    if (PyErr_Occurred()) {
        Py_CLEAR(self);
    }
    return self;
}

static PyObject *
is_name(PyObject *Py_UNUSED(ignored), PyObject *object)
{
    return PyBool_FromLong(PyUnicode_Check(object) && PyUnicode_GetLength(object) > 0);
}

static PyMethodDef methods[] = {
    { "add", (PyCFunction)(void (*)(void))add_item, METH_FASTCALL | METH_KEYWORDS,
      "add(name, quantity=1, price=0.0)\n\nMake an item and store it; returns the item." },
    { "take", (PyCFunction)(void (*)(void))take, METH_FASTCALL,
      "take(name, quantity)\n\nTake goods out; returns how many are left." },
    { "total", (PyCFunction)total, METH_NOARGS, "The value of all items." },
    { "from_pairs", (PyCFunction)from_pairs, METH_O | METH_CLASS, "An inventory from pairs of name and quantity." },
    { "is_name", (PyCFunction)is_name, METH_O | METH_STATIC, "Whether an object can be a name." },
    { "__class_getitem__", (PyCFunction)Py_GenericAlias, METH_O | METH_CLASS, "Inventory[T], for annotations." },
    { NULL, NULL, 0, NULL },
};

static PyType_Slot slots[] = {
    { Py_tp_doc, "Inventory(items=())\n--\n\nItems by their names." },
    { Py_tp_new, new },
    { Py_tp_init, init },
    { Py_tp_dealloc, dealloc },
    { Py_tp_traverse, traverse },
    { Py_tp_clear, clear },
    { Py_tp_repr, repr },
    { Py_tp_iter, iterate },
    { Py_tp_methods, methods },
    { Py_mp_length, length },
    { Py_mp_subscript, subscript },
    { Py_mp_ass_subscript, assign_subscript },
    { Py_sq_contains, contains },
    { Py_nb_add, add },
    { 0, NULL },
};

static PyType_Spec spec = {
    .name = "inventory._inventory.Inventory",
    .basicsize = sizeof(Inventory),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

PyTypeObject *
make_inventory_type(PyObject *module)
{
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
}

static PyObject *
iterator_next(InventoryIterator *self)
{
    return PyIter_Next(self->items);
}

static int
iterator_traverse(InventoryIterator *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->items);
    return 0;
}

static void
iterator_dealloc(InventoryIterator *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_CLEAR(self->items);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyObject *
iterator_length_hint(InventoryIterator *self, PyObject *Py_UNUSED(ignored))
{
    return PyObject_CallMethod(self->items, "__length_hint__", NULL);
}

static PyMethodDef iterator_methods[] = {
    { "__length_hint__", (PyCFunction)iterator_length_hint, METH_NOARGS, "How many items are left." },
    { NULL, NULL, 0, NULL },
};

static PyType_Slot iterator_slots[] = {
    { Py_tp_dealloc, iterator_dealloc },
    { Py_tp_traverse, iterator_traverse },
    { Py_tp_iter, PyObject_SelfIter },
    { Py_tp_iternext, iterator_next },
    { Py_tp_methods, iterator_methods },
    { 0, NULL },
};

static PyType_Spec iterator_spec = {
    .name = "inventory._inventory.InventoryIterator",
    .basicsize = sizeof(InventoryIterator),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = iterator_slots,
};

PyTypeObject *
make_iterator_type(PyObject *module)
{
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, &iterator_spec, NULL);
}
