"""The lines of the tables that a card of a model shows."""

from collections.abc import Iterator

from kpksim.models import Administration, Flow, Model, Parameter, Residual
from kpksim.models.placement import returns

Row = tuple[str, ...]


def flow_rows(model: Model) -> Iterator[tuple[str, str]]:
    """Give one line for each dose and flow, with the parameters on it."""
    for one in model.administrations:
        name = f"{one.route} ({one.product})" if one.product else one.route
        yield f"  dose {name} -> {one.into}", _fate(model, one)
    drawn: list[Flow] = []
    for flow in model.flows:
        if any(returns(flow, other) for other in drawn):
            continue
        drawn.append(flow)
        arrow = "<->" if any(returns(other, flow) for other in model.flows) else "->"
        shares = [
            name if share == 1.0 else f"{name} ({share})" for name, share in flow.arrivals.items()
        ]
        yield f"  {flow.origin} {arrow} {' + '.join(shares) or 'out of the body'}", _size(flow)
    for enzyme in model.enzymes:
        size = f"turnover {enzyme.turnover}, emax {enzyme.emax}, ec50 {enzyme.ec50}"
        yield f"  {enzyme.inducer} induces {enzyme.name}", size


def _fate(model: Model, entry: Administration) -> str:
    """Say what becomes of a dose: drug, share, and what else it or its compartment says."""
    into = model.compartments[model.index(entry.into)]
    shares = [f"{dose:g} mg {share}" for dose, share in entry.fraction_by_dose.items()]
    said = {"drug": entry.drug, "share": ", ".join(shares) or entry.fraction}
    for word in ("bioavailability", "lag", "duration", "rate"):
        said[word] = getattr(entry, word) or getattr(into, word)
    return ", ".join(f"{word} {what}" for word, what in said.items() if what is not None)


def parameter_row(parameter: Parameter) -> Row:
    """Give one line of the table of parameters."""
    place = parameter.where or parameter.reason
    if parameter.range:
        place += f" (range {parameter.range[0]} to {parameter.range[1]})"
    name, text = parameter.name, parameter.text
    if parameter.expression:
        text = f"= {text}"
    where = f"{parameter.source}: {place}" if place else parameter.source
    return name, text, parameter.kind, parameter.grade, where


def tables_of_spread(model: Model) -> dict[Row, list[Row]]:
    """Give covariates, variability and residual error: headings, and their lines."""
    return {
        ("covariate", "reference", "range", "acts on"): [
            (one.name, one.reference, " to ".join(one.range or ()) or ", ".join(one.categories),
             ", ".join(_effects(model, one.name)))
            for one in model.covariates.values()
        ],
        ("varies", "between", "size", "grade", "where"): list(_spread_rows(model)),
        ("residual error", "size", "grade", "where"): [
            (name, _residual_size(one), one.trace.grade, _place(*one.trace))
            for name, one in model.residual.items()
        ],
    }  # fmt: skip


def _effects(model: Model, covariate: str) -> Iterator[str]:
    """Name the parameters that a covariate changes, a power with its exponent."""
    for name, parameter in model.parameters.items():
        if parameter.expression and covariate in parameter.expression.names:
            yield name
        for one in parameter.scalings:
            if one.covariate == covariate:
                words = [f"{word} x {factor:g}" for word, factor in (one.factors or {}).items()]
                detail = {"power": f"^{one.exponent:g}", "category": f" ({', '.join(words)})"}
                yield name + detail.get(one.form, "")


def _spread_rows(model: Model) -> Iterator[Row]:
    """Give one line for each variance and covariance between people, and between doses."""
    for block in model.blocks:
        origin = (block.trace.grade, _place(*block.trace))
        for k, name in enumerate(block.parameters):
            scale = model.parameters[name].iiv
            size = f"omega2 {block.omega[k, k]:.4g} ({scale.scale if scale else 'log'})"
            yield name, "people", size, *origin
            for j in range(k):
                pair = f"{block.parameters[j]}, {name}"
                yield pair, "people", f"covariance {block.omega[j, k]:.4g}", *origin
    for parameter in model.parameters.values():
        if one := parameter.iov:
            place = _place(one.grade, one.source, one.where, one.reason)
            size = f"omega2 {one.omega2:.4g} ({one.scale})"
            yield parameter.name, "doses", size, one.grade, place


def _size(flow: Flow) -> str:
    """Say which parameters are on a flow."""
    said = {
        "rate": flow.rate, "clearance": flow.clearance, "vmax": flow.vmax, "km": flow.km,
        "enzyme": flow.enzyme,
    }  # fmt: skip
    return ", ".join(f"{key} {name}" for key, name in said.items() if name is not None)


def _residual_size(residual: Residual) -> str:
    """Say how large a residual error is."""
    parts = {
        f"{100.0 * residual.proportional:.3g} %": residual.proportional,
        str(residual.additive): residual.additive,
        f"{residual.log:.3g} on the log scale": residual.log,
    }
    return " + ".join(text for text, size in parts.items() if size)


def _place(grade: str, source: str, where: str, reason: str) -> str:
    """Say where a number comes from, or why it was chosen."""
    said = reason if grade == "D" and reason else where
    return f"{source}: {said}" if said else source
