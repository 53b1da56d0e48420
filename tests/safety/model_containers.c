/* Operations on list, tuple, dict and set. */
#include "model.h"

static bool make_list(Run *run)
{
    HPyContext *ctx = run->ctx;
    Entry made = {.kind = below(run, 2) ? LIST : TUPLE};
    int length = made.is.list.length = (int)below(run, ITEMS / 2);
    HPy items[ITEMS];
    for (int i = 0; i < length; i++) {
        made.is.list.items[i] = any_number(run);
        items[i] = CALL(HPyLong_FromInt64_t(ctx, made.is.list.items[i]));
    }
    bool given_up = false;
    if (made.kind == LIST) {
        HPyListBuilder builder = CALL(HPyListBuilder_New(ctx, length));
        for (int i = 0; i < length; i++)
            CALL(HPyListBuilder_Set(ctx, builder, i, items[i]));
        given_up = below(run, 8) == 0;
        if (given_up)
            CALL(HPyListBuilder_Cancel(ctx, builder));
        else
            made.h = CALL(HPyListBuilder_Build(ctx, builder));
    } else if (below(run, 2)) {
        HPyTupleBuilder builder = CALL(HPyTupleBuilder_New(ctx, length));
        for (int i = 0; i < length; i++)
            CALL(HPyTupleBuilder_Set(ctx, builder, i, items[i]));
        given_up = below(run, 8) == 0;
        if (given_up)
            CALL(HPyTupleBuilder_Cancel(ctx, builder));
        else
            made.h = CALL(HPyTupleBuilder_Build(ctx, builder));
    } else {
        made.h = CALL(HPyTuple_FromArray(ctx, items, length));
    }
    for (int i = 0; i < length; i++)
        CALL(HPy_Close(ctx, items[i]));
    if (given_up)
        return true;
    EXPECT(!HPy_IsNull(made.h));
    *place(run) = made;
    return true;
}

static bool use_tuple(Run *run)
{
    HPyContext *ctx = run->ctx;
    Entry *a = any(run, TUPLE), *b = any(run, TUPLE);
    if (!a || !b)
        return true;
    HPy_ssize_t index = (HPy_ssize_t)below(run, ITEMS + 2);
    HPy item = CALL(HPy_GetItem_i(ctx, a->h, index));
    if (index < a->is.list.length)
        EXPECT(is_number(run, item, a->is.list.items[index]));
    else
        EXPECT(HPy_IsNull(item) && raised(run, ctx->h_IndexError));
    if (a->is.list.length + b->is.list.length <= ITEMS) {
        Entry made = {.kind = TUPLE};
        made.h = CALL(HPy_Concat(ctx, a->h, b->h));
        EXPECT(!HPy_IsNull(made.h));
        made.is = a->is;
        made.is.list.length += b->is.list.length;
        memcpy(made.is.list.items + a->is.list.length, b->is.list.items, (size_t)b->is.list.length * sizeof(int64_t));
        *place(run) = made;
    }
    return true;
}

static void insert(Entry *entry, int index, int64_t number)
{
    int64_t *items = entry->is.list.items;
    memmove(items + index + 1, items + index, (size_t)(entry->is.list.length - index) * sizeof(int64_t));
    items[index] = number;
    entry->is.list.length++;
}

