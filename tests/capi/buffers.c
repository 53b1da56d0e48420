/* Buffers on both sides: types that fill what a host hands to them, and callers whose own buffers a host fills. */
#include "wrap.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef char a_buffer_has_the_size_of_the_stable_abi[sizeof(Py_buffer) == 80 ? 1 : -1];

/* A buffer with something behind it that nobody may write to. */
typedef struct {
    Py_buffer view;
    unsigned char behind[2048];
} Guarded;

static void
guard(Guarded *guarded)
{
    memset(&guarded->view, 0, sizeof guarded->view);
    memset(guarded->behind, 0xA5, sizeof guarded->behind);
}

static int
is_untouched(Guarded *guarded)
{
    for (size_t index = 0; index < sizeof guarded->behind; index++) {
        if (guarded->behind[index] != 0xA5) {
            PyErr_Format(PyExc_AssertionError, "written to %zd bytes behind a buffer", index);
            return 0;
        }
    }
    return 1;
}

/* What a buffer says, as (bytes, format, shape, strides, readonly). */
static O *
told(const Py_buffer *view)
{
    O *shape = PyList_New(0), *strides = PyList_New(0);
    for (int index = 0; index < view->ndim; index++) {
        O *number;
        if (view->shape != NULL && (number = PyLong_FromSsize_t(view->shape[index])) != NULL) {
            PyList_Append(shape, number);
            Py_DECREF(number);
        }
        if (view->strides != NULL && (number = PyLong_FromSsize_t(view->strides[index])) != NULL) {
            PyList_Append(strides, number);
            Py_DECREF(number);
        }
    }
    return Py_BuildValue("(y#zNNi)", view->buf, view->len, view->format, shape, strides, view->readonly);
}

/* Types that give out memory; each in its own way. */

static char memory[] = "hello, host";

static int
cleared_getbuffer(O *self, Py_buffer *view, int flags)
{
    memset(view, 0, sizeof *view);
    return PyBuffer_FillInfo(view, self, memory, 5, 1, flags);
}

static int
assigned_getbuffer(O *self, Py_buffer *view, int flags)
{
    static Py_ssize_t shape[] = {2, 3}, strides[] = {3, 1};
    Py_buffer other;
    memset(&other, 0, sizeof other);
    if (PyBuffer_FillInfo(&other, self, memory, 6, 1, flags & ~PyBUF_STRIDES) < 0) {
        return -1;
    }
    other.ndim = 2;
    other.format = "B";
    other.shape = shape;
    other.strides = strides;
    *view = other;
    return 0;
}

/* Keeps what belongs to a buffer in memory of its own, which the buffer names. */
static int kept, internal_was_right;

static int
keeping_getbuffer(O *self, Py_buffer *view, int flags)
{
    if (PyBuffer_FillInfo(view, self, memory, 4, 0, flags) < 0) {
        return -1;
    }
    Py_ssize_t *own = malloc(2 * sizeof *own);
    own[0] = 4;
    own[1] = 1;
    view->shape = own;
    view->strides = own + 1;
    view->internal = own;
    kept++;
    return 0;
}

static void
keeping_releasebuffer(O *self, Py_buffer *view)
{
    kept--;
    if (view->internal != NULL) {
        internal_was_right += view->internal == (void *)view->shape && view->shape[0] == 4;
        free(view->internal);
    }
}

/* Gives out another object's memory, as the owner of which that stays. */
static O *base;

static int
forwarding_getbuffer(O *self, Py_buffer *view, int flags)
{
    return PyObject_GetBuffer(base, view, flags);
}

/* Consumers. */

WRAP(told)
{
    O *object;
    int flags;
    Guarded guarded;
    TAKE("Oi", &object, &flags);
    guard(&guarded);
    if (PyObject_GetBuffer(object, &guarded.view, flags) < 0) {
        return guarded.view.obj == NULL ? NULL : PyUnicode_FromString("an error, and an owner");
    }
    O *result = told(&guarded.view);
    PyBuffer_Release(&guarded.view);
    PyBuffer_Release(&guarded.view);
    return is_untouched(&guarded) ? result : NULL;
}

