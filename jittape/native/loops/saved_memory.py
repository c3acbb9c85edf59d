"""Code that uses the value stack (`tape_memory.value_stack`), and the arrays of an adjoint, which lie on it."""

from numba import types

from ..compat import alloca_once_value, get_item_pointer2, if_unlikely, llvm_ir as ir, memset
from ..tape_memory.arenas import S_BYTES, S_PREVIOUS, S_TOP, S_WORDS, WORD
from ..tape_memory.value_stack import next_segment


def words(number):
    """A constant of the machine's words."""
    return ir.Constant(WORD, number)


class Stack:
    """The value stack of one call, as variables of the code that is emitted."""

    def __init__(self, context, builder, header):
        self.context, self.builder, self.header = context, builder, header
        self.top, self.segment, self.end = (alloca_once_value(builder, words(0), name=n) for n in ("top", "segment", "end"))

    def _word(self, address, k):
        builder = self.builder
        return builder.load(builder.inttoptr(builder.add(address, words(8 * k)), WORD.as_pointer()))

    def reserve(self, count):
        """Take a region of so many words. Returns its address."""
        builder, nbytes = self.builder, self.builder.mul(count, words(8))
        full = builder.icmp_signed(">", builder.add(builder.load(self.top), nbytes), builder.load(self.end))
        with if_unlikely(builder, full):
            given = self.header, builder.load(self.segment), builder.load(self.top), nbytes
            segment = next_segment.emit(self.context, builder, given)
            builder.store(segment, self.segment)
            builder.store(builder.add(segment, words(8 * S_WORDS)), self.top)
            builder.store(builder.add(segment, self._word(segment, S_BYTES)), self.end)
        region = builder.load(self.top)
        builder.store(builder.add(region, nbytes), self.top)
        return region

    def release(self, count):
        """Give the last region back. Returns its address."""
        builder, segment = self.builder, self.builder.load(self.segment)
        first = builder.add(segment, words(8 * S_WORDS))
        with if_unlikely(builder, builder.icmp_unsigned("==", builder.load(self.top), first)):
            builder.store(self._word(segment, S_TOP), self.top)
            builder.store(self._word(segment, S_PREVIOUS), self.segment)
        region = builder.sub(builder.load(self.top), builder.mul(count, words(8)))
        builder.store(region, self.top)
        return region

    def array(self, element, lengths, clear, access, lanes=1):
        """A contiguous array on the stack."""
        place = ArrayPlace(self.context, element, None, lengths, access, lanes=lanes)
        region = self.elements(self.builder.mul(place.size(self.builder), words(lanes)), clear)
        place.data = self.builder.inttoptr(region, place.kind.as_pointer())
        return place

    def elements(self, count, clear):
        """A region for so many elements."""
        region = self.reserve(count)
        if clear:
            data = self.builder.inttoptr(region, ir.IntType(8).as_pointer())
            memset(self.builder, data, self.builder.mul(count, words(8)), 0)
        return region


class ArrayPlace:
    """Where an array lies.

    Attributes
    ----------
    access : function
        Without arguments: a context for the code of an access to its elements (`MemoryScopes.access`).
    strides : list of LLVM values, optional
        In bytes; without them it is contiguous.
    lanes : int, optional
        How many numbers each element is, side by side.
    """

    def __init__(self, context, element, data, lengths, access, strides=None, lanes=1):
        self.context, self.element, self.data, self.lengths, self.strides = context, element, data, list(lengths), strides
        self.access, self.lanes = access, lanes

    @property
    def kind(self):
        """LLVM's type of an element."""
        kind = self.context.get_data_type(self.element)
        return kind if self.lanes == 1 else ir.VectorType(kind, self.lanes)

    def size_of_element(self):
        """How many bytes one takes."""
        return self.context.get_abi_sizeof(self.kind)

    def size(self, builder):
        """How many elements it has."""
        count = words(1)
        for length in self.lengths:
            count = builder.mul(count, length)
        return count

    def pointer(self, builder, indices, checked=False):
        """The address of an element, from indices that count from the front."""
        layout = "C" if self.strides is None else "A"
        strides = self.strides or [words(8 * self.lanes)] * len(self.lengths)
        return get_item_pointer2(
            self.context, builder, self.data, self.lengths, strides, layout, indices, wraparound=False, boundscheck=checked
        )

    def load(self, builder, indices, checked=False):
        return self.load_at(builder, self.pointer(builder, indices, checked))

    def store(self, builder, indices, value):
        self.store_at(builder, self.pointer(builder, indices), value)

    def load_at(self, builder, pointer):
        """The element at an address."""
        with self.access():
            if self.lanes > 1:
                return builder.load(pointer, align=8)
            return self.context.unpack_value(builder, self.element, pointer)

    def store_at(self, builder, pointer, value):
        """Set the element at an address."""
        with self.access():
            if self.lanes > 1:
                builder.store(value, pointer, align=8)
            else:
                self.context.pack_value(builder, self.element, value, pointer)


class AdjointPlace:
    """Where the adjoints of an array lie: in an array, and, where adjoints have tangents, those in another.

    Attributes
    ----------
    parts : list of ArrayPlace
        These arrays.
    """

    def __init__(self, parts):
        self.parts = parts

    @property
    def lengths(self):
        """The lengths of each of them."""
        return self.parts[0].lengths

    def pointers(self, builder, indices):
        """The addresses of an element's adjoint."""
        return [part.pointer(builder, indices) for part in self.parts]

    def load_at(self, builder, pointers):
        """The adjoint at such addresses."""
        return tuple(part.load_at(builder, p) for part, p in zip(self.parts, pointers, strict=True))

    def store_at(self, builder, pointers, bar):
        """Set the adjoint at such addresses."""
        for part, pointer, number in zip(self.parts, pointers, bar, strict=True):
            part.store_at(builder, pointer, number)


class HeldPlace(ArrayPlace):
    """Where an array lies that the function makes: in variables of the code, because a loop makes it again and a branch may not.

    Parameters
    ----------
    held : list of LLVM values
        Memory for the address of its elements and for its lengths.
    """

    def __init__(self, context, builder, element, held, access, lanes=1):
        self.context, self.builder, self.element, self.held, self.strides = context, builder, element, held, None
        self.access, self.lanes = access, lanes

    @property
    def data(self):
        """The address of its elements now."""
        return self.builder.inttoptr(self.builder.load(self.held[0]), self.kind.as_pointer())

    @property
    def lengths(self):
        """Its lengths now."""
        return [self.builder.load(slot) for slot in self.held[1:]]


def to_word(builder, value):
    """The bits of a number as a word."""
    if value.type == ir.DoubleType():
        return builder.bitcast(value, WORD)
    if value.type == ir.FloatType():
        value = builder.bitcast(value, ir.IntType(32))
    return value if value.type == WORD else builder.zext(value, WORD)


def from_word(context, builder, word, ty):
    """The number that `to_word` has made a word."""
    kind = context.get_value_type(ty)
    if ty == types.float64:
        return builder.bitcast(word, kind)
    if ty == types.float32:
        return builder.bitcast(builder.trunc(word, ir.IntType(32)), kind)
    return word if kind == WORD else builder.trunc(word, kind)
