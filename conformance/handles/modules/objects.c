/* Attributes, items, calls, iteration, protocols. */
#include "conformance.h"

#include <limits.h>

CASE(HPy_RichCompare, 3)
{
    return HPy_RichCompare(ctx, a[0], a[1], small(ctx, a[2]));
}

CASE(HPy_RichCompareBool, 3)
{
    return number(ctx, HPy_RichCompareBool(ctx, a[0], a[1], small(ctx, a[2])));
}

CASE(HPy_SetSlice, 4)
{
    return number(ctx, HPy_SetSlice(ctx, a[0], size_of(ctx, a[1]), size_of(ctx, a[2]), a[3]));
}

CASE(HPy_DelSlice, 3)
{
    return number(ctx, HPy_DelSlice(ctx, a[0], size_of(ctx, a[1]), size_of(ctx, a[2])));
}

/* The positional arguments, the tuple of keyword names, and the values of the keywords, as one array. */
enum { MOST = 16 };
static HPy_ssize_t spread(HPyContext *ctx, HPy from, HPy *to)
{
    HPy_ssize_t count = HPy_Length(ctx, from);
    if (count > MOST) {
        count = MOST;
    }
    for (HPy_ssize_t i = 0; i < count; i++) {
        to[i] = HPy_GetItem_i(ctx, from, i);
    }
    return count;
}

static void close_all(HPyContext *ctx, HPy *items, HPy_ssize_t count)
{
    for (HPy_ssize_t i = 0; i < count; i++) {
        HPy_Close(ctx, items[i]);
    }
}

static size_t positional(HPyContext *ctx, HPy_ssize_t count, HPy names)
{
    return (size_t)(HPy_IsNull(names) ? count : count - HPy_Length(ctx, names));
}

CASE(HPy_Call, 3)
{
    HPy items[MOST];
    HPy_ssize_t count = spread(ctx, a[1], items);
    HPy result = HPy_Call(ctx, a[0], items, positional(ctx, count, a[2]), a[2]);
    close_all(ctx, items, count);
    return result;
}

CASE(HPy_CallMethod, 3)
{
    HPy items[MOST];
    HPy_ssize_t count = spread(ctx, a[1], items);
    HPy result = HPy_CallMethod(ctx, a[0], items, positional(ctx, count, a[2]), a[2]);
    close_all(ctx, items, count);
    return result;
}

CASE(HPy_CallMethod_s, 3)
{
    HPy items[MOST];
    HPy_ssize_t count = spread(ctx, a[1], items);
    HPy result = HPy_CallMethod_s(ctx, text(ctx, a[0]), items, positional(ctx, count, a[2]), a[2]);
    close_all(ctx, items, count);
    return result;
}

CASE(HPy_LengthHint, 2)
{
    return number(ctx, HPy_LengthHint(ctx, a[0], size_of(ctx, a[1])));
}

/* Calls itself that often, each time through a Python function. */
CASE(HPy_EnterRecursiveCall, 2)
{
    if (HPy_EnterRecursiveCall(ctx, " in a test of the suite") < 0) {
        return HPy_NULL;
    }
    HPy result = HPy_CallOneArg(ctx, a[0], a[1]);
    HPy_LeaveRecursiveCall(ctx);
    return result;
}

/* Enters that often without leaving, then leaves as often. */
CASE(HPy_LeaveRecursiveCall, 1)
{
    HPy_ssize_t wanted = size_of(ctx, a[0]), entered = 0;
    while (entered < wanted && HPy_EnterRecursiveCall(ctx, "") == 0) {
        entered++;
    }
    for (HPy_ssize_t i = 0; i < entered; i++) {
        HPy_LeaveRecursiveCall(ctx);
    }
    return entered < wanted ? HPy_NULL : none(ctx);
}

CASE(HPyIter_Send, 2)
{
    HPy result = HPy_NULL;
    HPy_SendResult status = (HPy_SendResult)HPyIter_Send(ctx, a[0], a[1], &result);
    return outcome(ctx, status, result);
}

/* Parses the arguments of a function with two optional parameters, `one` and `two`. */
static const char *parameters[] = {"one", "two", NULL};

static HPy parsed(HPyContext *ctx, int done, HPyTracker tracker, long one, long two)
{
    if (!done) {
        return HPy_NULL;
    }
    HPyTracker_Close(ctx, tracker);
    return HPy_BuildValue(ctx, "ll", one, two);
}

