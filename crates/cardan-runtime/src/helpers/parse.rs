//! Arguments by a format: that of `PyArg_Parse*`, as far as it makes sense for handles.

use super::bytes::Bytes;
use super::{as_long, as_unsigned_long_mask, call, failed, raise};
use cardan_abi::{Context, Handle, Tracker};
use cardan_host::arguments::Arguments;
use cardan_host::text::Text;
use core::ffi::{CStr, c_char, c_int, c_long, c_uint, c_ulong, c_void};

/// A format, and what an error says in front of or instead of its message.
struct Format<'a> {
    /// The units and the characters between them.
    units: &'a [u8],
    /// `:` and the name of a function, or `;` and a whole message.
    end: &'a [u8],
}

impl<'a> Format<'a> {
    /// # Safety
    /// The format is a C string.
    unsafe fn new(format: *const c_char) -> Self {
        // SAFETY: the caller's promise.
        Self::of(unsafe { CStr::from_ptr(format) }.to_bytes())
    }

    fn of(format: &'a [u8]) -> Self {
        let place = format.iter().position(|byte| matches!(byte, b':' | b';')).unwrap_or(format.len());
        let (units, end) = format.split_at_checked(place).unwrap_or((format, &[]));
        Self { units, end }
    }

    /// The message of an error, with a zero byte.
    fn message(&self, what: &CStr) -> Bytes {
        let mut message = Bytes::new();
        match self.end.split_first() {
            Some((b':', name)) => message.push(name).push(b"() ").push(what.to_bytes()),
            Some((_, whole)) => message.push(whole),
            None => message.push(b"function ").push(what.to_bytes()),
        };
        message.push(&[0]);
        message
    }
}

/// What one call of a parsing function works with.
struct Parser<'a> {
    context: *mut Context,
    arguments: Arguments<'a>,
    format: Format<'a>,
    /// What closes the handles that are made, or null.
    tracker: *mut Tracker,
}

/// An argument that was found.
#[derive(Clone, Copy)]
struct Found {
    handle: Handle,
    /// Whether the handle was made for this, and has to be closed.
    ours: bool,
}

impl Found {
    const NOTHING: Self = Self { handle: Handle::NULL, ours: false };
}

