//! Text by a format: that of `PyUnicode_FromFormat`, with handles for objects.
//!
//! Flags that a unit cannot obey are refused, where the C API would pass over them.

use super::bytes::Bytes;
use super::{call, raise};
use cardan_abi::{Context, Handle};
use cardan_host::arguments::Arguments;
use core::ffi::{CStr, c_char, c_uint, c_void};
use core::ptr::null;

/// How wide a number is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Size {
    Int,
    Long,
    LongLong,
    Word,
}

/// One unit of a format: `%`, flags, and a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Unit {
    /// Whether to pad with zeros.
    zeros: bool,
    /// How many characters there are at least.
    width: Option<usize>,
    /// How many digits of a number at least, how many characters of a text at most.
    precision: Option<usize>,
    size: Size,
    letter: u8,
}

/// What is wrong with a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wrong {
    Width,
    Precision,
    Unit,
}

/// The digits at the start of a format as a number, and what follows. `None` if it is too large for a length.
fn number(mut format: &[u8]) -> Option<(Option<usize>, &[u8])> {
    let mut value = None;
    while let Some((digit @ b'0'..=b'9', rest)) = format.split_first() {
        let next = value.unwrap_or(0_isize).checked_mul(10)?.checked_add(isize::from(digit - b'0'))?;
        value = Some(next);
        format = rest;
    }
    Some((value.map(isize::unsigned_abs), format))
}

impl Unit {
    /// The unit after a `%`, and what follows it.
    fn parse(mut format: &[u8]) -> Result<(Self, &[u8]), Wrong> {
        let zeros = format.first() == Some(&b'0');
        if zeros {
            format = format.get(1..).unwrap_or_default();
        }
        let (width, mut format) = number(format).ok_or(Wrong::Width)?;
        let mut precision = None;
        if let Some((b'.', rest)) = format.split_first() {
            (precision, format) = number(rest).ok_or(Wrong::Precision)?;
        }
        let (size, format) = match format {
            [b'l', b'l', rest @ ..] => (Size::LongLong, rest),
            [b'l', rest @ ..] => (Size::Long, rest),
            [b'z', rest @ ..] => (Size::Word, rest),
            _ => (Size::Int, format),
        };
        let Some((&letter, rest)) = format.split_first() else { return Err(Wrong::Unit) };
        let known = match size {
            Size::Int => b"cdiuxpsUVSRA".contains(&letter),
            _ => b"diu".contains(&letter),
        };
        if known { Ok((Self { zeros, width, precision, size, letter }, rest)) } else { Err(Wrong::Unit) }
    }
}

/// The digits of a number, from the end of a buffer on.
fn digits(mut number: u64, base: u64, buffer: &mut [u8; 20]) -> &[u8] {
    let mut start = buffer.len();
    for place in buffer.iter_mut().rev() {
        *place = b"0123456789abcdef".get((number % base) as usize).copied().unwrap_or(b'?');
        start -= 1;
        number /= base;
        if number == 0 {
            break;
        }
    }
    buffer.get(start..).unwrap_or_default()
}

/// Writes a number.
fn write_number(text: &mut Bytes, unit: &Unit, negative: bool, number: u64) {
    let mut buffer = [0; 20];
    let digits = digits(number, if unit.letter == b'x' { 16 } else { 10 }, &mut buffer);
    let sign: &[u8] = if negative { b"-" } else { b"" };
    let precision = unit.precision.unwrap_or(0).max(digits.len());
    let blank = unit.width.unwrap_or(0).saturating_sub(precision.saturating_add(sign.len()));
    if unit.zeros {
        text.push(sign).fill(b'0', blank);
    } else {
        text.fill(b' ', blank).push(sign);
    }
    text.fill(b'0', precision - digits.len()).push(digits);
}

/// Writes a text of `count` characters, cut and padded. `start_of` gives where a character starts, in bytes.
fn write_text(text: &mut Bytes, unit: &Unit, content: &[u8], count: usize, start_of: impl Fn(usize) -> usize) {
    let shown = unit.precision.unwrap_or(count).min(count);
    text.fill(b' ', unit.width.unwrap_or(0).saturating_sub(shown));
    let end = if shown == count { content.len() } else { start_of(shown) };
    text.push(content.get(..end).unwrap_or(content));
}

