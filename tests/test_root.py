"""The names that a script needs, had from the package itself and loaded when first used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import kpksim as kp


def test_import_of_the_package_loads_no_numerics():
    program = "import sys, kpksim; dir(kpksim); print('numpy' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert answer.stdout.strip() == "False"


def test_what_type_checkers_see_is_what_a_script_gets():
    tree = ast.parse(Path(kp.__file__).read_text())
    seen = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("kpksim.")
        for alias in node.names
    }
    assert sorted([*seen, "__version__"]) == sorted(kp.__all__)
    for name, module in seen.items():
        assert getattr(kp, name) is getattr(sys.modules[module], name)


def test_names_are_listed_before_they_are_loaded():
    program = "import kpksim; print(set(kpksim.__all__) <= set(dir(kpksim)))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert answer.stdout.strip() == "True"


def test_another_name_is_refused_as_by_any_module():
    with pytest.raises(AttributeError, match="has no attribute 'simulat'"):
        _ = kp.simulat
