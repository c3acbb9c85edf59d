"""Whether two arrays share memory, asked by compiled code."""

from ..compat import alloca_once, llvm_ir as ir, unpack_tuple
from ..compilation.compile_cached import inside
from ..compilation.shared_code import shared_when_called
from ..tape_memory.arenas import WORD
from ...memory.words import word

ADDRESS, ITEM, AXES, LENGTHS = 0, 1, 2, 3  # words that describe an array; strides come after the lengths


def _words(builder, numbers):
    """The address of numbers that are stored side by side."""
    words = alloca_once(builder, WORD, len(numbers))
    for k, number in enumerate(numbers):
        builder.store(number, builder.gep(words, [ir.Constant(WORD, k)]))
    return builder.ptrtoint(words, WORD)


def described(context, builder, ty, value):
    """The address of words that describe an array."""
    array = context.make_array(ty)(context, builder, value)
    axes = [*unpack_tuple(builder, array.shape), *unpack_tuple(builder, array.strides)]
    return _words(builder, [builder.ptrtoint(array.data, WORD), array.itemsize, ir.Constant(WORD, ty.ndim), *axes])


def described_constant(builder, array):
    """The same for one that compiled code has the address of."""
    numbers = array.ctypes.data, array.itemsize, array.ndim, *array.shape, *array.strides
    return _words(builder, [ir.Constant(WORD, number) for number in numbers])


@inside
def _lowest(x):
    """The distance of the first byte of an array from its first element."""
    found = 0
    for k in range(LENGTHS, LENGTHS + word(x, AXES)):
        found += min(0, (word(x, k) - 1) * word(x, k + word(x, AXES)))
    return found


@inside
def _highest(x):
    """The distance of the byte after the last one of an array from its first element; 0 for an array without elements."""
    found = word(x, ITEM)
    for k in range(LENGTHS, LENGTHS + word(x, AXES)):
        if word(x, k) == 0:
            return 0
        found += max(0, (word(x, k) - 1) * word(x, k + word(x, AXES)))
    return found


@inside
def _rows(x):
    """How many rows along the last axis an array has."""
    found = 1
    for k in range(LENGTHS, LENGTHS + word(x, AXES) - 1):
        found *= word(x, k)
    return found


@inside
def _row(x, n):
    """The address of the first element of a row."""
    address, axes = word(x, ADDRESS), word(x, AXES)
    for k in range(LENGTHS + axes - 2, LENGTHS - 1, -1):
        address += n % word(x, k) * word(x, k + axes)
        n //= word(x, k)
    return address


@inside
def _step(x):
    """The distance of two elements of a row."""
    return word(x, LENGTHS + 2 * word(x, AXES) - 1) if word(x, AXES) else 0


@inside
def _reach(x):
    """The distance of the last element of a row from the first."""
    return (word(x, LENGTHS + word(x, AXES) - 1) - 1) * _step(x) if word(x, AXES) else 0


@inside
def _extents_meet(x, z):
    """Whether two arrays have elements, and the memory between the first and the last byte of each overlaps."""
    if _highest(x) == 0 or _highest(z) == 0:
        return False
    after = word(x, ADDRESS) + _lowest(x) >= word(z, ADDRESS) + _highest(z)
    return not (after or word(z, ADDRESS) + _lowest(z) >= word(x, ADDRESS) + _highest(x))


@inside
def _row_meets(address, size, z, first):
    """Whether a number of bytes at an address lie in an element of a row."""
    step, count = _step(z), word(z, LENGTHS + word(z, AXES) - 1) if word(z, AXES) else 1
    if step < 0:
        first, step = first + (count - 1) * step, -step
    nearest = 0 if step == 0 else max(0, (address - word(z, ITEM) - first) // step + 1)
    place = first + nearest * step
    return nearest < count and place < address + size and address < place + word(z, ITEM)


@inside
def _rows_meet(x, first_x, z, first_z):
    """Whether two rows have a byte in common."""
    if first_x + min(0, _reach(x)) >= first_z + max(0, _reach(z)) + word(z, ITEM):
        return False
    if first_z + min(0, _reach(z)) >= first_x + max(0, _reach(x)) + word(x, ITEM):
        return False
    for k in range(word(x, LENGTHS + word(x, AXES) - 1) if word(x, AXES) else 1):
        if _row_meets(first_x + k * _step(x), word(x, ITEM), z, first_z):
            return True
    return False


@shared_when_called
def share_memory(x, z):
    """Whether two arrays have a byte in common, given the addresses of the words that describe them."""
    if not _extents_meet(x, z):
        return 0
    for n in range(_rows(x)):
        for m in range(_rows(z)):
            if _rows_meet(x, _row(x, n), z, _row(z, m)):
                return 1
    return 0
