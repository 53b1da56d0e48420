/* Operations on numbers, str and bytes. */
#include "model.h"

static bool make_int(Run *run)
{
    HPyContext *ctx = run->ctx;
    int64_t number = any_number(run);
    HPy h;
    switch (below(run, 5)) {
    case 0: h = CALL(HPyLong_FromInt64_t(ctx, number)); break;
    case 1: h = CALL(HPyLong_FromInt32_t(ctx, (int32_t)number)); number = (int32_t)number; break;
    case 2: h = CALL(HPyLong_FromSsize_t(ctx, (HPy_ssize_t)number)); break;
    case 3: {
        char text[32];
        snprintf(text, sizeof(text), "%lld", (long long)number);
        h = CALL(HPyLong_FromString(ctx, text, 10));
        break;
    }
    default: h = CALL(HPyLong_FromNativeBytes(ctx, &number, 8, -1));
    }
    EXPECT(!HPy_IsNull(h));
    Entry *entry = place(run);
    entry->kind = INT;
    entry->h = h;
    entry->is.number = number;
    return true;
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static bool calculate(Run *run)
{
    HPyContext *ctx = run->ctx;
    Entry *left = any(run, INT), *right = any(run, INT);
    if (!left || !right)
        return true;
    int64_t a = left->is.number, b = right->is.number, expected;
    bool small = a > -1000000 && a < 1000000 && b > -1000000 && b < 1000000;
    HPy h;
    switch (below(run, 14)) {
    case 0:
        if (__builtin_add_overflow(a, b, &expected))
            return true;
        h = CALL(HPy_Add(ctx, left->h, right->h));
        break;
    case 1:
        if (__builtin_sub_overflow(a, b, &expected))
            return true;
        h = CALL(HPy_Subtract(ctx, left->h, right->h));
        break;
    case 2:
        if (__builtin_mul_overflow(a, b, &expected))
            return true;
        h = CALL(HPy_Multiply(ctx, left->h, right->h));
        break;
    case 3: h = CALL(HPy_And(ctx, left->h, right->h)); expected = a & b; break;
    case 4: h = CALL(HPy_Or(ctx, left->h, right->h)); expected = a | b; break;
    case 5: h = CALL(HPy_Xor(ctx, left->h, right->h)); expected = a ^ b; break;
    case 6: h = CALL(HPy_Invert(ctx, left->h)); expected = ~a; break;
    case 7: h = CALL(HPy_InPlaceOr(ctx, left->h, right->h)); expected = a | b; break;
    case 8:
    case 9: {
        bool divide = below(run, 2);
        h = divide ? CALL(HPy_FloorDivide(ctx, left->h, right->h)) : CALL(HPy_Remainder(ctx, left->h, right->h));
        if (b == 0) {
            EXPECT(HPy_IsNull(h) && raised(run, ctx->h_ZeroDivisionError));
            return true;
        }
        if (!small) {
            EXPECT(!HPy_IsNull(h));
            CALL(HPy_Close(ctx, h));
            return true;
        }
        expected = divide ? floor_divide(a, b) : a - floor_divide(a, b) * b;
        break;
    }
    case 10:
        if (!small)
            return true;
        h = CALL(HPy_Negative(ctx, left->h));
        expected = -a;
        break;
    case 11:
        if (!small)
            return true;
        h = CALL(HPy_Absolute(ctx, left->h));
        expected = a < 0 ? -a : a;
        break;
    case 12: h = CALL(HPy_Index(ctx, left->h)); expected = a; break;
    default: {
        HPy str = CALL(HPyUnicode_FromString(ctx, "x"));
        h = CALL(HPy_Subtract(ctx, left->h, str));
        CALL(HPy_Close(ctx, str));
        EXPECT(HPy_IsNull(h) && raised(run, ctx->h_TypeError));
        return true;
    }
    }
    EXPECT(is_number(run, h, expected));
    return true;
}

static bool look_at_int(Run *run)
{
    HPyContext *ctx = run->ctx;
    Entry *entry = any(run, INT);
    if (!entry)
        return true;
    int64_t number = entry->is.number;
    switch (below(run, 8)) {
    case 0: {
        int32_t narrow = CALL(HPyLong_AsInt32_t(ctx, entry->h));
        if (number == (int32_t)number)
            EXPECT(narrow == number && !HPyErr_Occurred(ctx));
        else
            EXPECT(narrow == -1 && raised(run, ctx->h_OverflowError));
        return true;
    }
    case 1: {
        uint64_t wide = CALL(HPyLong_AsUInt64_t(ctx, entry->h));
        if (number >= 0)
            EXPECT(wide == (uint64_t)number && !HPyErr_Occurred(ctx));
        else
            EXPECT(wide == UINT64_MAX && raised(run, ctx->h_OverflowError));
        return true;
    }
    case 2: EXPECT(CALL(HPyLong_AsUInt64_tMask(ctx, entry->h)) == (uint64_t)number); return true;
    case 3: EXPECT(CALL(HPy_IsTrue(ctx, entry->h)) == (number != 0)); return true;
    case 4: {
        char text[32];
        snprintf(text, sizeof(text), "%lld", (long long)number);
        HPy str = CALL(HPy_Str(ctx, entry->h));
        EXPECT(!HPy_IsNull(str));
        HPy_ssize_t size;
        const char *found = CALL(HPyUnicode_AsUTF8AndSize(ctx, str, &size));
        bool same = found && (size_t)size == strlen(text) && strcmp(found, text) == 0;
        CALL(HPy_Close(ctx, str));
        EXPECT(same);
        return true;
    }
    case 5: {
        int64_t copy = 0;
        EXPECT(CALL(HPyLong_AsNativeBytes(ctx, entry->h, &copy, 8, -1)) <= 9);
        EXPECT(copy == number);
        return true;
    }
    case 6: {
        int sign = 7;
        EXPECT(CALL(HPyLong_GetSign(ctx, entry->h, &sign)) == 0);
        EXPECT(sign == (number > 0) - (number < 0));
        return true;
    }
    default: {
        Entry *other = any(run, INT);
        static const int operations[] = {HPy_LT, HPy_LE, HPy_EQ, HPy_NE, HPy_GT, HPy_GE};
        int64_t b = other->is.number;
        const bool results[] = {number < b, number <= b, number == b, number != b, number > b, number >= b};
        int which = (int)below(run, 6);
        EXPECT(CALL(HPy_RichCompareBool(ctx, entry->h, other->h, operations[which])) == results[which]);
        HPy result = CALL(HPy_RichCompare(ctx, entry->h, other->h, operations[which]));
        bool same = CALL(HPy_Is(ctx, result, results[which] ? ctx->h_True : ctx->h_False));
        CALL(HPy_Close(ctx, result));
        EXPECT(same);
        if (number == b)
            EXPECT(CALL(HPy_Hash(ctx, entry->h)) == CALL(HPy_Hash(ctx, other->h)));
        return true;
    }
    }
}

static bool floats(Run *run)
{
    HPyContext *ctx = run->ctx;
    double number = (double)(int64_t)below(run, 1u << 30) / 8 - 1e6;
    Entry *old = any(run, FLOAT);
    if (old) {
        HPy other = CALL(HPyFloat_FromDouble(ctx, number));
        HPy sum = CALL(HPy_Add(ctx, old->h, other));
        CALL(HPy_Close(ctx, other));
        EXPECT(!HPy_IsNull(sum));
        double result = CALL(HPyFloat_AsDouble(ctx, sum));
        CALL(HPy_Close(ctx, sum));
        EXPECT(result == old->is.real + number);
    }
    Entry *entry = place(run);
    entry->h = CALL(HPyFloat_FromDouble(ctx, number));
    EXPECT(!HPy_IsNull(entry->h));
    entry->kind = FLOAT;
    entry->is.real = number;
    return true;
}

/* UTF-8 of characters; its length in bytes. */
static int encode(const HPy_UCS4 *characters, int length, char *to)
{
    char *start = to;
    for (int i = 0; i < length; i++) {
        HPy_UCS4 c = characters[i];
        if (c < 0x80) {
            *to++ = (char)c;
        } else if (c < 0x800) {
            *to++ = (char)(0xc0 | c >> 6);
            *to++ = (char)(0x80 | (c & 0x3f));
        } else if (c < 0x10000) {
            *to++ = (char)(0xe0 | c >> 12);
            *to++ = (char)(0x80 | (c >> 6 & 0x3f));
            *to++ = (char)(0x80 | (c & 0x3f));
        } else {
            *to++ = (char)(0xf0 | c >> 18);
            *to++ = (char)(0x80 | (c >> 12 & 0x3f));
            *to++ = (char)(0x80 | (c >> 6 & 0x3f));
            *to++ = (char)(0x80 | (c & 0x3f));
        }
    }
    *to = 0;
    return (int)(to - start);
}

static bool make_str(Run *run)
{
    HPyContext *ctx = run->ctx;
    static const HPy_UCS4 limits[] = {0x7f, 0xff, 0xd7ff, 0x10ffff};
    Entry made = {.kind = STR};
    HPy_UCS4 limit = limits[below(run, 4)];
    int length = made.is.text.length = (int)below(run, TEXT / 2);
    for (int i = 0; i < length; i++) {
        HPy_UCS4 c = 1 + (HPy_UCS4)below(run, limit);
        made.is.text.characters[i] = c >= 0xd800 && c < 0xe000 ? 'x' : c;
    }
    char utf8[4 * TEXT + 1];
    int size = encode(made.is.text.characters, length, utf8);
    switch (below(run, 4)) {
    case 0: made.h = CALL(HPyUnicode_FromString(ctx, utf8)); break;
    case 1: made.h = CALL(HPyUnicode_FromKindAndData(ctx, 4, made.is.text.characters, length)); break;
    case 2: made.h = CALL(HPyUnicode_DecodeUTF8(ctx, utf8, size, "strict")); break;
    default: {
        HPyUnicodeWriter writer = CALL(HPyUnicodeWriter_New(ctx, (HPy_ssize_t)below(run, 10)));
        EXPECT(!HPyUnicodeWriter_IsNull(writer));
        int half = length / 2;
        for (int i = 0; i < half; i++)
            EXPECT(CALL(HPyUnicodeWriter_WriteChar(ctx, writer, made.is.text.characters[i])) == 0);
        char rest[4 * TEXT + 1];
        int rest_size = encode(made.is.text.characters + half, length - half, rest);
        EXPECT(CALL(HPyUnicodeWriter_WriteUTF8(ctx, writer, rest, rest_size)) == 0);
        if (below(run, 8) == 0) {
            CALL(HPyUnicodeWriter_Discard(ctx, writer));
            return true;
        }
        made.h = CALL(HPyUnicodeWriter_Finish(ctx, writer));
    }
    }
    EXPECT(!HPy_IsNull(made.h));
    *place(run) = made;
    return true;
}

static bool use_str(Run *run)
{
    HPyContext *ctx = run->ctx;
    Entry *a = any(run, STR), *b = any(run, STR);
    if (!a || !b)
        return true;
    int la = a->is.text.length, lb = b->is.text.length;
    char utf8[4 * TEXT + 1];
    switch (below(run, 6)) {
    case 0: {
        if (la + lb > TEXT)
            return true;
        Entry made = {.kind = STR};
        made.h = below(run, 2) ? CALL(HPy_Add(ctx, a->h, b->h)) : CALL(HPyUnicode_Concat(ctx, a->h, b->h));
        EXPECT(!HPy_IsNull(made.h));
        made.is.text.length = la + lb;
        memcpy(made.is.text.characters, a->is.text.characters, (size_t)la * sizeof(HPy_UCS4));
        memcpy(made.is.text.characters + la, b->is.text.characters, (size_t)lb * sizeof(HPy_UCS4));
        *place(run) = made;
        return true;
    }
    case 1: {
        int from = (int)below(run, (uint64_t)la + 1), to = from + (int)below(run, (uint64_t)(la - from) + 1);
        Entry made = {.kind = STR};
        made.h = CALL(HPyUnicode_Substring(ctx, a->h, from, to));
        EXPECT(!HPy_IsNull(made.h));
        made.is.text.length = to - from;
        memcpy(made.is.text.characters, a->is.text.characters + from, (size_t)(to - from) * sizeof(HPy_UCS4));
        *place(run) = made;
        return true;
    }
    case 2: {
        HPy_ssize_t index = (HPy_ssize_t)below(run, TEXT + 4);
        HPy_UCS4 found = CALL(HPyUnicode_ReadChar(ctx, a->h, index));
        if (index < la)
            EXPECT(found == a->is.text.characters[index]);
        else
            EXPECT(found == (HPy_UCS4)-1 && raised(run, ctx->h_IndexError));
        return true;
    }
    case 3: {
        int size = encode(b->is.text.characters, lb, utf8);
        bool same = la == lb && memcmp(a->is.text.characters, b->is.text.characters, (size_t)la * sizeof(HPy_UCS4)) == 0;
        EXPECT(CALL(HPyUnicode_EqualToUTF8(ctx, a->h, utf8, size)) == same);
        EXPECT(CALL(HPy_RichCompareBool(ctx, a->h, b->h, HPy_EQ)) == same);
        return true;
    }
    case 4: {
        HPy bytes = CALL(HPyUnicode_AsUTF8String(ctx, a->h));
        int size = encode(a->is.text.characters, la, utf8);
        bool same = !HPy_IsNull(bytes) && CALL(HPyBytes_Size(ctx, bytes)) == size
                    && memcmp(CALL(HPyBytes_AsString(ctx, bytes)), utf8, (size_t)size) == 0;
        CALL(HPy_Close(ctx, bytes));
        EXPECT(same);
        return true;
    }
    default: {
        bool latin = true;
        for (int i = 0; i < la; i++)
            latin &= a->is.text.characters[i] < 0x100;
        HPy bytes = CALL(HPyUnicode_AsLatin1String(ctx, a->h));
        if (!latin) {
            EXPECT(HPy_IsNull(bytes) && raised(run, ctx->h_UnicodeEncodeError));
            return true;
        }
        EXPECT(!HPy_IsNull(bytes));
        HPy back = CALL(HPyUnicode_DecodeLatin1(ctx, CALL(HPyBytes_AsString(ctx, bytes)), la, NULL));
        CALL(HPy_Close(ctx, bytes));
        EXPECT(!HPy_IsNull(back));
        int same = CALL(HPy_RichCompareBool(ctx, back, a->h, HPy_EQ));
        CALL(HPy_Close(ctx, back));
        EXPECT(same == 1);
        return true;
    }
    }
}

static bool bytes(Run *run)
{
    HPyContext *ctx = run->ctx;
    Entry made = {.kind = BYTES};
    int length = made.is.bytes.length = (int)below(run, TEXT);
    for (int i = 0; i < length; i++)
        made.is.bytes.data[i] = (unsigned char)below(run, 256);
    const char *data = (const char *)made.is.bytes.data;
    if (below(run, 2)) {
        made.h = CALL(HPyBytes_FromStringAndSize(ctx, data, length));
    } else {
        HPyBytesWriter writer = CALL(HPyBytesWriter_New(ctx, 0));
        EXPECT(!HPyBytesWriter_IsNull(writer));
        EXPECT(CALL(HPyBytesWriter_Write(ctx, writer, data, length / 2)) == 0);
        EXPECT(CALL(HPyBytesWriter_Write(ctx, writer, data + length / 2, length - length / 2)) == 0);
        EXPECT(CALL(HPyBytesWriter_GetSize(ctx, writer)) == length);
        if (below(run, 8) == 0) {
            CALL(HPyBytesWriter_Discard(ctx, writer));
            return true;
        }
        made.h = CALL(HPyBytesWriter_Finish(ctx, writer));
    }
    EXPECT(!HPy_IsNull(made.h));
    HPy_buffer view;
    EXPECT(CALL(HPyBuffer_Get(ctx, made.h, &view, 0)) == 0);
    bool same = view.len == length && memcmp(view.buf, data, (size_t)length) == 0;
    CALL(HPyBuffer_Release(ctx, &view));
    EXPECT(same);
    HPy_ssize_t index = (HPy_ssize_t)below(run, TEXT + 4);
    HPy item = CALL(HPy_GetItem_i(ctx, made.h, index));
    if (index < length)
        EXPECT(is_number(run, item, made.is.bytes.data[index]));
    else
        EXPECT(HPy_IsNull(item) && raised(run, ctx->h_IndexError));
    *place(run) = made;
    return true;
}

const Operation value_operations[] = {make_int, make_int, calculate, calculate, calculate, look_at_int, look_at_int,
                                      floats,   make_str, use_str,   use_str,   bytes};
const int value_count = (int)(sizeof(value_operations) / sizeof(value_operations[0]));
