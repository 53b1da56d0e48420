//! Dates and times. The types come from the host's table of `datetime`, or from the module where a host has no such table.

use super::kinds::is_a;
use crate::convert::{handle, object};
use crate::definitions::raise;
use crate::imports::*;
use cardan_abi::{Context, DateTimeFields, Handle};
use cardan_host::datetime::Table;
use cardan_host::types::Object;
use core::ffi::{CStr, c_int, c_long};
use core::ptr::null_mut;

/// A type of the module `datetime`, a new reference, or null with an exception.
unsafe fn class(name: &CStr, place: fn(&Table) -> Object) -> Object {
    // SAFETY: the imports are bound; the table is the host's.
    unsafe {
        if let Some(table) = _PyDateTime_Import().cast::<Table>().as_ref() {
            let class = place(table);
            Py_IncRef(class);
            return class;
        }
        PyErr_Clear();
        let module = PyImport_ImportModule(c"datetime".as_ptr());
        if module.is_null() {
            return module;
        }
        let class = PyObject_GetAttrString(module, name.as_ptr());
        Py_DecRef(module);
        class
    }
}

unsafe fn date() -> Object {
    // SAFETY: the thread is attached.
    unsafe { class(c"date", |table| table.date) }
}

unsafe fn time() -> Object {
    // SAFETY: the thread is attached.
    unsafe { class(c"time", |table| table.time) }
}

unsafe fn date_time() -> Object {
    // SAFETY: the thread is attached.
    unsafe { class(c"datetime", |table| table.date_time) }
}

unsafe fn delta() -> Object {
    // SAFETY: the thread is attached.
    unsafe { class(c"timedelta", |table| table.delta) }
}

unsafe fn zone_info() -> Object {
    // SAFETY: the thread is attached.
    unsafe { class(c"tzinfo", |table| table.zone_info) }
}

/// The most numbers that a constructor takes.
const MOST: usize = 7;

/// Calls a type with numbers, a time zone and a fold if there are any; takes the reference to the type over.
unsafe fn construct(class: Object, numbers: &[c_int], zone: Option<Handle>, fold: c_int) -> Handle {
    let mut arguments = [null_mut(); MOST + 2];
    let mut count = 0;
    // SAFETY: the imports are bound; the references that are made are dropped. The slice has at most MOST items.
    unsafe {
        let mut complete = !class.is_null();
        for (to, &number) in arguments.iter_mut().zip(numbers) {
            *to = PyLong_FromLong(c_long::from(number));
            complete &= !to.is_null();
            count += 1;
        }
        let mut names = null_mut();
        if let Some(zone) = zone {
            let zone = if zone.is_null() { _Py_NoneStruct() } else { object(zone) };
            Py_IncRef(zone);
            arguments[count] = zone;
            count += 1;
            if fold != 0 {
                arguments[count] = PyLong_FromLong(c_long::from(fold));
                names = PyTuple_New(1);
                let name = PyUnicode_FromString(c"fold".as_ptr());
                complete &= !arguments[count].is_null() && !names.is_null() && !name.is_null();
                count += 1;
                if names.is_null() {
                    Py_DecRef(name);
                } else {
                    complete &= PyTuple_SetItem(names, 0, name) == 0;
                }
            }
        }
        let positional = if names.is_null() { count } else { count - 1 };
        let made = match complete {
            true => PyObject_Vectorcall(class, arguments.as_ptr(), positional, names),
            false => null_mut(),
        };
        for argument in arguments {
            Py_DecRef(argument);
        }
        Py_DecRef(names);
        Py_DecRef(class);
        handle(made)
    }
}

/// A date.
///
/// # Safety
/// The thread is attached.
pub unsafe extern "C" fn ctx_Date_New(_: *mut Context, year: c_int, month: c_int, day: c_int) -> Handle {
    // SAFETY: the caller's promise.
    unsafe { construct(date(), &[year, month, day], None, 0) }
}

