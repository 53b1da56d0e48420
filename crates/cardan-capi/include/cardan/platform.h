/* The compiler and the platform: visibility, attributes, integer types, and the small macros of CPython's headers. */
#ifndef CARDAN_PLATFORM_H
#define CARDAN_PLATFORM_H

/* A function or a slot of this module itself: the import library defines it, the linker keeps it inside. */
#define CARDAN_HIDDEN __attribute__((visibility("hidden")))
#ifdef __cplusplus
#define CARDAN_BEGIN extern "C" {
#define CARDAN_END }
#define CARDAN_EXTERN_C extern "C"
#else
#define CARDAN_BEGIN
#define CARDAN_END
#define CARDAN_EXTERN_C extern
#endif
#define CARDAN_FUNCTION(type) CARDAN_HIDDEN type
#define CARDAN_DATA CARDAN_HIDDEN

/* For code that declares functions of its own with CPython's macros. */
#define Py_EXPORTED_SYMBOL __attribute__((visibility("default")))
#define Py_IMPORTED_SYMBOL
#define Py_LOCAL_SYMBOL CARDAN_HIDDEN
#define PyAPI_FUNC(type) CARDAN_HIDDEN type
#define PyAPI_DATA(type) extern CARDAN_HIDDEN type
#ifdef __cplusplus
#define PyMODINIT_FUNC extern "C" Py_EXPORTED_SYMBOL PyObject *
#else
#define PyMODINIT_FUNC Py_EXPORTED_SYMBOL PyObject *
#endif

#define Py_LOCAL(type) static type
#define Py_LOCAL_INLINE(type) static inline type
#define Py_ALWAYS_INLINE __attribute__((always_inline))
#define Py_NO_INLINE __attribute__((noinline))
#define Py_GCC_ATTRIBUTE(attribute) __attribute__(attribute)
#define Py_DEPRECATED(version) __attribute__((deprecated))
#define _Py_NO_RETURN __attribute__((noreturn))
#define Py_ALIGNED(size) __attribute__((aligned(size)))
#define _Py_HOT_FUNCTION
#define Py_CLEANUP_SUPPORTED 0x20000

#if defined(__cplusplus) && __cplusplus >= 201103L
#define _Py_NULL nullptr
#else
#define _Py_NULL NULL
#endif
#ifdef __cplusplus
#define _Py_STATIC_CAST(type, expression) static_cast<type>(expression)
#else
#define _Py_STATIC_CAST(type, expression) ((type)(expression))
#endif
#define _Py_CAST(type, expression) ((type)(expression))

typedef ssize_t Py_ssize_t;
typedef intptr_t Py_intptr_t;
typedef uintptr_t Py_uintptr_t;
typedef Py_ssize_t Py_hash_t;
typedef size_t Py_uhash_t;
typedef Py_ssize_t Py_ssize_clean_t;
typedef uint32_t Py_UCS4;
typedef uint16_t Py_UCS2;
typedef uint8_t Py_UCS1;
typedef wchar_t Py_UNICODE;

#define PY_SSIZE_T_MAX ((Py_ssize_t)(((size_t)-1) >> 1))
#define PY_SSIZE_T_MIN (-PY_SSIZE_T_MAX - 1)
#define PY_SIZE_MAX SIZE_MAX
#define PY_FORMAT_SIZE_T "z"
#define PY_LONG_LONG long long
#define PY_LLONG_MIN LLONG_MIN
#define PY_LLONG_MAX LLONG_MAX
#define PY_ULLONG_MAX ULLONG_MAX
#define PY_UINT32_T uint32_t
#define PY_UINT64_T uint64_t
#define PY_INT32_T int32_t
#define PY_INT64_T int64_t
#define PY_DWORD_MAX 4294967295U
#define PY_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#define PY_LITTLE_ENDIAN (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
#define Py_LL(number) number##LL
#define Py_ULL(number) Py_LL(number##U)

#define _Py_XSTRINGIFY(text) #text
#define Py_STRINGIFY(text) _Py_XSTRINGIFY(text)
#define Py_MIN(left, right) (((left) > (right)) ? (right) : (left))
#define Py_MAX(left, right) (((left) > (right)) ? (left) : (right))
#define Py_ABS(number) ((number) < 0 ? -(number) : (number))
#define Py_CHARMASK(character) ((unsigned char)((character)&0xff))
#define Py_ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define Py_MEMBER_SIZE(type, member) sizeof(((type *)0)->member)
#define Py_BUILD_ASSERT_EXPR(condition) (sizeof(char[1 - 2 * !(condition)]) - 1)
#define Py_BUILD_ASSERT(condition) ((void)Py_BUILD_ASSERT_EXPR(condition))
#define Py_FORCE_EXPANSION(expression) expression
#define Py_SAFE_DOWNCAST(value, wide, narrow) ((narrow)(value))
#define Py_ARITHMETIC_RIGHT_SHIFT(type, number, bits) ((number) >> (bits))
#define Py_VA_COPY va_copy
#define Py_MEMCPY memcpy
#define Py_UNUSED(name) _unused_##name __attribute__((unused))
#define Py_UNREACHABLE() __builtin_unreachable()
#define Py_INVALID_SIZE ((Py_ssize_t)-1)
#define _Py_SIZE_ROUND_DOWN(number, power) ((size_t)(number) & ~(size_t)((power)-1))
#define _Py_SIZE_ROUND_UP(number, power) (((size_t)(number) + (size_t)((power)-1)) & ~(size_t)((power)-1))
#define _Py_ALIGN_DOWN(pointer, size) ((void *)((uintptr_t)(pointer) & ~(uintptr_t)((size)-1)))
#define _Py_ALIGN_UP(pointer, size) ((void *)(((uintptr_t)(pointer) + (uintptr_t)((size)-1)) & ~(uintptr_t)((size)-1)))
#define _Py_IS_ALIGNED(pointer, size) (!((uintptr_t)(pointer) & (uintptr_t)((size)-1)))

#define Py_MATH_PI 3.14159265358979323846
#define Py_MATH_E 2.7182818284590452354
#define Py_MATH_TAU 6.2831853071795864769252867665590057683943L
#define Py_HUGE_VAL HUGE_VAL
#define Py_INFINITY ((double)INFINITY)
#define Py_NAN ((double)NAN)
#define Py_IS_NAN(number) isnan(number)
#define Py_IS_INFINITY(number) isinf(number)
#define Py_IS_FINITE(number) isfinite(number)

#define _PyHASH_MULTIPLIER 1000003UL
#if SIZEOF_VOID_P >= 8
#define _PyHASH_BITS 61
#else
#define _PyHASH_BITS 31
#endif
#define _PyHASH_MODULUS (((size_t)1 << _PyHASH_BITS) - 1)
#define _PyHASH_INF 314159
#define _PyHASH_IMAG _PyHASH_MULTIPLIER

#define PyDoc_VAR(name) static const char name[]
#define PyDoc_STRVAR(name, text) PyDoc_VAR(name) = PyDoc_STR(text)
#define PyDoc_STR(text) text

#endif
