"""A basket with its figures read."""

from fractions import Fraction as F

from rounding import rounded


def channel_named(name):
    """Guests who eat in sit at a table."""
    return {"eat_in": "table"}.get(name, name)


def mode_named(name):
    """`nearest` is half up."""
    return name.replace("nearest", "half_up")


class Basket:
    """What basket.json says, with what is left out filled in."""

    def __init__(self, data):
        self.data = data
        self.digits = data["digits"]
        self.unit = 10**self.digits
        self.mode = mode_named(data.get("rounding_mode", "half_up"))
        self.per_order = data.get("tax_rounding", "line") == "order"
        self.channel = channel_named(data.get("channel", "counter"))
        self.customer = data.get("customer") or {}
        self.coupons = data.get("coupons", [])
        self.taxes = {}
        for place, tax in enumerate(data.get("taxes", [])):
            self.taxes[tax["id"]] = dict(tax, place=(tax.get("sequence", 0), place))
        # Lines by their ids: numbers by size, other texts by letters.
        named = [(line.get("id", str(at + 1)), at, line) for at, line in enumerate(data["lines"])]
        named.sort(key=lambda line: (len(str(line[0])), str(line[0])))
        self.lines = [dict(line, id=str(name), at=at) for name, at, line in named]

    def money(self, text):
        """Minor units of a decimal."""
        amount = F(text) * self.unit
        assert amount.denominator == 1
        return int(amount)

    def round(self, value):
        return rounded(value, self.mode)

    def show(self, minor):
        """A decimal of minor units."""
        sign = "-" if minor < 0 else ""
        digits = str(abs(minor)).rjust(self.digits + 1, "0")
        return sign + (digits if self.digits == 0 else digits[: -self.digits] + "." + digits[-self.digits :])
