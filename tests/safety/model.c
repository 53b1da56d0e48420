/* Random calls of the context, each checked against a model in C. `run(seed, calls)` makes at least that many. */
#include "model.h"

#include <stddef.h>

typedef struct {
    int64_t number;
    HPyField field;
} Own;
HPyType_HELPERS(Own)

/* How many objects of our type there are. */
static long live;
static HPyGlobal own_type;
static HPyGlobal kept[GLOBALS];

bool fail(Run *run, const char *file, int line, const char *condition)
{
    const char *name = strrchr(file, '/');
    snprintf(run->problem, sizeof(run->problem), "%s:%d: not so: %s; after %s", name ? name + 1 : file, line, condition, run->last);
    return false;
}

uint64_t below(Run *run, uint64_t bound)
{
    uint64_t z = (run->random += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % bound;
}

int64_t any_number(Run *run)
{
    switch (below(run, 8)) {
    case 0: return (int64_t)(below(run, UINT64_MAX) >> below(run, 60));
    case 1: return -(int64_t)(below(run, INT64_MAX) >> below(run, 60));
    case 2: return (int64_t)below(run, 8) - 4;
    default: return (int64_t)below(run, 2000) - 1000;
    }
}

bool raised(Run *run, HPy type)
{
    HPyContext *ctx = run->ctx;
    bool right = CALL(HPyErr_Occurred(ctx)) && CALL(HPyErr_ExceptionMatches(ctx, type));
    if (right)
        CALL(HPyErr_Clear(ctx));
    return right;
}

bool is_number(Run *run, HPy h, int64_t value)
{
    HPyContext *ctx = run->ctx;
    if (HPy_IsNull(h))
        return false;
    int64_t found = CALL(HPyLong_AsInt64_t(ctx, h));
    bool right = found == value && !HPyErr_Occurred(ctx) && HPyLong_Check(ctx, h);
    CALL(HPy_Close(ctx, h));
    return right;
}

Entry *any(Run *run, enum kind kind)
{
    uint64_t first = below(run, POOL);
    for (uint64_t i = 0; i < POOL; i++) {
        Entry *entry = &run->pool[(first + i) % POOL];
        if (entry->kind == kind)
            return entry;
    }
    return NULL;
}

static void drop(Run *run, Entry *entry)
{
    if (entry->kind != EMPTY)
        CALL(HPy_Close(run->ctx, entry->h));
    memset(entry, 0, sizeof(*entry));
}

Entry *place(Run *run)
{
    Entry *entry = &run->pool[below(run, POOL)];
    drop(run, entry);
    return entry;
}

bool verify(Run *run, Entry *entry)
{
    HPyContext *ctx = run->ctx;
    switch (entry->kind) {
    case INT: EXPECT(CALL(HPyLong_AsInt64_t(ctx, entry->h)) == entry->is.number); return true;
    case FLOAT: EXPECT(CALL(HPyFloat_AsDouble(ctx, entry->h)) == entry->is.real); return true;
    case STR:
        EXPECT(CALL(HPyUnicode_Check(ctx, entry->h)));
        EXPECT(CALL(HPy_Length(ctx, entry->h)) == entry->is.text.length);
        for (int i = 0; i < entry->is.text.length; i++)
            EXPECT(CALL(HPyUnicode_ReadChar(ctx, entry->h, i)) == entry->is.text.characters[i]);
        return true;
    case BYTES:
        EXPECT(CALL(HPyBytes_Size(ctx, entry->h)) == entry->is.bytes.length);
        EXPECT(memcmp(CALL(HPyBytes_AsString(ctx, entry->h)), entry->is.bytes.data, (size_t)entry->is.bytes.length) == 0);
        return true;
    case LIST:
    case TUPLE:
        EXPECT(entry->kind == LIST ? CALL(HPyList_Check(ctx, entry->h)) : CALL(HPyTuple_Check(ctx, entry->h)));
        EXPECT(CALL(HPy_Length(ctx, entry->h)) == entry->is.list.length);
        for (int i = 0; i < entry->is.list.length; i++)
            EXPECT(is_number(run, CALL(HPy_GetItem_i(ctx, entry->h, i)), entry->is.list.items[i]));
        return true;
    case DICT: {
        EXPECT(CALL(HPyDict_Check(ctx, entry->h)));
        uint32_t seen = 0;
        HPy_ssize_t position = 0;
        HPy key, value;
        while (CALL(HPyDict_Next(ctx, entry->h, &position, &key, &value))) {
            int64_t number = CALL(HPyLong_AsInt64_t(ctx, key));
            CALL(HPy_Close(ctx, key));
            EXPECT(number >= 0 && number < KEYS);
            EXPECT(is_number(run, value, entry->is.dict.values[number]));
            seen |= 1u << number;
        }
        EXPECT(seen == entry->is.dict.present && !HPyErr_Occurred(ctx));
        return true;
    }
    case SET: EXPECT(CALL(HPy_Length(ctx, entry->h)) == __builtin_popcountll(entry->is.set)); return true;
    case OWN: return verify_own(run, entry);
    default: return true;
    }
}

HPyDef_SLOT(Own_new, HPy_tp_new)
static HPy Own_new_impl(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    Own *own;
    HPy h = HPy_New(ctx, type, &own);
    if (!HPy_IsNull(h))
        live++;
    return h;
}

HPyDef_SLOT(Own_traverse, HPy_tp_traverse)
static int Own_traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)
{
    HPy_VISIT(&((Own *)data)->field);
    return 0;
}

