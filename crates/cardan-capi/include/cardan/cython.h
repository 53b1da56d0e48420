/* What Cython assumes of an interpreter and may not assume of every one that a module is imported by. Cython's output looks
 * at these names after it has included Python.h; stdint.h beside it holds one more. */
#ifndef CARDAN_CYTHON_H
#define CARDAN_CYTHON_H

/* Free lists are shared by all threads, and only the GIL protects them. */
#ifndef CYTHON_USE_FREELISTS
#define CYTHON_USE_FREELISTS 0
#endif

/* A generator that is let go runs its `finally`, and an object its `__del__`. Without this Cython asks in their destructors for a
 * slot that no type made from a spec has. */
#ifndef CYTHON_USE_TP_FINALIZE
#define CYTHON_USE_TP_FINALIZE 1
#endif

/* Without the GIL another thread may drop the last reference to what was borrowed from a list or a dict. */
#ifndef CYTHON_AVOID_THREAD_UNSAFE_BORROWED_REFS
#define CYTHON_AVOID_THREAD_UNSAFE_BORROWED_REFS 1
#endif

/* A destructor of Cython's keeps its object alive while the author's part of it runs, and does so by writing CPython's
 * free-threaded header: the owner, the local count (1, then 0) and the shared count. The count is set by a function here,
 * which knows the host's header. The address of the first word is the object's. */
#define ob_ref_local cardan_opaque[0]
#define _Py_atomic_store_uint32_relaxed(place, count) Py_SET_REFCNT((PyObject *)(place), (count))
#define _Py_atomic_store_uintptr_relaxed(place, thread) ((void)0)
#define _Py_atomic_store_ssize_relaxed(place, count) ((void)0)

#endif
