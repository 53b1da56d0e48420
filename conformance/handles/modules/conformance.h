/* What the modules of the suite share: each entry of the context becomes a function of the same name, so that the tests
 * call it from Python. `...` stands for HPy_NULL, as an argument and as a result. */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include <hpy.h>

#include <string.h>

/* A module lists its functions once: `#define CASES(X) X(H2, HPy_Add) X(OWN, HPy_Dup)`. The first word is a shape of this
 * file, which writes the function, or OWN for one that is written out with `CASE`. */
#define DEFINE(SHAPE, NAME) SHAPE(NAME)
#define LISTED(SHAPE, NAME) &NAME##_definition,
#define OWN(NAME)

#define MODULE(NAME)                                                                                                         \
    HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)                                                                                \
    static HPyDef *defines[] = {CASES(LISTED) &gil, NULL};                                                                   \
    static HPyModuleDef definition = {.doc = "Cases of the conformance suite.", .defines = defines};                         \
    HPy_MODINIT(NAME, definition)

/* The handle that an argument stands for, borrowed. */
static inline HPy given(HPyContext *ctx, HPy h)
{
    return HPy_Is(ctx, h, ctx->h_Ellipsis) ? HPy_NULL : h;
}

/* What a function returns for a handle that may be HPy_NULL without an exception. */
static inline HPy handed(HPyContext *ctx, HPy h)
{
    return HPy_IsNull(h) && !HPyErr_Occurred(ctx) ? HPy_Dup(ctx, ctx->h_Ellipsis) : h;
}

static inline HPy none(HPyContext *ctx)
{
    return HPy_Dup(ctx, ctx->h_None);
}

/* What a function returns for a number where -1 may come with an exception. */
static inline HPy number(HPyContext *ctx, int64_t value)
{
    return value == -1 && HPyErr_Occurred(ctx) ? HPy_NULL : HPyLong_FromInt64_t(ctx, value);
}

/* What a function returns for a status and a result: a pair, or an exception. Takes the handle over. */
static inline HPy outcome(HPyContext *ctx, int status, HPy result)
{
    HPy pair = HPy_NULL;
    if (status < 0 && HPyErr_Occurred(ctx)) {
        HPy_Close(ctx, result);
        return HPy_NULL;
    }
    HPy items[2];
    items[0] = HPyLong_FromInt32_t(ctx, status);
    items[1] = handed(ctx, result);
    if (!HPy_IsNull(items[0])) {
        pair = HPyTuple_FromArray(ctx, items, 2);
    }
    HPy_Close(ctx, items[0]);
    HPy_Close(ctx, items[1]);
    return pair;
}

/* A str or bytes argument as a C string, NULL for HPy_NULL. */
static inline const char *text(HPyContext *ctx, HPy h)
{
    HPy_ssize_t size;
    if (HPy_IsNull(h)) {
        return NULL;
    }
    const char *found = HPyBytes_Check(ctx, h) ? HPyBytes_AsString(ctx, h) : HPyUnicode_AsUTF8AndSize(ctx, h, &size);
    /* Where there is no memory for it, what is called with it must not crash. */
    return found ? found : "";
}

static inline HPy_ssize_t size_of(HPyContext *ctx, HPy h)
{
    return HPyLong_AsSsize_t(ctx, h);
}

static inline int small(HPyContext *ctx, HPy h)
{
    return (int)HPyLong_AsInt32_t(ctx, h);
}

static inline int right_count(HPyContext *ctx, const char *name, size_t found, size_t expected)
{
    if (found == expected) {
        return 1;
    }
    HPyErr_SetString(ctx, ctx->h_TypeError, name);
    return 0;
}