impl Parser<'_> {
    /// Raises an exception. False, always.
    unsafe fn fail(&self, class: Handle, what: &CStr) -> bool {
        let message = self.format.message(what);
        // SAFETY: the caller's context. The message without the function's name is what is left when memory is short.
        unsafe { raise(self.context, class, CStr::from_bytes_until_nul(message.as_slice()).unwrap_or(what)) };
        false
    }

    unsafe fn type_error(&self, what: &CStr) -> bool {
        // SAFETY: the caller's context.
        unsafe { self.fail((*self.context).h_TypeError, what) }
    }

    unsafe fn system_error(&self, what: &CStr) -> bool {
        // SAFETY: the caller's context.
        unsafe { self.fail((*self.context).h_SystemError, what) }
    }

    /// Creates the tracker if the caller wants one. False with an exception.
    unsafe fn start(&mut self) -> bool {
        // SAFETY: the tracker can be written, or is null.
        unsafe {
            if self.tracker.is_null() {
                return true;
            }
            let tracker = call!(self.context, ctx_Tracker_New, 0);
            self.tracker.write(tracker);
            !tracker.is_null()
        }
    }

    /// 1, or 0 after the tracker was closed.
    unsafe fn end(&self, done: bool) -> c_int {
        if !done && !self.tracker.is_null() {
            // SAFETY: the tracker was created by `start`.
            unsafe { call!(self.context, ctx_Tracker_Close, self.tracker.read()) };
        }
        c_int::from(done)
    }

    /// Hands a handle to the tracker. False with an exception.
    unsafe fn track(&self, h: Handle) -> bool {
        // SAFETY: there is a tracker, and the handle is the caller's own.
        unsafe { call!(self.context, ctx_Tracker_Add, self.tracker.read(), h) == 0 }
    }

    /// An int between two bounds.
    unsafe fn bounded(&self, h: Handle, low: c_long, high: c_long, too_low: &CStr, too_high: &CStr) -> Option<c_long> {
        // SAFETY: the caller's handle.
        unsafe {
            let value = as_long(self.context, h);
            if value == -1 && failed(self.context) {
                return None;
            }
            let message = match value {
                _ if value < low => too_low,
                _ if value > high => too_high,
                _ => return Some(value),
            };
            self.fail((*self.context).h_OverflowError, message);
            None
        }
    }

    /// The low bits of an int.
    unsafe fn masked(&self, h: Handle) -> Option<c_ulong> {
        // SAFETY: the caller's handle.
        unsafe {
            let value = as_unsigned_long_mask(self.context, h);
            (value != c_ulong::MAX || !failed(self.context)).then_some(value)
        }
    }

    unsafe fn float(&self, h: Handle) -> Option<f64> {
        // SAFETY: the caller's handle.
        unsafe {
            let value = call!(self.context, ctx_Float_AsDouble, h);
            (value != -1.0 || !failed(self.context)).then_some(value)
        }
    }

    /// The text of a str without zero characters.
    unsafe fn text(&self, h: Handle) -> Option<*const c_char> {
        // SAFETY: the caller's handle; the text has so many bytes and one more.
        unsafe {
            if call!(self.context, ctx_Unicode_Check, h) == 0 {
                self.type_error(c"a str is required");
                return None;
            }
            let mut size = 0;
            let utf8 = call!(self.context, ctx_Unicode_AsUTF8AndSize, h, &mut size);
            if utf8.is_null() {
                self.system_error(c"unicode conversion error");
                return None;
            }
            if core::slice::from_raw_parts(utf8.cast::<u8>(), size.unsigned_abs()).contains(&0) {
                self.fail((*self.context).h_ValueError, c"embedded null character");
                return None;
            }
            Some(utf8)
        }
    }

    /// Stores an argument as a unit says, or takes the place for it if there is none. `keep` says that a handle that is stored
    /// has to be one of the tracker's.
    unsafe fn store(&mut self, unit: u8, found: Found, keep: bool) -> bool {
        let h = found.handle;
        /// Stores a value of the type that C has there.
        macro_rules! put {
            ($type:ty, $value:expr) => {{
                let place = self.arguments.pointer::<$type>();
                if h.is_null() {
                    return true;
                }
                match $value {
                    Some(value) => place.write(value as $type),
                    None => return false,
                }
            }};
        }
        // SAFETY: the arguments are as the format says, the handle is open or null.
        unsafe {
            match unit {
                b'b' => put!(
                    u8,
                    self.bounded(
                        h,
                        0,
                        c_long::from(u8::MAX),
                        c"unsigned byte integer is less than minimum",
                        c"unsigned byte integer is greater than maximum",
                    )
                ),
                b'h' => put!(
                    i16,
                    self.bounded(
                        h,
                        c_long::from(i16::MIN),
                        c_long::from(i16::MAX),
                        c"signed short integer is less than minimum",
                        c"signed short integer is greater than maximum",
                    )
                ),
                b'i' => put!(
                    c_int,
                    self.bounded(
                        h,
                        c_long::from(c_int::MIN),
                        c_long::from(c_int::MAX),
                        c"signed integer is less than minimum",
                        c"signed integer is greater than maximum",
                    )
                ),
                b'B' => put!(u8, self.masked(h)),
                b'H' => put!(u16, self.masked(h)),
                b'I' => put!(c_uint, self.masked(h)),
                b'k' => put!(c_ulong, self.masked(h)),
                b'l' => {
                    put!(c_long, {
                        let value = as_long(self.context, h);
                        (value != -1 || !failed(self.context)).then_some(value)
                    })
                }
                b'L' => {
                    put!(i64, {
                        let value = call!(self.context, ctx_Long_AsInt64_t, h);
                        (value != -1 || !failed(self.context)).then_some(value)
                    })
                }
                b'K' => {
                    put!(u64, {
                        let value = call!(self.context, ctx_Long_AsUInt64_tMask, h);
                        (value != u64::MAX || !failed(self.context)).then_some(value)
                    })
                }
                b'n' => {
                    put!(isize, {
                        let value = call!(self.context, ctx_Long_AsSsize_t, h);
                        (value != -1 || !failed(self.context)).then_some(value)
                    })
                }
                b'f' => put!(f32, self.float(h)),
                b'd' => put!(f64, self.float(h)),
                b'p' => put!(c_int, {
                    let value = call!(self.context, ctx_IsTrue, h);
                    (value >= 0).then_some(c_int::from(value > 0))
                }),
                b's' => {
                    let place = self.arguments.pointer::<*const c_char>();
                    if h.is_null() {
                        return true;
                    }
                    match self.text(h) {
                        Some(text) => place.write(text),
                        None => return false,
                    }
                }
                b'O' => {
                    let place = self.arguments.pointer::<Handle>();
                    if h.is_null() {
                        return true;
                    }
                    if !keep || found.ours {
                        place.write(h);
                        return true;
                    }
                    let own = call!(self.context, ctx_Dup, h);
                    place.write(own);
                    return self.track(own);
                }
                _ => return self.system_error(c"unknown arg format code"),
            }
        }
        true
    }

    /// Stores an argument, and closes its handle or has it closed with the tracker, since what was stored may depend on it.
    unsafe fn store_and_close(&mut self, unit: u8, found: Found, keep: bool) -> bool {
        // SAFETY: as above.
        unsafe {
            let done = self.store(unit, found, keep);
            if !found.ours {
                return done;
            }
            if done && matches!(unit, b'O' | b's') && !self.tracker.is_null() {
                return self.track(found.handle);
            }
            call!(self.context, ctx_Close, found.handle);
            done
        }
    }

    unsafe fn positional(&mut self, args: *const Handle, count: usize) -> bool {
        let mut optional = false;
        let mut index = 0;
        // SAFETY: the array holds so many handles.
        unsafe {
            for &unit in self.format.units {
                if unit == b'|' {
                    optional = true;
                    continue;
                }
                let handle = if index < count { args.add(index).read() } else { Handle::NULL };
                if handle.is_null() && !optional {
                    return self.type_error(c"required positional argument missing");
                }
                if !self.store(unit, Found { handle, ours: false }, false) {
                    return false;
                }
                index += 1;
            }
            index >= count || self.type_error(c"mismatched args (too many arguments for fmt)")
        }
    }

    /// The parameters' names, of which those without a name come first. `None` with an exception.
    unsafe fn names<'n>(&self, names: *const *const c_char) -> Option<&'n [*const c_char]> {
        // SAFETY: the array ends with null, its strings with zero.
        unsafe {
            let mut count = 0;
            let mut named = false;
            while !names.add(count).read().is_null() {
                let empty = names.add(count).read().read() == 0;
                if empty && named {
                    self.system_error(c"empty keyword parameter name");
                    return None;
                }
                named |= !empty;
                count += 1;
            }
            Some(core::slice::from_raw_parts(names, count))
        }
    }

    unsafe fn with_keywords(
        &mut self,
        args: *const Handle,
        count: usize,
        names: &[*const c_char],
        keywords: &Keywords,
    ) -> bool {
        let (mut optional, mut keyword_only) = (false, false);
        let (mut index, mut taken) = (0, 0);
        // SAFETY: the array holds so many handles; the names are C strings.
        unsafe {
            for &unit in self.format.units {
                match unit {
                    b'|' => optional = true,
                    b'$' => (optional, keyword_only) = (true, true),
                    _ => {
                        if unit == b'O' && self.tracker.is_null() {
                            return self.system_error(c"HPyArg_ParseKeywords cannot use the format character 'O' unless an HPyTracker is provided. Please supply an HPyTracker.");
                        }
                        let Some(&name) = names.get(index) else {
                            return self.type_error(c"mismatched args (too few keywords for fmt)");
                        };
                        let mut found = Found::NOTHING;
                        if index < count {
                            if keyword_only {
                                return self.type_error(c"keyword only argument passed as positional argument");
                            }
                            found.handle = args.add(index).read();
                        } else if name.read() != 0 {
                            match keywords.find(self.context, CStr::from_ptr(name)) {
                                Some(keyword) => {
                                    taken += isize::from(!keyword.handle.is_null());
                                    found = keyword;
                                }
                                None => return false,
                            }
                        }
                        if found.handle.is_null() && !optional {
                            return self.type_error(c"no value for required argument");
                        }
                        if !self.store_and_close(unit, found, true) {
                            return false;
                        }
                        index += 1;
                    }
                }
            }
            if index != names.len() {
                return self.type_error(c"mismatched args (too many keywords for fmt)");
            }
            if count > index {
                return self.type_error(c"mismatched args (too many arguments for fmt)");
            }
            // Arguments that no parameter takes are an error, as for any function of Python's.
            match keywords.count(self.context) {
                given if given < 0 => false,
                given if given > taken => {
                    let (by_position, open) = names.split_at_checked(count).unwrap_or((names, &[]));
                    self.unexpected(by_position, open, keywords)
                }
                _ => true,
            }
        }
    }

    /// Raises an exception for the first argument by name that no parameter took. False, always.
    unsafe fn unexpected(&self, given: &[*const c_char], open: &[*const c_char], keywords: &Keywords) -> bool {
        // SAFETY: the caller's context and arguments; the names are C strings.
        unsafe {
            let all = match *keywords {
                Keywords::Dict(dict) => call!(self.context, ctx_Dict_Keys, dict),
                Keywords::Names { names, .. } => call!(self.context, ctx_Dup, names),
                Keywords::None => Handle::NULL,
            };
            if all.is_null() {
                return false;
            }
            // The whole text, since one with a zero character in it is no parameter's name.
            let is_in = |names: &[*const c_char], text: &[u8]| {
                names.iter().any(|&name| name.read() != 0 && CStr::from_ptr(name).to_bytes() == text)
            };
            for index in 0..keywords.count(self.context) {
                let name = call!(self.context, ctx_GetItem_i, all, index);
                let mut size = 0;
                let utf8 = match name.is_null() {
                    true => core::ptr::null(),
                    false => call!(self.context, ctx_Unicode_AsUTF8AndSize, name, &mut size),
                };
                if utf8.is_null() {
                    // What is no text keeps its own exception.
                    call!(self.context, ctx_Close, name);
                    break;
                }
                let whole = core::slice::from_raw_parts(utf8.cast::<u8>(), size.unsigned_abs());
                if !is_in(open, whole) {
                    let text = CStr::from_ptr(utf8);
                    let mut message = Text::new();
                    match is_in(given, whole) {
                        true => message.push(c"argument '").push(text).push(c"' given by name and position"),
                        false => message.push(c"got an unexpected keyword argument '").push(text).push(c"'"),
                    };
                    self.type_error(message.as_c_str());
                    call!(self.context, ctx_Close, name);
                    break;
                }
                call!(self.context, ctx_Close, name);
            }
            call!(self.context, ctx_Close, all);
            // Only a caller that is not Python passes a name twice.
            if !failed(self.context) {
                self.type_error(c"got an argument by name more than once");
            }
        }
        false
    }
}

