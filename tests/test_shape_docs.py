"""What every file of the package has, and what none has."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

TOP = Path(__file__).parent.parent
FILES = sorted((TOP / "kpksim").rglob("*.py"))
EVERYWHERE = sorted(
    file for folder in ("kpksim", "tests", "experiments") for file in (TOP / folder).rglob("*.py")
)
LEFT_OVERS = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
NO_NAMES = {"util", "utils", "helper", "helpers", "misc", "common"}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public(tree: ast.Module) -> Iterator[Definition]:
    """Give the functions and classes of a file, and the methods of the classes, by public name."""
    for node in tree.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(ast.Module(node.body, []))


def code_lines(function: ast.AST, lines: list[str]) -> int:
    """Count the lines of a function without docstring, comments and empty lines."""
    text = lines[function.lineno - 1 : function.end_lineno]
    code = sum(1 for line in text if line.strip() and not line.strip().startswith("#"))
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        doc = lines[first.lineno - 1 : first.end_lineno]
        code -= sum(1 for line in doc if line.strip() and not line.strip().startswith("#"))
    return code


def undocumented(tree: ast.Module) -> list[str]:
    """Name the module and its public names that have no docstring."""
    own = [] if ast.get_docstring(tree) else ["module"]
    return own + [node.name for node in public(tree) if not ast.get_docstring(node)]


def too_long(text: str) -> list[str]:
    """Name the functions of more than fifty code lines."""
    functions = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [node.name for node in functions if code_lines(node, text.splitlines()) > 50]


def faults(files: list[Path], find: Callable[[str], object]) -> dict[str, object]:
    """Give what `find` finds in the text of each file, where it finds something."""
    found = {str(file.relative_to(TOP)): find(file.read_text()) for file in files}
    return {name: fault for name, fault in found.items() if fault}


def test_every_public_name_has_a_docstring():
    assert faults(FILES, lambda text: undocumented(ast.parse(text))) == {}


def test_no_function_is_longer_than_fifty_code_lines():
    assert faults(FILES, too_long) == {}


def test_no_file_is_longer_than_five_hundred_lines():
    assert faults(EVERYWHERE, lambda text: len(text.splitlines()) > 500) == {}


def test_nothing_is_left_to_do():
    assert faults(EVERYWHERE, lambda text: [one for one in LEFT_OVERS if one in text]) == {}


def test_a_file_is_named_for_what_it_holds():
    named = {part.removesuffix(".py") for file in FILES for part in file.relative_to(TOP).parts}
    assert NO_NAMES & named == set()


def test_a_public_method_without_a_docstring_is_found():
    tree = ast.parse('class A:\n    """A."""\n    def b(self): ...\n    def _c(self): ...')
    assert undocumented(tree) == ["module", "b"]


def test_docstring_comments_and_empty_lines_are_no_code():
    source = 'def f():\n    """One.\n\n    # Two.\n    """\n    # why\n\n    return 1\n'
    assert code_lines(ast.parse(source).body[0], source.splitlines()) == 2


def test_a_function_of_fifty_one_lines_is_found():
    lines = ["def f():", *["    pass"] * 50]
    assert too_long("\n".join(lines)) == ["f"]
    assert too_long("\n".join(lines[:-1])) == []
