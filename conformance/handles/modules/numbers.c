/* Numbers: to and from C, and the operators. */
#include "conformance.h"

/* From the C type that a 64-bit number is cut to. */
#define FROM(NAME, TYPE)                                                                                                     \
    CASE(NAME, 1)                                                                                                            \
    {                                                                                                                        \
        return NAME(ctx, (TYPE)HPyLong_AsUInt64_tMask(ctx, a[0]));                                                           \
    }
FROM(HPyLong_FromInt32_t, int32_t)
FROM(HPyLong_FromUInt32_t, uint32_t)
FROM(HPyLong_FromInt64_t, int64_t)
FROM(HPyLong_FromUInt64_t, uint64_t)
FROM(HPyLong_FromSize_t, size_t)
FROM(HPyLong_FromSsize_t, HPy_ssize_t)

/* To the C type, and back through the widest of its kind. */
#define AS(NAME, TYPE, BACK)                                                                                                 \
    CASE(NAME, 1)                                                                                                            \
    {                                                                                                                        \
        TYPE value = NAME(ctx, a[0]);                                                                                        \
        return value == (TYPE)-1 && HPyErr_Occurred(ctx) ? HPy_NULL : BACK(ctx, value);                                      \
    }
AS(HPyLong_AsInt32_t, int32_t, HPyLong_FromInt64_t)
AS(HPyLong_AsUInt32_t, uint32_t, HPyLong_FromUInt64_t)
AS(HPyLong_AsUInt32_tMask, uint32_t, HPyLong_FromUInt64_t)
AS(HPyLong_AsInt64_t, int64_t, HPyLong_FromInt64_t)
AS(HPyLong_AsUInt64_t, uint64_t, HPyLong_FromUInt64_t)
AS(HPyLong_AsUInt64_tMask, uint64_t, HPyLong_FromUInt64_t)
AS(HPyLong_AsSize_t, size_t, HPyLong_FromUInt64_t)
AS(HPyLong_AsSsize_t, HPy_ssize_t, HPyLong_FromInt64_t)
AS(HPyLong_AsDouble, double, HPyFloat_FromDouble)
AS(HPyFloat_AsDouble, double, HPyFloat_FromDouble)

CASE(HPyLong_AsVoidPtr, 1)
{
    void *pointer = HPyLong_AsVoidPtr(ctx, a[0]);
    return pointer == NULL && HPyErr_Occurred(ctx) ? HPy_NULL : HPyLong_FromSize_t(ctx, (size_t)pointer);
}

CASE(HPyFloat_FromDouble, 1)
{
    return HPyFloat_FromDouble(ctx, HPyFloat_AsDouble(ctx, a[0]));
}

CASE(HPyBool_FromBool, 1)
{
    return HPyBool_FromBool(ctx, HPyLong_AsInt64_t(ctx, a[0]) != 0);
}

/* Bytes of an int: the buffer is a bytes object. */
CASE(HPyLong_FromNativeBytes, 2)
{
    return HPyLong_FromNativeBytes(ctx, HPyBytes_AsString(ctx, a[0]), HPyBytes_Size(ctx, a[0]), small(ctx, a[1]));
}

CASE(HPyLong_FromUnsignedNativeBytes, 2)
{
    return HPyLong_FromUnsignedNativeBytes(ctx, HPyBytes_AsString(ctx, a[0]), HPyBytes_Size(ctx, a[0]), small(ctx, a[1]));
}

/* How many bytes are needed, and what was written. */
CASE(HPyLong_AsNativeBytes, 3)
{
    char buffer[64];
    HPy_ssize_t size = size_of(ctx, a[1]);
    memset(buffer, 0xAA, sizeof(buffer));
    if (size > (HPy_ssize_t)sizeof(buffer)) {
        return HPyErr_SetString(ctx, ctx->h_ValueError, "too large");
    }
    HPy_ssize_t needed = HPyLong_AsNativeBytes(ctx, a[0], buffer, size, small(ctx, a[2]));
    return needed < 0 ? HPy_NULL : outcome(ctx, (int)needed, HPyBytes_FromStringAndSize(ctx, buffer, size));
}

CASE(negative_size_of_native_bytes, 0)
{
    (void)a;
    return HPyLong_FromNativeBytes(ctx, "", -1, HPy_ASNATIVEBYTES_DEFAULTS);
}

CASE(HPyLong_FromString, 2)
{
    return HPyLong_FromString(ctx, text(ctx, a[0]), small(ctx, a[1]));
}

CASE(HPyLong_GetSign, 1)
{
    int sign = 7;
    int status = HPyLong_GetSign(ctx, a[0], &sign);
    return status < 0 ? HPy_NULL : outcome(ctx, status, HPyLong_FromInt32_t(ctx, sign));
}

CASE(HPyLong_AsInt64AndOverflow, 1)
{
    int overflow = 7;
    int64_t value = HPyLong_AsInt64AndOverflow(ctx, a[0], &overflow);
    if (value == -1 && HPyErr_Occurred(ctx)) {
        return HPy_NULL;
    }
    return outcome(ctx, overflow, HPyLong_FromInt64_t(ctx, value));
}

