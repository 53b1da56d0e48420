/* Functions of the C API that some host lacks, each callable from Python under its own name: what it returns natively and
 * what its stand-in returns are held to the same expectations, in check_functions.py. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef PyObject O;
typedef const char S;

static O *
number(long long value)
{
    return value == -1 && PyErr_Occurred() ? NULL : PyLong_FromLongLong(value);
}

/* A result that may be null without an exception. */
static O *
or_absent(O *object)
{
    if (object == NULL && !PyErr_Occurred()) {
        return PyUnicode_FromString("absent");
    }
    return object;
}

/* The outcome of a function that stores a reference: (outcome, what it stored). */
static O *
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

/* By the C types of result and arguments: O object, S string, I number, R reference that is stored, V nothing. */
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
#define I_OSO(name) WRAP(name) { O *a, *c; S *b; TAKE("OzO", &a, &b, &c); return number(name(a, b, c)); }
#define R_O(name) WRAP(name) { O *a, *r = NULL; TAKE("O", &a); int i = name(a, &r); return stored(i, r); }
#define R_S(name) WRAP(name) { O *r = NULL; S *a; TAKE("z", &a); int i = name(a, &r); return stored(i, r); }
#define R_OO(name) WRAP(name) { O *a, *b, *r = NULL; TAKE("OO", &a, &b); int i = name(a, b, &r); return stored(i, r); }
#define R_OS(name) WRAP(name) { O *a, *r = NULL; S *b; TAKE("Oz", &a, &b); int i = name(a, b, &r); return stored(i, r); }
#define R_OOO(name) WRAP(name) { O *a, *b, *c, *r = NULL; TAKE("OOO", &a, &b, &c); int i = name(a, b, c, &r); return stored(i, r); }
#define V_O(name) WRAP(name) { O *a; TAKE("O", &a); name(a); if (PyErr_Occurred()) return NULL; Py_RETURN_NONE; }
#define V_OO(name) WRAP(name) { O *a, *b; TAKE("OO", &a, &b); name(a, b); if (PyErr_Occurred()) return NULL; Py_RETURN_NONE; }

