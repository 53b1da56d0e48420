/* Handles and Python.h in one module. */
#include <Python.h>

#include "conformance.h"

/* From a handle to the host's object, through a function of the C API, and back. */
CASE(HPy_AsPyObject, 1)
{
    PyObject *object = HPy_AsPyObject(ctx, a[0]);
    PyObject *list = PyList_New(0);
    HPy result = HPy_NULL;
    if (list != NULL && PyList_Append(list, object) == 0) {
        result = HPy_FromPyObject(ctx, list);
    }
    Py_XDECREF(list);
    Py_DECREF(object);
    return result;
}

CASE(HPy_FromPyObject, 0)
{
    (void)a;
    PyObject *object = PyLong_FromLong(12345);
    HPy h = HPy_FromPyObject(ctx, object);
    Py_XDECREF(object);
    return h;
}

/* A function of the C API beside those of handles. */
static PyObject *old_function(PyObject *self, PyObject *argument)
{
    (void)self;
    return PyNumber_Add(argument, argument);
}


/* A type whose struct starts with the host's header, with a slot of each kind. */
typedef struct {
    PyObject_HEAD
    long number;
} Old;
HPyType_LEGACY_HELPERS(Old)

static PyObject *old_repr(PyObject *self)
{
    (void)self;
    return PyUnicode_FromString("<old>");
}

static PyType_Slot old_slots[] = {
    {Py_tp_repr, (void *)old_repr},
    {Py_tp_getattro, (void *)PyObject_GenericGetAttr},
    {Py_tp_setattro, (void *)PyObject_GenericSetAttr},
    {0, NULL}};

/* How many slots of the type are what was put there. */
static PyObject *own_slots(PyObject *self, PyObject *type)
{
    long count = 0;
    (void)self;
    for (PyType_Slot *slot = old_slots; slot->slot != 0; slot++) {
        count += PyType_GetSlot((PyTypeObject *)type, slot->slot) == slot->pfunc;
    }
    return PyLong_FromLong(count);
}

/* A type of the C API that looks after what its objects hold, and may be derived from. */
typedef struct {
    PyObject_HEAD
    PyObject *held;
} Holder;

static long torn_down;

static int holder_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Holder *)self)->held);
    return 0;
}

static int holder_clear(PyObject *self)
{
    Py_CLEAR(((Holder *)self)->held);
    return 0;
}

static void holder_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    PyObject_GC_UnTrack(self);
    holder_clear(self);
    torn_down++;
    release(self);
    Py_DECREF(type);
}

static PyObject *holder_hold(PyObject *self, PyObject *value)
{
    Py_XSETREF(((Holder *)self)->held, Py_NewRef(value));
    Py_RETURN_NONE;
}

static PyMethodDef holder_methods[] = {{"hold", holder_hold, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyType_Slot holder_slots[] = {
    {Py_tp_traverse, (void *)holder_traverse},
    {Py_tp_clear, (void *)holder_clear},
    {Py_tp_dealloc, (void *)holder_dealloc},
    {Py_tp_methods, holder_methods},
    {0, NULL}};
static PyType_Spec holder_spec = {
    .name = "cases_legacy.Holder", .basicsize = sizeof(Holder),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, .slots = holder_slots};

static PyObject *holding_type(PyObject *self, PyObject *nothing)
{
    (void)self, (void)nothing;
    return PyType_FromSpec(&holder_spec);
}

static PyObject *holders_torn_down(PyObject *self, PyObject *nothing)
{
    (void)self, (void)nothing;
    return PyLong_FromLong(torn_down);
}

static PyMethodDef old_methods[] = {
    {"old_function", old_function, METH_O, "Doubles."},
    {"own_slots", own_slots, METH_O, NULL},
    {"holding_type", holding_type, METH_NOARGS, NULL},
    {"holders_torn_down", holders_torn_down, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL}};

HPyDef_SLOT(Old_new, HPy_tp_new)
static HPy Old_new_impl(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    Old *old;
    (void)kw;
    HPy h = HPy_New(ctx, type, &old);
    if (!HPy_IsNull(h)) {
        old->number = nargs ? (long)HPyLong_AsInt64_t(ctx, args[0]) : 0;
    }
    return h;
}

HPyDef_METH(Old_number, "number", HPyFunc_NOARGS)
static HPy Old_number_impl(HPyContext *ctx, HPy self)
{
    return HPyLong_FromInt64_t(ctx, ((Old *)_HPy_AsStruct_Legacy(ctx, self))->number + Old_AsStruct(ctx, self)->number);
}

static HPyDef *Old_defines[] = {&Old_new, &Old_number, NULL};
static HPyType_Spec Old_spec = {
    .name = "cases_legacy.Old", .basicsize = sizeof(Old), .builtin_shape = SHAPE(Old), .legacy_slots = old_slots,
    .flags = HPy_TPFLAGS_DEFAULT, .defines = Old_defines};

/* The same type again, with a base. */
CASE(derived_type, 1)
{
    HPyType_SpecParam params[] = {{HPyType_SpecParam_Base, a[0]}, {(HPyType_SpecParam_Kind)0, HPy_NULL}};
    return HPyType_FromSpec(ctx, &Old_spec, params);
}

HPyDef_SLOT(start, HPy_mod_exec)
static int start_impl(HPyContext *ctx, HPy module)
{
    return HPyModule_AddType(ctx, module, &Old_spec, NULL, NULL);
}

#define CASES(X) X(OWN, HPy_AsPyObject) X(OWN, HPy_FromPyObject) X(OWN, derived_type)

CASES(DEFINE)
HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)

static HPyDef *defines[] = {CASES(LISTED) & start, &gil, NULL};
static HPyModuleDef definition = {.doc = "Cases with Python.h.", .legacy_methods = old_methods, .defines = defines};
HPy_MODINIT(cases_legacy, definition)
