/* Handles themselves, and the objects that the context has. */
#include "conformance.h"

#define CONSTANTS(X)                                                                                                         \
    X(h_None) X(h_True) X(h_False) X(h_NotImplemented) X(h_Ellipsis) X(h_BaseException) X(h_Exception)                       \
    X(h_StopAsyncIteration) X(h_StopIteration) X(h_GeneratorExit) X(h_ArithmeticError) X(h_LookupError)                      \
    X(h_AssertionError) X(h_AttributeError) X(h_BufferError) X(h_EOFError) X(h_FloatingPointError) X(h_OSError)              \
    X(h_ImportError) X(h_ModuleNotFoundError) X(h_IndexError) X(h_KeyError) X(h_KeyboardInterrupt) X(h_MemoryError)          \
    X(h_NameError) X(h_OverflowError) X(h_RuntimeError) X(h_RecursionError) X(h_NotImplementedError) X(h_SyntaxError)        \
    X(h_IndentationError) X(h_TabError) X(h_ReferenceError) X(h_SystemError) X(h_SystemExit) X(h_TypeError)                  \
    X(h_UnboundLocalError) X(h_UnicodeError) X(h_UnicodeEncodeError) X(h_UnicodeDecodeError) X(h_UnicodeTranslateError)      \
    X(h_ValueError) X(h_ZeroDivisionError) X(h_BlockingIOError) X(h_BrokenPipeError) X(h_ChildProcessError)                  \
    X(h_ConnectionError) X(h_ConnectionAbortedError) X(h_ConnectionRefusedError) X(h_ConnectionResetError)                   \
    X(h_FileExistsError) X(h_FileNotFoundError) X(h_InterruptedError) X(h_IsADirectoryError) X(h_NotADirectoryError)         \
    X(h_PermissionError) X(h_ProcessLookupError) X(h_TimeoutError) X(h_Warning) X(h_UserWarning) X(h_DeprecationWarning)     \
    X(h_PendingDeprecationWarning) X(h_SyntaxWarning) X(h_RuntimeWarning) X(h_FutureWarning) X(h_ImportWarning)              \
    X(h_UnicodeWarning) X(h_BytesWarning) X(h_ResourceWarning) X(h_BaseObjectType) X(h_TypeType) X(h_BoolType)               \
    X(h_LongType) X(h_FloatType) X(h_UnicodeType) X(h_TupleType) X(h_ListType) X(h_ComplexType) X(h_BytesType)               \
    X(h_MemoryViewType) X(h_CapsuleType) X(h_SliceType) X(h_Builtins) X(h_DictType) X(h_SetType) X(h_FrozenSetType)          \
    X(h_ByteArrayType) X(h_RangeType) X(h_ModuleType)

/* A dict of all of them by name. */
CASE(constants, 0)
{
    HPy all = HPyDict_New(ctx);
    (void)a;
    if (HPy_IsNull(all)) {
        return HPy_NULL;
    }
#define PUT(NAME)                                                                                                            \
    if (HPy_SetItem_s(ctx, all, #NAME, HPy_IsNull(ctx->NAME) ? ctx->h_NotImplemented : ctx->NAME) < 0) {                     \
        HPy_Close(ctx, all);                                                                                                 \
        return HPy_NULL;                                                                                                     \
    }
    CONSTANTS(PUT)
    return all;
}

/* Opens and closes handles; what is left is one new handle. */
CASE(HPy_Close, 1)
{
    HPy first = HPy_Dup(ctx, a[0]);
    HPy second = HPy_Dup(ctx, first);
    HPy_Close(ctx, first);
    HPy_Close(ctx, HPy_NULL);
    return second;
}

CASE(many_handles, 2)
{
    enum { MOST = 100000 };
    static HPy all[MOST];
    HPy_ssize_t count = size_of(ctx, a[1]);
    if (count < 0 || count > MOST) {
        return HPyErr_SetString(ctx, ctx->h_ValueError, "too many");
    }
    for (HPy_ssize_t i = 0; i < count; i++) {
        all[i] = HPy_Dup(ctx, a[0]);
    }
    HPy last = count ? HPy_Dup(ctx, all[count - 1]) : HPy_Dup(ctx, ctx->h_None);
    for (HPy_ssize_t i = 0; i < count; i++) {
        HPy_Close(ctx, all[i]);
    }
    return last;
}

CASE(null_handles, 0)
{
    (void)a;
    return number(ctx, HPy_IsNull(HPy_Dup(ctx, HPy_NULL)) && HPy_IsNull(HPy_FromVoidP(HPy_AsVoidP(HPy_NULL))));
}

/* The numbers and the name that a context shows. */
CASE(context_fields, 0)
{
    (void)a;
    HPy items[3];
    items[0] = HPyUnicode_FromString(ctx, ctx->name);
    items[1] = HPyLong_FromInt32_t(ctx, ctx->abi_version);
    items[2] = HPyLong_FromSize_t(ctx, ctx->size);
    HPy all = HPyTuple_FromArray(ctx, items, 3);
    for (int i = 0; i < 3; i++) {
        HPy_Close(ctx, items[i]);
    }
    return all;
}

CASE(size_of_context, 0)
{
    (void)a;
    return HPyLong_FromSize_t(ctx, sizeof(HPyContext));
}

/* Whether the shortcuts of the header agree with the context's functions. */
CASE(traits, 2)
{
    int agree = ctx->direct == 0 || ctx->direct == 1;
    agree = agree && (ctx->count_width == 0 || ctx->count_width == 4 || ctx->count_width == 8);
    if (ctx->data_offset != 0) {
        agree = agree && (char *)ctx->ctx_AsStruct_Object(ctx, a[0]) == (char *)HPy_AsVoidP(a[0]) + ctx->data_offset;
    }
    /* tuple_layout: where the items are, if a trampoline may read them. */
    if (ctx->direct && ctx->tuple_items_offset != 0) {
        char *tuple = (char *)HPy_AsVoidP(a[1]);
        HPy first = HPy_GetItem_i(ctx, a[1], 0);
        agree = agree && *(HPy_ssize_t *)(tuple + ctx->tuple_size_offset) == HPy_Length(ctx, a[1]);
        agree = agree && *(void **)(tuple + ctx->tuple_items_offset) == HPy_AsVoidP(first);
        HPy_Close(ctx, first);
    }
    return number(ctx, agree);
}

CASE(_HPy_Dump, 1)
{
    _HPy_Dump(ctx, a[0]);
    return none(ctx);
}

CASE(HPy_FatalError, 1)
{
    const char *message = text(ctx, a[0]);
    if (message == NULL) {
        return HPy_NULL;
    }
    HPy_FatalError(ctx, message);
}

CASE(HPy_Is, 2)
{
    return number(ctx, HPy_Is(ctx, a[0], a[1]));
}

CASE(HPy_Type, 1)
{
    return HPy_Type(ctx, a[0]);
}

#define CASES(X)                                                                                                             \
    X(OWN, constants) X(OWN, HPy_Close) X(OWN, many_handles) X(OWN, null_handles) X(OWN, context_fields)                     \
    X(OWN, size_of_context) X(OWN, traits) X(OWN, _HPy_Dump) X(OWN, HPy_FatalError) X(OWN, HPy_Is) X(OWN, HPy_Type)          \
    X(H1, HPy_Dup) X(N2, HPy_TypeCheck)

CASES(DEFINE)
MODULE(cases_handles)
