/* Handles and other types that are passed to and from the context. Part of hpy.h. */
#ifndef CARDAN_HPY_TYPES_H
#define CARDAN_HPY_TYPES_H

/* A handle. What the word means is the context's affair; 0 is no object. */
typedef struct _HPy_s {
    intptr_t _i;
} HPy;

/* A reference from a C struct to a Python object, which the collector sees. */
typedef struct {
    intptr_t _i;
} HPyField;

/* A reference from a C variable to a Python object, listed in the module's definition. */
typedef struct {
    intptr_t _i;
} HPyGlobal;

/* A list, a tuple, a str or bytes object that is being made. */
typedef struct {
    intptr_t _lst;
} HPyListBuilder;
typedef struct {
    intptr_t _tup;
} HPyTupleBuilder;
typedef struct {
    intptr_t _i;
} HPyUnicodeWriter;
typedef struct {
    intptr_t _i;
} HPyBytesWriter;

/* A set of handles that are closed together. */
typedef struct {
    intptr_t _i;
} HPyTracker;

/* The state of a thread that has left Python for a while. */
typedef struct {
    intptr_t _i;
} HPyThreadState;

/* What a thread that Python did not start has to give back. */
typedef struct {
    intptr_t _i;
} HPyThreadAttachment;

/* Locks on one and on two objects, in the caller's frame. */
typedef struct {
    uintptr_t _opaque[4];
} HPyCriticalSection;
typedef struct {
    uintptr_t _opaque[6];
} HPyCriticalSection2;

typedef struct _HPyContext_s HPyContext;

#ifdef __cplusplus
#define _hconv(word) (HPy{word})
#define _hfconv(word) (HPyField{word})
#define _htsconv(word) (HPyThreadState{word})
#define _hgconv(word) (HPyGlobal{word})
#else
#define _hconv(word) ((HPy){word})
#define _hfconv(word) ((HPyField){word})
#define _htsconv(word) ((HPyThreadState){word})
#define _hgconv(word) ((HPyGlobal){word})
#endif

#define HPy_NULL _hconv(0)
#define HPy_IsNull(h) ((h)._i == 0)
#define HPyField_NULL _hfconv(0)
#define HPyField_IsNull(field) ((field)._i == 0)
#define HPyGlobal_NULL _hgconv(0)
#define HPyListBuilder_IsNull(builder) ((builder)._lst == 0)
#define HPyTupleBuilder_IsNull(builder) ((builder)._tup == 0)
#define HPyUnicodeWriter_IsNull(writer) ((writer)._i == 0)
#define HPyBytesWriter_IsNull(writer) ((writer)._i == 0)
#define HPyTracker_IsNull(tracker) ((tracker)._i == 0)

/* The word of a handle, for what can carry only a pointer. */
static inline _HPy_UNUSED HPy HPy_FromVoidP(void *pointer)
{
    return _hconv((intptr_t)pointer);
}

static inline _HPy_UNUSED void *HPy_AsVoidP(HPy h)
{
    return (void *)h._i;
}

typedef intptr_t HPy_ssize_t;
typedef intptr_t HPy_hash_t;
typedef uint32_t HPy_UCS4;
#define HPY_SSIZE_T_MAX INTPTR_MAX
#define HPY_SSIZE_T_MIN (-HPY_SSIZE_T_MAX - 1)

/* The host's own types, for what is shared with code that uses Python.h. Without Python.h nothing can be done with them. */
#ifdef HPY_ABI_HYBRID
typedef PyObject cpy_PyObject;
typedef PyMethodDef cpy_PyMethodDef;
typedef PyModuleDef cpy_PyModuleDef;
typedef Py_buffer cpy_Py_buffer;
#else
typedef struct _HPy_needs_Python_h_PyObject cpy_PyObject;
typedef struct _HPy_needs_Python_h_PyMethodDef cpy_PyMethodDef;
typedef struct _HPy_needs_Python_h_PyModuleDef cpy_PyModuleDef;
typedef struct _HPy_needs_Python_h_Py_buffer cpy_Py_buffer;
#endif

#ifdef __cplusplus
extern "C" {
#endif
typedef cpy_PyObject *(*cpy_PyCFunction)(cpy_PyObject *, cpy_PyObject *const *, HPy_ssize_t);
typedef int (*cpy_visitproc)(cpy_PyObject *, void *);
typedef cpy_PyObject *(*cpy_getter)(cpy_PyObject *, void *);
typedef int (*cpy_setter)(cpy_PyObject *, cpy_PyObject *, void *);
typedef void (*cpy_PyCapsule_Destructor)(cpy_PyObject *);
typedef cpy_PyObject *(*cpy_vectorcallfunc)(cpy_PyObject *, cpy_PyObject *const *, size_t, cpy_PyObject *);

/* Any function of a module. */
typedef void (*HPyCFunction)(void);

/* What `tp_traverse` calls with each of its fields. */
typedef int (*HPyFunc_visitproc)(HPyField *field, void *arg);
#ifdef __cplusplus
}
#endif