/* The functions whose types are among those above. The macros of the header are out of the way: functions are meant. */
#undef Py_NewRef
#undef Py_Is
#undef Py_IsNone
#undef Py_IsTrue
#undef Py_IsFalse
#undef PyCFunction_GetSelf
#undef PyObject_IS_GC
#undef PyObject_DelAttr
#undef PyObject_DelAttrString
#define FUNCTIONS(X)                                                                                                     \
    X(O_O, Py_NewRef) X(I_OO, Py_Is) X(I_O, Py_IsNone) X(I_O, Py_IsTrue) X(I_O, Py_IsFalse)                              \
    X(R_OO, PyIter_Send) X(I_O, PyAIter_Check) X(O_O, PyObject_GetAIter) X(I_O, PyDescr_IsData)                          \
    X(I_, PyGC_Enable) X(I_, PyGC_Disable) X(I_, PyGC_IsEnabled) X(I_, PyGC_Collect)                                     \
    X(O_OO, PyObject_CallOneArg) X(O_OO, PyObject_CallMethodNoArgs) X(O_OOO, PyObject_CallMethodOneArg)                  \
    X(O_, PyErr_GetHandledException) X(O_O, PyType_GetName) X(O_O, PyType_GetQualName)                                   \
    X(O_O, PyFrame_GetBuiltins) X(O_O, PyFrame_GetGlobals) X(O_O, PyFrame_GetLocals) X(I_O, PyFrame_GetLasti)            \
    X(O_O, PyFrame_GetBack) X(O_O, PyFrame_GetCode) X(I_O, PyFrame_GetLineNumber)                                        \
    X(O_OO, PyFrame_GetVar) X(O_OS, PyFrame_GetVarString)                                                                \
    X(O_O, PyCode_GetCode) X(O_O, PyCode_GetCellvars) X(O_O, PyCode_GetFreevars) X(O_O, PyCode_GetVarnames)              \
    X(I_O, PyCode_GetNumFree)                                                                                            \
    X(O_O, PyException_GetArgs) X(V_OO, PyException_SetArgs) X(V_O, PyErr_DisplayException) X(O_O, PyGen_GetCode)        \
    X(I_O, PyUnstable_Long_IsCompact) X(I_O, PyUnstable_Long_CompactValue)                                               \
    X(R_OO, PyDict_GetItemRef) X(R_OS, PyDict_GetItemStringRef) X(I_OS, PyDict_ContainsString)                           \
    X(R_OO, PyDict_Pop) X(R_OS, PyDict_PopString) X(R_OOO, PyDict_SetDefaultRef)                                         \
    X(O_OI, PyList_GetItemRef) X(I_O, PyList_Clear) X(I_OO, PyList_Extend)                                               \
    X(R_OO, PyObject_GetOptionalAttr) X(R_OS, PyObject_GetOptionalAttrString)                                            \
    X(I_OO, PyObject_HasAttrWithError) X(I_OS, PyObject_HasAttrStringWithError)                                          \
    X(R_OO, PyMapping_GetOptionalItem) X(R_OS, PyMapping_GetOptionalItemString)                                          \
    X(I_OO, PyMapping_HasKeyWithError) X(I_OS, PyMapping_HasKeyStringWithError)                                          \
    X(O_S, PyImport_AddModuleRef) X(R_O, PyWeakref_GetRef) X(I_O, PyWeakref_IsDead)                                      \
    X(I_OS, PyUnicode_EqualToUTF8) X(I_O, PyLong_AsInt) X(O_I, Py_GetConstant)                                           \
    X(O_O, PyType_GetModuleName) X(O_O, PyType_GetFullyQualifiedName) X(I_O, PyObject_GenericHash)                       \
    X(I_SO, PySys_AuditTuple) X(I_, Py_IsFinalizing)                                                                     \
    X(O_, PyEval_GetFrameBuiltins) X(O_, PyEval_GetFrameGlobals)                                                         \
    X(R_O, PyIter_NextItem) X(O_OO, PyImport_ImportModuleAttr) X(O_SS, PyImport_ImportModuleAttrString)                  \
    X(I_O, PyLong_IsPositive) X(I_O, PyLong_IsNegative) X(I_O, PyLong_IsZero)                                            \
    X(O_OO, PyBytes_Join) X(I_OO, PyUnicode_Equal)                                                                       \
    X(O_O, PySys_GetAttr) X(O_S, PySys_GetAttrString) X(R_O, PySys_GetOptionalAttr) X(R_S, PySys_GetOptionalAttrString)  \
    X(I_O, PyObject_IS_GC) X(O_OS, PyObject_GetAttrString)                                                               \
    X(I_O, PyObject_CheckBuffer) X(O_OO, PyUnicode_Partition) X(O_OO, PyUnicode_RPartition)                              \
    X(O_OI, PyUnicode_Splitlines) X(O_OOI, PyUnicode_RSplit) X(O_OOS, PyUnicode_Translate)                               \
    X(I_O, PyUnicode_IsIdentifier) X(O_OOI, PyUnicode_RichCompare)                                                       \
    X(O_O, PyUnicode_AsUTF16String) X(O_O, PyUnicode_AsUTF32String) X(O_O, PyUnicode_AsRawUnicodeEscapeString)           \
    X(O_O, PyByteArray_FromObject) X(O_OO, PyByteArray_Concat)                                                           \
    X(O_O, PyUnicode_BuildEncodingMap) X(O_OO, PyUnicode_AsCharmapString)                                                \
    X(I_SS, PyOS_mystricmp) X(I_S, PyCodec_KnownEncoding) X(O_S, PyCodec_LookupError)                                    \
    X(O_O, PyCodec_IgnoreErrors) X(O_O, PyCodec_ReplaceErrors) X(O_O, PyCodec_XMLCharRefReplaceErrors)                   \
    X(O_O, PyCodec_BackslashReplaceErrors) X(O_O, PyCodec_NameReplaceErrors) X(O_O, PyCodec_StrictErrors)                \
    X(I_O, PyCodec_Register) X(I_SO, PyCodec_RegisterError)                                                              \
    X(O_OSS, PyCodec_Encode) X(O_OSS, PyCodec_Decode) X(O_SOS, PyCodec_StreamReader) X(O_SOS, PyCodec_StreamWriter)      \
    X(O_SS, PyCodec_IncrementalDecoder) X(O_SS, PyCodec_IncrementalEncoder)                                              \
    X(O_O, PyUnicodeDecodeError_GetEncoding) X(O_O, PyUnicodeDecodeError_GetObject) X(O_O, PyUnicodeDecodeError_GetReason) \
    X(I_OI, PyUnicodeDecodeError_SetStart) X(I_OI, PyUnicodeDecodeError_SetEnd) X(I_OS, PyUnicodeDecodeError_SetReason)  \
    X(I_OOI, PyDict_MergeFromSeq2) X(I_OO, PySequence_Count) X(I_OS, PyObject_DelItemString)                             \
    X(I_OO, PyObject_DelAttr) X(I_OS, PyObject_DelAttrString) X(R_OO, _PyObject_LookupAttr) X(I_OO, _PyUnicode_EQ)       \
    X(I_OO, _PySet_Update) X(O_O, _PyLong_Copy) X(I_S, PyBuffer_SizeFromFormat) X(V_O, _PyErr_SetKeyError)               \
    X(I_OO, PyTraceBack_Print) X(O_OO, PyFunction_New) X(O_OOO, PyFunction_NewWithQualName)                              \
    X(I_OO, PyFunction_SetDefaults) X(I_OO, PyFunction_SetKwDefaults) X(I_OO, PyFunction_SetAnnotations)                 \
    X(O_OO, _PyType_CalculateMetaclass) X(O_O, PyImport_ReloadModule) X(O_O, PyImport_AddModuleObject)                   \
    X(O_, PyFloat_GetInfo) X(O_, PyLong_GetInfo) X(O_, PyThread_GetInfo) X(I_, PySys_HasWarnOptions)                     \
    X(I_SO, PySys_SetObject) X(I_OS, PyModule_SetDocString) X(I_, Py_GetRecursionLimit) X(I_S, PyRun_SimpleString)       \
    X(I_O, Py_ReprEnter) X(V_O, Py_ReprLeave) X(I_OO, PyContextVar_Reset)                                                \
    X(O_, PyContext_CopyCurrent) X(O_, PyContext_New) X(O_O, PyContext_Copy) X(I_, PyInterpreterState_has_id)            \
    X(I_O, PyObject_GC_IsFinalized)

