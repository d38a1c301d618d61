"""Money in fen: exact reading, rounding, allocation, capital numerals.

Inside, an amount is a whole number of fen; at the door it is ``Decimal`` yuan, an ``int`` or text.
Nothing here rounds except :func:`divide`, and nothing here ever sees a float.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from fractions import Fraction
from typing import Literal

from jiangbu.errors import MoneyError

Rounding = Literal["half-up", "down", "up"]

LONGEST_TEXT = 1000
LARGEST_EXPONENT = 60
LARGEST_BITS = 3320  # about 1,000 decimal digits

_SUFFIXES = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}
_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(万亿|万|亿|)")
_RATE = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?([%‰]?)")
_RATIO = re.compile(r"(-?[0-9]+)/([0-9]+)")
_PER = {"": 1, "%": 100, "‰": 1000}
_NUMBER_FORM = 'ASCII digits such as "1234.56", with 万, 亿 or 万亿 behind them if need be'
_RATE_FORM = '"10%", "2‰" or "0.035"'
_EXACT = "give text or Decimal"


def read_number(value: str | int | Decimal) -> Fraction:
    """Read a number or an amount exactly, in its own unit (yuan for money).

    :param value: an ``int``, a finite ``Decimal``, or text: ``-`` if negative, ASCII digits, if need be a
        point with digits, and 万, 亿 or 万亿.
    :returns: the exact value.
    :raises MoneyError: ``float`` for a float; ``kind`` for a bool, NaN, an infinity, another type or a
        magnitude that nobody means; ``text`` for text of another form or above 1,000 characters.

    >>> read_number("1.5亿"), read_number("1234.56"), read_number(-3)
    (Fraction(150000000, 1), Fraction(30864, 25), Fraction(-3, 1))
    """
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value) if len(value) <= LONGEST_TEXT else None
        if match is None:
            raise MoneyError("text", _shown(value), _NUMBER_FORM, "write it without spaces, commas or signs")
        return _decimal_fraction(match) * _SUFFIXES[match[4]]
    if isinstance(value, Decimal):
        return _finite(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if value.bit_length() > LARGEST_BITS:
            raise MoneyError("kind", _shown(value), "a number of at most 1,000 digits")
        return Fraction(value)
    raise _wrong_type(value, _NUMBER_FORM)


def read_rate(value: str | int | Decimal, *, ratio: bool = False) -> Fraction:
    """Read a rate exactly, as a fraction of one.

    :param value: text with ``%`` or ``‰`` or the plain fraction, or the fraction as ``Decimal``.
    :param ratio: whether text may be a ratio (``"2/37"``) and whether the whole numbers 0 and 1 may stand
        as they are; so in constants and columns of a table, never in facts.
    :returns: the exact fraction.
    :raises MoneyError: ``float``, ``kind`` or ``text`` as in :func:`read_number`; an ``int`` is ``kind``,
        because ``10`` could be 10 or 10%.

    >>> read_rate("10%"), read_rate("2‰"), read_rate("2/37", ratio=True)
    (Fraction(1, 10), Fraction(1, 500), Fraction(2, 37))
    """
    expected = _RATE_FORM + (' or "2/37"' if ratio else "")
    if isinstance(value, str):
        short = value if len(value) <= LONGEST_TEXT else ""
        if match := _RATE.fullmatch(short):
            return _decimal_fraction(match) / _PER[match[4]]
        if ratio and (match := _RATIO.fullmatch(short)) and int(match[2]):
            return Fraction(int(match[1]), int(match[2]))
        raise MoneyError("text", _shown(value), expected)
    if isinstance(value, Decimal):
        return _finite(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if ratio and value in (0, 1):
            return Fraction(value)
        remedy = 'say whether it is a percent: "10%" or "0.1"'
        raise MoneyError("kind", f"the whole number {_shown(value)}", expected, remedy)
    raise _wrong_type(value, expected)


def to_scaled(value: Fraction, decimals: int) -> int:
    """Return the whole number n with ``n / 10**decimals == value``, never rounding.

    :param value: exact, in any unit.
    :param decimals: places after the point, 0 or more.
    :raises MoneyError: ``decimals`` if the value has more places.

    >>> to_scaled(Fraction("12.5"), 2)
    1250
    """
    scale: int = 10**decimals
    scaled, rest = divmod(value.numerator * scale, value.denominator)
    if rest:
        places = "no decimal places" if decimals == 0 else f"at most {decimals} decimal places"
        raise MoneyError("decimals", _plain(value), places, "nothing is rounded at the door")
    return scaled


def to_fen(value: str | int | Decimal) -> int:
    """Read an amount in yuan and return it in fen, never rounding.

    :raises MoneyError: as :func:`read_number`, and ``decimals`` for a part of a fen.

    >>> to_fen("50万"), to_fen(Decimal("0.05"))
    (50000000, 5)
    """
    return read_scaled(value, 2)


def read_scaled(value: str | int | Decimal, decimals: int) -> int:
    """Read a number at so many places: ``to_scaled(read_number(value), decimals)``, but quickly.

    Every fact of every case comes through here, so the common kinds take no way round by ``Fraction``.

    :param decimals: places after the point, 0 or more.
    :raises MoneyError: as :func:`read_number` and :func:`to_scaled`.

    >>> read_scaled(Decimal("12.5"), 1), read_scaled("3万", 0)
    (125, 30000)
    """
    scale: int = 10**decimals
    if type(value) is int and value.bit_length() <= LARGEST_BITS:
        return value * scale
    if type(value) is Decimal and _is_ordinary(value):
        numerator, denominator = value.as_integer_ratio()
        scaled, rest = divmod(numerator * scale, denominator)
        if not rest:
            return scaled
    return to_scaled(read_number(value), decimals)


def fen_to_yuan(fen: int) -> Decimal:
    """Return an amount in fen as ``Decimal`` yuan with two places, whatever its size.

    >>> fen_to_yuan(-80000005)
    Decimal('-800000.05')
    """
    return scaled_to_decimal(fen, 2)


def scaled_to_decimal(n: int, decimals: int) -> Decimal:
    """Return ``n / 10**decimals`` as a ``Decimal`` that shows exactly that many places.

    The caller's decimal context has no say in it.

    >>> scaled_to_decimal(1250, 4)
    Decimal('0.1250')
    """
    if n.bit_length() < 10_000:
        return Decimal(f"{n}E{-decimals}")
    # Python refuses to print a whole number of 4,301 digits, so a number of that size takes the long way.
    return Decimal(n).scaleb(-decimals, Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[]))


def divide(n: int, d: int, mode: Rounding) -> int:
    """Divide and round once to a whole number.

    :param n: dividend, of either sign.
    :param d: divisor, above zero.
    :param mode: ``half-up`` (to the nearest, a half away from zero), ``down`` (toward zero) or ``up``
        (away from zero).
    :raises MoneyError: ``kind`` for a divisor that is not above zero, or another mode.

    >>> divide(5, 2, "half-up"), divide(-5, 2, "half-up"), divide(-5, 2, "down"), divide(-5, 2, "up")
    (3, -3, -2, -3)
    """
    if d <= 0:
        raise MoneyError("kind", f"the divisor {_shown(d)}", "a divisor above zero")
    size = abs(n)
    if mode == "half-up":
        quotient = (2 * size + d) // (2 * d)
    elif mode == "down":
        quotient = size // d
    elif mode == "up":
        quotient = -(-size // d)
    else:
        raise MoneyError("kind", _shown(mode), '"half-up", "down" or "up"')
    return -quotient if n < 0 else quotient


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Divide a total among positions in proportion to their weights, by largest remainder (按比例分配).

    The parts sum exactly to the total and each stands less than one unit from its exact share; of equal
    remainders the earlier position comes first. A negative total is divided by its absolute value.

    :param total: whole units, such as fen.
    :param weights: whole numbers, 0 or more.
    :raises MoneyError: ``kind`` for a negative weight, or a nonzero total over weights that sum to zero.

    >>> allocate(100, [1, 1, 1]), allocate(-100, [1, 2])
    ([34, 33, 33], [-33, -67])
    """
    if any(weight < 0 for weight in weights):
        raise MoneyError("kind", f"the weight {_shown(min(weights))}", "weights of 0 or more")
    if total == 0:
        return [0] * len(weights)
    whole = sum(weights)
    if whole == 0:
        raise MoneyError("kind", f"{_shown(total)} over weights that sum to 0", "a weight above 0")
    size = abs(total)
    shares = [divmod(size * weight, whole) for weight in weights]
    parts = [part for part, _ in shares]
    by_remainder = sorted(range(len(shares)), key=lambda position: shares[position][1], reverse=True)
    for position in by_remainder[: size - sum(parts)]:
        parts[position] += 1
    return parts if total > 0 else [-part for part in parts]


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))
_SECTIONS = ((10**12, "万"), (10**8, "亿"), (10**4, "万"), (1, ""))
_NONZERO = f"[{_DIGITS[1:]}]"
_SECTION = re.compile(f"零?(?:({_NONZERO})仟)?零?(?:({_NONZERO})佰)?零?(?:({_NONZERO}?)拾)?零?(.?)")
_WRITTEN = re.compile(r"(?:人民币)?(负?)(?:([^元圆角分]+)[元圆])?(?:零?(.)角)?(?:零?(.)分)?[整正]?")
_CAPITAL_END = 10**18
_CAPITAL_FORM = "an amount in capital numerals such as 人民币壹佰贰拾元零伍分"


