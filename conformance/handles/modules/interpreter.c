/* Capsules, context variables, code, imports, `sys`, memory, the collector, globals, the interpreter. */
#include "conformance.h"

#include <stdlib.h>

static int destroyed;

HPyCapsule_DESTRUCTOR(destroy)
static void destroy_impl(const char *name, void *pointer, void *context)
{
    (void)name, (void)pointer, (void)context;
    destroyed++;
}

static int content = 42;
static int other_content = 43;

/* A capsule with a name, or without one. */
CASE(HPyCapsule_New, 1)
{
    static const char *names[] = {"cases_interpreter.content", "other"};
    const char *name = HPy_IsNull(a[0]) ? NULL : names[small(ctx, a[0])];
    return HPyCapsule_New(ctx, &content, name, &destroy);
}

CASE(HPyCapsule_New_of_null, 0)
{
    (void)a;
    return HPyCapsule_New(ctx, NULL, "cases_interpreter.content", NULL);
}

/* The number that a capsule points at. */
CASE(HPyCapsule_Get, 2)
{
    int *pointer = HPyCapsule_GetPointer(ctx, a[0], text(ctx, a[1]));
    return pointer == NULL ? HPy_NULL : HPyLong_FromInt32_t(ctx, *pointer);
}

CASE(name_of_capsule, 1)
{
    const char *name = HPyCapsule_GetName(ctx, a[0]);
    return name == NULL ? (HPyErr_Occurred(ctx) ? HPy_NULL : none(ctx)) : HPyUnicode_FromString(ctx, name);
}

/* Gives a capsule another pointer, name, context, and no destructor. */
CASE(HPyCapsule_Set, 1)
{
    if (HPyCapsule_SetPointer(ctx, a[0], &other_content) < 0 || HPyCapsule_SetName(ctx, a[0], "other") < 0 ||
        HPyCapsule_SetContext(ctx, a[0], &content) < 0 || HPyCapsule_SetDestructor(ctx, a[0], NULL) < 0) {
        return HPy_NULL;
    }
    int *pointer = HPyCapsule_GetPointer(ctx, a[0], "other");
    int *context = HPyCapsule_GetContext(ctx, a[0]);
    return number(ctx, pointer == &other_content && context == &content);
}

CASE(destroyed_capsules, 0)
{
    (void)a;
    return number(ctx, destroyed);
}

CASE(HPyCapsule_Import, 1)
{
    int *pointer = HPyCapsule_Import(ctx, text(ctx, a[0]));
    return pointer == NULL ? HPy_NULL : HPyLong_FromInt32_t(ctx, *pointer);
}

CASE(HPy_Compile_s, 3)
{
    return HPy_Compile_s(ctx, text(ctx, a[0]), text(ctx, a[1]), (HPy_SourceKind)small(ctx, a[2]));
}

CASE(HPyContextVar_New, 2)
{
    return HPyContextVar_New(ctx, text(ctx, a[0]), a[1]);
}

CASE(HPyContextVar_Get, 2)
{
    HPy result = HPy_NULL;
    int32_t status = HPyContextVar_Get(ctx, a[0], a[1], &result);
    return outcome(ctx, status, result);
}

/* Each allocator: allocates, grows, looks at what is there, frees. */
#define ALLOCATOR(MALLOC, CALLOC, REALLOC, FREE)                                                                             \
    CASE(MALLOC, 1)                                                                                                          \
    {                                                                                                                        \
        size_t size = (size_t)size_of(ctx, a[0]);                                                                            \
        unsigned char *memory = MALLOC(ctx, size);                                                                           \
        if (memory == NULL) {                                                                                                \
            return HPyErr_NoMemory(ctx);                                                                                     \
        }                                                                                                                    \
        memset(memory, 7, size);                                                                                             \
        unsigned char *larger = REALLOC(ctx, memory, size * 2 + 1);                                                          \
        if (larger == NULL) {                                                                                                \
            FREE(ctx, memory);                                                                                               \
            return HPyErr_NoMemory(ctx);                                                                                     \
        }                                                                                                                    \
        int right = size == 0 || (larger[0] == 7 && larger[size - 1] == 7);                                                  \
        FREE(ctx, larger);                                                                                                   \
        unsigned char *zeros = CALLOC(ctx, size + 1, 3);                                                                     \
        for (size_t i = 0; zeros != NULL && i < (size + 1) * 3; i++) {                                                       \
            right = right && zeros[i] == 0;                                                                                  \
        }                                                                                                                    \
        FREE(ctx, zeros);                                                                                                    \
        FREE(ctx, NULL);                                                                                                     \
        FREE(ctx, REALLOC(ctx, NULL, 1));                                                                                    \
        return number(ctx, right && zeros != NULL && CALLOC(ctx, SIZE_MAX / 2, 4) == NULL && !HPyErr_Occurred(ctx));         \
    }