/// A time of a day.
///
/// # Safety
/// The handle is open or null; the thread is attached.
pub unsafe extern "C" fn ctx_Time_New(
    _: *mut Context,
    hour: c_int,
    minute: c_int,
    second: c_int,
    microsecond: c_int,
    zone: Handle,
    fold: c_int,
) -> Handle {
    // SAFETY: the caller's promise.
    unsafe { construct(time(), &[hour, minute, second, microsecond], Some(zone), fold) }
}

/// A date and time.
///
/// # Safety
/// The handle is open or null, the fields are the caller's; the thread is attached.
pub unsafe extern "C" fn ctx_DateTime_New(_: *mut Context, fields: *const DateTimeFields, zone: Handle) -> Handle {
    // SAFETY: the caller's promise.
    unsafe {
        let DateTimeFields { year, month, day, hour, minute, second, microsecond, fold } = *fields;
        construct(date_time(), &[year, month, day, hour, minute, second, microsecond], Some(zone), fold)
    }
}

/// A span of time.
///
/// # Safety
/// The thread is attached.
pub unsafe extern "C" fn ctx_TimeDelta_New(
    _: *mut Context,
    days: c_int,
    seconds: c_int,
    microseconds: c_int,
) -> Handle {
    // SAFETY: the caller's promise.
    unsafe { construct(delta(), &[days, seconds, microseconds], None, 0) }
}

/// A time zone with a fixed offset.
///
/// # Safety
/// The handles are open, the second may be null; the thread is attached.
pub unsafe extern "C" fn ctx_TimeZone_New(_: *mut Context, offset: Handle, name: Handle) -> Handle {
    // SAFETY: the imports are bound.
    unsafe {
        let zone = zone_class();
        if zone.is_null() {
            return Handle::NULL;
        }
        let arguments = [object(offset), object(name)];
        let count = if name.is_null() { 1 } else { 2 };
        let made = PyObject_Vectorcall(zone, arguments.as_ptr(), count, null_mut());
        Py_DecRef(zone);
        handle(made)
    }
}

/// `datetime.timezone`, which is not in the table.
unsafe fn zone_class() -> Object {
    // SAFETY: the imports are bound.
    unsafe {
        let module = PyImport_ImportModule(c"datetime".as_ptr());
        if module.is_null() {
            return module;
        }
        let zone = PyObject_GetAttrString(module, c"timezone".as_ptr());
        Py_DecRef(module);
        zone
    }
}

/// The time zone of UTC.
///
/// # Safety
/// The thread is attached.
pub unsafe extern "C" fn ctx_TimeZone_UTC(_: *mut Context) -> Handle {
    // SAFETY: the imports are bound.
    unsafe {
        let zone = zone_class();
        if zone.is_null() {
            return Handle::NULL;
        }
        let utc = PyObject_GetAttrString(zone, c"utc".as_ptr());
        Py_DecRef(zone);
        handle(utc)
    }
}

/// Whether an object is of a type that was looked up for this; takes the reference to the type over. Where the type cannot be
/// had nothing is of it.
unsafe fn is_of(h: Handle, class: Object) -> bool {
    // SAFETY: the handle is open.
    unsafe {
        if class.is_null() {
            PyErr_Clear();
            return false;
        }
        let is = is_a(object(h), class);
        Py_DecRef(class);
        is
    }
}

/// As [`is_of`], but `None` with the exception where the type cannot be had.
unsafe fn is_known_of(h: Handle, class: Object) -> Option<bool> {
    // SAFETY: the handle is open.
    unsafe { if class.is_null() { None } else { Some(is_of(h, class)) } }
}

macro_rules! check {
    ($($entry:ident = $class:ident;)*) => {
        $(
            #[doc = concat!("Whether an object is of the type of `", stringify!($class), "` or of a subtype.")]
            ///
            /// # Safety
            /// The handle is open; the thread is attached.
            pub unsafe extern "C" fn $entry(_: *mut Context, h: Handle) -> c_int {
                // SAFETY: the caller's promise.
                c_int::from(unsafe { is_of(h, $class()) })
            }
        )*
    };
}

