//! Entries that are not written yet.
#![allow(missing_docs, clippy::missing_safety_doc)]

use cardan_abi::*;
use core::ffi::*;

fn unwritten() -> ! {
    unsafe extern "C" {
        fn abort() -> !;
    }
    // SAFETY: abort takes nothing.
    unsafe { abort() }
}

pub unsafe extern "C" fn ctx_GetOptionalAttr(_: *mut Context, _: Handle, _: Handle, _: *mut Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_GetOptionalAttr_s(_: *mut Context, _: Handle, _: *const c_char, _: *mut Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_HasAttrWithError(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_HasAttrWithError_s(_: *mut Context, _: Handle, _: *const c_char) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_GenericGetAttr(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_GenericSetAttr(_: *mut Context, _: Handle, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_GetOptionalItem(_: *mut Context, _: Handle, _: Handle, _: *mut Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_GetOptionalItem_s(_: *mut Context, _: Handle, _: *const c_char, _: *mut Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_IsInstance(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_IsSubclass(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Format(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dir(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_LengthHint(_: *mut Context, _: Handle, _: isize) -> isize {
    unwritten()
}

pub unsafe extern "C" fn ctx_Index_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Mapping_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Sequence_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Sequence_List(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Sequence_Tuple(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Concat(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Repeat(_: *mut Context, _: Handle, _: isize) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_CallNoArgs(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_CallOneArg(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_CallMethod_s(
    _: *mut Context,
    _: *const c_char,
    _: *const Handle,
    _: usize,
    _: Handle,
) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_EnterRecursiveCall(_: *mut Context, _: *const c_char) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_LeaveRecursiveCall(_: *mut Context) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Iter_NextItem(_: *mut Context, _: Handle, _: *mut Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Iter_Send(_: *mut Context, _: Handle, _: Handle, _: *mut Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_GetAsyncIter(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_AsyncIter_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_GetRaisedException(_: *mut Context) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_SetRaisedException(_: *mut Context, _: Handle) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_GetHandledException(_: *mut Context) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_SetHandledException(_: *mut Context, _: Handle) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_GivenExceptionMatches(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_SetImportError(_: *mut Context, _: Handle, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_CheckSignals(_: *mut Context) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_Print(_: *mut Context) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_WriteUnraisableMessage(_: *mut Context, _: *const c_char, _: Handle) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Exception_GetCause(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Exception_SetCause(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Exception_GetContext(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Exception_SetContext(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Exception_GetTraceback(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Exception_SetTraceback(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Exception_AddNote(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Type_GetQualName(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Type_GetModule(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Type_GetModuleState(_: *mut Context, _: Handle) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_Type_GetFlags(_: *mut Context, _: Handle) -> c_ulong {
    unwritten()
}

pub unsafe extern "C" fn ctx_Module_FindByDef(_: *mut Context, _: Handle, _: *mut ModuleDefinition) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Module_AddType(
    _: *mut Context,
    _: Handle,
    _: *mut TypeSpec,
    _: *mut TypeSpecParameter,
    _: *mut Handle,
) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Module_SetGIL(_: *mut Context, _: Handle, _: c_int) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_FromNativeBytes(_: *mut Context, _: *const c_void, _: isize, _: c_int) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_FromUnsignedNativeBytes(
    _: *mut Context,
    _: *const c_void,
    _: isize,
    _: c_int,
) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_AsNativeBytes(
    _: *mut Context,
    _: Handle,
    _: *mut c_void,
    _: isize,
    _: c_int,
) -> isize {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_FromString(_: *mut Context, _: *const c_char, _: c_int) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_GetSign(_: *mut Context, _: Handle, _: *mut c_int) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_AsInt64AndOverflow(_: *mut Context, _: Handle, _: *mut c_int) -> i64 {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Float_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Bool_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Complex_FromDoubles(_: *mut Context, _: f64, _: f64) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Complex_AsDoubles(_: *mut Context, _: Handle, _: *mut f64, _: *mut f64) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Complex_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_GetLength(_: *mut Context, _: Handle) -> isize {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_FromKindAndData(_: *mut Context, _: c_int, _: *const c_void, _: isize) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_AsKindAndData(
    _: *mut Context,
    _: Handle,
    _: *mut c_int,
    _: *mut isize,
) -> *const c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_DecodeUTF8(
    _: *mut Context,
    _: *const c_char,
    _: isize,
    _: *const c_char,
) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_AsEncodedString(
    _: *mut Context,
    _: Handle,
    _: *const c_char,
    _: *const c_char,
) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_Intern(_: *mut Context, _: *const c_char) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_Compare(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_EqualToUTF8(_: *mut Context, _: Handle, _: *const c_char, _: isize) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_Concat(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_Join(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_UnicodeWriter_New(_: *mut Context, _: isize) -> UnicodeWriter {
    unwritten()
}

pub unsafe extern "C" fn ctx_UnicodeWriter_WriteChar(_: *mut Context, _: UnicodeWriter, _: u32) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_UnicodeWriter_WriteUTF8(
    _: *mut Context,
    _: UnicodeWriter,
    _: *const c_char,
    _: isize,
) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_UnicodeWriter_WriteUCS4(
    _: *mut Context,
    _: UnicodeWriter,
    _: *const u32,
    _: isize,
) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_UnicodeWriter_WriteStr(_: *mut Context, _: UnicodeWriter, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_UnicodeWriter_WriteSubstring(
    _: *mut Context,
    _: UnicodeWriter,
    _: Handle,
    _: isize,
    _: isize,
) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_UnicodeWriter_Finish(_: *mut Context, _: UnicodeWriter) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_UnicodeWriter_Discard(_: *mut Context, _: UnicodeWriter) {
    unwritten()
}

pub unsafe extern "C" fn ctx_BytesWriter_New(_: *mut Context, _: isize) -> BytesWriter {
    unwritten()
}

pub unsafe extern "C" fn ctx_BytesWriter_GetData(_: *mut Context, _: BytesWriter) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_BytesWriter_GetSize(_: *mut Context, _: BytesWriter) -> isize {
    unwritten()
}

pub unsafe extern "C" fn ctx_BytesWriter_Resize(_: *mut Context, _: BytesWriter, _: isize) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_BytesWriter_Write(_: *mut Context, _: BytesWriter, _: *const c_void, _: isize) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_BytesWriter_Finish(_: *mut Context, _: BytesWriter) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_BytesWriter_Discard(_: *mut Context, _: BytesWriter) {
    unwritten()
}

pub unsafe extern "C" fn ctx_ByteArray_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_ByteArray_FromStringAndSize(_: *mut Context, _: *const c_char, _: isize) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_ByteArray_AsString(_: *mut Context, _: Handle) -> *mut c_char {
    unwritten()
}

pub unsafe extern "C" fn ctx_ByteArray_Size(_: *mut Context, _: Handle) -> isize {
    unwritten()
}

pub unsafe extern "C" fn ctx_ByteArray_Resize(_: *mut Context, _: Handle, _: isize) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_List_AsTuple(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_List_Sort(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_List_Reverse(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_List_Extend(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_List_Clear(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dict_GetItemRef(_: *mut Context, _: Handle, _: Handle, _: *mut Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dict_SetDefaultRef(
    _: *mut Context,
    _: Handle,
    _: Handle,
    _: Handle,
    _: *mut Handle,
) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dict_Pop(_: *mut Context, _: Handle, _: Handle, _: *mut Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dict_Next(
    _: *mut Context,
    _: Handle,
    _: *mut isize,
    _: *mut Handle,
    _: *mut Handle,
) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dict_Update(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dict_Clear(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dict_Values(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dict_Items(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_DictProxy_New(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Set_New(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_FrozenSet_New(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Set_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_FrozenSet_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Set_Add(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Set_Discard(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Set_Pop(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Set_Clear(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Weakref_NewRef(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Weakref_NewProxy(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Weakref_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Weakref_GetRef(_: *mut Context, _: Handle, _: *mut Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Slice_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Buffer_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Buffer_Get(_: *mut Context, _: Handle, _: *mut Buffer, _: c_int) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Buffer_Release(_: *mut Context, _: *mut Buffer) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Buffer_IsContiguous(_: *mut Context, _: *const Buffer, _: c_char) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Buffer_FillInfo(
    _: *mut Context,
    _: *mut Buffer,
    _: Handle,
    _: *mut c_void,
    _: isize,
    _: c_int,
    _: c_int,
) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_MemoryView_FromObject(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_MemoryView_FromMemory(_: *mut Context, _: *mut c_char, _: isize, _: c_int) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Date_New(_: *mut Context, _: c_int, _: c_int, _: c_int) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Time_New(
    _: *mut Context,
    _: c_int,
    _: c_int,
    _: c_int,
    _: c_int,
    _: Handle,
    _: c_int,
) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_DateTime_New(_: *mut Context, _: *const DateTimeFields, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_TimeDelta_New(_: *mut Context, _: c_int, _: c_int, _: c_int) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_TimeZone_New(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_TimeZone_UTC(_: *mut Context) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Date_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Time_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_DateTime_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_TimeDelta_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_TZInfo_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_DateTime_Unpack(_: *mut Context, _: Handle, _: *mut DateTimeFields) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_TimeDelta_Unpack(
    _: *mut Context,
    _: Handle,
    _: *mut c_int,
    _: *mut c_int,
    _: *mut c_int,
) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_DateTime_GetTZInfo(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_ContextVar_Reset(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Capsule_Import(_: *mut Context, _: *const c_char) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_Sys_GetOptionalAttr(_: *mut Context, _: *const c_char, _: *mut Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Import_Import(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Mem_Malloc(_: *mut Context, _: usize) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_Mem_Calloc(_: *mut Context, _: usize, _: usize) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_Mem_Realloc(_: *mut Context, _: *mut c_void, _: usize) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_Mem_Free(_: *mut Context, _: *mut c_void) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Mem_RawMalloc(_: *mut Context, _: usize) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_Mem_RawCalloc(_: *mut Context, _: usize, _: usize) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_Mem_RawRealloc(_: *mut Context, _: *mut c_void, _: usize) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_Mem_RawFree(_: *mut Context, _: *mut c_void) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Thread_Attach(_: *mut Context, _: *mut ThreadAttachment) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Thread_Detach(_: *mut Context, _: ThreadAttachment) {
    unwritten()
}

pub unsafe extern "C" fn ctx_IsFinalizing(_: *mut Context) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Interpreter_GetID(_: *mut Context) -> i64 {
    unwritten()
}

pub unsafe extern "C" fn ctx_CriticalSection_Begin(_: *mut Context, _: *mut CriticalSection, _: Handle) {
    unwritten()
}

pub unsafe extern "C" fn ctx_CriticalSection_End(_: *mut Context, _: *mut CriticalSection) {
    unwritten()
}

pub unsafe extern "C" fn ctx_CriticalSection_Begin2(_: *mut Context, _: *mut CriticalSection2, _: Handle, _: Handle) {
    unwritten()
}

pub unsafe extern "C" fn ctx_CriticalSection_End2(_: *mut Context, _: *mut CriticalSection2) {
    unwritten()
}

pub unsafe extern "C" fn ctx_GC_Collect(_: *mut Context) -> isize {
    unwritten()
}

pub unsafe extern "C" fn ctx_GC_Enable(_: *mut Context) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_GC_Disable(_: *mut Context) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_GC_IsEnabled(_: *mut Context) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Field_Clear(_: *mut Context, _: Handle, _: *mut Field) -> c_int {
    unwritten()
}