HPyDef_SLOT(Own_destroy, HPy_tp_destroy)
static void Own_destroy_impl(void *data)
{
    live--;
}

HPyDef_MEMBER(Own_number, "number", HPyMember_LONGLONG, offsetof(Own, number))

HPyDef_METH(Own_plus, "plus", HPyFunc_O)
static HPy Own_plus_impl(HPyContext *ctx, HPy self, HPy arg)
{
    HPy number = HPyLong_FromInt64_t(ctx, Own_AsStruct(ctx, self)->number);
    if (HPy_IsNull(number))
        return HPy_NULL;
    HPy sum = HPy_Add(ctx, number, arg);
    HPy_Close(ctx, number);
    return sum;
}

HPyDef_GETSET(Own_field, "field")
static HPy Own_field_get(HPyContext *ctx, HPy self, void *closure)
{
    Own *own = Own_AsStruct(ctx, self);
    if (HPyField_IsNull(own->field))
        return HPy_Dup(ctx, ctx->h_None);
    return HPyField_Load(ctx, self, own->field);
}
static int Own_field_set(HPyContext *ctx, HPy self, HPy value, void *closure)
{
    HPyField_Store(ctx, self, &Own_AsStruct(ctx, self)->field, value);
    return 0;
}

static HPyDef *own_defines[] = {&Own_new, &Own_traverse, &Own_destroy, &Own_number, &Own_plus, &Own_field, NULL};
static HPyType_Spec own_spec = {
    .name = "model.Own",
    .basicsize = sizeof(Own),
    .builtin_shape = SHAPE(Own),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_HAVE_GC | HPy_TPFLAGS_BASETYPE,
    .defines = own_defines,
};

bool verify_own(Run *run, Entry *entry)
{
    HPyContext *ctx = run->ctx;
    Own *own = Own_AsStruct(ctx, entry->h);
    EXPECT(own->number == entry->is.own.number);
    EXPECT(HPyField_IsNull(own->field) == !entry->is.own.has_field);
    if (entry->is.own.has_field && entry->is.own.field != INT64_MIN)
        EXPECT(is_number(run, CALL(HPyField_Load(ctx, entry->h, own->field)), entry->is.own.field));
    return true;
}

