/* Helpers over the context: none of them is an entry of its own. Part of hpy.h. */
#ifndef CARDAN_HPY_HELPERS_H
#define CARDAN_HPY_HELPERS_H

/* ---- Arguments and values by format; the formats are those of PyArg_Parse* and Py_BuildValue, as far as HPy has them ---- */

/* Converts positional arguments and stores them. Handles that it makes are closed with `ht`, which it creates if it is not
 * NULL; the caller closes it with `HPyTracker_Close`. Returns 1, or 0 with an exception and nothing left to close. */
HPyAPI_HELPER int HPyArg_Parse(HPyContext *ctx, HPyTracker *ht, const HPy *args, size_t nargs, const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    int done = cardan_HPyArg_Parse(ctx, ht, args, nargs, fmt, &arguments);
    va_end(arguments);
    return done;
}

/* The same for a function of the signature KEYWORDS. `keywords` holds the names of all parameters and ends with NULL. */
HPyAPI_HELPER int HPyArg_ParseKeywords(HPyContext *ctx, HPyTracker *ht, const HPy *args, size_t nargs, HPy kwnames,
                                       const char *fmt, const char *keywords[], ...)
{
    va_list arguments;
    va_start(arguments, keywords);
    int done = cardan_HPyArg_ParseKeywords(ctx, ht, args, nargs, kwnames, fmt, (const char *const *)keywords, &arguments);
    va_end(arguments);
    return done;
}

/* The same for functions that get their keyword arguments as a dict or HPy_NULL: `tp_new`, `tp_init`. */
HPyAPI_HELPER int HPyArg_ParseKeywordsDict(HPyContext *ctx, HPyTracker *ht, const HPy *args, HPy_ssize_t nargs, HPy kw,
                                           const char *fmt, const char *keywords[], ...)
{
    va_list arguments;
    va_start(arguments, keywords);
    int done = cardan_HPyArg_ParseKeywordsDict(ctx, ht, args, nargs, kw, fmt, (const char *const *)keywords, &arguments);
    va_end(arguments);
    return done;
}

/* A new handle for what the format says, or HPy_NULL with an exception. */
HPyAPI_HELPER HPy HPy_BuildValue(HPyContext *ctx, const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    HPy h = cardan_HPy_BuildValue(ctx, fmt, &arguments);
    va_end(arguments);
    return h;
}

/* A new str, or HPy_NULL with an exception. The format is that of PyUnicode_FromFormat, with handles for objects. */
HPyAPI_HELPER HPy HPyUnicode_FromFormatV(HPyContext *ctx, const char *fmt, va_list arguments)
{
    /* A parameter of this type may be a pointer already. */
    va_list copy;
    va_copy(copy, arguments);
    HPy h = cardan_HPyUnicode_FromFormat(ctx, fmt, &copy);
    va_end(copy);
    return h;
}

HPyAPI_HELPER HPy HPyUnicode_FromFormat(HPyContext *ctx, const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    HPy h = cardan_HPyUnicode_FromFormat(ctx, fmt, &arguments);
    va_end(arguments);
    return h;
}

/* Raises an exception with a message of that format. Returns HPy_NULL always. */
HPyAPI_HELPER HPy HPyErr_Format(HPyContext *ctx, HPy h_type, const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    HPy h = cardan_HPyErr_Format(ctx, h_type, fmt, &arguments);
    va_end(arguments);
    return h;
}

/* A new tuple of n handles, which stay the caller's, or HPy_NULL with an exception. */
HPyAPI_INLINE_HELPER HPy HPyTuple_Pack(HPyContext *ctx, HPy_ssize_t n, ...)
{
    HPy few[8];
    HPy h = HPy_NULL;
    va_list arguments;
    va_start(arguments, n);
    if (n <= (HPy_ssize_t)(sizeof(few) / sizeof(few[0]))) {
        for (HPy_ssize_t i = 0; i < n; i++) {
            few[i] = va_arg(arguments, HPy);
        }
        h = HPyTuple_FromArray(ctx, few, n);
    } else {
        HPyTupleBuilder builder = HPyTupleBuilder_New(ctx, n);
        for (HPy_ssize_t i = 0; i < n; i++) {
            HPyTupleBuilder_Set(ctx, builder, i, va_arg(arguments, HPy));
        }
        h = HPyTupleBuilder_Build(ctx, builder);
    }
    va_end(arguments);
    return h;
}

