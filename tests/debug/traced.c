/* What the trace mode is tested with: each function makes a few calls that are known. */
#include <hpy.h>
#include <pthread.h>

HPyDef_METH(add, "add", HPyFunc_VARARGS)
static HPy add_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    if (nargs != 2)
        return HPyErr_SetString(ctx, ctx->h_TypeError, "expected two arguments");
    return HPy_Add(ctx, args[0], args[1]);
}

HPyDef_METH(call, "call", HPyFunc_O)
static HPy call_impl(HPyContext *ctx, HPy self, HPy function)
{
    (void)self;
    return HPy_CallTupleDict(ctx, function, HPy_NULL, HPy_NULL);
}

HPyDef_METH(fail, "fail", HPyFunc_NOARGS, .doc = "Makes a call with an exception pending.")
static HPy fail_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    HPyErr_SetString(ctx, ctx->h_KeyError, "expected");
    if (!HPyErr_ExceptionMatches(ctx, ctx->h_KeyError))
        HPyErr_Clear(ctx);
    return HPy_NULL;
}

static HPyContext *context;

static void *enter(void *unused)
{
    (void)unused;
    HPyThreadAttachment attachment;
    if (HPyThread_Attach(context, &attachment) == 0) {
        HPy_Close(context, HPyFloat_FromDouble(context, 0.5));
        HPyThread_Detach(context, attachment);
    }
    return NULL;
}

HPyDef_METH(threads, "threads", HPyFunc_NOARGS, .doc = "Leaves Python, and comes in by another thread.")
static HPy threads_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    pthread_t thread;
    context = ctx;
    HPyThreadState state = HPy_LeavePythonExecution(ctx);
    void *memory = HPyMem_RawMalloc(ctx, 100);
    int failed = memory == NULL || pthread_create(&thread, NULL, enter, NULL);
    if (!failed)
        pthread_join(thread, NULL);
    HPyMem_RawFree(ctx, memory);
    HPy_ReenterPythonExecution(ctx, state);
    if (failed)
        return HPyErr_SetString(ctx, ctx->h_RuntimeError, "no thread");
    return HPy_Dup(ctx, ctx->h_None);
}

static HPyDef *defines[] = {&add, &call, &fail, &threads, NULL};
static HPyModuleDef definition = {.doc = "Known calls.", .defines = defines};
HPy_MODINIT(traced, definition)
