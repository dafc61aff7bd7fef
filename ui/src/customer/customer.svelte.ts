import type { Api } from '../api/api';
import type { CustomerScreenView } from '../api/bindings/CustomerScreenView';
import { keptLines } from './lines';

/** Word of a change may be lost; the screen is late by this long at most. */
const ASK_MS = 10_000;
/** What the engine has not said again for this long may be wrong by now. */
const AGED_MS = 30_000;

/** The part of a view that is about a sale while there is none: the shop is to be seen. */
export const NO_SALE = {
  stage: 'idle',
  lines: [],
  last_line_id: null,
  item_count: 0,
  sums: [],
  total: null,
  qr: null,
  paid: null,
} satisfies Partial<CustomerScreenView>;

/** What the customer sees, asked for whenever it changed; a sale that may be over is never left standing. */
export class CustomerScreen {
  /** Null until the engine answered for the first time. */
  view = $state.raw<CustomerScreenView | null>(null);
  /** Whether the last question had no answer. */
  silent = $state(false);

  #api: Api;
  #asked = 0;
  #answered = 0;
  #asking = false;
  #stale = false;
  #ageing: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Asks now, on every change and every few seconds; returns what ends it. */
  follow = (): (() => void) => {
    const end = this.#api.onChanged((what) => {
      if (what.includes('customer')) void this.#hear();
    });
    // An answer that never comes must not keep the next question from being asked.
    const timer = setInterval(() => void this.#ask(), ASK_MS);
    void this.#hear();
    return () => {
      end();
      clearInterval(timer);
      clearTimeout(this.#ageing);
    };
  };

  /** Changes that come while the engine is asked lead to one more question, not to many. */
  async #hear(): Promise<void> {
    this.#stale = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#stale) {
      this.#stale = false;
      await this.#ask();
    }
    this.#asking = false;
  }

  async #ask(): Promise<void> {
    const number = (this.#asked += 1);
    try {
      const view = await this.#api.call('customer_screen.show', {});
      // An older answer never replaces a newer one.
      if (number < this.#answered) return;
      this.#answered = number;
      this.#take(view);
    } catch {
      // A customer can do nothing about it: what stands there stays until it is too old.
      this.silent = true;
    }
  }

  #take(view: CustomerScreenView): void {
    this.silent = false;
    this.view = { ...view, lines: keptLines(this.view?.lines ?? [], view.lines) };
    clearTimeout(this.#ageing);
    this.#ageing = setTimeout(this.#endSale, AGED_MS);
  }

  #endSale = (): void => {
    if (this.view) this.view = { ...this.view, ...NO_SALE };
  };
}
