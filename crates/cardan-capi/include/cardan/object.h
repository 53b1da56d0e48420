/* Objects: headers, reference counts, types, and how they compare. https://docs.python.org/3/c-api/structures.html */
#ifndef CARDAN_OBJECT_H
#define CARDAN_OBJECT_H

CARDAN_BEGIN

#define PyObject_HEAD PyObject ob_base;
#define PyObject_VAR_HEAD PyVarObject ob_base;
#define PyObject_HEAD_INIT(type) { { 0, 0, 0, 0 } },
/* Only static type objects start with one of these, and they are not portable. */
#define PyVarObject_HEAD_INIT(type, size) static_types_are_not_portable_use_PyType_FromSpec

#define _PyObject_CAST(object) ((PyObject *)(object))
#define _PyVarObject_CAST(object) ((PyVarObject *)(object))
#define _PyType_CAST(type) ((PyTypeObject *)(type))

#define Py_TYPE(object) Py_TYPE(_PyObject_CAST(object))
#define Py_SIZE(object) Py_SIZE(_PyObject_CAST(object))
#define Py_REFCNT(object) Py_REFCNT(_PyObject_CAST(object))
#define Py_IS_TYPE(object, type) Py_IS_TYPE(_PyObject_CAST(object), (type))

#define Py_INCREF(object) _Py_IncRef(_PyObject_CAST(object))
#define Py_DECREF(object) _Py_DecRef(_PyObject_CAST(object))
#define Py_XINCREF(object) Py_IncRef(_PyObject_CAST(object))
#define Py_XDECREF(object) Py_DecRef(_PyObject_CAST(object))
#define Py_NewRef(object) Py_NewRef(_PyObject_CAST(object))
#define Py_XNewRef(object) Py_XNewRef(_PyObject_CAST(object))

#define Py_CLEAR(object)                                    \
    do {                                                    \
        PyObject **cardan_place = (PyObject **)&(object);   \
        PyObject *cardan_old = *cardan_place;               \
        *cardan_place = NULL;                               \
        Py_XDECREF(cardan_old);                             \
    } while (0)
#define Py_SETREF(target, value)                            \
    do {                                                    \
        PyObject **cardan_place = (PyObject **)&(target);   \
        PyObject *cardan_old = *cardan_place;               \
        *cardan_place = _PyObject_CAST(value);              \
        Py_DECREF(cardan_old);                              \
    } while (0)
#define Py_XSETREF(target, value)                           \
    do {                                                    \
        PyObject **cardan_place = (PyObject **)&(target);   \
        PyObject *cardan_old = *cardan_place;               \
        *cardan_place = _PyObject_CAST(value);              \
        Py_XDECREF(cardan_old);                             \
    } while (0)

/* For a `tp_traverse`, whose arguments are called `visit` and `arg`. */
#define Py_VISIT(object)                                            \
    do {                                                            \
        if (object) {                                               \
            int cardan_result = visit(_PyObject_CAST(object), arg); \
            if (cardan_result) return cardan_result;                \
        }                                                           \
    } while (0)

#define Py_None (&_Py_NoneStruct)
#define Py_True (&_Py_TrueStruct)
#define Py_False (&_Py_FalseStruct)
#define Py_Ellipsis (&_Py_EllipsisObject)
#define Py_NotImplemented (&_Py_NotImplementedStruct)

#define Py_RETURN_NONE return Py_NewRef(Py_None)
#define Py_RETURN_TRUE return Py_NewRef(Py_True)
#define Py_RETURN_FALSE return Py_NewRef(Py_False)
#define Py_RETURN_NOTIMPLEMENTED return Py_NewRef(Py_NotImplemented)
#define Py_RETURN_NAN return PyFloat_FromDouble(Py_NAN)
#define Py_RETURN_INF(sign) return PyFloat_FromDouble(copysign(Py_INFINITY, (sign)))
#define Py_RETURN_RICHCOMPARE(left, right, operation)                       \
    do {                                                                    \
        switch (operation) {                                                \
        case Py_EQ: if ((left) == (right)) Py_RETURN_TRUE; Py_RETURN_FALSE; \
        case Py_NE: if ((left) != (right)) Py_RETURN_TRUE; Py_RETURN_FALSE; \
        case Py_LT: if ((left) < (right)) Py_RETURN_TRUE; Py_RETURN_FALSE;  \
        case Py_GT: if ((left) > (right)) Py_RETURN_TRUE; Py_RETURN_FALSE;  \
        case Py_LE: if ((left) <= (right)) Py_RETURN_TRUE; Py_RETURN_FALSE; \
        case Py_GE: if ((left) >= (right)) Py_RETURN_TRUE; Py_RETURN_FALSE; \
        default: Py_UNREACHABLE();                                          \
        }                                                                   \
    } while (0)

#define Py_Is(left, right) ((left) == (right))
#define Py_IsNone(object) Py_Is((object), Py_None)
#define Py_IsTrue(object) Py_Is((object), Py_True)
#define Py_IsFalse(object) Py_Is((object), Py_False)

#define PyObject_DelAttr(object, name) PyObject_SetAttr((object), (name), NULL)
#define PyObject_DelAttrString(object, name) PyObject_SetAttrString((object), (name), NULL)
#define PyObject_Length PyObject_Size
#define PyObject_TypeCheck(object, type) (Py_IS_TYPE((object), (type)) || PyType_IsSubtype(Py_TYPE(object), (type)))

#define PyType_HasFeature(type, feature) ((PyType_GetFlags(type) & (feature)) != 0)
#define PyType_FastSubclass(type, flag) PyType_HasFeature((type), (flag))
#define PyType_IS_GC(type) PyType_HasFeature((type), Py_TPFLAGS_HAVE_GC)
#define PyObject_IS_GC(object) PyType_IS_GC(Py_TYPE(object))

/* The number of positional arguments in a vectorcall, whose highest bit is a flag. */
static inline Py_ssize_t
PyVectorcall_NARGS(size_t count)
{
    return (Py_ssize_t)(count & ~PY_VECTORCALL_ARGUMENTS_OFFSET);
}

CARDAN_END

#endif
