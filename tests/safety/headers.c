/* One source for three headers: HPy 0.9's, HPy master's and Cardan's. WITH_MASTER says that the ten functions are there which
 * HPy has had since 0.9. */
#include "hpy.h"
#include <stddef.h>

typedef struct {
    double x;
    double y;
    HPyField label;
} Point;
HPyType_HELPERS(Point)

static HPyGlobal point_type;
static HPyGlobal last;

HPyDef_SLOT(Point_new, HPy_tp_new)
static HPy Point_new_impl(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    double x, y;
    if (!HPyArg_Parse(ctx, NULL, args, (size_t)nargs, "dd:Point", &x, &y))
        return HPy_NULL;
    Point *point;
    HPy h = HPy_New(ctx, type, &point);
    if (HPy_IsNull(h))
        return HPy_NULL;
    point->x = x;
    point->y = y;
    return h;
}

HPyDef_SLOT(Point_repr, HPy_tp_repr)
static HPy Point_repr_impl(HPyContext *ctx, HPy self)
{
    Point *point = Point_AsStruct(ctx, self);
    return HPyUnicode_FromFormat(ctx, "Point(%d, %d)", (int)point->x, (int)point->y);
}

HPyDef_SLOT(Point_traverse, HPy_tp_traverse)
static int Point_traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)
{
    HPy_VISIT(&((Point *)data)->label);
    return 0;
}

static int destroyed;
HPyDef_SLOT(Point_destroy, HPy_tp_destroy)
static void Point_destroy_impl(void *data)
{
    destroyed++;
}

HPyDef_SLOT(Point_add, HPy_nb_add)
static HPy Point_add_impl(HPyContext *ctx, HPy left, HPy right)
{
    HPy type = HPyGlobal_Load(ctx, point_type);
    HPy result = HPy_NULL;
    if (!HPy_TypeCheck(ctx, left, type) || !HPy_TypeCheck(ctx, right, type)) {
        result = HPy_Dup(ctx, ctx->h_NotImplemented);
    } else {
        Point *a = Point_AsStruct(ctx, left), *b = Point_AsStruct(ctx, right), *sum;
        result = HPy_New(ctx, type, &sum);
        if (!HPy_IsNull(result)) {
            sum->x = a->x + b->x;
            sum->y = a->y + b->y;
        }
    }
    HPy_Close(ctx, type);
    return result;
}

HPyDef_SLOT(Point_compare, HPy_tp_richcompare)
static HPy Point_compare_impl(HPyContext *ctx, HPy self, HPy other, HPy_RichCmpOp op)
{
    HPy type = HPyGlobal_Load(ctx, point_type);
    int same_type = HPy_TypeCheck(ctx, other, type);
    HPy_Close(ctx, type);
    if (!same_type || (op != HPy_EQ && op != HPy_NE))
        return HPy_Dup(ctx, ctx->h_NotImplemented);
    Point *a = Point_AsStruct(ctx, self), *b = Point_AsStruct(ctx, other);
    bool same = a->x == b->x && a->y == b->y;
    return HPyBool_FromBool(ctx, op == HPy_EQ ? same : !same);
}

HPyDef_SLOT(Point_length, HPy_sq_length)
static HPy_ssize_t Point_length_impl(HPyContext *ctx, HPy self)
{
    return 2;
}

HPyDef_SLOT(Point_item, HPy_sq_item)
static HPy Point_item_impl(HPyContext *ctx, HPy self, HPy_ssize_t index)
{
    Point *point = Point_AsStruct(ctx, self);
    if (index < 0 || index > 1) {
        HPyErr_SetString(ctx, ctx->h_IndexError, "a point has two coordinates");
        return HPy_NULL;
    }
    return HPyFloat_FromDouble(ctx, index ? point->y : point->x);
}

HPyDef_SLOT(Point_call, HPy_tp_call)
static HPy Point_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    HPy_ssize_t named = HPy_IsNull(kwnames) ? 0 : HPy_Length(ctx, kwnames);
    return HPyLong_FromSsize_t(ctx, (HPy_ssize_t)nargs * 10 + named);
}

