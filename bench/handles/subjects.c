/* The subjects with handles. Only what HPy 0.9 has, so that the same source also compiles with HPy's own headers. */
#include <hpy.h>

typedef struct {
    long x;
    long y;
} Point;

HPyType_HELPERS(Point)

HPyDef_METH(noargs, "noargs", HPyFunc_NOARGS)
static HPy noargs_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(onearg, "onearg", HPyFunc_O)
static HPy onearg_impl(HPyContext *ctx, HPy self, HPy arg)
{
    (void)self;
    return HPy_Dup(ctx, arg);
}

HPyDef_METH(varargs, "varargs", HPyFunc_VARARGS)
static HPy varargs_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self, (void)args;
    if (nargs != 2) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "two arguments are expected");
        return HPy_NULL;
    }
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(call_with_tuple, "call_with_tuple", HPyFunc_VARARGS)
static HPy call_with_tuple_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    if (nargs != 2) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "two arguments are expected");
        return HPy_NULL;
    }
    return HPy_CallTupleDict(ctx, args[0], args[1], HPy_NULL);
}

HPyDef_METH(call_with_tuple_and_dict, "call_with_tuple_and_dict", HPyFunc_VARARGS)
static HPy call_with_tuple_and_dict_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    if (nargs != 3) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "three arguments are expected");
        return HPy_NULL;
    }
    return HPy_CallTupleDict(ctx, args[0], args[1], args[2]);
}

HPyDef_METH(allocate_int, "allocate_int", HPyFunc_NOARGS)
static HPy allocate_int_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyLong_FromLong(ctx, 2048);
}

HPyDef_METH(allocate_tuple, "allocate_tuple", HPyFunc_NOARGS)
static HPy allocate_tuple_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    HPy first = HPyUnicode_FromString(ctx, "hello");
    HPy second = HPyUnicode_FromString(ctx, "world");
    HPy tuple = HPy_NULL;
    if (!HPy_IsNull(first) && !HPy_IsNull(second)) {
        HPy items[] = {first, second};
        tuple = HPyTuple_FromArray(ctx, items, 2);
    }
    HPy_Close(ctx, first);
    HPy_Close(ctx, second);
    return tuple;
}

HPyDef_SLOT(point_new, HPy_tp_new)
static HPy point_new_impl(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy keywords)
{
    (void)args, (void)nargs, (void)keywords;
    Point *point;
    HPy h = HPy_New(ctx, type, &point);
    if (!HPy_IsNull(h)) {
        point->x = 1;
        point->y = 2;
    }
    return h;
}

HPyDef_SLOT(point_length, HPy_sq_length)
static HPy_ssize_t point_length_impl(HPyContext *ctx, HPy self)
{
    (void)ctx, (void)self;
    return 1234;
}

HPyDef_SLOT(point_item, HPy_sq_item)
static HPy point_item_impl(HPyContext *ctx, HPy self, HPy_ssize_t index)
{
    (void)self;
    return HPyLong_FromSsize_t(ctx, index);
}

static HPyDef *point_defines[] = {&point_new, &point_length, &point_item, &noargs, &onearg, &varargs, NULL};

static HPyType_Spec foo_spec = {.name = "subjects.Foo", .basicsize = sizeof(Point), .builtin_shape = SHAPE(Point),
                                .flags = HPy_TPFLAGS_DEFAULT, .defines = point_defines};
static HPyType_Spec heap_spec = {.name = "subjects.HTFoo", .basicsize = sizeof(Point), .builtin_shape = SHAPE(Point),
                                 .flags = HPy_TPFLAGS_DEFAULT, .defines = point_defines};

HPyDef_SLOT(execute, HPy_mod_exec)
static int execute_impl(HPyContext *ctx, HPy module)
{
    HPy foo = HPyType_FromSpec(ctx, &foo_spec, NULL);
    HPy heap = HPyType_FromSpec(ctx, &heap_spec, NULL);
    int result = -1;
    if (!HPy_IsNull(foo) && !HPy_IsNull(heap) && HPy_SetAttr_s(ctx, module, "Foo", foo) == 0) {
        result = HPy_SetAttr_s(ctx, module, "HTFoo", heap);
    }
    HPy_Close(ctx, foo);
    HPy_Close(ctx, heap);
    return result;
}

#ifdef HPyDef_MOD_GIL
HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)
#endif

static HPyDef *defines[] = {
    &noargs, &onearg, &varargs, &call_with_tuple, &call_with_tuple_and_dict, &allocate_int, &allocate_tuple, &execute,
#ifdef HPyDef_MOD_GIL
    &gil,
#endif
    NULL,
};

static HPyModuleDef definition = {.doc = "The subjects with handles.", .defines = defines};

HPy_MODINIT(subjects, definition)
