/* A type with every slot: what Python does with an object comes out as the name of the slot that was called. */
#include <Python.h>
#include <structmember.h>

typedef struct {
    PyObject_HEAD
    PyObject *dict;
    PyObject *weak_references;
    PyObject *object;
    int number;
    long long wide;
    double real;
    char truth;
    char character;
    const char *text;
    Py_ssize_t size;
    Py_ssize_t position;
    unsigned char bytes[4];
    int exports;
} Thing;

static PyTypeObject *thing_type;
static int released, deallocated;

static PyObject *
shown(PyObject *object)
{
    return PyObject_TypeCheck(object, thing_type) ? PyUnicode_FromString("thing") : Py_NewRef(object);
}

#define UNARY(name) \
    static PyObject *slot_##name(PyObject *self) { return Py_BuildValue("(sN)", #name, shown(self)); }
#define BINARY(name) \
    static PyObject *slot_##name(PyObject *left, PyObject *right) { return Py_BuildValue("(sNN)", #name, shown(left), shown(right)); }
#define TERNARY(name)                                                               \
    static PyObject *slot_##name(PyObject *left, PyObject *right, PyObject *third)  \
    {                                                                               \
        return Py_BuildValue("(sNNN)", #name, shown(left), shown(right), shown(third)); \
    }

#define UNARIES(X) X(negative) X(positive) X(absolute) X(invert)
#define BINARIES(X)                                                                                                      \
    X(add) X(subtract) X(multiply) X(remainder) X(divmod) X(lshift) X(rshift) X(and) X(xor) X(or) X(floor_divide)        \
    X(true_divide) X(matrix_multiply) X(inplace_add) X(inplace_subtract) X(inplace_multiply) X(inplace_remainder)        \
    X(inplace_lshift) X(inplace_rshift) X(inplace_and) X(inplace_xor) X(inplace_or) X(inplace_floor_divide)              \
    X(inplace_true_divide) X(inplace_matrix_multiply)
UNARIES(UNARY)
BINARIES(BINARY)
TERNARY(power)
TERNARY(inplace_power)

static PyObject *
slot_int(PyObject *self)
{
    return PyLong_FromLong(41);
}

static PyObject *
slot_index(PyObject *self)
{
    return PyLong_FromLong(42);
}

static PyObject *
slot_float(PyObject *self)
{
    return PyFloat_FromDouble(4.5);
}

static int
slot_bool(PyObject *self)
{
    return ((Thing *)self)->truth;
}

static Py_ssize_t
slot_length(PyObject *self)
{
    return ((Thing *)self)->size;
}

static PyObject *
slot_subscript(PyObject *self, PyObject *key)
{
    return Py_BuildValue("(sO)", "subscript", key);
}

static int
slot_ass_subscript(PyObject *self, PyObject *key, PyObject *value)
{
    PyObject *note = Py_BuildValue("(sOO)", value ? "set" : "delete", key, value ? value : Py_None);
    Py_XSETREF(((Thing *)self)->object, note);
    return note ? 0 : -1;
}

static int
slot_contains(PyObject *self, PyObject *item)
{
    return PyObject_RichCompareBool(item, Py_True, Py_EQ);
}

static PyObject *
slot_repr(PyObject *self)
{
    return PyUnicode_FromString("<repr>");
}

static PyObject *
slot_str(PyObject *self)
{
    return PyUnicode_FromString("<str>");
}

static Py_hash_t
slot_hash(PyObject *self)
{
    return 77;
}

static PyObject *
slot_call(PyObject *self, PyObject *arguments, PyObject *keywords)
{
    return Py_BuildValue("(sOO)", "call", arguments, keywords ? keywords : Py_None);
}

static PyObject *
slot_richcompare(PyObject *left, PyObject *right, int operation)
{
    if (PyUnicode_Check(right)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    return Py_BuildValue("(si)", "richcompare", operation);
}

static PyObject *
slot_getattro(PyObject *self, PyObject *name)
{
    if (PyUnicode_CompareWithASCIIString(name, "magic") == 0) {
        return PyUnicode_FromString("getattro");
    }
    return PyObject_GenericGetAttr(self, name);
}

static int
slot_setattro(PyObject *self, PyObject *name, PyObject *value)
{
    if (PyUnicode_CompareWithASCIIString(name, "magic") == 0) {
        return slot_ass_subscript(self, name, value);
    }
    return PyObject_GenericSetAttr(self, name, value);
}

static PyObject *
slot_iter(PyObject *self)
{
    ((Thing *)self)->position = 0;
    return Py_NewRef(self);
}

static PyObject *
slot_iternext(PyObject *self)
{
    Thing *thing = (Thing *)self;
    if (thing->position >= thing->size) {
        return NULL;
    }
    return PyLong_FromSsize_t(thing->position++);
}

static PyObject *
slot_descr_get(PyObject *self, PyObject *object, PyObject *type)
{
    return Py_BuildValue("(sOO)", "descr_get", object ? object : Py_None, type ? type : Py_None);
}

static int
slot_descr_set(PyObject *self, PyObject *object, PyObject *value)
{
    return slot_ass_subscript(self, object, value);
}

static PyObject *
slot_await(PyObject *self)
{
    PyObject *list = Py_BuildValue("[s]", "await");
    PyObject *iterator = list ? PyObject_GetIter(list) : NULL;
    Py_XDECREF(list);
    return iterator;
}

static PyObject *
slot_anext(PyObject *self)
{
    PyErr_SetNone(PyExc_StopAsyncIteration);
    return NULL;
}

static int
slot_getbuffer(PyObject *self, Py_buffer *view, int flags)
{
    Thing *thing = (Thing *)self;
    if (PyBuffer_FillInfo(view, self, thing->bytes, 4, 0, flags) < 0) {
        return -1;
    }
    thing->exports++;
    return 0;
}

static void
slot_releasebuffer(PyObject *self, Py_buffer *view)
{
    ((Thing *)self)->exports--;
    released++;
}

static PyObject *
slot_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Thing *self = (Thing *)allocate(type, 0);
    if (self != NULL) {
        memcpy(self->bytes, "data", 4);
        self->text = "text";
        self->character = 'c';
        self->wide = 1LL << 40;
    }
    return (PyObject *)self;
}

static int
slot_init(PyObject *self, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"size", "truth", NULL};
    int truth = 1;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "|n$p", names, &((Thing *)self)->size, &truth)) {
        return -1;
    }
    ((Thing *)self)->truth = (char)truth;
    return 0;
}

