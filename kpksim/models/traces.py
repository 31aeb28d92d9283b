"""Whether every source that a model file names is known."""

from collections.abc import Iterator

from kpksim.bibliography import check_source
from kpksim.models.document import ModelDocument


def check_sources(document: ModelDocument) -> None:
    """Refuse a source that the bibliography does not hold.

    Parameters
    ----------
    document : ModelDocument
        A model file; its source ``"user"`` is no paper and is always known.

    Raises
    ------
    DataError
        At the first unknown source; the message gives the place inside the file.
    """
    for place, key in _sources(document):
        if key is not None:
            check_source(key, place, "model")


def _sources(document: ModelDocument) -> Iterator[tuple[str, str | None]]:
    """Give every place where a source is named."""
    yield "source", document.source
    for k, key in enumerate(document.fitted_to):
        yield f"fitted_to.{k + 1}", key
    for name, parameter in document.parameters.items():
        yield f"parameters.{name}.source", parameter.source
        for spread in ("iiv", "iov"):
            record = getattr(parameter, spread)
            yield f"parameters.{name}.{spread}.source", record.source if record else None
    for k, block in enumerate(document.variability):
        yield f"variability.{k + 1}.source", block.source
    for name, residual in document.residual.items():
        yield f"residual.{name}.source", residual.source
