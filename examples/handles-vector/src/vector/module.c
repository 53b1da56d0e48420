/* The module: its functions, its exception, its types. */
#include "vector.h"

HPyGlobal dimension_error;

/* --8<-- [start:interpolate] */
HPyDef_METH(interpolate, "interpolate", HPyFunc_KEYWORDS,
            .doc = "interpolate(start, end, *, at=0.5)\n--\n\nThe point on the way between two vectors.")
static HPy interpolate_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    static const char *keywords[] = {"start", "end", "at", NULL};
    HPyTracker tracker;
    HPy start, end, result = HPy_NULL;
    double at = 0.5;
    (void)self;
    if (!HPyArg_ParseKeywords(ctx, &tracker, args, nargs, kwnames, "OO|$d:interpolate", keywords, &start, &end, &at)) {
        return HPy_NULL;
    }
    const Vector *a = vector_of(ctx, start);
    const Vector *b = a == NULL ? NULL : vector_of(ctx, end);
    if (b != NULL && same_dimension(ctx, a, b)) {
        Vector *between;
        result = vector_new(ctx, a->count, &between);
        for (HPy_ssize_t index = 0; !HPy_IsNull(result) && index < a->count; index++) {
            between->values[index] = (1.0 - at) * a->values[index] + at * b->values[index];
        }
    }
    HPyTracker_Close(ctx, tracker);
    return result;
}
/* --8<-- [end:interpolate] */

/* --8<-- [start:add_type] */
/* Makes a type, keeps it, and shows it in the module if `name` is not NULL. Returns 0, or -1 with an exception. */
static int
add_type(HPyContext *ctx, HPy module, HPyGlobal *global, const char *name, HPyType_Spec *spec)
{
    HPy type = HPyType_FromSpec(ctx, spec, NULL);
    if (HPy_IsNull(type)) {
        return -1;
    }
    HPyGlobal_Store(ctx, global, type);
    int failed = name == NULL ? 0 : HPy_SetAttr_s(ctx, module, name, type);
    HPy_Close(ctx, type);
    return failed;
}
/* --8<-- [end:add_type] */

HPyDef_SLOT(execute, HPy_mod_exec)
static int execute_impl(HPyContext *ctx, HPy module)
{
    if (add_type(ctx, module, &vector_type, "Vector", &vector_spec) < 0 ||
        add_type(ctx, module, &iterator_type, NULL, &iterator_spec) < 0) {
        return -1;
    }
    HPy error = HPyErr_NewExceptionWithDoc(ctx, "vector._vector.DimensionError", "Two vectors do not fit together.",
                                           ctx->h_ValueError, HPy_NULL);
    if (HPy_IsNull(error)) {
        return -1;
    }
    HPyGlobal_Store(ctx, &dimension_error, error);
    int failed = HPy_SetAttr_s(ctx, module, "DimensionError", error);
    HPy_Close(ctx, error);
    return failed;
}

/* --8<-- [start:definition] */
HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)
HPyDef_MOD_MULTIPLE_INTERPRETERS(interpreters, HPy_MOD_MULTIPLE_INTERPRETERS_SUPPORTED)

static HPyDef *defines[] = {&interpolate, &execute, &gil, &interpreters, NULL};
static HPyGlobal *globals[] = {&vector_type, &iterator_type, &dimension_error, NULL};

static HPyModuleDef definition = {
    .doc = "Vectors of doubles.",
    .defines = defines,
    .globals = globals,
};

HPy_MODINIT(_vector, definition)
/* --8<-- [end:definition] */
