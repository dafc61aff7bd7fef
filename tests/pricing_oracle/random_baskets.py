"""Baskets by chance: the same for the same seed."""

from random_rules import CHANNELS, SHELVES, SKUS, decimal, make_promotion, make_schedule, make_tax, percent, some


def make(chance):
    digits = chance.choice([0, 0, 2, 2, 2, 3])
    basket = {
        "currency": currency(chance, digits),
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
    for at in range(chance.choice([1, 2, 3, 4, 5, 8])):
        basket["lines"].append(make_line(chance, at, digits, names))
    make_order_terms(chance, basket, names)
    if chance.random() < 0.3:
        basket["price_lists"] = make_price_lists(chance)
    if chance.random() < 0.6:
        make_promotions(chance, basket)
    if chance.random() < 0.3:
        basket["customer"] = make_customer(chance, plain)
    if chance.random() < 0.4:
        increment = {0: "100", 2: chance.choice(["0.05", "1.00", "0.10"]), 3: "0.005"}[digits]
        mode = chance.choice(["nearest", "up", "down", "half_even"])
        basket["cash_rounding"] = {"increment": increment, "mode": mode}
        basket["cash"] = chance.random() < 0.8
    return basket


def currency(chance, digits):
    if digits == 3:
        return "JOD"
    return chance.choice(["IDR", "VND"] if digits == 0 else ["USD", "SEK", "CHF"])


def make_line(chance, at, digits, taxes):
    weighed = chance.random() < 0.15
    if digits:
        price = decimal(chance.choice([990, 1_000, 999, 2_500, chance.randrange(20_000)]), 2)
    else:
        price = str(chance.randrange(40) * 500)
    line = {
        "id": str(chance.randrange(1_000) * 10 + at),
        "unit_price": price,
        "quantity": decimal(chance.randrange(1, 4_000), 3) if weighed else str(chance.choice([1, 1, 2, 3, 4, 7])),
        "taxes": some(chance, taxes, 3),
    }
    if digits and chance.random() < 0.1:
        line["unit_price"] = decimal(chance.randrange(100_000), 4)
    if weighed:
        line["weighed"] = True
    if chance.random() < 0.9:
        line["sku"] = chance.choice(SKUS)
    if chance.random() < 0.7:
        line["category"] = chance.choice(SHELVES)
    if chance.random() < 0.2:
        price = decimal(chance.randrange(300), 2) if digits else "500"
        line["modifiers"] = [{"unit_price": price, "quantity": chance.randrange(1, 3)}]
    if chance.random() < 0.15:
        line["discount"] = {"percent": percent(chance)}
    if chance.random() < 0.1:
        line["price_fixed"] = True
    return line


def make_order_terms(chance, basket, taxes):
    """A discount on the order, a service charge."""
    digits = basket["digits"]
    if chance.random() < 0.3:
        off = {"percent": percent(chance)}, {"amount": decimal(chance.randrange(1, 3 * 10**digits + 2), digits)}
        basket["order_discount"] = dict(chance.choice(off), before_tax=chance.random() < 0.8)
    if chance.random() < 0.35:
        basket["service_charge"] = {
            "percent": decimal(chance.randrange(2_000), 2),
            "taxes": some(chance, taxes),
            "before_discount": chance.random() < 0.3,
        }


def make_price_lists(chance):
    rule = {"id": "list", "prices": [], "segments": some(chance, ["gold", "staff"], 1)}
    for _ in range(chance.randrange(1, 5)):
        price = {
            "sku": chance.choice(SKUS),
            "from_quantity": str(chance.choice([0, 0, 2, 5])),
            "unit_price": decimal(chance.randrange(1_500), 2),
        }
        rule["prices"].append(price)
    make_schedule(chance, rule)
    if chance.random() >= 0.5:
        return [rule]
    other = dict(rule, id="other", priority=chance.randrange(2), segments=[])
    other["prices"] = [dict(price, unit_price=decimal(chance.randrange(1_500), 2)) for price in rule["prices"]]
    return [rule, other]


def make_promotions(chance, basket):
    """Promotions, the coupons shown, and what is left of what is limited."""
    basket["promotions"], bundles = [], []
    for at in range(chance.randrange(1, 7)):
        basket["promotions"].append(make_promotion(chance, at, basket["digits"], bundles))
        if basket["promotions"][-1]["kind"] == "bundle":
            bundles.append(f"p{at}")
    basket["coupons"] = some(chance, ["SAVE", "GIFT", "ONCE", "OLD"])
    basket["allowances"] = []
    for rule in basket["promotions"]:
        if chance.random() < 0.5:
            basket["allowances"].append({"promotion": rule["id"], "left": chance.randrange(4)})
        if chance.random() < 0.5:
            basket["allowances"].append({"promotion": rule["id"], "coupon": "ONCE", "left": chance.randrange(2)})


def make_customer(chance, taxes):
    customer = {"segments": some(chance, ["gold", "staff", "new"])}
    if taxes and chance.random() < 0.4:
        customer["exempt"] = {
            "taxes": some(chance, taxes),
            "treatment": chance.choice(["exempt", "reverse_charge"]),
            "reason": "certificate",
        }
    return customer
