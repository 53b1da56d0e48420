/* The trampolines that do not follow from a signature, and what all trampolines use. Part of hpy.h.
 *
 * The host calls a trampoline. Where a handle is the object itself (`direct`), the trampoline calls the author's function
 * straight; otherwise it packs its arguments and lets the context make handles, call the function and unpack the result. */
#ifndef CARDAN_HPY_TRAMPOLINES_H
#define CARDAN_HPY_TRAMPOLINES_H

#define _HPy_FROM_HOST(object) _hconv((intptr_t)(object))
#define _HPy_TO_HOST(h) ((cpy_PyObject *)(h)._i)
#define _HPy_IS_DIRECT(ctx) _HPy_LIKELY((ctx)->direct != 0)
#define _HPy_CALL_THROUGH_CONTEXT(SIG, IMPL, ARGUMENTS)                                                                      \
    _ctx_for_trampolines->ctx_CallRealFunctionFromTrampoline(                                                                \
        _ctx_for_trampolines, SIG, (HPyCFunction)IMPL, (void *)(ARGUMENTS))

/* The bit of a vectorcall's count by which the caller allows the slot before the first argument to be overwritten. */
#define _HPy_ARGUMENTS_OFFSET ((size_t)1 << (8 * sizeof(size_t) - 1))

typedef struct {
    cpy_PyObject *self;
    cpy_PyObject *result;
} _HPyFunc_args_NOARGS;

#define _HPyFunc_TRAMPOLINE_HPyFunc_NOARGS(SYM, IMPL)                                                                        \
    _HPy_RARE static cpy_PyObject *SYM##_by_context(cpy_PyObject *self, cpy_PyObject *_HPy_UNUSED_ARG(none))                 \
    {                                                                                                                        \
        _HPyFunc_args_NOARGS a = {self, NULL};                                                                               \
        _HPy_CALL_THROUGH_CONTEXT(HPyFunc_NOARGS, IMPL, &a);                                                                 \
        return a.result;                                                                                                     \
    }                                                                                                                        \
    static cpy_PyObject *SYM(cpy_PyObject *self, cpy_PyObject *none)                                                         \
    {                                                                                                                        \
        if (_HPy_IS_DIRECT(_ctx_for_trampolines)) {                                                                          \
            return _HPy_TO_HOST(IMPL(_ctx_for_trampolines, _HPy_FROM_HOST(self)));                                           \
        }                                                                                                                    \
        return SYM##_by_context(self, none);                                                                                 \
    }

typedef struct {
    cpy_PyObject *self;
    cpy_PyObject *const *args;
    HPy_ssize_t nargs;
    cpy_PyObject *result;
} _HPyFunc_args_VARARGS;

#define _HPyFunc_TRAMPOLINE_HPyFunc_VARARGS(SYM, IMPL)                                                                       \
    _HPy_RARE static cpy_PyObject *SYM##_by_context(cpy_PyObject *self, cpy_PyObject *const *args, HPy_ssize_t nargs)        \
    {                                                                                                                        \
        _HPyFunc_args_VARARGS a = {self, args, nargs, NULL};                                                                 \
        _HPy_CALL_THROUGH_CONTEXT(HPyFunc_VARARGS, IMPL, &a);                                                                \
        return a.result;                                                                                                     \
    }                                                                                                                        \
    static cpy_PyObject *SYM(cpy_PyObject *self, cpy_PyObject *const *args, HPy_ssize_t nargs)                               \
    {                                                                                                                        \
        if (_HPy_IS_DIRECT(_ctx_for_trampolines)) {                                                                          \
            return _HPy_TO_HOST(IMPL(_ctx_for_trampolines, _HPy_FROM_HOST(self), (const HPy *)args, (size_t)nargs));         \
        }                                                                                                                    \
        return SYM##_by_context(self, args, nargs);                                                                          \
    }

typedef struct {
    cpy_PyObject *self;
    cpy_PyObject *const *args;
    size_t nargsf; /* a vectorcall's count: perhaps with the bit above */
    cpy_PyObject *kwnames;
    cpy_PyObject *result;
} _HPyFunc_args_KEYWORDS;

