"""Changing one cell of an xlsx file and nothing else, as somebody does who wants it to pass unnoticed."""

import re
import zipfile
from xml.sax.saxutils import escape

from openpyxl import load_workbook


def members(path):
    """The member of the archive that holds each sheet, by name; sheets are written in order."""
    names = load_workbook(path, read_only=True).sheetnames
    return {name: f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(names, 1)}


def with_cell(path, target, sheet, cell, *, value=None, formula=None, drop_formula=False):
    """Write ``target`` with one cell of ``path`` changed: its value, its formula, or the formula taken out.

    A number becomes a number, anything else a text; of a cell with a formula the value is the cached one.
    """
    member = members(path)[sheet]
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed:
        for info in archive.infolist():
            content = archive.read(info)
            if info.filename == member:
                text = content.decode("utf-8")
                pattern = re.compile(rf'<c r="{cell}"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
                found = pattern.search(text)
                assert found is not None, f"{sheet}!{cell} is not there"
                made = _cell(cell, found, value, formula, drop_formula)
                assert made != found[0], f"{sheet}!{cell} stays as it was"
                content = (text[: found.start()] + made + text[found.end() :]).encode("utf-8")
            changed.writestr(info, content)
    return target


def _cell(cell, found, value, formula, drop_formula):
    style = re.search(r' s="\d+"', found[1])
    kind = re.search(r' t="\w+"', found[1])
    inside = found[2] or ""
    kept, shown = re.search(r"<f>.*?</f>", inside), re.search(r"<v>.*?</v>", inside)
    written = f"<f>{escape(formula)}</f>" if formula is not None else kept[0] if kept and not drop_formula else ""
    start = f'<c r="{cell}"{style[0] if style else ""}'
    if value is None:
        return f"{start}{kind[0] if kind else ''}>{written}{shown[0] if shown else ''}</c>"
    if isinstance(value, int):
        return f"{start}>{written}<v>{value}</v></c>"
    if written:
        return f'{start} t="str">{written}<v>{escape(value)}</v></c>'
    return f'{start} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
