import { describe, expect, it } from 'vitest';
import { byPromotion, readGiven, shareOf, sumOf, type GivenRow } from './given';

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
    const answer = { from: '2026-11-24', to: '2026-11-30', rows };
    expect(readGiven({ ...answer, outlet_id: 'o1' })).toEqual(answer);
    expect(readGiven({ ...answer, rows: [] }).rows).toEqual([]);
  });

  it.each([
    ['no rows', { from: '2026-11-24', to: '2026-11-30' }],
    ['an amount that is a number', { rows: [{ ...row(), taken_off: 10_000 }] }],
    ['an amount with decimals', { rows: [{ ...row(), sales: '1.5 IDR' }] }],
    ['an amount of no currency', { rows: [{ ...row(), sales: '15' }] }],
    ['half an order', { rows: [{ ...row(), orders: 0.5 }] }],
    ['a promotion without a name', { rows: [{ ...row(), name: undefined }] }],
  ])('is no answer with %s', (_, change) => {
    expect(() => readGiven({ from: '2026-11-24', to: '2026-11-30', ...change })).toThrow();
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

  it('is summed to the last unit', () => {
    const rows = [row({ taken_off: '9007199254740993 IDR' }), row({ taken_off: '1 IDR' }), row({ taken_off: '0 IDR' })];
    expect(sumOf(rows, 'IDR')).toBe('9007199254740994 IDR');
    expect(sumOf([], 'VND')).toBe('0 VND');
  });

  it('is one bar for a promotion, whatever codes it came by, the longest first', () => {
    const rows = [
      row({ promotion_id: 'p2', name: 'Pagi', taken_off: '12000 IDR', times: 1 }),
      row({ coupon: 'HEMAT' }),
      row({ coupon: 'LAGI', taken_off: '5000 IDR' }),
      // Another promotion may have the same name.
      row({ promotion_id: 'p3', taken_off: '500 IDR' }),
    ];
    expect(byPromotion(rows)).toEqual([
      { id: 'p1', name: 'Sore', times: 6, amount: '15000 IDR' },
      { id: 'p2', name: 'Pagi', times: 1, amount: '12000 IDR' },
      { id: 'p3', name: 'Sore', times: 3, amount: '500 IDR' },
    ]);
  });
});
