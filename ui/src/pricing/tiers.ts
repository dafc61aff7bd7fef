import * as v from 'valibot';
import type { Writing } from '../app/figures';
import { blankOff, OFF, offFormOf, offOf, type OffForm } from './off';
import { minorOf, moneyText, typedMoney } from './written';

/** A tier of a threshold as typed. */
export interface TierForm {
  spend: string;
  off: OffForm;
}

export const TIERS = v.pipe(v.array(v.strictObject({ spend: v.string(), off: OFF })), v.minLength(1));

export type Tier = v.InferOutput<typeof TIERS>[number];

export function blankTier(): TierForm {
  return { spend: '', off: blankOff('percent') };
}

export function tierFormOf({ spend, off }: Tier, writing: Writing): TierForm {
  return { spend: moneyText(spend, writing), off: offFormOf(off, writing) };
}

/** The sum of a tier in minor units; null when it is none. */
function spendOf({ spend }: TierForm, writing: Writing): bigint | null {
  const money = typedMoney(spend, writing);
  return money === null ? null : minorOf(money);
}

/** The tiers by rising sums; those without one stand last, in their order. */
export function byRising(tiers: readonly TierForm[], writing: Writing): TierForm[] {
  const order = (a: bigint | null, b: bigint | null): number => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return a < b ? -1 : Number(a > b);
  };
  return [...tiers].sort((a, b) => order(spendOf(a, writing), spendOf(b, writing)));
}

/** Whether another tier begins at the same sum: only one of them could count. */
export function isDoubled(tier: TierForm, tiers: readonly TierForm[], writing: Writing): boolean {
  const spend = spendOf(tier, writing);
  return spend !== null && tiers.filter((other) => spendOf(other, writing) === spend).length > 1;
}

/** The tiers as they are sent, rising; null while a figure is missing or two begin at the same sum. */
export function tiersOf(forms: readonly TierForm[], writing: Writing): Tier[] | null {
  if (forms.length === 0 || forms.some((tier) => isDoubled(tier, forms, writing))) return null;
  const tiers = byRising(forms, writing).map((form): Tier | null => {
    const [spend, off] = [typedMoney(form.spend, writing), offOf(form.off, writing)];
    return spend === null || off === null ? null : { spend, off };
  });
  return tiers.every((tier) => tier !== null) ? tiers : null;
}
