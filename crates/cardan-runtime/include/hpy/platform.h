/* What kind of module is compiled, and what the compiler offers. Part of hpy.h. */
#ifndef CARDAN_HPY_PLATFORM_H
#define CARDAN_HPY_PLATFORM_H

/* The version of the binary interface between a module and its runtime. A runtime loads modules of its own major version
 * with the same or a lower minor version. HPy's is 0: its runtime refuses modules that are compiled against this header. */
#define HPY_ABI_VERSION 1
#define HPY_ABI_VERSION_MINOR 0
#define HPY_ABI_TAG "hpy1"

/* A universal module uses handles only; a hybrid one may use Python.h too. Both run on every Python. A build may say which
 * it wants; otherwise a file that includes Python.h first is hybrid. */
#if defined(HPY_ABI_CPYTHON)
#error "HPY_ABI_CPYTHON asks for a module for one CPython; Cardan's hpy.h builds universal modules: define HPY_ABI_UNIVERSAL, \
or HPY_ABI_HYBRID to use Python.h too"
#elif defined(HPY_ABI_UNIVERSAL) && defined(HPY_ABI_HYBRID)
#error "Both HPY_ABI_UNIVERSAL and HPY_ABI_HYBRID are defined: a module is one or the other"
#elif !defined(HPY_ABI_UNIVERSAL) && !defined(HPY_ABI_HYBRID)
#ifdef Py_PYTHON_H
#define HPY_ABI_HYBRID
#else
#define HPY_ABI_UNIVERSAL
#endif
#endif

#ifdef HPY_ABI_HYBRID
#define HPY_ABI "hybrid"
#ifndef PY_SSIZE_T_CLEAN
#define PY_SSIZE_T_CLEAN
#endif
#include <Python.h>
#else
#define HPY_ABI "universal"
#endif

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#ifdef __GNUC__
#define _HPy_HIDDEN __attribute__((visibility("hidden")))
#define _HPy_UNUSED __attribute__((unused))
#define _HPy_NO_RETURN __attribute__((__noreturn__))
#define _HPy_LIKELY(condition) __builtin_expect(!!(condition), 1)
/* For a function that is kept out of those that call it, so that they need no room for its variables. */
#define _HPy_RARE __attribute__((cold, noinline))
/* For what older standards than the one that is compiled for do not have, such as a union without a name. */
#define _HPy_EXTENSION __extension__
/* A reference count may be read and written although the host declares it with another type. */
#define _HPy_MAY_ALIAS __attribute__((__may_alias__))
#else
#define _HPy_HIDDEN
#define _HPy_UNUSED
#ifdef _MSC_VER
#define _HPy_NO_RETURN __declspec(noreturn)
#define _HPy_RARE __declspec(noinline)
#else
#define _HPy_NO_RETURN
#define _HPy_RARE
#endif
#define _HPy_LIKELY(condition) (condition)
#define _HPy_EXTENSION
#define _HPy_MAY_ALIAS
#endif
/* For what is looked up in the finished file. A name of an escape hatch is kept as long as the code that uses it: a relocation
 * that does nothing ties them together. */
#if defined(__GNUC__) && defined(__ELF__)
#define _HPy_IN_SECTION(name) __attribute__((section(name)))
#else
#define _HPy_IN_SECTION(name)
#endif
#if defined(__GNUC__) && defined(__ELF__) && defined(__x86_64__)
#define _HPy_NO_RELOCATION "R_X86_64_NONE"
#elif defined(__GNUC__) && defined(__ELF__) && defined(__aarch64__)
#define _HPy_NO_RELOCATION "R_AARCH64_NONE"
#endif
#ifdef _HPy_NO_RELOCATION
#define _HPy_ESCAPE_HATCH(name)                                                                                              \
    __asm__ volatile(".pushsection cdn_escapes,\"a\",%%progbits\n"                                                         \
                     ".Lcdn_escape_%=: .asciz \"" name "\"\n"                                                             \
                     ".popsection\n"                                                                                        \
                     ".reloc ., " _HPy_NO_RELOCATION ", .Lcdn_escape_%=" ::)
#else
#define _HPy_ESCAPE_HATCH(name) ((void)0)
#endif

#define _HPy_UNUSED_ARG(name) _HPy_unused_##name _HPy_UNUSED

#ifdef __has_attribute
#define _HPY_compiler_has_attribute(name) __has_attribute(name)
#else
#define _HPY_compiler_has_attribute(name) 0
#endif

/* Marks what needs Python.h. */
#if defined(HPY_ABI_UNIVERSAL) && _HPY_compiler_has_attribute(error)
#define _HPY_LEGACY                                                                                                          \
    __attribute__((error("Cannot use legacy functions when targeting the HPy Universal ABI: include Python.h before hpy.h, " \
                         "or define HPY_ABI_HYBRID; the module stays universal")))
#else
#define _HPY_LEGACY
#endif

#ifndef HPy_EXPORTED_SYMBOL
#if defined(_WIN32) || defined(__CYGWIN__)
#define HPy_EXPORTED_SYMBOL __declspec(dllexport)
#elif defined(__GNUC__)
#define HPy_EXPORTED_SYMBOL __attribute__((visibility("default")))
#else
#define HPy_EXPORTED_SYMBOL
#endif
#endif

#ifdef __cplusplus
#define HPy_EXPORTED_FUNC extern "C" HPy_EXPORTED_SYMBOL
#else
#define HPy_EXPORTED_FUNC HPy_EXPORTED_SYMBOL
#endif

/* The API's functions are inline and call the context, or the runtime that is linked into the module. */
#define HPyAPI_FUNC _HPy_UNUSED static inline
#define HPyAPI_INLINE_HELPER HPyAPI_FUNC
#define HPyAPI_HELPER HPyAPI_FUNC
#define HPyAPI_UNUSED HPyAPI_FUNC

/* Some preprocessors pass `__VA_ARGS__` on as one argument; a second expansion takes it apart. */
#define _HPy_EXPAND(text) text

/* Definitions have optional members, and designated initialisers, which C++ has from C++20 only. */
#if defined(__cplusplus) && defined(__GNUC__)
#if defined(__clang__) || __GNUC__ >= 12
#define _HPy_ALLOW_EXTENSIONS _Pragma("GCC diagnostic ignored \"-Wc++20-extensions\"")
#else
#define _HPy_ALLOW_EXTENSIONS _Pragma("GCC diagnostic ignored \"-Wpedantic\"")
#endif
#define _HPy_BEGIN_DEFINITION                                                                                                \
    _Pragma("GCC diagnostic push") _HPy_ALLOW_EXTENSIONS                                                                     \
        _Pragma("GCC diagnostic ignored \"-Wmissing-field-initializers\"")
#define _HPy_END_DEFINITION _Pragma("GCC diagnostic pop")
#else
#define _HPy_BEGIN_DEFINITION
#define _HPy_END_DEFINITION
#endif

#endif
