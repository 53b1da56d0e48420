/* Types: creation, methods, members, properties, the slots of objects. */
#include "conformance.h"

/* Objects that were freed, by `tp_destroy`, and finalised. */
static int64_t destroyed, finalized;
/* The marks that were in them, where there is one. */
static int64_t destroyed_marks;

typedef struct {
    short a_short;
    int an_int;
    long a_long;
    float a_float;
    double a_double;
    const char *a_string;
    HPyField an_object;
    HPyField an_object_ex;
    char a_char;
    signed char a_byte;
    unsigned char an_unsigned_byte;
    unsigned short an_unsigned_short;
    unsigned int an_unsigned_int;
    unsigned long an_unsigned_long;
    char a_string_inplace[8];
    char a_bool;
    long long a_long_long;
    unsigned long long an_unsigned_long_long;
    HPy_ssize_t a_ssize;
    int64_t hash;
} Thing;
HPyType_HELPERS(Thing)

#define MEMBERS(X)                                                                                                           \
    X(a_short, SHORT) X(an_int, INT) X(a_long, LONG) X(a_float, FLOAT) X(a_double, DOUBLE) X(an_object, OBJECT)              \
    X(an_object_ex, OBJECT_EX) X(a_char, CHAR) X(a_byte, BYTE) X(an_unsigned_byte, UBYTE) X(an_unsigned_short, USHORT)       \
    X(an_unsigned_int, UINT) X(an_unsigned_long, ULONG) X(a_bool, BOOL) X(a_long_long, LONGLONG)                             \
    X(an_unsigned_long_long, ULONGLONG) X(a_ssize, HPYSSIZET)
#define MEMBER(NAME, TYPE) HPyDef_MEMBER(Thing_##NAME, #NAME, HPyMember_##TYPE, offsetof(Thing, NAME), .doc = "A member.")
MEMBERS(MEMBER)
HPyDef_MEMBER(Thing_a_string, "a_string", HPyMember_STRING, offsetof(Thing, a_string), .readonly = 1)
HPyDef_MEMBER(Thing_a_string_inplace, "a_string_inplace", HPyMember_STRING_INPLACE, offsetof(Thing, a_string_inplace),
              .readonly = 1)
HPyDef_MEMBER(Thing_none, "none", HPyMember_NONE, offsetof(Thing, an_object), .readonly = 1)
HPyDef_MEMBER(Thing_fixed, "fixed", HPyMember_INT, offsetof(Thing, an_int), .readonly = 1)

HPyDef_SLOT(Thing_new, HPy_tp_new)
static HPy Thing_new_impl(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    Thing *thing;
    (void)args, (void)nargs, (void)kw;
    HPy h = HPy_New(ctx, type, &thing);
    if (HPy_IsNull(h)) {
        return HPy_NULL;
    }
    static const Thing empty;
    if (memcmp(thing, &empty, sizeof(Thing)) != 0) {
        HPy_Close(ctx, h);
        return HPyErr_SetString(ctx, ctx->h_AssertionError, "the struct does not start as zeros");
    }
    thing->a_string = "a C string";
    thing->a_char = 'c';
    memcpy(thing->a_string_inplace, "inplace", 8);
    return h;
}

/* Takes any arguments and keeps how many there were of each kind. */
HPyDef_SLOT(Thing_init, HPy_tp_init)
static int Thing_init_impl(HPyContext *ctx, HPy self, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    Thing *thing = Thing_AsStruct(ctx, self);
    thing->an_int = (int)nargs;
    thing->a_long = HPy_IsNull(kw) ? 0 : (long)HPy_Length(ctx, kw);
    if (nargs > 0) {
        HPyField_Store(ctx, self, &thing->an_object, args[0]);
    }
    return HPyErr_Occurred(ctx) ? -1 : 0;
}

HPyDef_SLOT(Thing_repr, HPy_tp_repr)
static HPy Thing_repr_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyUnicode_FromString(ctx, "<a thing>");
}

HPyDef_SLOT(Thing_str, HPy_tp_str)
static HPy Thing_str_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyUnicode_FromString(ctx, "a thing");
}