/* ---- Struct sequences: tuples with named items ---- */

/* The name of an item that has none. */
_HPy_UNUSED static const char *const HPyStructSequence_UnnamedField = "_";

/* A new type, or HPy_NULL with an exception. The array of fields ends with a name that is NULL. */
HPyAPI_HELPER HPy HPyStructSequence_NewType(HPyContext *ctx, HPyStructSequence_Desc *desc)
{
    return cardan_HPyStructSequence_NewType(ctx, desc);
}

/* A new object of such a type with all its items, or HPy_NULL with an exception. */
HPyAPI_HELPER HPy HPyStructSequence_New(HPyContext *ctx, HPy type, HPy_ssize_t nargs, HPy *args)
{
    return cardan_HPyStructSequence_New(ctx, type, nargs, args);
}

/* ---- Types and calls ---- */

/* Makes a type and sets it as an attribute. Returns 1, or 0 with an exception. */
HPyAPI_HELPER int HPyHelpers_AddType(HPyContext *ctx, HPy obj, const char *name, HPyType_Spec *spec,
                                     HPyType_SpecParam *params)
{
    return cardan_HPyHelpers_AddType(ctx, obj, name, spec, params);
}

/* Makes a tuple and a dict of the arguments of a function of the signature KEYWORDS; either is HPy_NULL if there is nothing
 * to go in. Returns 1, or 0 with an exception. */
HPyAPI_HELPER int HPyHelpers_PackArgsAndKeywords(HPyContext *ctx, const HPy *args, size_t nargs, HPy kwnames,
                                                 HPy *out_args_tuple, HPy *out_kwd)
{
    return cardan_HPyHelpers_PackArgsAndKeywords(ctx, args, nargs, kwnames, out_args_tuple, out_kwd);
}

/* Calls a method with a tuple and a dict, either of which may be HPy_NULL. A new handle, or HPy_NULL with an exception. */
HPyAPI_INLINE_HELPER HPy HPy_CallMethodTupleDict(HPyContext *ctx, HPy name, HPy receiver, HPy args, HPy kw)
{
    HPy h = HPy_NULL;
    HPy method = HPy_GetAttr(ctx, receiver, name);
    if (!HPy_IsNull(method)) {
        h = HPy_CallTupleDict(ctx, method, args, kw);
        HPy_Close(ctx, method);
    }
    return h;
}

HPyAPI_INLINE_HELPER HPy HPy_CallMethodTupleDict_s(HPyContext *ctx, const char *utf8_name, HPy receiver, HPy args, HPy kw)
{
    HPy h = HPy_NULL;
    HPy method = HPy_GetAttr_s(ctx, receiver, utf8_name);
    if (!HPy_IsNull(method)) {
        h = HPy_CallTupleDict(ctx, method, args, kw);
        HPy_Close(ctx, method);
    }
    return h;
}

/* Deletes an attribute. Returns 0, or -1 with an exception. */
HPyAPI_INLINE_HELPER int HPy_DelAttr(HPyContext *ctx, HPy obj, HPy name)
{
    return HPy_SetAttr(ctx, obj, name, HPy_NULL);
}

HPyAPI_INLINE_HELPER int HPy_DelAttr_s(HPyContext *ctx, HPy obj, const char *utf8_name)
{
    return HPy_SetAttr_s(ctx, obj, utf8_name, HPy_NULL);
}

