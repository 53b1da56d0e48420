/* A module whose definition is not what it should be: each load of this file gives a tree of definitions that was changed
 * in one to three places. The first load gives the tree as it should be, and functions that say what the next is to be. */
#include <hpy.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    double number;
    HPyField other;
    int32_t count;
    char text[12];
} Thing;
HPyType_HELPERS(Thing)

/* Which change is to be made, 0 for none, and whether its functions may be called: the C types of some do not fit then. */
static uint64_t chosen;
static bool callable;

/* Module functions, which call nothing that depends on the definitions. */
HPyDef_METH(nothing, "nothing", HPyFunc_NOARGS, .doc = "Takes nothing.")
static HPy nothing_impl(HPyContext *ctx, HPy self)
{
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(one, "one", HPyFunc_O)
static HPy one_impl(HPyContext *ctx, HPy self, HPy arg)
{
    return HPy_Dup(ctx, arg);
}

HPyDef_METH(many, "many", HPyFunc_VARARGS)
static HPy many_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    return HPyLong_FromSize_t(ctx, nargs);
}

HPyDef_METH(named, "named", HPyFunc_KEYWORDS)
static HPy named_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    return HPyLong_FromSize_t(ctx, nargs);
}

/* The next load makes the change of this number. */
HPyDef_METH(choose, "choose", HPyFunc_O)
static HPy choose_impl(HPyContext *ctx, HPy self, HPy arg)
{
    uint64_t number = HPyLong_AsUInt64_t(ctx, arg);
    if (HPyErr_Occurred(ctx))
        return HPy_NULL;
    chosen = number;
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(may_call, "may_call", HPyFunc_NOARGS)
static HPy may_call_impl(HPyContext *ctx, HPy self)
{
    return HPyBool_FromBool(ctx, callable);
}

HPyDef_SLOT(module_exec, HPy_mod_exec)
HPyDef_SLOT(module_traverse, HPy_mod_traverse)
static int module_traverse_impl(void *state, HPyFunc_visitproc visit, void *arg)
{
    return 0;
}
HPyDef_SLOT(module_destroy, HPy_mod_destroy)
static void module_destroy_impl(void *state)
{
}

/* The type's. They do not look at the struct, so that only the runtime and the host depend on its place. */
HPyDef_SLOT(Thing_new, HPy_tp_new)
static HPy Thing_new_impl(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    Thing *thing;
    return HPy_New(ctx, type, &thing);
}

HPyDef_SLOT(Thing_repr, HPy_tp_repr)
static HPy Thing_repr_impl(HPyContext *ctx, HPy self)
{
    return HPyUnicode_FromString(ctx, "Thing");
}

HPyDef_SLOT(Thing_length, HPy_sq_length)
static HPy_ssize_t Thing_length_impl(HPyContext *ctx, HPy self)
{
    return 3;
}

HPyDef_SLOT(Thing_add, HPy_nb_add)
static HPy Thing_add_impl(HPyContext *ctx, HPy left, HPy right)
{
    return HPy_Dup(ctx, ctx->h_NotImplemented);
}

HPyDef_SLOT(Thing_call, HPy_tp_call)
static HPy Thing_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    return HPyLong_FromSize_t(ctx, nargs);
}

HPyDef_SLOT(Thing_traverse, HPy_tp_traverse)
static int Thing_traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)
{
    HPy_VISIT(&((Thing *)data)->other);
    return 0;
}

HPyDef_SLOT(Thing_destroy, HPy_tp_destroy)
static void Thing_destroy_impl(void *data)
{
}

HPyDef_METH(Thing_same, "same", HPyFunc_NOARGS)
static HPy Thing_same_impl(HPyContext *ctx, HPy self)
{
    return HPy_Dup(ctx, self);
}

HPyDef_CLASSMETH(Thing_kind, "kind", HPyFunc_NOARGS)
static HPy Thing_kind_impl(HPyContext *ctx, HPy cls)
{
    return HPy_Dup(ctx, cls);
}

