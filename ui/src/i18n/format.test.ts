import { describe, expect, it } from 'vitest';
import { formatAmount, formatDecimal, formatMoney, formatPercent, formatUnitPrice, isZero, parseMoney } from './format';

const plain = (text: string) => text.replaceAll('\u00a0', ' ').replaceAll('\u2212', '-');

describe('money', () => {
  it('stands as each language writes it', () => {
    expect(plain(formatMoney('242528 IDR', 'id', 0))).toBe('Rp 242.528');
    expect(plain(formatMoney('242528 IDR', 'en', 0))).toBe('Rp 242,528');
    expect(plain(formatMoney('120000 VND', 'vi', 0))).toBe('120.000 ₫');
    expect(plain(formatMoney('1234 EUR', 'en', 2))).toBe('€12.34');
    expect(plain(formatMoney('5 USD', 'id', 2))).toBe('$0,05');
  });
  it('keeps the sign in front of everything', () => {
    expect(plain(formatMoney('-28 IDR', 'id', 0))).toBe('-Rp 28');
    expect(plain(formatAmount('-1000 VND', 'vi', 0))).toBe('-1.000');
  });
  it('keeps every digit of the largest amounts', () => {
    expect(plain(formatMoney('9223372036854775807 IDR', 'id', 0))).toBe('Rp 9.223.372.036.854.775.807');
    expect(plain(formatMoney('9223372036854775807 IDR', 'en', 2))).toBe('Rp 92,233,720,368,547,758.07');
  });
  it('writes a currency it has no sign for by its code', () => {
    expect(plain(formatMoney('1500 JOD', 'en', 3))).toBe('1.500 JOD');
  });
  it('shows what is no money as it is', () => {
    expect(formatMoney('oops', 'en', 0)).toBe('oops');
    expect(parseMoney('1.5 IDR')).toBeNull();
  });
  it('knows nothing when it sees it', () => {
    expect(isZero('0 IDR')).toBe(true);
    expect(isZero(null)).toBe(true);
    expect(isZero('10 IDR')).toBe(false);
  });
});

describe('other figures', () => {
  it('writes quantities and prices', () => {
    expect(formatDecimal('0.125', 'id')).toBe('0,125');
    expect(formatDecimal('12000', 'en')).toBe('12,000');
    expect(plain(formatUnitPrice('18000', 'id', 'IDR', 0))).toBe('Rp 18.000');
    expect(plain(formatUnitPrice('0.0015', 'en', 'USD', 2))).toBe('$0.0015');
    expect(plain(formatUnitPrice('3.5', 'en', 'USD', 2))).toBe('$3.50');
    expect(plain(formatUnitPrice('-2000', 'vi', 'VND', 0))).toBe('-2.000 ₫');
  });
  it('writes rates', () => {
    expect(plain(formatPercent(100_000, 'en'))).toBe('10%');
    expect(plain(formatPercent(25_000, 'id'))).toBe('2,5 %');
  });
});
