/* Strings, made and taken apart. */
#include "inventory.h"

/* The code points of a str. */
PyObject *
code_points(PyObject *Py_UNUSED(module), PyObject *text)
{
    Py_ssize_t length = PyUnicode_GetLength(text);
    PyObject *list = length < 0 ? NULL : PyList_New(length);
    if (list == NULL) {
        return NULL;
    }
    for (Py_ssize_t index = 0; index < length; index++) {
        PyObject *point = PyLong_FromUnsignedLong(PyUnicode_ReadChar(text, index));
        if (point == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        PyList_SetItem(list, index, point);
    }
    return list;
}

/* A str with its code points in the opposite order. */
PyObject *
reverse(PyObject *Py_UNUSED(module), PyObject *text)
{
    Py_ssize_t length = PyUnicode_GetLength(text);
    if (length < 0) {
        return NULL;
    }
    Py_UCS4 *points = PyUnicode_AsUCS4Copy(text);
    if (points == NULL) {
        return NULL;
    }
    for (Py_ssize_t low = 0, high = length - 1; low < high; low++, high--) {
        Py_UCS4 point = points[low];
        points[low] = points[high];
        points[high] = point;
    }
    PyObject *result = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, points, length);
    PyMem_Free(points);
    return result;
}

/* The UTF-8 of a str, as bytes, with its length in bytes. */
PyObject *
utf8(PyObject *Py_UNUSED(module), PyObject *text)
{
    Py_ssize_t size;
    const char *bytes = PyUnicode_AsUTF8AndSize(text, &size);
    if (bytes == NULL) {
        return NULL;
    }
    return Py_BuildValue("(y#n)", bytes, size, size);
}

/* One sentence with many kinds of format in it. */
PyObject *
describe(PyObject *Py_UNUSED(module), PyObject *text)
{
    Py_ssize_t length = PyUnicode_GetLength(text);
    if (length < 0) {
        return NULL;
    }
    Py_UCS4 first = length == 0 ? ' ' : PyUnicode_ReadChar(text, 0);
    return PyUnicode_FromFormat("%U (%R, %A): %zd characters, the first '%c' is U+%04x; %s %d%%", text, text, text,
                                length, (int)first, (unsigned int)first, "checked to", 100);
}

/* join(separator, *parts) */
PyObject *
join(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count < 1) {
        PyErr_SetString(PyExc_TypeError, "join() needs a separator");
        return NULL;
    }
    PyObject *parts = PyTuple_New(count - 1);
    if (parts == NULL) {
        return NULL;
    }
    for (Py_ssize_t index = 1; index < count; index++) {
        Py_INCREF(args[index]);
        PyTuple_SetItem(parts, index - 1, args[index]);
    }
    PyObject *text = PyUnicode_Join(args[0], parts);
    Py_DECREF(parts);
    return text;
}

/* "name, 3, 1.5" as ('name', 3, 1.5): a line of ASCII text, taken apart without Python's help. */
PyObject *
parse_line(PyObject *Py_UNUSED(module), PyObject *line)
{
    PyObject *bytes = PyUnicode_AsASCIIString(line);
    if (bytes == NULL) {
        return NULL;
    }
    const char *text = PyBytes_AsString(bytes);
    const char *comma = strchr(text, ',');
    char *end = NULL;
    long quantity = comma == NULL ? 0 : strtol(comma + 1, &end, 10);
    double price = 0.0;
    if (end == NULL || end == comma + 1 || *end != ',') {
        PyErr_Format(PyExc_ValueError, "expected 'name, quantity, price', not %R", line);
    }
    else {
        while (*++end == ' ') {
        }
        price = PyOS_string_to_double(end, NULL, NULL);
    }
    PyObject *result =
        PyErr_Occurred() ? NULL : Py_BuildValue("(s#ld)", text, (Py_ssize_t)(comma - text), quantity, price);
    Py_DECREF(bytes);
    return result;
}