/* Functions with further types, and pairs of functions that only make sense together. */
static int
PyInterpreterState_has_id(void)
{
    PyInterpreterState *interpreter = PyInterpreterState_Get();
    return interpreter != NULL && interpreter == PyInterpreterState_Main()
           && interpreter == PyThreadState_GetInterpreter(PyThreadState_Get()) && PyInterpreterState_GetDict(interpreter) != NULL
           && PyInterpreterState_GetID(interpreter) == 0;
}

#define WRAPPED(kind, name) kind(name)
FUNCTIONS(WRAPPED)

WRAP(PyObject_Vectorcall)
{
    O *callable, *positional, *names;
    O *stack[8];
    size_t count = 0;
    TAKE("OOO", &callable, &positional, &names);
    stack[0] = NULL;
    for (Py_ssize_t i = 0; i < PyTuple_Size(positional) && i < 7; i++) {
        stack[++count] = PyTuple_GetItem(positional, i);
    }
    Py_ssize_t named = names == Py_None ? 0 : PyTuple_Size(names);
    return PyObject_Vectorcall(callable, stack + 1, (count - (size_t)named) | PY_VECTORCALL_ARGUMENTS_OFFSET,
                               names == Py_None ? NULL : names);
}

WRAP(PyErr_RaisedException)
{
    O *exception;
    TAKE("O", &exception);
    Py_INCREF(exception);
    PyErr_SetRaisedException(exception);
    O *raised = PyErr_GetRaisedException();
    if (PyErr_Occurred() || PyErr_GetRaisedException() != NULL) {
        return NULL;
    }
    return raised;
}

WRAP(PyErr_SetRaisedException)
{
    O *exception;
    TAKE("O", &exception);
    Py_INCREF(exception);
    PyErr_SetRaisedException(exception);
    return NULL;
}

WRAP(_PyErr_ChainExceptions1)
{
    O *first, *second;
    TAKE("OO", &first, &second);
    Py_INCREF(first);
    if (second != Py_None) {
        PyErr_SetObject((O *)Py_TYPE(second), second);
    }
    _PyErr_ChainExceptions1(first);
    return NULL;
}

WRAP(PyErr_SetHandledException)
{
    O *exception;
    TAKE("O", &exception);
    O *before = PyErr_GetHandledException();
    PyErr_SetHandledException(exception);
    O *during = PyErr_GetHandledException();
    PyErr_SetHandledException(before);
    Py_XDECREF(before);
    return or_absent(during);
}

WRAP(PyErr_SetImportError)
{
    O *message, *name, *path;
    TAKE("OOO", &message, &name, &path);
    return PyErr_SetImportError(message, name == Py_None ? NULL : name, path == Py_None ? NULL : path);
}

