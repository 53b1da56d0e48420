"""Buffers handed out and taken in, vectorcall, threads."""

import array
import gc
import threading
import zlib

import pytest
from inventory import Discount, Samples, checksum


def test_samples_grow():
    samples = Samples()
    for value in range(100):
        samples.append(value)
    assert len(samples) == 100
    assert samples.sum() == 4950.0
    assert samples[99] == 99.0
    samples[0] = 0.5
    assert list(samples)[:2] == [0.5, 1.0]
    with pytest.raises(IndexError, match="^there is no such sample$"):
        samples[100]
    with pytest.raises(TypeError, match="^samples cannot be deleted$"):
        del samples[0]
    with pytest.raises(TypeError):
        samples.append("much")


def test_samples_hand_out_their_memory():
    samples = Samples(array.array("d", [1.0, 2.0, 3.0]))
    view = memoryview(samples)
    assert (view.format, view.itemsize, view.shape, view.strides, view.readonly) == ("d", 8, (3,), (8,), False)
    assert view.tolist() == [1.0, 2.0, 3.0]
    view[1] = 20.0
    assert samples.sum() == 24.0
    view.release()


def test_samples_do_not_move_while_a_buffer_is_out():
    samples = Samples(array.array("d", [1.0]))
    in_use = "^samples cannot be appended while a buffer of them is in use$"
    with memoryview(samples), pytest.raises(BufferError, match=in_use):
        samples.append(2.0)
    gc.collect()  # some Pythons give a buffer back only then
    samples.append(2.0)
    assert len(samples) == 2


def test_empty_samples_have_an_empty_buffer():
    with memoryview(Samples()) as view:
        assert view.nbytes == 0 and view.tolist() == []


def test_samples_are_taken_from_any_buffer_of_doubles():
    assert list(Samples(Samples(array.array("d", [1.0, 2.0])))) == [1.0, 2.0]
    assert list(Samples(memoryview(array.array("d", [1.0, 2.0]))[1:])) == [2.0]
    with pytest.raises(TypeError, match=r"^expected a buffer of doubles \(format 'd'\), not of format 'i'$"):
        Samples(array.array("i", [1]))
    with pytest.raises(TypeError):
        Samples([1.0])


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, lambda data: array.array("B", data)])
def test_a_checksum_of_any_buffer(kind):
    data = bytes(range(256)) * 10
    assert checksum(kind(data)) == zlib.adler32(data)


def test_a_checksum_of_something_else():
    with pytest.raises(TypeError):
        checksum("text")


def test_threads_share_samples():
    samples = Samples()
    data = bytes(1000)

    def work():
        for value in range(500):
            samples.append(value)
            checksum(data)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(samples) == 2000
    assert samples.sum() == 4 * sum(range(500))


def test_a_discount_is_called():
    discount = Discount(25)
    assert discount.percent == 25.0
    assert discount(8) == 6.0
    assert discount(8, count=2) == 12.0
    assert discount(*[8], count=3) == 18.0
    assert list(map(discount, [4, 8])) == [3.0, 6.0]


def test_a_discount_is_called_wrongly():
    discount = Discount(percent=25)
    with pytest.raises(TypeError, match=r"^a discount takes one price \(0 given\)$"):
        discount()
    with pytest.raises(TypeError, match="^a discount has no argument 'size'$"):
        discount(1, size=2)
    with pytest.raises(TypeError):
        discount("much")
    with pytest.raises(AttributeError):
        discount.percent = 3