static bool use_own(Run *run)
{
    HPyContext *ctx = run->ctx;
    Entry *entry = any(run, OWN);
    int64_t number = any_number(run);
    if (!entry || below(run, 4) == 0) {
        HPy type = CALL(HPyGlobal_Load(ctx, own_type));
        HPy made = CALL(HPy_CallNoArgs(ctx, type));
        CALL(HPy_Close(ctx, type));
        EXPECT(!HPy_IsNull(made));
        entry = place(run);
        entry->kind = OWN;
        entry->h = made;
    }
    Own *own = Own_AsStruct(ctx, entry->h);
    switch (below(run, 7)) {
    case 0:
        own->number = entry->is.own.number = number;
        return true;
    case 1: {
        HPy h = CALL(HPyLong_FromInt64_t(ctx, number));
        int result = CALL(HPy_SetAttr_s(ctx, entry->h, "number", h));
        CALL(HPy_Close(ctx, h));
        EXPECT(result == 0 && own->number == number);
        entry->is.own.number = number;
        return true;
    }
    case 2: EXPECT(is_number(run, CALL(HPy_GetAttr_s(ctx, entry->h, "number")), entry->is.own.number)); return true;
    case 3: {
        HPy h = CALL(HPyLong_FromInt64_t(ctx, number));
        if (below(run, 2))
            CALL(HPyField_Store(ctx, entry->h, &own->field, h));
        else
            EXPECT(CALL(HPy_SetAttr_s(ctx, entry->h, "field", h)) == 0);
        CALL(HPy_Close(ctx, h));
        entry->is.own.has_field = true;
        entry->is.own.field = number;
        return true;
    }
    case 4: /* A cycle, for the collector. */
        if (!run->cycles)
            return true;
        CALL(HPyField_Store(ctx, entry->h, &own->field, entry->h));
        entry->is.own.has_field = true;
        entry->is.own.field = INT64_MIN;
        return true;
    case 5:
        CALL(HPyField_Store(ctx, entry->h, &own->field, HPy_NULL));
        entry->is.own.has_field = false;
        return true;
    default: {
        HPy args[] = {HPy_Dup(ctx, entry->h), CALL(HPyLong_FromInt64_t(ctx, 1))};
        HPy sum = CALL(HPy_CallMethod_s(ctx, "plus", args, 2, HPy_NULL));
        CALL(HPy_Close(ctx, args[0]));
        CALL(HPy_Close(ctx, args[1]));
        EXPECT(entry->is.own.number == INT64_MAX || is_number(run, sum, entry->is.own.number + 1));
        return true;
    }
    }
}

static bool use_globals(Run *run)
{
    HPyContext *ctx = run->ctx;
    int which = (int)below(run, GLOBALS);
    if (run->has_global[which])
        EXPECT(is_number(run, CALL(HPyGlobal_Load(ctx, kept[which])), run->globals[which]));
    run->globals[which] = any_number(run);
    HPy h = CALL(HPyLong_FromInt64_t(ctx, run->globals[which]));
    CALL(HPyGlobal_Store(ctx, &kept[which], h));
    CALL(HPy_Close(ctx, h));
    run->has_global[which] = true;
    return true;
}

static bool use_tracker(Run *run)
{
    HPyContext *ctx = run->ctx;
    HPyTracker tracker = CALL(HPyTracker_New(ctx, (HPy_ssize_t)below(run, 4)));
    EXPECT(!HPyTracker_IsNull(tracker));
    HPy kept_open[8];
    int count = (int)below(run, 8);
    for (int i = 0; i < count; i++) {
        kept_open[i] = CALL(HPyLong_FromInt64_t(ctx, 100000 + i));
        EXPECT(CALL(HPyTracker_Add(ctx, tracker, kept_open[i])) == 0);
    }
    if (below(run, 2)) {
        CALL(HPyTracker_ForgetAll(ctx, tracker));
        for (int i = 0; i < count; i++)
            EXPECT(is_number(run, kept_open[i], 100000 + i));
    }
    CALL(HPyTracker_Close(ctx, tracker));
    return true;
}

