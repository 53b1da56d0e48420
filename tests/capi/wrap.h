/* Makes functions of the C API callable from Python under their own names. */
#ifndef WRAP_H
#define WRAP_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef PyObject O;
typedef const char S;

static inline O *
number(long long value)
{
    return value == -1 && PyErr_Occurred() ? NULL : PyLong_FromLongLong(value);
}

/* A result that may be null without an exception. */
static inline O *
or_absent(O *object)
{
    if (object == NULL && !PyErr_Occurred()) {
        return PyUnicode_FromString("absent");
    }
    return object;
}

/* A result that the function keeps the reference to. */
static inline O *
borrowed(O *object)
{
    Py_XINCREF(object);
    return object;
}

/* The outcome of a function that stores a reference: (outcome, what it stored). */
static inline O *
stored(int outcome, O *object)
{
    if (outcome < 0) {
        return object == NULL ? NULL : (PyErr_Clear(), PyUnicode_FromString("an error, and an object"));
    }
    if (object == NULL) {
        return Py_BuildValue("(i)", outcome);
    }
    return Py_BuildValue("(iN)", outcome, object);
}

#define TAKE(format, ...) \
    if (!PyArg_ParseTuple(arguments, format, __VA_ARGS__)) return NULL
#define WRAP(name) static O *call_##name(O *self, O *arguments)

/* By the C types of result and arguments: O object, B borrowed object, S string, I number, R reference that is stored, V
 * nothing. */
#define B_O(name) WRAP(name) { O *a; TAKE("O", &a); return borrowed(name(a)); }
#define B_OO(name) WRAP(name) { O *a, *b; TAKE("OO", &a, &b); return borrowed((O *)name((void *)a, b)); }
#define O_(name) WRAP(name) { return or_absent((O *)name()); }
#define O_O(name) WRAP(name) { O *a; TAKE("O", &a); return or_absent((O *)name((void *)a)); }
#define O_S(name) WRAP(name) { S *a; TAKE("z", &a); return or_absent(name(a)); }
#define O_I(name) WRAP(name) { long long a; TAKE("L", &a); return or_absent(name(a)); }
#define O_OO(name) WRAP(name) { O *a, *b; TAKE("OO", &a, &b); return or_absent((O *)name((void *)a, b)); }
#define O_OS(name) WRAP(name) { O *a; S *b; TAKE("Oz", &a, &b); return or_absent(name((void *)a, b)); }
#define O_SS(name) WRAP(name) { S *a, *b; TAKE("zz", &a, &b); return or_absent(name(a, b)); }
#define O_OI(name) WRAP(name) { O *a; long long b; TAKE("OL", &a, &b); return or_absent(name((void *)a, b)); }
#define O_OOO(name) WRAP(name) { O *a, *b, *c; TAKE("OOO", &a, &b, &c); return or_absent(name(a, b, c)); }
#define O_OOI(name) WRAP(name) { O *a, *b; long long c; TAKE("OOL", &a, &b, &c); return or_absent(name(a, b, c)); }
#define O_OOS(name) WRAP(name) { O *a, *b; S *c; TAKE("OOz", &a, &b, &c); return or_absent(name(a, b, c)); }
#define O_OSS(name) WRAP(name) { O *a; S *b, *c; TAKE("Ozz", &a, &b, &c); return or_absent(name(a, b, c)); }
#define O_SOS(name) WRAP(name) { O *b; S *a, *c; TAKE("zOz", &a, &b, &c); return or_absent(name(a, b, c)); }
#define I_(name) WRAP(name) { return number(name()); }
#define I_O(name) WRAP(name) { O *a; TAKE("O", &a); return number((long long)name((void *)a)); }
#define I_S(name) WRAP(name) { S *a; TAKE("z", &a); return number(name(a)); }
#define I_OO(name) WRAP(name) { O *a, *b; TAKE("OO", &a, &b); return number(name((void *)a, b)); }
#define I_OS(name) WRAP(name) { O *a; S *b; TAKE("Oz", &a, &b); return number(name(a, b)); }
#define I_SO(name) WRAP(name) { O *b; S *a; TAKE("zO", &a, &b); return number(name(a, b)); }
#define I_SS(name) WRAP(name) { S *a, *b; TAKE("zz", &a, &b); return number(name(a, b)); }
#define I_OI(name) WRAP(name) { O *a; long long b; TAKE("OL", &a, &b); return number(name(a, b)); }
#define I_OOI(name) WRAP(name) { O *a, *b; long long c; TAKE("OOL", &a, &b, &c); return number(name(a, b, c)); }
#define I_OOO(name) WRAP(name) { O *a, *b, *c; TAKE("OOO", &a, &b, &c); return number(name(a, b, c)); }
#define I_OSO(name) WRAP(name) { O *a, *c; S *b; TAKE("OzO", &a, &b, &c); return number(name(a, b, c)); }
#define R_O(name) WRAP(name) { O *a, *r = NULL; TAKE("O", &a); int i = name(a, &r); return stored(i, r); }
#define R_S(name) WRAP(name) { O *r = NULL; S *a; TAKE("z", &a); int i = name(a, &r); return stored(i, r); }
#define R_OO(name) WRAP(name) { O *a, *b, *r = NULL; TAKE("OO", &a, &b); int i = name(a, b, &r); return stored(i, r); }
#define R_OS(name) WRAP(name) { O *a, *r = NULL; S *b; TAKE("Oz", &a, &b); int i = name(a, b, &r); return stored(i, r); }
#define R_OOO(name) WRAP(name) { O *a, *b, *c, *r = NULL; TAKE("OOO", &a, &b, &c); int i = name(a, b, c, &r); return stored(i, r); }
#define V_O(name) WRAP(name) { O *a; TAKE("O", &a); name(a); if (PyErr_Occurred()) return NULL; Py_RETURN_NONE; }
#define V_OO(name) WRAP(name) { O *a, *b; TAKE("OO", &a, &b); name(a, b); if (PyErr_Occurred()) return NULL; Py_RETURN_NONE; }

/* A module of what `TABLE(X)` lists as `X(kind, name)`. */
#define WRAPPED(kind, name) kind(name)
#define ROW_OF_KIND(kind, name) {#name, call_##name, METH_VARARGS, NULL},
#define ROW(name) {#name, call_##name, METH_VARARGS, NULL},
#define MODULE(name, rows)                                                                                     \
    static PyMethodDef methods[] = {rows{NULL, NULL, 0, NULL}};                                                \
    static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, #name, NULL, 0, methods, NULL, NULL, NULL, NULL}; \
    PyMODINIT_FUNC PyInit_##name(void) { return PyModuleDef_Init(&definition); }

#endif