HPyDef_SLOT(Thing_hash, HPy_tp_hash)
static HPy_hash_t Thing_hash_impl(HPyContext *ctx, HPy self)
{
    HPy_hash_t hash = (HPy_hash_t)Thing_AsStruct(ctx, self)->a_ssize;
    if (hash == -1) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "no hash");
    }
    return hash;
}

HPyDef_SLOT(Thing_richcompare, HPy_tp_richcompare)
static HPy Thing_richcompare_impl(HPyContext *ctx, HPy left, HPy right, HPy_RichCmpOp op)
{
    if (!HPyLong_Check(ctx, right)) {
        return HPy_Dup(ctx, ctx->h_NotImplemented);
    }
    int64_t own = Thing_AsStruct(ctx, left)->a_ssize, other = HPyLong_AsInt64_t(ctx, right);
    HPy_RETURN_RICHCOMPARE(ctx, own, other, op);
}

/* Returns its arguments, the names of the keywords too. */
HPyDef_SLOT(Thing_call, HPy_tp_call)
static HPy Thing_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    HPy names = HPy_IsNull(kwnames) ? ctx->h_None : kwnames;
    size_t total = nargs + (HPy_IsNull(kwnames) ? 0 : (size_t)HPy_Length(ctx, kwnames));
    HPy all = HPyTuple_FromArray(ctx, args, (HPy_ssize_t)total);
    HPy result = HPyTuple_Pack(ctx, 3, self, all, names);
    HPy_Close(ctx, all);
    return result;
}

HPyDef_SLOT(Thing_traverse, HPy_tp_traverse)
static int Thing_traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)
{
    Thing *thing = data;
    HPy_VISIT(&thing->an_object);
    HPy_VISIT(&thing->an_object_ex);
    return 0;
}

HPyDef_SLOT(Thing_destroy, HPy_tp_destroy)
static void Thing_destroy_impl(void *data)
{
    (void)data;
    destroyed++;
}

HPyDef_SLOT(Thing_finalize, HPy_tp_finalize)
static void Thing_finalize_impl(HPyContext *ctx, HPy self)
{
    /* The object is whole: its fields and methods can be used. */
    Thing *thing = Thing_AsStruct(ctx, self);
    HPy held = HPyField_Load(ctx, self, thing->an_object);
    if (!HPy_IsNull(held) && HPyList_Check(ctx, held)) {
        HPyList_Append(ctx, held, ctx->h_True);
    }
    else if (!HPy_IsNull(held) && HPyCallable_Check(ctx, held)) {
        /* Which may keep the object. */
        HPy_Close(ctx, HPy_Call(ctx, held, &self, 1, HPy_NULL));
    }
    HPy_Close(ctx, held);
    finalized++;
}

/* Methods of each signature. */
HPyDef_METH(Thing_no_arguments, "no_arguments", HPyFunc_NOARGS, .doc = "Returns itself.")
static HPy Thing_no_arguments_impl(HPyContext *ctx, HPy self)
{
    return HPy_Dup(ctx, self);
}

HPyDef_METH(Thing_one_argument, "one_argument", HPyFunc_O)
static HPy Thing_one_argument_impl(HPyContext *ctx, HPy self, HPy arg)
{
    return HPyTuple_Pack(ctx, 2, self, arg);
}

HPyDef_METH(Thing_arguments, "arguments", HPyFunc_VARARGS)
static HPy Thing_arguments_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    HPy all = HPyTuple_FromArray(ctx, args, (HPy_ssize_t)nargs);
    HPy result = HPyTuple_Pack(ctx, 2, self, all);
    HPy_Close(ctx, all);
    return result;
}

HPyDef_METH(Thing_keywords, "keywords", HPyFunc_KEYWORDS)
static HPy Thing_keywords_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    return Thing_call_impl(ctx, self, args, nargs, kwnames);
}

HPyDef_CLASSMETH(Thing_of_class, "of_class", HPyFunc_VARARGS)
static HPy Thing_of_class_impl(HPyContext *ctx, HPy type, const HPy *args, size_t nargs)
{
    return Thing_arguments_impl(ctx, type, args, nargs);
}

HPyDef_STATICMETH(Thing_static, "static", HPyFunc_O)
static HPy Thing_static_impl(HPyContext *ctx, HPy self, HPy arg)
{
    return HPyTuple_Pack(ctx, 2, HPy_IsNull(self) ? ctx->h_None : self, arg);
}

