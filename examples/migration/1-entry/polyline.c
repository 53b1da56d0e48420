/* Polylines in the plane: the module is defined for handles, all else is as it was. */
#include <Python.h>
#include <hpy.h>
#include <math.h>
#include <structmember.h>

typedef struct {
    PyObject *empty_error; /* the class EmptyError */
} State;

typedef struct {
    PyObject_HEAD
    double *points; /* x and y of each point */
    Py_ssize_t count;
    Py_ssize_t capacity;
    PyObject *label; /* any object */
    char closed;     /* whether the last point is joined to the first */
} Polyline;

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

static Py_ssize_t
Polyline_len(Polyline *self)
{
    return self->count;
}

static PyObject *
Polyline_item(Polyline *self, Py_ssize_t index)
{
    if (index < 0 || index >= self->count) {
        PyErr_SetString(PyExc_IndexError, "no such point");
        return NULL;
    }
    return Py_BuildValue("(dd)", self->points[2 * index], self->points[2 * index + 1]);
}

/* --8<-- [start:append] */
static PyObject *
Polyline_append(Polyline *self, PyObject *args)
{
    double x, y;
    if (!PyArg_ParseTuple(args, "dd:append", &x, &y) || add_point(self, x, y) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}
/* --8<-- [end:append] */

static PyObject *
Polyline_length(Polyline *self, PyObject *Py_UNUSED(ignored))
{
    double length = 0.0;
    const double *points = self->points;
    for (Py_ssize_t index = 1; index < self->count; index++) {
        length += hypot(points[2 * index] - points[2 * index - 2], points[2 * index + 1] - points[2 * index - 1]);
    }
    if (self->closed && self->count > 1) {
        Py_ssize_t last = 2 * self->count - 2;
        length += hypot(points[0] - points[last], points[1] - points[last + 1]);
    }
    return PyFloat_FromDouble(length);
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
static PyMethodDef Polyline_methods[] = {
    { "append", (PyCFunction)Polyline_append, METH_VARARGS, "append(x, y)\n\nAdd a point." },
    { "extend", (PyCFunction)Polyline_extend, METH_O, "extend(points)\n\nAdd points." },
    { "length", (PyCFunction)Polyline_length, METH_NOARGS, "length()\n\nThe length along all points." },
    { "scaled", (PyCFunction)Polyline_scaled, METH_O, "scaled(factor)\n\nA larger or smaller one." },
    { NULL, NULL, 0, NULL },
};

static PyGetSetDef Polyline_getset[] = {
    { "label", (getter)Polyline_get_label, (setter)Polyline_set_label, "Any object.", NULL },
    { NULL, NULL, NULL, NULL, NULL },
};

static PyMemberDef Polyline_members[] = {
    { "closed", T_BOOL, offsetof(Polyline, closed), 0, "Whether the last point is joined to the first." },
    { NULL, 0, 0, 0, NULL },
};

static PyType_Slot Polyline_slots[] = {
    { Py_tp_doc, "Polyline(points=(), *, label=None, closed=False)" },
    { Py_tp_new, Polyline_new },
    { Py_tp_traverse, Polyline_traverse },
    { Py_tp_clear, Polyline_clear },
    { Py_tp_dealloc, Polyline_dealloc },
    { Py_tp_repr, Polyline_repr },
    { Py_sq_length, Polyline_len },
    { Py_sq_item, Polyline_item },
    { Py_tp_methods, Polyline_methods },
    { Py_tp_getset, Polyline_getset },
    { Py_tp_members, Polyline_members },
    { 0, NULL },
};

static PyType_Spec Polyline_spec = {
    .name = "polyline.Polyline",
    .basicsize = sizeof(Polyline),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = Polyline_slots,
};
/* --8<-- [end:spec] */

/* ---- The functions ---- */

/* --8<-- [start:functions] */
static PyObject *
distance(PyObject *Py_UNUSED(module), PyObject *args)
{
    double x1, y1, x2, y2;
    if (!PyArg_ParseTuple(args, "dddd:distance", &x1, &y1, &x2, &y2)) {
        return NULL;
    }
    return PyFloat_FromDouble(hypot(x2 - x1, y2 - y1));
}

static PyObject *
bounds(PyObject *module, PyObject *points)
{
    PyObject *iterator = PyObject_GetIter(points);
    if (iterator == NULL) {
        return NULL;
    }
    double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };
    PyObject *item;
    while ((item = PyIter_Next(iterator)) != NULL) {
        double point[2];
        int failed = point_of(item, point) < 0;
        Py_DECREF(item);
        if (failed) {
            break;
        }
        for (int axis = 0; axis < 2; axis++) {
            low[axis] = fmin(low[axis], point[axis]);
            high[axis] = fmax(high[axis], point[axis]);
        }
    }
    Py_DECREF(iterator);
    if (PyErr_Occurred()) {
        return NULL;
    }
    if (low[0] > high[0]) {
        State *state = (State *)PyModule_GetState(module);
        PyErr_SetString(state->empty_error, "no points have no bounds");
        return NULL;
    }
    return Py_BuildValue("(dddd)", low[0], low[1], high[0], high[1]);
}

static PyMethodDef functions[] = {
    { "distance", distance, METH_VARARGS, "distance(x1, y1, x2, y2)\n\nThe distance of two points." },
    { "bounds", bounds, METH_O, "bounds(points)\n\nThe smallest and largest coordinates." },
    { NULL, NULL, 0, NULL },
};
/* --8<-- [end:functions] */

/* ---- The module ---- */

/* --8<-- [start:module] */
static int
execute(PyObject *module)
{
    State *state = (State *)PyModule_GetState(module);
    state->empty_error = PyErr_NewException("polyline.EmptyError", PyExc_ValueError, NULL);
    if (state->empty_error == NULL || PyModule_AddObjectRef(module, "EmptyError", state->empty_error) < 0) {
        return -1;
    }
    PyObject *type = PyType_FromModuleAndSpec(module, &Polyline_spec, NULL);
    if (type == NULL) {
        return -1;
    }
    int failed = PyModule_AddObjectRef(module, "Polyline", type);
    Py_DECREF(type);
    return failed;
}

HPyDef_SLOT(module_exec, HPy_mod_exec)
static int module_exec_impl(HPyContext *ctx, HPy h_module)
{
    PyObject *module = HPy_AsPyObject(ctx, h_module);
    int failed = execute(module);
    Py_DECREF(module);
    return failed;
}

HPyDef_SLOT(module_destroy, HPy_mod_destroy)
static void module_destroy_impl(void *data)
{
    State *state = (State *)data;
    Py_CLEAR(state->empty_error);
}

static HPyDef *defines[] = { &module_exec, &module_destroy, NULL };

static HPyModuleDef definition = {
    .doc = "Polylines in the plane.",
    .size = sizeof(State),
    .legacy_methods = functions,
    .defines = defines,
};

HPy_MODINIT(polyline, definition)
/* --8<-- [end:module] */
