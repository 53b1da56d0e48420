/* Type specs and the C structs of objects. Part of hpy.h. */
#ifndef CARDAN_HPY_TYPE_H
#define CARDAN_HPY_TYPE_H

/* Where the C struct of a type's objects lies: it depends on the built-in type that the type extends. */
typedef enum {
    HPyType_BuiltinShape_Legacy = -1, /* the struct starts with PyObject_HEAD, for code that uses Python.h too */
    HPyType_BuiltinShape_Object = 0,
    HPyType_BuiltinShape_Type = 1,
    HPyType_BuiltinShape_Long = 2,
    HPyType_BuiltinShape_Float = 3,
    HPyType_BuiltinShape_Unicode = 4,
    HPyType_BuiltinShape_Tuple = 5,
    HPyType_BuiltinShape_List = 6,
    HPyType_BuiltinShape_Dict = 7
} HPyType_BuiltinShape;

/* What `HPyType_FromSpec` makes a type of. */
typedef struct {
    const char *name; /* UTF-8, with the module before a dot */
    int basicsize;    /* bytes of the C struct */
    int itemsize;     /* 0: objects of variable size are not supported */
    unsigned long flags;
    HPyType_BuiltinShape builtin_shape; /* `SHAPE(struct)`; the base among the parameters must agree */
    void *legacy_slots;                 /* an array of PyType_Slot, or NULL; needs the shape Legacy */
    HPyDef **defines;                   /* ended by NULL, or NULL */
    const char *doc;                    /* UTF-8, or NULL */
} HPyType_Spec;

typedef enum {
    HPyType_SpecParam_Base = 1,       /* a base; may be repeated */
    HPyType_SpecParam_BasesTuple = 2, /* all bases, in a tuple */
    HPyType_SpecParam_Metaclass = 3,
    HPyType_SpecParam_Module = 4 /* the module that the type belongs to: its functions can ask for the module's state */
} HPyType_SpecParam_Kind;

/* A parameter of `HPyType_FromSpec`; an array of them ends with a kind of 0. */
typedef struct {
    HPyType_SpecParam_Kind kind;
    HPy object;
} HPyType_SpecParam;

typedef struct {
    cpy_vectorcallfunc cpy_trampoline;
    HPyCallFunction impl;
} HPyType_Vectorcall;

#define HPy_TPFLAGS_DEFAULT ((1UL << 9) | (1UL << 18))
#define HPy_TPFLAGS_SEQUENCE (1UL << 5)                /* matches a sequence pattern of a `match` statement */
#define HPy_TPFLAGS_MAPPING (1UL << 6)                 /* matches a mapping pattern of a `match` statement */
#define HPy_TPFLAGS_DISALLOW_INSTANTIATION (1UL << 7)  /* calling the type is a TypeError */
#define HPy_TPFLAGS_IMMUTABLETYPE (1UL << 8)           /* the type's attributes cannot be set */
#define HPy_TPFLAGS_BASETYPE (1UL << 10)               /* can be subclassed */
#define HPy_TPFLAGS_HAVE_VECTORCALL (1UL << 11)        /* has `tp_call`, or objects with a call function */
#define HPy_TPFLAGS_HAVE_GC (1UL << 14)                /* has `tp_traverse` */

/* `HPyType_HELPERS(Point)` defines `Point *Point_AsStruct(HPyContext *ctx, HPy h)` and lets a spec say
 * `.builtin_shape = SHAPE(Point)`. A second argument is the shape, where it is not Object. */
#define HPyType_HELPERS(...)                                                                                                 \
    _HPy_EXPAND(_HPyType_HELPERS(__VA_ARGS__, HPyType_BuiltinShape_Object, HPyType_BuiltinShape_Object))
#define _HPyType_HELPERS(TYPE, SHAPE, ...)                                                                                   \
    enum { TYPE##_SHAPE = (int)SHAPE };                                                                                      \
    HPyAPI_FUNC TYPE *TYPE##_AsStruct(HPyContext *ctx, HPy h)                                                                \
    {                                                                                                                        \
        return (TYPE *)SHAPE##_AsStruct(ctx, h);                                                                             \
    }
#define HPyType_LEGACY_HELPERS(TYPE) HPyType_HELPERS(TYPE, HPyType_BuiltinShape_Legacy)

#define SHAPE(TYPE) ((HPyType_BuiltinShape)TYPE##_SHAPE)

#define HPyType_BuiltinShape_Legacy_AsStruct _HPy_AsStruct_WithHead
#define HPyType_BuiltinShape_Object_AsStruct _HPy_AsStruct_Object
#define HPyType_BuiltinShape_Type_AsStruct _HPy_AsStruct_Type
#define HPyType_BuiltinShape_Long_AsStruct _HPy_AsStruct_Long
#define HPyType_BuiltinShape_Float_AsStruct _HPy_AsStruct_Float
#define HPyType_BuiltinShape_Unicode_AsStruct _HPy_AsStruct_Unicode
#define HPyType_BuiltinShape_Tuple_AsStruct _HPy_AsStruct_Tuple
#define HPyType_BuiltinShape_List_AsStruct _HPy_AsStruct_List
#define HPyType_BuiltinShape_Dict_AsStruct _HPy_AsStruct_Dict

#endif
