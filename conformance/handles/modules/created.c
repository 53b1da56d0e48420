/* A module that makes the object which is imported. */
#include "conformance.h"

HPyDef_SLOT(create, HPy_mod_create)
static HPy create_impl(HPyContext *ctx, HPy spec)
{
    HPy types = HPyImport_ImportModule(ctx, "types");
    if (HPy_IsNull(types)) {
        return HPy_NULL;
    }
    HPy namespace = HPy_GetAttr_s(ctx, types, "SimpleNamespace");
    HPy_Close(ctx, types);
    if (HPy_IsNull(namespace)) {
        return HPy_NULL;
    }
    HPy module = HPy_CallNoArgs(ctx, namespace);
    HPy_Close(ctx, namespace);
    if (HPy_IsNull(module)) {
        return HPy_NULL;
    }
    HPy name = HPy_GetAttr_s(ctx, spec, "name");
    if (HPy_IsNull(name) || HPy_SetAttr_s(ctx, module, "made_for", name) < 0) {
        HPy_Close(ctx, module);
        module = HPy_NULL;
    }
    HPy_Close(ctx, name);
    return module;
}

HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)

static HPyDef *defines[] = {&create, &gil, NULL};
static HPyModuleDef definition = {.defines = defines};
HPy_MODINIT(cases_created, definition)