CASE(HPyComplex_FromDoubles, 2)
{
    double real = HPyFloat_AsDouble(ctx, a[0]), imaginary = HPyFloat_AsDouble(ctx, a[1]);
    return HPyErr_Occurred(ctx) ? HPy_NULL : HPyComplex_FromDoubles(ctx, real, imaginary);
}

CASE(HPyComplex_AsDoubles, 1)
{
    double parts[2] = {7, 7};
    HPy items[2];
    if (HPyComplex_AsDoubles(ctx, a[0], &parts[0], &parts[1]) < 0) {
        return HPy_NULL;
    }
    items[0] = HPyFloat_FromDouble(ctx, parts[0]);
    items[1] = HPyFloat_FromDouble(ctx, parts[1]);
    HPy pair = HPyTuple_FromArray(ctx, items, 2);
    HPy_Close(ctx, items[0]);
    HPy_Close(ctx, items[1]);
    return pair;
}

/* Sizes and buffers that are none. */
CASE(no_native_bytes, 1)
{
    char buffer[8];
    switch (small(ctx, a[0])) {
    case 0: return number(ctx, HPyLong_AsNativeBytes(ctx, a[0], buffer, -1, HPy_ASNATIVEBYTES_DEFAULTS));
    case 1: return HPyLong_FromNativeBytes(ctx, NULL, 4, HPy_ASNATIVEBYTES_DEFAULTS);
    case 2: return HPyLong_FromUnsignedNativeBytes(ctx, NULL, 4, HPy_ASNATIVEBYTES_DEFAULTS);
    default: return HPyLong_FromNativeBytes(ctx, buffer, -1, HPy_ASNATIVEBYTES_DEFAULTS);
    }
}

#define CASES(X)                                                                                                             \
    X(OWN, HPyLong_FromInt32_t) X(OWN, HPyLong_FromUInt32_t) X(OWN, HPyLong_FromInt64_t) X(OWN, HPyLong_FromUInt64_t)        \
    X(OWN, HPyLong_FromSize_t) X(OWN, HPyLong_FromSsize_t) X(OWN, HPyLong_AsInt32_t) X(OWN, HPyLong_AsUInt32_t)              \
    X(OWN, HPyLong_AsUInt32_tMask) X(OWN, HPyLong_AsInt64_t) X(OWN, HPyLong_AsUInt64_t) X(OWN, HPyLong_AsUInt64_tMask)       \
    X(OWN, no_native_bytes) X(OWN, HPyLong_AsSize_t) X(OWN, HPyLong_AsSsize_t) X(OWN, HPyLong_AsDouble) X(OWN, HPyFloat_AsDouble)                    \
    X(OWN, HPyLong_AsVoidPtr) X(OWN, HPyFloat_FromDouble) X(OWN, HPyBool_FromBool) X(OWN, HPyLong_FromNativeBytes)           \
    X(OWN, HPyLong_FromUnsignedNativeBytes) X(OWN, HPyLong_AsNativeBytes) X(OWN, negative_size_of_native_bytes)              \
    X(OWN, HPyLong_FromString) X(OWN, HPyLong_GetSign) X(OWN, HPyLong_AsInt64AndOverflow) X(OWN, HPyComplex_FromDoubles)     \
    X(OWN, HPyComplex_AsDoubles) X(N1, HPyLong_Check) X(N1, HPyFloat_Check) X(N1, HPyBool_Check) X(N1, HPyComplex_Check)     \
    X(N1, HPyNumber_Check) X(N1, HPyIndex_Check) X(H2, HPy_Add) X(H2, HPy_Subtract) X(H2, HPy_Multiply)                      \
    X(H2, HPy_MatrixMultiply) X(H2, HPy_FloorDivide) X(H2, HPy_TrueDivide) X(H2, HPy_Remainder) X(H2, HPy_Divmod)            \
    X(H3, HPy_Power) X(H1, HPy_Negative) X(H1, HPy_Positive) X(H1, HPy_Absolute) X(H1, HPy_Invert) X(H2, HPy_Lshift)         \
    X(H2, HPy_Rshift) X(H2, HPy_And) X(H2, HPy_Xor) X(H2, HPy_Or) X(H1, HPy_Index) X(H1, HPy_Long) X(H1, HPy_Float)          \
    X(H2, HPy_InPlaceAdd) X(H2, HPy_InPlaceSubtract) X(H2, HPy_InPlaceMultiply) X(H2, HPy_InPlaceMatrixMultiply)             \
    X(H2, HPy_InPlaceFloorDivide) X(H2, HPy_InPlaceTrueDivide) X(H2, HPy_InPlaceRemainder) X(H3, HPy_InPlacePower)           \
    X(H2, HPy_InPlaceLshift) X(H2, HPy_InPlaceRshift) X(H2, HPy_InPlaceAnd) X(H2, HPy_InPlaceXor) X(H2, HPy_InPlaceOr)

CASES(DEFINE)
MODULE(cases_numbers)
