/* Pointers that the author hands to the interpreter and gets back: what comes back is what was handed over, also where the
 * interpreter was given something else. The expectations are in check_definitions.py. */
#include <Python.h>
#include <string.h>

static struct PyModuleDef definition;
static struct PyModuleDef in_one_phase;
static int created_from_own;
static int state_found;

static PyObject *
create(PyObject *spec, PyModuleDef *from)
{
    created_from_own = from == &definition && from->m_size == sizeof(int) && !strcmp(from->m_name, "definitions")
                       && from->m_slots[0].value == (void *)create;
    /* A module with slots is never registered for its definition. */
    if (PyState_FindModule(from) != NULL) {
        created_from_own = 0;
    }
    PyObject *name = PyObject_GetAttrString(spec, "name");
    PyObject *module = name ? PyModule_NewObject(name) : NULL;
    Py_XDECREF(name);
    return module;
}

static PyObject *
created(PyObject *module, PyObject *unused)
{
    return PyBool_FromLong(created_from_own);
}

/* What the definition of a module says; None for a module without one. */
static PyObject *
definition_of(PyObject *module, PyObject *other)
{
    PyModuleDef *found = PyModule_GetDef(other);
    if (found == NULL) {
        return PyErr_Occurred() ? NULL : Py_BuildValue("");
    }
    if (found != PyModule_GetDef(other)) {
        PyErr_SetString(PyExc_AssertionError, "another definition each time");
        return NULL;
    }
    Py_ssize_t methods = 0;
    while (found->m_methods != NULL && found->m_methods[methods].ml_name != NULL) {
        methods++;
    }
    return Py_BuildValue("(szn)", found->m_name, found->m_doc, methods);
}

static PyObject *
is_own_definition(PyObject *module, PyObject *other)
{
    PyModuleDef *found = PyModule_GetDef(other);
    return PyBool_FromLong(found == &definition || found == &in_one_phase);
}

/* The module that is registered for the definition of a module, or None. */
static PyObject *
found_by_definition(PyObject *module, PyObject *other)
{
    PyModuleDef *of_other = PyModule_GetDef(other);
    PyObject *found = of_other ? PyState_FindModule(of_other) : NULL;
    return found ? Py_NewRef(found) : Py_BuildValue("");
}

/* Makes a module in one phase and registers it. The object that PyModuleDef_Init gives is the definition too. */
static PyObject *
make_in_one_phase(PyObject *module, PyObject *unused)
{
    PyObject *made = PyModule_Create(&in_one_phase);
    if (made == NULL || (PyState_FindModule(&in_one_phase) == NULL && PyState_AddModule(made, &in_one_phase) < 0)) {
        return NULL;
    }
    PyModuleDef *as_object = (PyModuleDef *)PyModuleDef_Init(&in_one_phase);
    PyObject *found = PyState_FindModule(&in_one_phase);
    return Py_BuildValue("(Nii)", made, found != NULL, found == PyState_FindModule(as_object));
}

static PyObject *
state_is_kept(PyObject *module, PyObject *unused)
{
    int *state = PyModule_GetState(module);
    return PyBool_FromLong(state_found && state != NULL && *state == 42);
}

static PyObject *
own_repr(PyObject *self)
{
    return PyUnicode_FromString("<own>");
}

static PyObject *
own_property(PyObject *self, void *closure)
{
    return PyUnicode_FromString(closure);
}