/* Properties. */
HPyDef_GETSET(Thing_value, "value", .doc = "A number that is doubled.", .closure = (void *)2)
static HPy Thing_value_get(HPyContext *ctx, HPy self, void *closure)
{
    return HPyLong_FromInt64_t(ctx, Thing_AsStruct(ctx, self)->a_ssize * (intptr_t)closure);
}
static int Thing_value_set(HPyContext *ctx, HPy self, HPy value, void *closure)
{
    (void)closure;
    if (HPy_IsNull(value)) {
        HPyErr_SetString(ctx, ctx->h_AttributeError, "cannot be deleted");
        return -1;
    }
    HPy_ssize_t number = HPyLong_AsSsize_t(ctx, value);
    if (number == -1 && HPyErr_Occurred(ctx)) {
        return -1;
    }
    Thing_AsStruct(ctx, self)->a_ssize = number;
    return 0;
}

HPyDef_GET(Thing_twice, "twice")
static HPy Thing_twice_get(HPyContext *ctx, HPy self, void *closure)
{
    (void)closure;
    return HPyTuple_Pack(ctx, 2, self, self);
}

/* Fields by function. */
HPyDef_METH(Thing_store, "store", HPyFunc_O)
static HPy Thing_store_impl(HPyContext *ctx, HPy self, HPy arg)
{
    HPyField_Store(ctx, self, &Thing_AsStruct(ctx, self)->an_object, given(ctx, arg));
    return none(ctx);
}

HPyDef_METH(Thing_load, "load", HPyFunc_NOARGS)
static HPy Thing_load_impl(HPyContext *ctx, HPy self)
{
    return handed(ctx, HPyField_Load(ctx, self, Thing_AsStruct(ctx, self)->an_object));
}

HPyDef_METH(Thing_clear, "clear", HPyFunc_NOARGS)
static HPy Thing_clear_impl(HPyContext *ctx, HPy self)
{
    return number(ctx, HPyField_Clear(ctx, self, &Thing_AsStruct(ctx, self)->an_object));
}

#define MEMBER_ENTRY(NAME, TYPE) &Thing_##NAME,
static HPyDef *Thing_defines[] = {
    MEMBERS(MEMBER_ENTRY) & Thing_a_string, &Thing_a_string_inplace, &Thing_none, &Thing_fixed, &Thing_new, &Thing_init,
    &Thing_repr, &Thing_str, &Thing_hash, &Thing_richcompare, &Thing_call, &Thing_traverse, &Thing_destroy, &Thing_finalize,
    &Thing_no_arguments, &Thing_one_argument, &Thing_arguments, &Thing_keywords, &Thing_of_class, &Thing_static, &Thing_value,
    &Thing_twice, &Thing_store, &Thing_load, &Thing_clear, NULL};
static HPyType_Spec Thing_spec = {
    .name = "cases_types.Thing", .basicsize = sizeof(Thing), .builtin_shape = SHAPE(Thing),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC, .defines = Thing_defines,
    .doc = "A thing of the suite."};

/* Counts down from a number: its own iterator. */
typedef struct {
    int64_t left;
} Countdown;
HPyType_HELPERS(Countdown)

static HPy new_countdown(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs)
{
    Countdown *countdown;
    int64_t from = nargs > 0 ? HPyLong_AsInt64_t(ctx, args[0]) : 0;
    if (from == -1 && HPyErr_Occurred(ctx)) {
        return HPy_NULL;
    }
    HPy h = HPy_New(ctx, type, &countdown);
    if (!HPy_IsNull(h)) {
        countdown->left = from;
    }
    return h;
}

HPyDef_SLOT(Countdown_new, HPy_tp_new)
static HPy Countdown_new_impl(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    (void)kw;
    return new_countdown(ctx, type, args, nargs);
}

HPyDef_SLOT(Countdown_iter, HPy_tp_iter)
static HPy Countdown_iter_impl(HPyContext *ctx, HPy self)
{
    return HPy_Dup(ctx, self);
}

