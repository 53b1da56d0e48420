/* Bytes, str, bytearray, and the writers of both. */
#include "conformance.h"

#include <stdlib.h>
#include <wchar.h>

static HPy bytes_of(HPyContext *ctx, const void *memory, HPy_ssize_t size)
{
    return memory == NULL ? HPy_NULL : HPyBytes_FromStringAndSize(ctx, (const char *)memory, size);
}

CASE(HPyBytes_AsString, 1)
{
    const char *bytes = HPyBytes_AsString(ctx, a[0]);
    return bytes == NULL ? HPy_NULL : HPyBytes_FromString(ctx, bytes);
}

CASE(HPyBytes_AS_STRING, 1)
{
    return HPyBytes_FromStringAndSize(ctx, HPyBytes_AS_STRING(ctx, a[0]), HPyBytes_GET_SIZE(ctx, a[0]));
}

CASE(HPyBytes_FromString, 1)
{
    return HPyBytes_FromString(ctx, HPyBytes_AsString(ctx, a[0]));
}

/* Of the first bytes; `...` for NULL. */
CASE(HPyBytes_FromStringAndSize, 2)
{
    return HPyBytes_FromStringAndSize(ctx, HPy_IsNull(a[0]) ? NULL : HPyBytes_AsString(ctx, a[0]), size_of(ctx, a[1]));
}

CASE(HPyUnicode_AsUTF8AndSize, 1)
{
    HPy_ssize_t size = -7;
    const char *utf8 = HPyUnicode_AsUTF8AndSize(ctx, a[0], &size);
    if (utf8 != NULL && utf8[size] != 0) {
        return HPyErr_SetString(ctx, ctx->h_AssertionError, "no zero byte at the end");
    }
    return bytes_of(ctx, utf8, size);
}

/* Of the code points of a list of int; a size of -1 needs a 0 at the end. */
CASE(HPyUnicode_FromWideChar, 2)
{
    wchar_t wide[32];
    HPy_ssize_t count = HPy_Length(ctx, a[0]);
    for (HPy_ssize_t i = 0; i < count && i < 31; i++) {
        HPy item = HPy_GetItem_i(ctx, a[0], i);
        wide[i] = (wchar_t)HPyLong_AsInt32_t(ctx, item);
        HPy_Close(ctx, item);
    }
    wide[count < 31 ? count : 31] = 0;
    return HPyUnicode_FromWideChar(ctx, wide, size_of(ctx, a[1]));
}

#define DECODE(NAME)                                                                                                         \
    CASE(NAME, 2)                                                                                                            \
    {                                                                                                                        \
        return NAME(ctx, HPyBytes_AsString(ctx, a[0]), HPyBytes_Size(ctx, a[0]), text(ctx, a[1]));                           \
    }
DECODE(HPyUnicode_DecodeASCII)
DECODE(HPyUnicode_DecodeLatin1)
DECODE(HPyUnicode_DecodeUTF8)

CASE(HPyUnicode_DecodeFSDefaultAndSize, 1)
{
    return HPyUnicode_DecodeFSDefaultAndSize(ctx, HPyBytes_AsString(ctx, a[0]), HPyBytes_Size(ctx, a[0]));
}

CASE(HPyUnicode_FromEncodedObject, 3)
{
    return HPyUnicode_FromEncodedObject(ctx, a[0], text(ctx, a[1]), text(ctx, a[2]));
}

CASE(HPyUnicode_AsEncodedString, 3)
{
    return HPyUnicode_AsEncodedString(ctx, a[0], text(ctx, a[1]), text(ctx, a[2]));
}

CASE(HPyUnicode_ReadChar, 2)
{
    HPy_UCS4 character = HPyUnicode_ReadChar(ctx, a[0], size_of(ctx, a[1]));
    return character == (HPy_UCS4)-1 && HPyErr_Occurred(ctx) ? HPy_NULL : HPyLong_FromUInt32_t(ctx, character);
}

/* Characters of a kind from bytes. */
CASE(HPyUnicode_FromKindAndData, 3)
{
    return HPyUnicode_FromKindAndData(ctx, small(ctx, a[0]), HPyBytes_AsString(ctx, a[1]), size_of(ctx, a[2]));
}