/// Where the character of that number starts in UTF-8.
fn character_start(utf8: &[u8], number: usize) -> usize {
    let starts = utf8.iter().enumerate().filter(|(_, byte)| **byte & 0xc0 != 0x80);
    starts.map(|(place, _)| place).nth(number).unwrap_or(utf8.len())
}

/// Appends what a format says. False with an exception, or if there is no memory.
struct Formatter<'a> {
    context: *mut Context,
    arguments: Arguments<'a>,
    text: Bytes,
}

impl Formatter<'_> {
    unsafe fn refuse(&self, message: &CStr) -> bool {
        // SAFETY: the caller's context.
        unsafe { raise(self.context, (*self.context).h_SystemError, message) };
        false
    }

    /// Refuses a unit with a message around its letter.
    unsafe fn refuse_unit(&self, unit: &Unit, before: &[u8], after: &[u8]) -> bool {
        let mut message = Bytes::new();
        message.push(before).push(&[unit.letter]).push(after).push(&[0]);
        // SAFETY: the message ends with a zero byte; it is short.
        unsafe { self.refuse(CStr::from_bytes_until_nul(message.as_slice()).unwrap_or(c"invalid format string")) }
    }

    unsafe fn write(&mut self, format: &[u8]) -> bool {
        let mut rest = format;
        while let Some(&first) = rest.first() {
            if first != b'%' {
                let end = rest.iter().position(|byte| *byte == b'%').unwrap_or(rest.len());
                let (literal, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
                if let Some(byte) = literal.iter().find(|byte| !byte.is_ascii()) {
                    // SAFETY: as above.
                    unsafe { self.not_ascii(*byte) };
                    return false;
                }
                self.text.push(literal);
                rest = after;
            } else if let [_, b'%', after @ ..] = rest {
                self.text.push(b"%");
                rest = after;
            } else {
                // SAFETY: as above; the arguments are as the format says.
                unsafe {
                    match Unit::parse(rest.get(1..).unwrap_or_default()) {
                        Ok((unit, after)) => {
                            if !self.write_unit(&unit) {
                                return false;
                            }
                            rest = after;
                        }
                        Err(Wrong::Unit) => return self.refuse(c"invalid format string"),
                        Err(wrong) => {
                            let message = if wrong == Wrong::Width { c"width too big" } else { c"precision too big" };
                            raise(self.context, (*self.context).h_ValueError, message);
                            return false;
                        }
                    }
                }
            }
        }
        true
    }

    unsafe fn not_ascii(&self, byte: u8) {
        let mut buffer = [0; 20];
        let mut message = Bytes::new();
        message
            .push(b"expected an ASCII-encoded format string, got a non-ASCII byte: 0x")
            .push(digits(u64::from(byte), 16, &mut buffer))
            .push(&[0]);
        let message =
            CStr::from_bytes_until_nul(message.as_slice()).unwrap_or(c"expected an ASCII-encoded format string");
        // SAFETY: the caller's context.
        unsafe { raise(self.context, (*self.context).h_ValueError, message) };
    }

    unsafe fn write_unit(&mut self, unit: &Unit) -> bool {
        // SAFETY: the arguments are as the format says, the context the caller's.
        unsafe {
            if unit.zeros && !b"diux".contains(&unit.letter) {
                return self.refuse_unit(unit, b"formatting unit '%", b"' does not support 0-padding");
            }
            if b"cp".contains(&unit.letter) && (unit.width.is_some() || unit.precision.is_some()) {
                return self.refuse_unit(unit, b"formatting unit '%", b"' does not support width nor precision");
            }
            match unit.letter {
                b'c' => return self.character(),
                b'd' | b'i' => {
                    let number = match unit.size {
                        Size::Int => i64::from(self.arguments.int()),
                        Size::Long => self.arguments.long(),
                        Size::LongLong => self.arguments.long_long(),
                        Size::Word => self.arguments.word() as i64,
                    };
                    write_number(&mut self.text, unit, number < 0, number.unsigned_abs());
                }
                b'u' | b'x' => {
                    let number = match unit.size {
                        Size::Int => u64::from(self.arguments.int() as c_uint),
                        Size::Long => self.arguments.unsigned_long(),
                        Size::LongLong => self.arguments.long_long() as u64,
                        Size::Word => self.arguments.word() as usize as u64,
                    };
                    write_number(&mut self.text, unit, false, number);
                }
                b'p' => {
                    let mut buffer = [0; 20];
                    let address = self.arguments.word() as usize as u64;
                    self.text.push(b"0x").push(digits(address, 16, &mut buffer));
                }
                b's' => {
                    let text: *const c_char = self.arguments.pointer();
                    if text.is_null() {
                        return self.refuse(c"null c string passed as value for formatting unit '%s'");
                    }
                    self.c_string(unit, text);
                }
                b'U' => {
                    let h = self.handle();
                    if h.is_null() {
                        return self.refuse(c"HPy_NULL passed as value for formatting unit '%U'");
                    }
                    return self.str(unit, h);
                }
                b'V' => {
                    let (h, text) = (self.handle(), self.arguments.pointer::<c_char>());
                    if !h.is_null() {
                        return self.str(unit, h);
                    }
                    if text.is_null() {
                        return self.refuse(c"HPy_NULL and NULL passed as values for formatting unit '%V'");
                    }
                    self.c_string(unit, text);
                }
                _ => return self.object(unit),
            }
        }
        true
    }

    unsafe fn handle(&mut self) -> Handle {
        // SAFETY: the caller knows that a handle is next, a struct of one word.
        Handle { word: unsafe { self.arguments.word() } }
    }

    unsafe fn character(&mut self) -> bool {
        // SAFETY: the caller knows that an int is next.
        unsafe {
            let number = self.arguments.int();
            // A lone surrogate is a character in Python, but not in UTF-8.
            match u32::try_from(number).ok().filter(|number| *number <= 0x10_ffff) {
                Some(number) => match char::from_u32(number) {
                    Some(character) => {
                        self.text.push(character.encode_utf8(&mut [0; 4]).as_bytes());
                        true
                    }
                    None => self.refuse(c"formatting unit '%c' does not support surrogates"),
                },
                None => {
                    let message = c"character argument not in range(0x110000)";
                    raise(self.context, (*self.context).h_OverflowError, message);
                    false
                }
            }
        }
    }

    /// A C string, whose precision counts bytes.
    unsafe fn c_string(&mut self, unit: &Unit, text: *const c_char) {
        // SAFETY: the caller's string.
        let bytes = unsafe { CStr::from_ptr(text) }.to_bytes();
        write_text(&mut self.text, unit, bytes, bytes.len(), |place| place);
    }

    /// A str, whose precision counts characters.
    unsafe fn str(&mut self, unit: &Unit, h: Handle) -> bool {
        // SAFETY: the caller's context and handle; the text is read while the handle is open.
        unsafe {
            let mut size = 0;
            let utf8 = call!(self.context, ctx_Unicode_AsUTF8AndSize, h, &mut size);
            if utf8.is_null() {
                return false;
            }
            let bytes = core::slice::from_raw_parts(utf8.cast::<u8>(), size.unsigned_abs());
            let count = bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
            write_text(&mut self.text, unit, bytes, count, |number| character_start(bytes, number));
            true
        }
    }

    /// What `str`, `repr` or `ascii` give for an object.
    unsafe fn object(&mut self, unit: &Unit) -> bool {
        // SAFETY: the caller knows that a handle is next; the context is the caller's.
        unsafe {
            let h = self.handle();
            if h.is_null() {
                return self.refuse(c"HPy_NULL passed as value for formatting unit '%S' or '%R' or '%A'");
            }
            let form = match unit.letter {
                b'S' => call!(self.context, ctx_Str, h),
                b'R' => call!(self.context, ctx_Repr, h),
                _ => call!(self.context, ctx_ASCII, h),
            };
            if form.is_null() {
                return false;
            }
            let done = self.str(unit, form);
            call!(self.context, ctx_Close, form);
            done
        }
    }
}

