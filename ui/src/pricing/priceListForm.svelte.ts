import type { Writing } from '../app/figures';
import { PartForm, type Fields } from './form.svelte';
import type { ListPrice, PriceList } from './parts';
import { ALWAYS, whenOf, withWhen, type WhenForm } from './when';
import { decimalText, typedDecimal, typedWords, wordsText } from './written';

/** Rows on one page: a list may have thousands. */
export const ROWS = 50;

/** A price in the form. */
export class PriceRow {
  readonly from: ListPrice;
  price = $state('');
  quantity = $state('');
  readonly #before: readonly [string, string];

  constructor(from: ListPrice, price: string, quantity: string) {
    this.from = from;
    this.price = price;
    this.quantity = quantity;
    this.#before = [price, quantity];
  }

  /** As it is sent: untouched where nothing was typed, however many decimals it has. */
  value({ digits, locale }: Writing): ListPrice | null {
    const [price, quantity] = this.#before;
    const unit_price =
      this.price === price && price !== '' ? this.from.unit_price : typedDecimal(this.price, digits, locale);
    const typed = this.quantity.trim() === '' ? '0' : typedDecimal(this.quantity, 3, locale);
    const from_quantity = this.quantity === quantity ? this.from.from_quantity : typed;
    return unit_price === null || from_quantity === null ? null : { ...this.from, unit_price, from_quantity };
  }
}

export class PriceListForm extends PartForm {
  segments = $state('');
  channels = $state.raw<PriceList['channels']>([]);
  when = $state<WhenForm>({ weekdays: [], from: '', until: '' });
  rows = $state.raw<readonly PriceRow[]>([]);
  offset = $state(0);
  readonly writing: Writing;
  readonly #part: PriceList | null;

  constructor(part: PriceList | null, outletIds: readonly string[], writing: Writing) {
    super(part, outletIds);
    this.writing = writing;
    this.#part = part;
    this.segments = wordsText(part?.segments ?? []);
    this.channels = part?.channels ?? [];
    this.when = whenOf(part?.schedule ?? ALWAYS);
    this.rows = (part?.prices ?? []).map((price) => {
      const quantity = price.from_quantity === '0' ? '' : decimalText(price.from_quantity, writing.locale);
      return new PriceRow(price, decimalText(price.unit_price, writing.locale), quantity);
    });
    this.begun();
  }

  get shown(): readonly PriceRow[] {
    return this.rows.slice(this.offset, this.offset + ROWS);
  }

  /** Adds a row for goods, and shows it. */
  add = (item_id: string, variant_id: string | null): void => {
    const from = { item_id, variant_id, from_quantity: '0', unit_price: '' };
    this.rows = [...this.rows, new PriceRow(from, '', '')];
    this.offset = Math.trunc((this.rows.length - 1) / ROWS) * ROWS;
  };

  drop = (row: PriceRow): void => {
    this.rows = this.rows.filter((other) => other !== row);
    if (this.offset >= this.rows.length) this.offset = Math.max(0, this.offset - ROWS);
  };

  turn = (pages: -1 | 1): void => {
    this.offset += pages * ROWS;
  };

  protected content(): Fields | null {
    const schedule = withWhen(this.#part?.schedule ?? ALWAYS, this.when);
    const prices = this.rows.map((row) => row.value(this.writing));
    if (!schedule || prices.length === 0 || prices.includes(null)) return null;
    return { segments: typedWords(this.segments), channels: this.channels, schedule, prices };
  }
}
