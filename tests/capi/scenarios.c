/* Functions of the C API that some host lacks, of types that need code of their own, and groups of functions that only make
 * sense together. */
#include "wrap.h"

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

WRAP(PyObject_VectorcallDict)
{
    O *callable, *positional, *keywords;
    O *stack[8] = {NULL};
    int is_free;
    TAKE("OOOp", &callable, &positional, &keywords, &is_free);
    size_t count = (size_t)PyTuple_Size(positional);
    for (size_t i = 0; i < count && i < 7; i++) {
        stack[i + 1] = PyTuple_GetItem(positional, (Py_ssize_t)i);
    }
    return PyObject_VectorcallDict(callable, stack + 1, count | (is_free ? PY_VECTORCALL_ARGUMENTS_OFFSET : 0),
                                   keywords == Py_None ? NULL : keywords);
}

/* PyUnicode_FromKindAndData(kind, bytes) */
WRAP(PyUnicode_FromKindAndData)
{
    int kind;
    S *bytes;
    Py_ssize_t size;
    TAKE("iy#", &kind, &bytes, &size);
    return PyUnicode_FromKindAndData(kind, bytes, size / kind);
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
    PyTime_t raw_time, raw_monotonic, raw_counter;
    if (PyTime_TimeRaw(&raw_time) < 0 || PyTime_MonotonicRaw(&raw_monotonic) < 0 || PyTime_PerfCounterRaw(&raw_counter) < 0) {
        return NULL;
    }
    /* The clocks are the same with and without a thread state. */
    int ordered = d >= b && raw_time >= a && raw_monotonic >= d && raw_counter >= c;
    return Py_BuildValue("(diO)", PyTime_AsSecondsDouble(a), c > 0, ordered ? Py_True : Py_False);
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
    O *back = bytes ? PyMarshal_ReadObjectFromString(PyBytes_AsString(bytes), PyBytes_Size(bytes)) : NULL;
    Py_XDECREF(bytes);
    return back;
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
        Py_XDECREF(text);
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

WRAP(tables)
{
    unsigned char byte;
    TAKE("b", &byte);
    return Py_BuildValue("(IBBiiiiii)", _Py_ctype_table[byte], _Py_ctype_tolower[byte], _Py_ctype_toupper[byte], _Py_SwappedOp[0],
                         _Py_SwappedOp[1], _Py_SwappedOp[2], _Py_SwappedOp[3], _Py_SwappedOp[4], _Py_SwappedOp[5]);
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
    X(PyObject_Vectorcall) X(PyObject_VectorcallDict) X(PyUnicode_FromKindAndData) X(PyErr_RaisedException) X(PyErr_SetRaisedException) X(_PyErr_ChainExceptions1)               \
    X(PyErr_SetHandledException) X(PyErr_SetImportError) X(PyModule_Add) X(Py_HashPointer) X(Py_GetConstantBorrowed)     \
    X(PyThreadState_GetUnchecked) X(PyTime) X(PyLong_AsInt32) X(PyLong_AsInt64) X(PyLong_AsUInt32) X(PyLong_AsUInt64)    \
    X(PyLong_GetSign) X(PyLong_AsNativeBytes) X(PyLong_FromNativeBytes) X(_PyLong_AsByteArray) X(PyTuple_FromArray)      \
    X(PyUnicodeWriter) X(PyUnicodeWriter_WriteSubstring) X(PyBytesWriter) X(PyUnicode_DecodeStateful)                    \
    X(PyUnicode_Decode) X(PyUnicodeDecodeError_Create) X(PyUnicodeDecodeError_GetBounds) X(PyCFunction)                  \
    X(Py_CompileString) X(PyRun_String) X(PySlice_GetIndicesEx) X(PyMarshal) X(PyStrings) X(PyMutex)                     \
    X(PyBuffer_FillContiguousStrides) X(_PyDict_KnownHash) X(_PyStack_AsDict) X(_PyGen_FetchStopIterationValue)          \
    X(PyErr_WarnExplicitObject) X(types) X(Py_Version) X(PyFloat_Pack) X(PyLong_Export) X(_PyUnicode_Is)                  \
    X(_PyUnicode_To) X(PyUnicode_Resize) X(PyUnicode_WriteChar) X(_PyUnicode_FastCopyCharacters) X(_PyObject_GenericGetAttrWithDict) X(_Py_HashBytes)     \
    X(tables) X(Py_PACK_VERSION) X(PyImport_Magic) X(PyModule_Names) X(PyErr_FormatUnraisable) X(PySys_Audit)                      \
    X(PyErr_ResourceWarning) X(PySys_Format) X(Writer_Format) X(PyArg_ParseArray)

MODULE(scenarios, OTHERS(ROW))
