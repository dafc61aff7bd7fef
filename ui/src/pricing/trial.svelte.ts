import type { App } from '../app/app.svelte';
import type { Channel } from '../api/bindings/Channel';
import { plus, thousandths } from '../register/quantity';
import { switched } from '../register/terms';
import { momentOf } from './moments';
import { readTrial, segmentsOf, type Part, type Trial } from './parts';
import type { Prices } from './prices.svelte';
import { typedWords, wordsText } from './written';

/** Goods in a basket that is tried. */
export interface TrialLine {
  itemId: string;
  variantId: string | null;
  quantity: string;
}

/** A basket tried with a campaign and without. */
export class BasketTrial {
  lines = $state.raw<readonly TrialLine[]>([]);
  /** Through which door it is bought. */
  channel = $state<Channel>('counter');
  /** The groups that the customer is in, as typed. */
  segments = $state('');
  coupons = $state('');
  /** When, as typed; nothing is now. */
  at = $state('');
  with = $state.raw<Trial | null>(null);
  /** The same without the draft; null when it is in force already, so that there is no without. */
  without = $state.raw<Trial | null>(null);
  busy = $state(false);
  problem = $state<string | null>(null);

  #app: App;
  #prices: Prices;
  #part: Part;
  #asked = 0;

  constructor(app: App, prices: Prices, part: Part) {
    this.#app = app;
    this.#prices = prices;
    this.#part = part;
  }

  get isDraft(): boolean {
    return this.#part.state === 'draft' || this.#part.state === 'inactive';
  }

  get moment(): number | null | 'wrong' {
    if (this.at.trim() === '') return null;
    return momentOf(this.at, this.#app.figures.zone) ?? 'wrong';
  }

  /** The groups of customers that the campaign names. */
  get named(): string[] {
    return segmentsOf(this.#part);
  }

  through = (channel: Channel): void => {
    this.channel = channel;
    void this.run();
  };

  /** Takes the customer into a group, or out when the customer is in it. */
  belong = (segment: string): void => {
    this.segments = wordsText(switched(typedWords(this.segments), segment));
    void this.run();
  };

  add = (itemId: string, variantId: string | null): void => {
    const same = (line: TrialLine) => line.itemId === itemId && line.variantId === variantId;
    const known = this.lines.findIndex(same);
    if (known >= 0) return this.change(known, 1);
    this.lines = [...this.lines, { itemId, variantId, quantity: '1' }];
    void this.run();
  };

  /** Takes pieces in or out; a line of nothing goes. */
  change = (at: number, pieces: -1 | 1): void => {
    const changed = this.lines.map((line, index) =>
      index === at ? { ...line, quantity: plus(line.quantity, pieces) } : line,
    );
    this.lines = changed.filter((line) => thousandths(line.quantity) > 0);
    void this.run();
  };

  /** Asks the server what the basket comes to. */
  run = async (): Promise<void> => {
    const number = (this.#asked += 1);
    const at = this.moment;
    if (this.lines.length === 0 || at === 'wrong') {
      this.with = null;
      this.without = null;
      return;
    }
    const basket = {
      lines: this.lines.map(({ itemId, variantId, quantity }) => ({
        item_id: itemId,
        variant_id: variantId,
        quantity,
      })),
      channel: this.channel,
      segments: typedWords(this.segments),
      coupons: typedWords(this.coupons),
      ...(at === null ? {} : { at }),
    };
    this.busy = true;
    this.problem = null;
    const drafts = this.isDraft ? [this.#part.id] : [];
    try {
      const ask = (ids: string[]) => this.#prices.ask({ ask: 'preview', basket: { ...basket, with: ids } });
      const [inForce, before] = await Promise.all([ask(drafts), this.isDraft ? ask([]) : null]);
      if (number !== this.#asked) return;
      this.with = readTrial(inForce);
      this.without = before === null ? null : readTrial(before);
    } catch (error) {
      if (number === this.#asked) this.problem = this.#prices.explain(error);
    } finally {
      if (number === this.#asked) this.busy = false;
    }
  };
}
