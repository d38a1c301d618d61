"""A rule that breaks its own worked example does not pay."""

import shutil

import pytest
from level_sheets import pot, project

from jiangbu import RuleBook
from jiangbu.desk.cli import main
from jiangbu.desk.problems import DeskError
from jiangbu.desk.proof import prove
from jiangbu.rules.files import shipped_tables


def changed(folder, name, before, after):
    """The tables of the fictional county with one text changed in one of them."""
    source = shipped_tables()
    shutil.copy(source / "documents.toml", folder)
    shutil.copytree(source / "999999-example", folder / "999999-example")
    path = folder / "999999-example" / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    return RuleBook.load(folder, shipped=False)


def test_shipped_rules_keep_their_cases():
    """A shipped rule and its gate pass."""
    book = RuleBook.load()
    prove(book, book.scheme("example-county-pot", on=book.scheme("example-county-pot").effective.from_))


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("example-county-pot.toml", 'value  = "30%"', 'value  = "31%"', "example-county-pot.toml:"),
        ("example-admission.toml", "agreements_in_force > 0", "agreements_in_force > 1", "example-admission.toml:"),
    ],
)
def test_broken_rule_is_stopped(tmp_path, name, before, after, said):
    """A changed number in the rule, or in its gate, that a worked case contradicts is told with file and line."""
    book = changed(tmp_path, name, before, after)
    scheme = book.scheme("example-county-pot", on=book.scheme("example-county-pot").effective.from_)
    with pytest.raises(DeskError, match=said) as caught:
        prove(book, scheme)
    assert "[case]" in caught.value.found


def test_nothing_is_written(tmp_path, capsys):
    """``calculate`` ends with 2 and writes nothing."""
    tables = tmp_path / "tables"
    tables.mkdir()
    source = shipped_tables() / "999999-example" / "example-county-pot.toml"
    text = source.read_text(encoding="utf-8").replace('value  = "30%"', 'value  = "31%"')
    own = text.replace('"example-county-pot"', '"our-pot"')
    (tables / "our-pot.toml").write_text(own, encoding="utf-8")
    target = tmp_path / "测算表.xlsx"
    arguments = ["--tables", str(tables), "--scheme", "our-pot", "--place", "999999"]
    assert main(["calculate", str(pot(tmp_path, [project(1, "P1")])), "-o", str(target), *arguments]) == 2
    assert "[case]" in capsys.readouterr().err
    assert not target.exists()
