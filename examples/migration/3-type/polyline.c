/* Polylines in the plane: the type is made for handles, with the C API's struct and some of its slots. */
#include <Python.h>
#include <hpy.h>
#include <math.h>

typedef struct {
    HPyField empty_error; /* the class EmptyError */
} State;

typedef struct {
    PyObject_HEAD
    double *points; /* x and y of each point */
    Py_ssize_t count;
    Py_ssize_t capacity;
    PyObject *label; /* any object */
    char closed;     /* whether the last point is joined to the first */
} Polyline;

/* --8<-- [start:helpers] */
HPyType_LEGACY_HELPERS(Polyline)
/* --8<-- [end:helpers] */

/* --8<-- [start:point_of] */
/* Reads a point from a sequence of two numbers. */
static int
point_of(PyObject *item, double point[2])
{
    if (PyObject_Size(item) != 2) {
        if (!PyErr_Occurred()) {
            PyErr_Format(PyExc_ValueError, "a point has two coordinates: %R", item);
        }
        return -1;
    }
    for (Py_ssize_t index = 0; index < 2; index++) {
        PyObject *number = PySequence_GetItem(item, index);
        if (number == NULL) {
            return -1;
        }
        point[index] = PyFloat_AsDouble(number);
        Py_DECREF(number);
        if (point[index] == -1.0 && PyErr_Occurred()) {
            return -1;
        }
    }
    return 0;
}
/* --8<-- [end:point_of] */

static int
add_point(Polyline *self, double x, double y)
{
    if (self->count == self->capacity) {
        Py_ssize_t capacity = self->capacity == 0 ? 4 : 2 * self->capacity;
        double *points = (double *)PyMem_Realloc(self->points, (size_t)capacity * 2 * sizeof(double));
        if (points == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        self->points = points;
        self->capacity = capacity;
    }
    self->points[2 * self->count] = x;
    self->points[2 * self->count + 1] = y;
    self->count++;
    return 0;
}

/* ---- The type ---- */

/* --8<-- [start:extend] */
static PyObject *
Polyline_extend(Polyline *self, PyObject *points)
{
    PyObject *iterator = PyObject_GetIter(points);
    if (iterator == NULL) {
        return NULL;
    }
    PyObject *item;
    while ((item = PyIter_Next(iterator)) != NULL) {
        double point[2];
        int failed = point_of(item, point) < 0 || add_point(self, point[0], point[1]) < 0;
        Py_DECREF(item);
        if (failed) {
            break;
        }
    }
    Py_DECREF(iterator);
    if (PyErr_Occurred()) {
        return NULL;
    }
    Py_RETURN_NONE;
}
/* --8<-- [end:extend] */

/* --8<-- [start:new] */
static PyObject *
Polyline_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = { "points", "label", "closed", NULL };
    PyObject *points = NULL, *label = Py_None;
    int closed = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O$Op:Polyline", keywords, &points, &label, &closed)) {
        return NULL;
    }
    Polyline *self = (Polyline *)PyType_GenericAlloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->closed = (char)closed;
    Py_INCREF(label);
    self->label = label;
    if (points != NULL) {
        PyObject *done = Polyline_extend(self, points);
        if (done == NULL) {
            Py_DECREF(self);
            return NULL;
        }
        Py_DECREF(done);
    }
    return (PyObject *)self;
}
/* --8<-- [end:new] */

/* --8<-- [start:collect] */
static int
Polyline_traverse(Polyline *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->label);
    return 0;
}

static int
Polyline_clear(Polyline *self)
{
    Py_CLEAR(self->label);
    return 0;
}

static void
Polyline_dealloc(Polyline *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Polyline_clear(self);
    PyMem_Free(self->points);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}
/* --8<-- [end:collect] */

static PyObject *
Polyline_repr(Polyline *self)
{
    return PyUnicode_FromFormat("Polyline of %zd points, label %R", self->count, self->label);
}

/* --8<-- [start:sequence] */
HPyDef_SLOT(Polyline_len, HPy_sq_length)
static HPy_ssize_t Polyline_len_impl(HPyContext *ctx, HPy h_self)
{
    return Polyline_AsStruct(ctx, h_self)->count;
}

