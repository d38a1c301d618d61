"""The messages and remedies that can reach a finding, collected from the syntax trees of the source.

A template is a text with ``{}`` where a value stands. What a call passes is followed through names, conditions,
sums of texts and small functions; a name that stands for several texts gives each of them.
"""

from __future__ import annotations

import ast
import inspect
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path

from attrs import field, frozen

import jiangbu

SOURCE = Path(jiangbu.__file__).parent
HOLE = "{}"

ELSEWHERE = ("records", "record", "schema", "words", "explain")
"""Files of the kernel that make no finding: stored determinations, JSON Schema, sentences."""

Slots = tuple[tuple[int, str], ...]
SINKS: Mapping[str, Slots] = {
    "add": ((2, "message"), (-1, "witness"), (-1, "remedy")),
    "at": ((2, "message"), (-1, "remedy")),
    "fault": ((1, "message"), (3, "remedy")),
    "Wrong": ((2, "message"), (3, "remedy")),
    "Slip": ((0, "message"), (1, "remedy")),
    "Spotted": ((1, "message"), (3, "remedy")),
    "StructureFault": ((1, "expected"), (2, "remedy")),
    "BadValue": ((1, "expected"), (2, "remedy")),
    "MoneyError": ((2, "expected"), (3, "remedy")),
    "_wrong_type": ((1, "expected"),),
    "DoorFault": ((2, "expected"), (3, "remedy")),
    "Problem": ((2, "found"), (3, "expected"), (4, "remedy")),
    "UnknownScheme": ((0, "message"),),
    "Ambiguous": ((0, "message"),),
    "NotInForce": ((0, "message"),),
}
"""Calls whose arguments become words of a finding: their places (−1: by name alone), and the names they may have."""

CASE_FAULT: Slots = ((2, "message"), (3, "witness"), (5, "remedy"))
"""Where a worked case does not hold, its ``Fault`` becomes a finding."""

RETURNING = {("rules", "why_not"), ("audit", "_compare"), ("jiangbu", "Problem.__str__")}
"""Functions whose texts go into a message: why a rule is not in force, where two opinions differ, a problem."""


def files() -> list[Path]:
    """The source files in which findings are made."""
    kernel = [
        path
        for path in sorted((SOURCE / "rules").rglob("*.py"))
        if not any(part.removesuffix(".py").startswith(ELSEWHERE) for part in path.relative_to(SOURCE / "rules").parts)
    ]
    return [*kernel, *(SOURCE / name for name in ("errors.py", "money.py", "audit/differences.py"))]


@frozen
class Module:
    """One file: its tree, the function around each node, and what every name in it may stand for."""

    path: Path
    tree: ast.Module
    around: dict[ast.AST, ast.AST] = field(factory=dict)

    def function(self, node: ast.AST) -> ast.AST:
        """The function in which a node stands, else the module."""
        return self.around.get(node, self.tree)

    def takes(self, name: str, other: Module) -> bool:
        """Whether this file imports a name from another one."""
        dotted = ".".join(["jiangbu", *other.path.relative_to(SOURCE).with_suffix("").parts])
        return any(
            isinstance(node, ast.ImportFrom) and node.module == dotted and name in {alias.name for alias in node.names}
            for node in self.tree.body
        )

    def full_name(self, function: ast.FunctionDef) -> str:
        """The name of a function, that of its class before it."""
        classes = [node for node in self.tree.body if isinstance(node, ast.ClassDef)]
        return next((f"{one.name}.{function.name}" for one in classes if function in one.body), function.name)


