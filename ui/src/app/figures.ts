import type { CartLineView } from '../api/bindings/CartLineView';
import type { OutletView } from '../api/bindings/OutletView';
import type { Locale, Texts } from '../i18n';
import {
  formatAmount,
  formatCount,
  formatDateTime,
  formatDay,
  formatDecimal,
  formatMoney,
  formatPercent,
  formatTime,
  formatUnitPrice,
  formatWeekday,
} from '../i18n';

/** How figures are typed: the language of the screens and the outlet's currency. */
export interface Writing {
  locale: Locale;
  currency: string;
  digits: number;
}

/** What of an outlet decides how its figures are written. */
export type FiguresOf = Pick<OutletView, 'digits' | 'currency' | 'zone'>;

/** Figures as the person at this till reads them: by the language of the screens and the outlet's currency and zone. */
export class Figures {
  #texts: Texts;
  #outlet: () => FiguresOf | null;

  constructor(texts: Texts, outlet: () => FiguresOf | null) {
    this.#texts = texts;
    this.#outlet = outlet;
  }

  get digits(): number {
    return this.#outlet()?.digits ?? 0;
  }

  get currency(): string {
    return this.#outlet()?.currency ?? 'IDR';
  }

  /** The outlet's IANA zone. */
  get zone(): string {
    return this.#outlet()?.zone ?? 'UTC';
  }

  /** How figures are typed here. */
  get writing(): Writing {
    return { locale: this.#texts.locale, currency: this.currency, digits: this.digits };
  }

  money = (money: string | null | undefined): string =>
    money ? formatMoney(money, this.#texts.locale, this.digits) : '';

  amount = (money: string | null | undefined): string =>
    money ? formatAmount(money, this.#texts.locale, this.digits) : '';

  unitPrice = (price: string): string => formatUnitPrice(price, this.#texts.locale, this.currency, this.digits);

  decimal = (text: string): string => formatDecimal(text, this.#texts.locale);

  /** How much of something: by weight as such, else how many. */
  quantity = ({ quantity, unit }: Pick<CartLineView, 'quantity' | 'unit'>): string =>
    unit === 'kilogram' ? this.#texts.t('kilograms', { quantity: this.decimal(quantity) }) : this.decimal(quantity);

  /** The same before the name of it. */
  times = (line: Pick<CartLineView, 'quantity' | 'unit'>): string =>
    line.unit === 'kilogram' ? this.quantity(line) : `${this.quantity(line)} ×`;

  count = (count: number): string => formatCount(count, this.#texts.locale);

  percent = (ppm: number): string => formatPercent(ppm, this.#texts.locale);

  time = (at: number): string => formatTime(at, this.#texts.locale, this.#outlet()?.zone);

  weekday = (day: number): string => formatWeekday(day, this.#texts.locale);

  day = (date: string): string => formatDay(date, this.#texts.locale);

  dateTime = (at: number): string => formatDateTime(at, this.#texts.locale, this.#outlet()?.zone);
}
