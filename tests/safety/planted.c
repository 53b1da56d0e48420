/* Faults on purpose, so that it is seen that they are found. */
#include <hpy.h>
#include <stdlib.h>

HPyDef_METH(overrun, "overrun", HPyFunc_O)
static HPy overrun_impl(HPyContext *ctx, HPy self, HPy arg)
{
    size_t size = HPyLong_AsSize_t(ctx, arg);
    volatile unsigned char *memory = malloc(size);
    int value = memory ? memory[size] : 0;
    free((void *)memory);
    return HPyLong_FromInt32_t(ctx, value != 77);
}

HPyDef_METH(overflow, "overflow", HPyFunc_O)
static HPy overflow_impl(HPyContext *ctx, HPy self, HPy arg)
{
    int32_t number = HPyLong_AsInt32_t(ctx, arg);
    return HPyLong_FromInt32_t(ctx, number + 1);
}

/* The runtime reads what was given back. */
HPyDef_METH(late_tracker, "late_tracker", HPyFunc_O)
static HPy late_tracker_impl(HPyContext *ctx, HPy self, HPy arg)
{
    HPyTracker tracker = HPyTracker_New(ctx, 4);
    HPyTracker_Close(ctx, tracker);
    HPyTracker_Add(ctx, tracker, arg);
    return HPy_Dup(ctx, ctx->h_None);
}

static HPyDef *defines[] = {&overrun, &overflow, &late_tracker, NULL};
static HPyModuleDef definition = {.defines = defines};
HPy_MODINIT(planted, definition)
