import type { Writing } from '../app/figures';
import { fromMoney, toMoney } from '../components/shared/entry';
import { decimalMark, type Locale } from '../i18n';
import { percentOf, ratePpm } from '../register/rate';

const GROUPED = /^\d{1,3}(?:[.,\s\u00a0]\d{3})+$/;

/**
 * A figure as a person types it, as decimal text: `25.000` is twenty-five thousand where nothing comes after a whole, and
 * wherever a point stands between thousands. Null when it is no figure.
 */
export function typedDecimal(typed: string, decimals: number, locale: Locale): string | null {
  const figure = typed.trim();
  if (/^\d{1,12}$/.test(figure)) return figure.replace(/^0+(?=\d)/, '');
  const mark = decimalMark(locale);
  const thousands = decimals === 0 ? GROUPED.test(figure) : GROUPED.test(figure) && !figure.includes(mark);
  if (thousands) return figure.replace(/\D/g, '').replace(/^0+(?=\d)/, '');
  const other = mark === ',' ? '.' : ',';
  const [whole = '', part] = splitAtMark(figure, mark, other);
  const fits = part !== undefined && part.length <= decimals && /^\d+$/.test(part);
  if (!fits || !/^\d{1,12}$/.test(whole)) return null;
  return `${whole.replace(/^0+(?=\d)/, '')}.${part}`;
}

/** Whole and part; a lone mark of the other languages is meant as a mark too, since hands are quicker than settings. */
function splitAtMark(figure: string, mark: string, other: string): [string, string | undefined] {
  const used = figure.includes(mark) ? mark : other;
  const at = figure.lastIndexOf(used);
  if (at < 0) return [figure, undefined];
  const whole = figure.slice(0, at);
  const plain = GROUPED.test(whole) && !whole.includes(used) ? whole.replace(/\D/g, '') : whole;
  return [plain, figure.slice(at + 1)];
}

/** Decimal text to type on from. */
export function decimalText(decimal: string, locale: Locale): string {
  return decimal.replace('.', decimalMark(locale));
}

/** A whole number above zero; null when it is none. */
export function typedCount(typed: string, locale: Locale): number | null {
  const figure = typedDecimal(typed, 0, locale);
  const count = figure === null ? 0 : Number(figure);
  return count > 0 && count <= 1_000_000_000 ? count : null;
}

export function typedPercent(typed: string, locale: Locale): number | null {
  const figure = typedDecimal(typed, 4, locale);
  return figure === null ? null : ratePpm(figure);
}

export function percentText(ppm: number, locale: Locale): string {
  return decimalText(percentOf(ppm), locale);
}

export function typedMoney(typed: string, { locale, currency, digits }: Writing): string | null {
  const figure = typedDecimal(typed, digits, locale);
  return figure === null ? null : toMoney(figure, currency, digits);
}

export function moneyText(money: string, { locale, digits }: Writing): string {
  return decimalText(fromMoney(money, digits) || '0', locale);
}

/** Words that were typed between commas. */
export function typedWords(typed: string): string[] {
  return [...new Set(typed.split(',').map((word) => word.trim()))].filter((word) => word !== '');
}

export const wordsText = (words: readonly string[]): string => words.join(', ');

/** The amount in a currency out of amounts in several. */
export function moneyIn(amounts: readonly string[], currency: string): string {
  return amounts.find((amount) => amount.endsWith(` ${currency}`)) ?? `0 ${currency}`;
}

/** Money in minor units, exact, to add and compare. */
export function minorOf(money: string): bigint {
  return BigInt(money.split(' ')[0] ?? '0');
}
