/* Samples: a buffer of doubles, handed out and taken in, resized under a lock; and a checksum without the GIL. */
#include "inventory.h"
#include <pythread.h>

typedef struct {
    PyObject_HEAD
    double *values;
    Py_ssize_t count;
    Py_ssize_t capacity;
    Py_ssize_t exports; /* how many buffers are out: until they are back, `values` must not move */
    PyThread_type_lock lock; /* guards all of the above; no Python code runs while it is held */
} Samples;

static void
lock(Samples *self)
{
    PyThread_acquire_lock(self->lock, WAIT_LOCK);
}

static void
unlock(Samples *self)
{
    PyThread_release_lock(self->lock);
}

/* Takes the values from `source`, which must give a contiguous buffer of doubles. */
static int
fill(Samples *self, PyObject *source)
{
    Py_buffer view;
    if (PyObject_GetBuffer(source, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0) {
        return -1;
    }
    int failed = 0;
    if (view.format == NULL || strcmp(view.format, "d") != 0) {
        PyErr_Format(PyExc_TypeError, "expected a buffer of doubles (format 'd'), not of format '%s'",
                     view.format == NULL ? "B" : view.format);
        failed = -1;
    }
    else if (view.len > 0) {
        self->values = (double *)PyMem_Malloc((size_t)view.len);
        if (self->values == NULL) {
            PyErr_NoMemory();
            failed = -1;
        }
        else {
            memcpy(self->values, view.buf, (size_t)view.len);
            self->count = self->capacity = view.len / (Py_ssize_t)sizeof(double);
        }
    }
    PyBuffer_Release(&view);
    return failed;
}

static PyObject *
new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = { "source", NULL };
    PyObject *source = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:Samples", keywords, &source)) {
        return NULL;
    }
    Samples *self = (Samples *)PyType_GenericAlloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->lock = PyThread_allocate_lock();
    if (self->lock == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    if (source != NULL && fill(self, source) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void
dealloc(Samples *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyMem_Free(self->values);
    if (self->lock != NULL) {
        PyThread_free_lock(self->lock);
    }
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyObject *
append(Samples *self, PyObject *object)
{
    double value = PyFloat_AsDouble(object);
    if (value == -1.0 && PyErr_Occurred()) {
        return NULL;
    }
    enum { DONE, EXPORTED, NO_MEMORY } outcome = DONE;
    lock(self);
    if (self->exports > 0) {
        outcome = EXPORTED;
    }
    else if (self->count == self->capacity) {
        Py_ssize_t capacity = self->capacity == 0 ? 8 : 2 * self->capacity;
        double *values = (double *)PyMem_Realloc(self->values, (size_t)capacity * sizeof(double));
        if (values == NULL) {
            outcome = NO_MEMORY;
        }
        else {
            self->values = values;
            self->capacity = capacity;
        }
    }
    if (outcome == DONE) {
        self->values[self->count++] = value;
    }
    unlock(self);
    if (outcome == EXPORTED) {
        PyErr_SetString(PyExc_BufferError, "samples cannot be appended while a buffer of them is in use");
        return NULL;
    }
    if (outcome == NO_MEMORY) {
        return PyErr_NoMemory();
    }
    Py_RETURN_NONE;
}

static PyObject *
sum(Samples *self, PyObject *Py_UNUSED(ignored))
{
    double result = 0.0;
    lock(self);
    for (Py_ssize_t index = 0; index < self->count; index++) {
        result += self->values[index];
    }
    unlock(self);
    return PyFloat_FromDouble(result);
}

static Py_ssize_t
length(Samples *self)
{
    lock(self);
    Py_ssize_t count = self->count;
    unlock(self);
    return count;
}

static PyObject *
get_item(Samples *self, Py_ssize_t index)
{
    double value = 0.0;
    lock(self);
    int inside = 0 <= index && index < self->count;
    if (inside) {
        value = self->values[index];
    }
    unlock(self);
    if (!inside) {
        PyErr_SetString(PyExc_IndexError, "there is no such sample");
        return NULL;
    }
    return PyFloat_FromDouble(value);
}

static int
set_item(Samples *self, Py_ssize_t index, PyObject *object)
{
    if (object == NULL) {
        PyErr_SetString(PyExc_TypeError, "samples cannot be deleted");
        return -1;
    }
    double value = PyFloat_AsDouble(object);
    if (value == -1.0 && PyErr_Occurred()) {
        return -1;
    }
    lock(self);
    int inside = 0 <= index && index < self->count;
    if (inside) {
        self->values[index] = value;
    }
    unlock(self);
    if (!inside) {
        PyErr_SetString(PyExc_IndexError, "there is no such sample");
        return -1;
    }
    return 0;
}

/* What `shape` and `strides` of a buffer point to: released with the buffer. */
typedef struct {
    Py_ssize_t shape[1];
    Py_ssize_t strides[1];
} Dimensions;

static int
get_buffer(Samples *self, Py_buffer *view, int flags)
{
    static double nothing[1];
    Dimensions *dimensions = (Dimensions *)PyMem_Malloc(sizeof(Dimensions));
    if (dimensions == NULL) {
        view->obj = NULL;
        PyErr_NoMemory();
        return -1;
    }
    lock(self);
    self->exports++;
    dimensions->shape[0] = self->count;
    view->buf = self->values == NULL ? nothing : self->values;
    unlock(self);
    dimensions->strides[0] = (Py_ssize_t)sizeof(double);
    view->len = dimensions->shape[0] * (Py_ssize_t)sizeof(double);
    view->itemsize = (Py_ssize_t)sizeof(double);
    view->readonly = 0;
    view->ndim = 1;
    view->format = (flags & PyBUF_FORMAT) == PyBUF_FORMAT ? "d" : NULL;
    view->shape = (flags & PyBUF_ND) == PyBUF_ND ? dimensions->shape : NULL;
    view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? dimensions->strides : NULL;
    view->suboffsets = NULL;
    view->internal = dimensions;
    Py_INCREF(self);
    view->obj = (PyObject *)self;
    return 0;
}

static void
release_buffer(Samples *self, Py_buffer *view)
{
    lock(self);
    self->exports--;
    unlock(self);
    PyMem_Free(view->internal);
}

static PyMethodDef methods[] = {
    { "append", (PyCFunction)append, METH_O, "Add a sample at the end." },
    { "sum", (PyCFunction)sum, METH_NOARGS, "The sum of all samples." },
    { NULL, NULL, 0, NULL },
};

static PyType_Slot slots[] = {
    { Py_tp_doc, "Samples(source=None)\n--\n\nA growing array of doubles that hands out its memory as a buffer." },
    { Py_tp_new, new },
    { Py_tp_dealloc, dealloc },
    { Py_tp_methods, methods },
    { Py_sq_length, length },
    { Py_sq_item, get_item },
    { Py_sq_ass_item, set_item },
    { Py_bf_getbuffer, get_buffer },
    { Py_bf_releasebuffer, release_buffer },
    { 0, NULL },
};

static PyType_Spec spec = {
    .name = "inventory._inventory.Samples",
    .basicsize = sizeof(Samples),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};

PyTypeObject *
make_samples_type(PyObject *module)
{
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
}

/* Adler-32 of any buffer, computed while other threads run. */
PyObject *
checksum(PyObject *Py_UNUSED(module), PyObject *data)
{
    Py_buffer view;
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    unsigned long low = 1, high = 0;
    Py_BEGIN_ALLOW_THREADS
    const unsigned char *bytes = (const unsigned char *)view.buf;
    for (Py_ssize_t index = 0; index < view.len; index++) {
        low = (low + bytes[index]) % 65521;
        high = (high + low) % 65521;
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&view);
    return PyLong_FromUnsignedLong((high << 16) | low);
}