/// Where the arguments by name are.
enum Keywords {
    /// Nowhere.
    None,
    /// A tuple of names, and the values in an array.
    Names { names: Handle, count: isize, values: *const Handle },
    /// A dict.
    Dict(Handle),
}

impl Keywords {
    /// How many there are; -1 with an exception.
    unsafe fn count(&self, context: *mut Context) -> isize {
        match *self {
            Self::None => 0,
            Self::Names { count, .. } => count,
            // SAFETY: the caller's context and dict.
            Self::Dict(dict) => unsafe { call!(context, ctx_Length, dict) },
        }
    }

    /// The argument of a name, or a null handle. `None` with an exception.
    unsafe fn find(&self, context: *mut Context, wanted: &CStr) -> Option<Found> {
        // SAFETY: the caller's context and arguments.
        unsafe {
            match *self {
                Self::None => Some(Found::NOTHING),
                Self::Dict(dict) => {
                    let mut handle = Handle::NULL;
                    let status = call!(context, ctx_GetOptionalItem_s, dict, wanted.as_ptr(), &mut handle);
                    (status >= 0).then_some(Found { handle, ours: !handle.is_null() })
                }
                Self::Names { names, count, values } => {
                    for index in 0..count {
                        let name = call!(context, ctx_GetItem_i, names, index);
                        if name.is_null() {
                            return None;
                        }
                        let mut size = 0;
                        let utf8 = call!(context, ctx_Unicode_AsUTF8AndSize, name, &mut size);
                        let same = !utf8.is_null()
                            && core::slice::from_raw_parts(utf8.cast::<u8>(), size.unsigned_abs()) == wanted.to_bytes();
                        call!(context, ctx_Close, name);
                        if utf8.is_null() {
                            // A name that is not UTF-8, as only `**` can pass one, is no parameter's.
                            if call!(context, ctx_Err_ExceptionMatches, (*context).h_MemoryError) != 0 {
                                return None;
                            }
                            call!(context, ctx_Err_Clear);
                        }
                        if same {
                            return Some(Found { handle: values.offset(index).read(), ours: false });
                        }
                    }
                    Some(Found::NOTHING)
                }
            }
        }
    }
}