HPyDef_SLOT(Point_getbuffer, HPy_bf_getbuffer)
static int Point_getbuffer_impl(HPyContext *ctx, HPy self, HPy_buffer *view, int flags)
{
    static HPy_ssize_t shape[] = {2}, strides[] = {sizeof(double)};
    view->buf = Point_AsStruct(ctx, self);
    view->obj = HPy_Dup(ctx, self);
    view->len = 2 * sizeof(double);
    view->itemsize = sizeof(double);
    view->readonly = 1;
    view->ndim = 1;
    view->format = (char *)"d";
    view->shape = shape;
    view->strides = strides;
    view->suboffsets = NULL;
    view->internal = NULL;
    return 0;
}

HPyDef_MEMBER(Point_x, "x", HPyMember_DOUBLE, offsetof(Point, x))
HPyDef_MEMBER(Point_y, "y", HPyMember_DOUBLE, offsetof(Point, y), .readonly = 1)

HPyDef_GETSET(Point_label, "label", .doc = "What the point is called.")
static HPy Point_label_get(HPyContext *ctx, HPy self, void *closure)
{
    Point *point = Point_AsStruct(ctx, self);
    return HPyField_IsNull(point->label) ? HPy_Dup(ctx, ctx->h_None) : HPyField_Load(ctx, self, point->label);
}
static int Point_label_set(HPyContext *ctx, HPy self, HPy value, void *closure)
{
    HPyField_Store(ctx, self, &Point_AsStruct(ctx, self)->label, value);
    return 0;
}

HPyDef_METH(Point_scaled, "scaled", HPyFunc_KEYWORDS)
static HPy Point_scaled_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    static const char *names[] = {"by", "times", NULL};
    double by;
    long times = 1;
    HPyTracker tracker;
    if (!HPyArg_ParseKeywords(ctx, &tracker, args, nargs, kwnames, "d|l:scaled", names, &by, &times))
        return HPy_NULL;
    HPyTracker_Close(ctx, tracker);
    Point *point = Point_AsStruct(ctx, self), *made;
    HPy type = HPy_Type(ctx, self);
    HPy result = HPy_New(ctx, type, &made);
    HPy_Close(ctx, type);
    if (HPy_IsNull(result))
        return HPy_NULL;
    made->x = point->x;
    made->y = point->y;
    for (long i = 0; i < times; i++) {
        made->x *= by;
        made->y *= by;
    }
    return result;
}

static HPyDef *point_defines[] = {&Point_new,   &Point_repr,   &Point_traverse,  &Point_destroy, &Point_add, &Point_compare,
                                  &Point_length, &Point_item,  &Point_call,      &Point_getbuffer, &Point_x, &Point_y,
                                  &Point_label, &Point_scaled, NULL};
static HPyType_Spec point_spec = {
    .name = "headers.Point",
    .basicsize = sizeof(Point),
    .builtin_shape = SHAPE(Point),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC,
    .defines = point_defines,
    .doc = "Two numbers.",
};

HPyDef_METH(total, "total", HPyFunc_O, .doc = "The sum of a list of ints.")
static HPy total_impl(HPyContext *ctx, HPy self, HPy arg)
{
    HPy_ssize_t length = HPy_Length(ctx, arg);
    if (length < 0)
        return HPy_NULL;
    int64_t sum = 0;
    for (HPy_ssize_t i = 0; i < length; i++) {
        HPy item = HPy_GetItem_i(ctx, arg, i);
        if (HPy_IsNull(item))
            return HPy_NULL;
        sum += HPyLong_AsInt64_t(ctx, item);
        HPy_Close(ctx, item);
        if (HPyErr_Occurred(ctx))
            return HPy_NULL;
    }
    return HPyLong_FromInt64_t(ctx, sum);
}

HPyDef_METH(build, "build", HPyFunc_NOARGS)
static HPy build_impl(HPyContext *ctx, HPy self)
{
    HPyListBuilder list = HPyListBuilder_New(ctx, 3);
    for (int i = 0; i < 3; i++) {
        HPy item = HPyLong_FromInt32_t(ctx, i * i);
        HPyListBuilder_Set(ctx, list, i, item);
        HPy_Close(ctx, item);
    }
    HPy squares = HPyListBuilder_Build(ctx, list);
    HPy text = HPyUnicode_FromString(ctx, "\xc3\xa9t\xc3\xa9");
    HPy bytes = HPyBytes_FromStringAndSize(ctx, "a\0b", 3);
    HPy result = HPy_NULL;
    if (!HPyErr_Occurred(ctx))
        result = HPy_BuildValue(ctx, "(OOO{s:i}d)", squares, text, bytes, "one", 1, 2.5);
    HPy_Close(ctx, squares);
    HPy_Close(ctx, text);
    HPy_Close(ctx, bytes);
    return result;
}

