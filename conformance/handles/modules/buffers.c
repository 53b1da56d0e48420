/* Buffers: asked for, given out, and seen through memoryviews. */
#include "conformance.h"

#include <stdlib.h>

/* Asks with flags and returns the bytes, the size of an item, the format, the shape, and what it is: read only,
 * contiguous in the order of C and of Fortran. */
CASE(HPyBuffer_Get, 2)
{
    HPy_buffer view;
    HPy parts[8] = {HPy_NULL};
    if (HPyBuffer_Get(ctx, a[0], &view, small(ctx, a[1])) < 0) {
        return HPy_NULL;
    }
    int same = HPy_Is(ctx, view.obj, a[0]);
    parts[0] = HPyBytes_FromStringAndSize(ctx, (const char *)view.buf, view.len);
    parts[1] = HPyLong_FromSsize_t(ctx, view.itemsize);
    parts[2] = view.format == NULL ? none(ctx) : HPyUnicode_FromString(ctx, view.format);
    HPyTupleBuilder shape = HPyTupleBuilder_New(ctx, view.shape == NULL ? 0 : view.ndim);
    for (int i = 0; view.shape != NULL && i < view.ndim; i++) {
        HPy extent = HPyLong_FromSsize_t(ctx, view.shape[i]);
        HPyTupleBuilder_Set(ctx, shape, i, extent);
        HPy_Close(ctx, extent);
    }
    parts[3] = HPyTupleBuilder_Build(ctx, shape);
    parts[4] = HPyBool_FromBool(ctx, view.readonly != 0);
    parts[5] = HPyBool_FromBool(ctx, HPyBuffer_IsContiguous(ctx, &view, 'C'));
    parts[6] = HPyBool_FromBool(ctx, HPyBuffer_IsContiguous(ctx, &view, 'F'));
    parts[7] = HPyBool_FromBool(ctx, same);
    HPy all = HPyTuple_FromArray(ctx, parts, 8);
    for (int i = 0; i < 8; i++) {
        HPy_Close(ctx, parts[i]);
    }
    HPyBuffer_Release(ctx, &view);
    if (!HPy_IsNull(view.obj)) {
        HPy_Close(ctx, all);
        return HPyErr_SetString(ctx, ctx->h_AssertionError, "the view still has an object");
    }
    HPyBuffer_Release(ctx, &view);
    return all;
}

/* Writes a byte into an object's memory. */
CASE(write_byte, 3)
{
    HPy_buffer view;
    if (HPyBuffer_Get(ctx, a[0], &view, HPyBUF_WRITABLE) < 0) {
        return HPy_NULL;
    }
    ((unsigned char *)view.buf)[size_of(ctx, a[1])] = (unsigned char)small(ctx, a[2]);
    HPyBuffer_Release(ctx, &view);
    return none(ctx);
}

/* Holds a buffer while it calls. */
CASE(HPyBuffer_Release, 2)
{
    HPy_buffer view;
    if (HPyBuffer_Get(ctx, a[0], &view, HPyBUF_SIMPLE) < 0) {
        return HPy_NULL;
    }
    HPy result = HPy_CallNoArgs(ctx, a[1]);
    HPyBuffer_Release(ctx, &view);
    return result;
}

/* Contiguity by shape and strides, for 2 × 3 items of a byte: the strides come as two numbers. */
CASE(HPyBuffer_IsContiguous, 3)
{
    HPy_buffer view = {0};
    HPy_ssize_t shape[2] = {2, 3}, strides[2];
    const char *order = text(ctx, a[2]);
    strides[0] = size_of(ctx, a[0]);
    strides[1] = size_of(ctx, a[1]);
    view.len = 6;
    view.itemsize = 1;
    view.ndim = 2;
    view.shape = shape;
    view.strides = strides;
    return number(ctx, HPyBuffer_IsContiguous(ctx, &view, order[0]));
}

/* Fills a view that is not given to anyone. */
CASE(HPyBuffer_FillInfo, 3)
{
    static char memory[4] = "abc";
    HPy_buffer view;
    view.obj = a[0];
    if (HPyBuffer_FillInfo(ctx, &view, a[0], memory, 3, small(ctx, a[1]), small(ctx, a[2])) < 0) {
        return HPy_IsNull(view.obj) ? HPy_NULL : HPyErr_SetString(ctx, ctx->h_RuntimeError, "the view has an owner");
    }
    int right = view.buf == memory && view.len == 3 && view.itemsize == 1 && HPy_Is(ctx, view.obj, a[0]);
    right = right && (view.shape == NULL || view.shape[0] == 3) && (view.strides == NULL || view.strides[0] == 1);
    HPy_Close(ctx, view.obj);
    return number(ctx, right);
}

static char shared[8] = "shared!";

CASE(HPyMemoryView_FromMemory, 1)
{
    return HPyMemoryView_FromMemory(ctx, shared, 7, small(ctx, a[0]));
}