HPyDef_MEMBER(Thing_number, "number", HPyMember_DOUBLE, offsetof(Thing, number))
HPyDef_MEMBER(Thing_other, "other", HPyMember_OBJECT, offsetof(Thing, other))
HPyDef_MEMBER(Thing_count, "count", HPyMember_INT, offsetof(Thing, count), .readonly = 1)
HPyDef_MEMBER(Thing_text, "text", HPyMember_STRING_INPLACE, offsetof(Thing, text), .readonly = 1)

HPyDef_GETSET(Thing_size, "size", .doc = "Nothing much.")
static HPy Thing_size_get(HPyContext *ctx, HPy self, void *closure)
{
    return HPyLong_FromInt64_t(ctx, 7);
}
static int Thing_size_set(HPyContext *ctx, HPy self, HPy value, void *closure)
{
    return 0;
}

static HPyDef *const MODULE[] = {&nothing, &one, &many, &named, &choose, &may_call, &module_exec, &module_traverse,
                                 &module_destroy};
static HPyDef *const TYPE[] = {&Thing_new,  &Thing_repr,     &Thing_length, &Thing_add,   &Thing_call,
                               &Thing_same, &Thing_traverse, &Thing_kind,   &Thing_destroy, &Thing_number,
                               &Thing_other, &Thing_count,   &Thing_text,   &Thing_size};
#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))
enum { PARAMETERS = 4 };

/* What a parameter of the type is. */
enum object { NULL_HANDLE, MODULE_ITSELF, BASE, TUPLE_OF_BASE, TYPE_TYPE, INT, FLOAT, STR, TUPLE, LIST, DICT, BYTES, BOOL, NONE,
              NUMBER, NO_TUPLE, TUPLE_OF_NUMBER, TUPLE_OF_TWO, PYTHON, EXCEPTION, LAST_OBJECT };

/* A copy of everything, which is never freed: the host refers to what it was given. */
typedef struct {
    HPyModuleDef module;
    HPyDef **module_defines;
    int module_count;
    HPyType_Spec spec;
    HPyType_Spec *spec_given;
    HPyDef **type_defines;
    int type_count;
    HPyType_SpecParam parameters[PARAMETERS + 1];
    HPyType_SpecParam *parameters_given;
    enum object objects[PARAMETERS];
    int parameter_count;
    uint64_t random;
} Tree;

static Tree *current;

static void *room(size_t size)
{
    void *memory = calloc(1, size);
    if (!memory)
        abort();
    return memory;
}

static HPyDef **copies(HPyDef *const *from, int count)
{
    HPyDef **list = room(sizeof(HPyDef *) * (size_t)(count + 8));
    for (int i = 0; i < count; i++) {
        list[i] = room(sizeof(HPyDef));
        *list[i] = *from[i];
    }
    return list;
}

