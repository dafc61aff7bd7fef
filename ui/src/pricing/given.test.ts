import { describe, expect, it } from 'vitest';
import { readGiven, shareOf, type GivenRow } from './given';

const row = (change: Partial<GivenRow> = {}): GivenRow => ({
  promotion_id: 'p1',
  name: 'Sore',
  coupon: null,
  currency: 'IDR',
  orders: 2,
  times: 3,
  taken_off: '10000 IDR',
  sales: '90000 IDR',
  ...change,
});

describe('what promotions took off', () => {
  it('is read as the server answers it, and what a later server adds is not minded', () => {
    const rows = [row(), row({ coupon: 'HEMAT' })];
    const promotions = [{ promotion_id: 'p1', name: 'Sore', currency: 'IDR', times: 6, taken_off: '20000 IDR' }];
    const totals = [{ currency: 'IDR', orders: 3, taken_off: '20000 IDR', sales: '120000 IDR' }];
    const answer = { from: '2026-11-24', to: '2026-11-30', totals, promotions, rows };
    expect(readGiven({ ...answer, outlet_id: 'o1' })).toEqual(answer);
    expect(readGiven({ ...answer, rows: [] }).rows).toEqual([]);
  });

  it.each([
    ['no rows', {}],
    ['no totals', { rows: [], totals: undefined }],
    ['an amount that is a number', { rows: [{ ...row(), taken_off: 10_000 }] }],
    ['an amount with decimals', { rows: [{ ...row(), sales: '1.5 IDR' }] }],
    ['an amount of no currency', { rows: [{ ...row(), sales: '15' }] }],
    ['half an order', { rows: [{ ...row(), orders: 0.5 }] }],
    ['a promotion without a name', { rows: [{ ...row(), name: undefined }] }],
  ])('is no answer with %s', (_, change) => {
    expect(() => readGiven({ from: '2026-11-24', to: '2026-11-30', totals: [], promotions: [], ...change })).toThrow();
  });

  it.each<[string, string, number]>([
    ['10000 IDR', '90000 IDR', 100_000],
    ['50000 IDR', '50000 IDR', 500_000],
    ['1 IDR', '2 IDR', 333_000],
    ['2 IDR', '1 IDR', 667_000],
    // A half of a tenth is rounded up.
    ['1 IDR', '1999 IDR', 1_000],
    ['1 IDR', '2000 IDR', 0],
    // Everything was free.
    ['30000 IDR', '0 IDR', 1_000_000],
    ['0 IDR', '90000 IDR', 0],
    ['0 IDR', '0 IDR', 0],
    // Beyond what a number holds.
    ['9007199254740993 IDR', '9007199254740993 IDR', 500_000],
  ])('of %s beside sales of %s is %i parts per million of what they would have come to', (taken_off, sales, ppm) => {
    expect(shareOf({ taken_off, sales })).toBe(ppm);
  });
});