#define _HPyFunc_TRAMPOLINE_HPyFunc_KEYWORDS(SYM, IMPL)                                                                      \
    _HPy_RARE static cpy_PyObject *SYM##_by_context(cpy_PyObject *self, cpy_PyObject *const *args, size_t nargsf,            \
        cpy_PyObject *kwnames)                                                                                               \
    {                                                                                                                        \
        _HPyFunc_args_KEYWORDS a = {self, args, nargsf, kwnames, NULL};                                                      \
        _HPy_CALL_THROUGH_CONTEXT(HPyFunc_KEYWORDS, IMPL, &a);                                                               \
        return a.result;                                                                                                     \
    }                                                                                                                        \
    static cpy_PyObject *SYM(cpy_PyObject *self, cpy_PyObject *const *args, size_t nargsf, cpy_PyObject *kwnames)            \
    {                                                                                                                        \
        if (_HPy_IS_DIRECT(_ctx_for_trampolines)) {                                                                          \
            return _HPy_TO_HOST(IMPL(_ctx_for_trampolines, _HPy_FROM_HOST(self), (const HPy *)args,                          \
                                     nargsf & ~_HPy_ARGUMENTS_OFFSET, _HPy_FROM_HOST(kwnames)));                             \
        }                                                                                                                    \
        return SYM##_by_context(self, args, nargsf, kwnames);                                                                \
    }

/* The host passes a tuple, or NULL for none, and a dict. Where a tuple's items can be read in place, they are the array of
 * arguments; otherwise the context takes the tuple apart. */
#define _HPy_IS_DIRECT_WITH(ctx, tuple)                                                                                      \
    _HPy_LIKELY((ctx)->direct != 0 && (ctx)->tuple_items_offset != 0 && (tuple) != NULL)
#define _HPy_TUPLE_ITEMS(tuple) ((const HPy *)((const char *)(tuple) + _ctx_for_trampolines->tuple_items_offset))
#define _HPy_TUPLE_SIZE(tuple) (*(const HPy_ssize_t *)((const char *)(tuple) + _ctx_for_trampolines->tuple_size_offset))

typedef struct {
    cpy_PyObject *self;
    cpy_PyObject *args;
    cpy_PyObject *kw;
    int result;
} _HPyFunc_args_INITPROC;

#define _HPyFunc_TRAMPOLINE_HPyFunc_INITPROC(SYM, IMPL)                                                                      \
    _HPy_RARE static int SYM##_by_context(cpy_PyObject *self, cpy_PyObject *args, cpy_PyObject *kw)                          \
    {                                                                                                                        \
        _HPyFunc_args_INITPROC a = {self, args, kw, -1};                                                                     \
        _HPy_CALL_THROUGH_CONTEXT(HPyFunc_INITPROC, IMPL, &a);                                                               \
        return a.result;                                                                                                     \
    }                                                                                                                        \
    static int SYM(cpy_PyObject *self, cpy_PyObject *args, cpy_PyObject *kw)                                                 \
    {                                                                                                                        \
        if (_HPy_IS_DIRECT_WITH(_ctx_for_trampolines, args)) {                                                               \
            return IMPL(_ctx_for_trampolines, _HPy_FROM_HOST(self), _HPy_TUPLE_ITEMS(args),                                  \
                        _HPy_TUPLE_SIZE(args), _HPy_FROM_HOST(kw));                                                          \
        }                                                                                                                    \
        return SYM##_by_context(self, args, kw);                                                                             \
    }

typedef struct {
    cpy_PyObject *self;
    cpy_PyObject *args;
    cpy_PyObject *kw;
    cpy_PyObject *result;
} _HPyFunc_args_NEWFUNC;

#define _HPyFunc_TRAMPOLINE_HPyFunc_NEWFUNC(SYM, IMPL)                                                                       \
    _HPy_RARE static cpy_PyObject *SYM##_by_context(cpy_PyObject *self, cpy_PyObject *args, cpy_PyObject *kw)                \
    {                                                                                                                        \
        _HPyFunc_args_NEWFUNC a = {self, args, kw, NULL};                                                                    \
        _HPy_CALL_THROUGH_CONTEXT(HPyFunc_NEWFUNC, IMPL, &a);                                                                \
        return a.result;                                                                                                     \
    }                                                                                                                        \
    static cpy_PyObject *SYM(cpy_PyObject *self, cpy_PyObject *args, cpy_PyObject *kw)                                       \
    {                                                                                                                        \
        if (_HPy_IS_DIRECT_WITH(_ctx_for_trampolines, args)) {                                                               \
            return _HPy_TO_HOST(IMPL(_ctx_for_trampolines, _HPy_FROM_HOST(self), _HPy_TUPLE_ITEMS(args),                     \
                                     _HPy_TUPLE_SIZE(args), _HPy_FROM_HOST(kw)));                                            \
        }                                                                                                                    \
        return SYM##_by_context(self, args, kw);                                                                             \
    }

/* The host passes the operation as an `int`. */
typedef struct {
    cpy_PyObject *arg0;
    cpy_PyObject *arg1;
    HPy_RichCmpOp arg2;
    cpy_PyObject *result;
} _HPyFunc_args_RICHCMPFUNC;

