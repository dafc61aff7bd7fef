import * as v from 'valibot';
import type { Writing } from '../app/figures';
import { blankPart, BUNDLE_PARTS, partFormOf, partsOf, type BundlePartForm } from './bundle';
import { blankOff, cappedOf, OFF, offFormOf, offOf, rateOf, type OffForm } from './off';
import type { Promotion } from './parts';
import { blankTarget, TARGET, targetFormOf, targetOf, type TargetForm } from './target';
import { blankTier, tierFormOf, TIERS, tiersOf, type TierForm } from './tiers';
import { decimalText, moneyText, percentText, typedCount, typedDecimal, typedMoney } from './written';

/** What a form can say of a promotion; what a later server may know besides is `kept` as it is. */
export const EFFECTS = [
  'percent',
  'amount',
  'fixed_price',
  'buy_get',
  'bundle',
  'free_item',
  'threshold',
  'order_percent',
] as const;
export type FormEffect = (typeof EFFECTS)[number];

/** What a promotion does, as typed; only the figures of its kind count. */
export interface EffectForm {
  kind: FormEffect | 'kept';
  percent: string;
  cap: string;
  amount: string;
  price: string;
  buy: string;
  get: string;
  /** Whether other goods are given than are bought. */
  givesOther: boolean;
  other: TargetForm;
  parts: BundlePartForm[];
  /** What comes off a bundle. */
  off: OffForm;
  free: TargetForm;
  /** How many pieces are free. */
  quantity: string;
  tiers: TierForm[];
}

const number = v.number();
const text = v.string();

const FIELDS = v.variant('effect', [
  v.object({ effect: v.literal('percent'), rate_ppm: number }),
  v.object({ effect: v.literal('amount'), per_unit: text }),
  v.object({ effect: v.literal('fixed_price'), unit_price: text }),
  v.object({
    effect: v.literal('buy_get'),
    buy: number,
    get: number,
    rate_ppm: number,
    other: v.optional(v.nullable(TARGET), null),
  }),
  v.object({ effect: v.literal('bundle'), parts: BUNDLE_PARTS, off: OFF }),
  v.object({ effect: v.literal('free_item'), free: TARGET, quantity: number }),
  v.object({ effect: v.literal('threshold'), tiers: TIERS }),
  v.object({ effect: v.literal('order_percent'), rate_ppm: number, cap: v.optional(v.nullable(text), null) }),
]);

/** Every field that belongs to some kind of promotion: another kind begins without them. */
const ALL_FIELDS = new Set('rate_ppm per_unit unit_price buy get other parts off tiers free quantity cap'.split(' '));

export function blankEffect(): EffectForm {
  return {
    kind: 'percent',
    percent: '',
    cap: '',
    amount: '',
    price: '',
    buy: '',
    get: '1',
    givesOther: false,
    other: blankTarget(),
    parts: [blankPart()],
    off: blankOff('price'),
    free: blankTarget(),
    quantity: '1',
    tiers: [blankTier()],
  };
}

/** What counts in the form of each kind. */
const COUNTS: Record<FormEffect, readonly (keyof EffectForm)[]> = {
  percent: ['percent'],
  amount: ['amount'],
  fixed_price: ['price'],
  buy_get: ['buy', 'get', 'percent', 'givesOther', 'other'],
  bundle: ['parts', 'off'],
  free_item: ['free', 'quantity'],
  threshold: ['tiers'],
  order_percent: ['percent', 'cap'],
};

function saysTheSame(form: EffectForm, before: EffectForm): boolean {
  if (form.kind === 'kept' || form.kind !== before.kind) return form.kind === 'kept';
  return COUNTS[form.kind].every((name) => JSON.stringify(form[name]) === JSON.stringify(before[name]));
}

/** Whether all money in it can be typed here: money of the outlet's currency that is not below zero. */
function isTypeable(fields: unknown, currency: string): boolean {
  const found = JSON.stringify(fields).match(/"-?\d+ [A-Z]{3}"/g) ?? [];
  return found.every((money) => !money.startsWith('"-') && money.endsWith(` ${currency}"`));
}

