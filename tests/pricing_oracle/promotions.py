"""Which promotions apply, and in what order."""

from conditions import allowed, holds, is_for
from effects import Stand, evaluate


def promote(basket, lefts):
    """What all promotions take off each line together."""
    found = applicable(basket)
    alone = [(p, most) for p, most in found if p.get("exclusive")]
    others = [(p, most) for p, most in found if not p.get("exclusive")]
    stand = Stand(basket, lefts)
    groups = set()
    for place, (promotion, most) in enumerate(others):
        group = promotion.get("group")
        own = evaluate(promotion, stand, most)
        if group in groups or worth(own) == 0:
            continue
        if group is None:
            stand.take(*own)
            continue
        # Of a group with one priority, the one that gives most.
        rivals = [
            (rival, many)
            for rival, many in others[place:]
            if rival.get("group") == group and rival.get("priority", 0) == promotion.get("priority", 0)
        ]
        groups.add(group)
        stand.take(*max((evaluate(rival, stand, many) for rival, many in rivals), key=worth))
    taken = [left - now for left, now in zip(lefts, stand.left)]
    # An exclusive one applies when it gives more than all the others do.
    for promotion, most in alone:
        gain = evaluate(promotion, Stand(basket, lefts), most)
        if worth(gain) > sum(taken):
            taken = [gain[0].get(at, 0) for at in range(len(lefts))]
    return taken


def worth(gain):
    return sum(gain[0].values())


def applicable(basket):
    """`(promotion, how often)`, by priority, then as they are written."""
    found = []
    for promotion in basket.data.get("promotions", []):
        if is_for(basket, promotion) and holds(basket, promotion):
            most = allowed(basket, promotion)
            if most > 0:
                found.append((promotion, most))
    return sorted(found, key=lambda entry: -entry[0].get("priority", 0))
