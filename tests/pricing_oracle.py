#!/usr/bin/env python3
"""Prices baskets slowly and plainly, with fractions: what the engine is compared with.

    pricing_oracle.py make COUNT SEED    random baskets, one `{"basket": …, "expected": …}` a line
    pricing_oracle.py price              baskets from standard input, one a line, their orders on standard output

Written from the rules (tests/schemas/basket.json and the order of computation), not from the engine: pieces are laid out
one by one, rates are exact fractions, and nothing is faster than it needs to be.
"""

import json
import random
import sys
from fractions import Fraction as F
from math import floor


# Rounding and spreading -------------------------------------------------------------------------------------------


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
    exact = [amount * weight / sum(weights) for weight in weights]
    parts = [floor(part) for part in exact]
    by_loss = sorted(range(len(parts)), key=lambda at: (-(exact[at] - parts[at]), at))
    for at in by_loss[: amount - sum(parts)]:
        parts[at] += 1
    return parts


class Basket:
    """A basket with its figures read."""

    def __init__(self, data):
        self.data = data
        self.digits = data["digits"]
        self.unit = 10**self.digits
        self.mode = data.get("rounding_mode", "half_up").replace("nearest", "half_up")
        self.per_order = data.get("tax_rounding", "line") == "order"
        self.channel = {"eat_in": "table"}.get(data.get("channel", "counter"), data.get("channel", "counter"))
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
        amount = F(text) * self.unit
        assert amount.denominator == 1
        return int(amount)

    def round(self, value):
        return rounded(value, self.mode)

    def show(self, minor):
        sign = "-" if minor < 0 else ""
        digits = str(abs(minor)).rjust(self.digits + 1, "0")
        return sign + (digits if self.digits == 0 else digits[: -self.digits] + "." + digits[-self.digits :])


# Taxes ------------------------------------------------------------------------------------------------------------


def members(basket, tax_id):
    tax = basket.taxes[tax_id]
    if tax.get("kind", "percent") != "group":
        return [tax_id]
    return [found for member in tax["members"] for found in members(basket, member)]


def applying(basket, tax_ids):
    """The taxes that apply, by sequence, each once."""
    found = {member for tax_id in tax_ids for member in members(basket, tax_id)}
    taxes = [basket.taxes[tax_id] for tax_id in found]
    taxes = [tax for tax in taxes if not tax.get("channels") or basket.channel in [{"eat_in": "table"}.get(c, c) for c in tax["channels"]]]
    return sorted(taxes, key=lambda tax: tax["place"])