/* 13 fails; the end has no exception. */
HPyDef_SLOT(Countdown_iternext, HPy_tp_iternext)
static HPy Countdown_iternext_impl(HPyContext *ctx, HPy self)
{
    Countdown *countdown = Countdown_AsStruct(ctx, self);
    if (countdown->left == 13) {
        return HPyErr_SetString(ctx, ctx->h_ValueError, "thirteen");
    }
    return countdown->left <= 0 ? HPy_NULL : HPyLong_FromInt64_t(ctx, countdown->left--);
}

static HPyDef *Countdown_defines[] = {&Countdown_new, &Countdown_iter, &Countdown_iternext, NULL};
static HPyType_Spec Countdown_spec = {
    .name = "cases_types.Countdown", .basicsize = sizeof(Countdown), .builtin_shape = SHAPE(Countdown),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .defines = Countdown_defines};

/* The asynchronous kind: awaiting it yields the numbers by an iterator, `async for` awaits finished values. */
HPyDef_SLOT(Async_await, HPy_am_await)
static HPy Async_await_impl(HPyContext *ctx, HPy self)
{
    HPy list = HPyList_New(ctx, 0);
    HPy item = HPyLong_FromInt64_t(ctx, Countdown_AsStruct(ctx, self)->left);
    int status = HPy_IsNull(list) ? -1 : HPyList_Append(ctx, list, item);
    HPy iterator = status < 0 ? HPy_NULL : HPy_GetIter(ctx, list);
    HPy_Close(ctx, item);
    HPy_Close(ctx, list);
    return iterator;
}

HPyDef_SLOT(Async_aiter, HPy_am_aiter)
static HPy Async_aiter_impl(HPyContext *ctx, HPy self)
{
    return HPy_Dup(ctx, self);
}

/* Returns itself, whose await yields; at 0 the end. */
HPyDef_SLOT(Async_anext, HPy_am_anext)
static HPy Async_anext_impl(HPyContext *ctx, HPy self)
{
    if (Countdown_AsStruct(ctx, self)->left <= 0) {
        return HPyErr_SetString(ctx, ctx->h_StopAsyncIteration, "the end");
    }
    Countdown_AsStruct(ctx, self)->left--;
    return HPy_Dup(ctx, self);
}

/* What is sent comes back, until it is None. */
HPyDef_SLOT(Async_send, HPy_am_send)
static int Async_send_impl(HPyContext *ctx, HPy self, HPy value, HPy *result)
{
    (void)self;
    *result = HPy_Dup(ctx, value);
    return HPy_Is(ctx, value, ctx->h_None) ? HPy_SEND_RETURN : HPy_SEND_NEXT;
}

static HPyDef *Async_defines[] = {&Countdown_new, &Async_await, &Async_aiter, &Async_anext, NULL};
static HPyType_Spec Async_spec = {
    .name = "cases_types.Async", .basicsize = sizeof(Countdown), .builtin_shape = SHAPE(Countdown), .flags = HPy_TPFLAGS_DEFAULT,
    .defines = Async_defines};

static HPyDef *Sender_defines[] = {&Async_send, &Countdown_iter, &Countdown_iternext, NULL};
static HPyType_Spec Sender_spec = {
    .name = "cases_types.Sender", .basicsize = sizeof(Countdown), .builtin_shape = SHAPE(Countdown), .flags = HPy_TPFLAGS_DEFAULT,
    .defines = Sender_defines};

/* Attribute access of its own: names that start with `x` are answered, the others looked up; what is set is noted. */
typedef struct {
    HPyField notes;
} Open;
HPyType_HELPERS(Open)

HPyDef_SLOT(Open_init, HPy_tp_init)
static int Open_init_impl(HPyContext *ctx, HPy self, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    (void)kw;
    if (nargs != 1) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "needs a list");
        return -1;
    }
    HPyField_Store(ctx, self, &Open_AsStruct(ctx, self)->notes, args[0]);
    return 0;
}

HPyDef_SLOT(Open_getattro, HPy_tp_getattro)
static HPy Open_getattro_impl(HPyContext *ctx, HPy self, HPy name)
{
    HPy_UCS4 first = HPyUnicode_ReadChar(ctx, name, 0);
    return first == 'x' ? HPyTuple_Pack(ctx, 2, self, name) : HPy_GenericGetAttr(ctx, self, name);
}