WRAP(PyModule_Add)
{
    O *module, *object;
    TAKE("OO", &module, &object);
    Py_INCREF(object);
    if (PyModule_Add(module, "added", object) < 0 || PyModule_AddObjectRef(module, "added_too", object) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

WRAP(Py_HashPointer)
{
    long long address;
    TAKE("L", &address);
    return number(Py_HashPointer((void *)(intptr_t)address));
}

WRAP(Py_GetConstantBorrowed)
{
    unsigned int which;
    TAKE("I", &which);
    O *constant = Py_GetConstantBorrowed(which);
    if (constant != NULL && constant != Py_GetConstantBorrowed(which)) {
        return PyUnicode_FromString("another object each time");
    }
    Py_XINCREF(constant);
    return constant;
}

WRAP(PyThreadState_GetUnchecked)
{
    return PyBool_FromLong(PyThreadState_GetUnchecked() == PyThreadState_Get());
}

WRAP(PyTime)
{
    PyTime_t a, b, c, d;
    if (PyTime_Time(&a) < 0 || PyTime_Monotonic(&b) < 0 || PyTime_PerfCounter(&c) < 0 || PyTime_Monotonic(&d) < 0) {
        return NULL;
    }
    return Py_BuildValue("(diO)", PyTime_AsSecondsDouble(a), c > 0, d >= b ? Py_True : Py_False);
}

#define FIXED(type, name, python_format, make)                \
    WRAP(PyLong_As##name)                                     \
    {                                                         \
        O *object;                                            \
        type value = 0;                                       \
        TAKE("O", &object);                                   \
        return PyLong_As##name(object, &value) < 0 ? NULL : PyLong_From##name(value); \
    }
FIXED(int32_t, Int32, "i", PyLong_FromInt32)
FIXED(int64_t, Int64, "L", PyLong_FromInt64)
FIXED(uint32_t, UInt32, "I", PyLong_FromUInt32)
FIXED(uint64_t, UInt64, "K", PyLong_FromUInt64)

WRAP(PyLong_GetSign)
{
    O *object;
    int sign = 7;
    TAKE("O", &object);
    return PyLong_GetSign(object, &sign) < 0 ? NULL : PyLong_FromLong(sign);
}

WRAP(PyLong_AsNativeBytes)
{
    O *object;
    Py_ssize_t size;
    int flags;
    char buffer[32];
    TAKE("Oni", &object, &size, &flags);
    Py_ssize_t needed = PyLong_AsNativeBytes(object, buffer, size, flags);
    return needed < 0 ? NULL : Py_BuildValue("(iN)", needed <= size, PyBytes_FromStringAndSize(buffer, size));
}

WRAP(PyLong_FromNativeBytes)
{
    O *bytes;
    int flags, is_signed;
    TAKE("Oii", &bytes, &flags, &is_signed);
    char *data = PyBytes_AsString(bytes);
    size_t size = (size_t)PyBytes_Size(bytes);
    return is_signed ? PyLong_FromNativeBytes(data, size, flags) : PyLong_FromUnsignedNativeBytes(data, size, flags);
}

WRAP(_PyLong_AsByteArray)
{
    O *object;
    int little, is_signed;
    unsigned char buffer[4];
    TAKE("Oii", &object, &little, &is_signed);
    if (_PyLong_AsByteArray((PyLongObject *)object, buffer, 4, little, is_signed) < 0) {
        return NULL;
    }
    return PyBytes_FromStringAndSize((char *)buffer, 4);
}

WRAP(PyTuple_FromArray)
{
    O *items[2];
    TAKE("OO", &items[0], &items[1]);
    return PyTuple_FromArray(items, 2);
}

WRAP(PyUnicodeWriter)
{
    O *object;
    Py_ssize_t taken = 0;
    TAKE("O", &object);
    PyUnicodeWriter *writer = PyUnicodeWriter_Create(5);
    if (writer == NULL) {
        return NULL;
    }
    const Py_UCS4 wide[] = {0x20AC, 0x1F600};
    if (PyUnicodeWriter_WriteChar(writer, 0x394) < 0 || PyUnicodeWriter_WriteUTF8(writer, "\xC3\xA9t\xC3\xA9!", 5) < 0
        || PyUnicodeWriter_WriteASCII(writer, "-ascii-", -1) < 0 || PyUnicodeWriter_WriteWideChar(writer, L"wide", 4) < 0
        || PyUnicodeWriter_WriteUCS4(writer, wide, 2) < 0 || PyUnicodeWriter_WriteStr(writer, object) < 0
        || PyUnicodeWriter_WriteRepr(writer, object) < 0
        || PyUnicodeWriter_DecodeUTF8Stateful(writer, "ab\xC3", 3, "strict", &taken) < 0 || taken != 2
        || PyUnicodeWriter_DecodeUTF8Stateful(writer, "\xFF", 1, "replace", NULL) < 0) {
        PyUnicodeWriter_Discard(writer);
        return NULL;
    }
    PyUnicodeWriter_Discard(NULL);
    return PyUnicodeWriter_Finish(writer);
}

WRAP(PyUnicodeWriter_WriteSubstring)
{
    O *object;
    Py_ssize_t start, end;
    TAKE("Onn", &object, &start, &end);
    PyUnicodeWriter *writer = PyUnicodeWriter_Create(0);
    if (writer != NULL && PyUnicodeWriter_WriteSubstring(writer, object, start, end) < 0) {
        PyUnicodeWriter_Discard(writer);
        return NULL;
    }
    return writer == NULL ? NULL : PyUnicodeWriter_Finish(writer);
}

WRAP(PyBytesWriter)
{
    PyBytesWriter *writer = PyBytesWriter_Create(3);
    if (writer == NULL) {
        return NULL;
    }
    memcpy(PyBytesWriter_GetData(writer), "abc", 3);
    char *end = (char *)PyBytesWriter_GetData(writer) + 3;
    if (PyBytesWriter_WriteBytes(writer, "def", -1) < 0 || PyBytesWriter_Grow(writer, 1000) < 0
        || PyBytesWriter_Resize(writer, 6) < 0 || PyBytesWriter_GetSize(writer) != 6) {
        PyBytesWriter_Discard(writer);
        return NULL;
    }
    end = (char *)PyBytesWriter_GetData(writer) + 6;
    end = PyBytesWriter_GrowAndUpdatePointer(writer, 2000, end);
    if (end == NULL) {
        PyBytesWriter_Discard(writer);
        return NULL;
    }
    *end++ = '!';
    return PyBytesWriter_FinishWithPointer(writer, end);
}

WRAP(PyUnicode_DecodeStateful)
{
    S *which, *bytes, *errors;
    Py_ssize_t size, taken = -1;
    int order = 0;
    O *text = NULL;
    TAKE("sy#z", &which, &bytes, &size, &errors);
    if (strcmp(which, "utf-8") == 0) text = PyUnicode_DecodeUTF8Stateful(bytes, size, errors, &taken);
    if (strcmp(which, "utf-7") == 0) text = PyUnicode_DecodeUTF7Stateful(bytes, size, errors, &taken);
    if (strcmp(which, "utf-16") == 0) text = PyUnicode_DecodeUTF16Stateful(bytes, size, errors, &order, &taken);
    if (strcmp(which, "utf-32") == 0) text = PyUnicode_DecodeUTF32Stateful(bytes, size, errors, &order, &taken);
    return text == NULL ? NULL : Py_BuildValue("(Nni)", text, taken, order);
}

WRAP(PyUnicode_Decode)
{
    S *which, *bytes, *errors;
    Py_ssize_t size;
    TAKE("sy#z", &which, &bytes, &size, &errors);
    if (strcmp(which, "utf-7") == 0) return PyUnicode_DecodeUTF7(bytes, size, errors);
    if (strcmp(which, "unicode_escape") == 0) return PyUnicode_DecodeUnicodeEscape(bytes, size, errors);
    if (strcmp(which, "raw_unicode_escape") == 0) return PyUnicode_DecodeRawUnicodeEscape(bytes, size, errors);
    if (strcmp(which, "escape") == 0) return PyBytes_DecodeEscape(bytes, size, errors, 0, NULL);
    return PyUnicode_DecodeCharmap(bytes, size, NULL, errors);
}

WRAP(PyUnicodeDecodeError_Create)
{
    return PyUnicodeDecodeError_Create("utf-8", "a\xFF" "c", 3, 1, 2, "because");
}

WRAP(PyUnicodeDecodeError_GetBounds)
{
    O *exception;
    Py_ssize_t start, end;
    TAKE("O", &exception);
    if (PyUnicodeDecodeError_GetStart(exception, &start) < 0 || PyUnicodeDecodeError_GetEnd(exception, &end) < 0) {
        return NULL;
    }
    return Py_BuildValue("(nn)", start, end);
}

WRAP(PyCFunction)
{
    static PyMethodDef definition = {"made", call_PyTuple_FromArray, METH_VARARGS, "Made here."};
    O *owner;
    TAKE("O", &owner);
    O *function = PyCFunction_NewEx(&definition, owner, NULL);
    if (function == NULL) {
        return NULL;
    }
    O *own = PyCFunction_GetSelf(function);
    return Py_BuildValue("(iON)", PyCFunction_GetFlags(function), own ? own : Py_None, function);
}

WRAP(Py_CompileString)
{
    S *source;
    O *file;
    TAKE("sO", &source, &file);
    O *first = Py_CompileString(source, "first.py", Py_eval_input);
    O *second = Py_CompileStringObject(source, file, Py_file_input, NULL, 2);
    return first && second ? Py_BuildValue("(NN)", first, second) : NULL;
}

WRAP(PyRun_String)
{
    S *source;
    O *globals;
    TAKE("sO", &source, &globals);
    return PyRun_String(source, Py_eval_input, globals, globals);
}

WRAP(PySlice_GetIndicesEx)
{
    O *slice;
    Py_ssize_t length, start, stop, step, count;
    TAKE("On", &slice, &length);
#undef PySlice_GetIndicesEx
    if (PySlice_GetIndicesEx(slice, length, &start, &stop, &step, &count) < 0) {
        return NULL;
    }
    return Py_BuildValue("(nnnn)", start, stop, step, count);
}

WRAP(PyMarshal)
{
    O *object;
    TAKE("O", &object);
    O *bytes = PyMarshal_WriteObjectToString(object, 2);
    return bytes ? PyMarshal_ReadObjectFromString(PyBytes_AsString(bytes), PyBytes_Size(bytes)) : NULL;
}

WRAP(PyStrings)
{
    return Py_BuildValue("(ss)", Py_GetPlatform(), Py_GetCopyright());
}

WRAP(PyMutex)
{
    char mutex = 0;
    PyMutex_Lock((PyMutex *)&mutex);
    int during = PyMutex_IsLocked((PyMutex *)&mutex);
    PyMutex_Unlock((PyMutex *)&mutex);
    return Py_BuildValue("(ii)", during, PyMutex_IsLocked((PyMutex *)&mutex));
}

WRAP(PyBuffer_FillContiguousStrides)
{
    Py_ssize_t shape[] = {2, 3}, strides[2];
    PyBuffer_FillContiguousStrides(2, shape, strides, 4, 'F');
    return Py_BuildValue("(nn)", strides[0], strides[1]);
}

WRAP(_PyDict_KnownHash)
{
    O *dict, *key;
    TAKE("OO", &dict, &key);
    Py_hash_t hash = PyObject_Hash(key);
    if (_PyDict_SetItem_KnownHash(dict, key, Py_True, hash) < 0 || _PyDict_Contains_KnownHash(dict, key, hash) != 1) {
        return NULL;
    }
    O *found = _PyDict_GetItem_KnownHash(dict, key, hash);
    return found ? Py_NewRef(found) : NULL;
}

WRAP(_PyStack_AsDict)
{
    O *values[2], *names;
    TAKE("OOO", &values[0], &values[1], &names);
    return _PyStack_AsDict(values, names);
}

WRAP(_PyGen_FetchStopIterationValue)
{
    O *exception, *value;
    TAKE("O", &exception);
    if (exception != Py_None) {
        PyErr_SetObject((O *)Py_TYPE(exception), exception);
    }
    return _PyGen_FetchStopIterationValue(&value) < 0 ? NULL : value;
}

WRAP(PyErr_WarnExplicitObject)
{
    O *message, *file;
    TAKE("OO", &message, &file);
    return number(PyErr_WarnExplicitObject(PyExc_UserWarning, message, file, 7, NULL, NULL));
}

WRAP(types)
{
    return Py_BuildValue("(OOOOOOOOOO)", &_PyWeakref_RefType, &_PyWeakref_ProxyType, &PyCode_Type, &PyGen_Type, &PyEnum_Type,
                         &PySuper_Type, &PyDictItems_Type, &PyZip_Type, PyExc_IOError, PyExc_EnvironmentError);
}

WRAP(PyFloat_Pack)
{
    double value;
    int size, little, failed;
    char bytes[8];
    TAKE("dii", &value, &size, &little);
    failed = size == 2 ? PyFloat_Pack2(value, bytes, little)
             : size == 4 ? PyFloat_Pack4(value, bytes, little)
                         : PyFloat_Pack8(value, bytes, little);
    if (failed) {
        return NULL;
    }
    double back = size == 2 ? PyFloat_Unpack2(bytes, little)
                  : size == 4 ? PyFloat_Unpack4(bytes, little)
                              : PyFloat_Unpack8(bytes, little);
    return Py_BuildValue("(y#d)", bytes, (Py_ssize_t)size, back);
}

WRAP(PyLong_Export)
{
    O *object;
    PyLongExport exported;
    PyLongWriter *writer;
    void *digits;
    TAKE("O", &object);
    if (PyLong_Export(object, &exported) < 0) {
        return NULL;
    }
    if (exported.digits == NULL) {
        return Py_BuildValue("L", (long long)exported.value);
    }
    writer = PyLongWriter_Create(exported.negative, exported.ndigits, &digits);
    if (writer == NULL) {
        return NULL;
    }
    memcpy(digits, exported.digits, (size_t)exported.ndigits * PyLong_GetNativeLayout()->digit_size);
    PyLong_FreeExport(&exported);
    return PyLongWriter_Finish(writer);
}

WRAP(_PyUnicode_Is)
{
    unsigned int c;
    TAKE("I", &c);
    return Py_BuildValue("(iiiiiiiiiii)", _PyUnicode_IsAlpha(c), _PyUnicode_IsDecimalDigit(c), _PyUnicode_IsDigit(c),
                         _PyUnicode_IsNumeric(c), _PyUnicode_IsPrintable(c), _PyUnicode_IsLowercase(c),
                         _PyUnicode_IsUppercase(c), _PyUnicode_IsWhitespace(c), _PyUnicode_IsTitlecase(c),
                         _PyUnicode_IsLinebreak(c), c < 128 ? _Py_ascii_whitespace[c] : 0);
}

WRAP(_PyUnicode_To)
{
    unsigned int c;
    Py_UCS4 lower[3] = {0}, upper[3] = {0};
    TAKE("I", &c);
    int lowers = _PyUnicode_ToLowerFull(c, lower), uppers = _PyUnicode_ToUpperFull(c, upper);
    return Py_BuildValue("(IIIiidNN)", _PyUnicode_ToLowercase(c), _PyUnicode_ToUppercase(c), _PyUnicode_ToTitlecase(c),
                         _PyUnicode_ToDecimalDigit(c), _PyUnicode_ToDigit(c), _PyUnicode_ToNumeric(c),
                         PyUnicode_FromKindAndData(4, lower, lowers), PyUnicode_FromKindAndData(4, upper, uppers));
}

WRAP(PyUnicode_Resize)
{
    Py_ssize_t length;
    TAKE("n", &length);
    O *text = PyUnicode_New(4, 127);
    if (text == NULL || PyUnicode_Fill(text, 0, 4, 'x') != 4 || PyUnicode_WriteChar(text, 1, 'y') < 0) {
        return NULL;
    }
    if (PyUnicode_Resize(&text, length) < 0) {
        return NULL;
    }
    if (length > 4 && PyUnicode_Fill(text, 4, length - 4, 'z') != length - 4) {
        return NULL;
    }
    return text;
}

WRAP(_PyUnicode_FastCopyCharacters)
{
    O *from;
    TAKE("O", &from);
    O *to = PyUnicode_New(4, 0x10FFFF);
    if (to == NULL || PyUnicode_Fill(to, 0, 4, 0x1F600) != 4) {
        return NULL;
    }
    _PyUnicode_FastCopyCharacters(to, 1, from, 0, 2);
    return to;
}

WRAP(PyUnicode_WriteChar)
{
    Py_ssize_t index;
    unsigned int c;
    TAKE("nI", &index, &c);
    O *text = PyUnicode_New(2, 127);
    if (text == NULL || PyUnicode_Fill(text, 0, 2, 'x') != 2 || PyUnicode_WriteChar(text, index, c) < 0) {
        return NULL;
    }
    return text;
}

WRAP(_PyObject_GenericGetAttrWithDict)
{
    O *object, *name, *dict;
    int suppress;
    TAKE("OOOi", &object, &name, &dict, &suppress);
    return or_absent(_PyObject_GenericGetAttrWithDict(object, name, dict == Py_None ? NULL : dict, suppress));
}

WRAP(_Py_HashBytes)
{
    S *bytes;
    Py_ssize_t size;
    TAKE("y#", &bytes, &size);
    return number(_Py_HashBytes(bytes, size));
}

WRAP(Py_PACK_VERSION)
{
#undef Py_PACK_VERSION
#undef Py_PACK_FULL_VERSION
    return Py_BuildValue("(kk)", (unsigned long)Py_PACK_VERSION(3, 12), (unsigned long)Py_PACK_FULL_VERSION(3, 15, 1, 0xF, 2));
}

WRAP(PyImport_Magic)
{
    return PyLong_FromLong(PyImport_GetMagicNumber());
}

WRAP(PyModule_Names)
{
    O *module;
    TAKE("O", &module);
    return Py_BuildValue("(NNN)", PyModule_GetNameObject(module), PyModule_GetFilenameObject(module),
                         PyImport_ImportModuleLevel("collections", NULL, NULL, NULL, 0));
}

/* Functions with a variable number of arguments; more than fit into registers, and floats among them. */
WRAP(PyErr_FormatUnraisable)
{
    O *exception;
    TAKE("O", &exception);
    PyErr_SetObject((O *)Py_TYPE(exception), exception);
    PyErr_FormatUnraisable("Exception ignored %s %d %d %d %d %d %d %R", "here", 1, 2, 3, 4, 5, 6, exception);
    if (PyErr_Occurred()) {
        return NULL;
    }
    Py_RETURN_NONE;
}

WRAP(PySys_Audit)
{
    if (PySys_Audit("cardan.several", "idsddO", 1, 2.5, "three", 4.5, 5.5, Py_None) < 0 || PySys_Audit("cardan.one", "i", 1) < 0
        || PySys_Audit("cardan.none", NULL) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

WRAP(PyErr_ResourceWarning)
{
    O *source;
    TAKE("O", &source);
    return number(PyErr_ResourceWarning(source, 1, "unclosed %s %d", "thing", 5));
}

WRAP(PySys_Format)
{
    PySys_FormatStderr("error %d %U\n", 1, arguments == NULL ? NULL : PyTuple_GetItem(arguments, 0));
    PySys_FormatStdout("output %d\n", 2);
    Py_RETURN_NONE;
}

WRAP(Writer_Format)
{
    PyUnicodeWriter *text = PyUnicodeWriter_Create(0);
    PyBytesWriter *bytes = PyBytesWriter_Create(0);
    if (text == NULL || bytes == NULL || PyUnicodeWriter_Format(text, "%s-%d-%R", "a", 5, Py_None) < 0
        || PyBytesWriter_Format(bytes, "%s-%d", "b", 6) < 0) {
        return NULL;
    }
    return Py_BuildValue("(NN)", PyUnicodeWriter_Finish(text), PyBytesWriter_Finish(bytes));
}

WRAP(PyArg_ParseArray)
{
    O *positional, *names, *items[4];
    int first = 0;
    double second = 0.5;
    O *third = Py_None;
    static char *parameters[] = {"first", "second", "third", NULL};
    TAKE("OO", &positional, &names);
    Py_ssize_t count = PyTuple_Size(positional), named = names == Py_None ? 0 : PyTuple_Size(names);
    for (Py_ssize_t i = 0; i < count && i < 4; i++) {
        items[i] = PyTuple_GetItem(positional, i);
    }
    if (names == Py_None) {
        if (!PyArg_ParseArray(items, count, "i|dO:parsed", &first, &second, &third)) {
            return NULL;
        }
    }
    else if (!PyArg_ParseArrayAndKeywords(items, count - named, names, "i|dO:parsed", (void *)parameters, &first, &second,
                                          &third)) {
        return NULL;
    }
    return Py_BuildValue("(idO)", first, second, third);
}

WRAP(Py_Version)
{
    return PyLong_FromUnsignedLong(Py_Version);
}

#define OTHERS(X)                                                                                                        \
    X(PyObject_Vectorcall) X(PyErr_RaisedException) X(PyErr_SetRaisedException) X(_PyErr_ChainExceptions1)               \
    X(PyErr_SetHandledException) X(PyErr_SetImportError) X(PyModule_Add) X(Py_HashPointer) X(Py_GetConstantBorrowed)     \
    X(PyThreadState_GetUnchecked) X(PyTime) X(PyLong_AsInt32) X(PyLong_AsInt64) X(PyLong_AsUInt32) X(PyLong_AsUInt64)    \
    X(PyLong_GetSign) X(PyLong_AsNativeBytes) X(PyLong_FromNativeBytes) X(_PyLong_AsByteArray) X(PyTuple_FromArray)      \
    X(PyUnicodeWriter) X(PyUnicodeWriter_WriteSubstring) X(PyBytesWriter) X(PyUnicode_DecodeStateful)                    \
    X(PyUnicode_Decode) X(PyUnicodeDecodeError_Create) X(PyUnicodeDecodeError_GetBounds) X(PyCFunction)                  \
    X(Py_CompileString) X(PyRun_String) X(PySlice_GetIndicesEx) X(PyMarshal) X(PyStrings) X(PyMutex)                     \
    X(PyBuffer_FillContiguousStrides) X(_PyDict_KnownHash) X(_PyStack_AsDict) X(_PyGen_FetchStopIterationValue)          \
    X(PyErr_WarnExplicitObject) X(types) X(Py_Version) X(PyFloat_Pack) X(PyLong_Export) X(_PyUnicode_Is)                  \
    X(_PyUnicode_To) X(PyUnicode_Resize) X(PyUnicode_WriteChar) X(_PyUnicode_FastCopyCharacters) X(_PyObject_GenericGetAttrWithDict) X(_Py_HashBytes)     \
    X(Py_PACK_VERSION) X(PyImport_Magic) X(PyModule_Names) X(PyErr_FormatUnraisable) X(PySys_Audit)                      \
    X(PyErr_ResourceWarning) X(PySys_Format) X(Writer_Format) X(PyArg_ParseArray)

#define ROW_OF_KIND(kind, name) {#name, call_##name, METH_VARARGS, NULL},
#define ROW(name) {#name, call_##name, METH_VARARGS, NULL},
static PyMethodDef methods[] = {FUNCTIONS(ROW_OF_KIND) OTHERS(ROW){NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "functions", "Functions of the C API.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_functions(void)
{
    return PyModuleDef_Init(&definition);
}