def module(path: Path) -> Module:
    """Parse one file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    around: dict[ast.AST, ast.AST] = {}

    def walk(node: ast.AST, owner: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            around[child] = owner
            walk(child, child if isinstance(child, ast.FunctionDef | ast.Lambda) else owner)

    walk(tree, tree)
    return Module(path, tree, around)


class Texts:
    """What expressions of some files may come to, as templates."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self.modules = list(modules)
        self.functions: dict[str, list[tuple[Module, ast.FunctionDef]]] = defaultdict(list)
        for one in self.modules:
            for node in ast.walk(one.tree):
                if isinstance(node, ast.FunctionDef):
                    self.functions[node.name].append((one, node))

    def of(self, one: Module, node: ast.expr | None, depth: int = 0) -> set[str]:
        """The templates of an expression; ``{}`` alone where nothing is known of it."""
        if node is None or depth > 8:
            return {HOLE}
        if isinstance(node, ast.Constant):
            return {node.value.replace("{", "{{").replace("}", "}}")} if isinstance(node.value, str) else {HOLE}
        if isinstance(node, ast.JoinedStr):
            parts = [self._part(one, value, depth) for value in node.values]
            return {"".join(words) for words in product(*parts)}
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            sides = self.of(one, node.left, depth + 1), self.of(one, node.right, depth + 1)
            return {left + right for left, right in product(*sides)}
        if isinstance(node, ast.IfExp):
            return self.of(one, node.body, depth + 1) | self.of(one, node.orelse, depth + 1)
        if isinstance(node, ast.BoolOp):
            return {text for value in node.values for text in self.of(one, value, depth + 1)}
        if isinstance(node, ast.Name):
            return self._name(one, node, depth)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            return self._item(one, node, depth)
        if isinstance(node, ast.Call):
            return self._call(one, node, depth)
        return {HOLE}

    def _part(self, one: Module, value: ast.expr, depth: int) -> set[str]:
        if not isinstance(value, ast.FormattedValue):
            return self.of(one, value, depth + 1)
        inner = value.value
        if value.conversion == -1 and isinstance(inner, ast.IfExp):
            return self.of(one, inner, depth + 1)
        if value.conversion == -1 and isinstance(inner, ast.Name | ast.Subscript):
            # Only a phrase is part of the sentence; a word is a value that stands in it.
            texts = self.of(one, inner, depth + 1)
            phrases = {text for text in texts if " " in text}
            return phrases | (texts - phrases and {"" if phrases and "" in texts else HOLE})
        return {HOLE}

    def _name(self, one: Module, node: ast.Name, depth: int) -> set[str]:
        owner = one.function(node)
        while True:
            found = set()
            for value, at in self._bound(owner, node.id):
                found |= self._taken(one, value, at, depth)
            if isinstance(owner, ast.FunctionDef):
                found |= self._passed(one, owner, node.id, depth)
            if owner is one.tree:
                found = found or self._imported(one, node.id, depth)
            if found or owner is one.tree:
                return found or {HOLE}
            owner = one.function(owner)

    def _imported(self, one: Module, name: str, depth: int) -> set[str]:
        """What a constant of another file stands for."""
        found: set[str] = set()
        for other in self.modules:
            if other is not one and one.takes(name, other):
                for value, at in self._bound(other.tree, name):
                    found |= self._taken(other, value, at, depth)
        return found

    def _bound(self, owner: ast.AST, name: str) -> Iterator[tuple[ast.expr, int | None]]:
        """What a name is bound to in a function: the expression, and which item of it (None: all of it)."""
        for node in owner.body if isinstance(owner, ast.Module) else ast.walk(owner):
            pairs: list[tuple[ast.expr, ast.expr]] = []
            if isinstance(node, ast.Assign):
                pairs = [(target, node.value) for target in node.targets]
            elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
                pairs = [(node.target, node.value)]
            elif isinstance(node, ast.For):
                pairs = [(node.target, node.iter)]
            for target, value in pairs:
                if isinstance(target, ast.Name) and target.id == name:
                    yield value, None if not isinstance(node, ast.For) else -1
                elif isinstance(target, ast.Tuple):
                    for at, part in enumerate(target.elts):
                        if isinstance(part, ast.Name) and part.id == name:
                            if isinstance(value, ast.Tuple):
                                yield value.elts[at], None
                            else:
                                yield value, at

    def _passed(self, one: Module, function: ast.FunctionDef, name: str, depth: int) -> set[str]:
        """What calls pass for a parameter, in the same file and in those that import the function."""
        names = [item.arg for item in function.args.args if item.arg != "self"]
        found: set[str] = set()
        if name in names:
            at = names.index(name)
            for other in self.modules:
                if other is one or other.takes(function.name, one):
                    for node in ast.walk(other.tree):
                        if isinstance(node, ast.Call) and _called(node) == function.name and len(node.args) > at:
                            found |= self.of(other, node.args[at], depth + 1)
        return found

    def _taken(self, one: Module, value: ast.expr, at: int | None, depth: int) -> set[str]:
        if at is None:
            return self.of(one, value, depth + 1)
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name | ast.Attribute):
            return self._items(_called(value), at, depth)
        return set()

    def _item(self, one: Module, node: ast.Subscript, depth: int) -> set[str]:
        assert isinstance(node.value, ast.Name)
        at = node.slice.value if isinstance(node.slice, ast.Constant) else None
        found: set[str] = set()
        if isinstance(at, int):
            for value, _ in self._bound(one.function(node), node.value.id):
                if isinstance(value, ast.Call):
                    found |= self._items(_called(value), at, depth)
                elif isinstance(value, ast.Tuple) and at < len(value.elts):
                    found |= self.of(one, value.elts[at], depth + 1)
        return found or {HOLE}

    def _items(self, name: str, at: int, depth: int) -> set[str]:
        """One item of the tuples that a function returns or yields (−1: all that it yields)."""
        found: set[str] = set()
        for one, function in self.functions.get(name, ()):
            for node in ast.walk(function):
                given = node.value if isinstance(node, ast.Return | ast.Yield) else None
                if isinstance(given, ast.Tuple) and 0 <= at < len(given.elts):
                    found |= self.of(one, given.elts[at], depth + 1)
                elif given is not None and at == -1:
                    found |= self.of(one, given, depth + 1)
        return found

    def _call(self, one: Module, node: ast.Call, depth: int) -> set[str]:
        name = _called(node)
        if name == "str":
            return {HOLE}
        found: set[str] = set()
        for other, function in self.functions.get(name, ()):
            for inner in ast.walk(function):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    found |= self.of(other, inner.value, depth + 1)
        return found or {HOLE}


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@frozen
class Collected:
    """What can reach a finding: templates by slot, each with a place, and expressions that nothing is known of."""

    templates: Mapping[tuple[str, str], str]
    unknown: frozenset[tuple[str, str]]


