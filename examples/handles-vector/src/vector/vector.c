/* Vector: a type that never changes. */
#include "vector.h"

#include <math.h>

HPyGlobal vector_type;

/* Sums of as many values let other threads run meanwhile. */
#define LONG_SUM 100000

static HPy
make(HPyContext *ctx, HPy type, HPy_ssize_t count, Vector **data)
{
    HPy h = HPy_New(ctx, type, data);
    if (HPy_IsNull(h)) {
        return HPy_NULL;
    }
    (*data)->values = (double *)calloc(count > 0 ? (size_t)count : 1, sizeof(double));
    if ((*data)->values == NULL) {
        HPy_Close(ctx, h);
        return HPyErr_NoMemory(ctx);
    }
    (*data)->count = count;
    return h;
}

HPy
vector_new(HPyContext *ctx, HPy_ssize_t count, Vector **data)
{
    HPy type = HPyGlobal_Load(ctx, vector_type);
    HPy h = make(ctx, type, count, data);
    HPy_Close(ctx, type);
    return h;
}

static bool
is_vector(HPyContext *ctx, HPy h)
{
    HPy type = HPyGlobal_Load(ctx, vector_type);
    bool answer = HPy_TypeCheck(ctx, h, type);
    HPy_Close(ctx, type);
    return answer;
}

Vector *
vector_of(HPyContext *ctx, HPy h)
{
    if (!is_vector(ctx, h)) {
        HPyErr_Format(ctx, ctx->h_TypeError, "expected a Vector, not %R", h);
        return NULL;
    }
    return Vector_AsStruct(ctx, h);
}

bool
same_dimension(HPyContext *ctx, const Vector *left, const Vector *right)
{
    if (left->count == right->count) {
        return true;
    }
    HPy error = HPyGlobal_Load(ctx, dimension_error);
    HPyErr_Format(ctx, error, "one vector has %zd dimensions, the other %zd", left->count, right->count);
    HPy_Close(ctx, error);
    return false;
}

/* ---- Making ---- */

/* --8<-- [start:from_buffer] */
/* A new Vector of the values of a buffer of doubles. */
static HPy
from_buffer(HPyContext *ctx, HPy type, HPy source)
{
    HPy_buffer view;
    if (HPyBuffer_Get(ctx, source, &view, HPyBUF_C_CONTIGUOUS | HPyBUF_FORMAT) < 0) {
        return HPy_NULL;
    }
    HPy h = HPy_NULL;
    if (view.ndim != 1 || view.format == NULL || strcmp(view.format, "d") != 0) {
        HPyErr_Format(ctx, ctx->h_TypeError, "expected a row of doubles (format 'd'), not %d dimensions of format '%s'",
                      view.ndim, view.format == NULL ? "B" : view.format);
    } else {
        Vector *vector;
        h = make(ctx, type, view.len / view.itemsize, &vector);
        if (!HPy_IsNull(h)) {
            memcpy(vector->values, view.buf, (size_t)view.len);
        }
    }
    HPyBuffer_Release(ctx, &view);
    return h;
}
/* --8<-- [end:from_buffer] */

/* A new Vector of the numbers of an iterable. */
static HPy
from_iterable(HPyContext *ctx, HPy type, HPy source)
{
    HPy numbers = HPySequence_Tuple(ctx, source);
    if (HPy_IsNull(numbers)) {
        return HPy_NULL;
    }
    Vector *vector;
    HPy h = make(ctx, type, HPy_Length(ctx, numbers), &vector);
    for (HPy_ssize_t index = 0; !HPy_IsNull(h) && index < vector->count; index++) {
        HPy number = HPy_GetItem_i(ctx, numbers, index);
        vector->values[index] = HPyFloat_AsDouble(ctx, number);
        HPy_Close(ctx, number);
        if (vector->values[index] == -1.0 && HPyErr_Occurred(ctx)) {
            HPy_Close(ctx, h);
            h = HPy_NULL;
        }
    }
    HPy_Close(ctx, numbers);
    return h;
}

HPyDef_SLOT(Vector_new, HPy_tp_new)
static HPy Vector_new_impl(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    static const char *keywords[] = {"values", NULL};
    HPyTracker tracker;
    HPy source;
    if (!HPyArg_ParseKeywordsDict(ctx, &tracker, args, nargs, kw, "O:Vector", keywords, &source)) {
        return HPy_NULL;
    }
    HPy h = HPyBuffer_Check(ctx, source) ? from_buffer(ctx, type, source) : from_iterable(ctx, type, source);
    HPyTracker_Close(ctx, tracker);
    return h;
}

HPyDef_SLOT(Vector_destroy, HPy_tp_destroy)
static void Vector_destroy_impl(void *data)
{
    free(((Vector *)data)->values);
}

/* ---- As a sequence ---- */

HPyDef_SLOT(Vector_length, HPy_sq_length)
static HPy_ssize_t Vector_length_impl(HPyContext *ctx, HPy self)
{
    return Vector_AsStruct(ctx, self)->count;
}

