/* What hpy.h has macros for, each in use. The tests compile this in each standard of C and C++. */
#include "hpy.h"

HPY_MOD_EMBEDDABLE(shapes)

typedef struct {
    double x, y;
    HPyField owner;
} Point;
HPyType_HELPERS(Point)

typedef struct {
    long value;
} Count;
HPyType_HELPERS(Count, HPyType_BuiltinShape_Long)

HPyDef_METH(norm, "norm", HPyFunc_NOARGS, .doc = "The length.")
static HPy norm_impl(HPyContext *ctx, HPy self)
{
    Point *point = Point_AsStruct(ctx, self);
    return HPyFloat_FromDouble(ctx, point->x * point->x + point->y * point->y);
}

HPyDef_METH(pair, "pair", HPyFunc_VARARGS)
static HPy pair_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    HPy first, second;
    HPyTracker ht;
    (void)self;
    if (!HPyArg_Parse(ctx, &ht, args, nargs, "OO", &first, &second)) {
        return HPyErr_Format(ctx, ctx->h_TypeError, "%zd arguments", (HPy_ssize_t)nargs);
    }
    HPy h = HPyTuple_Pack(ctx, 2, first, second);
    HPyTracker_Close(ctx, ht);
    return h;
}

HPyDef_CLASSMETH(of, "of", HPyFunc_KEYWORDS, .doc = "A point.")
static HPy of_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    static const char *keywords[] = {"x", NULL};
    double x;
    Point *point;
    if (!HPyArg_ParseKeywords(ctx, NULL, args, nargs, kwnames, "d", keywords, &x)) {
        return HPy_NULL;
    }
    HPy h = HPy_New(ctx, self, &point);
    if (!HPy_IsNull(h)) {
        point->x = x;
    }
    return h;
}

HPyDef_STATICMETH(same, "same", HPyFunc_O)
static HPy same_impl(HPyContext *ctx, HPy self, HPy arg)
{
    (void)self;
    return HPy_Dup(ctx, arg);
}

static HPy named(HPyContext *ctx, HPy self, HPy arg);
HPyDef_METH_IMPL(with_name, "with_name", named, HPyFunc_O)
static HPy named(HPyContext *ctx, HPy self, HPy arg)
{
    (void)self;
    return HPy_BuildValue(ctx, "(O)", arg);
}

HPyDef_MEMBER(x, "x", HPyMember_DOUBLE, offsetof(Point, x))
HPyDef_MEMBER(y, "y", HPyMember_DOUBLE, offsetof(Point, y), .readonly = 1, .doc = "The ordinate.")

HPyDef_GET(square, "square")
static HPy square_get(HPyContext *ctx, HPy self, void *closure)
{
    (void)closure;
    return HPyFloat_FromDouble(ctx, Point_AsStruct(ctx, self)->x);
}

static int x_from(HPyContext *ctx, HPy self, HPy value)
{
    double number = HPyFloat_AsDouble(ctx, value);
    if (number == -1.0 && HPyErr_Occurred(ctx)) {
        return -1;
    }
    Point_AsStruct(ctx, self)->x = number;
    return 0;
}

HPyDef_SET(write_only, "write_only", .doc = "Cannot be read.")
static int write_only_set(HPyContext *ctx, HPy self, HPy value, void *closure)
{
    (void)closure;
    return x_from(ctx, self, value);
}

HPyDef_GETSET(both, "both", .closure = NULL)
static HPy both_get(HPyContext *ctx, HPy self, void *closure)
{
    (void)closure;
    return HPy_Dup(ctx, self);
}
static int both_set(HPyContext *ctx, HPy self, HPy value, void *closure)
{
    (void)closure;
    return x_from(ctx, self, value);
}

HPyDef_SLOT(compare, HPy_tp_richcompare)
static HPy compare_impl(HPyContext *ctx, HPy left, HPy right, HPy_RichCmpOp op)
{
    HPy_RETURN_RICHCOMPARE(ctx, Point_AsStruct(ctx, left)->x, Point_AsStruct(ctx, right)->x, op);
}

HPyDef_SLOT(traverse, HPy_tp_traverse)
static int traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)
{
    HPy_VISIT(&((Point *)data)->owner);
    return 0;
}

HPyDef_SLOT(destroy, HPy_tp_destroy)
static void destroy_impl(void *data)
{
    ((Point *)data)->x = 0;
}

HPyDef_SLOT(create, HPy_tp_new)
static HPy create_impl(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    return HPyType_GenericNew(ctx, type, args, nargs, kw);
}

HPyDef_SLOT(initialise, HPy_tp_init)
static int initialise_impl(HPyContext *ctx, HPy self, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    static const char *keywords[] = {"x", NULL};
    return HPyArg_ParseKeywordsDict(ctx, NULL, args, nargs, kw, "d", keywords, &Point_AsStruct(ctx, self)->x) ? 0 : -1;
}