static bool use_exceptions(Run *run)
{
    HPyContext *ctx = run->ctx;
    EXPECT(!CALL(HPyErr_Occurred(ctx)));
    CALL(HPyErr_SetString(ctx, ctx->h_ValueError, "no"));
    EXPECT(CALL(HPyErr_Occurred(ctx)));
    EXPECT(CALL(HPyErr_ExceptionMatches(ctx, ctx->h_ValueError)));
    EXPECT(CALL(HPyErr_ExceptionMatches(ctx, ctx->h_Exception)));
    EXPECT(!CALL(HPyErr_ExceptionMatches(ctx, ctx->h_TypeError)));
    HPy exception = CALL(HPyErr_GetRaisedException(ctx));
    EXPECT(!HPy_IsNull(exception) && !HPyErr_Occurred(ctx));
    EXPECT(CALL(HPy_TypeCheck(ctx, exception, ctx->h_ValueError)));
    if (below(run, 2)) {
        CALL(HPyErr_SetRaisedException(ctx, exception));
        EXPECT(raised(run, ctx->h_ValueError));
    }
    CALL(HPy_Close(ctx, exception));
    return true;
}

static bool use_capsule(Run *run)
{
    HPyContext *ctx = run->ctx;
    HPy capsule = CALL(HPyCapsule_New(ctx, run, "model", NULL));
    EXPECT(!HPy_IsNull(capsule));
    EXPECT(CALL(HPyCapsule_IsValid(ctx, capsule, "model")));
    EXPECT(!CALL(HPyCapsule_IsValid(ctx, capsule, "other")));
    EXPECT(CALL(HPyCapsule_GetPointer(ctx, capsule, "model")) == run);
    EXPECT(CALL(HPyCapsule_GetPointer(ctx, capsule, "other")) == NULL && raised(run, ctx->h_ValueError));
    CALL(HPy_Close(ctx, capsule));
    return true;
}

static bool use_variable(Run *run)
{
    HPyContext *ctx = run->ctx;
    HPy value;
    EXPECT(CALL(HPyContextVar_Get(ctx, run->variable, HPy_NULL, &value)) == 0);
    EXPECT(is_number(run, value, run->variable_is));
    run->variable_is = any_number(run);
    value = CALL(HPyLong_FromInt64_t(ctx, run->variable_is));
    HPy token = CALL(HPyContextVar_Set(ctx, run->variable, value));
    CALL(HPy_Close(ctx, value));
    EXPECT(!HPy_IsNull(token));
    CALL(HPy_Close(ctx, token));
    return true;
}

static bool copy_handle(Run *run)
{
    HPyContext *ctx = run->ctx;
    Entry *from = &run->pool[below(run, POOL)];
    if (from->kind == EMPTY)
        return true;
    HPy copy = CALL(HPy_Dup(ctx, from->h));
    EXPECT(CALL(HPy_Is(ctx, copy, from->h)));
    if (from->kind >= LIST && from->kind != TUPLE) {
        /* Two entries must not share what can change. */
        CALL(HPy_Close(ctx, copy));
        return true;
    }
    Entry made = *from;
    made.h = copy;
    *place(run) = made;
    return true;
}

static bool use_memory(Run *run)
{
    HPyContext *ctx = run->ctx;
    size_t size = 1 + (size_t)below(run, 2000);
    unsigned char *memory = CALL(HPyMem_Calloc(ctx, size, 2));
    EXPECT(memory && memory[0] == 0 && memory[2 * size - 1] == 0);
    memory[0] = 77;
    memory = CALL(HPyMem_Realloc(ctx, memory, 5 * size));
    EXPECT(memory && memory[0] == 77);
    memory[5 * size - 1] = 1;
    CALL(HPyMem_Free(ctx, memory));
    return true;
}

static bool use_type(Run *run)
{
    /* The runtime keeps what a type is made of, so not many. */
    HPyContext *ctx = run->ctx;
    if (below(run, 400))
        return true;
    HPy type = CALL(HPyType_FromSpec(ctx, &own_spec, NULL));
    EXPECT(!HPy_IsNull(type));
    HPy made = CALL(HPy_CallNoArgs(ctx, type));
    EXPECT(!HPy_IsNull(made));
    EXPECT(CALL(HPy_TypeCheck(ctx, made, type)));
    CALL(HPy_Close(ctx, made));
    CALL(HPy_Close(ctx, type));
    return true;
}

