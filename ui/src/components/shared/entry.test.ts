import { describe, expect, it } from 'vitest';
import { fromMoney, isPositive, padKey, press, toDecimal, toMoney, type PadKey } from './entry';

const MONEY = { decimals: 0, maxDigits: 12 };
const WEIGHT = { decimals: 3, maxDigits: 8 };
const type = (keys: string, rules = MONEY) =>
  keys.split(' ').reduce((entry, key) => press(entry, key as PadKey, rules), '');

describe('press', () => {
  it('writes digits side by side', () => {
    expect(type('5 0 000')).toBe('50000');
    expect(type('1 00')).toBe('100');
  });
  it('has no leading zeros', () => {
    expect(type('0 0 5')).toBe('5');
    expect(type('000')).toBe('0');
  });
  it('erases and clears', () => {
    expect(type('5 0 erase')).toBe('5');
    expect(type('erase')).toBe('');
    expect(type('5 0 clear')).toBe('');
  });
  it('stops at the most digits', () => {
    expect(type('9 9 9 9 9 9 9 9 9 9 9 9 9 9')).toBe('999999999999');
  });
  it('takes a decimal mark once and only where decimals are', () => {
    expect(type('1 . 5')).toBe('15');
    expect(type('. 1 2 . 5 9', WEIGHT)).toBe('0.125');
  });
});

describe('conversions', () => {
  it('reads comma and point alike', () => {
    expect(padKey(',')).toBe('.');
    expect(padKey('.')).toBe('.');
    expect(padKey('7')).toBe('7');
    expect(padKey('a')).toBeNull();
  });
  it('makes money of the entry without computing', () => {
    expect(toMoney('50000', 'IDR', 0)).toBe('50000 IDR');
    expect(toMoney('12.5', 'USD', 2)).toBe('1250 USD');
    expect(toMoney('0.05', 'USD', 2)).toBe('5 USD');
    expect(toMoney('', 'VND', 0)).toBe('0 VND');
    expect(toMoney('900719925474099312', 'IDR', 0)).toBe('900719925474099312 IDR');
  });
  it('goes back from money to an entry', () => {
    expect(fromMoney('242528 IDR', 0)).toBe('242528');
    expect(fromMoney('1250 USD', 2)).toBe('12.5');
    expect(fromMoney('5 USD', 2)).toBe('0.05');
    expect(fromMoney('0 USD', 2)).toBe('0');
  });
  it('drops a mark without decimals after it', () => {
    expect(toDecimal('12.')).toBe('12');
    expect(toDecimal('')).toBe('0');
  });
  it('tells nothing from something', () => {
    expect(isPositive('0.000')).toBe(false);
    expect(isPositive('0.010')).toBe(true);
  });
});