static bool use_list(Run *run)
{
    HPyContext *ctx = run->ctx;
    Entry *entry = any(run, LIST);
    if (!entry)
        return true;
    int length = entry->is.list.length;
    int64_t *items = entry->is.list.items, number = any_number(run);
    HPy_ssize_t index = (HPy_ssize_t)below(run, ITEMS + 2);
    HPy h, given;
    int result;
    switch (below(run, 12)) {
    case 0:
    case 1:
        if (length == ITEMS)
            return true;
        h = CALL(HPyLong_FromInt64_t(ctx, number));
        result = CALL(HPyList_Append(ctx, entry->h, h));
        CALL(HPy_Close(ctx, h));
        EXPECT(result == 0);
        insert(entry, length, number);
        return true;
    case 2:
        if (length == ITEMS)
            return true;
        index = index > length ? length : index;
        h = CALL(HPyLong_FromInt64_t(ctx, number));
        result = CALL(HPyList_Insert(ctx, entry->h, index, h));
        CALL(HPy_Close(ctx, h));
        EXPECT(result == 0);
        insert(entry, (int)index, number);
        return true;
    case 3:
        h = CALL(HPyLong_FromInt64_t(ctx, number));
        result = CALL(HPy_SetItem_i(ctx, entry->h, index, h));
        CALL(HPy_Close(ctx, h));
        if (index < length) {
            EXPECT(result == 0);
            items[index] = number;
        } else {
            EXPECT(result == -1 && raised(run, ctx->h_IndexError));
        }
        return true;
    case 4:
        result = CALL(HPy_DelItem_i(ctx, entry->h, index));
        if (index < length) {
            EXPECT(result == 0);
            memmove(items + index, items + index + 1, (size_t)(length - index - 1) * sizeof(int64_t));
            entry->is.list.length--;
        } else {
            EXPECT(result == -1 && raised(run, ctx->h_IndexError));
        }
        return true;
    case 5:
        EXPECT(CALL(HPyList_Reverse(ctx, entry->h)) == 0);
        for (int i = 0; i < length / 2; i++) {
            int64_t kept = items[i];
            items[i] = items[length - 1 - i];
            items[length - 1 - i] = kept;
        }
        return true;
    case 6:
        EXPECT(CALL(HPyList_Sort(ctx, entry->h)) == 0);
        for (int i = 1; i < length; i++)
            for (int j = i; j > 0 && items[j - 1] > items[j]; j--) {
                int64_t kept = items[j];
                items[j] = items[j - 1];
                items[j - 1] = kept;
            }
        return true;
    case 7: {
        HPy iterator = CALL(HPy_GetIter(ctx, entry->h));
        EXPECT(!HPy_IsNull(iterator));
        for (int i = 0; i < length; i++) {
            EXPECT(CALL(HPyIter_NextItem(ctx, iterator, &h)) == 1);
            EXPECT(is_number(run, h, items[i]));
        }
        EXPECT(CALL(HPyIter_NextItem(ctx, iterator, &h)) == 0 && HPy_IsNull(h) && !HPyErr_Occurred(ctx));
        CALL(HPy_Close(ctx, iterator));
        return true;
    }
    case 8: {
        Entry made = {.kind = TUPLE, .is = entry->is};
        made.h = CALL(HPyList_AsTuple(ctx, entry->h));
        EXPECT(!HPy_IsNull(made.h));
        *place(run) = made;
        return true;
    }
    case 9: {
        int from = (int)below(run, (uint64_t)length + 1), to = from + (int)below(run, (uint64_t)(length - from) + 1);
        Entry made = {.kind = LIST};
        made.h = CALL(HPy_GetSlice(ctx, entry->h, from, to));
        EXPECT(!HPy_IsNull(made.h));
        made.is.list.length = to - from;
        memcpy(made.is.list.items, items + from, (size_t)(to - from) * sizeof(int64_t));
        *place(run) = made;
        return true;
    }
    case 10: {
        Entry *other = any(run, TUPLE);
        if (!other || length + other->is.list.length > ITEMS)
            return true;
        given = other->h;
        EXPECT(CALL(HPyList_Extend(ctx, entry->h, given)) == 0);
        for (int i = 0; i < other->is.list.length; i++)
            insert(entry, entry->is.list.length, other->is.list.items[i]);
        return true;
    }
    default: {
        bool there = false;
        for (int i = 0; i < length; i++)
            there |= items[i] == number;
        h = CALL(HPyLong_FromInt64_t(ctx, number));
        result = CALL(HPy_Contains(ctx, entry->h, h));
        CALL(HPy_Close(ctx, h));
        EXPECT(result == there);
        return true;
    }
    }
}

