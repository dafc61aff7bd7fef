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

const given = v.object({ from: v.string(), to: v.string(), rows: v.array(row) });

export type Given = v.InferOutput<typeof given>;
/** A promotion without a code, or one code of it. */
export type GivenRow = Given['rows'][number];

export const readGiven = (body: unknown): Given => v.parse(given, body);

/** What a promotion took off, whatever code it came by. */
export interface GivenSum {
  id: string;
  name: string;
  times: number;
  amount: string;
}

function added(one: string, other: string): string {
  const [, currency = ''] = one.split(' ');
  return `${minorOf(one) + minorOf(other)} ${currency}`;
}

/** All that was taken off: an order counts once for each of its promotions, so sales cannot be added up like this. */
export function sumOf(rows: readonly GivenRow[], currency: string): string {
  return rows.reduce((sum, { taken_off }) => added(sum, taken_off), `0 ${currency}`);
}

/** The rows of each promotion as one, what took off most first. */
export function byPromotion(rows: readonly GivenRow[]): GivenSum[] {
  const sums = new Map<string, GivenSum>();
  for (const { promotion_id: id, name, times, taken_off } of rows) {
    const before = sums.get(id);
    if (before) sums.set(id, { ...before, times: before.times + times, amount: added(before.amount, taken_off) });
    else sums.set(id, { id, name, times, amount: taken_off });
  }
  const order = (a: bigint, b: bigint) => (a > b ? -1 : Number(a < b));
  return [...sums.values()].sort((a, b) => order(minorOf(a.amount), minorOf(b.amount)));
}

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
