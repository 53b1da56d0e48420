/* Calls from a thread that Python did not start. No code of Python runs in it when the call is made: there is no frame. */
#include "wrap.h"
#include <pthread.h>

typedef struct {
    O *callable, *arguments;
    O *result, *kind, *exception, *traceback;
} Call;

static void *
call(void *work)
{
    Call *it = work;
    PyGILState_STATE state = PyGILState_Ensure();
    it->result = PyObject_Call(it->callable, it->arguments, NULL);
    if (it->result == NULL) {
        PyErr_Fetch(&it->kind, &it->exception, &it->traceback);
    }
    PyGILState_Release(state);
    return NULL;
}

static O *
in_thread(Call *it)
{
    pthread_t thread;
    int failed;
    Py_BEGIN_ALLOW_THREADS
    failed = pthread_create(&thread, NULL, call, it) || pthread_join(thread, NULL);
    Py_END_ALLOW_THREADS
    if (failed) {
        PyErr_SetString(PyExc_RuntimeError, "no thread");
        return NULL;
    }
    if (it->result == NULL) {
        PyErr_Restore(it->kind, it->exception, it->traceback);
    }
    return it->result;
}

/* in_thread(callable, arguments): callable(*arguments), called in a thread of C's */
WRAP(in_thread)
{
    Call it = {0};
    TAKE("OO", &it.callable, &it.arguments);
    return in_thread(&it);
}

/* calls_function(callable, number): callable(number, number + 1, "text"), by a format */
WRAP(calls_function)
{
    O *callable;
    int number;
    TAKE("Oi", &callable, &number);
    return PyObject_CallFunction(callable, "iis", number, number + 1, "text");
}

#define THREADS(X) X(in_thread) X(calls_function)
MODULE(threads, THREADS(ROW))
