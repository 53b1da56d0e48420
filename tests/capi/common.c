/* Functions of the C API that every host is said to have: what each does is held to what CPython documents, in
 * check_common.py. */
#include "wrap.h"

#undef PyMapping_DelItem
#undef PyObject_Length
#define COMMON(X)                                                                                                        \
    X(O_O, PyObject_Repr) X(O_O, PyObject_Str) X(O_O, PyObject_ASCII) X(O_O, PyObject_Bytes) X(O_O, PyObject_Type)       \
    X(I_O, PyObject_Hash) X(I_O, PyObject_IsTrue) X(I_O, PyObject_Not) X(I_O, PyObject_Size) X(O_O, PyObject_Dir)        \
    X(O_O, PyObject_GetIter) X(O_OO, PyObject_GetItem) X(I_OO, PyObject_DelItem) X(O_OO, PyObject_GetAttr)               \
    X(I_OO, PyObject_HasAttr) X(I_OS, PyObject_HasAttrString) X(O_OO, PyObject_Format) X(I_OI, PyObject_LengthHint)      \
    X(O_OOI, PyObject_RichCompare) X(I_OOI, PyObject_RichCompareBool) X(I_OO, PyObject_IsInstance)                       \
    X(I_OO, PyObject_IsSubclass) X(O_OOO, PyObject_Call) X(O_OO, PyObject_CallObject) X(O_O, PyObject_CallNoArgs)        \
    X(O_OO, PyObject_GenericGetAttr) X(O_O, PyObject_SelfIter) X(I_O, PyCallable_Check) X(I_OOO, PyObject_SetAttr)       \
    X(I_OOO, PyObject_SetItem) X(I_OSO, PyObject_SetAttrString) X(O_OO, PyVectorcall_Call_with)                          \
    X(I_O, PyNumber_Check) X(I_O, PyIndex_Check) X(O_OO, PyNumber_Add) X(O_OO, PyNumber_Subtract)                        \
    X(O_OO, PyNumber_Multiply) X(O_OO, PyNumber_MatrixMultiply) X(O_OO, PyNumber_FloorDivide) X(O_OO, PyNumber_TrueDivide) \
    X(O_OO, PyNumber_Remainder) X(O_OO, PyNumber_Divmod) X(O_OOO, PyNumber_Power) X(O_O, PyNumber_Negative)              \
    X(O_O, PyNumber_Positive) X(O_O, PyNumber_Absolute) X(O_O, PyNumber_Invert) X(O_OO, PyNumber_Lshift)                 \
    X(O_OO, PyNumber_Rshift) X(O_OO, PyNumber_And) X(O_OO, PyNumber_Xor) X(O_OO, PyNumber_Or)                            \
    X(O_OO, PyNumber_InPlaceAdd) X(O_OO, PyNumber_InPlaceSubtract) X(O_OO, PyNumber_InPlaceMultiply)                     \
    X(O_OO, PyNumber_InPlaceTrueDivide) X(O_OO, PyNumber_InPlaceFloorDivide) X(O_OO, PyNumber_InPlaceRemainder)          \
    X(O_OOO, PyNumber_InPlacePower) X(O_OO, PyNumber_InPlaceLshift) X(O_OO, PyNumber_InPlaceRshift)                      \
    X(O_OO, PyNumber_InPlaceAnd) X(O_OO, PyNumber_InPlaceXor) X(O_OO, PyNumber_InPlaceOr)                                \
    X(O_O, PyNumber_Long) X(O_O, PyNumber_Float) X(O_O, PyNumber_Index) X(O_OI, PyNumber_ToBase)                         \
    X(I_OO, PyNumber_AsSsize_t)                                                                                          \
    X(I_O, PySequence_Check) X(I_O, PySequence_Size) X(O_OO, PySequence_Concat) X(O_OI, PySequence_Repeat)               \
    X(O_OO, PySequence_InPlaceConcat) X(O_OI, PySequence_InPlaceRepeat) X(O_OI, PySequence_GetItem)                      \
    X(I_OI, PySequence_DelItem) X(I_OO, PySequence_Contains) X(I_OO, PySequence_Index) X(O_O, PySequence_List)           \
    X(O_O, PySequence_Tuple) X(O_OS, PySequence_Fast)                                                                    \
    X(I_O, PyMapping_Check) X(I_O, PyMapping_Size) X(O_OS, PyMapping_GetItemString) X(I_OO, PyMapping_HasKey)            \
    X(I_OS, PyMapping_HasKeyString) X(O_O, PyMapping_Keys) X(O_O, PyMapping_Values) X(O_O, PyMapping_Items)              \
    X(I_OSO, PyMapping_SetItemString) X(I_O, PyIter_Check) X(O_O, PyIter_Next)                                           \
    X(O_O, PyDict_Copy) X(I_OO, PyDict_Contains) X(I_OO, PyDict_DelItem) X(I_OS, PyDict_DelItemString)                   \
    X(O_O, PyDict_Keys) X(O_O, PyDict_Values) X(O_O, PyDict_Items) X(I_O, PyDict_Size) X(I_OO, PyDict_Update)            \
    X(I_OOI, PyDict_Merge) X(I_OOO, PyDict_SetItem) X(I_OSO, PyDict_SetItemString) X(O_O, PyDictProxy_New)               \
    X(V_O, PyDict_Clear)                                                                                                 \
    X(I_O, PyList_Size) X(I_OO, PyList_Append) X(I_O, PyList_Sort) X(I_O, PyList_Reverse) X(O_O, PyList_AsTuple)         \
    X(I_O, PyTuple_Size)                                                                                                 \
    X(O_O, PySet_New) X(O_O, PyFrozenSet_New) X(I_O, PySet_Size) X(I_OO, PySet_Contains) X(I_OO, PySet_Add)              \
    X(I_OO, PySet_Discard) X(O_O, PySet_Pop) X(I_O, PySet_Clear)                                                         \
    X(O_O, PyUnicode_FromObject) X(O_OO, PyUnicode_Concat) X(O_OOI, PyUnicode_Split) X(O_OO, PyUnicode_Join)             \
    X(O_OO, PyUnicode_Format) X(I_OO, PyUnicode_Contains) X(I_OO, PyUnicode_Compare) X(O_O, PyUnicode_AsUTF8String)      \
    X(O_O, PyUnicode_AsASCIIString) X(O_O, PyUnicode_AsLatin1String) X(O_O, PyUnicode_AsUnicodeEscapeString)             \
    X(O_OSS, PyUnicode_AsEncodedString) X(O_OSS, PyUnicode_FromEncodedObject) X(I_OS, PyUnicode_CompareWithASCIIString)  \
    X(O_O, PyUnicode_EncodeFSDefault) X(O_S, PyUnicode_DecodeFSDefault) X(O_S, PyUnicode_FromString)                     \
    X(O_S, PyUnicode_InternFromString) X(O_I, PyUnicode_FromOrdinal) X(I_O, PyUnicode_GetLength)                         \
    X(O_O, PyBytes_FromObject) X(O_S, PyBytes_FromString) X(I_O, PyBytes_Size)                                           \
    X(I_O, PyLong_AsLong) X(I_O, PyLong_AsLongLong) X(I_O, PyLong_AsSsize_t) X(I_O, PyLong_AsUnsignedLong)               \
    X(I_O, PyLong_AsUnsignedLongLongMask) X(I_O, PyLong_AsUnsignedLongMask) X(I_O, PyLong_AsSize_t)                      \
    X(O_I, PyLong_FromLong) X(O_I, PyLong_FromSize_t) X(O_OI, PyLong_FromUnicodeObject) X(I_O, _PyLong_Sign)             \
    X(I_O, _PyLong_NumBits) X(O_O, PyFloat_FromString) X(O_I, PyBool_FromLong)                                           \
    X(O_OOO, PySlice_New) X(O_OO, PyWeakref_NewRef) X(O_OO, PyWeakref_NewProxy) X(O_OO, Py_GenericAlias)                 \
    X(O_OO, PyMethod_New) X(O_O, PyClassMethod_New) X(O_O, PyStaticMethod_New) X(O_O, PyMemoryView_FromObject)           \
    X(O_OO, PyCallIter_New) X(O_O, PySeqIter_New) X(O_O, PyModule_NewObject) X(O_S, PyModule_New)                        \
    X(O_S, PyImport_ImportModule) X(O_O, PyImport_Import) X(O_O, PyImport_GetModule) X(O_S, PyImport_ImportModuleNoBlock) \
    X(I_OSO, PyModule_AddObjectRef) X(O_, PyImport_GetModuleDict_borrowed) X(O_O, PyException_GetTraceback)              \
    X(O_O, PyException_GetCause) X(O_O, PyException_GetContext) X(I_OO, PyErr_GivenExceptionMatches)                     \
    X(O_OO, PyContextVar_Set) X(O_S, PyErr_NewException_plain) X(I_O, PyType_IsGC) X(I_OO, PyType_IsSubtype_checked)     \
    X(O_O, PyType_GetModule) X(O_O, PyEval_GetFuncName_of) X(O_O, PyCode_of) X(I_, PyErr_CheckSignals)

