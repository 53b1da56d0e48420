/* The compiler's own stdint.h, and a correction that Cython needs.
 *
 * Cython leaves its locks out of code for the limited API: it takes for granted that such a module runs with the GIL. Here
 * the same file also runs where there is no GIL. This is the first header that Cython's output includes after it has made
 * up its mind; from here on it finds that locks are wanted. With a GIL the functions that lock do nothing. */
#pragma GCC system_header
#include_next <stdint.h>

#if defined(CYTHON_COMPILING_IN_LIMITED_API) && defined(CYTHON_COMPILING_IN_CPYTHON_FREETHREADING)
#undef CYTHON_COMPILING_IN_CPYTHON_FREETHREADING
#define CYTHON_COMPILING_IN_CPYTHON_FREETHREADING 1
#endif
