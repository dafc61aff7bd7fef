"""When, where, for whom and how often a rule holds."""


def local_time(basket):
    """`(weekday, minute of the day, month × 100 + day)`.

    Only whole hours from UTC are made here, so that no calendar of zones is needed.
    """
    moment = basket.data.get("at", 0)
    days, millis = divmod(moment, 86_400_000)
    _, month, day = civil(days)
    return (days + 3) % 7 + 1, millis // 60_000, month * 100 + day


def civil(days):
    """`(year, month, day)` so many days after 1 January 1970."""
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
    """Whether its schedule holds now; hours over midnight belong to the day they began on."""
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
    """Whether it holds on this channel for this customer."""
    if rule.get("channels") and basket.channel not in rule["channels"]:
        return False
    return not rule.get("segments") or any(name in basket.customer.get("segments", []) for name in rule["segments"])


def allowed(basket, promotion):
    """How often it may be applied, by its limits and coupons."""

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
    shown = [coupon for coupon in coupons if coupon["code"] in basket.coupons]
    good = [c for c in shown if not ("uses" in c or "per_customer" in c) or lent(c["code"]) > 0]
    return 0 if coupons and not good else most
