"""A whole order: lines → promotions → order discount → service charge → tax → cash rounding."""

from fractions import Fraction as F

from basket import Basket, mode_named
from conditions import holds, is_for
from promotions import promote
from rounding import rounded, spread
from taxes import applying, gross, taxes_together


class TooMuchOff(Exception):
    """A discount by hand is more than what it is taken off."""


def price(data):
    """The order of a basket, or `{"error": "discount"}`."""
    try:
        return priced(Basket(data))
    except TooMuchOff:
        return {"error": "discount"}


def priced(basket):
    grosses, lefts = line_amounts(basket)
    lefts = [left - off for left, off in zip(lefts, promote(basket, lefts))]

    order_discount = basket.data.get("order_discount")
    before_tax = not order_discount or order_discount.get("before_tax", True)
    given = discount_of(basket, order_discount if before_tax else None, sum(lefts))
    nets = [left - share for left, share in zip(lefts, spread(given, lefts) if lefts else [])]

    charge, charge_taxes, weights = service_charge(basket, grosses, nets)
    parts = [(net, line["quantity"], applying(basket, line.get("taxes", []))) for net, line in zip(nets, basket.lines)]
    parts.append((charge, 0, applying(basket, charge_taxes)))
    if basket.per_order:
        taxes = taxes_together(basket, parts)
    else:
        taxes = [taxes_together(basket, [part])[0] for part in parts]
    tops = [on_top(basket, found) for found in taxes]

    # What each line has of the total: its net, its taxes and its part of the charge.
    charge_parts = spread(charge + tops[-1], weights) if weights else []
    shares = [net + top + part for net, top, part in zip(nets, tops, charge_parts)]
    total = sum(nets) + charge + sum(tops)
    after = 0
    if not before_tax:
        after = discount_of(basket, order_discount, total)
        offs = spread(after, [max(share, 0) for share in shares])
        shares = [share - off for share, off in zip(shares, offs)]
        total -= after

    lines = []
    for at, line in enumerate(basket.lines):
        shown = {
            "id": line["id"],
            "gross": basket.show(grosses[at]),
            "discounts": basket.show(grosses[at] - nets[at]),
            "net": basket.show(nets[at]),
            "taxes": shown_taxes(basket, taxes[at]),
            "total": basket.show(nets[at] + tops[at]),
            "share": basket.show(shares[at]),
        }
        lines.append((line["at"], shown))
    by_tax = together(taxes)
    return {
        "lines": [line for _, line in sorted(lines, key=lambda line: line[0])],
        "subtotal": basket.show(sum(grosses)),
        "discount_total": basket.show(sum(grosses) - sum(nets) + after),
        "service_charge": basket.show(charge),
        "tax_total": basket.show(sum(amount for _, amount in by_tax.values())),
        "taxes": shown_taxes(basket, by_tax),
        "rounding": basket.show(cash_rounding(basket, total)),
        "total": basket.show(total),
    }


def line_amounts(basket):
    """`(gross, gross less its own discount)` of all lines."""
    grosses, lefts = [], []
    for line in basket.lines:
        unit = listed_price(basket, line, F(line["unit_price"]))
        for modifier in line.get("modifiers", []):
            unit += F(modifier["unit_price"]) * int(modifier.get("quantity", 1))
        amount = gross(basket, line, unit)
        grosses.append(amount)
        lefts.append(amount - discount_of(basket, line.get("discount"), amount))
    return grosses, lefts


def listed_price(basket, line, own):
    """The price on the list of the highest priority, for the quantity of the item in the whole basket."""
    if line.get("price_fixed") or "sku" not in line:
        return own
    quantity = sum(F(other["quantity"]) for other in basket.lines if other.get("sku") == line["sku"])

    def least(step):
        return F(step.get("from_quantity", 0))

    best = None
    for place, rule in enumerate(basket.data.get("price_lists", [])):
        if not is_for(basket, rule) or not holds(basket, rule):
            continue
        steps = [step for step in rule["prices"] if step["sku"] == line["sku"] and least(step) <= quantity]
        if steps:
            key = (-rule.get("priority", 0), F(max(steps, key=least)["unit_price"]), place)
            best = min(best, key) if best else key
    return best[1] if best else own


def discount_of(basket, discount, amount):
    """What a discount by hand takes off `amount`."""
    if not discount:
        off = 0
    elif "percent" in discount:
        off = basket.round(amount * F(discount["percent"]) / 100)
    else:
        off = basket.money(discount["amount"])
    if off > amount:
        raise TooMuchOff
    return off


def service_charge(basket, grosses, nets):
    """`(the charge, its taxes, what it is spread by)`."""
    service = basket.data.get("service_charge")
    if not service or not is_for(basket, {"channels": service.get("channels")}):
        return 0, [], nets
    weights = grosses if service.get("before_discount") else nets
    charge = basket.round(sum(weights) * F(service["percent"]) / 100)
    return charge, service.get("taxes", []) if charge else [], weights


def on_top(basket, found):
    """The taxes that are not in the price."""
    return sum(amount for name, (_, amount) in found.items() if not basket.taxes[name].get("included"))


def together(taxes):
    """The taxes of all parts as `{tax id: (base, amount)}`."""
    by_tax = {}
    for found in taxes:
        for name, (base, amount) in found.items():
            so_far = by_tax.get(name, (0, 0))
            by_tax[name] = (so_far[0] + base, so_far[1] + amount)
    return by_tax


def shown_taxes(basket, found):
    names = sorted(found, key=lambda name: basket.taxes[name]["place"])
    return [{"id": name, "base": basket.show(found[name][0]), "amount": basket.show(found[name][1])} for name in names]


def cash_rounding(basket, total):
    """What paying in cash (all of it, or an amount) adds."""
    in_cash, rule = basket.data.get("cash", False), basket.data.get("cash_rounding")
    if not in_cash or rule is None:
        return 0
    part = total if in_cash is True else basket.money(in_cash)
    step = basket.money(rule["increment"])
    return rounded(F(part, step), mode_named(rule.get("mode", "half_up"))) * step - part
