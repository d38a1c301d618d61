"""Sheet 兑付表: what is due, into which account, by batch and fund; every subtotal and the total agree."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from small_run import row, run, sheet, table

from jiangbu.money import capital


def payees(target):
    """The rows that are to be paid."""
    return [line for line in table(target, "兑付表") if line["大写"] and line["序号"]]


def bands(target):
    """The heads of the groups, in order."""
    return [line[0] for line in sheet(target, "兑付表") if str(line[0]).startswith("批次：")]


def subtotals(target, label="小计"):
    """The subtotals, or with another label the total."""
    return [line["本次应付"] for line in table(target, "兑付表") if line["申报主体"] == label]


def test_grouped_by_batch_and_fund(tmp_path):
    """Batches keep their order, and inside each the funds; a row that names neither stands under 未填."""
    rows = [
        row(1, batch="第二批", fund="省级"),
        row(2, batch="第一批", fund="县级"),
        row(3, batch="第二批", fund="县级"),
        row(4, batch="第二批", fund="省级", revenue=6000),
        row(5, batch=None, fund=None),
    ]
    _, target = run(tmp_path, rows)
    assert bands(target) == [
        "批次：第二批　　资金来源：省级　　2 笔",
        "批次：第二批　　资金来源：县级　　1 笔",
        "批次：第一批　　资金来源：县级　　1 笔",
        "批次：（未填）　　资金来源：（未填）　　1 笔",
    ]
    assert [line["序号"] for line in payees(target)] == ["1", "4", "3", "2", "5"]
    assert subtotals(target) == [1300000, 800000, 800000, 800000]
    assert subtotals(target, "合计") == [3700000]


def test_account_and_numerals(tmp_path):
    """Accounts stand whole, the amount in figures and capital numerals, and there are lines to sign."""
    _, target = run(tmp_path, [row(1, account="6217001234567890123")])
    (line,) = payees(target)
    assert (line["账号"], line["开户行"]) == ("6217001234567890123", "示例银行")
    assert (line["本次应付"], line["大写"]) == (800000, capital(80_000_000))
    foot = sheet(target, "兑付表")[-1][0]
    assert all(word in foot for word in ("制表：", "审核：", "负责人："))


def test_what_must_be_settled_first(tmp_path):
    """A missing account, bank or name, and one account of several applicants are said on their rows."""
    rows = [row(1, account=""), row(2, bank=""), row(3, account="622848001"), row(4, account="6228 48001")]
    rows.append(row(5, ""))
    _, target = run(tmp_path, rows)
    told = {line["序号"]: (line["账号"], line["备注"]) for line in payees(target)}
    assert told == {
        "1": ("缺账号", "缺账号"),
        "2": ("6228480012345678002", "缺开户行"),
        "3": ("622848001", "不同主体用了同一账号"),
        "4": ("6228 48001", "不同主体用了同一账号"),
        "5": ("6228480012345678005", "缺申报主体"),
    }
    assert any("有 1 行缺账号" in str(line[0]) for line in sheet(target, "兑付表"))


def test_one_applicant_with_two_awards_is_no_stranger(tmp_path):
    """Two rows of one applicant may share an account; that they are two is said."""
    _, target = run(tmp_path, [row(1, account="622848001"), row(1, account="622848001")])
    assert {line["备注"] for line in payees(target)} == {"同一主体共 2 笔"}


def test_only_what_is_due(tmp_path):
    """What was paid in full before is not paid again, what was paid in part is paid less; rows left out are counted."""
    rows = [row(1, paid=800000), row(2, paid=300000), row(3, bad="是"), row(4, revenue="若干"), row(5, aside="核查")]
    _, target = run(tmp_path, rows)
    assert [(line["序号"], line["核定金额"], line["已付金额"], line["本次应付"]) for line in payees(target)] == [
        ("2", 800000, 300000, 500000)
    ]
    assert any("数据问题 1 行、搁置 1 行" in str(line[0]) for line in sheet(target, "兑付表"))


def test_nothing_due(tmp_path):
    """Without anything due the list says so."""
    _, target = run(tmp_path, [row(1, bad="是")])
    assert any("没有本次应付的申报" in str(line[0]) for line in sheet(target, "兑付表"))


def test_parts_are_shown_by_treasury(tmp_path):
    """A rule whose amount has parts shows each of them, and they sum to what is due."""
    heads = ["序号", "申报主体", "账号", "开户行"]
    from template_filling import with_gate

    from jiangbu import RuleBook

    scheme = RuleBook.load().scheme("example-equipment-award")
    case = next(case for case in scheme.cases if not case.refuses and case.outcome is None)
    facts = with_gate(scheme, case.facts)
    labels = [scheme.facts[name].label for name in facts]
    typed = [{True: "是", False: "否"}.get(v, str(v)) if isinstance(v, bool) else str(v) for v in facts.values()]
    values = [1, "示例公司", "622848001", "示例银行", *typed]
    _, target = run(tmp_path, [values], scheme.id, [*heads, *labels])
    (line,) = payees(target)
    parts = [line[f"其中：{scheme.lines[name].label}"] for name in scheme.parts]
    assert sum(parts) == line["本次应付"] > 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from([100, 6000, 12000, 30000]),
            st.sampled_from(["一", "二", None]),
            st.sampled_from(["省", "县", None]),
            st.sampled_from([None, 0, 300000, 900000]),
        ),
        min_size=1,
        max_size=10,
    )
)
@settings(max_examples=12, deadline=None)
def test_the_list_adds_up_to_what_is_due(tmp_path_factory, drawn):
    """Rows sum to subtotals, subtotals to the total, and the total is 本次应付 of the whole."""
    rows = [row(n, revenue=a, batch=b, fund=c, paid=d) for n, (a, b, c, d) in enumerate(drawn, 1)]
    result, target = run(tmp_path_factory.mktemp("payment"), rows)
    due = sum((Decimal(line["本次应付"]) for line in payees(target)), Decimal(0))
    assert result.sums.due == due == sum(subtotals(target))
    assert subtotals(target, "合计") == ([due] if due else [])