/* The comparisons that `HPy_RichCompare` and `tp_richcompare` know. */
typedef enum {
    HPy_LT = 0,
    HPy_LE = 1,
    HPy_EQ = 2,
    HPy_NE = 3,
    HPy_GT = 4,
    HPy_GE = 5
} HPy_RichCmpOp;

/* What `HPy_Compile_s` compiles. */
typedef enum {
    HPy_SourceKind_Expr = 0,  /* an expression */
    HPy_SourceKind_File = 1,  /* statements, as in a file */
    HPy_SourceKind_Single = 2 /* one statement, as at the prompt */
} HPy_SourceKind;

/* What of a capsule `HPyCapsule_Get` and `HPyCapsule_Set` are about. */
typedef enum {
    HPyCapsule_key_Pointer = 0,
    HPyCapsule_key_Name = 1,
    HPyCapsule_key_Context = 2,
    HPyCapsule_key_Destructor = 3
} _HPyCapsule_key;

/* How a step of a generator or coroutine ended: `HPyIter_Send`, `am_send`. */
typedef enum {
    HPy_SEND_ERROR = -1,
    HPy_SEND_RETURN = 0,
    HPy_SEND_NEXT = 1
} HPy_SendResult;

/* An object's memory as `HPyBuffer_Get` gives it and `bf_getbuffer` fills it; see the buffer protocol of Python. */
typedef struct {
    void *buf;
    HPy obj; /* who gives it out: a handle that belongs to the buffer */
    HPy_ssize_t len;
    HPy_ssize_t itemsize;
    int readonly;
    int ndim;
    char *format;
    HPy_ssize_t *shape;
    HPy_ssize_t *strides;
    HPy_ssize_t *suboffsets;
    void *internal;
} HPy_buffer;

#define HPyBUF_SIMPLE 0
#define HPyBUF_WRITABLE 0x1
#define HPyBUF_FORMAT 0x4
#define HPyBUF_ND 0x8
#define HPyBUF_STRIDES (0x10 | HPyBUF_ND)
#define HPyBUF_C_CONTIGUOUS (0x20 | HPyBUF_STRIDES)
#define HPyBUF_F_CONTIGUOUS (0x40 | HPyBUF_STRIDES)
#define HPyBUF_ANY_CONTIGUOUS (0x80 | HPyBUF_STRIDES)
#define HPyBUF_INDIRECT (0x100 | HPyBUF_STRIDES)
#define HPyBUF_CONTIG (HPyBUF_ND | HPyBUF_WRITABLE)
#define HPyBUF_CONTIG_RO HPyBUF_ND
#define HPyBUF_STRIDED (HPyBUF_STRIDES | HPyBUF_WRITABLE)
#define HPyBUF_STRIDED_RO HPyBUF_STRIDES
#define HPyBUF_RECORDS (HPyBUF_STRIDES | HPyBUF_WRITABLE | HPyBUF_FORMAT)
#define HPyBUF_RECORDS_RO (HPyBUF_STRIDES | HPyBUF_FORMAT)
#define HPyBUF_FULL (HPyBUF_INDIRECT | HPyBUF_WRITABLE | HPyBUF_FORMAT)
#define HPyBUF_FULL_RO (HPyBUF_INDIRECT | HPyBUF_FORMAT)

/* Bytes for a character of a str: `HPyUnicode_FromKindAndData`, `HPyUnicode_AsKindAndData`. */
#define HPyUnicode_1BYTE_KIND 1
#define HPyUnicode_2BYTE_KIND 2
#define HPyUnicode_4BYTE_KIND 4

/* Flags of `HPyLong_AsNativeBytes` and `HPyLong_FromNativeBytes`. */
#define HPy_ASNATIVEBYTES_DEFAULTS (-1)
#define HPy_ASNATIVEBYTES_BIG_ENDIAN 0
#define HPy_ASNATIVEBYTES_LITTLE_ENDIAN 1
#define HPy_ASNATIVEBYTES_NATIVE_ENDIAN 3
#define HPy_ASNATIVEBYTES_UNSIGNED_BUFFER 4
#define HPy_ASNATIVEBYTES_REJECT_NEGATIVE 8
#define HPy_ASNATIVEBYTES_ALLOW_INDEX 16

/* The parts of a date, a time or both. */
typedef struct {
    int year;
    int month;
    int day;
    int hour;
    int minute;
    int second;
    int microsecond;
    int fold;
} HPyDateTime_Fields;

#endif