/* Small helpers for functions whose types do not fit, or whose result is borrowed. */
static O *
PyVectorcall_Call_with(O *callable, O *arguments)
{
    return PyVectorcall_Call(callable, arguments, NULL);
}

static O *
PyImport_GetModuleDict_borrowed(void)
{
    return borrowed(PyImport_GetModuleDict());
}

static O *
PyErr_NewException_plain(const char *name)
{
    return PyErr_NewException(name, NULL, NULL);
}

static int
PyType_IsGC(O *type)
{
    return PyType_HasFeature((PyTypeObject *)type, Py_TPFLAGS_HAVE_GC);
}

static int
PyType_IsSubtype_checked(O *type, O *base)
{
    return PyType_IsSubtype((PyTypeObject *)type, (PyTypeObject *)base);
}

static O *
PyEval_GetFuncName_of(O *function)
{
    return PyObject_GetAttrString(function, "__name__");
}

static O *
PyCode_of(O *name)
{
    (void)name;
    return (O *)PyCode_NewEmpty("file.py", "function", 7);
}

COMMON(WRAPPED)

WRAP(PyUnicode_Replace)
{
    O *text, *old, *new;
    Py_ssize_t most;
    TAKE("OOOn", &text, &old, &new, &most);
    return PyUnicode_Replace(text, old, new, most);
}