HPyDef_SLOT(Polyline_item, HPy_sq_item)
static HPy Polyline_item_impl(HPyContext *ctx, HPy h_self, HPy_ssize_t index)
{
    Polyline *self = Polyline_AsStruct(ctx, h_self);
    if (index < 0 || index >= self->count) {
        return HPyErr_SetString(ctx, ctx->h_IndexError, "no such point");
    }
    return HPy_BuildValue(ctx, "(dd)", self->points[2 * index], self->points[2 * index + 1]);
}
/* --8<-- [end:sequence] */

/* --8<-- [start:append] */
HPyDef_METH(Polyline_append, "append", HPyFunc_VARARGS, .doc = "append(x, y)\n\nAdd a point.")
static HPy Polyline_append_impl(HPyContext *ctx, HPy h_self, const HPy *args, size_t nargs)
{
    Polyline *self = Polyline_AsStruct(ctx, h_self);
    double x, y;
    if (!HPyArg_Parse(ctx, NULL, args, nargs, "dd:append", &x, &y) || add_point(self, x, y) < 0) {
        return HPy_NULL;
    }
    return HPy_Dup(ctx, ctx->h_None);
}
/* --8<-- [end:append] */

HPyDef_METH(Polyline_length, "length", HPyFunc_NOARGS, .doc = "length()\n\nThe length along all points.")
static HPy Polyline_length_impl(HPyContext *ctx, HPy h_self)
{
    Polyline *self = Polyline_AsStruct(ctx, h_self);
    double length = 0.0;
    const double *points = self->points;
    for (Py_ssize_t index = 1; index < self->count; index++) {
        length += hypot(points[2 * index] - points[2 * index - 2], points[2 * index + 1] - points[2 * index - 1]);
    }
    if (self->closed && self->count > 1) {
        Py_ssize_t last = 2 * self->count - 2;
        length += hypot(points[0] - points[last], points[1] - points[last + 1]);
    }
    return HPyFloat_FromDouble(ctx, length);
}

/* --8<-- [start:scaled] */
static PyObject *
Polyline_scaled(Polyline *self, PyObject *factor)
{
    double by = PyFloat_AsDouble(factor);
    if (by == -1.0 && PyErr_Occurred()) {
        return NULL;
    }
    Polyline *result = (Polyline *)PyType_GenericAlloc(Py_TYPE(self), 0);
    if (result == NULL) {
        return NULL;
    }
    result->closed = self->closed;
    Py_INCREF(self->label);
    result->label = self->label;
    for (Py_ssize_t index = 0; index < self->count; index++) {
        if (add_point(result, by * self->points[2 * index], by * self->points[2 * index + 1]) < 0) {
            Py_DECREF(result);
            return NULL;
        }
    }
    return (PyObject *)result;
}
/* --8<-- [end:scaled] */

/* --8<-- [start:label] */
static PyObject *
Polyline_get_label(Polyline *self, void *Py_UNUSED(closure))
{
    PyObject *label = self->label != NULL ? self->label : Py_None;
    Py_INCREF(label);
    return label;
}

static int
Polyline_set_label(Polyline *self, PyObject *value, void *Py_UNUSED(closure))
{
    if (value == NULL) {
        PyErr_SetString(PyExc_AttributeError, "a label cannot be deleted");
        return -1;
    }
    PyObject *old = self->label;
    Py_INCREF(value);
    self->label = value;
    Py_XDECREF(old);
    return 0;
}
/* --8<-- [end:label] */

/* --8<-- [start:spec] */
HPyDef_MEMBER(Polyline_closed, "closed", HPyMember_BOOL, offsetof(Polyline, closed),
              .doc = "Whether the last point is joined to the first.")

static HPyDef *Polyline_defines[] = {
    &Polyline_append, &Polyline_length, &Polyline_len, &Polyline_item, &Polyline_closed, NULL,
};

/* What is not moved yet. */
static PyMethodDef Polyline_methods[] = {
    { "extend", (PyCFunction)Polyline_extend, METH_O, "extend(points)\n\nAdd points." },
    { "scaled", (PyCFunction)Polyline_scaled, METH_O, "scaled(factor)\n\nA larger or smaller one." },
    { NULL, NULL, 0, NULL },
};

static PyGetSetDef Polyline_getset[] = {
    { "label", (getter)Polyline_get_label, (setter)Polyline_set_label, "Any object.", NULL },
    { NULL, NULL, NULL, NULL, NULL },
};