HPyDef_SLOT(Open_setattro, HPy_tp_setattro)
static int Open_setattro_impl(HPyContext *ctx, HPy self, HPy name, HPy value)
{
    if (HPyUnicode_ReadChar(ctx, name, 0) != 'x') {
        return HPy_GenericSetAttr(ctx, self, name, value);
    }
    HPy notes = HPyField_Load(ctx, self, Open_AsStruct(ctx, self)->notes);
    HPy entry = HPyTuple_Pack(ctx, 2, name, HPy_IsNull(value) ? ctx->h_Ellipsis : value);
    int status = HPyList_Append(ctx, notes, entry);
    HPy_Close(ctx, entry);
    HPy_Close(ctx, notes);
    return status;
}

HPyDef_SLOT(Open_traverse, HPy_tp_traverse)
static int Open_traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)
{
    Open *open = data;
    HPy_VISIT(&open->notes);
    return 0;
}

/* A descriptor, of the same struct: answers with what it is asked about, and notes what is set. */
HPyDef_SLOT(Descriptor_get, HPy_tp_descr_get)
static HPy Descriptor_get_impl(HPyContext *ctx, HPy self, HPy obj, HPy type)
{
    (void)self;
    return HPyTuple_Pack(ctx, 2, HPy_IsNull(obj) ? ctx->h_Ellipsis : obj, HPy_IsNull(type) ? ctx->h_Ellipsis : type);
}

HPyDef_SLOT(Descriptor_set, HPy_tp_descr_set)
static int Descriptor_set_impl(HPyContext *ctx, HPy self, HPy obj, HPy value)
{
    HPy notes = HPyField_Load(ctx, self, Open_AsStruct(ctx, self)->notes);
    HPy entry = HPyTuple_Pack(ctx, 2, obj, HPy_IsNull(value) ? ctx->h_Ellipsis : value);
    int status = HPyList_Append(ctx, notes, entry);
    HPy_Close(ctx, entry);
    HPy_Close(ctx, notes);
    return status;
}

static HPyDef *Open_defines[] = {&Open_init, &Open_getattro, &Open_setattro, &Open_traverse, NULL};
static HPyType_Spec Open_spec = {
    .name = "cases_types.Open", .basicsize = sizeof(Open), .builtin_shape = SHAPE(Open),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_HAVE_GC, .defines = Open_defines};
static HPyDef *Descriptor_defines[] = {&Open_init, &Descriptor_get, &Descriptor_set, &Open_traverse, NULL};
static HPyType_Spec Descriptor_spec = {
    .name = "cases_types.Descriptor", .basicsize = sizeof(Open), .builtin_shape = SHAPE(Open),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_HAVE_GC, .defines = Descriptor_defines};

/* Objects whose call is their own: it adds what the object was made with. */
typedef struct {
    int64_t summand;
} Adder;
HPyType_HELPERS(Adder)

HPyDef_CALL_FUNCTION(add)
static HPy add_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    int64_t sum = Adder_AsStruct(ctx, self)->summand;
    size_t total = nargs + (HPy_IsNull(kwnames) ? 0 : (size_t)HPy_Length(ctx, kwnames));
    for (size_t i = 0; i < total; i++) {
        sum += HPyLong_AsInt64_t(ctx, args[i]);
        if (HPyErr_Occurred(ctx)) {
            return HPy_NULL;
        }
    }
    return HPyLong_FromInt64_t(ctx, sum);
}

HPyDef_CALL_FUNCTION(subtract)
static HPy subtract_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    (void)kwnames;
    return HPyLong_FromInt64_t(ctx, Adder_AsStruct(ctx, self)->summand - (nargs ? HPyLong_AsInt64_t(ctx, args[0]) : 0));
}

HPyDef_SLOT(Adder_new, HPy_tp_new)
static HPy Adder_new_impl(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    Adder *adder;
    (void)kw;
    HPy h = HPy_New(ctx, type, &adder);
    if (HPy_IsNull(h)) {
        return HPy_NULL;
    }
    adder->summand = nargs ? HPyLong_AsInt64_t(ctx, args[0]) : 0;
    if (adder->summand < 0 && HPy_SetCallFunction(ctx, h, &subtract) < 0) {
        HPy_Close(ctx, h);
        return HPy_NULL;
    }
    return h;
}