/** What a promotion does as it stands in the form. */
export function effectFormOf(promotion: Promotion, writing: Writing): EffectForm {
  const read = v.safeParse(FIELDS, promotion);
  const blank = blankEffect();
  if (!read.success || !isTypeable(read.output, writing.currency)) return { ...blank, kind: 'kept' };
  const fields = read.output;
  const form: EffectForm = { ...blank, kind: fields.effect };
  const percent = (ppm: number) => percentText(ppm, writing.locale);
  switch (fields.effect) {
    case 'percent':
      return { ...form, percent: percent(fields.rate_ppm) };
    case 'amount':
      return { ...form, amount: moneyText(fields.per_unit, writing) };
    case 'fixed_price':
      return { ...form, price: decimalText(fields.unit_price, writing.locale) };
    case 'buy_get': {
      const { buy, get, rate_ppm, other } = fields;
      const filled = { ...form, buy: String(buy), get: String(get), percent: percent(rate_ppm) };
      return other === null ? filled : { ...filled, givesOther: true, other: targetFormOf(other) };
    }
    case 'bundle':
      return { ...form, parts: fields.parts.map(partFormOf), off: offFormOf(fields.off, writing) };
    case 'free_item':
      return { ...form, free: targetFormOf(fields.free), quantity: String(fields.quantity) };
    case 'threshold':
      return { ...form, tiers: fields.tiers.map((tier) => tierFormOf(tier, writing)) };
    case 'order_percent': {
      const cap = fields.cap === null ? '' : moneyText(fields.cap, writing);
      return { ...form, percent: percent(fields.rate_ppm), cap };
    }
  }
}

/** The fields that the form says; null when something of its kind is missing or wrong. */
function fieldsOf(form: EffectForm, writing: Writing): Record<string, unknown> | null {
  const rate_ppm = rateOf(form.percent, writing);
  switch (form.kind) {
    case 'kept':
      return {};
    case 'percent':
      return rate_ppm === null ? null : { rate_ppm };
    case 'amount': {
      const per_unit = typedMoney(form.amount, writing);
      return per_unit === null ? null : { per_unit };
    }
    case 'fixed_price': {
      const unit_price = typedDecimal(form.price, writing.digits, writing.locale);
      return unit_price === null ? null : { unit_price };
    }
    case 'buy_get': {
      const [buy, get] = [typedCount(form.buy, writing.locale), typedCount(form.get, writing.locale)];
      const other = form.givesOther ? targetOf(form.other) : null;
      const wrong = buy === null || get === null || rate_ppm === null || (form.givesOther && other === null);
      return wrong ? null : { buy, get, rate_ppm, other };
    }
    case 'bundle': {
      const [parts, off] = [partsOf(form.parts, writing), offOf(form.off, writing)];
      return parts === null || off === null ? null : { parts, off };
    }
    case 'free_item': {
      const [free, quantity] = [targetOf(form.free), typedCount(form.quantity, writing.locale)];
      return free === null || quantity === null ? null : { free, quantity };
    }
    case 'threshold': {
      const tiers = tiersOf(form.tiers, writing);
      return tiers && { tiers };
    }
    case 'order_percent':
      return cappedOf(form, writing);
  }
}

/**
 * The promotion with what the form says it does: untouched where the form says what it said before, so that a price with
 * more decimals than can be typed stays as well. Null while something of its kind is missing or wrong.
 */
export function withEffect(promotion: Promotion, form: EffectForm, writing: Writing): Promotion | null {
  if (saysTheSame(form, effectFormOf(promotion, writing))) return promotion;
  const fields = fieldsOf(form, writing);
  if (fields === null) return null;
  if (form.kind === promotion.effect) return { ...promotion, ...fields };
  const rest = Object.fromEntries(Object.entries(promotion).filter(([name]) => !ALL_FIELDS.has(name)));
  return { ...(rest as Promotion), effect: form.kind, ...fields };
}
