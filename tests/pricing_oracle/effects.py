"""What one promotion takes off: `({line: amount}, {line: (pieces, their worth)})`, the second for pieces in sets."""

from fractions import Fraction as F
from math import floor

from rounding import spread

NOTHING = ({}, {})


class Stand:
    """The lines while promotions are taken off them: what is left, and the pieces no set has taken."""

    def __init__(self, basket, lefts):
        self.basket = basket
        self.left = list(lefts)
        self.pieces, self.worth = [], []
        for line, left in zip(basket.lines, lefts):
            whole = F(line["quantity"]).denominator == 1 and not line.get("weighed")
            self.pieces.append(int(F(line["quantity"])) if whole else 0)
            self.worth.append(left if whole else 0)

    def meant(self, target):
        """The lines that `target` means."""
        return [at for at, line in enumerate(self.basket.lines) if means(target, line)]

    def spend(self, which):
        return sum(self.left[at] for at in which)

    def worth_of(self, at, pieces):
        return self.basket.round(F(self.worth[at] * pieces, self.pieces[at])) if pieces else 0

    def piece(self, at):
        """Thousandths of a minor unit of one piece."""
        return floor(F(self.worth[at] * 1000, self.pieces[at]))

    def laid_out(self, which, cheapest=False):
        """The pieces one by one as their lines, the dearest first."""
        units = sorted((-self.piece(at), at) for at in which for _ in range(self.pieces[at]))
        if cheapest:
            # The cheapest first; among equals the last line first.
            units.reverse()
        return [at for _, at in units]

    def take(self, amounts, taken):
        for at, (pieces, value) in taken.items():
            self.pieces[at] -= pieces
            self.worth[at] -= value
            self.left[at] -= amounts.get(at, 0)
        for at, amount in amounts.items():
            if at not in taken:
                _, untouched = spread(amount, [self.left[at] - self.worth[at], self.worth[at]])
                self.worth[at] -= untouched
                self.left[at] -= amount


def means(target, line):
    target = target or {}
    skus, categories = target.get("skus", []), target.get("categories", [])
    named = not skus and not categories
    named = named or line.get("sku") in skus or line.get("category") in categories
    return named and line.get("sku") not in target.get("except_skus", [])


def off_of(basket, off, amount, times=1):
    """A percentage, an amount or a price for `amount`, as what it takes off."""
    if "percent" in off:
        found = basket.round(amount * F(off["percent"]) / 100)
        if "cap" in off:
            found = min(found, basket.money(off["cap"]) * times)
    elif "amount" in off:
        found = basket.money(off["amount"]) * times
    else:
        found = amount - basket.money(off["price"]) * times
    return max(0, min(found, amount))


def evaluate(promotion, stand, most):
    """What it takes off lines as they stand, at most so often."""
    basket, kind = stand.basket, promotion["kind"]
    matched = stand.meant(promotion.get("target"))
    if kind == "free_item":
        return free_item(promotion, stand, matched)
    if "min_spend" in promotion and stand.spend(matched) < basket.money(promotion["min_spend"]):
        return NOTHING
    if kind in ("percent", "amount", "fixed_price"):
        return of_each(promotion, stand, matched)
    if kind in ("order_percent", "threshold"):
        return of_all(promotion, stand, matched)
    if kind == "buy_get":
        return buy_get(promotion, stand, matched, most)
    assert kind == "bundle"
    return bundle(promotion, stand, most)


def of_each(promotion, stand, matched):
    """Off each line for itself."""
    basket, kind = stand.basket, promotion["kind"]
    amounts = {}
    for at in matched:
        quantity, left = F(basket.lines[at]["quantity"]), stand.left[at]
        if kind == "percent":
            amount = basket.round(left * (F(promotion["percent"]) / 100))
        elif kind == "amount":
            amount = basket.round(basket.money(promotion["amount"]) * quantity)
        else:
            amount = left - basket.round(F(promotion["price"]) * basket.unit * quantity)
        amounts[at] = max(0, min(amount, left))
    return amounts, {}


def of_all(promotion, stand, matched):
    """Off the lines together, spread over them."""
    spend, off = stand.spend(matched), promotion
    if promotion["kind"] == "threshold":
        reached = [tier for tier in promotion["tiers"] if stand.basket.money(tier["spend"]) <= spend]
        if not reached:
            return NOTHING
        off = reached[-1]
    if not matched:
        return NOTHING
    amount = off_of(stand.basket, off, spend)
    return dict(zip(matched, spread(amount, [stand.left[at] for at in matched]))), {}


