"""Exceptions: raising, matching, taking, chaining, reporting; warnings."""

import errno
import sys
import warnings

import pytest


def fail(error=None):
    raise error or ZeroDivisionError("for the test")


def succeed():
    return 5


def test_raising(exceptions):
    with pytest.raises(ValueError, match="^text é$"):
        exceptions.HPyErr_SetString(ValueError, "text é")
    with pytest.raises(KeyError) as caught:
        exceptions.HPyErr_SetObject(KeyError, ("a", "b"))
    assert caught.value.args in ((("a", "b"),), ("a", "b"))
    with pytest.raises(MemoryError):
        exceptions.HPyErr_NoMemory()
    with pytest.raises(ImportError) as caught:
        exceptions.HPyErr_SetImportError("message", "module", "path")
    assert (caught.value.msg, caught.value.name, caught.value.path) == ("message", "module", "path")
    with pytest.raises(ImportError) as caught:
        exceptions.HPyErr_SetImportError("message", ..., ...)
    assert (caught.value.name, caught.value.path) == (None, None)


def test_errno(exceptions):
    with pytest.raises(FileNotFoundError) as caught:
        exceptions.HPyErr_SetFromErrnoWithFilename(OSError, errno.ENOENT, "the file")
    assert (caught.value.errno, caught.value.filename) == (errno.ENOENT, "the file")
    with pytest.raises(PermissionError) as caught:
        exceptions.HPyErr_SetFromErrnoWithFilename(OSError, errno.EACCES, ...)
    assert caught.value.filename is None
    with pytest.raises(FileExistsError) as caught:
        exceptions.HPyErr_SetFromErrnoWithFilenameObjects(OSError, errno.EEXIST, "one", "two")
    assert (caught.value.filename, caught.value.filename2) == ("one", "two")
    with pytest.raises(FileExistsError) as caught:
        exceptions.HPyErr_SetFromErrnoWithFilenameObjects(OSError, errno.EEXIST, ..., ...)
    assert caught.value.filename is None


def test_looking(exceptions):
    assert exceptions.HPyErr_Occurred(fail) == 1
    assert exceptions.HPyErr_Occurred(succeed) == 0
    assert exceptions.HPyErr_ExceptionMatches(fail, ZeroDivisionError) == 1
    assert exceptions.HPyErr_ExceptionMatches(fail, ArithmeticError) == 1
    assert exceptions.HPyErr_ExceptionMatches(fail, (ValueError, ArithmeticError)) == 1
    assert exceptions.HPyErr_ExceptionMatches(fail, KeyError) == 0
    assert exceptions.HPyErr_Clear() == 0
    assert exceptions.HPyErr_GivenExceptionMatches(KeyError("a"), LookupError) == 1
    assert exceptions.HPyErr_GivenExceptionMatches(KeyError, (ValueError, KeyError)) == 1
    assert exceptions.HPyErr_GivenExceptionMatches(KeyError, ValueError) == 0
    assert exceptions.HPyErr_CheckSignals() == 0


def test_new_types(exceptions):
    made = exceptions.HPyErr_NewException("cases.Made", ..., ...)
    assert issubclass(made, Exception)
    assert (made.__name__, made.__module__) == ("Made", "cases")
    made = exceptions.HPyErr_NewException("cases.Made", KeyError, {"attribute": 5})
    assert issubclass(made, KeyError)
    assert made.attribute == 5
    made = exceptions.HPyErr_NewException("cases.Made", (KeyError, ValueError), ...)
    assert issubclass(made, KeyError) and issubclass(made, ValueError)
    made = exceptions.HPyErr_NewExceptionWithDoc("cases.Made", "What it is for.", ..., ...)
    assert made.__doc__ == "What it is for."
    assert exceptions.HPyErr_NewExceptionWithDoc("cases.Made", ..., ..., ...).__doc__ in (None, Exception.__doc__)
    with pytest.raises(made):
        exceptions.HPyErr_SetString(made, "text")
    with pytest.raises(SystemError):
        exceptions.HPyErr_NewException("nodot", ..., ...)


def test_warnings(exceptions):
    with pytest.warns(UserWarning, match="^careful$"):
        assert exceptions.HPyErr_WarnEx(UserWarning, "careful", 1) == 0
    with pytest.warns(RuntimeWarning):
        assert exceptions.HPyErr_WarnEx(..., "careful", 1) == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DeprecationWarning):
            exceptions.HPyErr_WarnEx(DeprecationWarning, "old", 1)


@pytest.fixture
def unraisable(monkeypatch):
    seen = []
    monkeypatch.setattr(
        sys, "unraisablehook", lambda report: seen.append((report.exc_type, report.err_msg, repr(report.object)))
    )
    return seen


