/* The compiler's own stdint.h, and corrections that Cython needs.
 *
 * Cython leaves its locks out of code for the limited API: it takes for granted that such a module runs with the GIL. Here
 * the same file also runs where there is no GIL. This is the first header that Cython's output includes after it has made
 * up its mind; from here on it finds that locks are wanted. With a GIL the functions that lock do nothing. What stands here is met by no other code. */
#pragma GCC system_header
#include_next <stdint.h>

#if defined(CYTHON_COMPILING_IN_LIMITED_API) && defined(CYTHON_COMPILING_IN_CPYTHON_FREETHREADING)
#undef CYTHON_COMPILING_IN_CPYTHON_FREETHREADING
#define CYTHON_COMPILING_IN_CPYTHON_FREETHREADING 1

/* Cython calls the class of code objects, which takes other arguments on some hosts than on those that it writes code for. */
#undef PyObject_CallFunction
#define PyObject_CallFunction(callable, ...) _PyObject_CallFunction_SizeT(cardan_callable(callable), __VA_ARGS__)

/* Cython's output has variables with the names of a type's fields, and reads no fields in its code for the limited API. */
#undef tp_name
#undef tp_basicsize
#undef tp_itemsize
#undef tp_dealloc
#undef tp_repr
#undef tp_hash
#undef tp_call
#undef tp_str
#undef tp_getattro
#undef tp_setattro
#undef tp_flags
#undef tp_doc
#undef tp_traverse
#undef tp_clear
#undef tp_richcompare
#undef tp_iter
#undef tp_iternext
#undef tp_base
#undef tp_dict
#undef tp_descr_get
#undef tp_descr_set
#undef tp_init
#undef tp_alloc
#undef tp_new
#undef tp_free
#undef tp_vectorcall
#undef tp_weaklistoffset
#undef tp_dictoffset
#endif
