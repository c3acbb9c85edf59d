"""Why a function cannot be differentiated: what Numba's account of it comes to, in one sentence with a remedy."""

import re

from .type_names import readable

NUMBER = r"(?:Active|Form|Dual)\("
CALLED = re.compile(r">>> ([^\s(]+)\((.*)\)")
OURS = (
    "run",
    "compute",
    "call_inner",
    "lift",
    "collect",
    "argument",
    "reused",
    "returned",
    "settled",
    "answer",
    "on_a_copy",
    "called",
    "outputs",
)

ELEMENT = (
    "a differentiated number is stored in an array of {0}, where its derivative would be lost. If the array is an argument, "
    "add it to argnums, or let jt.native.with_outputs return what is written to it; if it is made inside, make it with "
    "np.zeros, np.empty or the like"
)
INTEGERS = (
    "a differentiated number is put into an array of {0}, which cannot hold its derivative: store int(x), if it is to be cut "
    "off there, or make the array of floats"
)
DECLARED = (
    "`{1}` is declared as {0}, and a differentiated number is assigned to it: convert that there, by int(x), or declare it as "
    "float64 or not at all"
)
CONSTANT = (
    "an element is stored in an array that cannot be written to: for compiled code a global array is a constant. Pass it as "
    "an argument that is named in argnums, or copy it inside"
)
FIELD = (
    "a differentiated number is stored in the field `{0}` of a record or an object that was passed in, where its derivative "
    "would be lost. Make the object inside the function, of its numbers"
)
LISTED = (
    "a differentiated number is put into a list of {0} that was passed in, where its derivative would be lost. Make the "
    "list inside the function, or pass an array that is named in argnums"
)
CONTAINED = (
    "a differentiated number is put into a typed list or dict that was passed in or holds plain floats, where its "
    "derivative would be lost. Make it inside the function, with typed.List(), dict() or empty(), and copy what it shall "
    "hold"
)
KEYED = (
    "a differentiated number is a key of a dict whose keys are plain floats: put in and look up jt.stop_gradient(x), which "
    "has none"
)
SOUGHT = (
    "a differentiated number is sought in a set or typed list of plain floats: ask for its value, jt.stop_gradient(x) in values"
)
SHARED = (
    "an array that is not differentiated takes the place of one that is, and they cannot share memory: copy it there "
    "(a.copy()), or add it to argnums"
)
UNDECIDED = (
    "what a list, set or dict holds cannot be told from what is put in: put something in before it is used, or declare it "
    "with typed.List.empty_list(types.float64), typed.Dict.empty(...)"
)
OPTIONAL = "a number that may be None cannot be differentiated: return a flag beside the number, or nan in place of None"
FOREIGN = (
    "a function of another language (a cfunc, or one of ctypes) is called with a differentiated number, and its derivative "
    "is not known. Write it as a function of Python with @njit"
)
DRAWN = (
    "`{0}` draws a random number with a differentiated parameter, by which a draw has no derivative here. Draw with constant "
    "parameters and compute from that (mean + deviation * np.random.normal()), or give it jt.stop_gradient(x)"
)
UNKNOWN = (
    "`{0}` is not known for ({1}). Use functions that have derivatives, or take values without them: jt.stop_gradient(x), int(x)"
)
SEARCHED = (  # pattern of the whole account, sentence
    (rf"cannot cast {NUMBER}.*? to \w+: [^\n]*\n\s*\n?\s*During: lowering \"\([^\n\"]*?\)\.(\w+) = ", FIELD),
    (rf">>> setitem\((?:unaligned )?Record\(.*, Literal\[str\]\((\w+)\), {NUMBER}", FIELD),
    (r">>> setitem\(readonly array\(", CONSTANT),
    (rf">>> (?:setitem|i[a-z]+|impl)\((?:unaligned )?(?:nested)?[Aa]rray\((u?int\d+|bool), .*{NUMBER}", INTEGERS),
    (rf"No conversion from {NUMBER}[^\n]* to (u?int\d+|bool) for '(\w+?)(?:\.\d+)?'", DECLARED),
    (rf">>> (?:setitem|i[a-z]+|impl)\((?:unaligned )?(?:nested)?[Aa]rray\((\w+), .*{NUMBER}", ELEMENT),
    (rf">>> setitem\((?:reflected )?list\((\w+)\).*{NUMBER}", LISTED),
    (rf">>> _cast\({NUMBER}[^\n]*, class\(\w+\)\)(?:(?!\^).)*?_cast\(k(?:ey)?, keyty\)\n\s*\^", KEYED),
    (rf">>> contains\(ListType\[\w+\], {NUMBER}\n?", SOUGHT),
    (rf">>> _cast\({NUMBER}[^\n]*, class\(\w+\)\)", CONTAINED),
    (r"cannot share memory with an array", SHARED),
    (r"cannot unify (?:array\([^\n]*|Array\([^\n]*) and (?:array|Array)\([^\n]* for '([\w.]+?)(?:\.\d+)?', defined", SHARED),
    (
        rf">>> (?:NumPyRandomGeneratorType_)?([a-z]\w*)\([^\n]*{NUMBER}(?:(?!>>> [a-z]).)*?"
        r"File: numba[^\n]*?random(?:impl|[/\\])",
        DRAWN,
    ),
    (rf"unify return type from the following types: (?=[^\n]*array\({NUMBER})(?=[^\n]*array\(float)", SHARED),
    (rf"cannot cast {NUMBER}.*?During: lowering \"[^\n\"]* in [^\n\"]*\"", SOUGHT),
    (rf"mismatch of argument types: {NUMBER}|>>> ExternalFunctionPointer\([^\n]*{NUMBER}", FOREIGN),
    (r"OptionalType\(|Optional\(", OPTIONAL),
    (r"Undecided type|>>> \w+\([^\n]*undecided|Cannot infer the type of variable", UNDECIDED),
)
QUOTED = (  # sentences that are passed on with the names of types in words: this library's own come first
    r"argument \d+ (?:has the type|of \w+ is not contiguous) .*",
    r"the (?:gradient|Jacobian) (?:of a function|by argument) .*",
    r"has_aux=True, but .*",
    r"(?:vjp|jvp): .*",
    r"`with objmode.*",
    r"a dict has keys with derivatives.*",
    r"`(?:view|as_strided)` .*",
    r"a C function, called by its address.*",
)
PASSED_ON = (
    r"missing a required argument: '\w+'|too many positional arguments|got an unexpected keyword argument '\w+'",
    r"Unknown attribute .*",
    r"No conversion from .*",
    r"Cannot store .*|can't unbox .*|cannot (?:assign|determine|infer|type infer) .*",
    r"Untyped global name .*|name '.*' is not defined",
    r"Use of unsupported .*|Unsupported .*|.* unsupported.*|.*not supported.*",
)
CLASS = re.compile(r"^\w+(?:Error|Exception): ")  # of an exception that another one quotes
RAISED = re.compile(r"\.? *Raised from .*")
UNIFIED = re.compile(r"Cannot unify (.*) and (.*) for '(\$?[\w.]+?)(?:\.\d+)?', defined")
NOISE = (
    "Failed in ", "During:", "File ", "raised from", "<source", "-", ">>>", "No implementation of", "There are", "With argument",
    "Overload ", "Intrinsic ", "Rejected as", "Of which", "No match", "Enable logging", "def ", "@", "None", "Type Restricted",
)  # fmt: skip


