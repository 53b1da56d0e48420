/* The interpreter and its threads. https://docs.python.org/3/c-api/init.html */
#ifndef CARDAN_INTERPRETER_H
#define CARDAN_INTERPRETER_H

#define Py_BEGIN_ALLOW_THREADS { PyThreadState *_save; _save = PyEval_SaveThread();
#define Py_BLOCK_THREADS PyEval_RestoreThread(_save);
#define Py_UNBLOCK_THREADS _save = PyEval_SaveThread();
#define Py_END_ALLOW_THREADS PyEval_RestoreThread(_save); }

#define PyThreadState_GET() PyThreadState_Get()

#endif