static bool use_dict(Run *run)
{
    HPyContext *ctx = run->ctx;
    Entry *entry = any(run, DICT);
    if (!entry) {
        entry = place(run);
        entry->h = CALL(HPyDict_New(ctx));
        EXPECT(!HPy_IsNull(entry->h));
        entry->kind = DICT;
        entry->is.dict.present = 0;
    }
    int number = (int)below(run, KEYS);
    uint32_t bit = 1u << number;
    bool there = entry->is.dict.present & bit;
    int64_t value = any_number(run), *is = &entry->is.dict.values[number];
    HPy key = CALL(HPyLong_FromInt32_t(ctx, number)), h = HPy_NULL, set;
    int result;
    bool good = true;
    switch (below(run, 8)) {
    case 0:
    case 1:
        set = CALL(HPyLong_FromInt64_t(ctx, value));
        good = CALL(HPy_SetItem(ctx, entry->h, key, set)) == 0;
        CALL(HPy_Close(ctx, set));
        entry->is.dict.present |= bit;
        *is = value;
        break;
    case 2:
        h = CALL(HPy_GetItem(ctx, entry->h, key));
        good = there ? is_number(run, h, *is) : HPy_IsNull(h) && raised(run, ctx->h_KeyError);
        break;
    case 3:
        result = CALL(HPy_DelItem(ctx, entry->h, key));
        good = there ? result == 0 : result == -1 && raised(run, ctx->h_KeyError);
        entry->is.dict.present &= ~bit;
        break;
    case 4:
        result = below(run, 2) ? CALL(HPy_GetOptionalItem(ctx, entry->h, key, &h)) : CALL(HPyDict_GetItemRef(ctx, entry->h, key, &h));
        good = result == there && !HPyErr_Occurred(ctx) && (there ? is_number(run, h, *is) : HPy_IsNull(h));
        break;
    case 5:
        result = CALL(HPyDict_Pop(ctx, entry->h, key, &h));
        good = result == there && !HPyErr_Occurred(ctx) && (there ? is_number(run, h, *is) : HPy_IsNull(h));
        entry->is.dict.present &= ~bit;
        break;
    case 6:
        set = CALL(HPyLong_FromInt64_t(ctx, value));
        result = CALL(HPyDict_SetDefaultRef(ctx, entry->h, key, set, &h));
        CALL(HPy_Close(ctx, set));
        if (!there)
            *is = value;
        entry->is.dict.present |= bit;
        good = result == there && is_number(run, h, *is);
        break;
    default: {
        HPy copy = CALL(HPyDict_Copy(ctx, entry->h));
        good = !HPy_IsNull(copy) && CALL(HPy_RichCompareBool(ctx, copy, entry->h, HPy_EQ)) == 1;
        HPy keys = CALL(HPyDict_Keys(ctx, entry->h));
        good = good && !HPy_IsNull(keys) && CALL(HPy_Length(ctx, keys)) == __builtin_popcount(entry->is.dict.present);
        CALL(HPy_Close(ctx, keys));
        CALL(HPy_Close(ctx, copy));
    }
    }
    CALL(HPy_Close(ctx, key));
    EXPECT(good);
    return true;
}

static bool use_set(Run *run)
{
    HPyContext *ctx = run->ctx;
    Entry *entry = any(run, SET);
    if (!entry) {
        entry = place(run);
        entry->h = CALL(HPySet_New(ctx, HPy_NULL));
        EXPECT(!HPy_IsNull(entry->h));
        entry->kind = SET;
        entry->is.set = 0;
    }
    int number = (int)below(run, 64);
    uint64_t bit = (uint64_t)1 << number;
    bool there = entry->is.set & bit, good;
    HPy key = CALL(HPyLong_FromInt32_t(ctx, number)), h;
    switch (below(run, 5)) {
    case 0:
    case 1:
        good = CALL(HPySet_Add(ctx, entry->h, key)) == 0;
        entry->is.set |= bit;
        break;
    case 2:
        good = CALL(HPySet_Discard(ctx, entry->h, key)) == there;
        entry->is.set &= ~bit;
        break;
    case 3:
        h = CALL(HPySet_Pop(ctx, entry->h));
        if (!entry->is.set) {
            good = HPy_IsNull(h) && raised(run, ctx->h_KeyError);
        } else {
            int64_t popped = HPy_IsNull(h) ? -1 : CALL(HPyLong_AsInt64_t(ctx, h));
            CALL(HPy_Close(ctx, h));
            good = popped >= 0 && popped < 64 && entry->is.set & (uint64_t)1 << popped;
            if (good)
                entry->is.set &= ~((uint64_t)1 << popped);
        }
        break;
    default: good = CALL(HPy_Contains(ctx, entry->h, key)) == there;
    }
    CALL(HPy_Close(ctx, key));
    EXPECT(good);
    EXPECT(CALL(HPy_Length(ctx, entry->h)) == __builtin_popcountll(entry->is.set));
    return true;
}

const Operation container_operations[] = {make_list, use_tuple, use_list, use_list, use_list, use_list,
                                          use_dict,  use_dict,  use_dict, use_set,  use_set};
const int container_count = (int)(sizeof(container_operations) / sizeof(container_operations[0]));
