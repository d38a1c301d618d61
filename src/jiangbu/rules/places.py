"""Places by their GB/T 2260 codes: which stand above which."""

from __future__ import annotations


def chain_of(place: str) -> tuple[str, ...]:
    """Return a place and those above it: county, city, province, nation.

    >>> chain_of("620825")
    ('620825', '620800', '620000', '000000')
    """
    if not (place.isdigit() and len(place) == 6):
        return (place,)
    return tuple(dict.fromkeys((place, place[:4] + "00", place[:2] + "0000", "000000")))
