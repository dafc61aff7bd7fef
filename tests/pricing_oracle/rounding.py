"""Whole numbers from exact ones."""

from fractions import Fraction as F
from math import floor


def rounded(value, mode):
    """A whole number next to `value`; the sign does not matter to which."""
    sign, size = (-1, -value) if value < 0 else (1, F(value))
    whole = floor(size)
    rest = size - whole
    if mode == "half_up":
        away = rest >= F(1, 2)
    elif mode == "half_even":
        away = rest > F(1, 2) or (rest == F(1, 2) and whole % 2 == 1)
    elif mode == "up":
        away = rest > 0
    else:
        away = False
    return sign * (whole + (1 if away else 0))


def spread(amount, weights):
    """Largest remainder: the first among equals gets the unit that is left."""
    if amount < 0:
        return [-part for part in spread(-amount, weights)]
    weights = [F(weight) for weight in weights]
    if sum(weights) == 0:
        weights = [F(1)] * len(weights)
    whole = sum(weights)
    exact = [amount * weight / whole for weight in weights]
    parts = [floor(part) for part in exact]
    by_loss = sorted(range(len(parts)), key=lambda at: (-(exact[at] - parts[at]), at))
    for at in by_loss[: amount - sum(parts)]:
        parts[at] += 1
    return parts
