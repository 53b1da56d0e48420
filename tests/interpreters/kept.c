/* What a module keeps and what its context gives, in one interpreter or another, in threads, and after its interpreter. */
#include <hpy.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static HPyGlobal kept;

HPyDef_METH(builtins, "builtins", HPyFunc_NOARGS, .doc = "What the context has for the dict of the built-in names.")
static HPy builtins_impl(HPyContext *ctx, HPy self)
{
    return HPy_Dup(ctx, ctx->h_Builtins);
}

HPyDef_METH(store, "store", HPyFunc_O)
static HPy store_impl(HPyContext *ctx, HPy self, HPy value)
{
    HPyGlobal_Store(ctx, &kept, value);
    return HPy_Dup(ctx, ctx->h_None);
}

static HPy loaded(HPyContext *ctx)
{
    HPy value = HPyGlobal_Load(ctx, kept);
    return HPy_IsNull(value) ? HPy_Dup(ctx, ctx->h_Ellipsis) : value;
}

HPyDef_METH(load, "load", HPyFunc_NOARGS, .doc = "What was stored in this interpreter, or an ellipsis.")
static HPy load_impl(HPyContext *ctx, HPy self)
{
    return loaded(ctx);
}

/* Objects that hold one another; how many there are. */

typedef struct {
    HPyField next;
} Link;

HPyType_HELPERS(Link)

static atomic_int links;

HPyDef_SLOT(Link_new, HPy_tp_new)
static HPy Link_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    Link *link;
    HPy self = HPy_New(ctx, cls, &link);
    if (HPy_IsNull(self)) {
        return HPy_NULL;
    }
    atomic_fetch_add(&links, 1);
    if (nargs > 0) {
        HPyField_Store(ctx, self, &link->next, args[0]);
    }
    return self;
}

HPyDef_SLOT(Link_traverse, HPy_tp_traverse)
static int Link_traverse_impl(void *link, HPyFunc_visitproc visit, void *arg)
{
    HPy_VISIT(&((Link *)link)->next);
    return 0;
}

HPyDef_SLOT(Link_destroy, HPy_tp_destroy)
static void Link_destroy_impl(void *link)
{
    atomic_fetch_sub(&links, 1);
}

static HPyDef *Link_defines[] = {&Link_new, &Link_traverse, &Link_destroy, NULL};
static HPyType_Spec Link_spec = {
    .name = "kept.Link",
    .basicsize = sizeof(Link),
    .builtin_shape = SHAPE(Link),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_HAVE_GC,
    .defines = Link_defines,
};

HPyDef_METH(count, "count", HPyFunc_NOARGS, .doc = "How many links there are, in all interpreters.")
static HPy count_impl(HPyContext *ctx, HPy self)
{
    return HPyLong_FromLong(ctx, atomic_load(&links));
}

/* Threads that Python did not start. */

static void *call_kept(void *data)
{
    HPyContext *ctx = data;
    HPyThreadAttachment attachment;
    if (HPyThread_Attach(ctx, &attachment) < 0) {
        return NULL;
    }
    HPy function = loaded(ctx);
    HPy result = HPy_CallTupleDict(ctx, function, HPy_NULL, HPy_NULL);
    if (HPy_IsNull(result)) {
        HPyErr_Print(ctx);
    } else {
        HPy_Close(ctx, result);
    }
    HPy_Close(ctx, function);
    HPyThread_Detach(ctx, attachment);
    return ctx;
}

HPyDef_METH(call_in_thread, "call_in_thread", HPyFunc_NOARGS, .doc = "Calls what was stored, in a thread of C's. Whether it got in.")
static HPy call_in_thread_impl(HPyContext *ctx, HPy self)
{
    pthread_t thread;
    void *got_in = NULL;
    if (pthread_create(&thread, NULL, call_kept, ctx) != 0) {
        HPyErr_SetString(ctx, ctx->h_RuntimeError, "there is no thread to be had");
        return HPy_NULL;
    }
    HPyThreadState state = HPy_LeavePythonExecution(ctx);
    pthread_join(thread, &got_in);
    HPy_ReenterPythonExecution(ctx, state);
    return HPyBool_FromBool(ctx, got_in != NULL);
}

static atomic_int refused;

static void *come_until_refused(void *data)
{
    HPyContext *ctx = data;
    HPyThreadAttachment attachment;
    while (HPyThread_Attach(ctx, &attachment) == 0) {
        HPyThread_Detach(ctx, attachment);
        usleep(100);
    }
    atomic_fetch_add(&refused, 1);
    return NULL;
}

HPyDef_METH(visit, "visit", HPyFunc_NOARGS, .doc = "Starts a thread of C's that comes and goes until it is refused.")
static HPy visit_impl(HPyContext *ctx, HPy self)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, come_until_refused, ctx) != 0) {
        HPyErr_SetString(ctx, ctx->h_RuntimeError, "there is no thread to be had");
        return HPy_NULL;
    }
    pthread_detach(thread);
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(refusals, "refusals", HPyFunc_NOARGS, .doc = "How many threads were refused, in all interpreters.")
static HPy refusals_impl(HPyContext *ctx, HPy self)
{
    return HPyLong_FromLong(ctx, atomic_load(&refused));
}

/* A handle that is left open. */

HPyDef_METH(leak, "leak", HPyFunc_O)
static HPy leak_impl(HPyContext *ctx, HPy self, HPy value)
{
    HPy_Dup(ctx, value);
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(close_twice, "close_twice", HPyFunc_O)
static HPy close_twice_impl(HPyContext *ctx, HPy self, HPy value)
{
    HPy copy = HPy_Dup(ctx, value);
    HPy_Close(ctx, copy);
    HPy_Close(ctx, copy);
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_SLOT(execute, HPy_mod_exec)
static int execute_impl(HPyContext *ctx, HPy module)
{
    return HPyHelpers_AddType(ctx, module, "Link", &Link_spec, NULL) ? 0 : -1;
}

HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)
HPyDef_MOD_MULTIPLE_INTERPRETERS(interpreters, HPy_MOD_PER_INTERPRETER_GIL_SUPPORTED)

static HPyGlobal *globals[] = {&kept, NULL};
static HPyDef *defines[] = {
    &builtins, &store, &load, &count, &call_in_thread, &visit, &refusals, &leak, &close_twice, &execute, &gil, &interpreters, NULL,
};
static HPyModuleDef definition = {.doc = "What is kept.", .defines = defines, .globals = globals};

HPy_MODINIT(kept, definition)
