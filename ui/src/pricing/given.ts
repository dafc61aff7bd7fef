import * as v from 'valibot';
import { money } from '../api/schema';
import { minorOf } from './written';

/** What promotions took off past sales, as `pricing.ask` answers it. */

const count = v.pipe(v.number(), v.integer());

const row = v.object({
  promotion_id: v.string(),
  name: v.string(),
  coupon: v.nullable(v.string()),
  currency: v.string(),
  orders: count,
  times: count,
  taken_off: money,
  sales: money,
});

const sum = v.object({
  promotion_id: v.string(),
  name: v.string(),
  currency: v.string(),
  times: count,
  taken_off: money,
});

const total = v.object({ currency: v.string(), orders: count, taken_off: money, sales: money });

const given = v.object({
  from: v.string(),
  to: v.string(),
  totals: v.array(total),
  promotions: v.array(sum),
  rows: v.array(row),
});

export type Given = v.InferOutput<typeof given>;
/** A promotion without a code, or one code of it. */
export type GivenRow = Given['rows'][number];

export const readGiven = (body: unknown): Given => v.parse(given, body);

/**
 * The part that a promotion took off what its sales would have come to without it, in parts per million, rounded to a tenth
 * of a percent: `sales` is what was paid, after it.
 */
export function shareOf({ taken_off, sales }: Pick<GivenRow, 'taken_off' | 'sales'>): number {
  const off = minorOf(taken_off);
  const whole = off + minorOf(sales);
  if (off <= 0n || whole <= 0n) return 0;
  return Number((off * 2_000n + whole) / (whole * 2n)) * 1_000;
}
