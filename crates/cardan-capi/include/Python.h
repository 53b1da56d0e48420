/* Cardan's Python.h: the C API of Python, bound by name when the module is imported.
 *
 * What is compiled against this header runs on every Python that the module is imported by: objects are opaque, and what
 * other headers read from a struct is a call here. It offers the limited API of CPython 3.12, what of 3.13 to 3.15 can be
 * had on older hosts too, and functions beyond the limited API that packages use. The semantics are those of
 * https://docs.python.org/3/c-api/. */
#ifndef Py_PYTHON_H
#define Py_PYTHON_H

#ifdef HPY_ABI_UNIVERSAL
#error "It is forbidden to #include <Python.h> when targeting the HPy Universal ABI; define HPY_ABI_HYBRID to use both"
#endif

#include "patchlevel.h"
#include "pyconfig.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <wchar.h>

/* The version of the limited API that code is compiled for, unless it asks for an older one. */
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030C0000
#endif

#include "cardan/platform.h"
#include "cardan/types.h"
#include "cardan/generated.h"
#include "cardan/object.h"
#include "cardan/checks.h"
#include "cardan/containers.h"
#include "cardan/strings.h"
#include "cardan/memory.h"
#include "cardan/module.h"
#include "cardan/interpreter.h"
#include "cardan/cython.h"
#include "cardan/type_fields.h"

#endif
