"""How large a regular expression becomes when it is compiled, before it is.

RE2 never backtracks, but counted repetitions multiply: `((a{1,10}){1,10}){1,10}` has eleven letters and a
thousand states, and costs a quarter of a second on ten thousand characters.
"""

from __future__ import annotations

LARGEST = 300
"""Estimated states that a pattern may have."""
LONGEST = 100
"""Characters that a pattern may have."""


def states(pattern: str) -> int:
    """Return an estimate, from above, of the states of a pattern.

    Each counted repetition multiplies what it repeats; a class or any non-ASCII character counts for more,
    since UTF-8 needs several states for one.
    """
    groups: list[list[int]] = [[0, 0]]  # per open group: sum so far, size of the last atom
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        size = 0
        if letter == "(":
            groups.append([0, 0])
        elif letter == ")" and len(groups) > 1:
            inner = groups.pop()
            size = sum(inner) + 2
        elif letter == "\\":
            at += 1
            size = 2
            if pattern[at : at + 1] in ("p", "P"):  # a class of characters, by its Unicode name
                size = 100
                at = pattern.find("}", at) if pattern[at + 1 : at + 2] == "{" and "}" in pattern[at:] else at + 1
        elif letter == "[":
            end = at + 1
            while end < len(pattern) and (pattern[end] != "]" or end == at + 1):
                end += 2 if pattern[end] == "\\" else 1
            inside = pattern[at:end]
            size = 100 if "\\p" in inside or "\\P" in inside else 8 + 2 * len(inside.encode())
            at = end
        elif letter == "{":
            end = pattern.find("}", at)
            counts = [part for part in pattern[at + 1 : max(end, at)].split(",") if part.isdigit()]
            if counts:
                groups[-1][1] *= max(1, *(int(part) for part in counts))
                at = end
            else:
                size = 1
        elif letter == ".":
            size = 8
        elif letter in "*+?|^$":
            groups[-1][1] += 1
        else:
            size = 1 if letter.isascii() else 4
        if size:
            groups[-1][0] += groups[-1][1]
            groups[-1][1] = size
        at += 1
    total = sum(sum(group) for group in groups)
    return total * 2 if "(?" in pattern else total
