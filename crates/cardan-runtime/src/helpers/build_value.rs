//! Values by a format: that of `Py_BuildValue`, as far as it makes sense for handles.

use super::bytes::Bytes;
use super::{call, failed, raise};
use cardan_abi::{Context, Handle};
use cardan_host::arguments::Arguments;
use core::ffi::{CStr, c_char, c_uint, c_void};

/// What is wrong with a format: a message, in which a character may follow.
type Wrong = (&'static [u8], Option<u8>);

const UNMATCHED: &[u8] = b"unmatched ";

/// The number of items up to the end of a list, a tuple or the format. What kind of bracket closes is seen when it is built.
fn count_items(format: &[u8], end: u8) -> Result<isize, Wrong> {
    let (mut count, mut level, mut opened) = (0, 0, None);
    let mut rest = format.iter().copied();
    loop {
        let next = rest.next().unwrap_or(0);
        if level == 0 && next == end {
            return Ok(count);
        }
        match next {
            0 => {
                let bracket = match end {
                    b')' => Some(b'('),
                    b']' => Some(b'['),
                    _ => opened,
                };
                return Err((UNMATCHED, bracket.or(format.first().copied())));
            }
            b'(' | b'[' | b'{' => {
                if level == 0 {
                    opened = Some(next);
                    count += 1;
                }
                level += 1;
            }
            b')' | b']' | b'}' => level -= 1,
            b',' | b' ' => {}
            _ if level == 0 => count += 1,
            _ => {}
        }
    }
}

/// A value, and whether its handle is ours to close.
struct Value {
    handle: Handle,
    ours: bool,
}

impl Value {
    const NULL: Self = Self { handle: Handle::NULL, ours: false };

    fn new(handle: Handle) -> Self {
        Self { handle, ours: true }
    }

    unsafe fn close(&self, context: *mut Context) {
        if self.ours {
            // SAFETY: the handle is open and was made here.
            unsafe { call!(context, ctx_Close, self.handle) };
        }
    }
}

struct Builder<'a> {
    context: *mut Context,
    arguments: Arguments<'a>,
    /// What is left of the format.
    format: &'a [u8],
}

/// Lists and tuples are built in the same way.
macro_rules! sequence {
    ($name:ident, $open:literal, $new:ident, $set:ident, $build:ident, $cancel:ident) => {
        unsafe fn $name(&mut self, end: u8) -> Handle {
            // SAFETY: the caller's context; the arguments are as the format says.
            unsafe {
                let count = match count_items(self.format, end) {
                    Ok(count) => count,
                    Err(wrong) => return self.refuse(wrong),
                };
                let builder = call!(self.context, $new, count);
                for index in 0..count {
                    self.skip(b' ');
                    let item = self.single();
                    if item.handle.is_null() {
                        call!(self.context, $cancel, builder);
                        return Handle::NULL;
                    }
                    call!(self.context, $set, builder, index, item.handle);
                    item.close(self.context);
                    self.skip(b' ');
                    self.skip(b',');
                }
                self.skip(b' ');
                if self.peek() != end {
                    call!(self.context, $cancel, builder);
                    return self.refuse((UNMATCHED, Some($open)));
                }
                self.advance();
                call!(self.context, $build, builder)
            }
        }
    };
}