WRAP(PyUnicode_search)
{
    O *text, *part;
    Py_ssize_t start, end;
    int direction;
    TAKE("OOnni", &text, &part, &start, &end, &direction);
    Py_ssize_t found = PyUnicode_Find(text, part, start, end, direction);
    Py_ssize_t count = PyUnicode_Count(text, part, start, end);
    Py_ssize_t tail = PyUnicode_Tailmatch(text, part, start, end, direction);
    Py_ssize_t character = PyUnicode_FindChar(text, PyUnicode_ReadChar(part, 0), start, end, direction);
    return found == -2 || count < 0 || tail < 0 || character == -2 ? NULL : Py_BuildValue("(nnnn)", found, count, tail, character);
}

WRAP(PyUnicode_Substring)
{
    O *text;
    Py_ssize_t start, end;
    TAKE("Onn", &text, &start, &end);
    return PyUnicode_Substring(text, start, end);
}

WRAP(PyUnicode_Decode)
{
    S *bytes, *encoding, *errors;
    Py_ssize_t size;
    TAKE("y#zz", &bytes, &size, &encoding, &errors);
    return PyUnicode_Decode(bytes, size, encoding, errors);
}

WRAP(PyUnicode_AsUTF8AndSize)
{
    O *text;
    Py_ssize_t size;
    TAKE("O", &text);
    S *bytes = PyUnicode_AsUTF8AndSize(text, &size);
    return bytes == NULL ? NULL : PyBytes_FromStringAndSize(bytes, size);
}

WRAP(PyUnicode_AsUCS4)
{
    O *text;
    Py_UCS4 copy[8] = {0};
    TAKE("O", &text);
    if (PyUnicode_AsUCS4(text, copy, 8, 1) == NULL) {
        return NULL;
    }
    return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, copy, PyUnicode_GetLength(text));
}