def test_unraisable(exceptions, unraisable, capfd, host):
    assert exceptions.HPyErr_WriteUnraisable(fail, succeed) == 0
    assert exceptions.HPyErr_WriteUnraisable(fail, ...) == 0
    assert exceptions.HPyErr_WriteUnraisableMessage(fail, "while testing", ...) == 0
    assert exceptions.HPyErr_WriteUnraisableMessage(fail, "while testing", [1]) == 0
    assert exceptions.HPyErr_WriteUnraisableMessage(fail, ..., succeed) == 0
    sys.stderr.flush()
    said = capfd.readouterr().err
    if unraisable:
        assert [kind for kind, _, _ in unraisable] == [ZeroDivisionError] * 5
        # PyPy does not tell what it is about.
        assert unraisable[0][2] == unraisable[4][2] == ("None" if host.name == "pypy" else repr(succeed))
        messages = [f"{message} {about}" for _, message, about in unraisable[2:4]]
    else:
        # A host that prints without asking the hook.
        assert said.count("ZeroDivisionError") == 5
        messages = [said, said]
    assert "while testing" in messages[0]
    assert "while testing" in messages[1] and "[1]" in messages[1]


def test_printing(exceptions, capfd):
    assert exceptions.HPyErr_Print(fail) == 0
    sys.stderr.flush()
    assert "ZeroDivisionError: for the test" in capfd.readouterr().err
    assert exceptions.HPyErr_Print(succeed) == 0
    sys.stderr.flush()
    assert capfd.readouterr().err == ""


def test_taking_and_setting(exceptions):
    error = ValueError("mine")
    taken = exceptions.HPyErr_GetRaisedException(lambda: fail(error))
    assert taken is error
    assert taken.__traceback__ is not None
    assert exceptions.HPyErr_GetRaisedException(succeed) is ...
    cause, context = KeyError("cause"), KeyError("context")
    error.__cause__, error.__context__ = cause, context
    with pytest.raises(ValueError) as caught:
        exceptions.HPyErr_SetRaisedException(error)
    assert caught.value is error
    assert (error.__cause__, error.__context__) == (cause, context)
    assert exceptions.HPyErr_SetRaisedException(...) is None
    assert exceptions.unset_raised_exception(error) == 0
    with pytest.raises(TypeError, match="HPyErr_SetRaisedException needs an exception"):
        exceptions.HPyErr_SetRaisedException(5)


def test_taking_keeps_counts(exceptions, same_count):
    error = same_count(ValueError("mine"))
    for _ in range(5):
        exceptions.HPyErr_GetRaisedException(lambda: fail(error))
        exceptions.unset_raised_exception(error)
        error.__traceback__ = None


def test_handled(exceptions):
    assert exceptions.HPyErr_GetHandledException() is ...
    try:
        fail()
    except ZeroDivisionError as error:
        assert exceptions.HPyErr_GetHandledException() is error
        other = KeyError("other")
        assert exceptions.HPyErr_SetHandledException(other, lambda: sys.exc_info()[1]) is other
        assert exceptions.HPyErr_SetHandledException(..., lambda: sys.exc_info()[1]) is None
        with pytest.raises(TypeError, match="^HPyErr_SetHandledException needs an exception$"):
            exceptions.HPyErr_SetHandledException(5, list)
        assert sys.exc_info()[1] is error
    assert exceptions.HPyErr_GetHandledException() is ...


def test_chains(exceptions, same_count):
    error, other = ValueError("one"), same_count(KeyError("two"))
    for get, put, attribute in (
        (exceptions.HPyException_GetCause, exceptions.HPyException_SetCause, "__cause__"),
        (exceptions.HPyException_GetContext, exceptions.HPyException_SetContext, "__context__"),
    ):
        assert get(error) is ...
        assert put(error, other) == 0
        assert getattr(error, attribute) is other
        assert get(error) is other
        assert put(error, ...) == 0
        assert getattr(error, attribute) is None
        with pytest.raises(TypeError, match="must be None or derive from BaseException"):
            put(error, 5)
        with pytest.raises(TypeError, match="needs an exception"):
            put(5, other)
        with pytest.raises(TypeError, match="needs an exception"):
            get(5)


def test_tracebacks(exceptions):
    error = exceptions.HPyErr_GetRaisedException(fail)
    traceback = exceptions.HPyException_GetTraceback(error)
    assert traceback is error.__traceback__
    other = ValueError()
    assert exceptions.HPyException_GetTraceback(other) is ...
    assert exceptions.HPyException_SetTraceback(other, traceback) == 0
    assert other.__traceback__ is traceback
    assert exceptions.HPyException_SetTraceback(other, ...) == 0
    assert other.__traceback__ is None
    with pytest.raises(TypeError):
        exceptions.HPyException_SetTraceback(other, 5)
    with pytest.raises(TypeError, match="HPyException_SetTraceback needs an exception"):
        exceptions.HPyException_SetTraceback(5, traceback)


def test_notes(exceptions):
    error = ValueError("one")
    assert exceptions.HPyException_AddNote(error, "first") == 0
    assert exceptions.HPyException_AddNote(error, "second") == 0
    assert error.__notes__ == ["first", "second"]
    with pytest.raises(TypeError, match="HPyException_AddNote: the note must be a str"):
        exceptions.HPyException_AddNote(error, 5)
    with pytest.raises(TypeError, match="HPyException_AddNote needs an exception"):
        exceptions.HPyException_AddNote(5, "note")
    error.__notes__ = 5
    with pytest.raises(TypeError):
        exceptions.HPyException_AddNote(error, "third")