HPyDef_SLOT(Vector_item, HPy_sq_item)
static HPy Vector_item_impl(HPyContext *ctx, HPy self, HPy_ssize_t index)
{
    Vector *vector = Vector_AsStruct(ctx, self);
    if (index < 0 || index >= vector->count) {
        return HPyErr_SetString(ctx, ctx->h_IndexError, "there is no such dimension");
    }
    return HPyFloat_FromDouble(ctx, vector->values[index]);
}

HPyDef_SLOT(Vector_iter, HPy_tp_iter)
static HPy Vector_iter_impl(HPyContext *ctx, HPy self)
{
    return iterator_new(ctx, self);
}

HPyDef_METH(Vector_tolist, "tolist", HPyFunc_NOARGS, .doc = "tolist()\n--\n\nThe values in a list.")
static HPy Vector_tolist_impl(HPyContext *ctx, HPy self)
{
    Vector *vector = Vector_AsStruct(ctx, self);
    HPyListBuilder builder = HPyListBuilder_New(ctx, vector->count);
    for (HPy_ssize_t index = 0; index < vector->count; index++) {
        HPy number = HPyFloat_FromDouble(ctx, vector->values[index]);
        if (HPy_IsNull(number)) {
            HPyListBuilder_Cancel(ctx, builder);
            return HPy_NULL;
        }
        HPyListBuilder_Set(ctx, builder, index, number);
        HPy_Close(ctx, number);
    }
    return HPyListBuilder_Build(ctx, builder);
}

HPyDef_SLOT(Vector_repr, HPy_tp_repr)
static HPy Vector_repr_impl(HPyContext *ctx, HPy self)
{
    HPy list = Vector_tolist_impl(ctx, self);
    if (HPy_IsNull(list)) {
        return HPy_NULL;
    }
    HPy text = HPyUnicode_FromFormat(ctx, "Vector(%R)", list);
    HPy_Close(ctx, list);
    return text;
}

/* ---- Operators ---- */

/* left + sign * right */
static HPy
combine(HPyContext *ctx, HPy left, HPy right, double sign)
{
    if (!is_vector(ctx, left) || !is_vector(ctx, right)) {
        return HPy_Dup(ctx, ctx->h_NotImplemented);
    }
    Vector *a = Vector_AsStruct(ctx, left), *b = Vector_AsStruct(ctx, right), *sum;
    if (!same_dimension(ctx, a, b)) {
        return HPy_NULL;
    }
    HPy h = vector_new(ctx, a->count, &sum);
    for (HPy_ssize_t index = 0; !HPy_IsNull(h) && index < a->count; index++) {
        sum->values[index] = a->values[index] + sign * b->values[index];
    }
    return h;
}

HPyDef_SLOT(Vector_add, HPy_nb_add)
static HPy Vector_add_impl(HPyContext *ctx, HPy left, HPy right)
{
    return combine(ctx, left, right, 1.0);
}

HPyDef_SLOT(Vector_subtract, HPy_nb_subtract)
static HPy Vector_subtract_impl(HPyContext *ctx, HPy left, HPy right)
{
    return combine(ctx, left, right, -1.0);
}

static HPy
scaled(HPyContext *ctx, HPy h, double factor)
{
    Vector *vector = Vector_AsStruct(ctx, h), *result;
    HPy h_result = vector_new(ctx, vector->count, &result);
    for (HPy_ssize_t index = 0; !HPy_IsNull(h_result) && index < vector->count; index++) {
        result->values[index] = factor * vector->values[index];
    }
    return h_result;
}

HPyDef_SLOT(Vector_negative, HPy_nb_negative)
static HPy Vector_negative_impl(HPyContext *ctx, HPy self)
{
    return scaled(ctx, self, -1.0);
}

/* Either operand is the number. */
HPyDef_SLOT(Vector_multiply, HPy_nb_multiply)
static HPy Vector_multiply_impl(HPyContext *ctx, HPy left, HPy right)
{
    HPy h = is_vector(ctx, left) ? left : right;
    HPy number = is_vector(ctx, left) ? right : left;
    if (is_vector(ctx, number) || !HPyNumber_Check(ctx, number)) {
        return HPy_Dup(ctx, ctx->h_NotImplemented);
    }
    double factor = HPyFloat_AsDouble(ctx, number);
    if (factor == -1.0 && HPyErr_Occurred(ctx)) {
        return HPy_NULL;
    }
    return scaled(ctx, h, factor);
}

static double
dot(const Vector *left, const Vector *right)
{
    double sum = 0.0;
    for (HPy_ssize_t index = 0; index < left->count; index++) {
        sum += left->values[index] * right->values[index];
    }
    return sum;
}