WRAP(PyUnicode_AsWideCharString)
{
    O *text;
    Py_ssize_t size;
    TAKE("O", &text);
    wchar_t *wide = PyUnicode_AsWideCharString(text, &size);
    if (wide == NULL) {
        return NULL;
    }
    O *back = PyUnicode_FromWideChar(wide, size);
    PyMem_Free(wide);
    return back;
}

WRAP(PyUnicode_FromFormat)
{
    return PyUnicode_FromFormat("%s|%d|%5d|%zd|%c|%x|%R|%S|%U|%%|%.2s", "text", -5, 42, (Py_ssize_t)7, 'c', 255, Py_None, Py_True,
                                arguments == NULL ? NULL : PyTuple_GetItem(arguments, 0), "cut");
}

WRAP(PyBytes_FromFormat)
{
    return PyBytes_FromFormat("%s|%d|%zd|%c|%x", "text", -5, (Py_ssize_t)7, 'c', 255);
}

WRAP(PyBytes_Concat)
{
    O *first, *second;
    TAKE("OO", &first, &second);
    Py_INCREF(first);
    PyBytes_Concat(&first, second);
    return first;
}

WRAP(_PyBytes_Resize)
{
    Py_ssize_t size;
    TAKE("n", &size);
    O *bytes = PyBytes_FromStringAndSize(NULL, 4);
    memcpy(PyBytes_AsString(bytes), "abcd", 4);
    if (_PyBytes_Resize(&bytes, size) < 0) {
        return NULL;
    }
    if (size > 4) {
        memset(PyBytes_AsString(bytes) + 4, 'z', (size_t)size - 4);
    }
    return bytes;
}

WRAP(PyByteArray_Resize)
{
    Py_ssize_t size;
    TAKE("n", &size);
    O *bytes = PyByteArray_FromStringAndSize("abcd", 4);
    if (bytes == NULL || PyByteArray_Resize(bytes, size) < 0) {
        return NULL;
    }
    if (size > 4) {
        memset(PyByteArray_AsString(bytes) + 4, 'z', (size_t)size - 4);
    }
    return PyByteArray_Size(bytes) == size ? bytes : NULL;
}

WRAP(PyLong_overflow)
{
    O *object;
    int first, second;
    TAKE("O", &object);
    long number = PyLong_AsLongAndOverflow(object, &first);
    long long wide = PyLong_AsLongLongAndOverflow(object, &second);
    return PyErr_Occurred() ? NULL : Py_BuildValue("(liLi)", number, first, wide, second);
}

WRAP(PyLong_AsDouble)
{
    O *object;
    TAKE("O", &object);
    double number = PyLong_AsDouble(object);
    return number == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(number);
}

WRAP(PyLong_FromDouble)
{
    double number;
    TAKE("d", &number);
    return PyLong_FromDouble(number);
}

WRAP(PyLong_FromString)
{
    S *text;
    int base;
    TAKE("si", &text, &base);
    return PyLong_FromString(text, NULL, base);
}

WRAP(PyFloat_AsDouble)
{
    O *object;
    TAKE("O", &object);
    double number = PyFloat_AsDouble(object);
    return number == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(number);
}

WRAP(PyComplex)
{
    O *object;
    TAKE("O", &object);
    double real = PyComplex_RealAsDouble(object), imaginary = PyComplex_ImagAsDouble(object);
    return PyErr_Occurred() ? NULL : PyComplex_FromDoubles(real, imaginary);
}

WRAP(PyOS_string_to_double)
{
    S *text;
    TAKE("s", &text);
    double number = PyOS_string_to_double(text, NULL, NULL);
    return number == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(number);
}

WRAP(PyOS_double_to_string)
{
    double number;
    int precision;
    TAKE("di", &number, &precision);
    char *text = PyOS_double_to_string(number, 'f', precision, 0, NULL);
    O *object = text ? PyUnicode_FromString(text) : NULL;
    PyMem_Free(text);
    return object;
}

