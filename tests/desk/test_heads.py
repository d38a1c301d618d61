"""Matching heads: by label, alias and name, whatever brackets and spaces; the unit from its bracket only."""

import pytest
from desk_facts import ALL, REVENUE
from hypothesis import given
from hypothesis import strategies as st

from jiangbu.desk.heads import SUBJECT, match, split_unit, squash


def found(head, facts=ALL):
    """Role, name and unit of a single head."""
    column = match([head], facts).columns[0]
    return column.role, column.name, column.unit


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("年度营业收入（审计数）", ("fact", "revenue", "")),
        ("年度营业收入(审计数)（万元）", ("fact", "revenue", "万元")),
        ("年度营业收入【审计数】\n（单位：万元）", ("fact", "revenue", "万元")),
        ("销 售 收 入（元）", ("fact", "revenue", "元")),
        ("Ｒｅｖｅｎｕｅ", ("fact", "revenue", "")),
        ("带动农户数（户）", ("fact", "households", "户")),
        ("贷款年利率（%）", ("fact", "rate", "%")),
        ("贷款年利率（‰）", ("fact", "rate", "‰")),
        ("乡（镇）", ("subject", "township", "")),
        ("统一社会信用代码（身份证号）", ("subject", "code", "")),
        ("统一社会信用代码或身份证号", ("subject", "code", "")),
        ("已付金额（万元）", ("subject", "paid", "万元")),
        ("年度营业收入（上年）", ("other", "", "")),
    ],
)
def test_heads(head, expected):
    """A bracket whose whole content is a unit is the unit; any other bracket belongs to the name."""
    assert expected == found(head)


@given(st.sampled_from([fact.label for fact in ALL.values()]), st.data())
def test_spaces_and_brackets_are_ignored(label, data):
    """Spaces, line breaks and full-width brackets anywhere in a head change nothing."""
    place = data.draw(st.integers(0, len(label)))
    noise = data.draw(st.sampled_from([" ", "\n", "　", "（", "]", "\t"]))
    assert squash(label) == squash(label[:place] + noise + label[place:])


def test_year_brackets_stay_apart():
    """（本年） and （上年） are two columns."""
    assert squash("营业收入（本年）") != squash("营业收入（上年）")
    assert split_unit("营业收入（本年）（万元）", ["万元"]) == ("营业收入(本年)", "万元")


def test_every_subject_head_is_known():
    """Each subject column is found by its own head."""
    for key, names in SUBJECT.items():
        for name in names:
            assert found(name, {}) == ("subject", key, "")


def test_missing_column_names_the_nearest_head():
    """A fact without column and without default is a fault that names the heads that look like it."""
    heads = match(["年度营业额（审计）", "等级"], {"revenue": REVENUE, "grade": ALL["grade"]})
    ((index, text, remedy),) = heads.faults
    assert (index, text) == (-1, "缺少“年度营业收入（审计数）”一列")
    assert "年度营业额（审计）" in remedy


def test_column_with_default_may_be_absent():
    """A fact with a default needs no column."""
    heads = match(["协议"], {"agreements": ALL["agreements"]})
    assert heads.faults == ()
    assert heads.absent == (ALL["agreements"],)


def test_one_fact_in_two_columns():
    """Two columns for one fact are a fault, for no one can say which counts."""
    heads = match(["销售收入（万元）", "年度营业收入（审计数）"], {"revenue": REVENUE})
    assert list(heads.faults) == [(1, "表头“年度营业收入（审计数）”与“销售收入（万元）”指的是同一项", "请只保留一列")]


def test_unit_of_another_kind():
    """A head in a unit that the rule does not count in is a fault, not a silent reading."""
    heads = match(["收购重量（公斤）"], {"weight": ALL["weight"]})
    ((index, text, remedy),) = heads.faults
    assert (index, text) == (0, "表头单位“公斤”与规则不一致")
    assert "吨" in remedy
