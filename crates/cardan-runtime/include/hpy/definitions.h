/* Definitions of methods, slots, members and properties. Part of hpy.h. */
#ifndef CARDAN_HPY_DEFINITIONS_H
#define CARDAN_HPY_DEFINITIONS_H

/* A function of a type or module that Python calls by itself. */
typedef struct {
    HPySlot_Slot slot;
    HPyCFunction impl;              /* the author's function, or the value of a slot that takes one */
    cpy_PyCFunction cpy_trampoline; /* what the host calls; it calls `impl` */
} HPySlot;

/* A method of a type, or a function of a module. */
typedef struct {
    const char *name; /* UTF-8 */
    HPyCFunction impl;
    cpy_PyCFunction cpy_trampoline;
    HPyFunc_Signature signature; /* one of VARARGS, KEYWORDS, NOARGS and O; perhaps with HPyMeth_CLASS or HPyMeth_STATIC */
    const char *doc;             /* UTF-8, or NULL */
} HPyMeth;

/* The C type of a member. */
typedef enum {
    HPyMember_SHORT = 0,
    HPyMember_INT = 1,
    HPyMember_LONG = 2,
    HPyMember_FLOAT = 3,
    HPyMember_DOUBLE = 4,
    HPyMember_STRING = 5, /* `const char *` in UTF-8; read only */
    HPyMember_OBJECT = 6, /* `HPyField`; None while it is empty */
    HPyMember_CHAR = 7,   /* a str of one character */
    HPyMember_BYTE = 8,
    HPyMember_UBYTE = 9,
    HPyMember_USHORT = 10,
    HPyMember_UINT = 11,
    HPyMember_ULONG = 12,
    HPyMember_STRING_INPLACE = 13, /* an array of `char`; read only */
    HPyMember_BOOL = 14,           /* `char` */
    HPyMember_OBJECT_EX = 16,      /* `HPyField`; AttributeError while it is empty */
    HPyMember_LONGLONG = 17,
    HPyMember_ULONGLONG = 18,
    HPyMember_HPYSSIZET = 19,
    HPyMember_NONE = 20 /* always None; read only */
} HPyMember_FieldType;

/* A member of the C struct as an attribute. */
typedef struct {
    const char *name; /* UTF-8 */
    HPyMember_FieldType type;
    HPy_ssize_t offset; /* bytes from the start of the C struct: `offsetof` */
    int readonly;
    const char *doc; /* UTF-8, or NULL */
} HPyMember;

/* An attribute that functions get and set. */
typedef struct {
    const char *name;         /* UTF-8 */
    HPyCFunction getter_impl; /* NULL if it cannot be read */
    HPyCFunction setter_impl; /* NULL if it cannot be set */
    cpy_getter getter_cpy_trampoline;
    cpy_setter setter_cpy_trampoline;
    const char *doc; /* UTF-8, or NULL */
    void *closure;   /* passed to both functions */
} HPyGetSet;

typedef enum {
    HPyDef_Kind_Slot = 1,
    HPyDef_Kind_Meth = 2,
    HPyDef_Kind_Member = 3,
    HPyDef_Kind_GetSet = 4
} HPyDef_Kind;

/* One definition of a type or module. */
typedef struct {
    HPyDef_Kind kind; /* which of the members below is meant */
    _HPy_EXTENSION union {
        HPySlot slot;
        HPyMeth meth;
        HPyMember member;
        HPyGetSet getset;
    };
} HPyDef;

/* What frees the content of a capsule. */
typedef struct {
    cpy_PyCapsule_Destructor cpy_trampoline;
    HPyFunc_Capsule_Destructor impl;
} HPyCapsule_Destructor;

/* What a call of one object does: `HPy_SetCallFunction`. */
typedef struct {
    cpy_vectorcallfunc cpy_trampoline;
    HPyFunc_keywords impl;
} HPyCallFunction;

/* `HPyFunc_DECLARE(f, HPyFunc_O);` declares `static HPy f(HPyContext *ctx, HPy self, HPy arg);`. The enumerator makes the
 * compiler name a signature that does not exist. */