/* Copies a buffer, forgets the original and gives the copy back. */
WRAP(told_by_copy)
{
    O *object;
    TAKE("O", &object);
    Py_buffer *first = malloc(sizeof *first), *copy = malloc(sizeof *copy);
    if (PyObject_GetBuffer(object, first, PyBUF_FULL_RO) < 0) {
        return NULL;
    }
    *copy = *first;
    /* As with any host, the shape of plain bytes is in the buffer itself. */
    ptrdiff_t inside = (char *)first->shape - (char *)first;
    if (inside >= 0 && inside < (ptrdiff_t)sizeof *first) {
        copy->shape = &copy->len;
        copy->strides = &copy->itemsize;
    }
    memset(first, 0xFF, sizeof *first);
    free(first);
    O *result = told(copy);
    PyBuffer_Release(copy);
    free(copy);
    return result;
}

WRAP(is_contiguous)
{
    O *object, *result;
    Py_buffer view;
    TAKE("O", &object);
    if (PyObject_GetBuffer(object, &view, PyBUF_FULL_RO) < 0) {
        return NULL;
    }
    result = Py_BuildValue("(iii)", PyBuffer_IsContiguous(&view, 'C'), PyBuffer_IsContiguous(&view, 'F'),
                           PyBuffer_IsContiguous(&view, 'A'));
    PyBuffer_Release(&view);
    return result;
}

static void
spoil_the_stack(void)
{
    volatile char room[8192];
    for (size_t index = 0; index < sizeof room; index++) {
        room[index] = 0x77;
    }
}

static O *
from_a_buffer_on_the_stack(void)
{
    Py_buffer view;
    if (PyBuffer_FillInfo(&view, NULL, memory, 5, 1, PyBUF_FULL_RO) < 0) {
        return NULL;
    }
    return PyMemoryView_FromBuffer(&view);
}

WRAP(PyMemoryView_FromBuffer)
{
    O *result = from_a_buffer_on_the_stack();
    spoil_the_stack();
    return result;
}

/* The two dimensions are in an array on the stack. */
static O *
from_two_dimensions(void)
{
    Py_ssize_t shape[] = {2, 2}, strides[] = {2, 1};
    Py_buffer view;
    if (PyBuffer_FillInfo(&view, NULL, memory, 4, 1, PyBUF_FULL_RO) < 0) {
        return NULL;
    }
    view.ndim = 2;
    view.shape = shape;
    view.strides = strides;
    return PyMemoryView_FromBuffer(&view);
}

WRAP(PyMemoryView_FromBuffer_two_dimensions)
{
    O *result = from_two_dimensions();
    spoil_the_stack();
    return result;
}

/* Formats that fill buffers. */

#define PARSE(name, call)                                                                   \
    static O *call_##name(O *self, O *arguments)                                            \
    {                                                                                       \
        Guarded first, second;                                                              \
        int number = 0;                                                                     \
        (void)number;                                                                       \
        guard(&first);                                                                      \
        guard(&second);                                                                     \
        if (!(call)) {                                                                      \
            return NULL;                                                                    \
        }                                                                                   \
        O *none = second.view.buf == NULL ? Py_None : NULL;                                 \
        Py_XINCREF(none);                                                                   \
        O *result = Py_BuildValue("(y#NNi)", first.view.buf, first.view.len,                \
                                  none ? none : PyBytes_FromStringAndSize(second.view.buf, second.view.len), \
                                  PyBool_FromLong(first.view.obj != NULL), number);         \
        PyBuffer_Release(&first.view);                                                      \
        PyBuffer_Release(&second.view);                                                     \
        return is_untouched(&first) && is_untouched(&second) ? result : NULL;               \
    }

static char *names[] = {"first", "number", "second", NULL};

static int
parse_list(O *arguments, const char *format, ...)
{
    va_list places;
    va_start(places, format);
    int parsed = PyArg_VaParse(arguments, format, places);
    va_end(places);
    return parsed;
}

static int
parse_list_and_keywords(O *arguments, O *keywords, const char *format, ...)
{
    va_list places;
    va_start(places, format);
    int parsed = PyArg_VaParseTupleAndKeywords(arguments, keywords, format, names, places);
    va_end(places);
    return parsed;
}

static O *
item(O *tuple, Py_ssize_t index)
{
    return PyTuple_GetItem(tuple, index);
}

