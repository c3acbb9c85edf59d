"""The arguments of a call in a user's function, which are all read, or the call is refused."""


class CallArguments:
    """The arguments of a call that nobody has read yet.

    A reader takes those that it knows, in the order and by the names of the called function's parameters. `TreeReader.read_call`
    refuses a call of which something is left then: what an accepted call does with an argument (convert to its dtype, write to
    it, choose an axis by it) cannot be lost.
    """

    def __init__(self, expr):
        self.positional, self.named = list(expr.args), dict(expr.kws)
        self.starred = [variable for variable in (expr.vararg, expr.varkwarg) if variable is not None]

    def take(self, *names):
        """The variable of the next parameter, which has one of these names; None if it was not given."""
        if self.positional:
            return self.positional.pop(0)
        return next((self.named.pop(name) for name in names if name in self.named), None)

    def take_all(self):
        """The variables of all positional arguments."""
        found, self.positional = self.positional, []
        return found

    def unread(self):
        """What is left, in words; "" if nothing is."""
        left = [f"{len(self.positional)} more arguments"] * bool(self.positional)
        return ", ".join(left + [f"{name}=" for name in self.named] + ["*arguments"] * bool(self.starred))