HPyDef_SLOT(Adder_call, HPy_tp_call)
static HPy Adder_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    return add_impl(ctx, self, args, nargs, kwnames);
}

static HPyDef *Adder_defines[] = {&Adder_new, &Adder_call, NULL};
static HPyType_Spec Adder_spec = {
    .name = "cases_types.Adder", .basicsize = sizeof(Adder), .builtin_shape = SHAPE(Adder),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .defines = Adder_defines};

CASE(HPy_SetCallFunction, 1)
{
    return number(ctx, HPy_SetCallFunction(ctx, a[0], &add));
}

/* Types that derive from others: with a longer struct, one as long, or none, and with or without a call of their own. Where the
   base's objects hold what they are called by is the runtime's business: no field of these may be there. */
typedef struct {
    Adder adder;
    int64_t fields[3];
} Wide;
HPyDef_MEMBER(Wide_first, "first", HPyMember_LONGLONG, offsetof(Wide, fields[0]))
HPyDef_MEMBER(Wide_second, "second", HPyMember_LONGLONG, offsetof(Wide, fields[1]))
HPyDef_MEMBER(Wide_third, "third", HPyMember_LONGLONG, offsetof(Wide, fields[2]))

HPyDef_SLOT(own_call, HPy_tp_call)
static HPy own_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    (void)self, (void)args;
    return HPyLong_FromSize_t(ctx, 1000 + nargs + (HPy_IsNull(kwnames) ? 0 : (size_t)HPy_Length(ctx, kwnames)));
}

static HPyDef *wide_defines[] = {&Wide_first, &Wide_second, &Wide_third, NULL};
static HPyDef *wide_own_defines[] = {&Wide_first, &Wide_second, &Wide_third, &own_call, NULL};
static HPyDef *own_defines[] = {&own_call, NULL};

/* A base or a tuple of bases, the size of the struct in fields of 8 bytes, and whether there is a call function. */
CASE(derived_type, 3)
{
    int64_t fields = HPyLong_AsInt64_t(ctx, a[1]);
    int calls = HPy_IsTrue(ctx, a[2]);
    if (HPyErr_Occurred(ctx)) {
        return HPy_NULL;
    }
    static HPyDef *none[] = {NULL};
    HPyType_Spec spec = {
        .name = "cases_types.derived", .basicsize = (int)(fields * 8), .builtin_shape = SHAPE(Adder),
        .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE,
        .defines = fields == 4 ? (calls ? wide_own_defines : wide_defines) : (calls ? own_defines : none)};
    HPyType_SpecParam params[] = {
        {HPyTuple_Check(ctx, a[0]) ? HPyType_SpecParam_BasesTuple : HPyType_SpecParam_Base, a[0]},
        {(HPyType_SpecParam_Kind)0, HPy_NULL}};
    return HPyType_FromSpec(ctx, &spec, params);
}

/* Flags. */
static HPyDef *nothing[] = {NULL};
static HPyType_Spec Fixed_spec = {
    .name = "cases_types.Fixed", .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_IMMUTABLETYPE | HPy_TPFLAGS_BASETYPE,
    .defines = nothing};
static HPyType_Spec Abstract_spec = {
    .name = "cases_types.Abstract", .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_DISALLOW_INSTANTIATION, .defines = nothing};
static HPyType_Spec Final_spec = {.name = "cases_types.Final", .flags = HPy_TPFLAGS_DEFAULT, .defines = nothing};

/* A type with a type as its base and another as its metaclass; the arguments may be `...`. */
CASE(HPyType_FromSpec, 2)
{
    static HPyType_Spec spec = {
        .name = "cases_types.made", .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .doc = "Made by a case."};
    HPyType_SpecParam params[3] = {{(HPyType_SpecParam_Kind)0, HPy_NULL}};
    int count = 0;
    if (!HPy_IsNull(a[0])) {
        params[count].kind = HPyTuple_Check(ctx, a[0]) ? HPyType_SpecParam_BasesTuple : HPyType_SpecParam_Base;
        params[count++].object = a[0];
    }
    if (!HPy_IsNull(a[1])) {
        params[count].kind = HPyType_SpecParam_Metaclass;
        params[count++].object = a[1];
    }
    return HPyType_FromSpec(ctx, &spec, params);
}