#define HPyFunc_DECLARE(SYM, SIG)                                                                                            \
    enum { SYM##_sig = SIG };                                                                                                \
    _HPyFunc_DECLARE_##SIG(SYM)

/* Defines SYM: what the host calls for the author's function IMPL. */
#define HPyFunc_TRAMPOLINE(SYM, IMPL, SIG)                                                                                   \
    enum { SYM##_sig = SIG };                                                                                                \
    _HPyFunc_TRAMPOLINE_##SIG(SYM, IMPL)

#define HPySlot_SIG(SLOT) _HPySlot_SIG__##SLOT

/* `HPyDef_SLOT(Point_repr, HPy_tp_repr)` declares the function `Point_repr_impl` with the slot's signature, to be defined
 * after it, and defines the `HPyDef` `Point_repr`. */
#define HPyDef_SLOT(SYM, SLOT) HPyDef_SLOT_IMPL(SYM, SYM##_impl, SLOT)
#define HPyDef_SLOT_IMPL(SYM, IMPL, SLOT)                                                                                    \
    enum { SYM##_slot = SLOT };                                                                                              \
    _HPyDef_SLOT(SYM, IMPL, SLOT, HPySlot_SIG(SLOT))
#define _HPyDef_SLOT(SYM, IMPL, SLOT, SIG)                                                                                   \
    HPyFunc_DECLARE(IMPL, SIG);                                                                                              \
    HPyFunc_TRAMPOLINE(SYM##_trampoline, IMPL, SIG)                                                                          \
    _HPyDef_SLOT_OF(SYM, SLOT, (HPyCFunction)IMPL, (cpy_PyCFunction)(HPyCFunction)SYM##_trampoline)
#define _HPyDef_SLOT_OF(SYM, SLOT, IMPL, TRAMPOLINE)                                                                         \
    _HPy_BEGIN_DEFINITION                                                                                                    \
    HPyDef SYM = {.kind = HPyDef_Kind_Slot, .slot = {.slot = SLOT, .impl = IMPL, .cpy_trampoline = TRAMPOLINE}};             \
    _HPy_END_DEFINITION

/* Slots of a module that take a value: `HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)`. */
#define HPyDef_MOD_GIL(SYM, VALUE) _HPyDef_SLOT_VALUE(SYM, HPy_mod_gil, VALUE)
#define HPyDef_MOD_MULTIPLE_INTERPRETERS(SYM, VALUE) _HPyDef_SLOT_VALUE(SYM, HPy_mod_multiple_interpreters, VALUE)
#define _HPyDef_SLOT_VALUE(SYM, SLOT, VALUE) _HPyDef_SLOT_OF(SYM, SLOT, (HPyCFunction)(intptr_t)(VALUE), NULL)

#define HPy_MOD_GIL_USED 0
#define HPy_MOD_GIL_NOT_USED 1
#define HPy_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED 0
#define HPy_MOD_MULTIPLE_INTERPRETERS_SUPPORTED 1
#define HPy_MOD_PER_INTERPRETER_GIL_SUPPORTED 2

/* `HPyDef_METH(Point_norm, "norm", HPyFunc_NOARGS, .doc = "The length.")` declares the function `Point_norm_impl` and defines
 * the `HPyDef` `Point_norm`. A class method's function is given the type as `self`, a static method's is given HPy_NULL.
 *
 * What is optional comes last here and below: an empty argument is added after it, so that it is never missing. */
#define HPyDef_METH(SYM, NAME, ...) _HPy_EXPAND(_HPyDef_METH(SYM, NAME, SYM##_impl, 0, __VA_ARGS__, ))
#define HPyDef_CLASSMETH(SYM, NAME, ...) _HPy_EXPAND(_HPyDef_METH(SYM, NAME, SYM##_impl, HPyMeth_CLASS, __VA_ARGS__, ))
#define HPyDef_STATICMETH(SYM, NAME, ...) _HPy_EXPAND(_HPyDef_METH(SYM, NAME, SYM##_impl, HPyMeth_STATIC, __VA_ARGS__, ))
#define HPyDef_METH_IMPL(SYM, NAME, IMPL, ...) _HPy_EXPAND(_HPyDef_METH(SYM, NAME, IMPL, 0, __VA_ARGS__, ))
#define _HPyDef_METH(SYM, NAME, IMPL, BINDING, SIG, ...)                                                                     \
    HPyFunc_DECLARE(IMPL, SIG);                                                                                              \
    HPyFunc_TRAMPOLINE(SYM##_trampoline, IMPL, SIG)                                                                          \
    _HPy_BEGIN_DEFINITION                                                                                                    \
    HPyDef SYM = {.kind = HPyDef_Kind_Meth,                                                                                  \
                  .meth = {.name = NAME,                                                                                     \
                           .impl = (HPyCFunction)IMPL,                                                                       \
                           .cpy_trampoline = (cpy_PyCFunction)(HPyCFunction)SYM##_trampoline,                                \
                           .signature = (HPyFunc_Signature)(SIG | BINDING),                                                  \
                           __VA_ARGS__}};                                                                                    \
    _HPy_END_DEFINITION

/* `HPyDef_MEMBER(Point_x, "x", HPyMember_DOUBLE, offsetof(Point, x), .readonly = 1)` */
#define HPyDef_MEMBER(SYM, NAME, TYPE, ...) _HPy_EXPAND(_HPyDef_MEMBER(SYM, NAME, TYPE, __VA_ARGS__, ))
#define _HPyDef_MEMBER(SYM, NAME, TYPE, OFFSET, ...)                                                                         \
    _HPy_BEGIN_DEFINITION                                                                                                    \
    HPyDef SYM = {.kind = HPyDef_Kind_Member, .member = {.name = NAME, .type = TYPE, .offset = OFFSET, __VA_ARGS__}};        \
    _HPy_END_DEFINITION

/* `HPyDef_GETSET(Point_x, "x", .doc = "The abscissa.")` declares `Point_x_get` and `Point_x_set`; `HPyDef_GET` and
 * `HPyDef_SET` declare one of them. */
#define HPyDef_GET(SYM, ...) _HPy_EXPAND(_HPyDef_GET(SYM, SYM##_get, __VA_ARGS__, ))
#define HPyDef_GET_IMPL(SYM, NAME, ...) _HPy_EXPAND(_HPyDef_GET_IMPL(SYM, NAME, __VA_ARGS__, ))
#define _HPyDef_GET_IMPL(SYM, NAME, GETIMPL, ...) _HPy_EXPAND(_HPyDef_GET(SYM, GETIMPL, NAME, __VA_ARGS__))
#define _HPyDef_GET(SYM, GETIMPL, NAME, ...)                                                                                 \
    _HPyDef_GETTER(SYM, GETIMPL)                                                                                             \
    _HPy_BEGIN_DEFINITION                                                                                                    \
    HPyDef SYM = {.kind = HPyDef_Kind_GetSet,                                                                                \
                  .getset = {.name = NAME,                                                                                   \
                             .getter_impl = (HPyCFunction)GETIMPL,                                                           \
                             .getter_cpy_trampoline = SYM##_get_trampoline,                                                  \
                             __VA_ARGS__}};                                                                                  \
    _HPy_END_DEFINITION

#define HPyDef_SET(SYM, ...) _HPy_EXPAND(_HPyDef_SET(SYM, SYM##_set, __VA_ARGS__, ))
#define HPyDef_SET_IMPL(SYM, NAME, ...) _HPy_EXPAND(_HPyDef_SET_IMPL(SYM, NAME, __VA_ARGS__, ))
#define _HPyDef_SET_IMPL(SYM, NAME, SETIMPL, ...) _HPy_EXPAND(_HPyDef_SET(SYM, SETIMPL, NAME, __VA_ARGS__))
#define _HPyDef_SET(SYM, SETIMPL, NAME, ...)                                                                                 \
    _HPyDef_SETTER(SYM, SETIMPL)                                                                                             \
    _HPy_BEGIN_DEFINITION                                                                                                    \
    HPyDef SYM = {.kind = HPyDef_Kind_GetSet,                                                                                \
                  .getset = {.name = NAME,                                                                                   \
                             .setter_impl = (HPyCFunction)SETIMPL,                                                           \
                             .setter_cpy_trampoline = SYM##_set_trampoline,                                                  \
                             __VA_ARGS__}};                                                                                  \
    _HPy_END_DEFINITION

#define HPyDef_GETSET(SYM, ...) _HPy_EXPAND(_HPyDef_GETSET(SYM, SYM##_get, SYM##_set, __VA_ARGS__, ))
#define HPyDef_GETSET_IMPL(SYM, NAME, GETIMPL, ...) _HPy_EXPAND(_HPyDef_GETSET_IMPL(SYM, NAME, GETIMPL, __VA_ARGS__, ))
#define _HPyDef_GETSET_IMPL(SYM, NAME, GETIMPL, SETIMPL, ...)                                                                \
    _HPy_EXPAND(_HPyDef_GETSET(SYM, GETIMPL, SETIMPL, NAME, __VA_ARGS__))
#define _HPyDef_GETSET(SYM, GETIMPL, SETIMPL, NAME, ...)                                                                     \
    _HPyDef_GETTER(SYM, GETIMPL)                                                                                             \
    _HPyDef_SETTER(SYM, SETIMPL)                                                                                             \
    _HPy_BEGIN_DEFINITION                                                                                                    \
    HPyDef SYM = {.kind = HPyDef_Kind_GetSet,                                                                                \
                  .getset = {.name = NAME,                                                                                   \
                             .getter_impl = (HPyCFunction)GETIMPL,                                                           \
                             .setter_impl = (HPyCFunction)SETIMPL,                                                           \
                             .getter_cpy_trampoline = SYM##_get_trampoline,                                                  \
                             .setter_cpy_trampoline = SYM##_set_trampoline,                                                  \
                             __VA_ARGS__}};                                                                                  \
    _HPy_END_DEFINITION

#define _HPyDef_GETTER(SYM, GETIMPL)                                                                                         \
    HPyFunc_DECLARE(GETIMPL, HPyFunc_GETTER);                                                                                \
    HPyFunc_TRAMPOLINE(SYM##_get_trampoline, GETIMPL, HPyFunc_GETTER)
#define _HPyDef_SETTER(SYM, SETIMPL)                                                                                         \
    HPyFunc_DECLARE(SETIMPL, HPyFunc_SETTER);                                                                                \
    HPyFunc_TRAMPOLINE(SYM##_set_trampoline, SETIMPL, HPyFunc_SETTER)

/* Declares the function `SYM_impl` and defines the destructor SYM, for `HPyCapsule_New` and `HPyCapsule_SetDestructor`. */
#define HPyCapsule_DESTRUCTOR(SYM)                                                                                           \
    static void SYM##_impl(const char *name, void *pointer, void *context);                                                  \
    HPyCapsule_DESTRUCTOR_TRAMPOLINE(SYM##_trampoline, SYM##_impl)                                                           \
    static HPyCapsule_Destructor SYM = {SYM##_trampoline, SYM##_impl};

/* Declares the function `SYM_impl` and defines the call function SYM, for `HPy_SetCallFunction`. */
#define HPyDef_CALL_FUNCTION(SYM)                                                                                            \
    HPyFunc_DECLARE(SYM##_impl, HPyFunc_KEYWORDS);                                                                           \
    HPyFunc_TRAMPOLINE(SYM##_trampoline, SYM##_impl, HPyFunc_KEYWORDS)                                                       \
    static HPyCallFunction SYM = {SYM##_trampoline, SYM##_impl};

/* In a function of the signature TRAVERSEPROC: shows the collector one field. */
#define HPy_VISIT(field)                                                                                                     \
    do {                                                                                                                     \
        if (!HPyField_IsNull(*(field))) {                                                                                    \
            int _HPy_visited = visit((field), arg);                                                                          \
            if (_HPy_visited != 0) {                                                                                         \
                return _HPy_visited;                                                                                         \
            }                                                                                                                \
        }                                                                                                                    \
    } while (0)

#endif
