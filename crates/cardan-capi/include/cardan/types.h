/* The structs whose size is part of the portable flavour. */
#ifndef CARDAN_TYPES_H
#define CARDAN_TYPES_H

CARDAN_BEGIN

/* The header of an object: as large as the largest that a host has. What it holds is the host's business; an author's
 * struct starts with one, so that its own fields lie after the header on every host. */
typedef struct _object {
    uintptr_t cardan_opaque[4];
} PyObject;

/* A header for an object with a number of items. The number is the host's too: use Py_SIZE and the like. */
typedef struct {
    PyObject ob_base;
    Py_ssize_t cardan_size;
} PyVarObject;

/* A buffer, https://docs.python.org/3/c-api/buffer.html#c.Py_buffer, as the stable ABI has it. Where a host's own is larger, the
 * functions that fill one and give it back translate. */
typedef struct {
    void *buf;
    PyObject *obj;
    Py_ssize_t len;
    Py_ssize_t itemsize;
    int readonly;
    int ndim;
    char *format;
    Py_ssize_t *shape;
    Py_ssize_t *strides;
    Py_ssize_t *suboffsets;
    void *internal;
} Py_buffer;

CARDAN_END

#endif