static int
slot_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Thing *)self)->dict);
    Py_VISIT(((Thing *)self)->object);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static int
slot_clear(PyObject *self)
{
    Py_CLEAR(((Thing *)self)->dict);
    Py_CLEAR(((Thing *)self)->object);
    return 0;
}

static void
slot_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    PyObject_ClearWeakRefs(self);
    slot_clear(self);
    deallocated++;
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyObject *
get_counts(PyObject *self, void *closure)
{
    return Py_BuildValue("(sii)", (const char *)closure, ((Thing *)self)->exports, released > 0);
}

static int
set_counts(PyObject *self, PyObject *value, void *closure)
{
    return slot_ass_subscript(self, Py_None, value);
}

static PyObject *
no_arguments(PyObject *self, PyObject *unused)
{
    return Py_BuildValue("(sN)", "NOARGS", shown(self));
}

static PyObject *
one_argument(PyObject *self, PyObject *argument)
{
    return Py_BuildValue("(sNO)", "O", shown(self), argument);
}

static PyObject *
many(PyObject *self, PyObject *arguments)
{
    return Py_BuildValue("(sNO)", "VARARGS", shown(self), arguments);
}

static PyObject *
keywords(PyObject *self, PyObject *arguments, PyObject *names)
{
    return Py_BuildValue("(sNOO)", "KEYWORDS", shown(self), arguments, names ? names : Py_None);
}

static PyObject *
fast(PyObject *self, PyObject *const *arguments, Py_ssize_t count)
{
    PyObject *all = PyTuple_FromArray(arguments, count);
    return all ? Py_BuildValue("(sNN)", "FASTCALL", shown(self), all) : NULL;
}

static PyObject *
fast_keywords(PyObject *self, PyObject *const *arguments, Py_ssize_t count, PyObject *names)
{
    PyObject *all = PyTuple_FromArray(arguments, count + (names ? PyTuple_Size(names) : 0));
    return all ? Py_BuildValue("(sNNO)", "FASTCALL KEYWORDS", shown(self), all, names ? names : Py_None) : NULL;
}

static PyObject *
of_class(PyObject *type, PyObject *arguments)
{
    return Py_BuildValue("(sOO)", "CLASS", type, arguments);
}

static PyObject *
of_nothing(PyObject *self, PyObject *arguments)
{
    return Py_BuildValue("(siO)", "STATIC", self == NULL, arguments);
}

