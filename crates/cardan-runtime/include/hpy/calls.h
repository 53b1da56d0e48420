/* The functions of the context that do more than call it. Part of hpy.h. */
#ifndef CARDAN_HPY_CALLS_H
#define CARDAN_HPY_CALLS_H

typedef int64_t _HPy_MAY_ALIAS _HPy_wide_count;
typedef int32_t _HPy_MAY_ALIAS _HPy_narrow_count;

/* A new handle for the same object; HPy_NULL for HPy_NULL. */
HPyAPI_FUNC HPy HPy_Dup(HPyContext *ctx, HPy h)
{
    /* Production contexts on known hosts say where the count is; a negative narrow count belongs to an immortal object. */
    if (_HPy_LIKELY(ctx->count_width != 0)) {
        if (HPy_IsNull(h)) {
            return h;
        }
        if (ctx->count_width == sizeof(_HPy_narrow_count)) {
            _HPy_narrow_count *count = (_HPy_narrow_count *)h._i;
            if (*count >= 0) {
                *count = (_HPy_narrow_count)((uint32_t)*count + 1);
            }
        } else {
            *(_HPy_wide_count *)h._i += 1;
        }
        return h;
    }
    return ctx->ctx_Dup(ctx, h);
}

/* Closes a handle; does nothing for HPy_NULL. */
HPyAPI_FUNC void HPy_Close(HPyContext *ctx, HPy h)
{
    if (_HPy_LIKELY(ctx->count_width != 0)) {
        if (HPy_IsNull(h)) {
            return;
        }
        if (ctx->count_width == sizeof(_HPy_narrow_count)) {
            _HPy_narrow_count *count = (_HPy_narrow_count *)h._i;
            if (*count < 0) {
                return;
            }
            if (*count > 1) {
                *count -= 1;
                return;
            }
        } else {
            _HPy_wide_count *count = (_HPy_wide_count *)h._i;
            if (*count > 1) {
                *count -= 1;
                return;
            }
        }
    }
    /* The last handle: the object goes. */
    ctx->ctx_Close(ctx, h);
}

HPyAPI_FUNC void *_HPy_AsStruct_Object(HPyContext *ctx, HPy h)
{
    if (_HPy_LIKELY(ctx->data_offset != 0)) {
        return (char *)h._i + ctx->data_offset;
    }
    return ctx->ctx_AsStruct_Object(ctx, h);
}

HPyAPI_FUNC HPy _HPy_New(HPyContext *ctx, HPy h_type, void **data)
{
    /* The context is given another variable, so that the compiler may keep the caller's in a register. */
    void *memory = NULL;
    HPy h = ctx->ctx_New(ctx, h_type, &memory);
    *data = memory;
    return h;
}

/* `Point *point; HPy h = HPy_New(ctx, type, &point);` */
#define HPy_New(ctx, cls, data) (_HPy_New((ctx), (cls), (void **)(data)))

HPyAPI_FUNC _HPy_NO_RETURN void HPy_FatalError(HPyContext *ctx, const char *message)
{
    ctx->ctx_FatalError(ctx, message);
    /* Not reached, but the compiler does not know. */
    abort();
}

/* From a handle to the host's object and back: each result is a new reference, or a new handle. */
#ifdef HPY_ABI_HYBRID
HPyAPI_FUNC cpy_PyObject *HPy_AsPyObject(HPyContext *ctx, HPy h)
{
    _HPy_ESCAPE_HATCH("HPy_AsPyObject");
    return ctx->ctx_AsPyObject(ctx, h);
}

HPyAPI_FUNC HPy HPy_FromPyObject(HPyContext *ctx, cpy_PyObject *obj)
{
    _HPy_ESCAPE_HATCH("HPy_FromPyObject");
    return ctx->ctx_FromPyObject(ctx, obj);
}
#else
_HPY_LEGACY cpy_PyObject *HPy_AsPyObject(HPyContext *ctx, HPy h);
_HPY_LEGACY HPy HPy_FromPyObject(HPyContext *ctx, cpy_PyObject *obj);
#endif

/* The struct of an object that starts with PyObject_HEAD. */
HPyAPI_FUNC void *_HPy_AsStruct_WithHead(HPyContext *ctx, HPy h)
{
    _HPy_ESCAPE_HATCH("PyObject_HEAD");
    return _HPy_AsStruct_Legacy(ctx, h);
}

HPyAPI_FUNC void *HPyCapsule_GetPointer(HPyContext *ctx, HPy capsule, const char *utf8_name)
{
    return ctx->ctx_Capsule_Get(ctx, capsule, HPyCapsule_key_Pointer, utf8_name);
}

HPyAPI_FUNC const char *HPyCapsule_GetName(HPyContext *ctx, HPy capsule)
{
    return (const char *)ctx->ctx_Capsule_Get(ctx, capsule, HPyCapsule_key_Name, NULL);
}

HPyAPI_FUNC void *HPyCapsule_GetContext(HPyContext *ctx, HPy capsule)
{
    return ctx->ctx_Capsule_Get(ctx, capsule, HPyCapsule_key_Context, NULL);
}

HPyAPI_FUNC int HPyCapsule_SetPointer(HPyContext *ctx, HPy capsule, void *pointer)
{
    return ctx->ctx_Capsule_Set(ctx, capsule, HPyCapsule_key_Pointer, pointer);
}

HPyAPI_FUNC int HPyCapsule_SetName(HPyContext *ctx, HPy capsule, const char *utf8_name)
{
    return ctx->ctx_Capsule_Set(ctx, capsule, HPyCapsule_key_Name, (void *)utf8_name);
}

HPyAPI_FUNC int HPyCapsule_SetContext(HPyContext *ctx, HPy capsule, void *context)
{
    return ctx->ctx_Capsule_Set(ctx, capsule, HPyCapsule_key_Context, context);
}

HPyAPI_FUNC int HPyCapsule_SetDestructor(HPyContext *ctx, HPy capsule, HPyCapsule_Destructor *destructor)
{
    return ctx->ctx_Capsule_Set(ctx, capsule, HPyCapsule_key_Destructor, (void *)destructor);
}

#endif
