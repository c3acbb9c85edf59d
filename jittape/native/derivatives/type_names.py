"""Numba's names of types, in words: what messages say in the place of ``Active(float64)`` and ``list(float64)<iv=None>``."""

import re

NAMES = (
    (r"(?:\w+\([^()]*\)|\S+) generator\(func=.*has_finalizer=\w+\)", "a generator"),
    (r"(?:Active|Form|Dual)\(([\w ]+)(?:, \d+)?\)", r"differentiated \1"),
    (r"(?:differentiated )+", "differentiated "),
    (r"Complex\(differentiated float64\)", "differentiated complex128"),
    (r"Complex\(differentiated float32\)", "differentiated complex64"),
    (r"Literal\[\w+\]\(([^()]*)\)", r"\1"),
    (r"<iv=(?:None|\{[^{}]*\}|\[[^\[\]]*\])>", ""),
    (r"\w+\[type=[^\]]*\](?:,|;)", ""),
    (r"Record\((?:[^()]|\([^()]*\))*\)", "record"),
    (r"\b(?:instance\.)?jitclass\.(\w+)#[0-9a-f]+<(?:[^<>]|<[^<>]*>)*>", r"\1"),
    (r"\bDeferredType#\d+", "object"),
    (r"\breadonly array\(([^(),]*), (\d)d, \w\)", r"\2-dimensional array of \1 that cannot be written to"),
    (r"\b(?:unaligned )?[Aa]rray\(([^(),]*), '?(\d)d?'?, [^()]*\)", r"\2-dimensional array of \1"),
    (r"\bnestedarray\(([^(),]*), \([^()]*\)\)", r"array of \1 in a record"),
    (r"\bUniTuple\(([^(),]*) x (\d+)\)", r"tuple of \2 \1"),
    (r"\bTuple\(([^()]*)\)", r"tuple (\1)"),
    (r"\b(?:reflected )?(list|set)\(([^()]*)\)", r"\1 of \2"),
    (r"\bListType\[([^\[\]]*)\]", r"typed list of \1"),
    (r"\bDictType\[([^\[\],]*),([^\[\]]*)\]", r"dict from \1 to \2"),
    (r"\bOptional(?:Type)?\(([^()]*)\)", r"\1 or None"),
    (r"\bclass\((\w+)\)", r"\1"),
    (r"\bunicode_type\b", "str"),
    (r"\bnone\b", "None"),
    (r"'\$[^']*', defined", "a value, defined"),
    (r"<class '([\w.]+)'>", r"\1"),
    (r"Module\(<module '([\w.]+)'[^<>]*>\)", r"module \1"),
)


def readable(text):
    """A sentence of Numba's with the types in words."""
    for pattern, name in NAMES:
        while (shorter := re.sub(pattern, name, text)) != text:
            text = shorter
    return text.strip()