WRAP(PySlice_Unpack)
{
    O *slice;
    Py_ssize_t length, start, stop, step;
    TAKE("On", &slice, &length);
    if (PySlice_Unpack(slice, &start, &stop, &step) < 0) {
        return NULL;
    }
    Py_ssize_t count = PySlice_AdjustIndices(length, &start, &stop, step);
    return Py_BuildValue("(nnnn)", start, stop, step, count);
}

WRAP(PySequence_slices)
{
    O *sequence, *items;
    Py_ssize_t low, high;
    TAKE("OnnO", &sequence, &low, &high, &items);
    O *slice = PySequence_GetSlice(sequence, low, high);
    if (slice == NULL || PySequence_SetSlice(sequence, low, high, items) < 0 || PySequence_DelSlice(sequence, 0, 1) < 0) {
        return NULL;
    }
    return Py_BuildValue("(NO)", slice, sequence);
}

WRAP(PyList_slices)
{
    O *list, *items;
    Py_ssize_t low, high;
    TAKE("OnnO", &list, &low, &high, &items);
    O *slice = PyList_GetSlice(list, low, high);
    if (slice == NULL || PyList_SetSlice(list, low, high, items) < 0 || PyList_Insert(list, 0, Py_None) < 0) {
        return NULL;
    }
    Py_INCREF(Py_True);
    if (PyList_SetItem(list, 1, Py_True) < 0) {
        return NULL;
    }
    return Py_BuildValue("(NO)", slice, list);
}

WRAP(PyTuple_GetSlice)
{
    O *tuple;
    Py_ssize_t low, high;
    TAKE("Onn", &tuple, &low, &high);
    return PyTuple_GetSlice(tuple, low, high);
}

WRAP(_PyTuple_Resize)
{
    Py_ssize_t size;
    TAKE("n", &size);
    O *tuple = PyTuple_Pack(2, Py_True, Py_False);
    if (tuple == NULL || _PyTuple_Resize(&tuple, size) < 0) {
        return NULL;
    }
    for (Py_ssize_t index = 2; index < size; index++) {
        PyTuple_SetItem(tuple, index, PyLong_FromSsize_t(index));
    }
    return tuple;
}

WRAP(PyDict_Next)
{
    O *dict, *key, *value;
    Py_ssize_t position = 0;
    TAKE("O", &dict);
    O *list = PyList_New(0);
    while (PyDict_Next(dict, &position, &key, &value)) {
        O *pair = PyTuple_Pack(2, key, value);
        PyList_Append(list, pair);
        Py_DECREF(pair);
    }
    return list;
}

WRAP(PyDict_borrowed)
{
    O *dict, *key, *other;
    TAKE("OOO", &dict, &key, &other);
    O *found = PyDict_GetItem(dict, key);
    O *set = PyDict_SetDefault(dict, key, other);
    O *checked = PyDict_GetItemWithError(dict, key);
    return set == NULL || checked == NULL ? NULL : Py_BuildValue("(OOO)", found ? found : Py_None, set, checked);
}

WRAP(PyCapsule)
{
    static int place, context;
    O *capsule = PyCapsule_New(&place, "package.name", NULL);
    if (capsule == NULL || PyCapsule_SetContext(capsule, &context) < 0 || PyCapsule_GetContext(capsule) != &context
        || !PyCapsule_IsValid(capsule, "package.name") || PyCapsule_IsValid(capsule, "other")
        || strcmp(PyCapsule_GetName(capsule), "package.name") != 0 || PyCapsule_GetPointer(capsule, "package.name") != &place
        || PyCapsule_SetPointer(capsule, &context) < 0 || PyCapsule_GetPointer(capsule, "package.name") != &context) {
        return NULL;
    }
    PyCapsule_GetPointer(capsule, "other");
    Py_DECREF(capsule);
    return NULL;
}

WRAP(PyBuffer)
{
    O *object;
    Py_buffer view;
    TAKE("O", &object);
    if (PyObject_GetBuffer(object, &view, PyBUF_FULL_RO) < 0) {
        return NULL;
    }
    O *result = Py_BuildValue("(nnisiy#)", view.len, view.itemsize, view.ndim, view.format, PyBuffer_IsContiguous(&view, 'C'),
                              view.buf, view.len);
    PyBuffer_Release(&view);
    return result;
}

