/* The slots of numbers, sequences and mappings. Each answers with its name and its operands. */
#include "conformance.h"

static HPy answer(HPyContext *ctx, const char *name, HPy first, HPy second, HPy third)
{
    HPy items[4];
    int count = 1;
    items[0] = HPyUnicode_FromString(ctx, name);
    items[count++] = first;
    if (!HPy_IsNull(second)) {
        items[count++] = second;
    }
    if (!HPy_IsNull(third)) {
        items[count++] = third;
    }
    HPy all = HPyTuple_FromArray(ctx, items, count);
    HPy_Close(ctx, items[0]);
    return all;
}

#define UNARY(SLOT)                                                                                                          \
    HPyDef_SLOT(SLOT##_of, HPy_##SLOT)                                                                                       \
    static HPy SLOT##_of_impl(HPyContext *ctx, HPy self)                                                                     \
    {                                                                                                                        \
        return answer(ctx, #SLOT, self, HPy_NULL, HPy_NULL);                                                                 \
    }
#define BINARY(SLOT)                                                                                                         \
    HPyDef_SLOT(SLOT##_of, HPy_##SLOT)                                                                                       \
    static HPy SLOT##_of_impl(HPyContext *ctx, HPy left, HPy right)                                                          \
    {                                                                                                                        \
        return answer(ctx, #SLOT, left, right, HPy_NULL);                                                                    \
    }
#define TERNARY(SLOT)                                                                                                        \
    HPyDef_SLOT(SLOT##_of, HPy_##SLOT)                                                                                       \
    static HPy SLOT##_of_impl(HPyContext *ctx, HPy first, HPy second, HPy third)                                             \
    {                                                                                                                        \
        return answer(ctx, #SLOT, first, second, third);                                                                     \
    }
#define OPERATORS(UNARY, BINARY, TERNARY)                                                                                    \
    UNARY(nb_negative) UNARY(nb_positive) UNARY(nb_absolute) UNARY(nb_invert) BINARY(nb_add) BINARY(nb_subtract)             \
    BINARY(nb_multiply) BINARY(nb_matrix_multiply) BINARY(nb_floor_divide) BINARY(nb_true_divide) BINARY(nb_remainder)       \
    BINARY(nb_divmod) BINARY(nb_lshift) BINARY(nb_rshift) BINARY(nb_and) BINARY(nb_xor) BINARY(nb_or) TERNARY(nb_power)      \
    BINARY(nb_inplace_add) BINARY(nb_inplace_subtract) BINARY(nb_inplace_multiply) BINARY(nb_inplace_matrix_multiply)        \
    BINARY(nb_inplace_floor_divide) BINARY(nb_inplace_true_divide) BINARY(nb_inplace_remainder) BINARY(nb_inplace_lshift)    \
    BINARY(nb_inplace_rshift) BINARY(nb_inplace_and) BINARY(nb_inplace_xor) BINARY(nb_inplace_or) TERNARY(nb_inplace_power)

OPERATORS(UNARY, BINARY, TERNARY)

HPyDef_SLOT(nb_bool_of, HPy_nb_bool)
static int nb_bool_of_impl(HPyContext *ctx, HPy self)
{
    (void)ctx, (void)self;
    return 0;
}

HPyDef_SLOT(nb_int_of, HPy_nb_int)
static HPy nb_int_of_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyLong_FromInt32_t(ctx, 11);
}

HPyDef_SLOT(nb_float_of, HPy_nb_float)
static HPy nb_float_of_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyFloat_FromDouble(ctx, 1.5);
}

HPyDef_SLOT(nb_index_of, HPy_nb_index)
static HPy nb_index_of_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyLong_FromInt32_t(ctx, 2);
}

#define ENTRY(SLOT) &SLOT##_of,
static HPyDef *number_defines[] = {OPERATORS(ENTRY, ENTRY, ENTRY) & nb_bool_of, &nb_int_of, &nb_float_of, &nb_index_of, NULL};
static HPyType_Spec number_spec = {
    .name = "cases_operators.Number", .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .defines = number_defines};

/* A sequence of three: 0, 10, 20. What is set goes into the attribute-like log, a list in a global. */
static HPyGlobal journal;

static int note(HPyContext *ctx, HPy entry)
{
    HPy list = HPyGlobal_Load(ctx, journal);
    int status = HPy_IsNull(entry) || HPy_IsNull(list) ? -1 : HPyList_Append(ctx, list, entry);
    HPy_Close(ctx, list);
    HPy_Close(ctx, entry);
    return status;
}

HPyDef_SLOT(sq_length_of, HPy_sq_length)
static HPy_ssize_t sq_length_of_impl(HPyContext *ctx, HPy self)
{
    (void)ctx, (void)self;
    return 3;
}

HPyDef_SLOT(sq_item_of, HPy_sq_item)
static HPy sq_item_of_impl(HPyContext *ctx, HPy self, HPy_ssize_t index)
{
    (void)self;
    if (index < 0 || index >= 3) {
        return HPyErr_SetString(ctx, ctx->h_IndexError, "not one of three");
    }
    return HPyLong_FromSsize_t(ctx, index * 10);
}

HPyDef_SLOT(sq_ass_item_of, HPy_sq_ass_item)
static int sq_ass_item_of_impl(HPyContext *ctx, HPy self, HPy_ssize_t index, HPy value)
{
    HPy at = HPyLong_FromSsize_t(ctx, index);
    int status = note(ctx, answer(ctx, "sq_ass_item", self, at, HPy_IsNull(value) ? ctx->h_Ellipsis : value));
    HPy_Close(ctx, at);
    return status;
}

HPyDef_SLOT(sq_contains_of, HPy_sq_contains)
static int sq_contains_of_impl(HPyContext *ctx, HPy self, HPy key)
{
    (void)self;
    if (!HPyLong_Check(ctx, key)) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "only numbers");
        return -1;
    }
    return HPyLong_AsInt64_t(ctx, key) == 10;
}

BINARY(sq_concat)
BINARY(sq_inplace_concat)

#define REPEAT(SLOT)                                                                                                         \
    HPyDef_SLOT(SLOT##_of, HPy_##SLOT)                                                                                       \
    static HPy SLOT##_of_impl(HPyContext *ctx, HPy self, HPy_ssize_t count)                                                  \
    {                                                                                                                        \
        HPy times = HPyLong_FromSsize_t(ctx, count);                                                                         \
        HPy result = answer(ctx, #SLOT, self, times, HPy_NULL);                                                              \
        HPy_Close(ctx, times);                                                                                               \
        return result;                                                                                                       \
    }
REPEAT(sq_repeat)
REPEAT(sq_inplace_repeat)

static HPyDef *sequence_defines[] = {
    &sq_length_of, &sq_item_of, &sq_ass_item_of, &sq_contains_of, &sq_concat_of, &sq_inplace_concat_of, &sq_repeat_of,
    &sq_inplace_repeat_of, NULL};
static HPyType_Spec sequence_spec = {
    .name = "cases_operators.Sequence", .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_SEQUENCE, .defines = sequence_defines};

HPyDef_SLOT(mp_length_of, HPy_mp_length)
static HPy_ssize_t mp_length_of_impl(HPyContext *ctx, HPy self)
{
    (void)ctx, (void)self;
    return 5;
}

BINARY(mp_subscript)

HPyDef_SLOT(mp_ass_subscript_of, HPy_mp_ass_subscript)
static int mp_ass_subscript_of_impl(HPyContext *ctx, HPy self, HPy key, HPy value)
{
    return note(ctx, answer(ctx, "mp_ass_subscript", self, key, HPy_IsNull(value) ? ctx->h_Ellipsis : value));
}

static HPyDef *mapping_defines[] = {&mp_length_of, &mp_subscript_of, &mp_ass_subscript_of, NULL};
static HPyType_Spec mapping_spec = {
    .name = "cases_operators.Mapping", .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_MAPPING, .defines = mapping_defines};

HPyDef_SLOT(start, HPy_mod_exec)
static int start_impl(HPyContext *ctx, HPy module)
{
    HPy list = HPyList_New(ctx, 0);
    if (HPy_IsNull(list) || HPy_SetAttr_s(ctx, module, "journal", list) < 0) {
        HPy_Close(ctx, list);
        return -1;
    }
    HPyGlobal_Store(ctx, &journal, list);
    HPy_Close(ctx, list);
    HPyType_Spec *specs[] = {&number_spec, &sequence_spec, &mapping_spec};
    for (int i = 0; i < 3; i++) {
        if (HPyModule_AddType(ctx, module, specs[i], NULL, NULL) < 0) {
            return -1;
        }
    }
    return 0;
}

HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)

static HPyDef *defines[] = {&start, &gil, NULL};
static HPyGlobal *globals[] = {&journal, NULL};
static HPyModuleDef definition = {.doc = "Cases of the conformance suite.", .defines = defines, .globals = globals};
HPy_MODINIT(cases_operators, definition)
