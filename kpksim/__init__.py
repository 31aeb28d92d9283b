"""Pharmacokinetics and dose-response of ketamine: regimens in, concentrations and effects out.

Each name below is loaded when it is first used, so that ``import kpksim`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpksim.analysis import compare, read_scenario
    from kpksim.dosing import (
        bolus,
        extended_release,
        infusion,
        intramuscular,
        intranasal,
        oral,
        read_events,
        subcutaneous,
        sublingual,
    )
    from kpksim.library import list_models, load_model
    from kpksim.simulation import simulate

    __version__: str

__all__ = [
    "__version__",
    "bolus",
    "compare",
    "extended_release",
    "infusion",
    "intramuscular",
    "intranasal",
    "list_models",
    "load_model",
    "oral",
    "read_events",
    "read_scenario",
    "simulate",
    "subcutaneous",
    "sublingual",
]

_HOME = {
    "compare": "kpksim.analysis",
    "list_models": "kpksim.library",
    "load_model": "kpksim.library",
    "read_scenario": "kpksim.analysis",
    "simulate": "kpksim.simulation",
}
_DEFAULT_HOME = "kpksim.dosing"


def __getattr__(name: str) -> object:
    """Load a name from the part where it lives, the first time it is asked for."""
    if name == "__version__":
        from importlib.metadata import version

        value: object = version("kpksim")
    elif name in __all__:
        value = getattr(import_module(_HOME.get(name, _DEFAULT_HOME)), name)
    else:
        raise AttributeError(f"module 'kpksim' has no attribute '{name}'")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the names above next to what is loaded."""
    return sorted({*globals(), *__all__})