WRAP(PyBuffer_FillInfo)
{
    static char memory[] = "memory";
    Py_buffer view;
    if (PyBuffer_FillInfo(&view, NULL, memory, 6, 1, PyBUF_FULL_RO) < 0) {
        return NULL;
    }
    O *result = Py_BuildValue("(nii)", view.len, view.readonly, view.ndim);
    PyBuffer_Release(&view);
    return result;
}

WRAP(PyMemoryView_FromMemory)
{
    static char memory[] = "memory";
    return PyMemoryView_FromMemory(memory, 6, PyBUF_READ);
}

WRAP(PyErr_fetch_restore)
{
    O *kind, *exception, *traceback;
    PyErr_Format(PyExc_ValueError, "%s %d", "words", 5);
    int matches = PyErr_ExceptionMatches(PyExc_Exception);
    PyErr_Fetch(&kind, &exception, &traceback);
    PyErr_NormalizeException(&kind, &exception, &traceback);
    if (!matches || PyErr_Occurred() || kind != PyExc_ValueError) {
        return NULL;
    }
    PyErr_Restore(kind, exception, traceback);
    return NULL;
}

WRAP(PyErr_kinds)
{
    int which;
    TAKE("i", &which);
    switch (which) {
    case 0: return PyErr_NoMemory();
    case 1: PyErr_BadArgument(); return NULL;
    case 2: PyErr_SetNone(PyExc_KeyError); return NULL;
    case 3: errno = ENOENT; return PyErr_SetFromErrno(PyExc_OSError);
    case 4: errno = ENOENT; return PyErr_SetFromErrnoWithFilename(PyExc_OSError, "file");
    case 5: PyErr_SetObject(PyExc_KeyError, Py_None); return NULL;
    case 6: return PyErr_WarnEx(PyExc_UserWarning, "careful", 1) < 0 ? NULL : Py_NewRef(Py_None);
    case 7: return PyErr_WarnFormat(PyExc_UserWarning, 1, "careful %d", 7) < 0 ? NULL : Py_NewRef(Py_None);
    default: PyErr_BadInternalCall(); return NULL;
    }
}

WRAP(PyException_chain)
{
    O *exception, *other;
    TAKE("OO", &exception, &other);
    Py_INCREF(other);
    PyException_SetCause(exception, other);
    Py_INCREF(other);
    PyException_SetContext(exception, other);
    Py_RETURN_NONE;
}

WRAP(Py_BuildValue)
{
    return Py_BuildValue("(sy#iIlkLKnfdcO{s:i}[ii]())", "text", "by", (Py_ssize_t)2, -1, 1u, -2L, 2ul, -3LL, 3ull, (Py_ssize_t)4, 1.5,
                         2.5, 'c', Py_None, "key", 5, 6, 7);
}

WRAP(PyArg_ParseTuple)
{
    S *text, *bytes;
    Py_ssize_t size, position = 9;
    int truth, number;
    double real;
    O *object, *list;
    TAKE("sy#pidO!O|n:parse", &text, &bytes, &size, &truth, &number, &real, &PyList_Type, &list, &object, &position);
    return Py_BuildValue("(sniidOOn)", text, size, truth, number, real, list, object, position);
}

WRAP(PyThread)
{
    PyThread_type_lock lock = PyThread_allocate_lock();
    Py_tss_t *key = PyThread_tss_alloc();
    static int place;
    if (lock == NULL || !PyThread_acquire_lock(lock, 1) || PyThread_acquire_lock(lock, 0)) {
        return PyUnicode_FromString("locks");
    }
    PyThread_release_lock(lock);
    PyThread_free_lock(lock);
    if (key == NULL || PyThread_tss_create(key) || !PyThread_tss_is_created(key) || PyThread_tss_set(key, &place)
        || PyThread_tss_get(key) != &place) {
        return PyUnicode_FromString("thread-specific storage");
    }
    PyThread_tss_delete(key);
    PyThread_tss_free(key);
    PyGILState_STATE state = PyGILState_Ensure();
    PyGILState_Release(state);
    Py_BEGIN_ALLOW_THREADS
    Py_END_ALLOW_THREADS
    return PyLong_FromUnsignedLong(PyThread_get_thread_ident() != 0);
}

