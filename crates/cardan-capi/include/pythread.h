/* Locks and thread-specific storage. Python.h declares all of it. */
#ifndef Py_PYTHREAD_H
#define Py_PYTHREAD_H
#include "Python.h"
#endif