def collected() -> Collected:
    """Every (slot, template) that can reach a finding."""
    modules = [module(path) for path in files()]
    texts = Texts(modules)
    found: dict[tuple[str, str], str] = {}
    unknown: set[tuple[str, str]] = set()
    for one, slot, given in _handed(modules):
        for text in texts.of(one, given):
            if text == HOLE:
                unknown.add((slot, ast.unparse(given)))
            elif text:
                found.setdefault((slot, text), f"{one.path.name}:{given.lineno}: {ast.unparse(given)}")
    return Collected(found, frozenset(unknown))


def _handed(modules: Iterable[Module]) -> Iterator[tuple[Module, str, ast.expr]]:
    """Every expression that is handed to a call that words of a finding go through, with its slot."""
    for one in modules:
        for node in ast.walk(one.tree):
            if isinstance(node, ast.Call):
                for slot, given in _arguments(one, node):
                    yield one, slot, given
            elif isinstance(node, ast.FunctionDef) and (one.path.parent.name, one.full_name(node)) in RETURNING:
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return | ast.Yield) and inner.value is not None:
                        yield one, "message", inner.value


def _arguments(one: Module, node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    name = _called(node)
    slots = CASE_FAULT if (one.path.name, name) == ("cases.py", "Fault") else SINKS.get(name, ())
    if name in ("add", "at") and (len(node.args) < 3 or ast.unparse(node.func).startswith("self.")):
        return
    for at, slot in slots:
        keyword = next((item.value for item in node.keywords if item.arg == slot), None)
        given = keyword if keyword is not None else node.args[at] if 0 <= at < len(node.args) else None
        if given is not None and not isinstance(given, ast.Starred):
            yield slot, given


def of_toml() -> set[str]:
    """What the TOML reader of the standard library says of a file that it cannot read."""
    one = module(Path(inspect.getsourcefile(tomllib.loads) or ""))
    texts, found = Texts([one]), set()
    for node in ast.walk(one.tree):
        if isinstance(node, ast.Call) and len(node.args) == 3:
            if _called(node) == "suffixed_err":
                found |= texts.of(one, node.args[2])
            elif _called(node) == "TOMLDecodeError":
                found |= texts.of(one, node.args[0])
    return found - {HOLE}


def of_formulas() -> set[str]:
    """The names by which the kernel tells what may not stand in a formula."""
    nodes = (node for path in files() for node in ast.walk(module(path).tree))
    (function,) = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == "word_of"]
    words = next(node.value for node in ast.walk(function) if isinstance(node, ast.Assign))
    assert isinstance(words, ast.Dict)
    return {value.value for value in words.values if isinstance(value, ast.Constant)}