/// A str by a format, or null with an exception.
///
/// # Safety
/// The arguments are as `hpy.h` and the format say; the thread is attached.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardan_HPyUnicode_FromFormat(
    context: *mut Context,
    format: *const c_char,
    arguments: *mut c_void,
) -> Handle {
    // SAFETY: the caller's promise.
    unsafe {
        let mut formatter = Formatter { context, arguments: Arguments::new(arguments), text: Bytes::new() };
        if !formatter.write(CStr::from_ptr(format).to_bytes()) {
            return Handle::NULL;
        }
        if formatter.text.failed() {
            raise(context, (*context).h_MemoryError, c"cannot allocate memory for string format");
            return Handle::NULL;
        }
        let bytes = formatter.text.as_slice();
        call!(context, ctx_Unicode_DecodeUTF8, bytes.as_ptr().cast(), bytes.len() as isize, null())
    }
}

/// Raises an exception with a message by a format. Null, always.
///
/// # Safety
/// As for [`cardan_HPyUnicode_FromFormat`]; the class is an exception's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardan_HPyErr_Format(
    context: *mut Context,
    class: Handle,
    format: *const c_char,
    arguments: *mut c_void,
) -> Handle {
    // SAFETY: the caller's promise. A format that fails has raised an exception of its own.
    unsafe {
        let message = cardan_HPyUnicode_FromFormat(context, format, arguments);
        if !message.is_null() {
            call!(context, ctx_Err_SetObject, class, message);
            call!(context, ctx_Close, message);
        }
    }
    Handle::NULL
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(format: &[u8]) -> Result<Unit, Wrong> {
        let (unit, rest) = Unit::parse(format)?;
        assert_eq!(rest, b"|");
        Ok(unit)
    }

    #[test]
    fn parses_flags() {
        let plain = Unit { zeros: false, width: None, precision: None, size: Size::Int, letter: b'd' };
        assert_eq!(unit(b"d|"), Ok(plain));
        let full = Unit { zeros: true, width: Some(12), precision: Some(3), size: Size::LongLong, letter: b'u' };
        assert_eq!(unit(b"012.3llu|"), Ok(full));
        assert_eq!(unit(b"zi|"), Ok(Unit { size: Size::Word, letter: b'i', ..plain }));
        assert_eq!(unit(b".S|"), Ok(Unit { letter: b'S', ..plain }));
    }

    #[test]
    fn refuses_what_is_no_unit() {
        for format in [&b"y"[..], b"", b"0%", b"2%", b".2%", b"lx", b"l", b"zs", b".123"] {
            assert_eq!(Unit::parse(format).err(), Some(Wrong::Unit), "{format:?}");
        }
        assert_eq!(Unit::parse(b"9223372036854775808d").err(), Some(Wrong::Width));
        assert_eq!(Unit::parse(b".9223372036854775808d").err(), Some(Wrong::Precision));
    }

    #[test]
    fn writes_numbers() {
        let cases: [(&[u8], i64, &[u8]); 10] = [
            (b"d|", 0, b"0"),
            (b"d|", i64::MIN, b"-9223372036854775808"),
            (b"5d|", -42, b"  -42"),
            (b"05d|", -42, b"-0042"),
            (b".5d|", -42, b"-00042"),
            (b"7.5d|", -42, b" -00042"),
            (b"07.5d|", -42, b"-000042"),
            (b"5.7d|", -42, b"-0000042"),
            (b".0d|", 0, b"0"),
            (b"x|", 0xbeef, b"beef"),
        ];
        for (format, number, expected) in cases {
            let mut text = Bytes::new();
            write_number(&mut text, &unit(format).unwrap(), number < 0, number.unsigned_abs());
            assert_eq!(text.as_slice(), expected);
        }
    }

    #[test]
    fn cuts_and_pads_text_by_characters() {
        let text = "€urΘpe".as_bytes();
        let mut shown = Bytes::new();
        write_text(&mut shown, &unit(b"10.5S|").unwrap(), text, 6, |number| character_start(text, number));
        assert_eq!(shown.as_slice(), "     €urΘp".as_bytes());
    }
}