check! {
    ctx_Date_Check = date;
    ctx_Time_Check = time;
    ctx_DateTime_Check = date_time;
    ctx_TimeDelta_Check = delta;
    ctx_TZInfo_Check = zone_info;
}

/// Reads attributes that are small numbers. False with an exception if one is not.
unsafe fn read(h: Handle, wanted: &mut [(&CStr, &mut c_int)]) -> bool {
    for (name, to) in wanted {
        // SAFETY: the imports are bound; the reference that is made is dropped.
        unsafe {
            let number = PyObject_GetAttrString(object(h), name.as_ptr());
            if number.is_null() {
                return false;
            }
            let value = PyLong_AsLong(number);
            Py_DecRef(number);
            if value == -1 && !PyErr_Occurred().is_null() {
                return false;
            }
            // A property of a subclass may be any number.
            let Ok(value) = c_int::try_from(value) else {
                raise(PyExc_OverflowError(), c"a part of a date or time is too large for a C int");
                return false;
            };
            **to = value;
        }
    }
    true
}

/// The parts of a date, time or datetime.
///
/// # Safety
/// The handle is open, the fields are the caller's variable; the thread is attached.
pub unsafe extern "C" fn ctx_DateTime_Unpack(_: *mut Context, h: Handle, fields: *mut DateTimeFields) -> c_int {
    let mut found = DateTimeFields::default();
    // SAFETY: the caller's promise.
    unsafe {
        let Some(is_date) = is_known_of(h, date()) else { return -1 };
        let Some(has_time) = is_known_of(h, if is_date { date_time() } else { time() }) else { return -1 };
        if !is_date && !has_time {
            raise(PyExc_TypeError(), c"HPyDateTime_Unpack needs a date, a time or a datetime");
            return -1;
        }
        let DateTimeFields { year, month, day, hour, minute, second, microsecond, fold } = &mut found;
        let mut of_date = [(c"year", year), (c"month", month), (c"day", day)];
        let mut of_time =
            [(c"hour", hour), (c"minute", minute), (c"second", second), (c"microsecond", microsecond), (c"fold", fold)];
        if is_date && !read(h, &mut of_date) || has_time && !read(h, &mut of_time) {
            return -1;
        }
        fields.write(found);
    }
    0
}

/// The parts of a timedelta.
///
/// # Safety
/// The handle is open, the pointers are the caller's variables; the thread is attached.
pub unsafe extern "C" fn ctx_TimeDelta_Unpack(
    _: *mut Context,
    h: Handle,
    days: *mut c_int,
    seconds: *mut c_int,
    microseconds: *mut c_int,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let Some(is_delta) = is_known_of(h, delta()) else { return -1 };
        if !is_delta {
            raise(PyExc_TypeError(), c"HPyTimeDelta_Unpack needs a timedelta");
            return -1;
        }
        let mut wanted = [(c"days", &mut *days), (c"seconds", &mut *seconds), (c"microseconds", &mut *microseconds)];
        if read(h, &mut wanted) { 0 } else { -1 }
    }
}

/// The time zone of a time or datetime, or `None`.
///
/// # Safety
/// The handle is open; the thread is attached.
pub unsafe extern "C" fn ctx_DateTime_GetTZInfo(_: *mut Context, h: Handle) -> Handle {
    // SAFETY: the caller's promise; the imports are bound.
    unsafe {
        let Some(is_date_time) = is_known_of(h, date_time()) else { return Handle::NULL };
        let Some(is_time) = is_known_of(h, time()) else { return Handle::NULL };
        if !is_date_time && !is_time {
            raise(PyExc_TypeError(), c"HPyDateTime_GetTZInfo needs a time or a datetime");
            return Handle::NULL;
        }
        handle(PyObject_GetAttrString(object(h), c"tzinfo".as_ptr()))
    }
}