static PyType_Slot Polyline_slots[] = {
    { Py_tp_new, Polyline_new },
    { Py_tp_traverse, Polyline_traverse },
    { Py_tp_clear, Polyline_clear },
    { Py_tp_dealloc, Polyline_dealloc },
    { Py_tp_repr, Polyline_repr },
    { Py_tp_methods, Polyline_methods },
    { Py_tp_getset, Polyline_getset },
    { 0, NULL },
};

static HPyType_Spec Polyline_spec = {
    .name = "polyline.Polyline",
    .basicsize = sizeof(Polyline),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC,
    .builtin_shape = SHAPE(Polyline),
    .legacy_slots = Polyline_slots,
    .defines = Polyline_defines,
    .doc = "Polyline(points=(), *, label=None, closed=False)",
};
/* --8<-- [end:spec] */

/* ---- The functions ---- */

/* --8<-- [start:functions] */
HPyDef_METH(distance, "distance", HPyFunc_VARARGS,
            .doc = "distance(x1, y1, x2, y2)\n\nThe distance of two points.")
static HPy distance_impl(HPyContext *ctx, HPy h_module, const HPy *args, size_t nargs)
{
    double x1, y1, x2, y2;
    (void)h_module;
    if (!HPyArg_Parse(ctx, NULL, args, nargs, "dddd:distance", &x1, &y1, &x2, &y2)) {
        return HPy_NULL;
    }
    return HPyFloat_FromDouble(ctx, hypot(x2 - x1, y2 - y1));
}

HPyDef_METH(bounds, "bounds", HPyFunc_O, .doc = "bounds(points)\n\nThe smallest and largest coordinates.")
static HPy bounds_impl(HPyContext *ctx, HPy h_module, HPy points)
{
    HPy iterator = HPy_GetIter(ctx, points);
    if (HPy_IsNull(iterator)) {
        return HPy_NULL;
    }
    double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };
    HPy item;
    int found;
    while ((found = HPyIter_NextItem(ctx, iterator, &item)) > 0) {
        double point[2];
        /* The seam: point_of still wants a PyObject. */
        PyObject *object = HPy_AsPyObject(ctx, item);
        int failed = point_of(object, point) < 0;
        Py_DECREF(object);
        HPy_Close(ctx, item);
        if (failed) {
            found = -1;
            break;
        }
        for (int axis = 0; axis < 2; axis++) {
            low[axis] = fmin(low[axis], point[axis]);
            high[axis] = fmax(high[axis], point[axis]);
        }
    }
    HPy_Close(ctx, iterator);
    if (found < 0) {
        return HPy_NULL;
    }
    if (low[0] > high[0]) {
        State *state = (State *)HPyModule_GetState(ctx, h_module);
        HPy error = HPyField_Load(ctx, h_module, state->empty_error);
        HPyErr_SetString(ctx, error, "no points have no bounds");
        HPy_Close(ctx, error);
        return HPy_NULL;
    }
    return HPy_BuildValue(ctx, "(dddd)", low[0], low[1], high[0], high[1]);
}
/* --8<-- [end:functions] */

/* ---- The module ---- */

/* --8<-- [start:module] */
HPyDef_SLOT(module_exec, HPy_mod_exec)
static int module_exec_impl(HPyContext *ctx, HPy h_module)
{
    State *state = (State *)HPyModule_GetState(ctx, h_module);
    HPy error = HPyErr_NewException(ctx, "polyline.EmptyError", ctx->h_ValueError, HPy_NULL);
    if (HPy_IsNull(error)) {
        return -1;
    }
    HPyField_Store(ctx, h_module, &state->empty_error, error);
    int failed = HPy_SetAttr_s(ctx, h_module, "EmptyError", error);
    HPy_Close(ctx, error);
    if (failed) {
        return -1;
    }
    return HPyHelpers_AddType(ctx, h_module, "Polyline", &Polyline_spec, NULL) ? 0 : -1;
}

HPyDef_SLOT(module_traverse, HPy_mod_traverse)
static int module_traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)
{
    HPy_VISIT(&((State *)data)->empty_error);
    return 0;
}

static HPyDef *defines[] = { &distance, &bounds, &module_exec, &module_traverse, NULL };

static HPyModuleDef definition = {
    .doc = "Polylines in the plane.",
    .size = sizeof(State),
    .defines = defines,
};

HPy_MODINIT(polyline, definition)
/* --8<-- [end:module] */
