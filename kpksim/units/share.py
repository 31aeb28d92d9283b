"""Shares in words."""


def say_share(share: float) -> str:
    """Write a share in percent; a very small one is not called none.

    Parameters
    ----------
    share : float
        A share [1].

    Returns
    -------
    str
        The number.

    Examples
    --------
    >>> say_share(0.294), say_share(0.001), say_share(0.0)
    ('29 %', '< 1 %', '0 %')
    """
    return "< 1 %" if 0.0 < share < 0.005 else f"{100.0 * share:.0f} %"