/* --8<-- [start:leave] */
/* The dot product of two vectors of one dimension. The handles of both are open, so that the values stay. */
static double
dot_with_others_running(HPyContext *ctx, const Vector *left, const Vector *right)
{
    double sum;
    if (left->count < LONG_SUM) {
        return dot(left, right);
    }
    HPy_BEGIN_LEAVE_PYTHON(ctx)
    sum = dot(left, right);
    HPy_END_LEAVE_PYTHON(ctx)
    return sum;
}
/* --8<-- [end:leave] */

HPyDef_SLOT(Vector_matmul, HPy_nb_matrix_multiply)
static HPy Vector_matmul_impl(HPyContext *ctx, HPy left, HPy right)
{
    if (!is_vector(ctx, left) || !is_vector(ctx, right)) {
        return HPy_Dup(ctx, ctx->h_NotImplemented);
    }
    Vector *a = Vector_AsStruct(ctx, left), *b = Vector_AsStruct(ctx, right);
    if (!same_dimension(ctx, a, b)) {
        return HPy_NULL;
    }
    return HPyFloat_FromDouble(ctx, dot_with_others_running(ctx, a, b));
}

HPyDef_SLOT(Vector_absolute, HPy_nb_absolute)
static HPy Vector_absolute_impl(HPyContext *ctx, HPy self)
{
    Vector *vector = Vector_AsStruct(ctx, self);
    return HPyFloat_FromDouble(ctx, sqrt(dot_with_others_running(ctx, vector, vector)));
}

HPyDef_SLOT(Vector_bool, HPy_nb_bool)
static int Vector_bool_impl(HPyContext *ctx, HPy self)
{
    Vector *vector = Vector_AsStruct(ctx, self);
    for (HPy_ssize_t index = 0; index < vector->count; index++) {
        if (vector->values[index] != 0.0) {
            return 1;
        }
    }
    return 0;
}

HPyDef_SLOT(Vector_compare, HPy_tp_richcompare)
static HPy Vector_compare_impl(HPyContext *ctx, HPy left, HPy right, HPy_RichCmpOp op)
{
    if ((op != HPy_EQ && op != HPy_NE) || !is_vector(ctx, right)) {
        return HPy_Dup(ctx, ctx->h_NotImplemented);
    }
    Vector *a = Vector_AsStruct(ctx, left), *b = Vector_AsStruct(ctx, right);
    bool equal = a->count == b->count;
    for (HPy_ssize_t index = 0; equal && index < a->count; index++) {
        equal = a->values[index] == b->values[index];
    }
    return HPyBool_FromBool(ctx, equal == (op == HPy_EQ));
}

/* ---- As a buffer ---- */

/* --8<-- [start:buffer] */
HPyDef_SLOT(Vector_getbuffer, HPy_bf_getbuffer)
static int Vector_getbuffer_impl(HPyContext *ctx, HPy self, HPy_buffer *view, int flags)
{
    Vector *vector = Vector_AsStruct(ctx, self);
    if (flags & HPyBUF_WRITABLE) {
        HPyErr_SetString(ctx, ctx->h_BufferError, "a Vector cannot be written to");
        return -1;
    }
    static HPy_ssize_t stride = sizeof(double);
    view->buf = vector->values;
    view->obj = HPy_Dup(ctx, self);
    view->len = vector->count * (HPy_ssize_t)sizeof(double);
    view->itemsize = sizeof(double);
    view->readonly = 1;
    view->ndim = 1;
    view->format = flags & HPyBUF_FORMAT ? (char *)"d" : NULL;
    view->shape = flags & HPyBUF_ND ? &vector->count : NULL;
    view->strides = (flags & HPyBUF_STRIDES) == HPyBUF_STRIDES ? &stride : NULL;
    view->suboffsets = NULL;
    view->internal = NULL;
    return 0;
}
/* --8<-- [end:buffer] */

/* ---- The type ---- */

/* --8<-- [start:type] */
HPyDef_GET(Vector_dimension, "dimension", .doc = "How many values there are.")
static HPy Vector_dimension_get(HPyContext *ctx, HPy self, void *closure)
{
    (void)closure;
    return HPyLong_FromSsize_t(ctx, Vector_AsStruct(ctx, self)->count);
}

static HPyDef *defines[] = {
    &Vector_new,      &Vector_destroy,  &Vector_length,   &Vector_item,   &Vector_iter,    &Vector_tolist,
    &Vector_repr,     &Vector_add,      &Vector_subtract, &Vector_negative, &Vector_multiply, &Vector_matmul,
    &Vector_absolute, &Vector_bool,     &Vector_compare,  &Vector_getbuffer, &Vector_dimension, NULL,
};

HPyType_Spec vector_spec = {
    .name = "vector._vector.Vector",
    .basicsize = sizeof(Vector),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE,
    .builtin_shape = SHAPE(Vector),
    .defines = defines,
    .doc = "Vector(values)\n--\n\nA row of doubles, from a buffer of them or an iterable of numbers.",
};
/* --8<-- [end:type] */
