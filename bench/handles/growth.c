/* Handles by the million: what the growth of a program costs. */
#include <hpy.h>

/* hold(object, count): makes `count` handles of the object, all open at once, and closes them. */
HPyDef_METH(hold, "hold", HPyFunc_VARARGS)
static HPy hold_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    if (nargs != 2) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "an object and a count are expected");
        return HPy_NULL;
    }
    HPy_ssize_t count = HPyLong_AsSsize_t(ctx, args[1]);
    if (count < 0) {
        if (!HPyErr_Occurred(ctx)) {
            HPyErr_SetString(ctx, ctx->h_ValueError, "the count must not be negative");
        }
        return HPy_NULL;
    }
    HPy *held = (HPy *)HPyMem_Malloc(ctx, (size_t)count * sizeof(HPy));
    if (held == NULL) {
        return HPyErr_NoMemory(ctx);
    }
    for (HPy_ssize_t index = 0; index < count; index++) {
        held[index] = HPy_Dup(ctx, args[0]);
    }
    for (HPy_ssize_t index = 0; index < count; index++) {
        HPy_Close(ctx, held[index]);
    }
    HPyMem_Free(ctx, held);
    return HPy_Dup(ctx, ctx->h_None);
}

/* work(count): makes and closes `count` objects that no other thread sees. */
HPyDef_METH(work, "work", HPyFunc_O)
static HPy work_impl(HPyContext *ctx, HPy self, HPy arg)
{
    (void)self;
    HPy_ssize_t count = HPyLong_AsSsize_t(ctx, arg);
    if (count == -1 && HPyErr_Occurred(ctx)) {
        return HPy_NULL;
    }
    for (HPy_ssize_t index = 0; index < count; index++) {
        HPy number = HPyLong_FromSsize_t(ctx, 1000 + index);
        if (HPy_IsNull(number)) {
            return HPy_NULL;
        }
        HPy tuple = HPyTuple_FromArray(ctx, &number, 1);
        HPy_Close(ctx, number);
        if (HPy_IsNull(tuple)) {
            return HPy_NULL;
        }
        HPy_Close(ctx, tuple);
    }
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)

static HPyDef *defines[] = {&hold, &work, &gil, NULL};

static HPyModuleDef definition = {.doc = "What growth costs.", .defines = defines};

HPy_MODINIT(growth, definition)
