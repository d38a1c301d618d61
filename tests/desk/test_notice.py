"""Sheet 公示表: who is paid how much by which standard, and no number by which a person is found."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from small_run import row, run, sheet, table
from stdnum.cn import ric

from jiangbu.money import capital

IDENTITY = "11010119900307" + "033"
IDENTITY += ric.calc_check_digit(IDENTITY + "0")


def text_of(target):
    """Everything that stands on the sheet, as one text."""
    return "\n".join(str(value) for line in sheet(target, "公示表") for value in line if value is not None)


def test_only_payable_rows(tmp_path):
    """Payable rows stand on the notice, numbered anew; refused, nil, faulty and postponed ones do not."""
    rows = [row(1), row(2, bad="是"), row(3, revenue=100), row(4, revenue="若干"), row(5, aside="核查"), row(6)]
    _, target = run(tmp_path, rows)
    told = [line for line in table(target, "公示表") if isinstance(line["序号"], int)]
    assert [(line["序号"], line["申报主体"], line["核定金额"]) for line in told] == [
        (1, "示例1号公司", 800000),
        (2, "示例6号公司", 800000),
    ]


def test_title_standard_basis_days_and_telephones(tmp_path):
    """The notice names the project, the standard with its clause, the document, the days, and whom to call."""
    _, target = run(tmp_path, [row(1)])
    text = text_of(target)
    assert sheet(target, "公示表")[0][0] == "示例县龙头企业营业收入跨规模达标奖补公示表"
    for wanted in ("示例标准，不得作为拨付依据", "示例办发〔2024〕1号", "（第三条）", "公示期：自", "不少于 10 日"):
        assert wanted in text
    for office in ("县（区）主管部门", "县（区）财政部门", "市级主管部门", "公示单位（盖章）"):
        assert office in text
    assert table(target, "公示表")[0]["适用档次和标准"] == "1亿元以上不满2亿元（80万元）"


def test_persons_cannot_be_found(tmp_path):
    """Identity, account and telephone numbers are masked in their columns and wherever else they stand."""
    name = f"张三（{IDENTITY}，13800001111）"
    one = row(1, name, identity=IDENTITY, account="6217001234567890123", phone="13912345678")
    result, target = run(tmp_path, [one])
    assert [one.outcome for one in result.decisions] == ["payable"]
    text = text_of(target)
    for number in (IDENTITY, "13800001111", "6217001234567890123", "13912345678", IDENTITY[6:14]):
        assert number not in text
    line = table(target, "公示表")[0]
    assert line["信用代码或身份证号"] == IDENTITY[:6] + "********" + IDENTITY[-4:]
    assert line["账号"] == "***************0123"
    assert line["联系电话"] == "139****5678"


def test_total_is_live_and_in_numerals(tmp_path):
    """The total is a SUM over the rows with our value cached, and the numerals spell it."""
    _, target = run(tmp_path, [row(1), row(2, revenue=6000)])
    total = next(line for line in table(target, "公示表") if str(line["申报主体"]).startswith("合计"))
    assert total["核定金额"] == 1300000
    assert capital(130_000_000) in text_of(target)
    formulas = [value for line in sheet(target, "公示表", formulas=True) for value in line if str(value)[:1] == "="]
    assert formulas[0].startswith("=SUM(")


def test_paid_before_is_shown(tmp_path):
    """Where something was paid before, the notice shows it and what is due now."""
    _, target = run(tmp_path, [row(1, paid=300000), row(2)])
    first, second = table(target, "公示表")[:2]
    assert (first["核定金额"], first["已付金额"], first["本次应付"]) == (800000, 300000, 500000)
    assert (second["已付金额"], second["本次应付"]) == (None, 800000)


def test_nothing_to_publish(tmp_path):
    """Without a payable row the notice says so."""
    _, target = run(tmp_path, [row(1, bad="是")])
    assert "没有应付的申报" in text_of(target)


@given(st.lists(st.sampled_from([100, 5000, 9000, 12000, 30000]), min_size=1, max_size=8))
@settings(max_examples=8, deadline=None)
def test_the_notice_adds_up_to_the_amount_decided(tmp_path_factory, revenues):
    """The amounts on the notice sum to the whole that was decided."""
    rows = [row(number, revenue=revenue) for number, revenue in enumerate(revenues, 1)]
    result, target = run(tmp_path_factory.mktemp("notice"), rows)
    told = [line["核定金额"] for line in table(target, "公示表") if isinstance(line["序号"], int)]
    assert result.sums.amount == sum((Decimal(amount) for amount in told), Decimal(0))
