/* Calls functions of the C API with arguments that they have to refuse: null pointers, objects of other types, numbers out of
 * range. The expectations are in check_refusals.py. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* The macros of the headers would cast. */
#undef PyObject_DelAttr
#undef PyObject_DelAttrString
#undef PyCFunction_GetFunction
#undef PyCFunction_GetSelf

/* A function by the kinds of its result and its arguments. O: object, B: borrowed object, S: C string, I: integer, N: size,
 * R: place for a new reference, P: place for up to 64 bytes. Every argument is a pointer or an integer. */
static const struct {
    const char *name, *kinds;
    void *function;
} table[] = {
#define F(kinds, name) {#name, #kinds, (void *)name},
    F(IO, PyAIter_Check) F(OO, PyObject_GetAIter) F(IOOR, PyIter_Send) F(IOR, PyIter_NextItem)
    F(NS, PyBuffer_SizeFromFormat) F(OOO, PyByteArray_Concat) F(OO, PyByteArray_FromObject) F(OOO, PyBytes_Join)
    F(IO, PyCFunction_GetFlags) F(BO, PyCFunction_GetSelf)
    F(OO, PyCodec_BackslashReplaceErrors) F(OO, PyCodec_IgnoreErrors) F(OO, PyCodec_NameReplaceErrors)
    F(OO, PyCodec_ReplaceErrors) F(OO, PyCodec_StrictErrors) F(OO, PyCodec_XMLCharRefReplaceErrors)
    F(OOSS, PyCodec_Decode) F(OOSS, PyCodec_Encode) F(OS, PyCodec_LookupError) F(IO, PyCodec_Register)
    F(ISO, PyCodec_RegisterError) F(OSS, PyCodec_IncrementalDecoder) F(OSS, PyCodec_IncrementalEncoder)
    F(OSOS, PyCodec_StreamReader) F(OSOS, PyCodec_StreamWriter)
    F(IOO, PyContextVar_Reset) F(OO, PyContext_Copy)
    F(IOS, PyDict_ContainsString) F(IOOR, PyDict_GetItemRef) F(IOSR, PyDict_GetItemStringRef) F(IOOI, PyDict_Merge)
    F(IOOI, PyDict_MergeFromSeq2) F(IOOR, PyDict_Pop) F(IOSR, PyDict_PopString) F(IOOOR, PyDict_SetDefaultRef)
    F(OOOO, PyErr_SetImportError) F(OOOOO, PyErr_SetImportErrorSubclass)
    F(OOO, PyFrame_GetVar) F(OOS, PyFrame_GetVarString)
    F(OOO, PyFunction_New) F(OOOO, PyFunction_NewWithQualName) F(IOO, PyFunction_SetAnnotations)
    F(IOO, PyFunction_SetDefaults) F(IOO, PyFunction_SetKwDefaults)
    F(BO, PyImport_AddModuleObject) F(OS, PyImport_AddModuleRef) F(OOO, PyImport_ImportModuleAttr)
    F(OSS, PyImport_ImportModuleAttrString) F(OO, PyImport_ReloadModule)
    F(IO, PyList_Clear) F(IOO, PyList_Extend) F(OON, PyList_GetItemRef)
    F(IO, PyLong_AsInt) F(IOP, PyLong_AsInt32) F(IOP, PyLong_AsInt64) F(IOP, PyLong_AsUInt32) F(IOP, PyLong_AsUInt64)
    F(NOPNI, PyLong_AsNativeBytes) F(IOP, PyLong_Export) F(IOP, PyLong_GetSign) F(IO, PyLong_IsNegative)
    F(IO, PyLong_IsPositive) F(IO, PyLong_IsZero) F(OPNI, PyLong_FromNativeBytes) F(OPNI, PyLong_FromUnsignedNativeBytes)
    F(OINP, PyLongWriter_Create)
    F(IOOR, PyMapping_GetOptionalItem) F(IOSR, PyMapping_GetOptionalItemString) F(IOO, PyMapping_HasKeyWithError)
    F(IOS, PyMapping_HasKeyStringWithError)
    F(OPNI, PyMemoryView_FromMemory) F(IOSO, PyModule_AddObjectRef) F(OO, PyModule_GetFilenameObject)
    F(OO, PyModule_GetNameObject) F(IOS, PyModule_SetDocString)
    F(OO, PyObject_Bytes) F(OO, PyBytes_FromObject) F(OOO, PyObject_CallOneArg)
    F(IOO, PyObject_DelAttr) F(IOS, PyObject_DelAttrString) F(IOS, PyObject_DelItemString)
    F(IOOR, PyObject_GetOptionalAttr) F(IOSR, PyObject_GetOptionalAttrString) F(IOO, PyObject_HasAttrWithError)
    F(IOS, PyObject_HasAttrStringWithError) F(NOO, PySequence_Count) F(OOS, PySequence_Fast)
    F(IOR, PySys_GetOptionalAttr) F(ISR, PySys_GetOptionalAttrString) F(OO, PySys_GetAttr) F(OS, PySys_GetAttrString)
    F(ISO, PySys_AuditTuple) F(ISO, PySys_SetObject) F(OPN, PyTuple_FromArray)
    F(OO, PyUnicodeDecodeError_GetEncoding) F(OO, PyUnicodeDecodeError_GetObject) F(OO, PyUnicodeDecodeError_GetReason)
    F(IOP, PyUnicodeDecodeError_GetStart) F(IOP, PyUnicodeDecodeError_GetEnd) F(OO, PyUnicodeEncodeError_GetObject)
    F(IOP, PyUnicodeEncodeError_GetStart) F(OO, PyUnicodeTranslateError_GetObject)
    F(ON, PyUnicodeWriter_Create) F(ON, PyBytesWriter_Create)
    F(OOO, PyUnicode_AsCharmapString) F(OO, PyUnicode_AsUTF16String) F(OO, PyUnicode_AsUTF32String)
    F(OO, PyUnicode_AsRawUnicodeEscapeString) F(OO, PyUnicode_BuildEncodingMap)
    F(NONONN, PyUnicode_CopyCharacters) F(NONNI, PyUnicode_Fill) F(IONI, PyUnicode_WriteChar)
    F(IOO, PyUnicode_Equal) F(IOSN, PyUnicode_EqualToUTF8AndSize) F(OOO, PyUnicode_Partition)
    F(OOO, PyUnicode_RPartition) F(OOON, PyUnicode_RSplit) F(OOOI, PyUnicode_RichCompare) F(OOI, PyUnicode_Splitlines)
    F(OOOS, PyUnicode_Translate)
    F(OSNSS, PyUnicode_Decode) F(OSNS, PyUnicode_DecodeUTF7) F(OSNSP, PyUnicode_DecodeUTF8Stateful)
    F(OSNSPP, PyUnicode_DecodeUTF16Stateful) F(OSNS, PyUnicode_DecodeUnicodeEscape)
    F(OSNS, PyUnicode_DecodeRawUnicodeEscape) F(OSNOS, PyUnicode_DecodeCharmap)
    F(IOR, PyWeakref_GetRef) F(IO, PyWeakref_IsDead) F(OI, Py_GetConstant) F(BI, Py_GetConstantBorrowed)
    F(OO, PyType_GetName) F(OO, PyType_GetQualName)
};

