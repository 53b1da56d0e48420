/* One function for each mistake that the debug mode finds. */
#include <hpy.h>
#include <pthread.h>
#include <string.h>

static HPy none(HPyContext *ctx)
{
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(leak, "leak", HPyFunc_O, .doc = "Forgets two handles of its argument.")
static HPy leak_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    HPy_Dup(ctx, object);
    HPyUnicode_FromString(ctx, "forgotten");
    return none(ctx);
}

HPyDef_METH(leak_with_exception, "leak_with_exception", HPyFunc_O, .doc = "Forgets two handles while an exception is pending.")
static HPy leak_with_exception_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    HPyErr_SetString(ctx, ctx->h_KeyError, "overlooked");
    HPy_Dup(ctx, object);
    HPyUnicode_FromString(ctx, "forgotten");
    return HPy_NULL;
}

HPyDef_METH(context, "context", HPyFunc_NOARGS, .doc = "The name of the context.")
static HPy context_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyUnicode_FromString(ctx, ctx->name);
}

HPyDef_METH(use_after_close, "use_after_close", HPyFunc_O)
static HPy use_after_close_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    HPy kept = HPy_Dup(ctx, object);
    HPy_Close(ctx, kept);
    return HPy_Repr(ctx, kept);
}

HPyDef_METH(close_twice, "close_twice", HPyFunc_O)
static HPy close_twice_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    HPy kept = HPy_Dup(ctx, object);
    HPy_Close(ctx, kept);
    HPy_Close(ctx, kept);
    return none(ctx);
}

HPyDef_METH(close_argument, "close_argument", HPyFunc_O)
static HPy close_argument_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    HPy_Close(ctx, object);
    return none(ctx);
}

HPyDef_METH(return_argument, "return_argument", HPyFunc_O)
static HPy return_argument_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)ctx;
    (void)self;
    return object;
}

HPyDef_METH(return_constant, "return_constant", HPyFunc_NOARGS)
static HPy return_constant_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return ctx->h_None;
}

HPyDef_METH(no_handle, "no_handle", HPyFunc_NOARGS)
static HPy no_handle_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    HPy wrong = {._i = 24};
    return HPy_Repr(ctx, wrong);
}

static HPyContext *kept_context;
static HPy kept_handle;

HPyDef_METH(keep_context, "keep_context", HPyFunc_NOARGS)
static HPy keep_context_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    kept_context = ctx;
    return none(ctx);
}

HPyDef_METH(use_kept_context, "use_kept_context", HPyFunc_NOARGS)
static HPy use_kept_context_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    (void)ctx;
    return HPyLong_FromLong(kept_context, 1);
}

HPyDef_METH(keep_context_and_call, "keep_context_and_call", HPyFunc_O)
static HPy keep_context_and_call_impl(HPyContext *ctx, HPy self, HPy function)
{
    (void)self;
    kept_context = ctx;
    return HPy_CallTupleDict(ctx, function, HPy_NULL, HPy_NULL);
}

HPyDef_METH(use_context_away, "use_context_away", HPyFunc_NOARGS)
static HPy use_context_away_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    HPyThreadState state = HPy_LeavePythonExecution(ctx);
    HPy number = HPyLong_FromLong(ctx, 1);
    HPy_ReenterPythonExecution(ctx, state);
    return number;
}

static void *use_context(void *unused)
{
    (void)unused;
    HPyErr_Occurred(kept_context);
    return NULL;
}

static void *use_handle(void *unused)
{
    (void)unused;
    HPyThreadAttachment attachment;
    if (HPyThread_Attach(kept_context, &attachment) == 0) {
        HPy_Close(kept_context, HPy_Repr(kept_context, kept_handle));
        HPyThread_Detach(kept_context, attachment);
    }
    return NULL;
}

static HPy in_thread(HPyContext *ctx, void *(*function)(void *))
{
    pthread_t thread;
    kept_context = ctx;
    HPyThreadState state = HPy_LeavePythonExecution(ctx);
    int failed = pthread_create(&thread, NULL, function, NULL);
    if (!failed)
        pthread_join(thread, NULL);
    HPy_ReenterPythonExecution(ctx, state);
    if (failed)
        return HPyErr_SetString(ctx, ctx->h_RuntimeError, "no thread");
    return none(ctx);
}