def capital(fen: int) -> str:
    """Write an amount in capital numerals (大写), canonical form.

    :param fen: the amount in fen, less than 10^16 yuan either way.
    :raises MoneyError: ``kind`` beyond that range.

    >>> capital(1640902), capital(50), capital(0), capital(-100)
    ('人民币壹万陆仟肆佰零玖元零贰分', '人民币伍角整', '人民币零元整', '人民币负壹元整')
    """
    return "人民币" + _written(fen, optional="")


def read_capital(text: str) -> int:
    """Read an amount in capital numerals and return it in fen.

    Besides the canonical form it accepts 正 for 整, 圆 for 元, no 人民币, 拾 for 壹拾, and the 零 that may
    stand before 角 or for the zeros that end a section of four digits.
    Source: 支付结算办法（银发〔1997〕393号）附一，正确填写票据和结算凭证的基本规定.

    :raises MoneyError: ``text`` for everything else.

    >>> read_capital("壹拾万零柒仟圆零伍角叁分"), read_capital("人民币拾元正")
    (10700053, 1000)
    """
    match = _WRITTEN.fullmatch(text) if isinstance(text, str) and len(text) <= LONGEST_TEXT else None
    if match is not None:
        sign, yuan, jiao, fen = match.groups(default="")
        amount = _read_sections(yuan) * 100 + _digit(jiao) * 10 + _digit(fen)
        amount = -amount if sign else amount
        # The loose reading above only guesses; what decides is whether that amount may be written so.
        if abs(amount) < _CAPITAL_END and re.fullmatch(_spellings(amount), text):
            return amount
    raise MoneyError("text", _shown(text), _CAPITAL_FORM)