/* The code points of a str, read from its memory, which has to stay as it is while the handle is open. */
CASE(HPyUnicode_AsKindAndData, 1)
{
    int kind = 0;
    HPy_ssize_t length = -1;
    const void *data = HPyUnicode_AsKindAndData(ctx, a[0], &kind, &length);
    if (data == NULL) {
        return HPy_NULL;
    }
    HPyListBuilder builder = HPyListBuilder_New(ctx, length);
    for (HPy_ssize_t i = 0; i < length; i++) {
        uint32_t character = kind == HPyUnicode_1BYTE_KIND   ? ((const uint8_t *)data)[i]
                             : kind == HPyUnicode_2BYTE_KIND ? ((const uint16_t *)data)[i]
                                                             : ((const uint32_t *)data)[i];
        HPy item = HPyLong_FromUInt32_t(ctx, character);
        HPyListBuilder_Set(ctx, builder, i, item);
        HPy_Close(ctx, item);
    }
    return outcome(ctx, kind, HPyListBuilder_Build(ctx, builder));
}

CASE(HPyUnicode_EqualToUTF8, 2)
{
    return number(ctx, HPyUnicode_EqualToUTF8(ctx, a[0], HPyBytes_AsString(ctx, a[1]), HPyBytes_Size(ctx, a[1])));
}

/* Writes what a list says: an int is a character, a bytes object UTF-8, a tuple part of a str or an array of characters,
 * everything else its str. */
static int write_item(HPyContext *ctx, HPyUnicodeWriter writer, HPy item)
{
    if (HPyLong_Check(ctx, item)) {
        return HPyUnicodeWriter_WriteChar(ctx, writer, (HPy_UCS4)HPyLong_AsUInt32_t(ctx, item));
    }
    if (HPyBytes_Check(ctx, item)) {
        return HPyUnicodeWriter_WriteUTF8(ctx, writer, HPyBytes_AsString(ctx, item), HPyBytes_Size(ctx, item));
    }
    if (HPyList_Check(ctx, item)) {
        HPy_UCS4 characters[16];
        HPy_ssize_t count = HPy_Length(ctx, item);
        for (HPy_ssize_t i = 0; i < count && i < 16; i++) {
            HPy number = HPy_GetItem_i(ctx, item, i);
            characters[i] = HPyLong_AsUInt32_t(ctx, number);
            HPy_Close(ctx, number);
        }
        return HPyUnicodeWriter_WriteUCS4(ctx, writer, characters, count);
    }
    if (HPyTuple_Check(ctx, item)) {
        HPy parts[3];
        for (int i = 0; i < 3; i++) {
            parts[i] = HPy_GetItem_i(ctx, item, i);
        }
        int status = HPyUnicodeWriter_WriteSubstring(ctx, writer, parts[0], size_of(ctx, parts[1]), size_of(ctx, parts[2]));
        for (int i = 0; i < 3; i++) {
            HPy_Close(ctx, parts[i]);
        }
        return status;
    }
    return HPyUnicodeWriter_WriteStr(ctx, writer, item);
}

CASE(HPyUnicodeWriter_Finish, 2)
{
    HPyUnicodeWriter writer = HPyUnicodeWriter_New(ctx, size_of(ctx, a[1]));
    if (HPyUnicodeWriter_IsNull(writer)) {
        return HPy_NULL;
    }
    HPy_ssize_t count = HPy_Length(ctx, a[0]);
    for (HPy_ssize_t i = 0; i < count; i++) {
        HPy item = HPy_GetItem_i(ctx, a[0], i);
        int status = write_item(ctx, writer, item);
        HPy_Close(ctx, item);
        if (status < 0) {
            HPyUnicodeWriter_Discard(ctx, writer);
            return HPy_NULL;
        }
    }
    return HPyUnicodeWriter_Finish(ctx, writer);
}

CASE(HPyUnicodeWriter_Discard, 0)
{
    (void)a;
    HPyUnicodeWriter writer = HPyUnicodeWriter_New(ctx, 0);
    HPyUnicodeWriter none_yet = {0};
    if (HPyUnicodeWriter_WriteUTF8(ctx, writer, "dropped", -1) < 0) {
        return HPy_NULL;
    }
    HPyUnicodeWriter_Discard(ctx, writer);
    HPyUnicodeWriter_Discard(ctx, none_yet);
    return none(ctx);
}

