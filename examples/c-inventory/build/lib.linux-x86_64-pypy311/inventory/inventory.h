/* What the files of the extension share. */
#ifndef INVENTORY_H
#define INVENTORY_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

/* What a module object owns. Types reach it through the module that they were made for. */
typedef struct {
    PyTypeObject *item_type;
    PyTypeObject *inventory_type;
    PyTypeObject *iterator_type;
    PyTypeObject *samples_type;
    PyTypeObject *discount_type;
    PyObject *error; /* InventoryError */
} State;

/* What other extensions get from the capsule `inventory._inventory._C_API`. */
typedef struct {
    int version;
    double (*item_value)(PyObject *item); /* the item's quantity times its price; -1.0 and TypeError for anything else */
} Api;

#define API_NAME "inventory._inventory._C_API"

/* The state of the module that `type`, or the first of its bases that is ours, was made for. Borrowed; NULL and TypeError
 * for a type that has nothing to do with this module. */
State *state_of(PyTypeObject *type);

/* Each makes one type for `module` and returns a new reference, or NULL. */
PyTypeObject *make_item_type(PyObject *module);
PyTypeObject *make_inventory_type(PyObject *module);
PyTypeObject *make_iterator_type(PyObject *module);
PyTypeObject *make_samples_type(PyObject *module);
PyTypeObject *make_discount_type(PyObject *module);

/* A new item, or NULL. `name` is a str; `tags` may be NULL, which means an empty tuple. */
PyObject *item_new(PyTypeObject *type, PyObject *name, Py_ssize_t quantity, double price, PyObject *tags);
/* Of an object that is known to be an item: its name (borrowed), its value. */
PyObject *item_name(PyObject *item);
double item_value(PyObject *item);

/* Functions of the module. */
PyObject *checksum(PyObject *module, PyObject *data);
PyObject *code_points(PyObject *module, PyObject *text);
PyObject *describe(PyObject *module, PyObject *text);
PyObject *join(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *parse_line(PyObject *module, PyObject *line);
PyObject *reverse(PyObject *module, PyObject *text);
PyObject *utf8(PyObject *module, PyObject *text);

#endif