def treatment(basket, tax, shelf=False):
    own = tax.get("treatment", "collected")
    exempt = basket.customer.get("exempt")
    if own == "collected" and exempt and not shelf:
        if not exempt.get("taxes") or tax["id"] in exempt["taxes"]:
            return exempt.get("treatment", "exempt")
    return own


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
        kind, amount = tax.get("kind", "percent"), F(tax["amount"])
        if kind == "fixed":
            found.append((tax, F(0), amount * basket.unit))
        else:
            rate = amount / 100 if kind == "percent" else (amount / 100) / (1 - amount / 100)
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
    bases = [net for net, _, _ in parts]
    of_price = [{} for _ in parts]
    keys = [tuple(tax["id"] for tax, _, _ in inside(basket, taxes)) for _, _, taxes in parts]
    for key in sorted(set(keys), key=lambda key: [basket.taxes[name]["place"] for name in key]):
        if not key:
            continue
        group = [at for at in range(len(parts)) if keys[at] == key]
        net, quantity = sum(parts[at][0] for at in group), sum(F(parts[at][1]) for at in group)
        found = inside(basket, parts[group[0]][2])
        fixed = sum(amount for _, _, amount in found) * quantity
        base = max((net - fixed) / (1 + sum(part for _, part, _ in found)), F(0))
        whole = net - basket.round(base)
        exact = [base * part + amount * quantity for _, part, amount in found]
        if any(part < 0 for _, part, _ in found):
            amounts = [basket.round(amount) for amount in exact]
            largest = max(range(len(amounts)), key=lambda at: (abs(amounts[at]), -at))
            amounts[largest] += whole - sum(amounts)
        elif fixed == 0:
            weights = [part for _, part, _ in found]
            # Rates are compared to 10⁻¹².
            weights = [floor(weight * 10**12) for weight in weights]
            amounts = spread(whole, weights) if any(weights) else [0] * len(weights)
        else:
            weights = [floor(amount * 10**6) for amount in exact]
            amounts = spread(whole, weights) if any(weights) else [0] * len(weights)
        for (tax, _, _), amount in zip(found, amounts):
            shares = spread(amount, [max(bases[at], 0) for at in group])
            for at, share in zip(group, shares):
                of_price[at][tax["id"]] = share
                bases[at] -= share
    answer = [{} for _ in parts]
    every = sorted({tax["id"] for _, _, taxes in parts for tax in taxes}, key=lambda name: basket.taxes[name]["place"])
    for name in every:
        tax = basket.taxes[name]
        of = [at for at in range(len(parts)) if name in [other["id"] for other in parts[at][2]]]
        own = []
        for at in of:
            base = bases[at]
            if tax.get("affected_by_previous", True):
                for before, (_, amount) in answer[at].items():
                    other = basket.taxes[before]
                    if other.get("affects_next") and (other.get("included") or not tax.get("included")):
                        base += amount
            own.append(base)
        kind = tax.get("kind", "percent")
        quantities = [F(parts[at][1]) for at in of]
        if treatment(basket, tax) != "collected":
            amounts = [0] * len(of)
        elif tax.get("included"):
            amounts = [of_price[at].get(name, 0) for at in of]
        elif kind == "fixed":
            amounts = spread(basket.round(F(tax["amount"]) * basket.unit * sum(quantities)), quantities)
        else:
            rate = F(tax["amount"]) / 100
            rate = rate if kind == "percent" else rate / (1 - rate)
            amounts = spread(basket.round(sum(own) * rate), [max(base, 0) for base in own])
        for at, base, amount in zip(of, own, amounts):
            answer[at][name] = (base, amount)
    return answer


# Promotions -------------------------------------------------------------------------------------------------------


def means(target, line):
    target = target or {}
    skus, categories = target.get("skus", []), target.get("categories", [])
    named = not skus and not categories
    named = named or line.get("sku") in skus or line.get("category") in categories
    return named and line.get("sku") not in target.get("except_skus", [])


class Stand:
    """The lines while promotions are taken off them: what is left, and the pieces no set has taken."""

    def __init__(self, basket, lefts):
        self.left = list(lefts)
        self.pieces, self.worth = [], []
        for line, left in zip(basket.lines, lefts):
            whole = F(line["quantity"]).denominator == 1 and not line.get("weighed")
            self.pieces.append(int(F(line["quantity"])) if whole else 0)
            self.worth.append(left if whole else 0)

    def copy(self):
        other = Stand.__new__(Stand)
        other.left, other.pieces, other.worth = list(self.left), list(self.pieces), list(self.worth)
        return other


def parts_of(basket, promotion, times=1):
    found = []
    for part in promotion["parts"]:
        quantity = int(part.get("quantity", 1)) * times
        if "bundle" in part:
            inner = next(p for p in basket.data["promotions"] if p["id"] == part["bundle"])
            found += parts_of(basket, inner, quantity)
        else:
            found.append((part, quantity))
    return found


def off_of(basket, off, amount, times=1):
    if "percent" in off:
        found = basket.round(amount * F(off["percent"]) / 100)
        if "cap" in off:
            found = min(found, basket.money(off["cap"]) * times)
    elif "amount" in off:
        found = basket.money(off["amount"]) * times
    else:
        found = amount - basket.money(off["price"]) * times
    return max(0, min(found, amount))


