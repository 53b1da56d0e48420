/* Modules, methods and arguments. https://docs.python.org/3/c-api/module.html */
#ifndef CARDAN_MODULE_H
#define CARDAN_MODULE_H

CARDAN_BEGIN

#define PyModuleDef_HEAD_INIT { { { 0, 0, 0, 0 } }, NULL, 0, NULL }

#define PYTHON_API_VERSION 1013
#define PYTHON_API_STRING "1013"
#define PYTHON_ABI_VERSION 3
#define PYTHON_ABI_STRING "3"
#define PyModule_Create(definition) PyModule_Create2((definition), PYTHON_ABI_VERSION)
#define PyModule_FromDefAndSpec(definition, spec) PyModule_FromDefAndSpec2((definition), (spec), PYTHON_ABI_VERSION)
#define PyModule_AddIntMacro(module, name) PyModule_AddIntConstant((module), #name, (name))
#define PyModule_AddStringMacro(module, name) PyModule_AddStringConstant((module), #name, (name))

#define _PyCFunction_CAST(function) ((PyCFunction)(void (*)(void))(function))
#define PyCFunction_New(definition, self) PyCFunction_NewEx((definition), (self), NULL)
#define PyCFunction_GET_FUNCTION(function) PyCFunction_GetFunction(_PyObject_CAST(function))
#define PyCFunction_GET_SELF(function) PyCFunction_GetSelf(_PyObject_CAST(function))
#define PyCFunction_GET_FLAGS(function) PyCFunction_GetFlags(_PyObject_CAST(function))

/* Lengths in formats are Py_ssize_t; before 3.13 a host has functions of their own for that. */
#ifdef PY_SSIZE_T_CLEAN
#define PyArg_Parse _PyArg_Parse_SizeT
#define PyArg_ParseTuple _PyArg_ParseTuple_SizeT
#define PyArg_ParseTupleAndKeywords _PyArg_ParseTupleAndKeywords_SizeT
#define PyArg_VaParse _PyArg_VaParse_SizeT
#define PyArg_VaParseTupleAndKeywords _PyArg_VaParseTupleAndKeywords_SizeT
#define Py_BuildValue _Py_BuildValue_SizeT
#define Py_VaBuildValue _Py_VaBuildValue_SizeT
#define PyObject_CallFunction _PyObject_CallFunction_SizeT
#define PyObject_CallMethod _PyObject_CallMethod_SizeT
#endif

#define PyImport_ImportModuleEx(name, globals, locals, names) \
    PyImport_ImportModuleLevel((name), (globals), (locals), (names), 0)

#define PyErr_BadInternalCall() _PyErr_BadInternalCall(__FILE__, __LINE__)

CARDAN_END

#endif