HPyDef_METH(context_in_thread, "context_in_thread", HPyFunc_NOARGS)
static HPy context_in_thread_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return in_thread(ctx, use_context);
}

HPyDef_METH(handle_in_thread, "handle_in_thread", HPyFunc_O)
static HPy handle_in_thread_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    kept_handle = object;
    return in_thread(ctx, use_handle);
}

HPyDef_METH(read_after_close, "read_after_close", HPyFunc_O)
static HPy read_after_close_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    HPy kept = HPy_Str(ctx, object);
    const char *text = HPyUnicode_AsUTF8AndSize(ctx, kept, NULL);
    HPy_Close(ctx, kept);
    return HPyLong_FromLong(ctx, text[0]);
}

HPyDef_METH(write_borrowed, "write_borrowed", HPyFunc_O)
static HPy write_borrowed_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    char *text = (char *)HPyUnicode_AsUTF8AndSize(ctx, object, NULL);
    text[0] = '!';
    return none(ctx);
}

HPyDef_METH(read_name, "read_name", HPyFunc_O, .doc = "The name of a type: no mistake.")
static HPy read_name_impl(HPyContext *ctx, HPy self, HPy type)
{
    (void)self;
    return HPyUnicode_FromString(ctx, HPyType_GetName(ctx, type));
}

HPyDef_METH(build_twice, "build_twice", HPyFunc_O)
static HPy build_twice_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    HPyTupleBuilder builder = HPyTupleBuilder_New(ctx, 1);
    HPyTupleBuilder_Set(ctx, builder, 0, object);
    HPy_Close(ctx, HPyTupleBuilder_Build(ctx, builder));
    return HPyTupleBuilder_Build(ctx, builder);
}

HPyDef_METH(set_after_cancel, "set_after_cancel", HPyFunc_O)
static HPy set_after_cancel_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    HPyListBuilder builder = HPyListBuilder_New(ctx, 1);
    HPyListBuilder_Cancel(ctx, builder);
    HPyListBuilder_Set(ctx, builder, 0, object);
    return none(ctx);
}

HPyDef_METH(forget_builder, "forget_builder", HPyFunc_NOARGS)
static HPy forget_builder_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    HPyTupleBuilder_New(ctx, 1);
    return none(ctx);
}

HPyDef_METH(call_with_exception, "call_with_exception", HPyFunc_O)
static HPy call_with_exception_impl(HPyContext *ctx, HPy self, HPy function)
{
    (void)self;
    HPyErr_SetString(ctx, ctx->h_KeyError, "overlooked");
    return HPy_CallTupleDict(ctx, function, HPy_NULL, HPy_NULL);
}

HPyDef_METH(return_with_exception, "return_with_exception", HPyFunc_NOARGS)
static HPy return_with_exception_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    HPyErr_SetString(ctx, ctx->h_KeyError, "overlooked");
    return none(ctx);
}

HPyDef_METH(return_null, "return_null", HPyFunc_NOARGS)
static HPy return_null_impl(HPyContext *ctx, HPy self)
{
    (void)ctx;
    (void)self;
    return HPy_NULL;
}

HPyDef_METH(wrong_type_check, "wrong_type_check", HPyFunc_O)
static HPy wrong_type_check_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    return HPyBool_FromBool(ctx, HPy_TypeCheck(ctx, object, object));
}

HPyDef_METH(load_null_field, "load_null_field", HPyFunc_O)
static HPy load_null_field_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    return HPyField_Load(ctx, object, HPyField_NULL);
}

static HPyGlobal undeclared;
HPyDef_METH(load_undeclared_global, "load_undeclared_global", HPyFunc_NOARGS)
static HPy load_undeclared_global_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyGlobal_Load(ctx, undeclared);
}

