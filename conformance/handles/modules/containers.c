/* Lists, tuples, dicts, sets, slices, weak references; builders and trackers. */
#include "conformance.h"

CASE(HPyTuple_FromArray, 1)
{
    HPy items[16];
    HPy_ssize_t count = HPy_Length(ctx, a[0]);
    for (HPy_ssize_t i = 0; i < count; i++) {
        items[i] = HPy_GetItem_i(ctx, a[0], i);
    }
    HPy tuple = HPyTuple_FromArray(ctx, items, count);
    for (HPy_ssize_t i = 0; i < count; i++) {
        HPy_Close(ctx, items[i]);
    }
    return tuple;
}

#define BUILDER(KIND)                                                                                                        \
    CASE(HPy##KIND##Builder_Build, 1)                                                                                        \
    {                                                                                                                        \
        HPy_ssize_t count = HPy_Length(ctx, a[0]);                                                                           \
        HPy##KIND##Builder builder = HPy##KIND##Builder_New(ctx, count);                                                     \
        for (HPy_ssize_t i = 0; i < count; i++) {                                                                            \
            HPy item = HPy_GetItem_i(ctx, a[0], i);                                                                          \
            HPy##KIND##Builder_Set(ctx, builder, i, item);                                                                   \
            HPy_Close(ctx, item);                                                                                            \
        }                                                                                                                    \
        return HPy##KIND##Builder_Build(ctx, builder);                                                                       \
    }                                                                                                                        \
    CASE(HPy##KIND##Builder_Cancel, 1)                                                                                       \
    {                                                                                                                        \
        HPy##KIND##Builder builder = HPy##KIND##Builder_New(ctx, 3);                                                         \
        HPy##KIND##Builder_Set(ctx, builder, 1, a[0]);                                                                       \
        HPy##KIND##Builder_Cancel(ctx, builder);                                                                             \
        return none(ctx);                                                                                                    \
    }
BUILDER(List)
BUILDER(Tuple)

/* Keeps copies of a handle, that many, and closes them all; a size below 0 forgets them first. */
CASE(HPyTracker_Close, 2)
{
    HPy_ssize_t count = size_of(ctx, a[1]);
    int forget = count < 0;
    HPyTracker tracker = HPyTracker_New(ctx, 2);
    if (HPyTracker_IsNull(tracker)) {
        return HPy_NULL;
    }
    for (HPy_ssize_t i = 0; i < (forget ? -count : count); i++) {
        HPy copy = HPy_Dup(ctx, a[0]);
        /* The tracker has the handle even so. */
        if (HPyTracker_Add(ctx, tracker, copy) < 0) {
            HPyTracker_Close(ctx, tracker);
            return HPy_NULL;
        }
        if (forget) {
            HPyTracker_ForgetAll(ctx, tracker);
            HPy_Close(ctx, copy);
        }
    }
    HPyTracker_Close(ctx, tracker);
    return none(ctx);
}

/* The keys and values of a dict, step by step. */
CASE(HPyDict_Next, 1)
{
    HPy_ssize_t position = 0;
    HPy key, value, pair;
    HPy all = HPyList_New(ctx, 0);
    if (HPy_IsNull(all)) {
        return HPy_NULL;
    }
    int more;
    while ((more = HPyDict_Next(ctx, a[0], &position, &key, &value)) > 0) {
        HPy items[2] = {key, value};
        pair = HPyTuple_FromArray(ctx, items, 2);
        int failed = HPy_IsNull(pair) || HPyList_Append(ctx, all, pair) < 0;
        HPy_Close(ctx, pair);
        HPy_Close(ctx, key);
        HPy_Close(ctx, value);
        if (failed) {
            more = -1;
            break;
        }
    }
    if (more < 0) {
        HPy_Close(ctx, all);
        return HPy_NULL;
    }
    return all;
}

/* How many items there are, without looking at them. */
CASE(count_of_dict, 1)
{
    HPy_ssize_t position = 0, count = 0;
    while (HPyDict_Next(ctx, a[0], &position, NULL, NULL) > 0) {
        count++;
    }
    return number(ctx, count);
}

CASE(set_default_without_result, 3)
{
    return number(ctx, HPyDict_SetDefaultRef(ctx, a[0], a[1], a[2], NULL));
}

CASE(pop_without_result, 2)
{
    return number(ctx, HPyDict_Pop(ctx, a[0], a[1], NULL));
}

CASE(HPySlice_Unpack, 1)
{
    HPy_ssize_t part[3];
    HPy items[3];
    if (HPySlice_Unpack(ctx, a[0], &part[0], &part[1], &part[2]) < 0) {
        return HPy_NULL;
    }
    for (int i = 0; i < 3; i++) {
        items[i] = HPyLong_FromSsize_t(ctx, part[i]);
    }
    HPy all = HPyTuple_FromArray(ctx, items, 3);
    for (int i = 0; i < 3; i++) {
        HPy_Close(ctx, items[i]);
    }
    return all;
}

/* What is made with a size below zero. */
CASE(of_negative_size, 1)
{
    HPy item = ctx->h_None;
    switch (small(ctx, a[0])) {
    case 0: return handed(ctx, HPyList_New(ctx, -1));
    case 1: return handed(ctx, HPyListBuilder_Build(ctx, HPyListBuilder_New(ctx, -1)));
    case 2: return handed(ctx, HPyTupleBuilder_Build(ctx, HPyTupleBuilder_New(ctx, -1)));
    case 3: return handed(ctx, HPyTuple_FromArray(ctx, &item, -1));
    case 4: return handed(ctx, HPyBytes_FromStringAndSize(ctx, "abc", -1));
    case 5: return handed(ctx, HPyByteArray_FromStringAndSize(ctx, "abc", -1));
    default: return handed(ctx, HPyTuple_Pack(ctx, -1));
    }
}

#define CASES(X)                                                                                                             \
    X(OWN, HPyTuple_FromArray) X(OWN, HPyListBuilder_Build) X(OWN, HPyListBuilder_Cancel) X(OWN, HPyTupleBuilder_Build)      \
    X(OWN, HPyTupleBuilder_Cancel) X(OWN, HPyTracker_Close) X(OWN, HPyDict_Next) X(OWN, count_of_dict)                       \
    X(OWN, set_default_without_result) X(OWN, pop_without_result) X(OWN, HPySlice_Unpack) X(OWN, of_negative_size) X(N1, HPyList_Check)               \
    X(HN, HPyList_New) X(N2, HPyList_Append) X(N1NH, HPyList_Insert) X(H1, HPyList_AsTuple) X(N1, HPyList_Sort)              \
    X(N1, HPyList_Reverse) X(N2, HPyList_Extend) X(N1, HPyList_Clear) X(N1, HPyTuple_Check) X(N1, HPyDict_Check)             \
    X(H0, HPyDict_New) X(H1, HPyDict_Keys) X(H1, HPyDict_Copy) X(R2, HPyDict_GetItemRef) X(R3, HPyDict_SetDefaultRef)        \
    X(R2, HPyDict_Pop) X(N2, HPyDict_Update) X(N1, HPyDict_Clear) X(H1, HPyDict_Values) X(H1, HPyDict_Items)                 \
    X(H1, HPyDictProxy_New) X(H1, HPySet_New) X(H1, HPyFrozenSet_New) X(N1, HPySet_Check) X(N1, HPyFrozenSet_Check)          \
    X(N2, HPySet_Add) X(N2, HPySet_Discard) X(H1, HPySet_Pop) X(N1, HPySet_Clear) X(H2, HPyWeakref_NewRef)                   \
    X(H2, HPyWeakref_NewProxy) X(N1, HPyWeakref_Check) X(R1, HPyWeakref_GetRef) X(N1, HPySlice_Check) X(H3, HPySlice_New)

CASES(DEFINE)
MODULE(cases_containers)
