/* Memory and the making of objects. https://docs.python.org/3/c-api/memory.html */
#ifndef CARDAN_MEMORY_H
#define CARDAN_MEMORY_H

#define PyMem_New(type, count) \
    (((size_t)(count) > PY_SSIZE_T_MAX / sizeof(type)) ? (type *)NULL : (type *)PyMem_Malloc((count) * sizeof(type)))
#define PyMem_Resize(pointer, type, count)                                 \
    ((pointer) = ((size_t)(count) > PY_SSIZE_T_MAX / sizeof(type))         \
         ? (type *)NULL                                                    \
         : (type *)PyMem_Realloc((pointer), (count) * sizeof(type)))
#define PyMem_NEW(type, count) PyMem_New(type, count)
#define PyMem_RESIZE(pointer, type, count) PyMem_Resize(pointer, type, count)
#define PyMem_MALLOC(size) PyMem_Malloc(size)
#define PyMem_REALLOC(pointer, size) PyMem_Realloc((pointer), (size))
#define PyMem_FREE(pointer) PyMem_Free(pointer)
#define PyMem_Del(pointer) PyMem_Free(pointer)
#define PyMem_DEL(pointer) PyMem_Free(pointer)

#define PyObject_MALLOC PyObject_Malloc
#define PyObject_REALLOC PyObject_Realloc
#define PyObject_FREE PyObject_Free
#define PyObject_Del PyObject_Free
#define PyObject_DEL PyObject_Free
#define PyObject_INIT(object, type) PyObject_Init(_PyObject_CAST(object), (type))
#define PyObject_INIT_VAR(object, type, size) PyObject_InitVar(_PyVarObject_CAST(object), (type), (size))
#define PyObject_New(type, class) ((type *)_PyObject_New(class))
#define PyObject_NewVar(type, class, count) ((type *)_PyObject_NewVar((class), (count)))
#define PyObject_NEW(type, class) PyObject_New(type, class)
#define PyObject_NEW_VAR(type, class, count) PyObject_NewVar(type, class, count)
#define PyObject_GC_New(type, class) ((type *)_PyObject_GC_New(class))
#define PyObject_GC_NewVar(type, class, count) ((type *)_PyObject_GC_NewVar((class), (count)))
#define PyObject_GC_Resize(type, object, count) ((type *)_PyObject_GC_Resize(_PyVarObject_CAST(object), (count)))

#endif
