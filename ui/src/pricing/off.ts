import * as v from 'valibot';
import type { Writing } from '../app/figures';
import { moneyText, percentText, typedMoney, typedPercent } from './written';

/** The ways in which something comes off a sum. */
export const OFFS = ['percent', 'amount', 'price'] as const;

/** What comes off a sum, as typed; only the figures of its way count. */
export interface OffForm {
  by: (typeof OFFS)[number];
  percent: string;
  /** The most that a percentage takes off. */
  cap: string;
  amount: string;
  price: string;
}

const text = v.string();

export const OFF = v.union([
  v.strictObject({
    percent: v.strictObject({ rate_ppm: v.number(), cap: v.optional(v.nullable(text), null) }),
  }),
  v.strictObject({ amount: v.strictObject({ amount: text }) }),
  v.strictObject({ price: v.strictObject({ price: text }) }),
]);

export type Off = v.InferOutput<typeof OFF>;

export function blankOff(by: OffForm['by']): OffForm {
  return { by, percent: '', cap: '', amount: '', price: '' };
}

export function offFormOf(off: Off, writing: Writing): OffForm {
  if ('amount' in off) return { ...blankOff('amount'), amount: moneyText(off.amount.amount, writing) };
  if ('price' in off) return { ...blankOff('price'), price: moneyText(off.price.price, writing) };
  const { rate_ppm, cap } = off.percent;
  return {
    ...blankOff('percent'),
    percent: percentText(rate_ppm, writing.locale),
    cap: cap === null ? '' : moneyText(cap, writing),
  };
}

/** What comes off; null while its figure is missing or none. */
export function offOf(form: OffForm, writing: Writing): Off | null {
  if (form.by === 'percent') {
    const percent = cappedOf(form, writing);
    return percent && { percent };
  }
  const money = typedMoney(form[form.by], writing);
  if (money === null) return null;
  return form.by === 'amount' ? { amount: { amount: money } } : { price: { price: money } };
}

/** A percentage above nothing; null when it is none. */
export function rateOf(percent: string, writing: Writing): number | null {
  const rate_ppm = typedPercent(percent, writing.locale);
  return rate_ppm === null || rate_ppm <= 0 ? null : rate_ppm;
}

/** A percentage with the most that it takes off; null when one of them is no figure. */
export function cappedOf(
  { percent, cap }: Pick<OffForm, 'percent' | 'cap'>,
  writing: Writing,
): { rate_ppm: number; cap: string | null } | null {
  const rate_ppm = rateOf(percent, writing);
  const most = cap.trim() === '' ? null : typedMoney(cap, writing);
  const wrong = rate_ppm === null || (most === null && cap.trim() !== '');
  return wrong ? null : { rate_ppm, cap: most };
}
