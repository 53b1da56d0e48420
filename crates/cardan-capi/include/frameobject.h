/* Frames are opaque. Python.h declares the functions that take one. */
#ifndef Py_FRAMEOBJECT_H
#define Py_FRAMEOBJECT_H
#include "Python.h"
#endif
