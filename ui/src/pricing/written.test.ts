import { describe, expect, it } from 'vitest';
import {
  moneyIn,
  moneyText,
  percentText,
  typedCount,
  typedDecimal,
  typedMoney,
  typedPercent,
  typedWords,
} from './written';

const RUPIAH = { locale: 'id', currency: 'IDR', digits: 0 } as const;
const EURO = { locale: 'en', currency: 'EUR', digits: 2 } as const;

describe('figures as typed', () => {
  it('reads thousands where a currency has no decimals, whatever mark stands between them', () => {
    for (const typed of ['25000', '25.000', '25,000', ' 25 000 ']) {
      expect(typedMoney(typed, RUPIAH), typed).toBe('25000 IDR');
      expect(typedMoney(typed, { ...RUPIAH, locale: 'en' }), typed).toBe('25000 IDR');
    }
    for (const typed of ['25.5', '25,00', '', 'x', '-1', '1.2.3']) {
      expect(typedMoney(typed, RUPIAH), typed).toBeNull();
    }
  });

  it('reads decimals by the mark of the language, and by the other where it cannot be thousands', () => {
    expect(typedDecimal('12.50', 2, 'en')).toBe('12.50');
    expect(typedDecimal('12,50', 2, 'en')).toBe('12.50');
    expect(typedDecimal('1,250', 2, 'en')).toBe('1250');
    expect(typedDecimal('1,250.75', 2, 'en')).toBe('1250.75');
    expect(typedDecimal('1.250,75', 2, 'vi')).toBe('1250.75');
    expect(typedDecimal('0,125', 3, 'vi')).toBe('0.125');
    expect(typedDecimal('12.505', 2, 'en')).toBeNull();
  });

  it('writes what it read', () => {
    expect(moneyText('1250 EUR', EURO)).toBe('12.5');
    expect(typedMoney(moneyText('1250 EUR', EURO), EURO)).toBe('1250 EUR');
    expect(moneyText('25000 IDR', RUPIAH)).toBe('25000');
    expect(moneyText('0 IDR', RUPIAH)).toBe('0');
  });

  it('takes percent to parts per million and back', () => {
    for (const ppm of [0, 1, 100_000, 75_000, 333_333, 1_000_000]) {
      for (const locale of ['en', 'id', 'vi'] as const) {
        expect(typedPercent(percentText(ppm, locale), locale), `${ppm} ${locale}`).toBe(ppm);
      }
    }
    expect(percentText(75_000, 'id')).toBe('7,5');
    expect(typedPercent('101', 'en')).toBeNull();
    expect(typedPercent('ten', 'en')).toBeNull();
  });

  it('counts whole things only, and at least one', () => {
    expect(typedCount('100', 'en')).toBe(100);
    expect(typedCount('1.000', 'id')).toBe(1000);
    for (const typed of ['', '0', '1.5', 'many']) expect(typedCount(typed, 'id'), typed).toBeNull();
  });

  it('takes words between commas, each once', () => {
    expect(typedWords(' gold, staff,, gold ')).toEqual(['gold', 'staff']);
  });

  it('finds the amount of a currency', () => {
    expect(moneyIn(['5 USD', '7 IDR'], 'IDR')).toBe('7 IDR');
    expect(moneyIn([], 'IDR')).toBe('0 IDR');
  });
});
