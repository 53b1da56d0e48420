/* Threads that Python did not start. */
#include "conformance.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

/* What the thread calls, set while it runs. */
static HPyGlobal callback;
static HPyContext *context;
static atomic_int refused, entered;

static void *call_once(void *wanted)
{
    HPyThreadAttachment attachment, nested;
    intptr_t times = (intptr_t)wanted;
    for (intptr_t i = 0; i < times; i++) {
        if (HPyThread_Attach(context, &attachment) < 0) {
            refused++;
            return NULL;
        }
        entered++;
        if (HPyThread_Attach(context, &nested) == 0) {
            HPyThread_Detach(context, nested);
        }
        HPy function = HPyGlobal_Load(context, callback);
        HPy result = HPy_CallNoArgs(context, function);
        if (HPy_IsNull(result)) {
            HPyErr_WriteUnraisable(context, function);
        }
        HPy_Close(context, result);
        HPy_Close(context, function);
        HPyThread_Detach(context, attachment);
    }
    return NULL;
}

/* Starts a number of threads that each call a function that often, and waits for them. */
CASE(HPyThread_Attach, 3)
{
    enum { MOST = 16 };
    pthread_t threads[MOST];
    HPy_ssize_t count = size_of(ctx, a[1]), times = size_of(ctx, a[2]);
    context = ctx;
    if (count > MOST) {
        count = MOST;
    }
    HPyGlobal_Store(ctx, &callback, a[0]);
    HPyThreadState state = HPy_LeavePythonExecution(ctx);
    int failed = 0;
    for (HPy_ssize_t i = 0; i < count; i++) {
        failed |= pthread_create(&threads[i], NULL, call_once, (void *)times);
    }
    for (HPy_ssize_t i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    HPy_ReenterPythonExecution(ctx, state);
    return failed ? HPyErr_SetString(ctx, ctx->h_RuntimeError, "no thread") : none(ctx);
}

/* Attaches a thread that is attached already. */
CASE(HPyThread_Detach, 0)
{
    HPyThreadAttachment attachment;
    (void)a;
    if (HPyThread_Attach(ctx, &attachment) < 0) {
        return HPyErr_SetString(ctx, ctx->h_RuntimeError, "refused");
    }
    HPy h = HPyLong_FromInt32_t(ctx, 7);
    HPyThread_Detach(ctx, attachment);
    return h;
}

static void *go_on(void *unused)
{
    (void)unused;
    for (;;) {
        HPyThreadAttachment attachment;
        if (HPyThread_Attach(context, &attachment) < 0) {
            static const char words[] = "refused at the end\n";
            return write(1, words, sizeof(words) - 1) < 0 ? NULL : context;
        }
        HPy function = HPyGlobal_Load(context, callback);
        HPy result = HPy_CallNoArgs(context, function);
        HPy_Close(context, result);
        HPy_Close(context, function);
        HPyThread_Detach(context, attachment);
    }
}

static pthread_t going_on;

static void wait_for_it(void)
{
    pthread_join(going_on, NULL);
}

/* Starts a thread that goes on calling until it is refused; the process waits for that at its very end. */
CASE(call_until_the_end, 1)
{
    context = ctx;
    HPyGlobal_Store(ctx, &callback, a[0]);
    if (pthread_create(&going_on, NULL, go_on, NULL) != 0 || atexit(wait_for_it) != 0) {
        return HPyErr_SetString(ctx, ctx->h_RuntimeError, "no thread");
    }
    return none(ctx);
}

/* Leaves Python while it waits, so that other threads run. */
CASE(HPy_LeavePythonExecution, 1)
{
    unsigned milliseconds = (unsigned)size_of(ctx, a[0]);
    HPy_BEGIN_LEAVE_PYTHON(ctx);
    usleep(milliseconds * 1000);
    HPy_END_LEAVE_PYTHON(ctx);
    return none(ctx);
}

CASE(counts, 0)
{
    (void)a;
    return outcome(ctx, entered, HPyLong_FromInt32_t(ctx, refused));
}

HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)

#define CASES(X)                                                                                                             \
    X(OWN, HPyThread_Attach) X(OWN, HPyThread_Detach) X(OWN, call_until_the_end) X(OWN, HPy_LeavePythonExecution)            \
    X(OWN, counts)

CASES(DEFINE)
static HPyDef *defines[] = {CASES(LISTED) & gil, NULL};
static HPyGlobal *globals[] = {&callback, NULL};
static HPyModuleDef definition = {.doc = "Cases of threads.", .defines = defines, .globals = globals};
HPy_MODINIT(cases_threads, definition)