/// Parses positional arguments. 1, or 0 with an exception.
///
/// # Safety
/// The arguments are as `hpy.h` and the format say; the thread is attached.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardan_HPyArg_Parse(
    context: *mut Context,
    tracker: *mut Tracker,
    args: *const Handle,
    count: usize,
    format: *const c_char,
    arguments: *mut c_void,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let arguments = Arguments::new(arguments);
        let mut parser = Parser { context, arguments, format: Format::new(format), tracker };
        if !parser.start() {
            return 0;
        }
        let done = parser.positional(args, count);
        parser.end(done)
    }
}

/// Parses positional arguments and those that a function of the signature `KEYWORDS` gets by name. 1, or 0 with an exception.
///
/// # Safety
/// As for [`cardan_HPyArg_Parse`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardan_HPyArg_ParseKeywords(
    context: *mut Context,
    tracker: *mut Tracker,
    args: *const Handle,
    count: usize,
    names: Handle,
    format: *const c_char,
    parameters: *const *const c_char,
    arguments: *mut c_void,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let arguments = Arguments::new(arguments);
        let mut parser = Parser { context, arguments, format: Format::new(format), tracker };
        let Some(parameters) = parser.names(parameters) else { return 0 };
        if !parser.start() {
            return 0;
        }
        let mut keywords = Keywords::None;
        if !names.is_null() {
            let length = call!(context, ctx_Length, names);
            if length < 0 {
                parser.system_error(c"could not retrieve length of keyword names tuple");
                return parser.end(false);
            }
            keywords = Keywords::Names { names, count: length, values: args.wrapping_add(count) };
        }
        let done = parser.with_keywords(args, count, parameters, &keywords);
        parser.end(done)
    }
}

