/* The interpreter and its threads. https://docs.python.org/3/c-api/init.html */
#ifndef CARDAN_INTERPRETER_H
#define CARDAN_INTERPRETER_H

#define Py_BEGIN_ALLOW_THREADS { PyThreadState *_save; _save = PyEval_SaveThread();
#define Py_BLOCK_THREADS PyEval_RestoreThread(_save);
#define Py_UNBLOCK_THREADS _save = PyEval_SaveThread();
#define Py_END_ALLOW_THREADS PyEval_RestoreThread(_save); }

#define PyThreadState_GET() PyThreadState_Get()

/* A critical section locks an object where there is no GIL. Elsewhere the GIL is the lock. */
#define Py_BEGIN_CRITICAL_SECTION(object) \
    {                                     \
        PyCriticalSection _py_cs;         \
        PyCriticalSection_Begin(&_py_cs, _PyObject_CAST(object));
#define Py_END_CRITICAL_SECTION() PyCriticalSection_End(&_py_cs); }
#define Py_BEGIN_CRITICAL_SECTION2(first, second) \
    {                                             \
        PyCriticalSection2 _py_cs2;               \
        PyCriticalSection2_Begin(&_py_cs2, _PyObject_CAST(first), _PyObject_CAST(second));
#define Py_END_CRITICAL_SECTION2() PyCriticalSection2_End(&_py_cs2); }

#endif