HPyDef_SLOT(call, HPy_tp_call)
static HPy call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    return HPy_Call(ctx, self, args, nargs, kwnames);
}

HPyDef_SLOT(get_buffer, HPy_bf_getbuffer)
static int get_buffer_impl(HPyContext *ctx, HPy self, HPy_buffer *view, int flags)
{
    return HPyBuffer_FillInfo(ctx, view, self, Point_AsStruct(ctx, self), sizeof(Point), 1, flags);
}

HPyDef_SLOT(release_buffer, HPy_bf_releasebuffer)
static void release_buffer_impl(HPyContext *ctx, HPy self, HPy_buffer *view)
{
    (void)ctx, (void)self, (void)view;
}

HPyDef_SLOT(finalise, HPy_tp_finalize)
static void finalise_impl(HPyContext *ctx, HPy self)
{
    HPyField_Store(ctx, self, &Point_AsStruct(ctx, self)->owner, HPy_NULL);
}

HPyDef_SLOT(send_to, HPy_am_send)
static int send_to_impl(HPyContext *ctx, HPy self, HPy value, HPy *result)
{
    (void)self;
    *result = HPy_Dup(ctx, value);
    return HPy_SEND_RETURN;
}

HPyDef_SLOT(hash, HPy_tp_hash)
static HPy_hash_t hash_impl(HPyContext *ctx, HPy self)
{
    return HPy_Hash(ctx, self);
}

HPyDef_SLOT(length, HPy_sq_length)
static HPy_ssize_t length_impl(HPyContext *ctx, HPy self)
{
    return HPy_Length(ctx, self);
}

HPyCapsule_DESTRUCTOR(free_memory)
static void free_memory_impl(const char *name, void *pointer, void *context)
{
    (void)name, (void)context;
    free(pointer);
}

HPyDef_CALL_FUNCTION(called)
static HPy called_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    return HPy_SetCallFunction(ctx, self, &called) < 0 ? HPy_NULL : HPy_Dup(ctx, self);
}

HPyDef_METH(capsule, "capsule", HPyFunc_NOARGS)
static HPy capsule_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    void *memory = malloc(1);
    HPy_BEGIN_LEAVE_PYTHON(ctx)
    memset(memory, 0, 1);
    HPy_END_LEAVE_PYTHON(ctx)
    HPy_BEGIN_CRITICAL_SECTION2(ctx, self, ctx->h_None)
    HPy_END_CRITICAL_SECTION2(ctx)
    return HPyCapsule_New(ctx, memory, "memory", &free_memory);
}

static HPyDef *point_defines[] = {&norm,    &pair,       &of,       &same,     &with_name,  &x,          &y,
                                  &square,  &write_only, &both,     &compare,  &traverse,   &destroy,    &create,
                                  &call,    &initialise, &finalise, &get_buffer, &release_buffer, &send_to, &hash,
                                  &length,  NULL};
static HPyType_Spec point_spec = {
    "shapes.Point", sizeof(Point), 0, HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_HAVE_GC, SHAPE(Point), NULL, point_defines, "A point."};
static HPyType_Spec count_spec = {"shapes.Count", sizeof(Count), 0, HPy_TPFLAGS_DEFAULT, SHAPE(Count), NULL, NULL, NULL};

HPyDef_SLOT(execute, HPy_mod_exec)
static int execute_impl(HPyContext *ctx, HPy module)
{
    HPyType_SpecParam base[] = {{HPyType_SpecParam_Base, ctx->h_LongType}, {(HPyType_SpecParam_Kind)0, HPy_NULL}};
    if (!HPyHelpers_AddType(ctx, module, "Point", &point_spec, NULL) ||
        !HPyHelpers_AddType(ctx, module, "Count", &count_spec, base)) {
        return -1;
    }
    HPy count = HPy_GetAttr_s(ctx, module, "Count");
    HPy number = HPy_IsNull(count) ? HPy_NULL : HPy_CallNoArgs(ctx, count);
    if (!HPy_IsNull(number)) {
        Count_AsStruct(ctx, number)->value = 1;
    }
    HPy_Close(ctx, number);
    HPy_Close(ctx, count);
    return 0;
}

HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)
HPyDef_MOD_MULTIPLE_INTERPRETERS(interpreters, HPy_MOD_PER_INTERPRETER_GIL_SUPPORTED)

static HPyGlobal kept;
static HPyGlobal *globals[] = {&kept, NULL};
static HPyDef *defines[] = {&capsule, &execute, &gil, &interpreters, NULL};
static HPyModuleDef definition = {"Shapes.", 0, NULL, defines, globals};

HPy_MODINIT(shapes, definition)
