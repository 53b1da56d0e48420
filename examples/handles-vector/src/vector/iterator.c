/* The iterator over a Vector. */
#include "vector.h"

HPyGlobal iterator_type;

typedef struct {
    HPyField vector;  /* empty at the end */
    HPy_ssize_t next; /* the index of the next value */
} Iterator;

HPyType_HELPERS(Iterator)

HPy
iterator_new(HPyContext *ctx, HPy vector)
{
    Iterator *iterator;
    HPy type = HPyGlobal_Load(ctx, iterator_type);
    HPy h = HPy_New(ctx, type, &iterator);
    HPy_Close(ctx, type);
    if (!HPy_IsNull(h)) {
        HPyField_Store(ctx, h, &iterator->vector, vector);
    }
    return h;
}

HPyDef_SLOT(Iterator_traverse, HPy_tp_traverse)
static int Iterator_traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)
{
    HPy_VISIT(&((Iterator *)data)->vector);
    return 0;
}

HPyDef_SLOT(Iterator_iter, HPy_tp_iter)
static HPy Iterator_iter_impl(HPyContext *ctx, HPy self)
{
    return HPy_Dup(ctx, self);
}

/* --8<-- [start:next] */
/* The end of the iteration is HPy_NULL without an exception. */
HPyDef_SLOT(Iterator_next, HPy_tp_iternext)
static HPy Iterator_next_impl(HPyContext *ctx, HPy self)
{
    Iterator *iterator = Iterator_AsStruct(ctx, self);
    HPy vector = HPy_NULL;
    HPy_ssize_t index = 0;
    /* Two threads may step one iterator: each value goes to one of them. */
    HPy_BEGIN_CRITICAL_SECTION(ctx, self)
    if (!HPyField_IsNull(iterator->vector)) {
        vector = HPyField_Load(ctx, self, iterator->vector);
        index = iterator->next++;
        if (index >= Vector_AsStruct(ctx, vector)->count) {
            HPyField_Store(ctx, self, &iterator->vector, HPy_NULL);
        }
    }
    HPy_END_CRITICAL_SECTION(ctx)
    if (HPy_IsNull(vector)) {
        return HPy_NULL;
    }
    const Vector *values = Vector_AsStruct(ctx, vector);
    HPy number = index < values->count ? HPyFloat_FromDouble(ctx, values->values[index]) : HPy_NULL;
    HPy_Close(ctx, vector);
    return number;
}
/* --8<-- [end:next] */

static HPyDef *defines[] = {&Iterator_traverse, &Iterator_iter, &Iterator_next, NULL};

HPyType_Spec iterator_spec = {
    .name = "vector._vector.VectorIterator",
    .basicsize = sizeof(Iterator),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_HAVE_GC | HPy_TPFLAGS_DISALLOW_INSTANTIATION,
    .builtin_shape = SHAPE(Iterator),
    .defines = defines,
};
