/* The module: multi-phase initialisation, its state, its functions, and a capsule for other extensions. */
#include "inventory.h"

static PyModuleDef definition;

State *
state_of(PyTypeObject *type)
{
    if (!(PyType_GetFlags(type) & Py_TPFLAGS_HEAPTYPE)) {
        PyErr_Format(PyExc_TypeError, "%R is not a type of this module", type);
        return NULL;
    }
#if PY_VERSION_HEX >= 0x030B0000
    PyObject *module = PyType_GetModuleByDef(type, &definition);
    return module == NULL ? NULL : (State *)PyModule_GetState(module);
#else
    for (PyTypeObject *base = type; base != NULL; base = (PyTypeObject *)PyType_GetSlot(base, Py_tp_base)) {
        if (!(PyType_GetFlags(base) & Py_TPFLAGS_HEAPTYPE)) {
            break;
        }
        PyObject *module = PyType_GetModule(base);
        if (module != NULL && PyModule_GetDef(module) == &definition) {
            return (State *)PyModule_GetState(module);
        }
        PyErr_Clear();
    }
    PyErr_Format(PyExc_TypeError, "%R is not a type of this module", type);
    return NULL;
#endif
}

/* For users of the capsule, who may pass anything. */
static double
checked_item_value(PyObject *item)
{
    State *state = state_of(Py_TYPE(item));
    if (state == NULL || !PyObject_TypeCheck(item, state->item_type)) {
        PyErr_Clear();
        PyErr_Format(PyExc_TypeError, "expected an Item, not %R", item);
        return -1.0;
    }
    return item_value(item);
}

static const Api api = { .version = 1, .item_value = checked_item_value };

/* item_value(item), by the way that another extension would take. */
static PyObject *
item_value_through_capsule(PyObject *Py_UNUSED(module), PyObject *item)
{
    const Api *imported = (const Api *)PyCapsule_Import(API_NAME, 0);
    if (imported == NULL) {
        return NULL;
    }
    double value = imported->item_value(item);
    if (value == -1.0 && PyErr_Occurred()) {
        return NULL;
    }
    return Py_BuildValue("(id)", imported->version, value);
}

static PyMethodDef functions[] = {
    { "checksum", checksum, METH_O, "checksum(data)\n--\n\nAdler-32 of any buffer." },
    { "code_points", code_points, METH_O, "code_points(text)\n--\n\nThe code points of a str." },
    { "describe", describe, METH_O, "describe(text)\n--\n\nA str in a sentence." },
    { "item_value", item_value_through_capsule, METH_O,
      "item_value(item)\n--\n\nThe capsule's version, and the value of an item as the capsule gives it." },
    { "join", (PyCFunction)(void (*)(void))join, METH_FASTCALL, "join(separator, *parts)\n\nJoin strings." },
    { "parse_line", parse_line, METH_O, "parse_line(line)\n--\n\n'name, 3, 1.5' as a tuple." },
    { "reverse", reverse, METH_O, "reverse(text)\n--\n\nA str backwards." },
    { "utf8", utf8, METH_O, "utf8(text)\n--\n\nA str in UTF-8, and its size." },
    { NULL, NULL, 0, NULL },
};

/* Stores a new type in the state and in the module. */
static int
add_type(PyObject *module, PyTypeObject **place, PyTypeObject *type)
{
    *place = type;
    return type == NULL ? -1 : PyModule_AddType(module, type);
}

static int
execute(PyObject *module)
{
    State *state = (State *)PyModule_GetState(module);
    if (add_type(module, &state->item_type, make_item_type(module)) < 0 ||
        add_type(module, &state->inventory_type, make_inventory_type(module)) < 0 ||
        add_type(module, &state->iterator_type, make_iterator_type(module)) < 0 ||
        add_type(module, &state->samples_type, make_samples_type(module)) < 0 ||
        add_type(module, &state->discount_type, make_discount_type(module)) < 0) {
        return -1;
    }
    state->error = PyErr_NewExceptionWithDoc("inventory._inventory.InventoryError",
                                             "What is asked of an inventory cannot be done.", PyExc_ValueError, NULL);
    if (state->error == NULL) {
        return -1;
    }
    Py_INCREF(state->error);
    if (PyModule_AddObject(module, "InventoryError", state->error) < 0) {
        Py_DECREF(state->error);
        return -1;
    }
    PyObject *capsule = PyCapsule_New((void *)&api, API_NAME, NULL);
    if (capsule == NULL || PyModule_AddObject(module, "_C_API", capsule) < 0) {
        Py_XDECREF(capsule);
        return -1;
    }
    return PyModule_AddIntConstant(module, "API_VERSION", api.version);
}

static int
traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = (State *)PyModule_GetState(module);
    if (state == NULL) {
        return 0;
    }
    Py_VISIT(state->item_type);
    Py_VISIT(state->inventory_type);
    Py_VISIT(state->iterator_type);
    Py_VISIT(state->samples_type);
    Py_VISIT(state->discount_type);
    Py_VISIT(state->error);
    return 0;
}

static int
clear(PyObject *module)
{
    State *state = (State *)PyModule_GetState(module);
    if (state == NULL) {
        return 0;
    }
    Py_CLEAR(state->item_type);
    Py_CLEAR(state->inventory_type);
    Py_CLEAR(state->iterator_type);
    Py_CLEAR(state->samples_type);
    Py_CLEAR(state->discount_type);
    Py_CLEAR(state->error);
    return 0;
}

static void
release(void *module)
{
    clear((PyObject *)module);
}

static PyModuleDef_Slot slots[] = {
    { Py_mod_exec, execute },
#ifdef Py_mod_multiple_interpreters
    { Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED },
#endif
#ifdef Py_mod_gil
    { Py_mod_gil, Py_MOD_GIL_NOT_USED },
#endif
    { 0, NULL },
};

static PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "inventory._inventory",
    .m_doc = "A warehouse's inventory.",
    .m_size = sizeof(State),
    .m_methods = functions,
    .m_slots = slots,
    .m_traverse = traverse,
    .m_clear = clear,
    .m_free = release,
};

PyMODINIT_FUNC
PyInit__inventory(void)
{
    return PyModuleDef_Init(&definition);
}