/* `return` of a comparison's result, in a function of the signature RICHCMPFUNC. */
#define HPy_RETURN_RICHCOMPARE(ctx, val1, val2, op)                                                                          \
    do {                                                                                                                     \
        bool _HPy_holds = false;                                                                                             \
        switch (op) {                                                                                                        \
        case HPy_LT: _HPy_holds = (val1) < (val2); break;                                                                    \
        case HPy_LE: _HPy_holds = (val1) <= (val2); break;                                                                   \
        case HPy_EQ: _HPy_holds = (val1) == (val2); break;                                                                   \
        case HPy_NE: _HPy_holds = (val1) != (val2); break;                                                                   \
        case HPy_GT: _HPy_holds = (val1) > (val2); break;                                                                    \
        case HPy_GE: _HPy_holds = (val1) >= (val2); break;                                                                   \
        default: HPy_FatalError((ctx), "HPy_RETURN_RICHCOMPARE: no such operation");                                         \
        }                                                                                                                    \
        return HPy_Dup((ctx), _HPy_holds ? (ctx)->h_True : (ctx)->h_False);                                                  \
    } while (0)

/* ---- Errors ---- */

/* Raise an OSError, or another exception of that kind, for the current `errno`. Return HPy_NULL always. */
HPyAPI_INLINE_HELPER HPy HPyErr_SetFromErrno(HPyContext *ctx, HPy h_type)
{
    return HPyErr_SetFromErrnoWithFilenameObjects(ctx, h_type, HPy_NULL, HPy_NULL);
}

HPyAPI_INLINE_HELPER HPy HPyErr_SetFromErrnoWithFilenameObject(HPyContext *ctx, HPy h_type, HPy filename)
{
    return HPyErr_SetFromErrnoWithFilenameObjects(ctx, h_type, filename, HPy_NULL);
}

/* ---- Numbers: from and to C's types, whatever their width ---- */

HPyAPI_INLINE_HELPER HPy HPyBool_FromLong(HPyContext *ctx, long value)
{
    return HPyBool_FromBool(ctx, value != 0);
}

HPyAPI_INLINE_HELPER HPy HPyLong_FromLong(HPyContext *ctx, long value)
{
    return sizeof(long) == sizeof(int32_t) ? HPyLong_FromInt32_t(ctx, (int32_t)value)
                                           : HPyLong_FromInt64_t(ctx, (int64_t)value);
}

HPyAPI_INLINE_HELPER HPy HPyLong_FromUnsignedLong(HPyContext *ctx, unsigned long value)
{
    return sizeof(long) == sizeof(int32_t) ? HPyLong_FromUInt32_t(ctx, (uint32_t)value)
                                           : HPyLong_FromUInt64_t(ctx, (uint64_t)value);
}

HPyAPI_INLINE_HELPER HPy HPyLong_FromLongLong(HPyContext *ctx, long long value)
{
    return HPyLong_FromInt64_t(ctx, (int64_t)value);
}

HPyAPI_INLINE_HELPER HPy HPyLong_FromUnsignedLongLong(HPyContext *ctx, unsigned long long value)
{
    return HPyLong_FromUInt64_t(ctx, (uint64_t)value);
}

HPyAPI_INLINE_HELPER long HPyLong_AsLong(HPyContext *ctx, HPy h)
{
    return sizeof(long) == sizeof(int32_t) ? (long)HPyLong_AsInt32_t(ctx, h) : (long)HPyLong_AsInt64_t(ctx, h);
}

HPyAPI_INLINE_HELPER unsigned long HPyLong_AsUnsignedLong(HPyContext *ctx, HPy h)
{
    return sizeof(long) == sizeof(int32_t) ? (unsigned long)HPyLong_AsUInt32_t(ctx, h)
                                           : (unsigned long)HPyLong_AsUInt64_t(ctx, h);
}