/// Parses positional arguments and those of a dict. 1, or 0 with an exception.
///
/// # Safety
/// As for [`cardan_HPyArg_Parse`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardan_HPyArg_ParseKeywordsDict(
    context: *mut Context,
    tracker: *mut Tracker,
    args: *const Handle,
    count: isize,
    dict: Handle,
    format: *const c_char,
    parameters: *const *const c_char,
    arguments: *mut c_void,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let arguments = Arguments::new(arguments);
        let mut parser = Parser { context, arguments, format: Format::new(format), tracker };
        let Some(parameters) = parser.names(parameters) else { return 0 };
        if !parser.start() {
            return 0;
        }
        let keywords = if dict.is_null() { Keywords::None } else { Keywords::Dict(dict) };
        let count = usize::try_from(count).unwrap_or(0);
        let done = parser.with_keywords(args, count, parameters, &keywords);
        parser.end(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_message_from_the_format() {
        let cases: [(&[u8], &[u8], &[u8]); 4] = [
            (b"OO", b"OO", b"function is short\0"),
            (b"O|O:add", b"O|O", b"add() is short\0"),
            (b"O;all wrong: indeed", b"O", b"all wrong: indeed\0"),
            (b":f;g", b"", b"f;g() is short\0"),
        ];
        for (whole, units, message) in cases {
            let format = Format::of(whole);
            assert_eq!(format.units, units);
            assert_eq!(format.message(c"is short").as_slice(), message);
        }
    }
}
