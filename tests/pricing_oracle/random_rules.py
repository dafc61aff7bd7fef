"""Taxes, promotions and schedules by chance."""

SKUS = ["tea", "milk", "bread", "salt", "rice", "soap"]
SHELVES = ["food", "drink", "house"]
CHANNELS = ["counter", "table", "take_away", "self_order", "delivery"]


def decimal(units, digits):
    sign = "-" if units < 0 else ""
    text = str(abs(units)).rjust(digits + 1, "0")
    return sign + (text if digits == 0 else text[:-digits] + "." + text[-digits:])


def percent(chance):
    whole = chance.choice([5, 10, 15, 20, 25, 33, 50, chance.randrange(100)])
    return decimal(whole * 100 + chance.choice([0, 0, 0, 25, 50, 33]), 2)


def some(chance, values, most=2):
    return chance.sample(values, chance.randrange(min(most, len(values)) + 1))


def make_tax(chance, at, known):
    """A tax, or a group of two `known` ones."""
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
    if chance.random() < 0.3:
        tax["affects_next"] = True
    if chance.random() < 0.15:
        tax["affected_by_previous"] = False
    if chance.random() < 0.3:
        tax["sequence"] = chance.randrange(4)
    if chance.random() < 0.06:
        tax["treatment"] = chance.choice(["zero_rated", "exempt", "reverse_charge"])
    if chance.random() < 0.1:
        tax["channels"] = chance.sample(CHANNELS, 2)
    return tax


def make_target(chance):
    found = {}
    if chance.random() < 0.5:
        found["skus"] = chance.sample(SKUS, chance.randrange(1, 4))
    elif chance.random() < 0.5:
        found["categories"] = chance.sample(SHELVES, chance.randrange(1, 3))
    if chance.random() < 0.1:
        found["except_skus"] = [chance.choice(SKUS)]
    return found


def make_promotion(chance, at, digits, bundles):
    """A promotion; a bundle may hold one of `bundles`."""
    kinds = ["percent", "amount", "fixed_price", "buy_get", "bundle", "threshold", "free_item", "order_percent"]
    rule = {"id": f"p{at}", "kind": chance.choice(kinds)}
    make_effect(chance, rule, digits, bundles)
    make_conditions(chance, rule, digits)
    make_schedule(chance, rule)
    return rule


def amount(chance, most, digits):
    return decimal(chance.randrange(most * 10**digits), digits)


def make_effect(chance, rule, digits, bundles):
    kind = rule["kind"]
    if kind != "bundle" and chance.random() < 0.7:
        rule["target"] = make_target(chance)
    if kind in ("percent", "order_percent"):
        rule["percent"] = percent(chance)
    if kind == "order_percent" and chance.random() < 0.5:
        rule["cap"] = amount(chance, 20, digits)
    if kind == "amount":
        rule["amount"] = amount(chance, 3, digits)
    if kind == "fixed_price":
        rule["price"] = decimal(chance.randrange(80_000), 4)
    if kind == "buy_get":
        rule["buy"], rule["get"] = chance.randrange(1, 4), chance.randrange(1, 3)
        if chance.random() < 0.5:
            rule["percent"] = percent(chance)
        if chance.random() < 0.3:
            rule["other"] = make_target(chance)
    if kind == "bundle":
        rule["parts"] = []
        for _ in range(chance.randrange(1, 4)):
            rule["parts"].append(dict(make_target(chance), quantity=chance.randrange(1, 4)))
        if bundles and chance.random() < 0.3:
            rule["parts"].append({"bundle": chance.choice(bundles), "quantity": chance.randrange(1, 3)})
        price, off = {"price": amount(chance, 15, digits)}, {"percent": percent(chance)}
        rule.update(chance.choice([price, off, {"amount": amount(chance, 5, digits)}]))
    if kind == "threshold":
        rule["tiers"] = []
        for spend in sorted(chance.sample(range(60), chance.randrange(1, 4))):
            off = chance.choice([{"percent": percent(chance)}, {"amount": amount(chance, 6, digits)}])
            rule["tiers"].append(dict({"spend": decimal(spend * 10**digits, digits)}, **off))
    if kind == "free_item":
        rule["free"], rule["quantity"] = make_target(chance), chance.randrange(1, 3)


def make_conditions(chance, rule, digits):
    if chance.random() < 0.2:
        rule["min_spend"] = amount(chance, 30, digits)
    if chance.random() < 0.4:
        rule["priority"] = chance.randrange(-2, 4)
    if chance.random() < 0.4:
        rule["group"] = chance.choice("ab")
    if chance.random() < 0.12:
        rule["exclusive"] = True
    if chance.random() < 0.2:
        rule["coupons"] = chance.choice([["SAVE"], ["SAVE", "GIFT"], [{"code": "ONCE", "uses": 1}]])
    if chance.random() < 0.15:
        limits = [{"per_order": chance.randrange(1, 3)}, {"per_day": 5}, {"in_all": 100, "per_order": 2}]
        rule["limits"] = chance.choice(limits)
    if chance.random() < 0.15:
        rule["channels"] = chance.sample(CHANNELS, 2)
    if chance.random() < 0.15:
        rule["segments"] = chance.sample(["gold", "staff", "new"], 2)


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