HPyAPI_INLINE_HELPER unsigned long HPyLong_AsUnsignedLongMask(HPyContext *ctx, HPy h)
{
    return sizeof(long) == sizeof(int32_t) ? (unsigned long)HPyLong_AsUInt32_tMask(ctx, h)
                                           : (unsigned long)HPyLong_AsUInt64_tMask(ctx, h);
}

HPyAPI_INLINE_HELPER long long HPyLong_AsLongLong(HPyContext *ctx, HPy h)
{
    return (long long)HPyLong_AsInt64_t(ctx, h);
}

HPyAPI_INLINE_HELPER unsigned long long HPyLong_AsUnsignedLongLong(HPyContext *ctx, HPy h)
{
    return (unsigned long long)HPyLong_AsUInt64_t(ctx, h);
}

HPyAPI_INLINE_HELPER unsigned long long HPyLong_AsUnsignedLongLongMask(HPyContext *ctx, HPy h)
{
    return (unsigned long long)HPyLong_AsUInt64_tMask(ctx, h);
}

/* Process ids are an `int`; the last is the format of HPyArg_Parse for one. */
#define HPyLong_FromPid HPyLong_FromLong
#define HPyLong_AsPid HPyLong_AsLong
#define _HPy_PARSE_PID "i"

/* ---- Slices ---- */

/* Fits the indices of a slice to a sequence of that length, and returns how many items the slice has. The step is not 0. */
HPyAPI_INLINE_HELPER HPy_ssize_t HPySlice_AdjustIndices(HPyContext *_HPy_UNUSED_ARG(ctx), HPy_ssize_t length,
                                                        HPy_ssize_t *start, HPy_ssize_t *stop, HPy_ssize_t step)
{
    /* A slice that goes down may end before the first item, but begins with the last one at most. */
    HPy_ssize_t lowest = step < 0 ? -1 : 0;
    HPy_ssize_t highest = step < 0 ? length - 1 : length;
    HPy_ssize_t *ends[2] = {start, stop};
    assert(step != 0 && step >= -HPY_SSIZE_T_MAX);
    for (int i = 0; i < 2; i++) {
        HPy_ssize_t end = *ends[i];
        if (end < 0) {
            end += length;
            *ends[i] = end < 0 ? lowest : end;
        } else if (end >= length) {
            *ends[i] = highest;
        }
    }
    HPy_ssize_t distance = step < 0 ? *start - *stop : *stop - *start;
    HPy_ssize_t stride = step < 0 ? -step : step;
    return distance > 0 ? (distance - 1) / stride + 1 : 0;
}

/* ---- Threads ---- */

/* Around code that uses no handle and may take long: other threads run Python meanwhile. */
#define HPy_BEGIN_LEAVE_PYTHON(ctx)                                                                                          \
    {                                                                                                                        \
        HPyThreadState _HPy_thread = HPy_LeavePythonExecution(ctx);
#define HPy_END_LEAVE_PYTHON(ctx)                                                                                            \
    HPy_ReenterPythonExecution((ctx), _HPy_thread);                                                                          \
    }

/* Around code that needs an object for itself where there is no GIL. */
#define HPy_BEGIN_CRITICAL_SECTION(ctx, h)                                                                                   \
    {                                                                                                                        \
        HPyCriticalSection _HPy_section;                                                                                     \
        HPyCriticalSection_Begin((ctx), &_HPy_section, (h));
#define HPy_END_CRITICAL_SECTION(ctx)                                                                                        \
    HPyCriticalSection_End((ctx), &_HPy_section);                                                                            \
    }
#define HPy_BEGIN_CRITICAL_SECTION2(ctx, h1, h2)                                                                             \
    {                                                                                                                        \
        HPyCriticalSection2 _HPy_section;                                                                                    \
        HPyCriticalSection_Begin2((ctx), &_HPy_section, (h1), (h2));
#define HPy_END_CRITICAL_SECTION2(ctx)                                                                                       \
    HPyCriticalSection_End2((ctx), &_HPy_section);                                                                           \
    }

#endif
