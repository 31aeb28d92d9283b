"""A sampler on disk: written whole, read again only by the run that wrote it.

One file: a first line of JSON that says whose it is, then the sampler as Python pickles it. The
problem itself stays out of it; the run that resumes brings its own, which must be the same.
"""

import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from kpksim.errors import DataError
from kpksim.writing import new_file

_KIND = "kpksim sampler checkpoint"


@dataclass(frozen=True)
class Checkpoint:
    """A place for the state of one run.

    Attributes
    ----------
    path : Path
        The file.
    identity : mapping of str to str
        Everything that makes another run another run.
    outside : mapping of str to object
        Objects that the state points to and that are not stored, by name.
    """

    path: Path
    identity: Mapping[str, str]
    outside: Mapping[str, object]

    def save(self, state: object) -> None:
        """Write a state in place of the earlier one.

        Parameters
        ----------
        state : object
            The state.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        buffer = BytesIO()
        _Pickler(buffer, self.outside).dump(state)
        content = buffer.getvalue()
        head = {"kind": _KIND, **self.identity, "sha256": sha256(content).hexdigest()}
        with new_file(self.path) as fresh:
            fresh.write_bytes(json.dumps(head).encode() + b"\n" + content)

    def load(self) -> Any:
        """Read the state back.

        Returns
        -------
        object or None
            The state; None when there is no file.

        Raises
        ------
        DataError
            If the file is no checkpoint, is damaged, or belongs to another run.
        """
        if not self.path.exists():
            return None
        head, content = self._parts()
        for key, mine in self.identity.items():
            if head.get(key) != mine:
                raise self._refused(
                    f"belongs to another run ({key} {_short(head.get(key))}, here {_short(mine)})"
                )
        if head.get("sha256") != sha256(content).hexdigest():
            raise self._refused("is damaged")
        return _Unpickler(BytesIO(content), self.outside).load()

    def clear(self) -> None:
        """Remove the file once its run has ended and its result is safe."""
        self.path.unlink(missing_ok=True)

    def _parts(self) -> tuple[dict[str, str], bytes]:
        """Give the first line and the rest."""
        try:
            line, _, content = self.path.read_bytes().partition(b"\n")
            head = json.loads(line)
        except (ValueError, OSError):
            head = None
        if not isinstance(head, dict) or head.get("kind") != _KIND:
            raise self._refused("is no checkpoint of a calibration")
        return head, content

    def _refused(self, why: str) -> DataError:
        """Make the error for a file that cannot be resumed from."""
        return DataError(
            f"{self.path}: {why}, so the run cannot resume from it; nothing was changed: "
            "remove the file to start anew, or name another folder"
        )


class _Pickler(pickle.Pickler):
    """Stores names in place of the objects that stay outside."""

    def __init__(self, file: BytesIO, outside: Mapping[str, object]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._names = {id(one): name for name, one in outside.items()}

    def persistent_id(self, obj: object) -> str | None:
        """Give the name of an object that is not stored."""
        return self._names.get(id(obj))


class _Unpickler(pickle.Unpickler):
    """Puts the objects that stayed outside in the place of their names."""

    def __init__(self, file: BytesIO, outside: Mapping[str, object]) -> None:
        super().__init__(file)
        self._outside = outside

    def persistent_load(self, pid: str) -> object:
        """Give the object that a name stands for."""
        return self._outside[pid]


def _short(text: str | None) -> str:
    """Cut a long value to what a message can bear."""
    shown = text or "not stated"
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
