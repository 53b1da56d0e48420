"""Buffers: asked for, given out, and seen through memoryviews."""

import array
import sys

import pytest

SIMPLE, WRITABLE, FORMAT, ND, STRIDES = 0, 1, 4, 8, 0x18
FULL_RO = 0x11C


def test_asking(buffers):
    data = array.array("i", [1, 2, 3])
    raw, itemsize, form, shape, readonly, c_order, f_order, same = buffers.HPyBuffer_Get(data, FULL_RO)
    assert (raw, itemsize, form, shape) == (data.tobytes(), data.itemsize, "i", (3,))
    assert (readonly, c_order, f_order) == (False, True, True)
    raw, itemsize, form, shape, readonly, *_ = buffers.HPyBuffer_Get(b"bytes", SIMPLE)
    assert (raw, itemsize, form, shape, readonly) == (b"bytes", 1, None, (), True)
    assert buffers.HPyBuffer_Get(b"", FULL_RO)[0] == b""
    assert [buffers.HPyBuffer_Check(given) for given in (b"", bytearray(), memoryview(b""), "", 5)] == [1, 1, 1, 0, 0]
    for wrong in ("text", 5, None):
        with pytest.raises(TypeError):
            buffers.HPyBuffer_Get(wrong, SIMPLE)
    with pytest.raises(BufferError):
        buffers.HPyBuffer_Get(b"bytes", WRITABLE)


def test_what_cannot_be_had(buffers):
    every_second = memoryview(b"abcdef")[::2]
    raw, _, _, shape, _, c_order, f_order, _ = (*buffers.HPyBuffer_Get(memoryview(b"abcdef"), FULL_RO),)
    assert (raw, shape, c_order, f_order) == (b"abcdef", (6,), True, True)
    assert buffers.HPyBuffer_Get(every_second, FULL_RO)[5:7] == (False, False)
    with pytest.raises(BufferError):
        buffers.HPyBuffer_Get(every_second, SIMPLE)


def test_writing(buffers):
    data = bytearray(b"abc")
    assert buffers.write_byte(data, 1, ord("X")) is None
    assert data == b"aXc"
    with pytest.raises(BufferError):
        buffers.write_byte(b"abc", 1, 0)


def test_holding(buffers):
    data = bytearray(b"abc")

    def grow():
        data.append(1)

    if sys.implementation.name == "cpython":
        with pytest.raises(BufferError):
            buffers.HPyBuffer_Release(data, grow)
    assert buffers.HPyBuffer_Release(data, lambda: 5) == 5
    data.append(1)


def test_counts(buffers, same_count):
    data = same_count(array.array("b", [1, 2]))
    for _ in range(10):
        buffers.HPyBuffer_Get(data, FULL_RO)
        buffers.write_byte(data, 0, 3)


@pytest.mark.parametrize(("strides", "orders"), [((3, 1), "CA"), ((1, 2), "FA"), ((6, 2), ""), ((-3, 1), "")], ids=str)
def test_contiguity(buffers, strides, orders):
    for order in "CFA":
        assert buffers.HPyBuffer_IsContiguous(*strides, order) == (order in orders)


def test_filling(buffers):
    for flags in (SIMPLE, ND, STRIDES, FULL_RO):
        assert buffers.HPyBuffer_FillInfo(buffers, 1, flags) == 1
    assert buffers.HPyBuffer_FillInfo(buffers, 0, WRITABLE) == 1
    with pytest.raises(BufferError, match="^Object is not writable.$"):
        buffers.HPyBuffer_FillInfo(buffers, 1, WRITABLE)


def test_memoryviews(buffers):
    view = buffers.HPyMemoryView_FromObject(b"abc")
    assert (type(view), bytes(view)) == (memoryview, b"abc")
    with pytest.raises(TypeError):
        buffers.HPyMemoryView_FromObject(5)
    view = buffers.HPyMemoryView_FromMemory(0)
    assert (bytes(view), view.readonly) == (b"shared!", True)
    view = buffers.HPyMemoryView_FromMemory(1)
    assert not view.readonly
    view[0] = ord("S")
    assert buffers.shared_memory() == b"Shared!"
    view[0] = ord("s")


def test_giving_out(buffers, host):
    grid = buffers.Grid()
    view = memoryview(grid)
    assert (view.format, view.itemsize, view.ndim, view.shape, view.strides) == ("q", 8, 2, (2, 3), (24, 8))
    assert view.tolist() == [[0, 10, 20], [30, 40, 50]]
    assert grid.views >= 1
    assert view.obj is grid or host.name != "cpython"
    raw, itemsize, form, shape, readonly, c_order, f_order, _ = buffers.HPyBuffer_Get(grid, FULL_RO)
    assert (len(raw), itemsize, form, shape, readonly, c_order, f_order) == (48, 8, "q", (2, 3), False, True, False)
    with pytest.raises(BufferError, match="a grid has strides"):
        buffers.HPyBuffer_Get(grid, SIMPLE)
    view.release()
    del view
    host.collect()
    assert grid.views == 0 or host.name != "cpython"


def test_giving_out_by_fill_info(buffers):
    plain = buffers.Plain()
    view = memoryview(plain)
    assert (bytes(view), view.readonly) == (b"data", True)
    with pytest.raises((BufferError, TypeError)):
        buffers.HPyBuffer_Get(plain, WRITABLE)
