"""TOML documents are refused with file, place, rule and way out."""

from typing import Literal

import pytest
from pydantic import Field

from kpksim.documents import (
    Document,
    at_place,
    check_document,
    parse_document,
    read_document,
    read_text,
)
from kpksim.errors import DataError, UnitError


class Leaf(Document):
    size: float = 1.0
    colour: Literal["red", "green"] = "red"


class Tree(Document):
    name: str
    leaf: Leaf | list[Leaf] | None = None
    twigs: list[Leaf] = Field(default_factory=list)
    roots: dict[str, Leaf] = Field(default_factory=dict)


FAULTS = {
    "size = 1": "f.toml: size: unknown key; known keys: leaf, name, roots, twigs",
    'nmae = "oak"': 'f.toml: nmae: unknown key; did you mean "name"? known keys: leaf, name, '
    "roots, twigs",
    "": "f.toml: name: this key is missing",
    "name = 3": "f.toml: name: input should be a valid string, got 3",
    'name = "oak"\nleaf = 3': "f.toml: leaf: must be a table, got 3",
    'name = "oak"\n[leaf]\nsiz = 1': 'f.toml: leaf.siz: unknown key; did you mean "size"? known '
    "keys: colour, size",
    'name = "oak"\nleaf = [{ size = 1 }, { siz = 1 }]': 'f.toml: leaf.2.siz: unknown key; did you '
    'mean "size"? known keys: colour, size',
    'name = "oak"\n[[twigs]]\n[[twigs]]\ncolor = "red"': 'f.toml: twigs.2.color: unknown key; did '
    'you mean "colour"? known keys: colour, size',
    'name = "oak"\n[roots.name]\nsiz = 1': 'f.toml: roots.name.siz: unknown key; did you mean '
    '"size"? known keys: colour, size',
    'name = "oak"\n[roots.size]\nsize = "1"': "f.toml: roots.size.size: input should be a valid "
    "number, got '1'",
    'name = "oak"\n[roots.a]\nsize = nan': "f.toml: roots.a.size: input should be a finite number, "
    "got nan",
    'name = "oak"\n[roots.a]\ncolour = "grene"': "f.toml: roots.a.colour: must be one of red, "
    'green, got \'grene\'; did you mean "green"?',
    'name = "oak"\n[roots.a]\ncolour = 3': "f.toml: roots.a.colour: must be one of red, green, "
    "got 3",
    'name = "oak"\ntwigs = "two"': "f.toml: twigs: input should be a valid list, got 'two'",
    'name = "oak"\nname = "elm"\n': "f.toml: a key stands twice (Cannot overwrite a value (at line "
    "2, column 13)); keep one of them",
    "name = oak": "f.toml: is not valid TOML: Invalid value (at line 1, column 8)",
}  # fmt: skip


@pytest.mark.parametrize("text", FAULTS)
def test_fault_is_told_with_its_place(text):
    with pytest.raises(DataError, match=r"^f\.toml: ") as refusal:
        parse_document(text, Tree, "f.toml")
    assert str(refusal.value) == FAULTS[text]


def test_document_that_keeps_its_schema_is_frozen():
    tree = parse_document('name = "oak"\n[[twigs]]\nsize = 2', Tree, "f.toml")
    assert tree.twigs[0].size == 2.0
    assert check_document({"name": "oak"}, Tree, "here").name == "oak"
    with pytest.raises(ValueError, match="frozen"):
        tree.name = "elm"


def test_file_is_read_with_or_without_a_byte_order_mark(tmp_path):
    path = tmp_path / "tree.toml"
    for mark in ("", "\ufeff"):
        path.write_text(f'{mark}name = "Öak"', encoding="utf-8")
        assert read_text(path) == 'name = "Öak"'
        assert read_document(path, Tree).name == "Öak"


def test_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.toml: no such file"):
        read_text(tmp_path / "none.toml")
    with pytest.raises(DataError, match="is a folder, expected a file"):
        read_text(tmp_path)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b'name = "\xff"')
    with pytest.raises(DataError, match=r"binary\.toml: is not UTF-8 text"):
        read_document(binary, Tree)
    with pytest.raises(DataError, match="cannot be read"):
        read_text(binary / "below.toml")


def test_places_stand_before_a_message_from_the_outside_in():
    with (
        pytest.raises(DataError, match=r"^f\.toml: dose: not a quantity$"),
        at_place("f.toml"),
        at_place("dose"),
    ):
        raise UnitError("not a quantity")
