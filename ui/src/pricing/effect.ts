import type { Writing } from '../app/figures';
import * as v from 'valibot';
import type { Promotion } from './parts';
import { decimalText, moneyText, percentText, typedCount, typedDecimal, typedMoney, typedPercent } from './written';

/** What a form can say of a promotion; everything else is `kept` as it is. */
export const EFFECTS = ['percent', 'amount', 'fixed_price', 'buy_get', 'threshold', 'order_percent'] as const;
export type FormEffect = (typeof EFFECTS)[number];

/** What a promotion does, as typed; only the figures of its kind count. */
export interface EffectForm {
  kind: FormEffect | 'kept';
  percent: string;
  amount: string;
  price: string;
  buy: string;
  get: string;
  spend: string;
  /** What a threshold gives. */
  off: 'percent' | 'amount';
  cap: string;
}

const text = v.string();
const number = v.number();
const percentOff = v.strictObject({ rate_ppm: number, cap: v.optional(v.nullable(text), null) });
const amountOff = v.strictObject({ amount: text });
/** One tier of an amount or a part is what the form has fields for. */
const tier = v.object({
  spend: text,
  off: v.union([v.strictObject({ percent: percentOff }), v.strictObject({ amount: amountOff })]),
});

const FIELDS = v.variant('effect', [
  v.object({ effect: v.literal('percent'), rate_ppm: number }),
  v.object({ effect: v.literal('amount'), per_unit: text }),
  v.object({ effect: v.literal('fixed_price'), unit_price: text }),
  v.object({ effect: v.literal('buy_get'), buy: number, get: number, rate_ppm: number }),
  v.object({ effect: v.literal('threshold'), tiers: v.tuple([tier]) }),
  v.object({ effect: v.literal('order_percent'), rate_ppm: number, cap: v.optional(v.nullable(text), null) }),
]);

/** Every field that belongs to some kind of promotion: another kind begins without them. */
const ALL_FIELDS = new Set([
  'rate_ppm',
  'per_unit',
  'unit_price',
  'buy',
  'get',
  'other',
  'parts',
  'off',
  'tiers',
  'free',
  'quantity',
  'cap',
]);

export const BLANK_EFFECT: EffectForm = {
  kind: 'percent',
  percent: '',
  amount: '',
  price: '',
  buy: '',
  get: '1',
  spend: '',
  off: 'percent',
  cap: '',
};

/** What a promotion does as it stands in the form. */
export function effectFormOf(promotion: Promotion, writing: Writing): EffectForm {
  const read = v.safeParse(FIELDS, promotion);
  if (!read.success) return { ...BLANK_EFFECT, kind: 'kept' };
  const fields = read.output;
  const form: EffectForm = { ...BLANK_EFFECT, kind: fields.effect };
  const percent = (ppm: number) => percentText(ppm, writing.locale);
  const money = (amount: string | null) => (amount === null ? '' : moneyText(amount, writing));
  switch (fields.effect) {
    case 'percent':
      return { ...form, percent: percent(fields.rate_ppm) };
    case 'amount':
      return { ...form, amount: money(fields.per_unit) };
    case 'fixed_price':
      return { ...form, price: decimalText(fields.unit_price, writing.locale) };
    case 'buy_get':
      return { ...form, buy: String(fields.buy), get: String(fields.get), percent: percent(fields.rate_ppm) };
    case 'order_percent':
      return { ...form, percent: percent(fields.rate_ppm), cap: money(fields.cap) };
    case 'threshold': {
      const { spend, off } = fields.tiers[0];
      const filled = { ...form, spend: money(spend) };
      if ('amount' in off) return { ...filled, off: 'amount', amount: money(off.amount.amount) };
      return { ...filled, percent: percent(off.percent.rate_ppm), cap: money(off.percent.cap) };
    }
  }
}

/** The fields that the form says; null when a figure of its kind is missing or none. */
function fieldsOf(form: EffectForm, writing: Writing): Record<string, unknown> | null {
  const rate_ppm = positive(typedPercent(form.percent, writing.locale));
  const amount = typedMoney(form.amount, writing);
  const cap = form.cap.trim() === '' ? null : typedMoney(form.cap, writing);
  const capped = cap !== null || form.cap.trim() === '';
  switch (form.kind) {
    case 'kept':
      return {};
    case 'percent':
      return rate_ppm === null ? null : { rate_ppm };
    case 'amount':
      return amount === null ? null : { per_unit: amount };
    case 'fixed_price': {
      const unit_price = typedDecimal(form.price, writing.digits, writing.locale);
      return unit_price === null ? null : { unit_price };
    }
    case 'buy_get': {
      const [buy, get] = [typedCount(form.buy, writing.locale), typedCount(form.get, writing.locale)];
      return buy === null || get === null || rate_ppm === null ? null : { buy, get, rate_ppm };
    }
    case 'order_percent':
      return rate_ppm === null || !capped ? null : { rate_ppm, cap };
    case 'threshold': {
      const spend = typedMoney(form.spend, writing);
      if (spend === null) return null;
      if (form.off === 'amount') return amount === null ? null : { tiers: [{ spend, off: { amount: { amount } } }] };
      if (rate_ppm === null || !capped) return null;
      return { tiers: [{ spend, off: { percent: { rate_ppm, cap } } }] };
    }
  }
}

function positive(ppm: number | null): number | null {
  return ppm === null || ppm <= 0 ? null : ppm;
}

/**
 * The promotion with what the form says it does: untouched where the form says what it said before, so that a price with
 * more decimals than can be typed stays as well.
 */
export function withEffect(promotion: Promotion, form: EffectForm, writing: Writing): Promotion | null {
  const before = effectFormOf(promotion, writing);
  if (form.kind === 'kept' || JSON.stringify(before) === JSON.stringify(form)) return promotion;
  const fields = fieldsOf(form, writing);
  if (fields === null) return null;
  if (form.kind === promotion.effect) return { ...promotion, ...fields };
  const rest = Object.fromEntries(Object.entries(promotion).filter(([name]) => !ALL_FIELDS.has(name)));
  return { ...(rest as Promotion), effect: form.kind, ...fields };
}

/** Whether the figures of its kind are there. */
export function effectComplete(form: EffectForm, writing: Writing): boolean {
  return fieldsOf(form, writing) !== null;
}