def _written(fen: int, *, optional: str) -> str:
    """Write an amount without 人民币, with ``optional`` where a 零 may stand that canonically does not."""
    if not -_CAPITAL_END < fen < _CAPITAL_END:
        raise MoneyError("kind", f"{_shown(fen)} fen", "an amount of less than 10^16 yuan")
    yuan, rest = divmod(abs(fen), 100)
    jiao, odd = divmod(rest, 10)
    text = "负" if fen < 0 else ""
    if yuan or not rest:
        text += (_whole(yuan, optional) or "零") + "元"
    if jiao:
        text += (optional if yuan else "") + _DIGITS[jiao] + "角"
    elif yuan and odd:
        text += "零"
    return text + (_DIGITS[odd] + "分" if odd else "整")


def _whole(yuan: int, optional: str) -> str:
    """Write whole yuan below 10^16; nothing for zero."""
    text, skipped, ended = "", False, False
    for size, unit in _SECTIONS:
        section = yuan // size % 10**4
        if section:
            if text and (skipped or section < 1000):
                text += "零"
            elif ended:
                text += optional
            text += _four_digits(section) + unit
            skipped, ended = False, section % 10 == 0
        elif text:
            # 万亿 are so many 万 of 亿: the 亿 is written even where no 亿 of their own follow.
            text += unit if unit == "亿" else ""
            skipped = True
    return text