def cause(text):
    """One sentence about an account of Numba's."""
    for pattern in QUOTED:
        found = re.search(pattern, text)
        if found:
            return readable(found.group())
    for pattern, sentence in SEARCHED:
        found = re.search(pattern, text, re.IGNORECASE | re.DOTALL if "\\n" in pattern else re.IGNORECASE)
        if found:
            return sentence.format(*found.groups())
    found = UNIFIED.search(text)
    if found:
        return _two_types(*found.groups())
    calls = [(called, kinds) for called, kinds in CALLED.findall(text) if called not in OURS and not called.startswith("_")]
    passed_on = next(filter(None, (re.search(pattern, text) for pattern in PASSED_ON)), None)
    if calls and (passed_on is None or passed_on.group().startswith("missing")):
        called, kinds = calls[-1]
        named = called.removeprefix("impl_").removeprefix("ol_"), readable(kinds)
        return UNKNOWN.format(*named) if re.search(NUMBER, kinds) else "`{}` is not known for ({})".format(*named)
    if passed_on:
        return readable(re.sub(RAISED, "", passed_on.group()))
    lines = [CLASS.sub("", line.strip()) for line in text.splitlines()]
    said = next(filter(_says_something, lines), "Numba's compiler gives no reason")
    return readable(re.sub(RAISED, "", said))


def is_of_plain_arrays(text):
    """Whether an account of Numba's says that numbers with derivatives meet an array of plain floats."""
    found = cause(text)
    return found == SHARED or found.startswith(ELEMENT.partition("{")[0])


def _two_types(one, other, name):
    what = "a value" if name.startswith("$") else f"`{name}`"
    return f"{what} is {readable(one)} by one way through the function and {readable(other)} by another: give it one type"


def _says_something(line):
    """Whether a line of Numba's account is a sentence of it, and not the frame that it stands in or a line of code."""
    return bool(line.strip("^~ ")) and not line.startswith(NOISE)
