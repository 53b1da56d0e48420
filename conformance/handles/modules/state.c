/* Modules: state, what is found from a type, several interpreters, the GIL. */
#include "conformance.h"

#include <stdlib.h>

typedef struct {
    int64_t count;
    HPyField object;
    char *memory;
} State;

static int64_t freed;

HPyDef_SLOT(traverse, HPy_mod_traverse)
static int traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)
{
    State *state = data;
    HPy_VISIT(&state->object);
    return 0;
}

HPyDef_SLOT(destroy, HPy_mod_destroy)
static void destroy_impl(void *data)
{
    free(((State *)data)->memory);
    freed++;
}

HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)
HPyDef_MOD_MULTIPLE_INTERPRETERS(interpreters, HPy_MOD_PER_INTERPRETER_GIL_SUPPORTED)

/* Counts in the state of the module that the function is called of. */
HPyDef_METH(HPyModule_GetState_definition, "HPyModule_GetState", HPyFunc_NOARGS)
static HPy HPyModule_GetState_definition_impl(HPyContext *ctx, HPy self)
{
    State *state = HPyModule_GetState(ctx, self);
    return state == NULL ? HPy_NULL : HPyLong_FromInt64_t(ctx, ++state->count);
}

HPyDef_METH(keep_definition, "keep", HPyFunc_O)
static HPy keep_definition_impl(HPyContext *ctx, HPy self, HPy arg)
{
    State *state = HPyModule_GetState(ctx, self);
    HPyField_Store(ctx, self, &state->object, arg);
    return none(ctx);
}

HPyDef_METH(kept_definition, "kept", HPyFunc_NOARGS)
static HPy kept_definition_impl(HPyContext *ctx, HPy self)
{
    return handed(ctx, HPyField_Load(ctx, self, ((State *)HPyModule_GetState(ctx, self))->object));
}

CASE(states_freed, 0)
{
    (void)a;
    return HPyLong_FromInt64_t(ctx, freed);
}

/* A global has a value for each interpreter. */
static HPyGlobal global;

CASE(store_global, 1)
{
    HPyGlobal_Store(ctx, &global, a[0]);
    return HPyErr_Occurred(ctx) ? HPy_NULL : none(ctx);
}

CASE(load_global, 0)
{
    (void)a;
    return handed(ctx, HPyGlobal_Load(ctx, global));
}

static HPyModuleDef definition;

/* A type that belongs to the module, and asks for it. */
HPyDef_METH(Member_count, "count", HPyFunc_NOARGS)
static HPy Member_count_impl(HPyContext *ctx, HPy self)
{
    HPy type = HPy_Type(ctx, self);
    HPy module = HPyModule_FindByDef(ctx, type, &definition);
    HPy_Close(ctx, type);
    if (HPy_IsNull(module)) {
        return HPy_NULL;
    }
    State *state = HPyModule_GetState(ctx, module);
    HPy_Close(ctx, module);
    return HPyLong_FromInt64_t(ctx, state->count);
}

static HPyDef *Member_defines[] = {&Member_count, NULL};
static HPyType_Spec Member_spec = {
    .name = "cases_state.Member", .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .defines = Member_defines};

CASE(HPyModule_FindByDef, 1)
{
    return HPyModule_FindByDef(ctx, a[0], &definition);
}

CASE(HPyType_GetModuleState, 1)
{
    State *state = HPyType_GetModuleState(ctx, a[0]);
    return state == NULL ? (HPyErr_Occurred(ctx) ? HPy_NULL : none(ctx)) : HPyLong_FromInt64_t(ctx, state->count);
}

/* Adds a type with a base to a module: the handle that it gives is the attribute. */
HPyDef_METH(HPyModule_AddType_definition, "HPyModule_AddType", HPyFunc_O)
static HPy HPyModule_AddType_definition_impl(HPyContext *ctx, HPy self, HPy arg)
{
    static HPyType_Spec spec = {.name = "cases_state.inner.Added", .flags = HPy_TPFLAGS_DEFAULT};
    HPyType_SpecParam params[] = {{HPyType_SpecParam_Base, arg}, {(HPyType_SpecParam_Kind)0, HPy_NULL}};
    HPy type = HPy_NULL;
    return HPyModule_AddType(ctx, self, &spec, params, &type) < 0 ? HPy_NULL : type;
}

HPyDef_METH(HPyModule_SetGIL_definition, "HPyModule_SetGIL", HPyFunc_O)
static HPy HPyModule_SetGIL_definition_impl(HPyContext *ctx, HPy self, HPy arg)
{
    return number(ctx, HPyModule_SetGIL(ctx, self, small(ctx, arg)));
}

HPyDef_SLOT(first, HPy_mod_exec)
static int first_impl(HPyContext *ctx, HPy module)
{
    State *state = HPyModule_GetState(ctx, module);
    if (state == NULL || state->count != 0 || !HPyField_IsNull(state->object)) {
        HPyErr_SetString(ctx, ctx->h_AssertionError, "the state does not start as zeros");
        return -1;
    }
    state->count = 100;
    state->memory = malloc(10);
    return HPyModule_AddType(ctx, module, &Member_spec, NULL, NULL);
}

HPyDef_SLOT(second, HPy_mod_exec)
static int second_impl(HPyContext *ctx, HPy module)
{
    State *state = HPyModule_GetState(ctx, module);
    HPy sum = HPyLong_FromInt64_t(ctx, state->count + 1);
    int status = HPy_SetAttr_s(ctx, module, "at_import", sum);
    HPy_Close(ctx, sum);
    return status;
}

#define CASES(X)                                                                                                             \
    X(OWN, HPyModule_GetState) X(OWN, keep) X(OWN, kept) X(OWN, states_freed) X(OWN, store_global) X(OWN, load_global)       \
    X(OWN, HPyModule_FindByDef) X(OWN, HPyType_GetModuleState) X(OWN, HPyModule_AddType) X(OWN, HPyModule_SetGIL)            \
    X(H1, HPyType_GetModule)

CASES(DEFINE)
static HPyDef *defines[] = {CASES(LISTED) & traverse, &destroy, &gil, &interpreters, &first, &second, NULL};
static HPyGlobal *globals[] = {&global, NULL};
static HPyModuleDef definition = {
    .doc = "Cases with state.", .size = sizeof(State), .defines = defines, .globals = globals};
HPy_MODINIT(cases_state, definition)