HPyDef_METH(call, "call", HPyFunc_VARARGS)
static HPy call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    HPy function, arguments, keywords = HPy_NULL;
    HPyTracker tracker;
    if (!HPyArg_Parse(ctx, &tracker, args, nargs, "OO|O:call", &function, &arguments, &keywords))
        return HPy_NULL;
    HPy result = HPy_CallTupleDict(ctx, function, arguments, keywords);
    HPyTracker_Close(ctx, tracker);
    return result;
}

HPyDef_METH(fail, "fail", HPyFunc_VARARGS)
static HPy fail_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    return HPyErr_Format(ctx, ctx->h_LookupError, "%zd arguments", (HPy_ssize_t)nargs);
}

HPyDef_METH(keep, "keep", HPyFunc_O, .doc = "Keeps an object; the one that was kept before, or None.")
static HPy keep_impl(HPyContext *ctx, HPy self, HPy arg)
{
    HPy before = HPyGlobal_Load(ctx, last);
    HPyGlobal_Store(ctx, &last, arg);
    return HPy_IsNull(before) ? HPy_Dup(ctx, ctx->h_None) : before;
}

HPyDef_METH(capsule, "capsule", HPyFunc_NOARGS)
static HPy capsule_impl(HPyContext *ctx, HPy self)
{
    HPy made = HPyCapsule_New(ctx, &destroyed, "headers.destroyed", NULL);
    if (HPy_IsNull(made))
        return HPy_NULL;
    int *number = HPyCapsule_GetPointer(ctx, made, "headers.destroyed");
    HPy_Close(ctx, made);
    return number ? HPyLong_FromInt32_t(ctx, *number) : HPy_NULL;
}

HPyDef_METH(without_gil, "without_gil", HPyFunc_NOARGS)
static HPy without_gil_impl(HPyContext *ctx, HPy self)
{
    int sum = 0;
    HPy_BEGIN_LEAVE_PYTHON(ctx)
    for (int i = 0; i < 100; i++)
        sum += i;
    HPy_END_LEAVE_PYTHON(ctx)
    return HPyLong_FromInt32_t(ctx, sum);
}

/* How many arguments are there, by an iterator where there is one. */
HPyDef_METH(items, "items", HPyFunc_O)
static HPy items_impl(HPyContext *ctx, HPy self, HPy arg)
{
#ifdef WITH_MASTER
    HPy list = HPyList_New(ctx, 0), iterator = HPy_GetIter(ctx, arg), item;
    if (HPy_IsNull(iterator) || !HPyIter_Check(ctx, iterator)) {
        HPy_Close(ctx, list);
        return HPy_NULL;
    }
    while (!HPy_IsNull(item = HPyIter_Next(ctx, iterator))) {
        HPyList_Insert(ctx, list, 0, item);
        HPy_Close(ctx, item);
    }
    HPy_Close(ctx, iterator);
    HPy firsts = HPyErr_Occurred(ctx) ? HPy_NULL : HPy_GetSlice(ctx, list, 0, 2);
    HPy_Close(ctx, list);
    return firsts;
#else
    return HPy_Dup(ctx, ctx->h_NotImplemented);
#endif
}

HPyDef_SLOT(module_exec, HPy_mod_exec)
static int module_exec_impl(HPyContext *ctx, HPy module)
{
    HPy type = HPyType_FromSpec(ctx, &point_spec, NULL);
    if (HPy_IsNull(type))
        return -1;
    HPyGlobal_Store(ctx, &point_type, type);
    int result = HPy_SetAttr_s(ctx, module, "Point", type);
    HPy_Close(ctx, type);
    return result;
}

static HPyDef *defines[] = {&total, &build, &call, &fail, &keep, &capsule, &without_gil, &items, &module_exec, NULL};
static HPyGlobal *globals[] = {&point_type, &last, NULL};
static HPyModuleDef definition = {.doc = "Compiled with three headers.", .defines = defines, .globals = globals};
HPy_MODINIT(headers, definition)
