"""Choices by their labels: one text for every option of a scheme, so that cells can be compared as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jiangbu.rules.model import Fact


def canonical(facts: Iterable[Fact]) -> Mapping[str, str]:
    """The text for each option's name: its label, or with the name in brackets where another bears that label.

    Spreadsheets compare texts without regard to case, so labels that differ in case only are told apart too.
    """
    found: dict[str, str] = {}
    for fact in facts:
        for name, label in fact.options.items():
            if name not in found:
                taken = {text.lower() for text in found.values()}
                found[name] = label if label.lower() not in taken else f"{label}（{name}）"
    return found


def text_of(names: Mapping[str, str], name: str) -> str:
    """The text for a name; an option that no fact has is its name."""
    return names.get(name, name)


def plain(fact: Fact, names: Mapping[str, str]) -> bool:
    """Whether the labels of a fact are the very texts, so that its cell can be read as it is."""
    return all(names[name] == label for name, label in fact.options.items())