def free_item(promotion, stand, matched):
    """The cheapest pieces of `free`, when enough is spent without them."""
    free = stand.meant(promotion["free"])
    cheap = stand.laid_out(free, cheapest=True)[: int(promotion.get("quantity", 1))]
    amounts, taken = pieces_off(promotion, stand, [], cheap)
    if "min_spend" in promotion:
        given = sum(amount for at, amount in amounts.items() if at in matched)
        if stand.spend(matched) - given < stand.basket.money(promotion["min_spend"]):
            return NOTHING
    return amounts, taken


def buy_get(promotion, stand, matched, most):
    """Buy so many, get so many of the same or of `other`; the dearest are bought, the cheapest are given."""
    buy, get = int(promotion["buy"]), int(promotion["get"])
    if "other" in promotion:
        others = [at for at in stand.meant(promotion["other"]) if at not in matched]
        bought, given = stand.laid_out(matched), stand.laid_out(others, cheapest=True)
        times = min(len(bought) // buy, len(given) // get, most)
        return pieces_off(promotion, stand, bought[: times * buy], given[: times * get])
    units = stand.laid_out(matched)
    full, cheap = [], []
    for at in range(min(len(units) // (buy + get), most)):
        group = units[at * (buy + get) : (at + 1) * (buy + get)]
        full += group[:buy]
        cheap += group[buy:]
    return pieces_off(promotion, stand, full, cheap)


def pieces_off(promotion, stand, full, cheap):
    """Takes pieces `full` at their price and `cheap` with a percentage off (all of it when none is named)."""
    rate = F(promotion.get("percent", "100")) / 100
    full, cheap = tally(full), tally(cheap)
    taken = {at: full.get(at, 0) + cheap.get(at, 0) for at in {**full, **cheap}}
    taken = {at: (pieces, stand.worth_of(at, pieces)) for at, pieces in taken.items()}
    amounts = {at: stand.basket.round(stand.worth_of(at, pieces) * rate) for at, pieces in cheap.items()}
    return {at: min(amount, taken[at][1]) for at, amount in amounts.items()}, taken


def tally(units):
    counted = {}
    for at in units:
        counted[at] = counted.get(at, 0) + 1
    return counted


def bundle(promotion, stand, most):
    """As many sets as there are pieces for, each of the dearest, while a set is worth more than its price."""
    basket, parts = stand.basket, parts_of(stand.basket, promotion)
    left, used, times = list(stand.pieces), {}, 0
    while times < most:
        trial = list(left)
        chosen = one_set(stand, parts, trial)
        if chosen is None:
            break
        if "price" in promotion and sum(map(stand.piece, chosen)) <= basket.money(promotion["price"]) * 1000:
            break
        left, times = trial, times + 1
        for at in chosen:
            used[at] = used.get(at, 0) + 1
    if not used:
        return NOTHING
    order = sorted(used)
    taken = {at: (used[at], stand.worth_of(at, used[at])) for at in order}
    amount = off_of(basket, promotion, sum(value for _, value in taken.values()), times)
    return dict(zip(order, spread(amount, [taken[at][1] for at in order]))), taken


def one_set(stand, parts, left):
    """The pieces of one set, as their lines, taken out of `left`; nothing when a part is short."""
    chosen = []
    for part, wanted in parts:
        order = sorted((at for at in stand.meant(part) if stand.pieces[at]), key=lambda at: (-stand.piece(at), at))
        for _ in range(wanted):
            at = next((at for at in order if left[at] > 0), None)
            if at is None:
                return None
            left[at] -= 1
            chosen.append(at)
    return chosen


def parts_of(basket, promotion, times=1):
    """The parts of a bundle with those of bundles inside it, as `(part, quantity)`."""
    found = []
    for part in promotion["parts"]:
        quantity = int(part.get("quantity", 1)) * times
        if "bundle" in part:
            inner = next(p for p in basket.data["promotions"] if p["id"] == part["bundle"])
            found += parts_of(basket, inner, quantity)
        else:
            found.append((part, quantity))
    return found