WRAP(PyMem)
{
    char *memory = PyMem_Calloc(4, 4);
    if (memory == NULL || memory[15] != 0 || (memory = PyMem_Realloc(memory, 100)) == NULL) {
        return NULL;
    }
    PyMem_Free(memory);
    memory = PyObject_Malloc(10);
    memory = PyObject_Realloc(memory, 20);
    PyObject_Free(memory);
    memory = PyMem_RawMalloc(10);
    PyMem_RawFree(memory);
    Py_RETURN_NONE;
}

WRAP(Py_EnterRecursiveCall)
{
    if (Py_EnterRecursiveCall(" here")) {
        return NULL;
    }
    Py_LeaveRecursiveCall();
    Py_RETURN_NONE;
}

WRAP(PyContextVar)
{
    O *variable, *value = NULL;
    TAKE("O", &variable);
    if (PyContextVar_Get(variable, NULL, &value) < 0) {
        return NULL;
    }
    return or_absent(value);
}

WRAP(PyModule_constants)
{
    O *module;
    TAKE("O", &module);
    if (PyModule_AddIntConstant(module, "number", 5) < 0 || PyModule_AddStringConstant(module, "text", "words") < 0) {
        return NULL;
    }
    return Py_BuildValue("(sN)", PyModule_GetName(module), borrowed(PyModule_GetDict(module)));
}

WRAP(PyObject_calls)
{
    O *callable, *object;
    TAKE("OO", &callable, &object);
    O *name = PyUnicode_FromString("method");
    O *stack[] = {object, Py_True};
    O *results = Py_BuildValue("(NNNNN)", PyObject_CallFunction(callable, "iO", 1, Py_None), PyObject_CallFunctionObjArgs(callable, Py_True, NULL),
                         PyObject_CallMethod(object, "method", "i", 5), PyObject_CallMethodObjArgs(object, name, Py_None, NULL),
                         PyObject_VectorcallMethod(name, stack, 2, NULL));
    Py_DECREF(name);
    return results;
}

WRAP(PyEval_EvalCode)
{
    S *source;
    O *globals;
    TAKE("sO", &source, &globals);
    O *code = Py_CompileString(source, "file.py", Py_eval_input);
    O *result = code ? PyEval_EvalCode(code, globals, globals) : NULL;
    Py_XDECREF(code);
    return result;
}

#define GROUPS(X)                                                                                                        \
    X(PyUnicode_Replace) X(PyUnicode_search) X(PyUnicode_Substring) X(PyUnicode_Decode) X(PyUnicode_AsUTF8AndSize)       \
    X(PyUnicode_AsUCS4) X(PyUnicode_AsWideCharString) X(PyUnicode_FromFormat) X(PyBytes_FromFormat) X(PyBytes_Concat)    \
    X(_PyBytes_Resize) X(PyByteArray_Resize) X(PyLong_overflow) X(PyLong_AsDouble) X(PyLong_FromDouble)                  \
    X(PyLong_FromString) X(PyFloat_AsDouble) X(PyComplex) X(PyOS_string_to_double) X(PyOS_double_to_string)              \
    X(PySlice_Unpack) X(PySequence_slices) X(PyList_slices) X(PyTuple_GetSlice) X(_PyTuple_Resize) X(PyDict_Next)        \
    X(PyDict_borrowed) X(PyCapsule) X(PyBuffer) X(PyBuffer_FillInfo) X(PyMemoryView_FromMemory) X(PyErr_fetch_restore)   \
    X(PyErr_kinds) X(PyException_chain) X(Py_BuildValue) X(PyArg_ParseTuple) X(PyThread) X(PyMem)                        \
    X(Py_EnterRecursiveCall) X(PyContextVar) X(PyModule_constants) X(PyObject_calls) X(PyEval_EvalCode)

MODULE(common, COMMON(ROW_OF_KIND) GROUPS(ROW))