CASE(shared_memory, 0)
{
    (void)a;
    return HPyBytes_FromStringAndSize(ctx, shared, 7);
}

/* A type whose objects give out 2 × 3 numbers, and count the views. */
typedef struct {
    int64_t numbers[6];
    HPy_ssize_t shape[2];
    HPy_ssize_t strides[2];
    int64_t views;
} Grid;
HPyType_HELPERS(Grid)

HPyDef_SLOT(Grid_new, HPy_tp_new)
static HPy Grid_new_impl(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    Grid *grid;
    (void)args, (void)nargs, (void)kw;
    HPy h = HPy_New(ctx, type, &grid);
    if (!HPy_IsNull(h)) {
        for (int i = 0; i < 6; i++) {
            grid->numbers[i] = i * 10;
        }
    }
    return h;
}

HPyDef_SLOT(Grid_getbuffer, HPy_bf_getbuffer)
static int Grid_getbuffer_impl(HPyContext *ctx, HPy self, HPy_buffer *view, int flags)
{
    Grid *grid = Grid_AsStruct(ctx, self);
    if ((flags & HPyBUF_STRIDES) != HPyBUF_STRIDES) {
        view->obj = HPy_NULL;
        HPyErr_SetString(ctx, ctx->h_BufferError, "a grid has strides");
        return -1;
    }
    grid->shape[0] = 2, grid->shape[1] = 3;
    grid->strides[0] = 24, grid->strides[1] = 8;
    view->buf = grid->numbers;
    view->obj = HPy_Dup(ctx, self);
    view->len = 48;
    view->itemsize = 8;
    view->readonly = 0;
    view->ndim = 2;
    view->format = flags & HPyBUF_FORMAT ? "q" : NULL;
    view->shape = grid->shape;
    view->strides = grid->strides;
    view->suboffsets = NULL;
    view->internal = &grid->views;
    grid->views++;
    return 0;
}

HPyDef_SLOT(Grid_releasebuffer, HPy_bf_releasebuffer)
static void Grid_releasebuffer_impl(HPyContext *ctx, HPy self, HPy_buffer *view)
{
    Grid *grid = Grid_AsStruct(ctx, self);
    if (view->internal == &grid->views) {
        grid->views--;
    }
}

HPyDef_MEMBER(Grid_views, "views", HPyMember_LONGLONG, offsetof(Grid, views), .readonly = 1)

static HPyDef *Grid_defines[] = {&Grid_new, &Grid_getbuffer, &Grid_releasebuffer, &Grid_views, NULL};
static HPyType_Spec Grid_spec = {
    .name = "cases_buffers.Grid", .basicsize = sizeof(Grid), .builtin_shape = SHAPE(Grid), .flags = HPy_TPFLAGS_DEFAULT,
    .defines = Grid_defines};

/* A type that gives out its memory by HPyBuffer_FillInfo, read only. */
typedef struct {
    char memory[4];
} Plain;
HPyType_HELPERS(Plain)

HPyDef_SLOT(Plain_getbuffer, HPy_bf_getbuffer)
static int Plain_getbuffer_impl(HPyContext *ctx, HPy self, HPy_buffer *view, int flags)
{
    Plain *plain = Plain_AsStruct(ctx, self);
    memcpy(plain->memory, "data", 4);
    return HPyBuffer_FillInfo(ctx, view, self, plain->memory, 4, 1, flags);
}

static HPyDef *Plain_defines[] = {&Plain_getbuffer, NULL};
static HPyType_Spec Plain_spec = {
    .name = "cases_buffers.Plain", .basicsize = sizeof(Plain), .builtin_shape = SHAPE(Plain), .flags = HPy_TPFLAGS_DEFAULT,
    .defines = Plain_defines};

HPyDef_SLOT(types, HPy_mod_exec)
static int types_impl(HPyContext *ctx, HPy module)
{
    return HPyModule_AddType(ctx, module, &Grid_spec, NULL, NULL) < 0 ||
                   HPyModule_AddType(ctx, module, &Plain_spec, NULL, NULL) < 0
               ? -1
               : 0;
}

#define CASES(X)                                                                                                             \
    X(OWN, HPyBuffer_Get) X(OWN, write_byte) X(OWN, HPyBuffer_Release) X(OWN, HPyBuffer_IsContiguous)                        \
    X(OWN, HPyBuffer_FillInfo) X(OWN, HPyMemoryView_FromMemory) X(OWN, shared_memory) X(N1, HPyBuffer_Check)                 \
    X(H1, HPyMemoryView_FromObject)

CASES(DEFINE)
HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)

static HPyDef *defines[] = {CASES(LISTED) & types, &gil, NULL};
static HPyModuleDef definition = {.doc = "Cases of the conformance suite.", .defines = defines};
HPy_MODINIT(cases_buffers, definition)