static PyMethodDef methods[] = {
    {"no_arguments", no_arguments, METH_NOARGS, "no_arguments($self)\n--\n\nTakes nothing."},
    {"one_argument", one_argument, METH_O, NULL},
    {"many", many, METH_VARARGS, NULL},
    {"keywords", (PyCFunction)(void (*)(void))keywords, METH_VARARGS | METH_KEYWORDS, NULL},
    {"fast", (PyCFunction)(void (*)(void))fast, METH_FASTCALL, NULL},
    {"fast_keywords", (PyCFunction)(void (*)(void))fast_keywords, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"of_class", of_class, METH_VARARGS | METH_CLASS, NULL},
    {"of_nothing", of_nothing, METH_VARARGS | METH_STATIC, NULL},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(Thing, dict), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Thing, weak_references), READONLY, NULL},
    {"object", T_OBJECT, offsetof(Thing, object), 0, "Any object."},
    {"object_or_error", T_OBJECT_EX, offsetof(Thing, object), 0, NULL},
    {"number", T_INT, offsetof(Thing, number), 0, NULL},
    {"wide", T_LONGLONG, offsetof(Thing, wide), 0, NULL},
    {"real", T_DOUBLE, offsetof(Thing, real), 0, NULL},
    {"truth", T_BOOL, offsetof(Thing, truth), 0, NULL},
    {"character", T_CHAR, offsetof(Thing, character), READONLY, NULL},
    {"text", T_STRING, offsetof(Thing, text), READONLY, NULL},
    {"size", T_PYSSIZET, offsetof(Thing, size), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef properties[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {"counts", get_counts, set_counts, "Counts.", "closure"},
    {"fixed", get_counts, NULL, NULL, "fixed"},
    {NULL, NULL, NULL, NULL, NULL},
};

#define NUMBER_SLOT(name) {Py_nb_##name, slot_##name},
static PyType_Slot slots[] = {
    UNARIES(NUMBER_SLOT) BINARIES(NUMBER_SLOT){Py_nb_power, slot_power},
    {Py_nb_inplace_power, slot_inplace_power},
    {Py_nb_int, slot_int},
    {Py_nb_index, slot_index},
    {Py_nb_float, slot_float},
    {Py_nb_bool, slot_bool},
    {Py_mp_length, slot_length},
    {Py_mp_subscript, slot_subscript},
    {Py_mp_ass_subscript, slot_ass_subscript},
    {Py_sq_contains, slot_contains},
    {Py_tp_repr, slot_repr},
    {Py_tp_str, slot_str},
    {Py_tp_hash, slot_hash},
    {Py_tp_call, slot_call},
    {Py_tp_richcompare, slot_richcompare},
    {Py_tp_getattro, slot_getattro},
    {Py_tp_setattro, slot_setattro},
    {Py_tp_iter, slot_iter},
    {Py_tp_iternext, slot_iternext},
    {Py_tp_descr_get, slot_descr_get},
    {Py_tp_descr_set, slot_descr_set},
    {Py_am_await, slot_await},
    {Py_am_aiter, slot_iter},
    {Py_am_anext, slot_anext},
    {Py_bf_getbuffer, slot_getbuffer},
    {Py_bf_releasebuffer, slot_releasebuffer},
    {Py_tp_new, slot_new},
    {Py_tp_init, slot_init},
    {Py_tp_traverse, slot_traverse},
    {Py_tp_clear, slot_clear},
    {Py_tp_dealloc, slot_dealloc},
    {Py_tp_methods, methods},
    {Py_tp_members, members},
    {Py_tp_getset, properties},
    {Py_tp_doc, "Thing(size=0, *, truth=True)\n--\n\nA thing with every slot."},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "slots.Thing",
    .basicsize = sizeof(Thing),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

static PyObject *
sequence_item(PyObject *self, Py_ssize_t index)
{
    if (index < 0 || index >= 3) {
        PyErr_SetString(PyExc_IndexError, "out of range");
        return NULL;
    }
    return PyLong_FromSsize_t(index * 10);
}

static Py_ssize_t
sequence_length(PyObject *self)
{
    return 3;
}

static PyObject *
sequence_concat(PyObject *self, PyObject *other)
{
    return Py_BuildValue("(sO)", "concat", other);
}

static PyObject *
sequence_repeat(PyObject *self, Py_ssize_t count)
{
    return Py_BuildValue("(sn)", "repeat", count);
}

static PyType_Slot sequence_slots[] = {
    {Py_sq_length, sequence_length}, {Py_sq_item, sequence_item}, {Py_sq_concat, sequence_concat},
    {Py_sq_repeat, sequence_repeat}, {0, NULL},
};

static PyType_Spec sequence_spec = {
    .name = "slots.Sequence",
    .basicsize = sizeof(PyObject),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = sequence_slots,
};

static PyObject *
counts(PyObject *self, PyObject *unused)
{
    return Py_BuildValue("(ii)", deallocated, released);
}

static PyMethodDef functions[] = {{"counts", counts, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static int
execute(PyObject *module)
{
    thing_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
    PyObject *sequence = thing_type ? PyType_FromSpec(&sequence_spec) : NULL;
    if (sequence == NULL) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "Thing", (PyObject *)thing_type) < 0 || PyModule_AddObjectRef(module, "Sequence", sequence) < 0
               ? -1
               : 0;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, execute}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "slots", NULL, 0, functions, module_slots, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_slots(void)
{
    return PyModuleDef_Init(&definition);
}