#define _HPyFunc_TRAMPOLINE_HPyFunc_RICHCMPFUNC(SYM, IMPL)                                                                   \
    _HPy_RARE static cpy_PyObject *SYM##_by_context(cpy_PyObject *left, cpy_PyObject *right, int op)                         \
    {                                                                                                                        \
        _HPyFunc_args_RICHCMPFUNC a = {left, right, (HPy_RichCmpOp)op, NULL};                                                \
        _HPy_CALL_THROUGH_CONTEXT(HPyFunc_RICHCMPFUNC, IMPL, &a);                                                            \
        return a.result;                                                                                                     \
    }                                                                                                                        \
    static cpy_PyObject *SYM(cpy_PyObject *left, cpy_PyObject *right, int op)                                                \
    {                                                                                                                        \
        if (_HPy_IS_DIRECT(_ctx_for_trampolines)) {                                                                          \
            return _HPy_TO_HOST(                                                                                             \
                IMPL(_ctx_for_trampolines, _HPy_FROM_HOST(left), _HPy_FROM_HOST(right), (HPy_RichCmpOp)op));                 \
        }                                                                                                                    \
        return SYM##_by_context(left, right, op);                                                                            \
    }

/* The author's function has no context and sees fields in place of objects: the context shows it the one for the other. */
typedef struct {
    cpy_PyObject *self;
    cpy_visitproc visit;
    void *arg;
    int result;
} _HPyFunc_args_TRAVERSEPROC;

#define _HPyFunc_TRAMPOLINE_HPyFunc_TRAVERSEPROC(SYM, IMPL)                                                                  \
    static int SYM(cpy_PyObject *self, cpy_visitproc visit, void *arg)                                                       \
    {                                                                                                                        \
        _HPyFunc_args_TRAVERSEPROC a = {self, visit, arg, 0};                                                                \
        _HPy_CALL_THROUGH_CONTEXT(HPyFunc_TRAVERSEPROC, IMPL, &a);                                                           \
        return a.result;                                                                                                     \
    }

/* The runtime calls the author's function itself; the host never sees it. */
#define _HPyFunc_TRAMPOLINE_HPyFunc_DESTROYFUNC(SYM, IMPL)                                                                   \
    static void SYM(void)                                                                                                    \
    {                                                                                                                        \
        abort();                                                                                                             \
    }

#define HPyCapsule_DESTRUCTOR_TRAMPOLINE(SYM, IMPL)                                                                          \
    static void SYM(cpy_PyObject *capsule)                                                                                   \
    {                                                                                                                        \
        _HPy_CALL_THROUGH_CONTEXT(HPyFunc_CAPSULE_DESTRUCTOR, IMPL, capsule);                                                \
    }

/* The host passes its module definition too. */
typedef struct {
    cpy_PyObject *arg0;
    cpy_PyObject *result;
} _HPyFunc_args_MOD_CREATE;

#define _HPyFunc_TRAMPOLINE_HPyFunc_MOD_CREATE(SYM, IMPL)                                                                    \
    static cpy_PyObject *SYM(cpy_PyObject *spec, cpy_PyModuleDef *_HPy_UNUSED_ARG(definition))                               \
    {                                                                                                                        \
        _HPyFunc_args_MOD_CREATE a = {spec, NULL};                                                                           \
        _HPy_CALL_THROUGH_CONTEXT(HPyFunc_MOD_CREATE, IMPL, &a);                                                             \
        return a.result;                                                                                                     \
    }

/* The second result is an object too. */
typedef struct {
    cpy_PyObject *arg0;
    cpy_PyObject *arg1;
    cpy_PyObject **arg2;
    int result;
} _HPyFunc_args_SENDFUNC;

#define _HPyFunc_TRAMPOLINE_HPyFunc_SENDFUNC(SYM, IMPL)                                                                      \
    _HPy_RARE static int SYM##_by_context(cpy_PyObject *self, cpy_PyObject *value, cpy_PyObject **result)                    \
    {                                                                                                                        \
        _HPyFunc_args_SENDFUNC a = {self, value, result, -1};                                                                \
        _HPy_CALL_THROUGH_CONTEXT(HPyFunc_SENDFUNC, IMPL, &a);                                                               \
        return a.result;                                                                                                     \
    }                                                                                                                        \
    static int SYM(cpy_PyObject *self, cpy_PyObject *value, cpy_PyObject **result)                                           \
    {                                                                                                                        \
        if (_HPy_IS_DIRECT(_ctx_for_trampolines)) {                                                                          \
            HPy h_result = HPy_NULL;                                                                                         \
            int outcome = IMPL(_ctx_for_trampolines, _HPy_FROM_HOST(self), _HPy_FROM_HOST(value), &h_result);                \
            *result = _HPy_TO_HOST(h_result);                                                                                \
            return outcome;                                                                                                  \
        }                                                                                                                    \
        return SYM##_by_context(self, value, result);                                                                        \
    }

#endif
