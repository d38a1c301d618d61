"""Promises and worked cases of a table in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from jiangbu.rules.kinds import BadValue, read_literal
from jiangbu.rules.model import Case, Promise
from jiangbu.rules.words.amounts import Lang, day, written
from jiangbu.rules.words.formulas import Writer
from jiangbu.rules.words.headings import clause_words, heading
from jiangbu.rules.words.names import label_of, level_label, one_more, options_of, part_of, quoted

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme


def promise_words(scheme: Scheme, promise: Promise, lang: Lang = "zh") -> str:
    """Return what a table promises, in words."""
    writer = Writer(scheme, lang, level=scheme.pay_level)
    if promise.kind == "no_gain_from_splitting":
        listed = "、".join(quoted(label_of(scheme, name)) for name in promise.names)
        text = heading(promise.kind, lang, listed)
    elif promise.kind == "never_decreases_in" and promise.what in scheme.tree.by_name:
        text = heading("one-more", lang, one_more(level_label(scheme, promise.what), lang))
    elif promise.kind == "never_decreases_in" or promise.what_tree is None:
        text = heading(promise.kind, lang, quoted(label_of(scheme, promise.what)))
    else:
        text = heading(promise.kind, lang, writer.condition(promise.what_tree))
    if promise.when_tree is not None:
        text = heading("promise-when", lang, text, writer.condition(promise.when_tree))
    return text + (clause_words(promise.reading, lang) if promise.reading else "")


def case_lines(scheme: Scheme, number: int, case: Case, lang: Lang = "zh") -> Iterator[str]:
    """Yield a worked case as Markdown: source, calculation in words, facts, what must come out."""
    colon = heading("colon", lang)
    yield f"### {heading('case', lang, number, case.source)}"
    yield ""
    yield case.worked
    yield ""
    if case.on is not None:
        yield f"- {heading('on', lang)}{colon}{day(case.on, lang)}"
    if case.known_on is not None:
        yield f"- {heading('known-on', lang)}{colon}{day(case.known_on, lang)}"
    yield f"- {heading('facts', lang)}{colon}{_facts(scheme, case.facts, lang) or heading('nothing', lang)}"
    rows = [(key, value) for key, value in case.facts.items() if key in scheme.tree.by_name]
    for level, given in rows:
        if level == scheme.tree.root:
            yield f"  - {level_label(scheme, level)}{colon}{_object(scheme, level, given)}"
        else:
            yield from _rows(scheme, level, given, lang, "  ")
    results = list(_results(scheme, case, lang))
    yield f"- {heading('expected-result', lang)}{colon}{heading('semicolon', lang).join(results)}"
    yield ""


def _facts(scheme: Scheme, facts: Mapping[str, Any], lang: Lang) -> str:
    own = (item for item in facts.items() if item[0] not in scheme.tree.by_name and item[0] not in ("id", "set_aside"))
    told = (f"{label_of(scheme, name)} {literal(scheme, name, value, lang)}" for name, value in own)
    return heading("comma", lang).join(told)


def _rows(scheme: Scheme, level: str, given: Any, lang: Lang, indent: str) -> Iterator[str]:
    colon, comma = heading("colon", lang), heading("comma", lang)
    for row in given if isinstance(given, list) else [given]:
        if not isinstance(row, Mapping):
            continue
        thing = row.get(level) if scheme.tree.by_name[level].object else None
        id = next((row[key] for key in ("id", "number", "household") if key in row), "")
        head = f"{level_label(scheme, level)} {id}".strip()
        aside = f"（{heading('aside', lang)}{colon}{row['set_aside']}）" if "set_aside" in row else ""
        told = [_object(scheme, level, thing) if thing is not None else "", _facts(scheme, row, lang)]
        yield f"{indent}- {head}{aside}{colon}{comma.join(part for part in told if part)}"
        for key, finer in row.items():
            if key in scheme.tree.by_name and key != level:
                yield from _rows(scheme, key, finer, lang, indent + "  ")


def _object(scheme: Scheme, level: str, thing: Any) -> str:
    """Write an object in its JSON form, by the labels that its maker gives."""
    labels = scheme.makers.objects[scheme.tree.by_name[level].object].labels
    if not isinstance(thing, Mapping):
        return _plain(thing)
    return "，".join(f"{labels.get(key, key)} {_plain(value)}" for key, value in thing.items())


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "，".join(f"{key} {_plain(item)}" for key, item in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "［" + "；".join(map(_plain, value)) + "］"
    return day(value) if isinstance(value, date) else str(value)


def literal(scheme: Scheme, name: str, value: Any, lang: Lang = "zh") -> str:
    """Write a value as a table gives it for a fact or line; what cannot be read stands as it is."""
    part = part_of(scheme, name)
    if part is None or value is None:
        return "—" if value is None else _plain(value)
    options = options_of(scheme, name)
    try:
        exact = read_literal(part.kind, value, options)
    except BadValue:
        return str(value)
    return written(part.kind, exact, unit=part.unit, options=options, lang=lang, law=True)


def _results(scheme: Scheme, case: Case, lang: Lang) -> Iterator[str]:
    for name, value in (case.expect or {}).items():
        told = f"{label_of(scheme, name)} "
        if isinstance(value, Mapping):
            told += "、".join(f"{path} {literal(scheme, name, item, lang)}" for path, item in value.items())
        else:
            told += literal(scheme, name, value, lang)
        yield told
    if case.outcome:
        words = {"nil": "按规定为零", "unreadable": "数据问题", "payable": "应付", "refused": "不予支持"}
        yield case.outcome if lang == "en" else words[case.outcome]
    if case.refuses is not None:
        reasons = [_refusal(scheme, text) for text in case.refuses]
        yield (
            heading("refused-for", lang, heading("semicolon", lang).join(reasons))
            if reasons
            else heading("no-refusal", lang)
        )
    for name in case.remarks or ():
        remark = scheme.remarks.get(name)
        yield f"{heading('page-remarks', lang)}{heading('colon', lang)}{remark.says if remark else name}"


def _refusal(scheme: Scheme, text: str) -> str:
    """Turn ``H6: enough_received`` into the sentence of the requirement."""
    path, _, name = text.rpartition(": ")
    known = scheme.requirements.get(name)
    if known is None:
        known = next((item for item in scheme.requirements.values() if item.code == name), None)
    if known is not None:
        sentence = known.otherwise
    else:
        code = name if "." in name else f"{scheme.id}.{name}"
        home, _, own = code.partition(".")
        gate = scheme.gate
        owner = gate if gate is not None and home == gate.id else scheme
        sentence = scheme.say.refusal(code) if own in owner.tables or own in owner.lines else name
    return f"{path}：{sentence}" if path else sentence
