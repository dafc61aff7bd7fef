import type { Writing } from '../app/figures';
import { blankEffect, effectFormOf, withEffect, type EffectForm } from './effect';
import type { Promotion } from './parts';
import { NO_GOODS, targetFormOf, targetOf, type TargetForm } from './target';
import { ALWAYS, whenOf, withWhen, type WhenForm } from './when';
import { moneyText, typedCount, typedMoney, typedWords, wordsText } from './written';

type Channel = Promotion['channels'][number];
type Coupon = Promotion['coupons'][number];

/** A code in the form; `from` is the coupon that it was, whose other fields stay. */
export interface CouponForm {
  code: string;
  uses: string;
  from: Coupon | null;
}

/** A promotion as it stands in the form. */
export interface PromotionForm {
  name: string;
  effect: EffectForm;
  target: TargetForm;
  when: WhenForm;
  channels: Channel[];
  segments: string;
  minSpend: string;
  coupons: CouponForm[];
  priority: string;
  /** Of those in one group only one applies. */
  group: string;
  exclusive: boolean;
  perOrder: string;
  perDay: string;
  inAll: string;
}

const countText = (count: number | null): string => (count === null ? '' : String(count));

export function promotionFormOf(promotion: Promotion, writing: Writing): PromotionForm {
  const { limits, target } = promotion;
  return {
    name: promotion.name,
    effect: effectFormOf(promotion, writing),
    target: targetFormOf(target),
    when: whenOf(promotion.schedule),
    channels: [...promotion.channels],
    segments: wordsText(promotion.segments),
    minSpend: promotion.min_spend === null ? '' : moneyText(promotion.min_spend, writing),
    coupons: promotion.coupons.map((from) => ({ code: from.code, uses: countText(from.uses), from })),
    priority: String(promotion.priority),
    group: promotion.group ?? '',
    exclusive: promotion.exclusive,
    perOrder: countText(limits.per_order),
    perDay: countText(limits.per_day),
    inAll: countText(limits.in_all),
  };
}

/** Optional figures: nothing typed is none, what is no figure is `undefined`. */
function optional<T>(typed: string, read: (typed: string) => T | null): T | null | undefined {
  return typed.trim() === '' ? null : (read(typed) ?? undefined);
}

function couponOf(form: CouponForm, writing: Writing): Coupon | null {
  const uses = optional(form.uses, (typed) => typedCount(typed, writing.locale));
  const code = form.code.trim();
  return code === '' || uses === undefined ? null : { ...form.from, code, uses };
}

/** A place in the order; null when it is none that the server can hold. */
function priorityOf(typed: string): number | null {
  const priority = /^-?\d{1,10}$/.test(typed.trim()) ? Number(typed) : null;
  return priority === null || Math.abs(priority) >= 2 ** 31 ? null : priority;
}

/**
 * What it is about. A bundle says that in its parts: what another kind was about would only hide there, since a bundle
 * shows no goods of its own.
 */
function targetFields(promotion: Promotion, form: PromotionForm): Promotion['target'] | null {
  if (form.effect.kind === 'bundle') {
    return promotion.effect === 'bundle' ? promotion.target : { ...promotion.target, ...NO_GOODS };
  }
  const target = targetOf(form.target);
  return target && { ...promotion.target, ...target };
}

/** The promotion with what the form says and everything else as it was; null while something in the form is wrong. */
export function applied(promotion: Promotion, form: PromotionForm, writing: Writing): Promotion | null {
  const before = promotionFormOf(promotion, writing);
  if (JSON.stringify(form) === JSON.stringify(before)) return promotion;
  const count = (typed: string) => optional(typed, (figure) => typedCount(figure, writing.locale));
  const [per_order, per_day, in_all] = [count(form.perOrder), count(form.perDay), count(form.inAll)];
  // What nobody typed stays as it was: an amount of another currency, words with a comma in them.
  const min_spend =
    form.minSpend === before.minSpend
      ? promotion.min_spend
      : optional(form.minSpend, (typed) => typedMoney(typed, writing));
  const segments = form.segments === before.segments ? promotion.segments : typedWords(form.segments);
  const group = form.group === before.group ? promotion.group : form.group.trim() || null;
  const coupons = form.coupons.map((coupon) => couponOf(coupon, writing));
  const schedule = withWhen(promotion.schedule, form.when);
  const changed = withEffect(promotion, form.effect, writing);
  const target = targetFields(promotion, form);
  const priority = priorityOf(form.priority);
  if (form.name.trim() === '' || !changed || !schedule || !target || priority === null) return null;
  if (per_order === undefined || per_day === undefined || in_all === undefined || min_spend === undefined) return null;
  if (coupons.some((coupon) => coupon === null)) return null;
  return {
    ...changed,
    name: form.name.trim(),
    schedule,
    target,
    channels: [...form.channels],
    segments,
    min_spend,
    coupons: coupons.filter((coupon) => coupon !== null),
    priority,
    group,
    exclusive: form.exclusive,
    limits: { ...promotion.limits, per_order, per_day, in_all },
  };
}

/** A promotion to begin with; the server gives it its id. */
export function blankPromotion(name: string): Promotion {
  return {
    name,
    schedule: { ...ALWAYS },
    channels: [],
    segments: [],
    coupons: [],
    target: { ...NO_GOODS },
    min_spend: null,
    effect: blankEffect().kind,
    priority: 0,
    group: null,
    exclusive: false,
    limits: { per_order: null, per_customer: null, per_day: null, in_all: null },
  };
}