/* Starts with a size, which is filled with `x`, appends each bytes object, and resizes to each int, with `y` in new bytes. */
CASE(HPyBytesWriter_Finish, 2)
{
    HPyBytesWriter writer = HPyBytesWriter_New(ctx, size_of(ctx, a[0]));
    if (HPyBytesWriter_IsNull(writer)) {
        return HPy_NULL;
    }
    memset(HPyBytesWriter_GetData(ctx, writer), 'x', (size_t)HPyBytesWriter_GetSize(ctx, writer));
    HPy_ssize_t count = HPy_Length(ctx, a[1]);
    int status = 0;
    for (HPy_ssize_t i = 0; i < count && status == 0; i++) {
        HPy item = HPy_GetItem_i(ctx, a[1], i);
        if (HPyBytes_Check(ctx, item)) {
            status = HPyBytesWriter_Write(ctx, writer, HPyBytes_AsString(ctx, item), HPyBytes_Size(ctx, item));
        } else {
            HPy_ssize_t before = HPyBytesWriter_GetSize(ctx, writer), size = size_of(ctx, item);
            status = HPyBytesWriter_Resize(ctx, writer, size);
            if (status == 0 && size > before) {
                memset((char *)HPyBytesWriter_GetData(ctx, writer) + before, 'y', (size_t)(size - before));
            }
        }
        HPy_Close(ctx, item);
    }
    if (status < 0) {
        HPyBytesWriter_Discard(ctx, writer);
        return HPy_NULL;
    }
    return HPyBytesWriter_Finish(ctx, writer);
}

CASE(HPyBytesWriter_Discard, 0)
{
    (void)a;
    HPyBytesWriter writer = HPyBytesWriter_New(ctx, 0);
    HPyBytesWriter none_yet = {0};
    if (HPyBytesWriter_IsNull(writer) || HPyBytesWriter_Write(ctx, writer, "dropped", -1) < 0) {
        return HPy_NULL;
    }
    HPy_ssize_t size = HPyBytesWriter_GetSize(ctx, writer);
    HPyBytesWriter_Discard(ctx, writer);
    HPyBytesWriter_Discard(ctx, none_yet);
    return number(ctx, size);
}

CASE(HPyByteArray_FromStringAndSize, 1)
{
    return HPyByteArray_FromStringAndSize(ctx, HPyBytes_AsString(ctx, a[0]), HPyBytes_Size(ctx, a[0]));
}

/* Turns the content round in place. */
CASE(HPyByteArray_AsString, 1)
{
    char *bytes = HPyByteArray_AsString(ctx, a[0]);
    if (bytes == NULL) {
        return HPy_NULL;
    }
    HPy_ssize_t size = HPyByteArray_Size(ctx, a[0]);
    for (HPy_ssize_t i = 0; i < size / 2; i++) {
        char other = bytes[i];
        bytes[i] = bytes[size - 1 - i];
        bytes[size - 1 - i] = other;
    }
    return none(ctx);
}

#define CASES(X)                                                                                                             \
    X(OWN, HPyBytes_AsString) X(OWN, HPyBytes_AS_STRING) X(OWN, HPyBytes_FromString) X(OWN, HPyBytes_FromStringAndSize)      \
    X(OWN, HPyUnicode_AsUTF8AndSize) X(OWN, HPyUnicode_FromWideChar) X(OWN, HPyUnicode_DecodeASCII)                          \
    X(OWN, HPyUnicode_DecodeLatin1) X(OWN, HPyUnicode_DecodeUTF8) X(OWN, HPyUnicode_DecodeFSDefaultAndSize)                  \
    X(OWN, HPyUnicode_FromEncodedObject) X(OWN, HPyUnicode_AsEncodedString) X(OWN, HPyUnicode_ReadChar)                      \
    X(OWN, HPyUnicode_FromKindAndData) X(OWN, HPyUnicode_AsKindAndData) X(OWN, HPyUnicode_EqualToUTF8)                       \
    X(OWN, HPyUnicodeWriter_Finish) X(OWN, HPyUnicodeWriter_Discard) X(OWN, HPyBytesWriter_Finish)                           \
    X(OWN, HPyBytesWriter_Discard) X(OWN, HPyByteArray_FromStringAndSize) X(OWN, HPyByteArray_AsString)                      \
    X(N1, HPyBytes_Check) X(N1, HPyBytes_Size) X(N1, HPyBytes_GET_SIZE) X(HT, HPyUnicode_FromString) X(N1, HPyUnicode_Check) \
    X(H1, HPyUnicode_AsASCIIString) X(H1, HPyUnicode_AsLatin1String) X(H1, HPyUnicode_AsUTF8String)                          \
    X(HT, HPyUnicode_DecodeFSDefault) X(H1, HPyUnicode_EncodeFSDefault) X(H1NN, HPyUnicode_Substring)                        \
    X(N1, HPyUnicode_GetLength) X(HT, HPyUnicode_Intern) X(N2, HPyUnicode_Compare) X(H2, HPyUnicode_Concat)                  \
    X(H2, HPyUnicode_Join) X(N1, HPyByteArray_Check) X(N1, HPyByteArray_Size) X(N1N, HPyByteArray_Resize)

CASES(DEFINE)
MODULE(cases_strings)