def _four_digits(section: int) -> str:
    text, gap = "", False
    for size, unit in _PLACES:
        digit = section // size % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + unit
        gap = digit == 0
    return text


def _spellings(fen: int) -> str:
    """The pattern of every accepted way to write the amount."""
    pattern = _written(fen, optional="零?").replace("壹拾", "壹?拾")
    return "(?:人民币)?" + pattern.replace("元", "[元圆]").replace("整", "[整正]")


def _read_sections(text: str) -> int:
    high, hundred_million, low = text.rpartition("亿")
    return _read_eight(high) * 10**8 + _read_eight(low) if hundred_million else _read_eight(text)


def _read_eight(text: str) -> int:
    high, _, low = text.rpartition("万")
    return _read_four(high) * 10**4 + _read_four(low)


def _read_four(text: str) -> int:
    match = _SECTION.fullmatch(text)
    if match is None:
        return 0
    thousands, hundreds, tens, ones = match.groups()
    ten = _digit(tens) or 1 if tens is not None else 0
    return _digit(thousands) * 1000 + _digit(hundreds) * 100 + ten * 10 + _digit(ones)


def _digit(character: str | None) -> int:
    return max(_DIGITS.find(character), 0) if character else 0


def _decimal_fraction(match: re.Match[str]) -> Fraction:
    """The value of a match whose first groups are sign, whole part and part after the point."""
    after = match[3] or ""
    value = Fraction(int(match[2] + after), 10 ** len(after))
    return -value if match[1] else value


def _finite(value: Decimal) -> Fraction:
    if not _is_ordinary(value):
        text = f"Decimal {value}"
        shown = text if len(text) <= 80 else f"{text[:79]}…"
        raise MoneyError("kind", shown, "a finite number of ordinary size, of at most 1,000 digits")
    return Fraction(value)


def _is_ordinary(value: Decimal) -> bool:
    """Whether a Decimal may be expanded: 1E+1000000 is short to write and a million digits long."""
    return (
        value.is_finite()
        and -LARGEST_EXPONENT <= value.adjusted() <= LARGEST_EXPONENT
        and len(str(value)) <= LONGEST_TEXT
    )


def _wrong_type(value: object, expected: str) -> MoneyError:
    if isinstance(value, float):
        return MoneyError("float", f"the float {value!r}", expected, _EXACT)
    return MoneyError("kind", f"{_shown(value)} ({type(value).__name__})", expected, _EXACT)


def _plain(value: Fraction) -> str:
    """The value in decimal digits if they end, else as a ratio."""
    places = value.denominator.bit_length()
    if pow(10, places, value.denominator) == 0 and places < LONGEST_TEXT:
        digits = str(scaled_to_decimal(int(value * 10**places), places))
        return digits.rstrip("0").rstrip(".") if "E" not in digits else digits
    return f"{_shown(value.numerator)}/{_shown(value.denominator)}"


def _shown(value: object) -> str:
    """A short display of anything; Python itself refuses to print a whole number of 4,301 digits."""
    if isinstance(value, int) and value.bit_length() > 256:
        return f"a whole number of {value.bit_length()} bits"
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
