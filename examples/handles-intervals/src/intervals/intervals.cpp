// IntervalMap: values for half-open intervals of numbers that do not overlap.
#include "handle.hpp"

#include <iterator>
#include <map>
#include <utility>
#include <vector>

namespace {

struct Interval {
    double end;
    HPyField value;
};

// The C struct of an object starts as zeros and is never constructed: what needs a constructor is reached by a pointer.
struct IntervalMap {
    std::map<double, Interval> *intervals; // by their start
};

HPyType_HELPERS(IntervalMap)

double number(HPyContext *ctx, HPy h)
{
    double value = HPyFloat_AsDouble(ctx, h);
    if (value == -1.0 && HPyErr_Occurred(ctx)) {
        throw PythonError();
    }
    return value;
}

// The interval that a number is in, or the end of the map.
std::map<double, Interval>::iterator find(IntervalMap *self, double at)
{
    auto next = self->intervals->upper_bound(at);
    if (next == self->intervals->begin()) {
        return self->intervals->end();
    }
    auto found = std::prev(next);
    return at < found->second.end ? found : self->intervals->end();
}

HPyDef_SLOT(IntervalMap_new, HPy_tp_new)
static HPy IntervalMap_new_impl(HPyContext *ctx, HPy type, const HPy *, HPy_ssize_t, HPy)
{
    return guarded(ctx, HPy_NULL, [=] {
        IntervalMap *self;
        Handle h(ctx, HPy_New(ctx, type, &self));
        if (h) {
            self->intervals = new std::map<double, Interval>();
        }
        return h.release();
    });
}

HPyDef_SLOT(IntervalMap_traverse, HPy_tp_traverse)
static int IntervalMap_traverse_impl(void *data, HPyFunc_visitproc visit, void *arg)
{
    auto *self = static_cast<IntervalMap *>(data);
    if (self->intervals != nullptr) {
        for (auto &entry : *self->intervals) {
            HPy_VISIT(&entry.second.value);
        }
    }
    return 0;
}

HPyDef_SLOT(IntervalMap_destroy, HPy_tp_destroy)
static void IntervalMap_destroy_impl(void *data)
{
    delete static_cast<IntervalMap *>(data)->intervals;
}

HPyDef_METH(IntervalMap_add, "add", HPyFunc_KEYWORDS,
            .doc = "add(start, end, value=None)\n--\n\nGive the numbers from start to below end a value.")
static HPy IntervalMap_add_impl(HPyContext *ctx, HPy h_self, const HPy *args, size_t nargs, HPy kwnames)
{
    return guarded(ctx, HPy_NULL, [=]() -> HPy {
        static const char *keywords[] = {"start", "end", "value", nullptr};
        double start, end;
        HPy value = ctx->h_None;
        HPyTracker tracker;
        if (!HPyArg_ParseKeywords(ctx, &tracker, args, nargs, kwnames, "dd|O:add", keywords, &start, &end, &value)) {
            return HPy_NULL;
        }
        // The argument stays open as long as the caller's array does.
        struct Closer {
            HPyContext *ctx;
            HPyTracker tracker;
            ~Closer() { HPyTracker_Close(ctx, tracker); }
        } closer{ctx, tracker};
        if (!(start < end)) {
            return HPyErr_SetString(ctx, ctx->h_ValueError, "an interval starts before it ends");
        }
        IntervalMap *self = IntervalMap_AsStruct(ctx, h_self);
        Lock lock(ctx, h_self);
        auto next = self->intervals->lower_bound(start);
        bool overlaps = (next != self->intervals->end() && next->first < end) || find(self, start) != self->intervals->end();
        if (overlaps) {
            return HPyErr_SetString(ctx, ctx->h_ValueError, "the interval overlaps another one");
        }
        Interval &interval = self->intervals->emplace(start, Interval{end, HPyField_NULL}).first->second;
        HPyField_Store(ctx, h_self, &interval.value, value);
        return HPy_Dup(ctx, ctx->h_None);
    });
}

HPyDef_SLOT(IntervalMap_getitem, HPy_mp_subscript)
static HPy IntervalMap_getitem_impl(HPyContext *ctx, HPy h_self, HPy key)
{
    return guarded(ctx, HPy_NULL, [=] {
        IntervalMap *self = IntervalMap_AsStruct(ctx, h_self);
        double at = number(ctx, key);
        Lock lock(ctx, h_self);
        auto found = find(self, at);
        if (found == self->intervals->end()) {
            return HPyErr_SetObject(ctx, ctx->h_KeyError, key);
        }
        return HPyField_Load(ctx, h_self, found->second.value);
    });
}

HPyDef_SLOT(IntervalMap_setitem, HPy_mp_ass_subscript)
static int IntervalMap_setitem_impl(HPyContext *ctx, HPy h_self, HPy key, HPy value)
{
    return guarded(ctx, -1, [=] {
        IntervalMap *self = IntervalMap_AsStruct(ctx, h_self);
        double at = number(ctx, key);
        // The object that goes may run Python code: not before the map is whole and the lock is open.
        Handle old(ctx, HPy_NULL);
        Lock lock(ctx, h_self);
        auto found = find(self, at);
        if (found == self->intervals->end()) {
            HPyErr_SetObject(ctx, ctx->h_KeyError, key);
            return -1;
        }
        old.reset(HPyField_Load(ctx, h_self, found->second.value));
        HPyField_Store(ctx, h_self, &found->second.value, value);
        if (HPy_IsNull(value)) {
            self->intervals->erase(found);
        }
        return 0;
    });
}

HPyDef_SLOT(IntervalMap_length, HPy_mp_length)
static HPy_ssize_t IntervalMap_length_impl(HPyContext *ctx, HPy h_self)
{
    Lock lock(ctx, h_self);
    return static_cast<HPy_ssize_t>(IntervalMap_AsStruct(ctx, h_self)->intervals->size());
}

HPyDef_SLOT(IntervalMap_contains, HPy_sq_contains)
static int IntervalMap_contains_impl(HPyContext *ctx, HPy h_self, HPy key)
{
    return guarded(ctx, -1, [=] {
        IntervalMap *self = IntervalMap_AsStruct(ctx, h_self);
        double at = number(ctx, key);
        Lock lock(ctx, h_self);
        return static_cast<int>(find(self, at) != self->intervals->end());
    });
}

HPyDef_METH(IntervalMap_items, "items", HPyFunc_NOARGS,
            .doc = "items()\n--\n\nA list of (start, end, value), in the order of the starts.")
static HPy IntervalMap_items_impl(HPyContext *ctx, HPy h_self)
{
    return guarded(ctx, HPy_NULL, [=] {
        struct Item {
            double start, end;
            Handle value;
        };
        std::vector<Item> items;
        {
            Lock lock(ctx, h_self);
            for (auto &entry : *IntervalMap_AsStruct(ctx, h_self)->intervals) {
                Handle value(ctx, HPyField_Load(ctx, h_self, entry.second.value));
                items.push_back(Item{entry.first, entry.second.end, std::move(value)});
            }
        }
        Handle list(ctx, HPyList_New(ctx, 0));
        if (!list) {
            throw PythonError();
        }
        for (auto &item : items) {
            Handle tuple(ctx, HPy_BuildValue(ctx, "ddO", item.start, item.end, item.value.get()));
            if (!tuple || HPyList_Append(ctx, list.get(), tuple.get()) < 0) {
                throw PythonError();
            }
        }
        return list.release();
    });
}

HPyDef *type_defines[] = {
    &IntervalMap_new,     &IntervalMap_traverse, &IntervalMap_destroy,  &IntervalMap_add,   &IntervalMap_getitem,
    &IntervalMap_setitem, &IntervalMap_length,   &IntervalMap_contains, &IntervalMap_items, nullptr,
};

HPyType_Spec spec = {
    "intervals._intervals.IntervalMap",
    sizeof(IntervalMap),
    0,
    HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC,
    SHAPE(IntervalMap),
    nullptr,
    type_defines,
    "IntervalMap()\n--\n\nValues for half-open intervals that do not overlap.",
};

HPyDef_SLOT(execute, HPy_mod_exec)
static int execute_impl(HPyContext *ctx, HPy module)
{
    return HPyHelpers_AddType(ctx, module, "IntervalMap", &spec, nullptr) ? 0 : -1;
}

HPyDef_MOD_GIL(gil, HPy_MOD_GIL_NOT_USED)

HPyDef *defines[] = {&execute, &gil, nullptr};

HPyModuleDef definition = {"Intervals with values.", 0, nullptr, defines, nullptr};

} // namespace

HPy_MODINIT(_intervals, definition)