ALLOCATOR(HPyMem_Malloc, HPyMem_Calloc, HPyMem_Realloc, HPyMem_Free)
ALLOCATOR(HPyMem_RawMalloc, HPyMem_RawCalloc, HPyMem_RawRealloc, HPyMem_RawFree)

static HPyGlobal kept;

CASE(HPyGlobal_Store, 1)
{
    HPyGlobal_Store(ctx, &kept, a[0]);
    return HPyErr_Occurred(ctx) ? HPy_NULL : none(ctx);
}

CASE(HPyGlobal_Load, 0)
{
    (void)a;
    return handed(ctx, HPyGlobal_Load(ctx, kept));
}

CASE(HPyType_GetName, 1)
{
    const char *name = HPyType_GetName(ctx, a[0]);
    return name == NULL ? HPy_NULL : HPyUnicode_FromString(ctx, name);
}

/* The name of a type that gets another one meanwhile: the first one is valid as long as the handle. */
CASE(renamed_type, 2)
{
    const char *name = HPyType_GetName(ctx, a[0]);
    if (name == NULL || HPy_SetAttr_s(ctx, a[0], "__name__", a[1]) < 0) {
        return HPy_NULL;
    }
    /* Takes the memory of what was let go. */
    HPy others[64];
    for (int i = 0; i < 64; i++) {
        others[i] = HPyUnicode_FromString(ctx, "ANOTHER");
    }
    HPy result = HPyUnicode_FromString(ctx, name);
    for (int i = 0; i < 64; i++) {
        HPy_Close(ctx, others[i]);
    }
    return result;
}

CASE(HPyType_GetFlags, 1)
{
    return HPyLong_FromUInt64_t(ctx, HPyType_GetFlags(ctx, a[0]));
}

/* Locks an object, or two, while it calls. */
CASE(HPyCriticalSection_Begin, 2)
{
    HPyCriticalSection section;
    HPyCriticalSection_Begin(ctx, &section, a[0]);
    HPy result = HPy_CallNoArgs(ctx, a[1]);
    HPyCriticalSection_End(ctx, &section);
    return result;
}

CASE(HPyCriticalSection_Begin2, 3)
{
    HPyCriticalSection2 section;
    HPyCriticalSection_Begin2(ctx, &section, a[0], a[1]);
    HPy result = HPy_CallNoArgs(ctx, a[2]);
    HPyCriticalSection_End2(ctx, &section);
    return result;
}

/* Counts that often, while it has the lock of an object, with a pause between reading and writing. */
static volatile int64_t counter;

CASE(count_under_lock, 2)
{
    HPy_ssize_t times = size_of(ctx, a[1]);
    for (HPy_ssize_t i = 0; i < times; i++) {
        HPyCriticalSection section;
        HPyCriticalSection_Begin(ctx, &section, a[0]);
        int64_t before = counter;
        for (volatile int pause = 0; pause < 50; pause++) {
        }
        counter = before + 1;
        HPyCriticalSection_End(ctx, &section);
    }
    return none(ctx);
}

CASE(counted_under_lock, 0)
{
    (void)a;
    return HPyLong_FromInt64_t(ctx, counter);
}

#define CASES(X)                                                                                                             \
    X(OWN, HPyCapsule_New) X(OWN, HPyCapsule_New_of_null) X(OWN, HPyCapsule_Get) X(OWN, name_of_capsule)                     \
    X(OWN, HPyCapsule_Set) X(OWN, destroyed_capsules) X(OWN, HPyCapsule_Import) X(OWN, HPy_Compile_s)                        \
    X(OWN, HPyContextVar_New) X(OWN, HPyContextVar_Get) X(OWN, HPyMem_Malloc) X(OWN, HPyMem_RawMalloc)                       \
    X(OWN, HPyGlobal_Store) X(OWN, HPyGlobal_Load) X(OWN, HPyType_GetName) X(OWN, HPyType_GetFlags) X(OWN, renamed_type)     \
    X(OWN, HPyCriticalSection_Begin) X(OWN, HPyCriticalSection_Begin2) X(OWN, count_under_lock) X(OWN, counted_under_lock) X(N1T, HPyCapsule_IsValid)      \
    X(H3, HPy_EvalCode) X(H2, HPyContextVar_Set) X(N2, HPyContextVar_Reset) X(HT, HPyImport_ImportModule)                    \
    X(H1, HPyImport_Import) X(RT, HPySys_GetOptionalAttr) X(N0, HPyGC_Collect) X(N0, HPyGC_Enable) X(N0, HPyGC_Disable)      \
    X(N0, HPyGC_IsEnabled) X(N0, HPyInterpreter_GetID) X(N0, HPy_IsFinalizing) X(H1, HPyType_GetQualName)

CASES(DEFINE)
HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)

static HPyDef *defines[] = {CASES(LISTED) &gil, NULL};
static HPyGlobal *globals[] = {&kept, NULL};
static HPyModuleDef definition = {.doc = "Cases of the conformance suite.", .defines = defines, .globals = globals};
HPy_MODINIT(cases_interpreter, definition)
