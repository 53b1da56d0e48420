/* The version of Python's C API that this header is written for, not that of the interpreter that runs the module. */
#ifndef _Py_PATCHLEVEL_H
#define _Py_PATCHLEVEL_H

#define PY_RELEASE_LEVEL_ALPHA 0xA
#define PY_RELEASE_LEVEL_BETA 0xB
#define PY_RELEASE_LEVEL_GAMMA 0xC
#define PY_RELEASE_LEVEL_FINAL 0xF

#define PY_MAJOR_VERSION 3
#define PY_MINOR_VERSION 12
#define PY_MICRO_VERSION 0
#define PY_RELEASE_LEVEL PY_RELEASE_LEVEL_FINAL
#define PY_RELEASE_SERIAL 0
#define PY_VERSION "3.12.0"
#define PY_VERSION_HEX 0x030C00F0

#define CARDAN_VERSION "0.1.0"

#endif