HPyDef_METH(load_spoiled_global, "load_spoiled_global", HPyFunc_NOARGS)
static HPy load_spoiled_global_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    HPyGlobal spoiled;
    memset(&spoiled, 0x55, sizeof(spoiled));
    return HPyGlobal_Load(ctx, spoiled);
}

HPyDef_METH(store_spoiled_global, "store_spoiled_global", HPyFunc_O)
static HPy store_spoiled_global_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    HPyGlobal spoiled;
    memset(&spoiled, 0x55, sizeof(spoiled));
    HPyGlobal_Store(ctx, &spoiled, object);
    return HPyGlobal_Load(ctx, spoiled);
}

static HPyGlobal declared;
HPyDef_METH(swap_global, "swap_global", HPyFunc_O, .doc = "Stores an object, and gives what was stored before: no mistake.")
static HPy swap_global_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    HPy before = HPyGlobal_Load(ctx, declared);
    HPyGlobal_Store(ctx, &declared, object);
    return HPy_IsNull(before) ? none(ctx) : before;
}

typedef struct {
    HPyField kept;
} State;

HPyDef_SLOT(state_traverse, HPy_mod_traverse)
static int state_traverse_impl(void *state, HPyFunc_visitproc visit, void *arg)
{
    HPy_VISIT(&((State *)state)->kept);
    return 0;
}

HPyDef_METH(keep, "keep", HPyFunc_O, .doc = "Keeps an object in the module's state, and gives it back: no mistake.")
static HPy keep_impl(HPyContext *ctx, HPy self, HPy object)
{
    State *state = HPyModule_GetState(ctx, self);
    HPyField_Store(ctx, self, &state->kept, object);
    return HPyField_Load(ctx, self, state->kept);
}

HPyDef_METH(load_spoiled_state, "load_spoiled_state", HPyFunc_NOARGS)
static HPy load_spoiled_state_impl(HPyContext *ctx, HPy self)
{
    HPyField spoiled;
    memset(&spoiled, 0x55, sizeof(spoiled));
    return HPyField_Load(ctx, self, spoiled);
}

typedef struct {
    HPyField held;
    HPyField shown;
    long number;
} Thing;
HPyType_HELPERS(Thing)

HPyDef_SLOT(Thing_new, HPy_tp_new)
static HPy Thing_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    (void)args;
    (void)nargs;
    (void)kw;
    Thing *thing;
    return HPy_New(ctx, cls, &thing);
}

HPyDef_SLOT(Thing_traverse, HPy_tp_traverse)
static int Thing_traverse_impl(void *self, HPyFunc_visitproc visit, void *arg)
{
    HPy_VISIT(&((Thing *)self)->held);
    HPy_VISIT(&((Thing *)self)->shown);
    return 0;
}

/* An attribute of Python stores in a field past the context. */
HPyDef_MEMBER(Thing_shown, "shown", HPyMember_OBJECT, offsetof(Thing, shown))

HPyDef_METH(Thing_show, "show", HPyFunc_O, .doc = "Shows an object; gives what was shown before: no mistake.")
static HPy Thing_show_impl(HPyContext *ctx, HPy self, HPy object)
{
    Thing *thing = Thing_AsStruct(ctx, self);
    HPy before = HPyField_IsNull(thing->shown) ? none(ctx) : HPyField_Load(ctx, self, thing->shown);
    HPyField_Store(ctx, self, &thing->shown, object);
    return before;
}

HPyDef_METH(Thing_hold, "hold", HPyFunc_O, .doc = "Holds an object; gives what was held before, which may be nothing.")
static HPy Thing_hold_impl(HPyContext *ctx, HPy self, HPy object)
{
    Thing *thing = Thing_AsStruct(ctx, self);
    HPy before = HPyField_IsNull(thing->held) ? none(ctx) : HPyField_Load(ctx, self, thing->held);
    HPyField_Store(ctx, self, &thing->held, object);
    return before;
}

HPyDef_METH(Thing_load, "load", HPyFunc_NOARGS, .doc = "Loads the field without a look at it.")
static HPy Thing_load_impl(HPyContext *ctx, HPy self)
{
    return HPyField_Load(ctx, self, Thing_AsStruct(ctx, self)->held);
}

