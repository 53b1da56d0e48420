// A handle that closes itself, a lock that opens itself, and a border that C++ exceptions do not cross.
#ifndef INTERVALS_HANDLE_HPP
#define INTERVALS_HANDLE_HPP

#include <hpy.h>

#include <exception>
#include <new>

// Owns a handle: it is closed when this goes. Cannot be copied; `release` gives the handle away.
class Handle {
  public:
    Handle(HPyContext *ctx, HPy h) noexcept : ctx_(ctx), h_(h) {}
    Handle(Handle &&other) noexcept : ctx_(other.ctx_), h_(other.release()) {}
    Handle(const Handle &) = delete;
    Handle &operator=(const Handle &) = delete;
    ~Handle() { HPy_Close(ctx_, h_); }

    HPy get() const noexcept { return h_; }
    explicit operator bool() const noexcept { return !HPy_IsNull(h_); }

    HPy release() noexcept
    {
        HPy h = h_;
        h_ = HPy_NULL;
        return h;
    }

    void reset(HPy h) noexcept
    {
        HPy_Close(ctx_, h_);
        h_ = h;
    }

  private:
    HPyContext *ctx_;
    HPy h_;
};

// Keeps an object for this thread alone where there is no GIL.
class Lock {
  public:
    Lock(HPyContext *ctx, HPy h) noexcept : ctx_(ctx) { HPyCriticalSection_Begin(ctx_, &section_, h); }
    Lock(const Lock &) = delete;
    Lock &operator=(const Lock &) = delete;
    ~Lock() { HPyCriticalSection_End(ctx_, &section_); }

  private:
    HPyContext *ctx_;
    HPyCriticalSection section_;
};

// Thrown where a Python exception is pending already.
struct PythonError : std::exception {};

// Calls `body`. A C++ exception becomes a Python exception, and the result is `failure`.
template <typename Result, typename Body>
Result guarded(HPyContext *ctx, Result failure, Body body) noexcept
{
    try {
        return body();
    } catch (const PythonError &) {
    } catch (const std::bad_alloc &) {
        HPyErr_NoMemory(ctx);
    } catch (const std::exception &error) {
        HPyErr_SetString(ctx, ctx->h_RuntimeError, error.what());
    }
    return failure;
}

#endif
