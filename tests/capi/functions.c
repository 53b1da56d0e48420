/* Functions of the C API that some host lacks: what each returns natively and what its stand-in returns are held to the same
 * expectations, in check_functions.py. */
#include "wrap.h"

/* Macros of the header are out of the way: functions are meant. */
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
    X(B_OO, _PyType_CalculateMetaclass) X(O_O, PyImport_ReloadModule) X(B_O, PyImport_AddModuleObject)                   \
    X(O_, PyFloat_GetInfo) X(O_, PyLong_GetInfo) X(O_, PyThread_GetInfo) X(I_, PySys_HasWarnOptions)                     \
    X(I_SO, PySys_SetObject) X(I_OS, PyModule_SetDocString) X(I_, Py_GetRecursionLimit) X(I_S, PyRun_SimpleString)       \
    X(I_O, Py_ReprEnter) X(V_O, Py_ReprLeave) X(I_OO, PyContextVar_Reset)                                                \
    X(O_, PyContext_CopyCurrent) X(O_, PyContext_New) X(O_O, PyContext_Copy) X(I_, PyInterpreterState_has_id)            \
    X(I_O, PyObject_GC_IsFinalized)

static int
PyInterpreterState_has_id(void)
{
    PyInterpreterState *interpreter = PyInterpreterState_Get();
    return interpreter != NULL && interpreter == PyInterpreterState_Main()
           && interpreter == PyThreadState_GetInterpreter(PyThreadState_Get()) && PyInterpreterState_GetDict(interpreter) != NULL
           && PyInterpreterState_GetID(interpreter) == 0;
}

FUNCTIONS(WRAPPED)
MODULE(functions, FUNCTIONS(ROW_OF_KIND))