const Operation other_operations[] = {use_own,     use_own,      use_own,     use_globals, use_tracker, use_exceptions,
                                      use_capsule, use_variable, copy_handle, copy_handle, use_memory,  use_type};
const int other_count = (int)(sizeof(other_operations) / sizeof(other_operations[0]));

static bool step(Run *run)
{
    bool good;
    switch (below(run, 3)) {
    case 0: good = value_operations[below(run, (uint64_t)value_count)](run); break;
    case 1: good = container_operations[below(run, (uint64_t)container_count)](run); break;
    default: good = other_operations[below(run, (uint64_t)other_count)](run);
    }
    return good && !HPyErr_Occurred(run->ctx) && (below(run, 4) || verify(run, &run->pool[below(run, POOL)]));
}

HPyDef_METH(run_calls, "run", HPyFunc_VARARGS, .doc = "run(seed, calls, cycles): makes random calls; how many there were.")
static HPy run_calls_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    if (nargs != 3)
        return HPyErr_SetString(ctx, ctx->h_TypeError, "run() takes a seed, a number of calls, and whether to make cycles");
    static Run zero;
    Run whole = zero, *run = &whole;
    run->ctx = ctx;
    run->last = "nothing";
    run->random = HPyLong_AsUInt64_t(ctx, args[0]);
    uint64_t wanted = HPyLong_AsUInt64_t(ctx, args[1]);
    run->cycles = HPy_IsTrue(ctx, args[2]) == 1;
    if (HPyErr_Occurred(ctx))
        return HPy_NULL;
    run->variable = HPyContextVar_New(ctx, "model", ctx->h_None);
    HPy nothing = HPyLong_FromInt64_t(ctx, 0);
    HPy token = HPyContextVar_Set(ctx, run->variable, nothing);
    HPy_Close(ctx, token);
    HPy_Close(ctx, nothing);
    bool good = !HPyErr_Occurred(ctx);
    while (good && run->calls < wanted)
        good = step(run);
    for (int i = 0; i < POOL; i++) {
        good = good && verify(run, &run->pool[i]);
        drop(run, &run->pool[i]);
    }
    HPy_Close(ctx, run->variable);
    for (int i = 0; i < GLOBALS; i++)
        HPyGlobal_Store(ctx, &kept[i], HPy_NULL);
    if (!good && !HPyErr_Occurred(ctx)) {
        char text[sizeof(run->problem) + 40];
        snprintf(text, sizeof(text), "call %llu: %.*s", (unsigned long long)run->calls,
                 (int)sizeof(run->problem), run->problem);
        HPyErr_SetString(ctx, ctx->h_AssertionError, text);
    }
    return good ? HPyLong_FromUInt64_t(ctx, run->calls) : HPy_NULL;
}

HPyDef_METH(live_objects, "live", HPyFunc_NOARGS, .doc = "live(): how many objects of our type there are.")
static HPy live_objects_impl(HPyContext *ctx, HPy self)
{
    return HPyLong_FromInt64_t(ctx, live);
}

HPyDef_SLOT(module_exec, HPy_mod_exec)
static int module_exec_impl(HPyContext *ctx, HPy module)
{
    HPy type = HPyType_FromSpec(ctx, &own_spec, NULL);
    if (HPy_IsNull(type))
        return -1;
    HPyGlobal_Store(ctx, &own_type, type);
    HPy_Close(ctx, type);
    return 0;
}

static HPyDef *defines[] = {&run_calls, &live_objects, &module_exec, NULL};
static HPyGlobal *globals[] = {&own_type, &kept[0], &kept[1], &kept[2], &kept[3], NULL};
static HPyModuleDef definition = {.doc = "Random calls.", .defines = defines, .globals = globals};
HPy_MODINIT(model, definition)
