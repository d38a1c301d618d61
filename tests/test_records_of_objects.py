"""Determinations of schemes whose rows are objects: the objects are written in their JSON form and come back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from jiangbu import RecordError, RuleBook, dumps, loads
from toy_maker import DOCUMENTS, TABLE, TOY, Herd

HERD = Herd("A1", 3, 10_000, date(2024, 1, 15), date(2024, 3, 20))
FACTS: dict[str, Any] = {
    "quota": "1万",
    "day": date(2024, 2, 1),
    "herd": [
        {"herd": HERD, "month": [{"number": 2, "inspected": False}]},
        {"herd": Herd("B", 1, 500, date(2024, 2, 29), date(2024, 3, 1)), "set_aside": "重复"},
    ],
}


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    """A book with the toy maker and its table."""
    (tmp_path / "documents.toml").write_text(DOCUMENTS, encoding="utf-8")
    (tmp_path / "toy-grazing.toml").write_text(TABLE, encoding="utf-8")
    return RuleBook.load(tmp_path, makers=[TOY], shipped=False)


def test_objects_come_back(book: RuleBook) -> None:
    """With makers the object itself comes back; without tables its JSON form is kept, and all is equal."""
    result = book.scheme("toy-grazing", on=date(2024, 6, 1)).determine(FACTS)
    text = dumps(result)
    known, alone = loads(text, book), loads(text)
    assert result == known == alone
    assert HERD == known.rows("herd")[0].data.source
    assert "A1" == alone.rows("herd")[0].data.source["number"]
    assert (text, text) == (dumps(known), dumps(alone))
    assert "90.00" == str(alone.amount)
    assert [True, True] == [row.columns["whole"] for row in alone.rows("month")]


def test_object_given_as_json_is_the_same(book: RuleBook) -> None:
    """A case given as objects and the same given in JSON form leave one record."""
    scheme = book.scheme("toy-grazing", on=date(2024, 6, 1))
    one = dumps(scheme.determine(FACTS))
    form = json.loads(one)["case"]["rows"]["herd"][0]["object"]
    as_json = FACTS | {"herd": [{**FACTS["herd"][0], "herd": form}, FACTS["herd"][1]]}
    assert one == dumps(scheme.determine(as_json))


def test_object_must_give_its_columns(book: RuleBook) -> None:
    """An object changed in the record contradicts the columns beside it; one that cannot be used says why."""
    data = json.loads(dumps(book.scheme("toy-grazing", on=date(2024, 6, 1)).determine(FACTS)))
    form = data["case"]["rows"]["herd"][0]["object"]
    form["head"] = 4
    with pytest.raises(RecordError) as caught:
        loads(json.dumps(data), book)
    assert [("contradiction", "$.case.rows.herd[0].object")] == [
        (item.code, item.path) for item in caught.value.problems
    ]
    del form["head"]
    with pytest.raises(RecordError) as caught:
        loads(json.dumps(data), book)
    assert [("missing", "$.case.rows.herd[0].object.head")] == [
        (item.code, item.path) for item in caught.value.problems
    ]


def test_unreadable_object(book: RuleBook) -> None:
    """A case whose object cannot be used is kept with its problems."""
    facts = FACTS | {"herd": [{"herd": {"number": "A1"}}]}
    result = book.scheme("toy-grazing", on=date(2024, 6, 1)).try_determine(facts)
    assert result.problems
    assert result == loads(dumps(result)) == loads(dumps(result), book)


def test_schema_of_objects(book: RuleBook) -> None:
    """The schema asks for the object under its level's name, and names made rows by number or household."""
    schema = book.scheme("toy-grazing").json_schema()
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator(schema)
    herd = {"number": "A1"}
    given = {"quota": 1, "day": "2024-02-01"}
    assert checker.is_valid({**given, "herd": [{"herd": herd}]})
    assert checker.is_valid({**given, "herd": [{"herd": herd, "month": [{"number": 1, "inspected": True}]}]})
    assert not checker.is_valid({**given, "herd": [{"id": "A1", "herd": herd}]})
    assert not checker.is_valid({**given, "herd": [{}]})
    assert not checker.is_valid({**given, "herd": [{"herd": herd, "month": [{"inspected": True}]}]})
