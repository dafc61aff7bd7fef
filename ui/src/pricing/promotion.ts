import type { Writing } from '../app/figures';
import { effectFormOf, BLANK_EFFECT, withEffect, type EffectForm } from './effect';
import type { Promotion } from './parts';
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
  itemIds: string[];
  categoryIds: string[];
  when: WhenForm;
  channels: Channel[];
  segments: string;
  minSpend: string;
  coupons: CouponForm[];
  priority: string;
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
    itemIds: [...target.item_ids],
    categoryIds: [...target.category_ids],
    when: whenOf(promotion.schedule),
    channels: [...promotion.channels],
    segments: wordsText(promotion.segments),
    minSpend: promotion.min_spend === null ? '' : moneyText(promotion.min_spend, writing),
    coupons: promotion.coupons.map((from) => ({ code: from.code, uses: countText(from.uses), from })),
    priority: String(promotion.priority),
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

/** The promotion with what the form says and everything else as it was; null while something in the form is wrong. */
export function applied(promotion: Promotion, form: PromotionForm, writing: Writing): Promotion | null {
  const count = (typed: string) => optional(typed, (figure) => typedCount(figure, writing.locale));
  const [per_order, per_day, in_all] = [count(form.perOrder), count(form.perDay), count(form.inAll)];
  const min_spend = optional(form.minSpend, (typed) => typedMoney(typed, writing));
  const coupons = form.coupons.map((coupon) => couponOf(coupon, writing));
  const schedule = withWhen(promotion.schedule, form.when);
  const changed = withEffect(promotion, form.effect, writing);
  const priority = /^-?\d{1,6}$/.test(form.priority.trim()) ? Number(form.priority) : null;
  if (form.name.trim() === '' || !changed || !schedule || priority === null) return null;
  if (per_order === undefined || per_day === undefined || in_all === undefined || min_spend === undefined) return null;
  if (coupons.some((coupon) => coupon === null)) return null;
  return {
    ...changed,
    name: form.name.trim(),
    schedule,
    target: { ...promotion.target, item_ids: [...form.itemIds], category_ids: [...form.categoryIds] },
    channels: [...form.channels],
    segments: typedWords(form.segments),
    min_spend,
    coupons: coupons.filter((coupon) => coupon !== null),
    priority,
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
    target: { item_ids: [], category_ids: [], except_item_ids: [] },
    min_spend: null,
    effect: BLANK_EFFECT.kind,
    priority: 0,
    exclusive: false,
    limits: { per_order: null, per_customer: null, per_day: null, in_all: null },
  };
}
