/* A module for handles: what cardan.load is tested with. */
#include <hpy.h>

HPyDef_METH(area, "area", HPyFunc_VARARGS, .doc = "The area of a rectangle.")
static HPy area_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    long width, height;
    if (!HPyArg_Parse(ctx, NULL, args, nargs, "ll", &width, &height))
        return HPy_NULL;
    return HPyLong_FromLong(ctx, width * height);
}

HPyDef_METH(context, "context", HPyFunc_NOARGS, .doc = "The name of the context.")
static HPy context_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyUnicode_FromString(ctx, ctx->name);
}

HPyDef_METH(leak, "leak", HPyFunc_O, .doc = "Forgets a handle of its argument.")
static HPy leak_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    HPy_Dup(ctx, object);
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(close_twice, "close_twice", HPyFunc_O, .doc = "Closes a handle twice.")
static HPy close_twice_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    HPy copy = HPy_Dup(ctx, object);
    HPy_Close(ctx, copy);
    HPy_Close(ctx, copy);
    return HPy_Dup(ctx, ctx->h_None);
}

static HPyDef *defines[] = {&area, &context, &leak, &close_twice, NULL};
static HPyModuleDef definition = {.doc = "Areas.", .defines = defines};
HPy_MODINIT(shapes, definition)