CASE(HPyType_GenericNew, 1)
{
    return HPyType_GenericNew(ctx, a[0], NULL, 0, HPy_NULL);
}

/* A struct behind the fields of a built-in type. */
typedef struct {
    int64_t mark;
    long long number;
    HPyField an_object;
} Marked;

static void destroy_marked(void *data)
{
    destroyed_marks += ((Marked *)data)->mark;
}

static int traverse_marked(void *data, HPyFunc_visitproc visit, void *arg)
{
    HPy_VISIT(&((Marked *)data)->an_object);
    return 0;
}

#define EXTEND(NAME, SHAPE_NAME, BASE)                                                                                       \
    typedef Marked NAME;                                                                                                     \
    HPyType_HELPERS(NAME, HPyType_BuiltinShape_##SHAPE_NAME)                                                                 \
    HPyDef_GETSET(NAME##_mark, "mark")                                                                                       \
    static HPy NAME##_mark_get(HPyContext *ctx, HPy self, void *closure)                                                     \
    {                                                                                                                        \
        (void)closure;                                                                                                       \
        return HPyLong_FromInt64_t(ctx, NAME##_AsStruct(ctx, self)->mark);                                                   \
    }                                                                                                                        \
    static int NAME##_mark_set(HPyContext *ctx, HPy self, HPy value, void *closure)                                          \
    {                                                                                                                        \
        (void)closure;                                                                                                       \
        NAME##_AsStruct(ctx, self)->mark = HPyLong_AsInt64_t(ctx, value);                                                    \
        return HPyErr_Occurred(ctx) ? -1 : 0;                                                                                \
    }                                                                                                                        \
    HPyDef_MEMBER(NAME##_number, "number", HPyMember_LONGLONG, offsetof(Marked, number))                                     \
    HPyDef_MEMBER(NAME##_object, "an_object", HPyMember_OBJECT, offsetof(Marked, an_object))                                 \
    HPyDef_SLOT(NAME##_destroy, HPy_tp_destroy)                                                                              \
    static void NAME##_destroy_impl(void *data)                                                                              \
    {                                                                                                                        \
        destroy_marked(data);                                                                                                \
    }                                                                                                                        \
    HPyDef_SLOT(NAME##_traverse, HPy_tp_traverse)                                                                            \
    static int NAME##_traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)                                          \
    {                                                                                                                        \
        return traverse_marked(data, visit, arg);                                                                            \
    }                                                                                                                        \
    static HPyDef *NAME##_defines[] = {&NAME##_mark,    &NAME##_number,   &NAME##_object,                                    \
                                       &NAME##_destroy, &NAME##_traverse, NULL};                                             \
    static HPyType_Spec NAME##_spec = {.name = "cases_types." #NAME,                                                               \
                                       .basicsize = sizeof(NAME),                                                            \
                                       .builtin_shape = SHAPE(NAME),                                                         \
                                       .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE,                                  \
                                       .defines = NAME##_defines};
EXTEND(MarkedLong, Long, h_LongType)
EXTEND(MarkedFloat, Float, h_FloatType)
EXTEND(MarkedUnicode, Unicode, h_UnicodeType)
EXTEND(MarkedTuple, Tuple, h_TupleType)
EXTEND(MarkedList, List, h_ListType)
EXTEND(MarkedDict, Dict, h_DictType)
EXTEND(MarkedType, Type, h_TypeType)

/* The functions that find the struct, by the shape of the type. */
CASE(mark_by_shape, 1)
{
    HPy type = HPy_Type(ctx, a[0]);
    Marked *marked = NULL;
    switch (_HPyType_GetBuiltinShape(ctx, type)) {
    case HPyType_BuiltinShape_Long: marked = _HPy_AsStruct_Long(ctx, a[0]); break;
    case HPyType_BuiltinShape_Float: marked = _HPy_AsStruct_Float(ctx, a[0]); break;
    case HPyType_BuiltinShape_Unicode: marked = _HPy_AsStruct_Unicode(ctx, a[0]); break;
    case HPyType_BuiltinShape_Tuple: marked = _HPy_AsStruct_Tuple(ctx, a[0]); break;
    case HPyType_BuiltinShape_List: marked = _HPy_AsStruct_List(ctx, a[0]); break;
    case HPyType_BuiltinShape_Dict: marked = _HPy_AsStruct_Dict(ctx, a[0]); break;
    case HPyType_BuiltinShape_Type: marked = _HPy_AsStruct_Type(ctx, a[0]); break;
    case HPyType_BuiltinShape_Object: marked = (Marked *)_HPy_AsStruct_Object(ctx, a[0]); break;
    default: break;
    }
    HPy_Close(ctx, type);
    return marked == NULL ? HPyErr_SetString(ctx, ctx->h_TypeError, "no shape") : HPyLong_FromInt64_t(ctx, marked->mark);
}

CASE(_HPyType_GetBuiltinShape, 1)
{
    int shape = (int)_HPyType_GetBuiltinShape(ctx, a[0]);
    return shape == -2 ? HPy_NULL : HPyLong_FromInt32_t(ctx, shape);
}

/* A new object of a type with the number in its struct. */
CASE(_HPy_New, 1)
{
    Countdown *countdown;
    HPy h = HPy_New(ctx, a[0], &countdown);
    if (!HPy_IsNull(h)) {
        countdown->left = 3;
    }
    return h;
}

/* Makes an object of a type and lets it go: Python never sees it. */
CASE(make_and_close, 1)
{
    void *data;
    HPy h = HPy_New(ctx, a[0], &data);
    if (HPy_IsNull(h)) {
        return HPy_NULL;
    }
    HPy_Close(ctx, h);
    return none(ctx);
}

CASE(destroyed_marks, 0)
{
    (void)a;
    return HPyLong_FromInt64_t(ctx, destroyed_marks);
}

CASE(counters, 0)
{
    (void)a;
    HPy items[2];
    items[0] = HPyLong_FromInt64_t(ctx, destroyed);
    items[1] = HPyLong_FromInt64_t(ctx, finalized);
    HPy pair = HPyTuple_FromArray(ctx, items, 2);
    HPy_Close(ctx, items[0]);
    HPy_Close(ctx, items[1]);
    return pair;
}

HPyDef_SLOT(start, HPy_mod_exec)
static int start_impl(HPyContext *ctx, HPy module)
{
    HPyType_Spec *plain[] = {&Thing_spec, &Countdown_spec, &Async_spec, &Sender_spec, &Open_spec, &Descriptor_spec,
                             &Adder_spec, &Fixed_spec, &Abstract_spec, &Final_spec};
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        if (HPyModule_AddType(ctx, module, plain[i], NULL, NULL) < 0) {
            return -1;
        }
    }
    struct {
        HPyType_Spec *spec;
        HPy base;
    } extended[] = {{&MarkedLong_spec, ctx->h_LongType},   {&MarkedFloat_spec, ctx->h_FloatType},
                    {&MarkedUnicode_spec, ctx->h_UnicodeType}, {&MarkedTuple_spec, ctx->h_TupleType},
                    {&MarkedList_spec, ctx->h_ListType},   {&MarkedDict_spec, ctx->h_DictType},
                    {&MarkedType_spec, ctx->h_TypeType}};
    for (size_t i = 0; i < sizeof(extended) / sizeof(extended[0]); i++) {
        HPyType_SpecParam params[] = {{HPyType_SpecParam_Base, extended[i].base}, {(HPyType_SpecParam_Kind)0, HPy_NULL}};
        if (HPyModule_AddType(ctx, module, extended[i].spec, params, NULL) < 0) {
            return -1;
        }
    }
    return 0;
}

#define CASES(X)                                                                                                             \
    X(OWN, HPy_SetCallFunction) X(OWN, derived_type) X(OWN, HPyType_FromSpec) X(OWN, HPyType_GenericNew)                     \
    X(OWN, mark_by_shape) X(OWN, _HPyType_GetBuiltinShape) X(OWN, _HPy_New) X(OWN, make_and_close) X(OWN, counters)          \
    X(OWN, destroyed_marks)

CASES(DEFINE)
HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)

static HPyDef *defines[] = {CASES(LISTED) & start, &gil, NULL};
static HPyModuleDef definition = {.doc = "Cases of the conformance suite.", .defines = defines};
HPy_MODINIT(cases_types, definition)
