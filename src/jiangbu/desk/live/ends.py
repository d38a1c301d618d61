"""What becomes of the rows of every level, live: the outcome, and on the paid level the amounts."""

from __future__ import annotations

from jiangbu.desk.live import below, states
from jiangbu.desk.live.pieces import Piece, chosen, joined, whole
from jiangbu.desk.live.planning import COUNTED, Planning, in_fen, refused


def results(p: Planning) -> None:
    """What becomes of the rows of every level; amounts stand on the paid one."""
    for level in p.scheme.tree.by_name:
        p.f.level, p.f.label = level, ""
        stop = states.any_of([refused(p, upper) for upper in p.scheme.tree.chain(level)])
        uneven = _uneven(p) if level == p.scheme.pay_level else []
        bad = states.unreadable(p.f, p.checks[level], [*p.dated[level], *_unknown(p, level)], uneven)
        above = p.bad.get(p.scheme.tree.by_name[level].of, states.NEVER)
        p.bad[level] = bad = bad if above == states.NEVER else p.f.keep(states.any_of([above, bad]), "数据问题")
        if level == p.scheme.pay_level:
            _amounts(p, level, stop, bad)
        else:
            end = f'IF({bad.sheet},"数据问题",IF({stop.sheet},"不予支持","{COUNTED}"))'
            p.visible[level]["outcome"] = end


def _unknown(p: Planning, level: str) -> list[Piece]:
    """What has no value at all in a row where one below it, on which it depends, cannot be used."""
    if not p.spread:
        return []
    pays = [in_fen(p.f, p.scheme.pays).piece] if level == p.scheme.pay_level else []
    return [*p.conditions[level], *p.checks[level], *pays]


def _uneven(p: Planning) -> list[Piece]:
    """Whether the parts do not sum to the amount."""
    f, scheme = p.f, p.scheme
    if not scheme.parts:
        return []
    total = f.total([(1, in_fen(f, part)) for part in scheme.parts])
    apart = f.keep(joined("<>", total.piece, in_fen(f, scheme.pays).piece), "分项之和不等于核定金额")
    sheet = f"IF(ISERROR({apart.sheet}),FALSE,{apart.sheet})"
    return [Piece(sheet, f"({states.raw(apart)} is True)")]


def _amounts(p: Planning, level: str, stop: Piece, bad: Piece) -> None:
    f, scheme, show = p.f, p.scheme, p.visible[level]
    pays = in_fen(f, scheme.pays)
    amount = states.payable(f, pays.piece, [bad, stop], p.conditions[level])
    p.amounts[level] = amount
    show["amount"] = states.shown(f, amount, f"{amount.sheet}/100")
    show["outcome"] = states.outcome(f, amount, bad, stop, _nothing_left(p, level))
    paid = p.columns[level].get("paid")
    before = "0"
    if paid is not None:
        cell, _ = f.scratch.given(level, paid)
        before = f"INT({cell.sheet}*100+0.5)"
        show["over"] = states.shown(f, amount, f"MAX({before}-{amount.sheet},0)/100")
    show["due"] = states.shown(f, amount, f"MAX({amount.sheet}-{before},0)/100")
    if scheme.recovers:
        back = in_fen(f, scheme.recovers)
        show["recovers"] = states.shown(f, back.piece, f"{back.piece.sheet}/100")


def _nothing_left(p: Planning, level: str) -> str:
    """Whether a paid row has rows directly below it, all of them refused; empty where it can have none."""
    f, rows, out = p.f, [], []
    for name in p.scheme.tree.below(level):
        lost = refused(p, name)
        f.level = name
        one = f.keep(Piece("1+0", "1"), "行数")
        other = f.keep(chosen(lost, whole(1), whole(0)), "不予支持的行数")
        f.level = level
        rows.append(f"SUM({below.block_of(f, name, one).sheet})")
        out.append(f"SUM({below.block_of(f, name, other).sheet})")
    return f"AND({'+'.join(rows)}>0,{'+'.join(rows)}={'+'.join(out)})" if rows else ""