static PyMethodDef type_methods[] = {
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef type_properties[] = {
    {"property", own_property, NULL, NULL, "closure"},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot type_slots[] = {
    {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_setattro, PyObject_GenericSetAttr},
    {Py_tp_hash, PyObject_HashNotImplemented},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_new, PyType_GenericNew},
    {Py_tp_alloc, PyType_GenericAlloc},
    {Py_tp_str, PyObject_Repr},
    {Py_tp_repr, own_repr},
    {Py_tp_methods, type_methods},
    {Py_tp_getset, type_properties},
    {0, NULL},
};

static PyType_Spec type_spec = {
    .name = "definitions.Thing",
    .basicsize = sizeof(PyObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = type_slots,
};

/* For each slot of the type whether PyType_GetSlot gives what the author put there, by number. */
static PyObject *
slots_are_own(PyObject *module, PyObject *type)
{
    PyObject *result = PyDict_New();
    for (PyType_Slot *slot = type_slots; result != NULL && slot->slot != 0; slot++) {
        PyObject *number = PyLong_FromLong(slot->slot);
        PyObject *same = PyBool_FromLong(PyType_GetSlot((PyTypeObject *)type, slot->slot) == slot->pfunc);
        if (number == NULL || PyDict_SetItem(result, number, same) < 0) {
            Py_CLEAR(result);
        }
        Py_XDECREF(number);
        Py_DECREF(same);
    }
    return result;
}

/* What a type inherits, by the functions of the C API. */
static PyObject *
inherits(PyObject *module, PyObject *object)
{
    PyTypeObject *type = (PyTypeObject *)object;
    return Py_BuildValue("(iii)", PyType_GetSlot(type, Py_tp_getattro) == (void *)PyObject_GenericGetAttr,
                         PyType_GetSlot(type, Py_tp_setattro) == (void *)PyObject_GenericSetAttr,
                         PyType_GetSlot(type, Py_tp_alloc) == (void *)PyType_GenericAlloc);
}

static int destroyed;

static void
destroy(PyObject *capsule)
{
    destroyed++;
}

static PyObject *
functions_are_own(PyObject *module, PyObject *type)
{
    static const char name[] = "definitions.capsule";
    PyObject *function = PyObject_GetAttrString(module, "functions_are_own");
    int is_own = function != NULL && PyCFunction_GetFunction(function) == functions_are_own;
    Py_XDECREF(function);
    PyObject *capsule = PyCapsule_New(type_slots, name, destroy);
    if (capsule == NULL || PyCapsule_SetContext(capsule, type_properties) < 0) {
        return NULL;
    }
    int is_kept = PyCapsule_GetPointer(capsule, name) == type_slots && PyCapsule_GetName(capsule) == name
                  && PyCapsule_GetContext(capsule) == type_properties && PyCapsule_GetDestructor(capsule) == destroy;
    Py_DECREF(capsule);
    return Py_BuildValue("(ii)", is_own, is_kept);
}

static int
execute(PyObject *module)
{
    int *state = PyModule_GetState(module);
    state_found = state != NULL;
    if (state != NULL) {
        *state = 42;
    }
    PyObject *type = PyType_FromModuleAndSpec(module, &type_spec, NULL);
    if (type == NULL) {
        return -1;
    }
    if (PyType_GetModuleByDef((PyTypeObject *)type, &definition) != module) {
        PyErr_SetString(PyExc_AssertionError, "the type does not know its module");
        return -1;
    }
    return PyModule_Add(module, "Thing", type);
}

static PyMethodDef functions[] = {
    {"created", created, METH_NOARGS, NULL},
    {"definition_of", definition_of, METH_O, NULL},
    {"is_own_definition", is_own_definition, METH_O, NULL},
    {"found_by_definition", found_by_definition, METH_O, NULL},
    {"make_in_one_phase", make_in_one_phase, METH_NOARGS, NULL},
    {"state_is_kept", state_is_kept, METH_NOARGS, NULL},
    {"slots_are_own", slots_are_own, METH_O, NULL},
    {"inherits", inherits, METH_O, NULL},
    {"functions_are_own", functions_are_own, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {{Py_mod_create, create}, {Py_mod_exec, execute}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "definitions", "A module with a create slot.", sizeof(int), functions, slots, NULL, NULL, NULL,
};

static struct PyModuleDef in_one_phase = {
    PyModuleDef_HEAD_INIT, "in_one_phase", "A module without slots.", -1, NULL, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_definitions(void)
{
    return PyModuleDef_Init(&definition);
}
