/* Dates and times. */
#include "conformance.h"

CASE(HPyDate_New, 3)
{
    return HPyDate_New(ctx, small(ctx, a[0]), small(ctx, a[1]), small(ctx, a[2]));
}

CASE(HPyTime_New, 6)
{
    return HPyTime_New(ctx, small(ctx, a[0]), small(ctx, a[1]), small(ctx, a[2]), small(ctx, a[3]), a[4], small(ctx, a[5]));
}

/* Of a sequence of eight numbers. */
CASE(HPyDateTime_New, 2)
{
    int number[8] = {0};
    for (int i = 0; i < 8; i++) {
        HPy item = HPy_GetItem_i(ctx, a[0], i);
        number[i] = small(ctx, item);
        HPy_Close(ctx, item);
    }
    HPyDateTime_Fields fields = {number[0], number[1], number[2], number[3], number[4], number[5], number[6], number[7]};
    return HPyDateTime_New(ctx, &fields, a[1]);
}

CASE(HPyTimeDelta_New, 3)
{
    return HPyTimeDelta_New(ctx, small(ctx, a[0]), small(ctx, a[1]), small(ctx, a[2]));
}

static HPy numbers(HPyContext *ctx, const int *from, int count)
{
    HPyTupleBuilder builder = HPyTupleBuilder_New(ctx, count);
    for (int i = 0; i < count; i++) {
        HPy item = HPyLong_FromInt32_t(ctx, from[i]);
        HPyTupleBuilder_Set(ctx, builder, i, item);
        HPy_Close(ctx, item);
    }
    return HPyTupleBuilder_Build(ctx, builder);
}

CASE(HPyDateTime_Unpack, 1)
{
    HPyDateTime_Fields f;
    if (HPyDateTime_Unpack(ctx, a[0], &f) < 0) {
        return HPy_NULL;
    }
    int all[] = {f.year, f.month, f.day, f.hour, f.minute, f.second, f.microsecond, f.fold};
    return numbers(ctx, all, 8);
}

CASE(HPyTimeDelta_Unpack, 1)
{
    int all[3] = {-7, -7, -7};
    return HPyTimeDelta_Unpack(ctx, a[0], &all[0], &all[1], &all[2]) < 0 ? HPy_NULL : numbers(ctx, all, 3);
}

#define CASES(X)                                                                                                             \
    X(OWN, HPyDate_New) X(OWN, HPyTime_New) X(OWN, HPyDateTime_New) X(OWN, HPyTimeDelta_New) X(OWN, HPyDateTime_Unpack)      \
    X(OWN, HPyTimeDelta_Unpack) X(H2, HPyTimeZone_New) X(H0, HPyTimeZone_UTC) X(N1, HPyDate_Check) X(N1, HPyTime_Check)      \
    X(N1, HPyDateTime_Check) X(N1, HPyTimeDelta_Check) X(N1, HPyTZInfo_Check) X(H1, HPyDateTime_GetTZInfo)

CASES(DEFINE)
MODULE(cases_dates)