/* `CASE(HPy_Dup, 1) { ... }` defines the function with its number of arguments, in the array `a`. */
#define CASE(NAME, COUNT)                                                                                                    \
    static HPy NAME##_case(HPyContext *ctx, const HPy *a);                                                                   \
    HPyDef_METH(NAME##_definition, #NAME, HPyFunc_VARARGS)                                                                   \
    static HPy NAME##_definition_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)                              \
    {                                                                                                                        \
        HPy a[COUNT + 1];                                                                                                    \
        (void)self;                                                                                                          \
        if (!right_count(ctx, #NAME " takes " #COUNT " arguments", nargs, COUNT)) {                                          \
            return HPy_NULL;                                                                                                 \
        }                                                                                                                    \
        for (size_t i = 0; i < nargs; i++) {                                                                                 \
            a[i] = given(ctx, args[i]);                                                                                      \
        }                                                                                                                    \
        a[COUNT] = HPy_NULL;                                                                                                 \
        return NAME##_case(ctx, a);                                                                                          \
    }                                                                                                                        \
    static HPy NAME##_case(HPyContext *ctx, const HPy *a)

/* Functions of handles that return a handle. */
#define H0(NAME) CASE(NAME, 0) { (void)a; return handed(ctx, NAME(ctx)); }
#define H1(NAME) CASE(NAME, 1) { return handed(ctx, NAME(ctx, a[0])); }
#define H2(NAME) CASE(NAME, 2) { return handed(ctx, NAME(ctx, a[0], a[1])); }
#define H3(NAME) CASE(NAME, 3) { return handed(ctx, NAME(ctx, a[0], a[1], a[2])); }
/* The same with a C string in the last place, or the first, or an index. */
#define HT(NAME) CASE(NAME, 1) { return handed(ctx, NAME(ctx, text(ctx, a[0]))); }
#define H1T(NAME) CASE(NAME, 2) { return handed(ctx, NAME(ctx, a[0], text(ctx, a[1]))); }
#define HN(NAME) CASE(NAME, 1) { return handed(ctx, NAME(ctx, size_of(ctx, a[0]))); }
#define H1N(NAME) CASE(NAME, 2) { return handed(ctx, NAME(ctx, a[0], size_of(ctx, a[1]))); }
#define H1NN(NAME) CASE(NAME, 3) { return handed(ctx, NAME(ctx, a[0], size_of(ctx, a[1]), size_of(ctx, a[2]))); }
/* Functions of handles that return a number. */
#define N0(NAME) CASE(NAME, 0) { (void)a; return number(ctx, (int64_t)NAME(ctx)); }
#define N1(NAME) CASE(NAME, 1) { return number(ctx, (int64_t)NAME(ctx, a[0])); }
#define N2(NAME) CASE(NAME, 2) { return number(ctx, (int64_t)NAME(ctx, a[0], a[1])); }
#define N3(NAME) CASE(NAME, 3) { return number(ctx, (int64_t)NAME(ctx, a[0], a[1], a[2])); }
#define N1T(NAME) CASE(NAME, 2) { return number(ctx, (int64_t)NAME(ctx, a[0], text(ctx, a[1]))); }
#define N1TH(NAME) CASE(NAME, 3) { return number(ctx, (int64_t)NAME(ctx, a[0], text(ctx, a[1]), a[2])); }
#define N1N(NAME) CASE(NAME, 2) { return number(ctx, (int64_t)NAME(ctx, a[0], size_of(ctx, a[1]))); }
#define N1NH(NAME) CASE(NAME, 3) { return number(ctx, (int64_t)NAME(ctx, a[0], size_of(ctx, a[1]), a[2])); }
/* Functions that return a status and give a handle through a pointer. */
#define R1(NAME) CASE(NAME, 1) { HPy r = HPy_NULL; int s = NAME(ctx, a[0], &r); return outcome(ctx, s, r); }
#define R2(NAME) CASE(NAME, 2) { HPy r = HPy_NULL; int s = NAME(ctx, a[0], a[1], &r); return outcome(ctx, s, r); }
#define R3(NAME) CASE(NAME, 3) { HPy r = HPy_NULL; int s = NAME(ctx, a[0], a[1], a[2], &r); return outcome(ctx, s, r); }
#define RT(NAME) CASE(NAME, 1) { HPy r = HPy_NULL; int s = NAME(ctx, text(ctx, a[0]), &r); return outcome(ctx, s, r); }
#define R1T(NAME) CASE(NAME, 2) { HPy r = HPy_NULL; int s = NAME(ctx, a[0], text(ctx, a[1]), &r); return outcome(ctx, s, r); }
/* Functions without a result. */
#define V1(NAME) CASE(NAME, 1) { NAME(ctx, a[0]); return HPyErr_Occurred(ctx) ? HPy_NULL : none(ctx); }

#endif