#define MOST 6

typedef intptr_t (*words)(intptr_t, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t);

/* What a place for a reference holds before the call. */
static char untouched;

/* call(name, argument, ...): null pointers are `...`, places are left out. A function that has a place gives a tuple of its result
 * and what it stored. */
static PyObject *
call(PyObject *module, PyObject *arguments)
{
    const char *name = PyUnicode_AsUTF8AndSize(PyTuple_GetItem(arguments, 0), NULL);
    size_t row = 0;
    while (row < sizeof table / sizeof table[0] && strcmp(table[row].name, name)) {
        row++;
    }
    if (row == sizeof table / sizeof table[0]) {
        PyErr_Format(PyExc_LookupError, "%s", name);
        return NULL;
    }
    const char *kinds = table[row].kinds;
    intptr_t given[MOST] = {0};
    int64_t places[MOST][8];
    void *stored = &untouched;
    Py_ssize_t next = 1;
    for (int i = 0; kinds[i + 1] != 0; i++) {
        if (kinds[i + 1] == 'R') {
            given[i] = (intptr_t)&stored;
            continue;
        }
        if (kinds[i + 1] == 'P') {
            memset(places[i], 0, sizeof places[i]);
            given[i] = (intptr_t)places[i];
            continue;
        }
        PyObject *argument = PyTuple_GetItem(arguments, next++);
        if (argument == NULL) {
            return NULL;
        }
        if (argument == Py_Ellipsis) {
            continue;
        }
        switch (kinds[i + 1]) {
        case 'O': given[i] = (intptr_t)argument; break;
        case 'S': given[i] = (intptr_t)PyUnicode_AsUTF8AndSize(argument, NULL); break;
        default: given[i] = PyLong_AsSsize_t(argument);
        }
        if (PyErr_Occurred()) {
            return NULL;
        }
    }
    intptr_t result = ((words)table[row].function)(given[0], given[1], given[2], given[3], given[4], given[5]);
    PyObject *failed = PyErr_Occurred();
    PyObject *found;
    if (kinds[0] == 'O' || kinds[0] == 'B') {
        if (failed) {
            return result ? PyUnicode_FromString("an exception, and a result") : NULL;
        }
        if (strstr(name, "Writer_Create")) {
            return PyUnicode_FromString("a writer");
        }
        found = result ? (PyObject *)result : PyUnicode_FromString("absent");
        if (kinds[0] == 'B' && result) {
            Py_INCREF(found);
        }
    }
    else {
        long long number = kinds[0] == 'I' ? (int)result : result;
        if (failed && number != -1) {
            PyErr_Clear();
            return PyUnicode_FromString("an exception, and a result");
        }
        if (failed) {
            if (strchr(kinds, 'R') && stored != NULL) {
                PyErr_Clear();
                return PyUnicode_FromString(stored == &untouched ? "an exception, and nothing stored" : "an exception, and an object");
            }
            return NULL;
        }
        found = number == -1 ? PyUnicode_FromString("-1 without an exception") : PyLong_FromLongLong(number);
    }
    if (strchr(kinds, 'R') == NULL) {
        return found;
    }
    if (stored == &untouched) {
        return Py_BuildValue("(Ns)", found, "untouched");
    }
    return stored ? Py_BuildValue("(NN)", found, stored) : Py_BuildValue("(N)", found);
}

static PyMethodDef functions[] = {{"call", call, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "refusals", NULL, 0, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_refusals(void)
{
    return PyModuleDef_Init(&definition);
}
