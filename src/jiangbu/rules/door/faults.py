"""What does not come in at the door: the fault of one value, and the texts that are let in."""

from __future__ import annotations

import unicodedata

MOST_CHARACTERS = 1_000


class DoorFault(Exception):
    """A value that does not come in: code, what was found, what was expected, how to mend it."""

    def __init__(self, code: str, found: object, expected: str, remedy: str = "") -> None:
        self.code, self.expected, self.remedy = code, expected, remedy
        self.found = "nothing" if code == "missing" else shown(found)
        super().__init__(code)


def shown(value: object) -> str:
    """Write a value for a message, shortened."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**40:
        return "a number of more than 40 digits"
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        # A number of thousands of digits inside a list, or lists without end inside one another.
        return f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "…"


def clean_text(value: object, what: str) -> str:
    """Read a text: NFC, at most 1,000 characters, no control characters."""
    if not isinstance(value, str):
        raise DoorFault("kind", value, what)
    if len(value) > MOST_CHARACTERS:
        raise DoorFault("text", f"{len(value):,} characters", f"at most {MOST_CHARACTERS:,} characters")
    text = unicodedata.normalize("NFC", value)
    bad = next((sign for sign in text if unicodedata.category(sign) in ("Cc", "Cs")), "")
    if bad:
        raise DoorFault("text", value, "text without control characters", f"take out {bad!r}")
    return text
