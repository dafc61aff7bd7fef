/**
 * Figures as people of a language write them. Everything works on the engine's decimal text: no figure is ever a
 * floating-point number and nothing is computed here.
 */

export type Locale = 'en' | 'id' | 'vi';
export const LOCALES: readonly Locale[] = ['en', 'id', 'vi'];

/** Each language by its own name. */
export const LOCALE_NAMES: Record<Locale, string> = { en: 'English', id: 'Bahasa Indonesia', vi: 'Tiếng Việt' };

export function isLocale(text: string | null | undefined): text is Locale {
  return text === 'en' || text === 'id' || text === 'vi';
}

const MARKS: Record<Locale, { group: string; decimal: string }> = {
  en: { group: ',', decimal: '.' },
  id: { group: '.', decimal: ',' },
  vi: { group: '.', decimal: ',' },
};

/** The mark between whole and part in a language. */
export function decimalMark(locale: Locale): string {
  return MARKS[locale].decimal;
}

/** Sign and place of the currencies that are at home where the till is. */
const SIGNS: Record<string, { sign: string; after: boolean }> = {
  IDR: { sign: 'Rp', after: false },
  VND: { sign: '₫', after: true },
  USD: { sign: '$', after: false },
  SGD: { sign: 'S$', after: false },
  MYR: { sign: 'RM', after: false },
  EUR: { sign: '€', after: false },
  GBP: { sign: '£', after: false },
  JPY: { sign: '¥', after: false },
};

const SPACE = '\u00a0';
const MINUS = '\u2212';

export interface ParsedMoney {
  negative: boolean;
  /** Minor units without a sign. */
  minor: string;
  currency: string;
}

/** Reads `"-242528 IDR"`; null when it is no money. */
export function parseMoney(text: string): ParsedMoney | null {
  const match = /^(-?)(\d+) ([A-Z]{3})$/.exec(text);
  if (!match) return null;
  return { negative: match[1] === '-', minor: match[2] ?? '0', currency: match[3] ?? '' };
}

/** Whether an amount is nothing. */
export function isZero(money: string | null): boolean {
  return money === null || /^-?0+ /.test(money);
}

function group(whole: string, mark: string): string {
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, mark);
}

function withMarks(whole: string, part: string, locale: Locale): string {
  const { group: groupMark, decimal } = MARKS[locale];
  return part === '' ? group(whole, groupMark) : `${group(whole, groupMark)}${decimal}${part}`;
}

function withSign(figure: string, currency: string, negative: boolean): string {
  const minus = negative ? MINUS : '';
  const known = SIGNS[currency];
  if (!known) return `${minus}${figure}${SPACE}${currency}`;
  if (known.after) return `${minus}${figure}${SPACE}${known.sign}`;
  const gap = /[A-Za-z]$/.test(known.sign) ? SPACE : '';
  return `${minus}${known.sign}${gap}${figure}`;
}

/** `"242528 IDR"` as `242.528`, without the currency. */
export function formatAmount(money: string, locale: Locale, digits: number): string {
  const parsed = parseMoney(money);
  if (!parsed) return money;
  const padded = parsed.minor.padStart(digits + 1, '0');
  const whole = padded.slice(0, padded.length - digits);
  const part = digits === 0 ? '' : padded.slice(-digits);
  return `${parsed.negative ? MINUS : ''}${withMarks(whole, part, locale)}`;
}

/** `"242528 IDR"` as `Rp 242.528`, `"120000 VND"` as `120.000 ₫`. */
export function formatMoney(money: string, locale: Locale, digits: number): string {
  const parsed = parseMoney(money);
  if (!parsed) return money;
  const figure = formatAmount(`${parsed.minor} ${parsed.currency}`, locale, digits);
  return withSign(figure, parsed.currency, parsed.negative);
}

/** A decimal text as people write it: `"0.125"` as `0,125`, `"12000"` as `12.000`. */
export function formatDecimal(text: string, locale: Locale): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return text;
  return `${match[1] ? MINUS : ''}${withMarks(match[2] ?? '0', match[3] ?? '', locale)}`;
}

/** A price of one unit (decimal text of the major unit) with its currency, padded to the digits in use. */
export function formatUnitPrice(text: string, locale: Locale, currency: string, digits: number): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return text;
  const part = (match[3] ?? '').replace(/0+$/, '').padEnd(digits, '0');
  return withSign(withMarks(match[2] ?? '0', part, locale), currency, match[1] === '-');
}

/** A rate in parts per million as percent: 100,000 is `10`. */
export function formatPercent(ppm: number, locale: Locale): string {
  const whole = Math.trunc(ppm / 10_000);
  const part = String(ppm % 10_000)
    .padStart(4, '0')
    .replace(/0+$/, '');
  return `${withMarks(String(whole), part, locale)}${locale === 'en' ? '' : SPACE}%`;
}

const TAGS: Record<Locale, string> = { en: 'en-GB', id: 'id-ID', vi: 'vi-VN' };

/** The language as the browser knows it. */
export function languageTag(locale: Locale): string {
  return TAGS[locale];
}

function zoned(options: Intl.DateTimeFormatOptions, zone: string | undefined): Intl.DateTimeFormatOptions {
  return zone === undefined ? options : { ...options, timeZone: zone };
}

function inZone(at: number, locale: Locale, options: Intl.DateTimeFormatOptions, zone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat(TAGS[locale], zoned(options, zone)).format(at);
  } catch {
    // A zone that this browser does not know must not take the screen down.
    return new Intl.DateTimeFormat(TAGS[locale], options).format(at);
  }
}

/** The time of day in the outlet's zone, `14:05`. */
export function formatTime(at: number, locale: Locale, zone?: string): string {
  return inZone(at, locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, zone);
}

/** Day and time in the outlet's zone. */
export function formatDateTime(at: number, locale: Locale, zone?: string): string {
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  };
  return inZone(at, locale, options, zone);
}

/** A weekday in short; 1 is Monday. */
export function formatWeekday(day: number, locale: Locale): string {
  // 1 January 2024 was a Monday.
  return inZone(Date.UTC(2024, 0, day), locale, { weekday: 'short' }, 'UTC');
}

/** A day of business, `2026-11-23`, with its weekday. */
export function formatDay(date: string, locale: Locale): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  if (!Number.isFinite(at)) return date;
  return inZone(at, locale, { weekday: 'short', day: 'numeric', month: 'short' }, 'UTC');
}

/** A whole number, grouped. */
export function formatCount(count: number, locale: Locale): string {
  return formatDecimal(String(Math.trunc(count)), locale);
}
