"""Taxes: which apply, what the price holds of them, and what they come to."""

from fractions import Fraction as F
from math import floor

from basket import channel_named
from rounding import spread


def members(basket, tax_id):
    tax = basket.taxes[tax_id]
    if tax.get("kind", "percent") != "group":
        return [tax_id]
    return [found for member in tax["members"] for found in members(basket, member)]


def applying(basket, tax_ids):
    """The taxes that apply, by sequence, each once."""
    found = {member for tax_id in tax_ids for member in members(basket, tax_id)}
    taxes = [basket.taxes[tax_id] for tax_id in found]
    taxes = [
        tax
        for tax in taxes
        if not tax.get("channels") or basket.channel in [channel_named(name) for name in tax["channels"]]
    ]
    return sorted(taxes, key=lambda tax: tax["place"])


def treatment(basket, tax, shelf=False):
    """How the tax is treated for this customer, or (`shelf`) for anybody."""
    own = tax.get("treatment", "collected")
    exempt = basket.customer.get("exempt")
    if own == "collected" and exempt and not shelf:
        if not exempt.get("taxes") or tax["id"] in exempt["taxes"]:
            return exempt.get("treatment", "exempt")
    return own


def rate_of(tax):
    """What one unit of the base brings; a division tax is a part of the price with the tax in it."""
    rate = F(tax["amount"]) / 100
    return rate if tax.get("kind", "percent") == "percent" else rate / (1 - rate)


def inside(basket, taxes, shelf=False):
    """Included taxes as `(tax, part of the base, amount per unit)`; exact."""
    found = []
    for tax in taxes:
        if not tax.get("included") or treatment(basket, tax, shelf) != "collected":
            continue
        base, fixed = F(1), F(0)
        if tax.get("affected_by_previous", True):
            for before, part, amount in found:
                if before.get("affects_next"):
                    base, fixed = base + part, fixed + amount
        if tax.get("kind", "percent") == "fixed":
            found.append((tax, F(0), F(tax["amount"]) * basket.unit))
        else:
            rate = rate_of(tax)
            found.append((tax, base * rate, fixed * rate))
    return found


def gross(basket, line, unit_price):
    """`unit price × quantity`, without the included taxes that the customer does not pay."""
    quantity = F(line["quantity"])
    amount = unit_price * quantity * basket.unit
    taxes = applying(basket, line.get("taxes", []))
    shelf, own = inside(basket, taxes, shelf=True), inside(basket, taxes)
    if [tax["id"] for tax, _, _ in shelf] != [tax["id"] for tax, _, _ in own]:
        base = (amount - sum(fixed for _, _, fixed in shelf) * quantity) / (1 + sum(part for _, part, _ in shelf))
        base = max(base, F(0))
        amount = base * (1 + sum(part for _, part, _ in own)) + sum(fixed for _, _, fixed in own) * quantity
    return basket.round(amount)


def taxes_together(basket, parts):
    """Taxes of parts `(net, quantity, taxes)` rounded together: for each `{tax id: (base, amount)}`."""
    bases, included = out_of_prices(basket, parts)
    answer = [{} for _ in parts]
    every = {tax["id"] for _, _, taxes in parts for tax in taxes}
    for name in sorted(every, key=lambda name: basket.taxes[name]["place"]):
        tax = basket.taxes[name]
        of = [at for at in range(len(parts)) if name in [other["id"] for other in parts[at][2]]]
        own = [bases[at] + taxed_before(basket, tax, answer[at]) for at in of]
        if treatment(basket, tax) != "collected":
            amounts = [0] * len(of)
        elif tax.get("included"):
            amounts = [included[at].get(name, 0) for at in of]
        elif tax.get("kind", "percent") == "fixed":
            quantities = [F(parts[at][1]) for at in of]
            amounts = spread(basket.round(F(tax["amount"]) * basket.unit * sum(quantities)), quantities)
        else:
            amounts = spread(basket.round(sum(own) * rate_of(tax)), [max(base, 0) for base in own])
        for at, base, amount in zip(of, own, amounts):
            answer[at][name] = (base, amount)
    return answer


def taxed_before(basket, tax, answer):
    """Amounts of earlier taxes that are taxed again."""
    if not tax.get("affected_by_previous", True):
        return 0
    again = 0
    for before, (_, amount) in answer.items():
        other = basket.taxes[before]
        if other.get("affects_next") and (other.get("included") or not tax.get("included")):
            again += amount
    return again


def out_of_prices(basket, parts):
    """Takes the included taxes out of the prices: `(what is left of each, {tax id: amount} of each)`.

    Parts with the same included taxes are rounded as one, then each tax is spread over them.
    """
    bases, included = [net for net, _, _ in parts], [{} for _ in parts]
    keys = [tuple(tax["id"] for tax, _, _ in inside(basket, taxes)) for _, _, taxes in parts]
    for key in sorted(set(keys), key=lambda key: [basket.taxes[name]["place"] for name in key]):
        if not key:
            continue
        group = [at for at in range(len(parts)) if keys[at] == key]
        found = inside(basket, parts[group[0]][2])
        net, quantity = sum(parts[at][0] for at in group), sum(F(parts[at][1]) for at in group)
        for (tax, _, _), amount in zip(found, amounts_inside(basket, found, net, quantity)):
            shares = spread(amount, [max(bases[at], 0) for at in group])
            for at, share in zip(group, shares):
                included[at][tax["id"]] = share
                bases[at] -= share
    return bases, included


def amounts_inside(basket, found, net, quantity):
    """What each of the included taxes `found` has of `net`; together they are what the rounded base leaves."""
    fixed = sum(amount for _, _, amount in found) * quantity
    base = max((net - fixed) / (1 + sum(part for _, part, _ in found)), F(0))
    whole = net - basket.round(base)
    exact = [base * part + amount * quantity for _, part, amount in found]
    if any(part < 0 for _, part, _ in found):
        amounts = [basket.round(amount) for amount in exact]
        largest = max(range(len(amounts)), key=lambda at: (abs(amounts[at]), -at))
        amounts[largest] += whole - sum(amounts)
        return amounts
    if fixed == 0:
        # Rates are compared to 10⁻¹².
        weights = [floor(part * 10**12) for _, part, _ in found]
    else:
        weights = [floor(amount * 10**6) for amount in exact]
    return spread(whole, weights) if any(weights) else [0] * len(weights)
