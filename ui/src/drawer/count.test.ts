import { describe, expect, it } from 'vitest';
import { asInput, counted, denominations, NO_PIECES, withPieces } from './count';

describe('counting a drawer', () => {
  it('adds up whole minor units', () => {
    const pieces = new Map([
      [100_000n, 12],
      [2_000n, 7],
      [500n, 0],
    ]);
    expect(counted(pieces, 'IDR')).toBe('1214000 IDR');
    expect(asInput(pieces)).toEqual([
      [100_000, 12],
      [2_000, 7],
    ]);
  });
  it('takes the last word on each note', () => {
    const pieces = withPieces(withPieces(withPieces(NO_PIECES, 1_000n, 3), 500n, 1), 1_000n, 4);
    expect(counted(pieces, 'IDR')).toBe('4500 IDR');
    expect(counted(NO_PIECES, 'IDR')).toBe('0 IDR');
  });
  it('is nothing when nothing was counted', () => {
    expect(counted(new Map(), 'VND')).toBe('0 VND');
  });
  it('knows denominations with the digits in use, the largest first', () => {
    expect(denominations('IDR', 0)[0]).toBe(100_000n);
    expect(denominations('IDR', 2)[0]).toBe(10_000_000n);
    expect(denominations('EUR', 2).at(-1)).toBe(1n);
    expect(denominations('JOD', 3).at(-1)).toBe(10n);
    for (const currency of ['IDR', 'VND', 'JPY', 'EUR']) {
      const values = denominations(currency, 2);
      expect([...values].sort((a, b) => (a > b ? -1 : 1))).toEqual(values);
    }
  });
});
