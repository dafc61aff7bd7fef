"""Writes codes and what the library biip reads in them, one JSON object a line, for hardware/tests/it/barcodes.rs.

Every application identifier biip knows appears alone and among others, whole and damaged; in-store codes of every region
appear with right and wrong check digits. The seed is fixed: the same codes every time.
"""

import json
import random
import re

from biip import ParseConfig, ParseError
from biip.checksums import gs1_price_weight_check_digit, gs1_standard_check_digit
from biip.gs1_application_identifiers import _GS1_APPLICATION_IDENTIFIERS as KNOWN
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin
from biip.rcn import _RCN_RULES, Rcn
from biip.upc import Upc

chance = random.Random(8_016)
INVARIANT = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


def digits(count):
    return "".join(chance.choice("0123456789") for _ in range(count))


def field(ai, form):
    """A field that fits `form`, such as N3+X..20."""
    if ai.ai in ("00", "01", "02", "03", "8017", "8018"):
        payload = digits(13 if len(ai.ai) == 2 and ai.ai != "00" else 17)
        return payload + str(gs1_standard_check_digit(payload))
    for _ in range(200):
        text = ""
        for part in form.split("+")[1:]:
            optional = part.startswith("[") or part.endswith("]")
            part = part.strip("[]")
            if optional and chance.random() < 0.5:
                break
            kind, _, most = part.partition("..")
            if most:
                low = 1
                size = chance.randint(low, int(re.sub(r"\D", "", most)))
                kind = kind[0]
            else:
                kind, size = part[0], int(part[1:] or 1) if part[1:].isdigit() else 1
            text += digits(size) if kind == "N" else "".join(chance.choice(INVARIANT) for _ in range(size))
        if ai.ai in ("7250", "7251") or "-" in ai.format or "Z" in ai.format or "Y" in ai.format:
            return None
        if re.match(ai.pattern, ai.ai + text):
            return text
    return None


def gs1(text):
    try:
        message = GS1Message.parse(text, config=ParseConfig(separator_chars=("\x1d",)))
    except (ParseError, ValueError):
        return None
    read = []
    for element in message.element_strings:
        if element.gtin_error or element.sscc_error:
            return None
        read.append([element.ai.ai, element.value])
    if "".join(a + v for a, v in read) != text.replace("\x1d", ""):
        return None
    return read


def emit(**case):
    print(json.dumps(case))


elements = []
for ai in KNOWN.values():
    value = field(ai, ai.format.split("+", 1)[0] + "+" + ai.format.split("+", 1)[1])
    if value is None:
        continue
    elements.append((ai, value))
    text = ai.ai + value
    if gs1(text) is None:
        # Days and hours that are none, by chance: biip looks into fields that a till has no use for.
        elements.pop()
        continue
    emit(kind="gs1", text=text, read=gs1(text))
    # Of the nine decimals that a price may have biip drops some from the sixth on; no currency has them.
    if ai.ai in ("11", "12", "13", "15", "16", "17") or (ai.ai.startswith(("310", "392")) and ai.ai[3] < "6"):
        message = GS1Message.parse(text, config=ParseConfig(separator_chars=("\x1d",)))
        element = message.element_strings[0]
        if element.date:
            emit(kind="date", text=text, read=element.date.isoformat())
        elif element.decimal is not None:
            emit(kind="decimal", text=text, read=str(element.decimal))
for _ in range(150):
    chosen = chance.sample(elements, chance.randint(2, 5))
    text = "".join(ai.ai + value + ("\x1d" if ai.separator_required else "") for ai, value in chosen).rstrip("\x1d")
    emit(kind="gs1", text=text, read=gs1(text))
    # A damaged number of goods must be refused by both.
    payload = digits(13)
    wrong = (gs1_standard_check_digit(payload) + chance.randint(1, 9)) % 10
    emit(kind="gs1", text="01" + payload + str(wrong) + text, read=None)

for _ in range(100):
    size = chance.choice((7, 11, 12, 13))
    payload = digits(size)
    code = payload + str(gs1_standard_check_digit(payload) if chance.random() < 0.7 else chance.randint(0, 9))
    try:
        valid = Gtin.parse(code).as_gtin_14()
    except ParseError:
        valid = None
    emit(kind="gtin", text=code, read=valid)
for _ in range(60):
    code = chance.choice("01") + digits(6)
    try:
        emit(kind="upc_e", text=code, read=Upc.parse(code).as_upc_a())
    except ParseError:
        emit(kind="upc_e", text=code, read=None)

for region, rules in _RCN_RULES.items():
    for prefix, rule in rules.items():
        for _ in range(5):
            payload = list(prefix + digits(10))
            if rule.check_digit_slice is not None and chance.random() < 0.8:
                value = "".join(payload[rule.value_slice])
                payload[rule.check_digit_slice] = str(gs1_price_weight_check_digit(value))
            payload = "".join(payload)
            code = payload + str(gs1_standard_check_digit(payload))
            config = ParseConfig(rcn_region=region, rcn_verify_variable_measure=True)
            try:
                rcn = Gtin.parse(code, config=config)
            except ParseError:
                emit(kind="rcn", region=region.value, text=code, read=None)
                continue
            assert isinstance(rcn, Rcn)
            base = rcn.without_variable_measure().as_gtin_13()
            if rcn.weight is not None:
                emit(kind="rcn", region=region.value, text=code, read=["weight", str(rcn.weight), base])
            elif rcn.price is not None:
                emit(kind="rcn", region=region.value, text=code, read=["price", str(rcn.price), base])
            else:
                emit(kind="rcn", region=region.value, text=code, read=["count", str(rcn.count), base])
