/* What the files of the module share. */
#ifndef VECTOR_H
#define VECTOR_H

#include <hpy.h>

typedef struct {
    double *values; /* they never change once the object is made, so any thread may read them */
    HPy_ssize_t count;
} Vector;

HPyType_HELPERS(Vector)

/* The module's types. Each interpreter has its own. */
extern HPyGlobal vector_type;
extern HPyGlobal iterator_type;
extern HPyGlobal dimension_error;

extern HPyType_Spec vector_spec;
extern HPyType_Spec iterator_spec;

/* A new Vector of `count` values that the caller fills in through `data`, or HPy_NULL with an exception. */
HPy vector_new(HPyContext *ctx, HPy_ssize_t count, Vector **data);

/* The struct of a Vector, or NULL with a TypeError. It lives as long as the handle. */
Vector *vector_of(HPyContext *ctx, HPy h);

/* Whether two vectors are of one dimension. If not, raises a DimensionError. */
bool same_dimension(HPyContext *ctx, const Vector *left, const Vector *right);

/* A new iterator over a Vector, or HPy_NULL with an exception. */
HPy iterator_new(HPyContext *ctx, HPy vector);

#endif
