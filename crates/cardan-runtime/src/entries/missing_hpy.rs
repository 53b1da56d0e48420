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

pub unsafe extern "C" fn ctx_Long_FromInt32_t(_: *mut Context, _: i32) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_FromUInt32_t(_: *mut Context, _: u32) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_FromInt64_t(_: *mut Context, _: i64) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_FromUInt64_t(_: *mut Context, _: u64) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_FromSize_t(_: *mut Context, _: usize) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_FromSsize_t(_: *mut Context, _: isize) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_AsInt32_t(_: *mut Context, _: Handle) -> i32 {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_AsUInt32_t(_: *mut Context, _: Handle) -> u32 {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_AsUInt32_tMask(_: *mut Context, _: Handle) -> u32 {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_AsInt64_t(_: *mut Context, _: Handle) -> i64 {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_AsUInt64_t(_: *mut Context, _: Handle) -> u64 {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_AsUInt64_tMask(_: *mut Context, _: Handle) -> u64 {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_AsSize_t(_: *mut Context, _: Handle) -> usize {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_AsSsize_t(_: *mut Context, _: Handle) -> isize {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_AsVoidPtr(_: *mut Context, _: Handle) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long_AsDouble(_: *mut Context, _: Handle) -> f64 {
    unwritten()
}

pub unsafe extern "C" fn ctx_Float_FromDouble(_: *mut Context, _: f64) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Float_AsDouble(_: *mut Context, _: Handle) -> f64 {
    unwritten()
}

pub unsafe extern "C" fn ctx_Bool_FromBool(_: *mut Context, _: bool) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Length(_: *mut Context, _: Handle) -> isize {
    unwritten()
}

pub unsafe extern "C" fn ctx_Number_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Add(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Subtract(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Multiply(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_MatrixMultiply(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_FloorDivide(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_TrueDivide(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Remainder(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Divmod(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Power(_: *mut Context, _: Handle, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Negative(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Positive(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Absolute(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Invert(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Lshift(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Rshift(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_And(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Xor(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Or(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Index(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Long(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Float(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_InPlaceAdd(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_InPlaceSubtract(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_InPlaceMultiply(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_InPlaceMatrixMultiply(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_InPlaceFloorDivide(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_InPlaceTrueDivide(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_InPlaceRemainder(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_InPlacePower(_: *mut Context, _: Handle, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_InPlaceLshift(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_InPlaceRshift(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_InPlaceAnd(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_InPlaceXor(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_InPlaceOr(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Callable_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_CallTupleDict(_: *mut Context, _: Handle, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_FatalError(_: *mut Context, _: *const c_char) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_SetString(_: *mut Context, _: Handle, _: *const c_char) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_SetObject(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_SetFromErrnoWithFilename(_: *mut Context, _: Handle, _: *const c_char) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_SetFromErrnoWithFilenameObjects(
    _: *mut Context,
    _: Handle,
    _: Handle,
    _: Handle,
) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_Occurred(_: *mut Context) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_ExceptionMatches(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_NoMemory(_: *mut Context) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_Clear(_: *mut Context) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_NewException(_: *mut Context, _: *const c_char, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_NewExceptionWithDoc(
    _: *mut Context,
    _: *const c_char,
    _: *const c_char,
    _: Handle,
    _: Handle,
) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_WarnEx(_: *mut Context, _: Handle, _: *const c_char, _: isize) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Err_WriteUnraisable(_: *mut Context, _: Handle) {
    unwritten()
}

pub unsafe extern "C" fn ctx_IsTrue(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_GetAttr(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_GetAttr_s(_: *mut Context, _: Handle, _: *const c_char) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_HasAttr(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_HasAttr_s(_: *mut Context, _: Handle, _: *const c_char) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_SetAttr(_: *mut Context, _: Handle, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_SetAttr_s(_: *mut Context, _: Handle, _: *const c_char, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_GetItem(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_GetItem_i(_: *mut Context, _: Handle, _: isize) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_GetItem_s(_: *mut Context, _: Handle, _: *const c_char) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Contains(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_SetItem(_: *mut Context, _: Handle, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_SetItem_i(_: *mut Context, _: Handle, _: isize, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_SetItem_s(_: *mut Context, _: Handle, _: *const c_char, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Type(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_TypeCheck(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Is(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Repr(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Str(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_ASCII(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Bytes(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_RichCompare(_: *mut Context, _: Handle, _: Handle, _: c_int) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_RichCompareBool(_: *mut Context, _: Handle, _: Handle, _: c_int) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Hash(_: *mut Context, _: Handle) -> isize {
    unwritten()
}

pub unsafe extern "C" fn ctx_Bytes_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Bytes_Size(_: *mut Context, _: Handle) -> isize {
    unwritten()
}

pub unsafe extern "C" fn ctx_Bytes_GET_SIZE(_: *mut Context, _: Handle) -> isize {
    unwritten()
}

pub unsafe extern "C" fn ctx_Bytes_AsString(_: *mut Context, _: Handle) -> *const c_char {
    unwritten()
}

pub unsafe extern "C" fn ctx_Bytes_AS_STRING(_: *mut Context, _: Handle) -> *const c_char {
    unwritten()
}

pub unsafe extern "C" fn ctx_Bytes_FromString(_: *mut Context, _: *const c_char) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Bytes_FromStringAndSize(_: *mut Context, _: *const c_char, _: isize) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_FromString(_: *mut Context, _: *const c_char) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_AsASCIIString(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_AsLatin1String(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_AsUTF8String(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_AsUTF8AndSize(_: *mut Context, _: Handle, _: *mut isize) -> *const c_char {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_FromWideChar(_: *mut Context, _: *const c_void, _: isize) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_DecodeFSDefault(_: *mut Context, _: *const c_char) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_DecodeFSDefaultAndSize(_: *mut Context, _: *const c_char, _: isize) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_EncodeFSDefault(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_ReadChar(_: *mut Context, _: Handle, _: isize) -> u32 {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_DecodeASCII(
    _: *mut Context,
    _: *const c_char,
    _: isize,
    _: *const c_char,
) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_DecodeLatin1(
    _: *mut Context,
    _: *const c_char,
    _: isize,
    _: *const c_char,
) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_List_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_List_New(_: *mut Context, _: isize) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_List_Append(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dict_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dict_New(_: *mut Context) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Tuple_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Tuple_FromArray(_: *mut Context, _: *const Handle, _: isize) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Import_ImportModule(_: *mut Context, _: *const c_char) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_ListBuilder_New(_: *mut Context, _: isize) -> ListBuilder {
    unwritten()
}

pub unsafe extern "C" fn ctx_ListBuilder_Set(_: *mut Context, _: ListBuilder, _: isize, _: Handle) {
    unwritten()
}

pub unsafe extern "C" fn ctx_ListBuilder_Build(_: *mut Context, _: ListBuilder) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_ListBuilder_Cancel(_: *mut Context, _: ListBuilder) {
    unwritten()
}

pub unsafe extern "C" fn ctx_TupleBuilder_New(_: *mut Context, _: isize) -> TupleBuilder {
    unwritten()
}

pub unsafe extern "C" fn ctx_TupleBuilder_Set(_: *mut Context, _: TupleBuilder, _: isize, _: Handle) {
    unwritten()
}

pub unsafe extern "C" fn ctx_TupleBuilder_Build(_: *mut Context, _: TupleBuilder) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_TupleBuilder_Cancel(_: *mut Context, _: TupleBuilder) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Tracker_New(_: *mut Context, _: isize) -> Tracker {
    unwritten()
}

pub unsafe extern "C" fn ctx_Tracker_Add(_: *mut Context, _: Tracker, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Tracker_ForgetAll(_: *mut Context, _: Tracker) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Tracker_Close(_: *mut Context, _: Tracker) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Field_Store(_: *mut Context, _: Handle, _: *mut Field, _: Handle) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Field_Load(_: *mut Context, _: Handle, _: Field) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_ReenterPythonExecution(_: *mut Context, _: ThreadState) {
    unwritten()
}

pub unsafe extern "C" fn ctx_LeavePythonExecution(_: *mut Context) -> ThreadState {
    unwritten()
}

pub unsafe extern "C" fn ctx_Global_Store(_: *mut Context, _: *mut Global, _: Handle) {
    unwritten()
}

pub unsafe extern "C" fn ctx_Global_Load(_: *mut Context, _: Global) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dump(_: *mut Context, _: Handle) {
    unwritten()
}

pub unsafe extern "C" fn ctx_DelItem(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_DelItem_i(_: *mut Context, _: Handle, _: isize) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_DelItem_s(_: *mut Context, _: Handle, _: *const c_char) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Capsule_New(
    _: *mut Context,
    _: *mut c_void,
    _: *const c_char,
    _: *mut CapsuleDestructor,
) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Capsule_Get(_: *mut Context, _: Handle, _: c_uint, _: *const c_char) -> *mut c_void {
    unwritten()
}

pub unsafe extern "C" fn ctx_Capsule_IsValid(_: *mut Context, _: Handle, _: *const c_char) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Capsule_Set(_: *mut Context, _: Handle, _: c_uint, _: *mut c_void) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Compile_s(_: *mut Context, _: *const c_char, _: *const c_char, _: c_int) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_EvalCode(_: *mut Context, _: Handle, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_ContextVar_New(_: *mut Context, _: *const c_char, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_ContextVar_Get(_: *mut Context, _: Handle, _: Handle, _: *mut Handle) -> i32 {
    unwritten()
}

pub unsafe extern "C" fn ctx_ContextVar_Set(_: *mut Context, _: Handle, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Type_GetName(_: *mut Context, _: Handle) -> *const c_char {
    unwritten()
}

pub unsafe extern "C" fn ctx_Type_IsSubtype(_: *mut Context, _: Handle, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_FromEncodedObject(
    _: *mut Context,
    _: Handle,
    _: *const c_char,
    _: *const c_char,
) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Unicode_Substring(_: *mut Context, _: Handle, _: isize, _: isize) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dict_Keys(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Dict_Copy(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Slice_Unpack(
    _: *mut Context,
    _: Handle,
    _: *mut isize,
    _: *mut isize,
    _: *mut isize,
) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Call(_: *mut Context, _: Handle, _: *const Handle, _: usize, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_CallMethod(_: *mut Context, _: Handle, _: *const Handle, _: usize, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_List_Insert(_: *mut Context, _: Handle, _: isize, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_GetSlice(_: *mut Context, _: Handle, _: isize, _: isize) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_SetSlice(_: *mut Context, _: Handle, _: isize, _: isize, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_DelSlice(_: *mut Context, _: Handle, _: isize, _: isize) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_GetIter(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Iter_Next(_: *mut Context, _: Handle) -> Handle {
    unwritten()
}

pub unsafe extern "C" fn ctx_Iter_Check(_: *mut Context, _: Handle) -> c_int {
    unwritten()
}

pub unsafe extern "C" fn ctx_Slice_New(_: *mut Context, _: Handle, _: Handle, _: Handle) -> Handle {
    unwritten()
}
