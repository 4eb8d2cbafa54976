"""Mutants: small faults of a source, each made by one edit of its text."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
}
ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}
NAMES = {"min": "max", "minimum": "maximum", "any": "all", "argmin": "argmax", "floor": "ceil", "left": "right"}
NAMES |= {there: here for here, there in NAMES.items()}
"""Functions, and sides to search from, that stand for one another."""


@dataclass(frozen=True)
class Mutant:
    """``line`` of ``function`` ("" outside of any) in ``module``, a path, ``becomes`` another.

    ``start`` to ``end`` of the source's bytes are replaced by ``text``; ``number`` is that of the line.
    """

    module: str
    function: str
    number: int
    line: str
    becomes: str
    start: int
    end: int
    text: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is known by when lines have moved."""
        return self.module, self.function, self.line, self.becomes

    def applied(self, source: bytes) -> bytes:
        """The source with the fault."""
        return self.source_with(source, self.start, self.end, self.text)

    @staticmethod
    def source_with(source: bytes, start: int, end: int, text: str) -> bytes:
        """A source of which one piece is another."""
        return source[:start] + text.encode() + source[end:]


def mutants(module: str, source: bytes) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    found = _Finder(module, source)
    found.visit(ast.parse(source))
    return sorted(found.mutants, key=lambda one: (one.start, one.end, one.text))


class _Finder(ast.NodeVisitor):
    def __init__(self, module: str, source: bytes) -> None:
        self.mutants: list[Mutant] = []
        self._module, self._source = module, source
        self._begins = [0, *(found.end() for found in re.finditer(rb"\n", source))]
        self._inside: list[str] = []

    # What has no meaning of its own, or is not ours to change: words, types, and what holds for readers of the code.

    def visit_Assert(self, node: ast.Assert) -> None: ...
    def visit_Import(self, node: ast.Import) -> None: ...
    def visit_ImportFrom(self, node: ast.ImportFrom) -> None: ...
    def visit_JoinedStr(self, node: ast.JoinedStr) -> None: ...

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) != "TYPE_CHECKING":
            self._negated(node.test)
            self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if any(ast.unparse(base) == "Protocol" for base in node.bases):
            return
        self._within(node.name, node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._within(node.name, [*node.args.defaults, *(one for one in node.args.kw_defaults if one), *node.body])

    def _within(self, name: str, nodes: list[ast.AST]) -> None:
        self._inside.append(name)
        for node in nodes:
            self.visit(node)
        self._inside.pop()

    # Conditions and operators

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._negated(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self._negated(test)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for left, operator, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            written, others = COMPARISONS[type(operator)]
            self._operator(left, right, written, others)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        written, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._operator(left, right, written, (other,))
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        of_types = isinstance(node.op, ast.BitOr) and "None" in ast.unparse(node)
        if type(node.op) in ARITHMETIC and not of_types:
            written, other = ARITHMETIC[type(node.op)]
            self._operator(node.left, node.right, written, (other,))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        self._replaced(node, self._text(node.operand))
        self.generic_visit(node)

    # Values

    def visit_Constant(self, node: ast.Constant) -> None:
        match node.value:
            case bool():
                self._replaced(node, str(not node.value))
            case int() | float():
                for other in (node.value + 1, node.value - 1)[: 2 if node.value else 1]:
                    self._replaced(node, repr(other))
            case "left" | "right":
                self._replaced(node, repr(NAMES[node.value]))

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in NAMES and isinstance(node.ctx, ast.Load):
            self._replaced(node, NAMES[node.id])

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in NAMES and isinstance(node.ctx, ast.Load):
            end = self._end(node)
            self._edit(end - len(node.attr), end, NAMES[node.attr])
        self.generic_visit(node)

    # Statements

    def visit_Return(self, node: ast.Return) -> None:
        if node.value and ast.unparse(node.value) != "None":
            self._replaced(node.value, "None")
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        (target, *_) = node.targets
        named = {name.id for name in ast.walk(node.value) if isinstance(name, ast.Name)}
        if isinstance(target, ast.Subscript) or (isinstance(target, ast.Name) and target.id in named):
            self._replaced(node, "pass")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._replaced(node, "pass")
        if type(node.op) in ARITHMETIC:
            written, other = ARITHMETIC[type(node.op)]
            self._operator(node.target, node.value, f"{written}=", (f"{other}=",))
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self._replaced(node, "pass")
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        self._replaced(node, "pass")
        self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        self._replaced(node, "pass")

    def visit_Break(self, node: ast.Break) -> None:
        self._replaced(node, "pass")

    # Edits

    def _negated(self, test: ast.expr) -> None:
        self._replaced(test, f"not ({self._text(test)})")

    def _operator(self, left: ast.expr, right: ast.expr, written: str, others: tuple[str, ...]) -> None:
        begin, until = self._end(left), self._start(right)
        between = self._source[begin:until]
        place = re.search(rb"\s+".join(re.escape(word).encode() for word in written.split()), between)
        for other in others if place else ():
            self._edit(begin + place.start(), begin + place.end(), other)

    def _replaced(self, node: ast.AST, text: str) -> None:
        self._edit(self._start(node), self._end(node), text)

    def _edit(self, start: int, end: int, text: str) -> None:
        changed = Mutant.source_with(self._source, start, end, text)
        number = self._source.count(b"\n", 0, start)
        line, becomes = (of.splitlines()[number].decode().strip() for of in (self._source, changed))
        function = ".".join(self._inside)
        self.mutants.append(Mutant(self._module, function, number + 1, line, becomes, start, end, text))

    def _text(self, node: ast.AST) -> str:
        return self._source[self._start(node) : self._end(node)].decode()

    def _start(self, node: ast.AST) -> int:
        return self._begins[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.AST) -> int:
        return self._begins[node.end_lineno - 1] + node.end_col_offset