HPyDef_METH(Thing_store, "store", HPyFunc_O, .doc = "Stores an object in the field without a look at it.")
static HPy Thing_store_impl(HPyContext *ctx, HPy self, HPy object)
{
    HPyField_Store(ctx, self, &Thing_AsStruct(ctx, self)->held, object);
    return none(ctx);
}

HPyDef_METH(Thing_clear, "clear", HPyFunc_NOARGS, .doc = "Whether the field held something that was let go.")
static HPy Thing_clear_impl(HPyContext *ctx, HPy self)
{
    return HPyBool_FromBool(ctx, HPyField_Clear(ctx, self, &Thing_AsStruct(ctx, self)->held));
}

HPyDef_METH(Thing_spoil, "spoil", HPyFunc_NOARGS, .doc = "Does as if the field were in memory that was never set.")
static HPy Thing_spoil_impl(HPyContext *ctx, HPy self)
{
    memset(&Thing_AsStruct(ctx, self)->held, 0x55, sizeof(HPyField));
    return none(ctx);
}

HPyDef_METH(Thing_load_late, "load_late", HPyFunc_O, .doc = "Stores an object, and loads what the field held before that.")
static HPy Thing_load_late_impl(HPyContext *ctx, HPy self, HPy object)
{
    Thing *thing = Thing_AsStruct(ctx, self);
    HPyField before = thing->held;
    HPyField_Store(ctx, self, &thing->held, object);
    return HPyField_Load(ctx, self, before);
}

HPyDef_METH(Thing_move, "move", HPyFunc_NOARGS, .doc = "Moves the field, and loads it: no mistake.")
static HPy Thing_move_impl(HPyContext *ctx, HPy self)
{
    Thing *thing = Thing_AsStruct(ctx, self);
    HPyField moved = thing->held;
    thing->held = HPyField_NULL;
    HPy held = HPyField_Load(ctx, self, moved);
    thing->held = moved;
    return held;
}

static HPyDef *Thing_defines[] = {&Thing_new, &Thing_traverse, &Thing_hold, &Thing_load, &Thing_store, &Thing_clear,
                                  &Thing_spoil, &Thing_load_late, &Thing_move, &Thing_shown, &Thing_show, NULL};
static HPyType_Spec Thing_spec = {
    .name = "mistakes.Thing",
    .basicsize = sizeof(Thing),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC,
    .builtin_shape = SHAPE(Thing),
    .defines = Thing_defines,
};

HPyDef_METH(wrong_struct, "wrong_struct", HPyFunc_O, .doc = "Takes its argument for a float's struct.")
static HPy wrong_struct_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    return HPyBool_FromBool(ctx, _HPy_AsStruct_Float(ctx, object) != NULL);
}

HPyDef_SLOT(execute, HPy_mod_exec)
static int execute_impl(HPyContext *ctx, HPy module)
{
    HPy class = HPyType_FromSpec(ctx, &Thing_spec, NULL);
    if (HPy_IsNull(class))
        return -1;
    int status = HPy_SetAttr_s(ctx, module, "Thing", class);
    HPy_Close(ctx, class);
    return status;
}

static HPyDef *defines[] = {
    &execute, &leak, &leak_with_exception, &context, &use_after_close, &close_twice, &close_argument, &return_argument, &return_constant,
    &no_handle, &keep_context, &use_kept_context, &keep_context_and_call, &use_context_away, &context_in_thread,
    &handle_in_thread, &read_after_close, &write_borrowed, &read_name, &build_twice, &set_after_cancel, &forget_builder,
    &call_with_exception, &return_with_exception, &return_null, &wrong_type_check, &load_null_field,
    &load_undeclared_global, &load_spoiled_global, &store_spoiled_global, &swap_global, &state_traverse, &keep,
    &load_spoiled_state, &wrong_struct, NULL,
};
static HPyGlobal *globals[] = {&declared, NULL};
static HPyModuleDef definition = {.doc = "Mistakes.", .size = sizeof(State), .defines = defines, .globals = globals};
HPy_MODINIT(mistakes, definition)