/* A tuple of names and the value of all of them. */
CASE(HPyArg_ParseKeywords, 2)
{
    HPyTracker tracker = {0};
    long one = 0, two = 0;
    HPy values[2];
    values[0] = values[1] = a[1];
    int done = HPyArg_ParseKeywords(ctx, &tracker, values, 0, a[0], "|ll:parse", parameters, &one, &two);
    return parsed(ctx, done, tracker, one, two);
}

CASE(HPyArg_ParseKeywordsDict, 1)
{
    HPyTracker tracker = {0};
    long one = 0, two = 0;
    int done = HPyArg_ParseKeywordsDict(ctx, &tracker, NULL, 0, a[0], "|ll:parse", parameters, &one, &two);
    return parsed(ctx, done, tracker, one, two);
}

/* A struct sequence with an item whose name is a keyword of Python's. */
CASE(HPyStructSequence_NewType, 0)
{
    HPyStructSequence_Field fields[] = {{"from", "where it starts"}, {"to", "where it ends"}, {NULL, NULL}};
    HPyStructSequence_Desc description = {"cases.Way", "A way.", fields};
    (void)a;
    return HPyStructSequence_NewType(ctx, &description);
}

#define CASES(X)                                                                                                             \
    X(OWN, HPy_RichCompare) X(OWN, HPy_RichCompareBool) X(OWN, HPy_SetSlice) X(OWN, HPy_DelSlice) X(OWN, HPy_Call)           \
    X(OWN, HPy_CallMethod) X(OWN, HPy_CallMethod_s) X(OWN, HPy_LengthHint) X(OWN, HPy_EnterRecursiveCall)                    \
    X(OWN, HPy_LeaveRecursiveCall) X(OWN, HPyIter_Send) X(N1, HPy_Length) X(N1, HPyCallable_Check) X(H3, HPy_CallTupleDict)  \
    X(N1, HPy_IsTrue) X(H2, HPy_GetAttr) X(H1T, HPy_GetAttr_s) X(N2, HPy_HasAttr) X(N1T, HPy_HasAttr_s) X(N3, HPy_SetAttr)   \
    X(N1TH, HPy_SetAttr_s) X(H2, HPy_GetItem) X(H1N, HPy_GetItem_i) X(H1T, HPy_GetItem_s) X(N2, HPy_Contains)                \
    X(N3, HPy_SetItem) X(N1NH, HPy_SetItem_i) X(N1TH, HPy_SetItem_s) X(N2, HPy_DelItem) X(N1N, HPy_DelItem_i)                \
    X(N1T, HPy_DelItem_s) X(H1, HPy_Repr) X(H1, HPy_Str) X(H1, HPy_ASCII) X(H1, HPy_Bytes) X(N1, HPy_Hash)                   \
    X(H1NN, HPy_GetSlice) X(H1, HPy_GetIter) X(H1, HPyIter_Next) X(N1, HPyIter_Check) X(R2, HPy_GetOptionalAttr)             \
    X(R1T, HPy_GetOptionalAttr_s) X(N2, HPy_HasAttrWithError) X(N1T, HPy_HasAttrWithError_s) X(H2, HPy_GenericGetAttr)       \
    X(N3, HPy_GenericSetAttr) X(R2, HPy_GetOptionalItem) X(R1T, HPy_GetOptionalItem_s) X(N2, HPy_IsInstance)                 \
    X(N2, HPy_IsSubclass) X(H2, HPy_Format) X(H1, HPy_Dir) X(N1, HPyMapping_Check) X(N1, HPySequence_Check)                  \
    X(H1, HPySequence_List) X(H1, HPySequence_Tuple) X(H2, HPy_Concat) X(H1N, HPy_Repeat) X(H1, HPy_CallNoArgs)              \
    X(H2, HPy_CallOneArg) X(R1, HPyIter_NextItem) X(H1, HPy_GetAsyncIter) X(N1, HPyAsyncIter_Check)                          \
    X(N2, HPyType_IsSubtype) X(OWN, HPyArg_ParseKeywords) X(OWN, HPyArg_ParseKeywordsDict)         \
    X(OWN, HPyStructSequence_NewType)

CASES(DEFINE)
MODULE(cases_objects)