/* splitmix64 */
static uint64_t next(Tree *tree)
{
    uint64_t z = (tree->random += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint64_t below(Tree *tree, uint64_t bound)
{
    return next(tree) % bound;
}

#define PICK(tree, ...)                                                                                                      \
    ((const int64_t[]){__VA_ARGS__})[below(tree, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))]

static const char *bad_text(Tree *tree)
{
    static char longest[200001];
    memset(longest, 'x', sizeof(longest) - 1);
    switch (below(tree, 8)) {
    case 0: return NULL;
    case 1: return "";
    case 2: return "\xff\xfe no UTF-8 \xc3";
    case 3: return longest;
    case 4: return (const char *)(uintptr_t)16;
    case 5: return "__class__";
    case 6: return "number";
    default: return "__dictoffset__";
    }
}

static HPyDef **list_of(Tree *tree, int *count)
{
    bool in_module = below(tree, 2);
    *count = in_module ? tree->module_count : tree->type_count;
    return in_module ? tree->module_defines : tree->type_defines;
}

static void *odd_function(Tree *tree, void *as_it_is)
{
    switch (below(tree, 4)) {
    case 0: return as_it_is;
    case 1: return (void *)(uintptr_t)below(tree, 4096);
    default: return NULL;
    }
}

static void change_definition(Tree *tree)
{
    int count;
    HPyDef **list = list_of(tree, &count);
    HPyDef *def = list[below(tree, (uint64_t)count)];
    switch (below(tree, 4)) {
    case 0: /* What it is said to be. */
        def->kind = (HPyDef_Kind)PICK(tree, 0, 1, 2, 3, 4, 5, 6, 255, -1, INT32_MAX, INT32_MIN);
        callable = false;
        return;
    case 1: /* Its place in the list. */
        switch (below(tree, 4)) {
        case 0: list[below(tree, (uint64_t)count)] = NULL; return;
        case 1: list[below(tree, (uint64_t)count)] = def; return;
        case 2: list[count] = def; return;
        default: /* A module's among a type's, or the other way. */
            list[count] = below(tree, 2) ? room(sizeof(HPyDef)) : below(tree, 2) ? MODULE[below(tree, COUNT(MODULE))]
                                                                                  : TYPE[below(tree, COUNT(TYPE))];
            return;
        }
    default: break;
    }
    switch (def->kind) {
    case HPyDef_Kind_Slot:
        switch (below(tree, 3)) {
        case 0:
            def->slot.slot = (HPySlot_Slot)(below(tree, 2) ? below(tree, 90)
                                                           : (uint64_t)PICK(tree, 0, 47, 48, 49, 51, 52, 56, 57, 64, 72, 73, 74, 82,
                                                                            83, 84, 999, 1000, 1001, 1003, 1999, 2000, 2001, 2002,
                                                                            2003, 2004, 2005, 2006, 999999, -1, INT32_MAX, INT32_MIN));
            callable = false;
            return;
        case 1: def->slot.impl = (HPyCFunction)odd_function(tree, (void *)def->slot.impl); callable = false; return;
        default:
            def->slot.cpy_trampoline = (cpy_PyCFunction)odd_function(tree, (void *)def->slot.cpy_trampoline);
            callable = false;
            return;
        }
    case HPyDef_Kind_Meth:
        switch (below(tree, 4)) {
        case 0: def->meth.name = bad_text(tree); return;
        case 1: def->meth.doc = bad_text(tree); return;
        case 2:
            def->meth.signature = (HPyFunc_Signature)PICK(tree, 0, 1, 2, 3, 4, 5, 9, 15, 38, 39, 64, 255, 0x103, 0x203, 0x303,
                                                          0x1001, -1, INT32_MAX, INT32_MIN);
            callable = false;
            return;
        default:
            def->meth.cpy_trampoline = (cpy_PyCFunction)odd_function(tree, (void *)def->meth.cpy_trampoline);
            callable = false;
            return;
        }
    case HPyDef_Kind_Member:
        switch (below(tree, 4)) {
        case 0: def->member.name = bad_text(tree); return;
        case 1: def->member.doc = bad_text(tree); return;
        case 2:
            def->member.type = (HPyMember_FieldType)(below(tree, 2) ? below(tree, 26) : (uint64_t)PICK(tree, 100, -1, INT32_MAX));
            /* A C string or a field is an address, and what stands there is none. */
            callable = false;
            return;
        default:
            def->member.offset = (HPy_ssize_t)PICK(tree, -1, -8, 3, (int64_t)sizeof(Thing) - 1, (int64_t)sizeof(Thing),
                                                   1000000, INT32_MAX, INT64_MAX, INT64_MIN);
            callable = false;
            return;
        }
    case HPyDef_Kind_GetSet:
        switch (below(tree, 4)) {
        case 0: def->getset.name = bad_text(tree); return;
        case 1: def->getset.doc = bad_text(tree); return;
        case 2:
            def->getset.getter_cpy_trampoline = (cpy_getter)odd_function(tree, (void *)def->getset.getter_cpy_trampoline);
            break;
        default:
            def->getset.setter_cpy_trampoline = (cpy_setter)odd_function(tree, (void *)def->getset.setter_cpy_trampoline);
            break;
        }
        callable = false;
        return;
    default: return;
    }
}

/* What follows a list that does not end. */
static HPyDef **without_end(Tree *tree, HPyDef **list, int count)
{
    HPyDef **copy = room(sizeof(HPyDef *) * (size_t)(count + 64));
    memcpy(copy, list, sizeof(HPyDef *) * (size_t)count);
    switch (below(tree, 3)) {
    case 0: /* numbers */
        for (int i = 0; i < 60; i++)
            copy[count + i] = (HPyDef *)(uintptr_t)(below(tree, 4095) + 1);
        break;
    case 1: /* text */
        memset(copy + count, (int)('a' + below(tree, 26)), sizeof(HPyDef *) * 60);
        break;
    default: /* -1 */
        memset(copy + count, 0xff, sizeof(HPyDef *) * 60);
    }
    return copy;
}

static HPyDef **endless(HPyDef *def)
{
    const int count = 70000;
    HPyDef **list = room(sizeof(HPyDef *) * (size_t)(count + 1));
    for (int i = 0; i < count; i++)
        list[i] = def;
    return list;
}

static void change_module(Tree *tree)
{
    switch (below(tree, 5)) {
    case 0:
        tree->module.size = (HPy_ssize_t)PICK(tree, -1, INT64_MIN, INT64_MAX, INT64_MAX - 7, (int64_t)1 << 46, 0, 1, 1 << 20);
        return;
    case 1: tree->module.doc = bad_text(tree); return;
    case 2: tree->module_defines = below(tree, 3) ? endless(tree->module_defines[0]) : NULL; return;
    case 3: tree->module_defines = without_end(tree, tree->module_defines, tree->module_count); return;
    default: {
        HPyGlobal **globals = room(sizeof(HPyGlobal *) * 3);
        globals[0] = (HPyGlobal *)room(sizeof(HPyGlobal));
        globals[1] = (HPyGlobal *)(uintptr_t)below(tree, 4096);
        tree->module.globals = globals;
    }
    }
}

static void change_type(Tree *tree)
{
    HPyType_Spec *spec = &tree->spec;
    switch (below(tree, 10)) {
    case 0: {
        const char *names[] = {NULL, "", "Thing", ".", ".Thing", "hostile.", "a.b.c.Thing", "\xff.Thing", "hostile.\xc3"};
        spec->name = below(tree, 4) ? names[below(tree, COUNT(names))] : bad_text(tree);
        return;
    }
    case 1:
        spec->basicsize = (int)PICK(tree, -1, INT32_MIN, INT32_MAX, INT32_MAX - 15, 0, 1, 3, 8, 1 << 30);
        callable = false;
        return;
    case 2: spec->itemsize = (int)PICK(tree, -1, 1, 8, INT32_MAX, INT32_MIN); return;
    case 3:
        switch (below(tree, 4)) {
        case 0: spec->flags = 0; return;
        case 1: spec->flags = ~0ul; return;
        case 2: spec->flags ^= HPy_TPFLAGS_HAVE_GC; return;
        default: spec->flags ^= 1ul << below(tree, 64); return;
        }
    case 4: spec->builtin_shape = (HPyType_BuiltinShape)PICK(tree, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 100, INT32_MIN, INT32_MAX); return;
    case 5: {
        struct { int slot; void *value; } *slots = room(sizeof(*slots) * 4);
        slots[0].slot = (int)PICK(tree, 0, 1000, 2001, 84, 999, -1, INT32_MAX);
        slots[0].value = (void *)slots;
        spec->legacy_slots = slots;
        if (below(tree, 2))
            spec->builtin_shape = HPyType_BuiltinShape_Legacy;
        callable = false;
        return;
    }
    case 6: spec->doc = bad_text(tree); return;
    case 7: tree->type_defines = below(tree, 3) ? endless(tree->type_defines[below(tree, (uint64_t)tree->type_count)]) : NULL; return;
    case 8: tree->type_defines = without_end(tree, tree->type_defines, tree->type_count); return;
    default: tree->spec_given = below(tree, 2) ? NULL : &tree->spec; return;
    }
}

static void change_parameters(Tree *tree)
{
    uint64_t which = below(tree, PARAMETERS);
    switch (below(tree, 7)) {
    case 0: tree->parameters_given = NULL; return;
    case 1: {
        const int count = 70000;
        tree->parameters_given = room(sizeof(HPyType_SpecParam) * (size_t)(count + 1));
        for (int i = 0; i < count; i++)
            tree->parameters_given[i].kind = HPyType_SpecParam_Module;
        return;
    }
    case 2: /* Kinds that are none. */
        tree->parameters[which].kind = (HPyType_SpecParam_Kind)PICK(tree, 5, 6, 255, -1, INT32_MAX, INT32_MIN);
        tree->parameter_count = PARAMETERS;
        return;
    default: /* Other objects, and more than there should be. */
        tree->parameters[which].kind = (HPyType_SpecParam_Kind)(1 + below(tree, 4));
        tree->objects[which] = (enum object)below(tree, LAST_OBJECT);
        if (below(tree, 2))
            tree->parameter_count = (int)which + 1;
        for (int i = 0; i < tree->parameter_count; i++)
            if (!tree->parameters[i].kind)
                tree->parameters[i].kind = HPyType_SpecParam_Base;
    }
}

static HPyModuleDef *definition(void)
{
    Tree *tree = room(sizeof(Tree));
    tree->random = chosen;
    tree->module_count = COUNT(MODULE);
    tree->module_defines = copies(MODULE, tree->module_count);
    tree->type_count = COUNT(TYPE);
    tree->type_defines = copies(TYPE, tree->type_count);
    tree->module.doc = "Is changed.";
    tree->module.size = 24;
    tree->spec.name = "hostile.Thing";
    tree->spec.basicsize = (int)sizeof(Thing);
    tree->spec.flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC;
    tree->spec.builtin_shape = SHAPE(Thing);
    tree->spec.doc = "Is changed too.";
    tree->spec_given = &tree->spec;
    tree->parameters_given = tree->parameters;
    tree->parameter_count = 2;
    tree->parameters[0].kind = HPyType_SpecParam_Base;
    tree->objects[0] = BASE;
    tree->parameters[1].kind = HPyType_SpecParam_Module;
    tree->objects[1] = MODULE_ITSELF;
    callable = true;
    if (chosen) {
        HPyDef **module_defines = tree->module_defines, **type_defines = tree->type_defines;
        int changes = 1 + (int)below(tree, 3);
        for (int i = 0; i < changes; i++) {
            /* A list that was replaced is no more changed, so that each change finds what it expects. */
            bool whole = tree->module_defines == module_defines && tree->type_defines == type_defines;
            switch (below(tree, 6)) {
            case 0: if (whole) change_module(tree); break;
            case 1: case 2: if (whole) change_type(tree); break;
            case 3: change_parameters(tree); break;
            default: if (whole) change_definition(tree);
            }
            for (int j = 0; whole && j < tree->module_count && tree->module_defines; j++)
                if (!tree->module_defines[j])
                    tree->module_count = j ? j : 1;
            for (int j = 0; whole && j < tree->type_count && tree->type_defines; j++)
                if (!tree->type_defines[j])
                    tree->type_count = j ? j : 1;
            if (tree->module_defines && !tree->module_defines[0])
                break;
            if (tree->type_defines && !tree->type_defines[0])
                break;
        }
    }
    tree->module.defines = tree->module_defines;
    tree->spec.defines = tree->type_defines;
    current = tree;
    return &tree->module;
}

static HPy python_class(HPyContext *ctx);

static HPy object(HPyContext *ctx, HPy module, enum object which)
{
    HPy five, result;
    switch (which) {
    case MODULE_ITSELF: return HPy_Dup(ctx, module);
    case BASE: return HPy_Dup(ctx, ctx->h_BaseObjectType);
    case TUPLE_OF_BASE: return HPyTuple_FromArray(ctx, &ctx->h_BaseObjectType, 1);
    case TYPE_TYPE: return HPy_Dup(ctx, ctx->h_TypeType);
    case INT: return HPy_Dup(ctx, ctx->h_LongType);
    case FLOAT: return HPy_Dup(ctx, ctx->h_FloatType);
    case STR: return HPy_Dup(ctx, ctx->h_UnicodeType);
    case TUPLE: return HPy_Dup(ctx, ctx->h_TupleType);
    case LIST: return HPy_Dup(ctx, ctx->h_ListType);
    case DICT: return HPy_Dup(ctx, ctx->h_DictType);
    case BYTES: return HPy_Dup(ctx, ctx->h_BytesType);
    case BOOL: return HPy_Dup(ctx, ctx->h_BoolType);
    case NONE: return HPy_Dup(ctx, ctx->h_None);
    case NO_TUPLE: return HPyTuple_FromArray(ctx, NULL, 0);
    case TUPLE_OF_TWO: {
        const HPy two[] = {ctx->h_ListType, ctx->h_DictType};
        return HPyTuple_FromArray(ctx, two, 2);
    }
    case PYTHON: return python_class(ctx);
    case EXCEPTION: return HPy_Dup(ctx, ctx->h_Exception);
    case NUMBER: return HPyLong_FromInt64_t(ctx, 5);
    case TUPLE_OF_NUMBER:
        five = HPyLong_FromInt64_t(ctx, 5);
        result = HPyTuple_FromArray(ctx, &five, 1);
        HPy_Close(ctx, five);
        return result;
    default: return HPy_NULL;
    }
}

/* A class that Python code makes. */
static HPy python_class(HPyContext *ctx)
{
    HPy arguments[] = {HPyUnicode_FromString(ctx, "P"), HPyTuple_FromArray(ctx, &ctx->h_BaseObjectType, 1), HPyDict_New(ctx)};
    HPy made = HPy_NULL;
    if (!HPyErr_Occurred(ctx))
        made = HPy_Call(ctx, ctx->h_TypeType, arguments, 3, HPy_NULL);
    for (int i = 0; i < 3; i++)
        HPy_Close(ctx, arguments[i]);
    return made;
}

static int module_exec_impl(HPyContext *ctx, HPy module)
{
    Tree *tree = current;
    HPy objects[PARAMETERS];
    for (int i = 0; i < PARAMETERS; i++) {
        objects[i] = object(ctx, module, tree->objects[i]);
        if (HPyErr_Occurred(ctx))
            return -1;
        tree->parameters[i].object = objects[i];
        if (i >= tree->parameter_count)
            tree->parameters[i].kind = (HPyType_SpecParam_Kind)0;
    }
    HPy type = HPyType_FromSpec(ctx, tree->spec_given, tree->parameters_given);
    for (int i = 0; i < PARAMETERS; i++)
        HPy_Close(ctx, objects[i]);
    if (HPy_IsNull(type))
        return -1;
    int result = HPy_SetAttr_s(ctx, module, "Thing", type);
    HPy_Close(ctx, type);
    return result;
}

/* What HPy_MODINIT makes, with a new definition for each load. */
HPyContext *_ctx_for_trampolines;

HPy_EXPORTED_FUNC uint32_t get_required_hpy_major_version_hostile(void)
{
    return HPY_ABI_VERSION;
}

HPy_EXPORTED_FUNC uint32_t get_required_hpy_minor_version_hostile(void)
{
    return HPY_ABI_VERSION_MINOR;
}

HPy_EXPORTED_FUNC size_t get_required_hpy_context_size_hostile(void)
{
    return sizeof(HPyContext);
}

HPy_EXPORTED_FUNC void HPyInitGlobalContext_hostile(HPyContext *ctx)
{
    _ctx_for_trampolines = ctx;
}

HPy_EXPORTED_FUNC HPyModuleDef *HPyInit_hostile(void)
{
    return definition();
}