impl Builder<'_> {
    /// The next character, 0 at the end.
    fn peek(&self) -> u8 {
        self.format.first().copied().unwrap_or(0)
    }

    fn advance(&mut self) -> u8 {
        let next = self.peek();
        self.format = self.format.get(1..).unwrap_or_default();
        next
    }

    fn skip(&mut self, character: u8) {
        while self.peek() == character {
            self.advance();
            if character == b',' {
                return;
            }
        }
    }

    /// Raises `SystemError` about the format.
    unsafe fn refuse(&self, (what, character): Wrong) -> Handle {
        let mut message = Bytes::new();
        message.push(what);
        if let Some(character) = character {
            message
                .push(b"'")
                .push(if character.is_ascii() { core::slice::from_ref(&character) } else { b"?" })
                .push(b"'");
        }
        message.push(b" in the format string passed to HPy_BuildValue\0");
        let message =
            CStr::from_bytes_until_nul(message.as_slice()).unwrap_or(c"bad format string passed to HPy_BuildValue");
        // SAFETY: the caller's context.
        unsafe { raise(self.context, (*self.context).h_SystemError, message) };
        Handle::NULL
    }

    sequence!(tuple, b'(', ctx_TupleBuilder_New, ctx_TupleBuilder_Set, ctx_TupleBuilder_Build, ctx_TupleBuilder_Cancel);
    sequence!(list, b'[', ctx_ListBuilder_New, ctx_ListBuilder_Set, ctx_ListBuilder_Build, ctx_ListBuilder_Cancel);

    /// Puts a key and its value into a dict. False with an exception.
    unsafe fn pair(&mut self, dict: Handle) -> bool {
        // SAFETY: as above.
        unsafe {
            let key = self.single();
            if key.handle.is_null() {
                return false;
            }
            self.skip(b' ');
            if self.peek() != b':' {
                key.close(self.context);
                self.refuse((b"missing ':'", None));
                return false;
            }
            self.advance();
            self.skip(b' ');
            let value = self.single();
            let mut done = false;
            if !value.handle.is_null() {
                done = call!(self.context, ctx_SetItem, dict, key.handle, value.handle) == 0;
                value.close(self.context);
            }
            key.close(self.context);
            done
        }
    }

    unsafe fn dict(&mut self) -> Handle {
        // SAFETY: as above.
        unsafe {
            let dict = call!(self.context, ctx_Dict_New);
            let mut comma_next = false;
            while !dict.is_null() {
                let done = match (self.peek(), comma_next) {
                    (b'}', _) => {
                        self.advance();
                        return dict;
                    }
                    (0, _) => {
                        self.refuse((UNMATCHED, Some(b'{')));
                        false
                    }
                    (b' ', _) => {
                        self.advance();
                        true
                    }
                    (b',', true) => {
                        self.advance();
                        comma_next = false;
                        true
                    }
                    (b',', false) => {
                        self.refuse((b"unexpected ','", None));
                        false
                    }
                    (_, true) => {
                        self.refuse((b"missing ','", None));
                        false
                    }
                    _ => {
                        comma_next = true;
                        self.pair(dict)
                    }
                };
                if !done {
                    call!(self.context, ctx_Close, dict);
                    return Handle::NULL;
                }
            }
            dict
        }
    }

    unsafe fn object(&mut self) -> Value {
        // SAFETY: as above; a handle is a struct of one word.
        unsafe {
            let handle = Handle { word: self.arguments.word() };
            if handle.is_null() && !failed(self.context) {
                raise(self.context, (*self.context).h_SystemError, c"HPy_NULL object passed to HPy_BuildValue");
            }
            Value { handle, ours: false }
        }
    }

    /// The next value.
    unsafe fn single(&mut self) -> Value {
        let context = self.context;
        // SAFETY: as above.
        Value::new(unsafe {
            match self.advance() {
                b'(' => self.tuple(b')'),
                b'[' => self.list(b']'),
                b'{' => self.dict(),
                b'i' => call!(context, ctx_Long_FromInt64_t, i64::from(self.arguments.int())),
                b'I' => call!(context, ctx_Long_FromUInt64_t, u64::from(self.arguments.int() as c_uint)),
                b'l' => call!(context, ctx_Long_FromInt64_t, self.arguments.long()),
                b'k' => call!(context, ctx_Long_FromUInt64_t, self.arguments.unsigned_long()),
                b'L' => call!(context, ctx_Long_FromInt64_t, self.arguments.long_long()),
                b'K' => call!(context, ctx_Long_FromUInt64_t, self.arguments.long_long() as u64),
                b'n' => call!(context, ctx_Long_FromSsize_t, self.arguments.word()),
                b'f' | b'd' => call!(context, ctx_Float_FromDouble, self.arguments.double()),
                b's' => {
                    let text = self.arguments.pointer::<c_char>();
                    if text.is_null() {
                        // As in the C API.
                        call!(context, ctx_Dup, (*context).h_None)
                    } else {
                        call!(context, ctx_Unicode_FromString, text)
                    }
                }
                b'O' | b'S' => return self.object(),
                b'N' => {
                    raise(context, (*context).h_SystemError, NO_STEALING);
                    return Value::NULL;
                }
                other => self.refuse((b"bad format char ", Some(other))),
            }
        })
    }
}

const NO_STEALING: &CStr = c"HPy_BuildValue does not support the 'N' formatting unit. Use 'O' instead and close the handle afterwards: no function takes a handle over.";

/// A value by a format, or null with an exception. Several values make a tuple, none makes `None`.
///
/// # Safety
/// The arguments are as `hpy.h` and the format say; the thread is attached.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardan_HPy_BuildValue(
    context: *mut Context,
    format: *const c_char,
    arguments: *mut c_void,
) -> Handle {
    // SAFETY: the caller's promise.
    unsafe {
        let format = CStr::from_ptr(format).to_bytes();
        let mut builder = Builder { context, arguments: Arguments::new(arguments), format };
        match count_items(format, 0) {
            Err(wrong) => builder.refuse(wrong),
            Ok(0) => call!(context, ctx_Dup, (*context).h_None),
            Ok(1) => {
                builder.skip(b' ');
                let value = builder.single();
                if value.ours || value.handle.is_null() { value.handle } else { call!(context, ctx_Dup, value.handle) }
            }
            Ok(_) => builder.tuple(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_items_of_one_level() {
        let cases: [(&[u8], u8, isize); 7] = [
            (b"", 0, 0),
            (b"ii", 0, 2),
            (b"i, i", 0, 2),
            (b"(ii)[k]", 0, 2),
            (b"{s:i}", 0, 1),
            (b"i(i))k", b')', 2),
            (b"]", b']', 0),
        ];
        for (format, end, count) in cases {
            assert_eq!(count_items(format, end), Ok(count), "{format:?}");
        }
    }

    #[test]
    fn names_the_bracket_that_is_not_closed() {
        let cases: [(&[u8], u8, u8); 5] =
            [(b"(i", 0, b'('), (b"[i", 0, b'['), (b"([(i)k", 0, b'('), (b"i]", b')', b'('), (b"i)", b']', b'[')];
        for (format, end, bracket) in cases {
            assert_eq!(count_items(format, end), Err((UNMATCHED, Some(bracket))), "{format:?}");
        }
    }
}
