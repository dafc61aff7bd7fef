"""Prices baskets slowly and plainly, with fractions: what the engine is compared with.

    python3 tests/pricing_oracle make COUNT SEED   random baskets, one `{"basket": …, "expected": …}` a line
    python3 tests/pricing_oracle price             baskets from standard input, one a line; their orders come out

Written from the rules (tests/schemas/basket.json and the order of computation), not from the engine: pieces are laid
out one by one, rates are exact fractions, and nothing is faster than it needs to be.

    order.py                           a whole order, in the order of computation
    basket.py, rounding.py             figures read and shown, rounded and spread
    taxes.py                           taxes on a line, and of lines rounded together
    conditions.py                      when, where, for whom and how often a rule holds
    effects.py, promotions.py          what one promotion takes off; which of them do
    random_baskets.py, random_rules.py baskets to compare with
"""

import json
import random
import sys

from order import price
from random_baskets import make


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