def evaluate(basket, promotion, stand, most):
    """What it takes off: `({line: amount}, {line: (pieces, their worth)}, times)`."""
    lines = range(len(basket.lines))
    matched = [at for at in lines if means(promotion.get("target"), basket.lines[at])]
    spend = sum(stand.left[at] for at in matched)
    kind = promotion["kind"]
    least = basket.money(promotion["min_spend"]) if "min_spend" in promotion else None
    if least is not None and kind != "free_item" and spend < least:
        return {}, {}, 0

    def worth(at, pieces):
        return basket.round(F(stand.worth[at] * pieces, stand.pieces[at])) if pieces else 0

    def piece(at):
        return floor(F(stand.worth[at] * 1000, stand.pieces[at]))

    def laid_out(which, cheapest=False):
        units = [(-piece(at), at) for at in which for _ in range(stand.pieces[at])]
        units.sort()
        if cheapest:
            # The cheapest first; among equals the last line first.
            units.reverse()
        return [at for _, at in units]

    def tally(units):
        counted = {}
        for at in units:
            counted[at] = counted.get(at, 0) + 1
        return counted

    def limited(amounts):
        return {at: max(0, min(amount, stand.left[at])) for at, amount in amounts.items()}

    def quantity(at):
        return F(basket.lines[at]["quantity"])

    if kind == "percent":
        rate = F(promotion["percent"]) / 100
        return limited({at: basket.round(stand.left[at] * rate) for at in matched}), {}, 1
    if kind == "amount":
        unit = basket.money(promotion["amount"])
        return limited({at: basket.round(unit * quantity(at)) for at in matched}), {}, 1
    if kind == "fixed_price":
        price = F(promotion["price"]) * basket.unit
        return limited({at: stand.left[at] - basket.round(price * quantity(at)) for at in matched}), {}, 1
    if kind == "order_percent":
        amount = off_of(basket, promotion, spend)
        return dict(zip(matched, spread(amount, [stand.left[at] for at in matched]))) if matched else {}, {}, 1
    if kind == "threshold":
        reached = [tier for tier in promotion["tiers"] if basket.money(tier["spend"]) <= spend]
        if not reached or not matched:
            return {}, {}, 0
        amount = off_of(basket, reached[-1], spend)
        return dict(zip(matched, spread(amount, [stand.left[at] for at in matched]))), {}, 1
    if kind in ("buy_get", "free_item"):
        rate = F(promotion.get("percent", "100")) / 100
        if kind == "free_item":
            free = [at for at in lines if means(promotion["free"], basket.lines[at])]
            cheap = laid_out(free, cheapest=True)[: int(promotion.get("quantity", 1))]
            full, times = [], 1
        elif "other" in promotion:
            buy, get = int(promotion["buy"]), int(promotion["get"])
            others = [at for at in lines if means(promotion["other"], basket.lines[at]) and at not in matched]
            bought, given = laid_out(matched), laid_out(others, cheapest=True)
            times = min(len(bought) // buy, len(given) // get, most)
            full, cheap = bought[: times * buy], given[: times * get]
        else:
            buy, get = int(promotion["buy"]), int(promotion["get"])
            units = laid_out(matched)
            times = min(len(units) // (buy + get), most)
            full, cheap = [], []
            for at in range(times):
                group = units[at * (buy + get) : (at + 1) * (buy + get)]
                full += group[:buy]
                cheap += group[buy:]
        full, cheap = tally(full), tally(cheap)
        taken = {at: full.get(at, 0) + cheap.get(at, 0) for at in {**full, **cheap}}
        taken = {at: (pieces, worth(at, pieces)) for at, pieces in taken.items()}
        amounts = {at: basket.round(worth(at, pieces) * rate) for at, pieces in cheap.items()}
        amounts = {at: min(amount, taken[at][1]) for at, amount in amounts.items()}
        if kind == "free_item" and least is not None:
            if spend - sum(amount for at, amount in amounts.items() if at in matched) < least:
                return {}, {}, 0
        return amounts, taken, times
    assert kind == "bundle"
    parts = parts_of(basket, promotion)
    left = {at: stand.pieces[at] for at in lines}
    used, times = {}, 0
    while times < most:
        trial, chosen = dict(left), []
        for part, wanted in parts:
            order = sorted((at for at in lines if means(part, basket.lines[at]) and stand.pieces[at]), key=lambda at: (-piece(at), at))
            for _ in range(wanted):
                at = next((at for at in order if trial[at] > 0), None)
                if at is None:
                    chosen = None
                    break
                trial[at] -= 1
                chosen.append(at)
            if chosen is None:
                break
        if chosen is None:
            break
        if "price" in promotion and sum(piece(at) for at in chosen) <= basket.money(promotion["price"]) * 1000:
            break
        left, times = trial, times + 1
        for at in chosen:
            used[at] = used.get(at, 0) + 1
    if not used:
        return {}, {}, 0
    order = sorted(used)
    taken = {at: (used[at], worth(at, used[at])) for at in order}
    amount = off_of(basket, promotion, sum(value for _, value in taken.values()), times)
    return dict(zip(order, spread(amount, [taken[at][1] for at in order]))), taken, times


def take(stand, gain):
    amounts, taken, _ = gain
    for at, (pieces, value) in taken.items():
        stand.pieces[at] -= pieces
        stand.worth[at] -= value
        stand.left[at] -= amounts.get(at, 0)
    for at, amount in amounts.items():
        if at not in taken:
            _, untouched = spread(amount, [stand.left[at] - stand.worth[at], stand.worth[at]])
            stand.worth[at] -= untouched
            stand.left[at] -= amount


def local_time(basket):
    """Only whole hours from UTC are made here, so that no calendar of zones is needed."""
    moment = basket.data.get("at", 0)
    days, millis = divmod(moment, 86_400_000)
    year, month, day = civil(days)
    return (days + 3) % 7 + 1, millis // 60_000, month * 100 + day


def civil(days):
    year = 1970
    while True:
        length = 366 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 365
        if days < length:
            break
        days, year = days - length, year + 1
    months = [31, 29 if length == 366 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    for month, size in enumerate(months, 1):
        if days < size:
            return year, month, days + 1
        days -= size


def holds(basket, rule):
    at = basket.data.get("at", 0)
    if ("from" in rule and at < rule["from"]) or ("until" in rule and at >= rule["until"]):
        return False
    weekday, minute, day = local_time(basket)
    if "hours" in rule:
        first, last = (int(text.split(":")[0]) * 60 + int(text.split(":")[1]) for text in rule["hours"])
        if last > first:
            if not first <= minute < last:
                return False
        elif minute < last:
            weekday = 7 if weekday == 1 else weekday - 1
        elif minute < first:
            return False
    if rule.get("weekdays") and weekday not in rule["weekdays"]:
        return False
    if "season" in rule:
        first, last = (int(text.split("-")[0]) * 100 + int(text.split("-")[1]) for text in rule["season"])
        if not (first <= day <= last if first <= last else day >= first or day <= last):
            return False
    return True


def is_for(basket, rule):
    if rule.get("channels") and basket.channel not in rule["channels"]:
        return False
    return not rule.get("segments") or any(name in basket.customer.get("segments", []) for name in rule["segments"])


def allowed(basket, promotion):
    """`(may, how often)`."""

    def lent(coupon):
        for allowance in basket.data.get("allowances", []):
            if allowance["promotion"] == promotion["id"] and allowance.get("coupon") == coupon:
                return int(allowance["left"])
        return 0

    limits = promotion.get("limits", {})
    most = min(int(limits.get("per_order", 10_000)), 10_000)
    if any(name in limits for name in ("per_customer", "per_day", "in_all")):
        most = min(most, lent(None))
    coupons = [{"code": c} if isinstance(c, str) else c for c in promotion.get("coupons", [])]
    if coupons:
        shown = [coupon for coupon in coupons if coupon["code"] in basket.coupons]
        if not shown:
            return False, 0
        good = [c for c in shown if not ("uses" in c or "per_customer" in c) or lent(c["code"]) > 0]
        most = most if good else 0
    return True, most


def promote(basket, lefts):
    """What all promotions take off each line together."""
    found = []
    for place, promotion in enumerate(basket.data.get("promotions", [])):
        if is_for(basket, promotion) and holds(basket, promotion):
            may, most = allowed(basket, promotion)
            if may and most > 0:
                found.append((-promotion.get("priority", 0), place, promotion, most))
    found.sort(key=lambda entry: entry[:2])
    found = [(promotion, most) for _, _, promotion, most in found]

    stand = Stand(basket, lefts)
    alone = [(p, most) for p, most in found if p.get("exclusive")]
    others = [(p, most) for p, most in found if not p.get("exclusive")]
    groups = set()
    for place, (promotion, most) in enumerate(others):
        group = promotion.get("group")
        own = evaluate(basket, promotion, stand, most)
        if group in groups or sum(own[0].values()) == 0:
            continue
        if group is None:
            take(stand, own)
            continue
        rivals = [
            (rival, many)
            for rival, many in others[place:]
            if rival.get("group") == group and rival.get("priority", 0) == promotion.get("priority", 0)
        ]
        gains = [evaluate(basket, rival, stand, many) for rival, many in rivals]
        groups.add(group)
        take(stand, max(gains, key=lambda gain: sum(gain[0].values())))
    taken = [left - now for left, now in zip(lefts, stand.left)]
    for promotion, most in alone:
        amounts, _, _ = evaluate(basket, promotion, Stand(basket, lefts), most)
        if sum(amounts.values()) > sum(taken):
            taken = [amounts.get(at, 0) for at in range(len(lefts))]
    return taken


# The order --------------------------------------------------------------------------------------------------------


def listed_price(basket, line, own):
    if line.get("price_fixed") or "sku" not in line:
        return own
    quantity = sum(F(other["quantity"]) for other in basket.lines if other.get("sku") == line["sku"])
    best = None
    for place, rule in enumerate(basket.data.get("price_lists", [])):
        if not is_for(basket, rule) or not holds(basket, rule):
            continue
        steps = [price for price in rule["prices"] if price["sku"] == line["sku"] and F(price.get("from_quantity", 0)) <= quantity]
        if steps:
            step = max(enumerate(steps), key=lambda step: (F(step[1].get("from_quantity", 0)), -step[0]))[1]
            key = (-rule.get("priority", 0), F(step["unit_price"]), place)
            best = min(best, key) if best else key
    return best[1] if best else own


def discount_of(basket, discount, amount):
    if not discount:
        return 0
    if "percent" in discount:
        return basket.round(amount * F(discount["percent"]) / 100)
    return basket.money(discount["amount"])


def price(data):
    basket = Basket(data)
    grosses, lefts, line_discounts = [], [], []
    for line in basket.lines:
        unit = listed_price(basket, line, F(line["unit_price"]))
        for modifier in line.get("modifiers", []):
            unit += F(modifier["unit_price"]) * int(modifier.get("quantity", 1))
        amount = gross(basket, line, unit)
        grosses.append(amount)
        line_discounts.append(discount_of(basket, line.get("discount"), amount))
        if line_discounts[-1] > amount:
            return {"error": "discount"}
        lefts.append(amount - line_discounts[-1])
    promoted = promote(basket, lefts)
    lefts = [left - off for left, off in zip(lefts, promoted)]

    order_discount = data.get("order_discount")
    before_tax = not order_discount or order_discount.get("before_tax", True)
    given = discount_of(basket, order_discount, sum(lefts)) if before_tax else 0
    if given > sum(lefts):
        return {"error": "discount"}
    shares = spread(given, lefts) if lefts else []
    nets = [left - share for left, share in zip(lefts, shares)]

    charge, charge_taxes, weights = 0, [], nets
    service = data.get("service_charge")
    if service and is_for(basket, {"channels": service.get("channels")}):
        if service.get("before_discount"):
            weights = grosses
        charge = basket.round(sum(weights) * F(service["percent"]) / 100)
        charge_taxes = service.get("taxes", []) if charge else []

    parts = [(net, line["quantity"], applying(basket, line.get("taxes", []))) for net, line in zip(nets, basket.lines)]
    parts.append((charge, 0, applying(basket, charge_taxes)))
    if basket.per_order:
        taxes = taxes_together(basket, parts)
    else:
        taxes = [taxes_together(basket, [part])[0] for part in parts]

    def on_top(found):
        return sum(amount for name, (_, amount) in found.items() if not basket.taxes[name].get("included"))

    charge_parts = spread(charge + on_top(taxes[-1]), weights) if weights else []
    total = sum(nets) + charge + sum(on_top(found) for found in taxes)
    line_shares = [net + on_top(found) + part for net, found, part in zip(nets, taxes, charge_parts)]
    after = 0
    if not before_tax:
        after = discount_of(basket, order_discount, total)
        if after > total:
            return {"error": "discount"}
        offs = spread(after, [max(share, 0) for share in line_shares])
        line_shares = [share - off for share, off in zip(line_shares, offs)]
        total -= after
    in_cash = data.get("cash", False)
    rounding = 0
    if in_cash and "cash_rounding" in data:
        rule = data["cash_rounding"]
        part = total if in_cash is True else basket.money(in_cash)
        step = basket.money(rule["increment"])
        mode = rule.get("mode", "half_up").replace("nearest", "half_up")
        rounding = rounded(F(part, step), mode) * step - part

    by_tax = {}
    for found in taxes:
        for name, (base, amount) in found.items():
            so_far = by_tax.get(name, (0, 0))
            by_tax[name] = (so_far[0] + base, so_far[1] + amount)

    def named(found):
        names = sorted(found, key=lambda name: basket.taxes[name]["place"])
        return [{"id": name, "base": basket.show(found[name][0]), "amount": basket.show(found[name][1])} for name in names]

    lines = []
    for at, line in enumerate(basket.lines):
        lines.append((line["at"], {
            "id": line["id"],
            "gross": basket.show(grosses[at]),
            "discounts": basket.show(grosses[at] - nets[at]),
            "net": basket.show(nets[at]),
            "taxes": named(taxes[at]),
            "total": basket.show(nets[at] + on_top(taxes[at])),
            "share": basket.show(line_shares[at]),
        }))
    return {
        "lines": [line for _, line in sorted(lines, key=lambda line: line[0])],
        "subtotal": basket.show(sum(grosses)),
        "discount_total": basket.show(sum(grosses) - sum(nets) + after),
        "service_charge": basket.show(charge),
        "tax_total": basket.show(sum(amount for _, amount in by_tax.values())),
        "taxes": named(by_tax),
        "rounding": basket.show(rounding),
        "total": basket.show(total),
    }


# Random baskets ---------------------------------------------------------------------------------------------------


def decimal(units, digits):
    sign = "-" if units < 0 else ""
    text = str(abs(units)).rjust(digits + 1, "0")
    return sign + (text if digits == 0 else text[:-digits] + "." + text[-digits:])


def percent(chance, most=100):
    return decimal(chance.choice([5, 10, 15, 20, 25, 33, 50, chance.randrange(most)]) * 100 + chance.choice([0, 0, 0, 25, 50, 33]), 2) if most > 60 else decimal(chance.randrange(most * 100), 2)


def some(chance, values, most=2):
    return chance.sample(values, chance.randrange(min(most, len(values)) + 1))


SKUS = ["tea", "milk", "bread", "salt", "rice", "soap"]
SHELVES = ["food", "drink", "house"]
CHANNELS = ["counter", "table", "take_away", "self_order", "delivery"]


def make_tax(chance, at, known):
    kind = chance.choice(["percent"] * 6 + ["fixed", "division"] + (["group"] if len(known) > 1 else []))
    tax = {"id": f"t{at}", "kind": kind}
    if kind == "group":
        tax["members"] = chance.sample(known, 2)
        return tax
    tax["included"] = chance.random() < 0.4
    if kind == "percent":
        tax["amount"] = decimal(chance.choice([200, 500, 600, 800, 1000, 1100, 1900, 2000, chance.randrange(4_000)]), 2)
        if chance.random() < 0.08:
            tax["amount"] = "-" + tax["amount"]
    elif kind == "fixed":
        tax["amount"] = decimal(chance.randrange(2_000), 4)
    else:
        tax["amount"] = decimal(chance.randrange(3_000), 2)
    for flag, often in (("affects_next", 0.3),):
        if chance.random() < often:
            tax[flag] = True
    if chance.random() < 0.15:
        tax["affected_by_previous"] = False
    if chance.random() < 0.3:
        tax["sequence"] = chance.randrange(4)
    if chance.random() < 0.06:
        tax["treatment"] = chance.choice(["zero_rated", "exempt", "reverse_charge"])
    if chance.random() < 0.1:
        tax["channels"] = chance.sample(CHANNELS, 2)
    return tax


def target(chance):
    found = {}
    if chance.random() < 0.5:
        found["skus"] = chance.sample(SKUS, chance.randrange(1, 4))
    elif chance.random() < 0.5:
        found["categories"] = chance.sample(SHELVES, chance.randrange(1, 3))
    if chance.random() < 0.1:
        found["except_skus"] = [chance.choice(SKUS)]
    return found


def make_promotion(chance, at, digits, bundles):
    def amount(most):
        return decimal(chance.randrange(most * 10**digits), digits)

    kinds = ["percent", "amount", "fixed_price", "buy_get", "bundle", "threshold", "free_item", "order_percent"]
    kind = chance.choice(kinds)
    rule = {"id": f"p{at}", "kind": kind}
    if kind != "bundle" and chance.random() < 0.7:
        rule["target"] = target(chance)
    if kind in ("percent", "order_percent"):
        rule["percent"] = percent(chance)
    if kind == "order_percent" and chance.random() < 0.5:
        rule["cap"] = amount(20)
    if kind == "amount":
        rule["amount"] = amount(3)
    if kind == "fixed_price":
        rule["price"] = decimal(chance.randrange(80_000), 4)
    if kind == "buy_get":
        rule["buy"], rule["get"] = chance.randrange(1, 4), chance.randrange(1, 3)
        if chance.random() < 0.5:
            rule["percent"] = percent(chance)
        if chance.random() < 0.3:
            rule["other"] = target(chance)
    if kind == "bundle":
        rule["parts"] = []
        for _ in range(chance.randrange(1, 4)):
            rule["parts"].append(dict(target(chance), quantity=chance.randrange(1, 4)))
        if bundles and chance.random() < 0.3:
            rule["parts"].append({"bundle": chance.choice(bundles), "quantity": chance.randrange(1, 3)})
        rule.update(chance.choice([{"price": amount(15)}, {"percent": percent(chance)}, {"amount": amount(5)}]))
    if kind == "threshold":
        spends = sorted(chance.sample(range(60), chance.randrange(1, 4)))
        rule["tiers"] = [
            dict({"spend": decimal(spend * 10**digits, digits)}, **chance.choice([{"percent": percent(chance)}, {"amount": amount(6)}]))
            for spend in spends
        ]
    if kind == "free_item":
        rule["free"], rule["quantity"] = target(chance), chance.randrange(1, 3)
    if chance.random() < 0.2:
        rule["min_spend"] = amount(30)
    if chance.random() < 0.4:
        rule["priority"] = chance.randrange(-2, 4)
    if chance.random() < 0.4:
        rule["group"] = chance.choice("ab")
    if chance.random() < 0.12:
        rule["exclusive"] = True
    if chance.random() < 0.2:
        rule["coupons"] = chance.choice([["SAVE"], ["SAVE", "GIFT"], [{"code": "ONCE", "uses": 1}]])
    if chance.random() < 0.15:
        rule["limits"] = chance.choice([{"per_order": chance.randrange(1, 3)}, {"per_day": 5}, {"in_all": 100, "per_order": 2}])
    if chance.random() < 0.15:
        rule["channels"] = chance.sample(CHANNELS, 2)
    if chance.random() < 0.15:
        rule["segments"] = chance.sample(["gold", "staff", "new"], 2)
    make_schedule(chance, rule)
    return rule


def make_schedule(chance, rule):
    if chance.random() < 0.08:
        rule["from"] = chance.randrange(1_700_000_000_000, 1_800_000_000_000)
    if chance.random() < 0.1:
        rule["weekdays"] = sorted(chance.sample(range(1, 8), 5))
    if chance.random() < 0.1:
        first, last = chance.sample(range(24), 2)
        rule["hours"] = [f"{first:02}:30", f"{last:02}:30"]
    if chance.random() < 0.06:
        rule["season"] = chance.choice([["03-01", "10-31"], ["11-15", "02-10"]])


def make(chance):
    digits = chance.choice([0, 0, 2, 2, 2, 3])
    basket = {
        "currency": chance.choice(["IDR", "VND"]) if digits == 0 else "JOD" if digits == 3 else chance.choice(["USD", "SEK", "CHF"]),
        "digits": digits,
        "tax_rounding": chance.choice(["line", "order"]),
        "rounding_mode": chance.choice(["half_up", "half_up", "half_even", "up", "down"]),
        "channel": chance.choice(CHANNELS),
        "at": chance.randrange(1_700_000_000_000, 1_800_000_000_000),
        "taxes": [],
        "lines": [],
    }
    plain = []
    for at in range(chance.randrange(5)):
        basket["taxes"].append(make_tax(chance, at, plain))
        if basket["taxes"][-1]["kind"] != "group":
            plain.append(f"t{at}")
    names = [tax["id"] for tax in basket["taxes"]]
    step = 1 if digits == 0 else 4
    for at in range(chance.choice([1, 2, 3, 4, 5, 8])):
        weighed = chance.random() < 0.15
        price = chance.choice([990, 1_000, 999, 2_500, chance.randrange(20_000)]) if digits else chance.randrange(40) * 500
        line = {
            "id": str(chance.randrange(1_000) * 10 + at),
            "unit_price": decimal(price, 2) if digits else str(price),
            "quantity": decimal(chance.randrange(1, 4_000), 3) if weighed else str(chance.choice([1, 1, 2, 3, 4, 7])),
            "taxes": some(chance, names, 3),
        }
        if digits and chance.random() < 0.1:
            line["unit_price"] = decimal(chance.randrange(100_000), step)
        if weighed:
            line["weighed"] = True
        if chance.random() < 0.9:
            line["sku"] = chance.choice(SKUS)
        if chance.random() < 0.7:
            line["category"] = chance.choice(SHELVES)
        if chance.random() < 0.2:
            line["modifiers"] = [{"unit_price": decimal(chance.randrange(300), 2) if digits else "500", "quantity": chance.randrange(1, 3)}]
        if chance.random() < 0.15:
            line["discount"] = {"percent": percent(chance)}
        if chance.random() < 0.1:
            line["price_fixed"] = True
        basket["lines"].append(line)
    if chance.random() < 0.3:
        off = chance.choice([{"percent": percent(chance)}, {"amount": decimal(chance.randrange(1, 3 * 10**digits + 2), digits)}])
        basket["order_discount"] = dict(off, before_tax=chance.random() < 0.8)
    if chance.random() < 0.35:
        basket["service_charge"] = {"percent": decimal(chance.randrange(2_000), 2), "taxes": some(chance, names), "before_discount": chance.random() < 0.3}
    if chance.random() < 0.3:
        rule = {"id": "list", "prices": [], "segments": some(chance, ["gold", "staff"], 1)}
        for _ in range(chance.randrange(1, 5)):
            rule["prices"].append({"sku": chance.choice(SKUS), "from_quantity": str(chance.choice([0, 0, 2, 5])), "unit_price": decimal(chance.randrange(1_500), 2)})
        make_schedule(chance, rule)
        basket["price_lists"] = [rule]
        if chance.random() < 0.5:
            other = dict(rule, id="other", priority=chance.randrange(2), segments=[])
            other["prices"] = [dict(price, unit_price=decimal(chance.randrange(1_500), 2)) for price in rule["prices"]]
            basket["price_lists"].append(other)
    if chance.random() < 0.6:
        basket["promotions"], bundles = [], []
        for at in range(chance.randrange(1, 7)):
            basket["promotions"].append(make_promotion(chance, at, digits, bundles))
            if basket["promotions"][-1]["kind"] == "bundle":
                bundles.append(f"p{at}")
        basket["coupons"] = some(chance, ["SAVE", "GIFT", "ONCE", "OLD"])
        basket["allowances"] = []
        for rule in basket["promotions"]:
            if chance.random() < 0.5:
                basket["allowances"].append({"promotion": rule["id"], "left": chance.randrange(4)})
            if chance.random() < 0.5:
                basket["allowances"].append({"promotion": rule["id"], "coupon": "ONCE", "left": chance.randrange(2)})
    if chance.random() < 0.3:
        basket["customer"] = {"segments": some(chance, ["gold", "staff", "new"])}
        if names and chance.random() < 0.4:
            plain_names = [tax["id"] for tax in basket["taxes"] if tax["kind"] != "group"]
            basket["customer"]["exempt"] = {"taxes": some(chance, plain_names), "treatment": chance.choice(["exempt", "reverse_charge"]), "reason": "certificate"}
    if chance.random() < 0.4:
        increment = {0: "100", 2: chance.choice(["0.05", "1.00", "0.10"]), 3: "0.005"}[digits]
        basket["cash_rounding"] = {"increment": increment, "mode": chance.choice(["nearest", "up", "down", "half_even"])}
        basket["cash"] = chance.random() < 0.8
    return basket


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "make":
        chance = random.Random(int(sys.argv[3]))
        for _ in range(int(sys.argv[2])):
            basket = make(chance)
            print(json.dumps({"basket": basket, "expected": price(basket)}, separators=(",", ":")))
    elif len(sys.argv) == 2 and sys.argv[1] == "price":
        for text in sys.stdin:
            print(json.dumps(price(json.loads(text))))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
