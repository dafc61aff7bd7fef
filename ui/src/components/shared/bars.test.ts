import { describe, expect, it } from 'vitest';
import { barLengths } from './bars';

describe('bars of the means of payment', () => {
  it('are as long as their share of the longest', () => {
    expect(barLengths(['200000 IDR', '100000 IDR', '50000 IDR'])).toEqual([1_000, 500, 250]);
  });
  it('can be seen when there is anything, and are not there when there is nothing', () => {
    expect(barLengths(['9000000 IDR', '1 IDR', '0 IDR'])).toEqual([1_000, 8, 0]);
    expect(barLengths(['0 VND', '0 VND'])).toEqual([0, 0]);
    expect(barLengths([])).toEqual([]);
  });
  it('keep every digit of the largest amounts', () => {
    expect(barLengths(['9223372036854775807 IDR', '4611686018427387903 IDR'])).toEqual([1_000, 499]);
  });
});