PARSE(PyArg_ParseTuple, PyArg_ParseTuple(arguments, "y*|iz*:name", &first.view, &number, &second.view))
PARSE(PyArg_ParseTuple_text, PyArg_ParseTuple(arguments, "s*|is*", &first.view, &number, &second.view))
PARSE(PyArg_ParseTuple_nested, PyArg_ParseTuple(arguments, "(y*i)w*", &first.view, &number, &second.view))
PARSE(PyArg_ParseTupleAndKeywords,
      PyArg_ParseTupleAndKeywords(item(arguments, 0), item(arguments, 1), "y*|i$y*", names, &first.view, &number, &second.view))
PARSE(PyArg_VaParse, parse_list(arguments, "y*|iy*", &first.view, &number, &second.view))
PARSE(PyArg_VaParseTupleAndKeywords,
      parse_list_and_keywords(item(arguments, 0), item(arguments, 1), "y*|iy*", &first.view, &number, &second.view))
PARSE(PyArg_Parse, PyArg_Parse(item(arguments, 0), "y*", &first.view))

/* More places than there are registers, before and behind the buffer. */
WRAP(PyArg_ParseTuple_many)
{
    int n[8];
    const char *text;
    Py_ssize_t size;
    O *list;
    Guarded guarded;
    guard(&guarded);
    if (!PyArg_ParseTuple(arguments, "iiiis#O!y*iiii", n, n + 1, n + 2, n + 3, &text, &size, &PyList_Type, &list, &guarded.view,
                          n + 4, n + 5, n + 6, n + 7)) {
        return NULL;
    }
    O *result = Py_BuildValue("(s#Oy#i)", text, size, list, guarded.view.buf, guarded.view.len,
                              n[0] + n[1] + n[2] + n[3] + n[4] + n[5] + n[6] + n[7]);
    PyBuffer_Release(&guarded.view);
    return is_untouched(&guarded) ? result : NULL;
}

WRAP(set_base)
{
    O *object;
    TAKE("O", &object);
    Py_XSETREF(base, object == Py_None ? NULL : Py_NewRef(object));
    Py_RETURN_NONE;
}

WRAP(kept)
{
    return Py_BuildValue("(ii)", kept, internal_was_right);
}

#define TABLE(X)                                                                                                          \
    X(told) X(told_by_copy) X(is_contiguous) X(PyMemoryView_FromBuffer) X(PyMemoryView_FromBuffer_two_dimensions)         \
    X(PyArg_ParseTuple) X(PyArg_ParseTuple_text) X(PyArg_ParseTuple_nested) X(PyArg_ParseTupleAndKeywords)                \
    X(PyArg_VaParse) X(PyArg_VaParseTupleAndKeywords) X(PyArg_Parse) X(PyArg_ParseTuple_many) X(set_base) X(kept)

static PyMethodDef methods[] = {TABLE(ROW){NULL, NULL, 0, NULL}};

#define TYPE(name, ...)                                                            \
    static PyType_Slot name##_slots[] = {__VA_ARGS__, {0, NULL}};                  \
    static PyType_Spec name##_spec = {"buffers." #name, 0, 0, Py_TPFLAGS_DEFAULT, name##_slots};

TYPE(Cleared, {Py_bf_getbuffer, cleared_getbuffer})
TYPE(Assigned, {Py_bf_getbuffer, assigned_getbuffer})
TYPE(Keeping, {Py_bf_getbuffer, keeping_getbuffer}, {Py_bf_releasebuffer, keeping_releasebuffer})
TYPE(Forwarding, {Py_bf_getbuffer, forwarding_getbuffer})

static int
fill(O *module)
{
    PyType_Spec *specs[] = {&Cleared_spec, &Assigned_spec, &Keeping_spec, &Forwarding_spec};
    for (size_t index = 0; index < sizeof specs / sizeof *specs; index++) {
        O *type = PyType_FromSpec(specs[index]);
        if (type == NULL || PyModule_AddType(module, (PyTypeObject *)type) < 0) {
            return -1;
        }
        Py_DECREF(type);
    }
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "buffers", NULL, 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_buffers(void)
{
    return PyModuleDef_Init(&definition);
}
