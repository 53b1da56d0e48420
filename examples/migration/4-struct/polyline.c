/* Polylines in the plane: all of the type uses handles; one function is still the C API's. */
#include <Python.h>
#include <hpy.h>
#include <math.h>

typedef struct {
    HPyField empty_error; /* the class EmptyError */
} State;

/* --8<-- [start:helpers] */
typedef struct {
    double *points; /* x and y of each point */
    HPy_ssize_t count;
    HPy_ssize_t capacity;
    HPyField label; /* any object */
    char closed;    /* whether the last point is joined to the first */
} Polyline;

HPyType_HELPERS(Polyline)
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

/* --8<-- [start:add_point] */
static int
add_point(HPyContext *ctx, Polyline *self, double x, double y)
{
    if (self->count == self->capacity) {
        HPy_ssize_t capacity = self->capacity == 0 ? 4 : 2 * self->capacity;
        double *points = (double *)realloc(self->points, (size_t)capacity * 2 * sizeof(double));
        if (points == NULL) {
            HPyErr_NoMemory(ctx);
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
/* --8<-- [end:add_point] */

/* ---- The type ---- */

/* --8<-- [start:extend] */
static int
extend(HPyContext *ctx, Polyline *self, HPy points)
{
    HPy iterator = HPy_GetIter(ctx, points);
    if (HPy_IsNull(iterator)) {
        return -1;
    }
    HPy item;
    int found;
    while ((found = HPyIter_NextItem(ctx, iterator, &item)) > 0) {
        double point[2];
        PyObject *object = HPy_AsPyObject(ctx, item);
        int failed = point_of(object, point) < 0 || add_point(ctx, self, point[0], point[1]) < 0;
        Py_DECREF(object);
        HPy_Close(ctx, item);
        if (failed) {
            found = -1;
            break;
        }
    }
    HPy_Close(ctx, iterator);
    return found;
}

HPyDef_METH(Polyline_extend, "extend", HPyFunc_O, .doc = "extend(points)\n\nAdd points.")
static HPy Polyline_extend_impl(HPyContext *ctx, HPy h_self, HPy points)
{
    if (extend(ctx, Polyline_AsStruct(ctx, h_self), points) < 0) {
        return HPy_NULL;
    }
    return HPy_Dup(ctx, ctx->h_None);
}
/* --8<-- [end:extend] */

/* --8<-- [start:new] */
HPyDef_SLOT(Polyline_new, HPy_tp_new)
static HPy Polyline_new_impl(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    static const char *keywords[] = { "points", "label", "closed", NULL };
    HPy points = HPy_NULL, label = ctx->h_None;
    int closed = 0;
    HPyTracker tracker;
    if (!HPyArg_ParseKeywordsDict(ctx, &tracker, args, nargs, kw, "|O$Op:Polyline", keywords, &points, &label,
                                  &closed)) {
        return HPy_NULL;
    }
    Polyline *self;
    HPy h_self = HPy_New(ctx, type, &self);
    if (!HPy_IsNull(h_self)) {
        self->closed = (char)closed;
        HPyField_Store(ctx, h_self, &self->label, label);
        if (!HPy_IsNull(points) && extend(ctx, self, points) < 0) {
            HPy_Close(ctx, h_self);
            h_self = HPy_NULL;
        }
    }
    HPyTracker_Close(ctx, tracker);
    return h_self;
}
/* --8<-- [end:new] */

/* --8<-- [start:collect] */
HPyDef_SLOT(Polyline_traverse, HPy_tp_traverse)
static int Polyline_traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)
{
    HPy_VISIT(&((Polyline *)data)->label);
    return 0;
}

HPyDef_SLOT(Polyline_destroy, HPy_tp_destroy)
static void Polyline_destroy_impl(void *data)
{
    free(((Polyline *)data)->points);
}
/* --8<-- [end:collect] */

HPyDef_SLOT(Polyline_repr, HPy_tp_repr)
static HPy Polyline_repr_impl(HPyContext *ctx, HPy h_self)
{
    Polyline *self = Polyline_AsStruct(ctx, h_self);
    HPy label = HPyField_Load(ctx, h_self, self->label);
    HPy text = HPyUnicode_FromFormat(ctx, "Polyline of %zd points, label %R", self->count, label);
    HPy_Close(ctx, label);
    return text;
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
    if (!HPyArg_Parse(ctx, NULL, args, nargs, "dd:append", &x, &y) || add_point(ctx, self, x, y) < 0) {
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
    for (HPy_ssize_t index = 1; index < self->count; index++) {
        length += hypot(points[2 * index] - points[2 * index - 2], points[2 * index + 1] - points[2 * index - 1]);
    }
    if (self->closed && self->count > 1) {
        HPy_ssize_t last = 2 * self->count - 2;
        length += hypot(points[0] - points[last], points[1] - points[last + 1]);
    }
    return HPyFloat_FromDouble(ctx, length);
}

/* --8<-- [start:scaled] */
HPyDef_METH(Polyline_scaled, "scaled", HPyFunc_O, .doc = "scaled(factor)\n\nA larger or smaller one.")
static HPy Polyline_scaled_impl(HPyContext *ctx, HPy h_self, HPy factor)
{
    Polyline *self = Polyline_AsStruct(ctx, h_self), *result;
    double by = HPyFloat_AsDouble(ctx, factor);
    if (by == -1.0 && HPyErr_Occurred(ctx)) {
        return HPy_NULL;
    }
    HPy type = HPy_Type(ctx, h_self);
    HPy h_result = HPy_New(ctx, type, &result);
    HPy_Close(ctx, type);
    if (HPy_IsNull(h_result)) {
        return HPy_NULL;
    }
    result->closed = self->closed;
    HPy label = HPyField_Load(ctx, h_self, self->label);
    HPyField_Store(ctx, h_result, &result->label, label);
    HPy_Close(ctx, label);
    for (HPy_ssize_t index = 0; index < self->count; index++) {
        if (add_point(ctx, result, by * self->points[2 * index], by * self->points[2 * index + 1]) < 0) {
            HPy_Close(ctx, h_result);
            return HPy_NULL;
        }
    }
    return h_result;
}
/* --8<-- [end:scaled] */

/* --8<-- [start:label] */
HPyDef_GETSET(Polyline_label, "label", .doc = "Any object.")
static HPy Polyline_label_get(HPyContext *ctx, HPy h_self, void *closure)
{
    (void)closure;
    return HPyField_Load(ctx, h_self, Polyline_AsStruct(ctx, h_self)->label);
}

static int Polyline_label_set(HPyContext *ctx, HPy h_self, HPy value, void *closure)
{
    (void)closure;
    if (HPy_IsNull(value)) {
        HPyErr_SetString(ctx, ctx->h_AttributeError, "a label cannot be deleted");
        return -1;
    }
    HPyField_Store(ctx, h_self, &Polyline_AsStruct(ctx, h_self)->label, value);
    return 0;
}
/* --8<-- [end:label] */

/* --8<-- [start:spec] */
HPyDef_MEMBER(Polyline_closed, "closed", HPyMember_BOOL, offsetof(Polyline, closed),
              .doc = "Whether the last point is joined to the first.")

static HPyDef *Polyline_defines[] = {
    &Polyline_new,    &Polyline_traverse, &Polyline_destroy, &Polyline_repr,  &Polyline_len,   &Polyline_item,
    &Polyline_append, &Polyline_extend,   &Polyline_length,  &Polyline_scaled, &Polyline_label, &Polyline_closed,
    NULL,
};

static HPyType_Spec Polyline_spec = {
    .name = "polyline.Polyline",
    .basicsize = sizeof(Polyline),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC,
    .builtin_shape = SHAPE(Polyline),
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
