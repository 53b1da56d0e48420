/* Types over bases that this file did not make, and types of other files in its hands. */
#include "conformance.h"

typedef struct {
    HPyField held;
    int64_t mark;
} Holder;
HPyType_HELPERS(Holder)

static int64_t destroyed, finalized;

HPyDef_SLOT(Holder_destroy, HPy_tp_destroy)
static void Holder_destroy_impl(void *data)
{
    destroyed += ((Holder *)data)->mark;
}

HPyDef_SLOT(Holder_traverse, HPy_tp_traverse)
static int Holder_traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)
{
    HPy_VISIT(&((Holder *)data)->held);
    return 0;
}

/* A type without a struct has nothing to visit. */
HPyDef_SLOT(nothing_traverse, HPy_tp_traverse)
static int nothing_traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)
{
    (void)data, (void)visit, (void)arg;
    return 0;
}

HPyDef_SLOT(finalize, HPy_tp_finalize)
static void finalize_impl(HPyContext *ctx, HPy self)
{
    (void)ctx, (void)self;
    finalized++;
}

HPyDef_GET(Holder_held, "held")
static HPy Holder_held_get(HPyContext *ctx, HPy self, void *closure)
{
    (void)closure;
    HPyField *field = &Holder_AsStruct(ctx, self)->held;
    return HPyField_IsNull(*field) ? none(ctx) : HPyField_Load(ctx, self, *field);
}

HPyDef_METH(Holder_hold, "hold", HPyFunc_VARARGS)
static HPy Holder_hold_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    if (!right_count(ctx, "hold takes 2 arguments", nargs, 2)) {
        return HPy_NULL;
    }
    Holder *holder = Holder_AsStruct(ctx, self);
    holder->mark = HPyLong_AsInt64_t(ctx, args[1]);
    if (HPyErr_Occurred(ctx)) {
        return HPy_NULL;
    }
    HPyField_Store(ctx, self, &holder->held, args[0]);
    return none(ctx);
}

static HPyDef *plain_defines[] = {NULL};
static HPyDef *visiting_defines[] = {&nothing_traverse, NULL};
static HPyDef *finalizing_defines[] = {&nothing_traverse, &finalize, NULL};
static HPyDef *holder_defines[] = {&Holder_destroy, &Holder_traverse, &Holder_held, &Holder_hold, NULL};

/* A type over a base or a tuple of bases. It has nothing (0), a function that visits (1), that and a finaliser (2), or a struct
   that holds an object (3). */
CASE(derive, 2)
{
    static HPyDef **defines[] = {plain_defines, visiting_defines, finalizing_defines, holder_defines};
    int64_t kind = HPyLong_AsInt64_t(ctx, a[1]);
    if (HPyErr_Occurred(ctx) || kind < 0 || kind > 3) {
        return HPy_NULL;
    }
    HPyType_Spec spec = {.name = "cases_derived.derived",
                         .basicsize = kind == 3 ? sizeof(Holder) : 0,
                         .builtin_shape = SHAPE(Holder),
                         .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | (kind ? HPy_TPFLAGS_HAVE_GC : 0),
                         .defines = defines[kind]};
    HPyType_SpecParam params[] = {
        {HPyTuple_Check(ctx, a[0]) ? HPyType_SpecParam_BasesTuple : HPyType_SpecParam_Base, a[0]},
        {(HPyType_SpecParam_Kind)0, HPy_NULL}};
    return HPyType_FromSpec(ctx, &spec, params);
}

/* The marks of the objects that were destroyed, and how many were finalised. */
CASE(ends, 0)
{
    (void)a;
    HPy items[2];
    items[0] = HPyLong_FromInt64_t(ctx, destroyed);
    items[1] = HPyLong_FromInt64_t(ctx, finalized);
    HPy pair = HPyTuple_FromArray(ctx, items, 2);
    HPy_Close(ctx, items[0]);
    HPy_Close(ctx, items[1]);
    return pair;
}

/* A new object of a type that some file made, with a number where its struct has one. The types of cases_types begin with it. */
CASE(new_marked, 2)
{
    int64_t *mark;
    HPy h = HPy_New(ctx, a[0], &mark);
    if (!HPy_IsNull(h)) {
        *mark = HPyLong_AsInt64_t(ctx, a[1]);
    }
    return h;
}

/* That number of an object whose type derives from a built-in one, and sets it. */
CASE(mark_again, 2)
{
    int64_t *mark;
    HPy type = HPy_Type(ctx, a[0]);
    HPyType_BuiltinShape shape = _HPyType_GetBuiltinShape(ctx, type);
    HPy_Close(ctx, type);
    switch (shape) {
    case HPyType_BuiltinShape_Long: mark = _HPy_AsStruct_Long(ctx, a[0]); break;
    case HPyType_BuiltinShape_Float: mark = _HPy_AsStruct_Float(ctx, a[0]); break;
    case HPyType_BuiltinShape_Unicode: mark = _HPy_AsStruct_Unicode(ctx, a[0]); break;
    case HPyType_BuiltinShape_Tuple: mark = _HPy_AsStruct_Tuple(ctx, a[0]); break;
    case HPyType_BuiltinShape_List: mark = _HPy_AsStruct_List(ctx, a[0]); break;
    default: mark = _HPy_AsStruct_Dict(ctx, a[0]); break;
    }
    if (mark == NULL) {
        return HPy_NULL;
    }
    int64_t before = *mark;
    *mark = HPyLong_AsInt64_t(ctx, a[1]);
    return HPyErr_Occurred(ctx) ? HPy_NULL : HPyLong_FromInt64_t(ctx, before);
}

#define CASES(X) X(OWN, derive) X(OWN, ends) X(OWN, new_marked) X(OWN, mark_again)

CASES(DEFINE)
MODULE(cases_derived)
