"""Attributes that few Tensors need: gradients, hooks, and the extent of the variables of a transform."""


class Extras:
    """Attributes that few Tensors need: those of leaves, and of results that retain their gradient or have hooks."""

    __slots__ = ("requires_grad", "grad", "retains", "hooks", "after", "former")
    __slots__ += ("extent", "is_array", "read_only", "is_written", "link")

    def __init__(self):
        self.requires_grad = False  # set for leaves; results need no flag
        self.grad = None
        self.retains = False
        self.hooks = {}
        self.after = None  # hooks of a leaf that are called when its gradient has been added to
        self.former = None  # Tensors of earlier values, kept for their hooks
        self.extent = None  # the `Extent` of a variable of a transform
        self.is_array = False  # an Array without axes that is no number
        self.read_only = False  # an Array that cannot be written to
        self.link = None  # what it is a part of, see `linked_copies`
        self.is_written = False  # a variable that is a result of an outer program, and that the function has written to


class Extent:
    """Whether the variables of a transform count as an outer program's for what runs now.

    They do while the function runs, and while a sweep over its recording is recorded: user rules that the sweep calls may use
    transforms themselves, and what those answer will be differentiated.
    """

    __slots__ = ("open", "moved")
    under_way = set()  # those that are open in any thread: while it is empty nobody needs to ask what a Tensor depends on

    def __init__(self):
        self.open = 0  # how many of them are under way
        self.moved = {}  # id of an argument that the function has written to -> what is the variable since

    def __enter__(self):
        self.open += 1
        try:
            Extent.under_way.add(self)
        except BaseException:  # an interrupt, after which there is no `__exit__`
            self.__exit__()
            raise

    def __exit__(self, *exc_info):
        self.open -= 1
        if not self.open:
            Extent.under_way.discard(self)
