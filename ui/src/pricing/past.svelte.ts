import type { PricingAsk } from '../api/bindings/PricingAsk';
import type { App } from '../app/app.svelte';
import { readGiven, type Given } from './given';
import { dayText, isDay } from './moments';
import { readCost, type Cost, type Part } from './parts';
import type { Prices } from './prices.svelte';

interface Days {
  from: string;
  until: string;
}

/** Something asked of the server about past days of business: the last seven unless others are typed. */
export class Past<T> {
  from = $state('');
  until = $state('');
  answer = $state.raw<T | null>(null);
  busy = $state(false);
  problem = $state<string | null>(null);

  #prices: Prices;
  #ask: (days: Days) => PricingAsk;
  #read: (body: unknown) => T;

  constructor(app: App, prices: Prices, now: number, ask: (days: Days) => PricingAsk, read: (body: unknown) => T) {
    this.#prices = prices;
    this.#ask = ask;
    this.#read = read;
    const { zone } = app.figures;
    this.from = dayText(now, zone, 6);
    this.until = dayText(now, zone);
  }

  get ready(): boolean {
    return isDay(this.from) && isDay(this.until) && this.from <= this.until && !this.busy;
  }

  run = async (): Promise<void> => {
    if (!this.ready) return;
    this.busy = true;
    this.problem = null;
    try {
      const { from, until } = this;
      this.answer = this.#read(await this.#prices.ask(this.#ask({ from, until })));
    } catch (error) {
      this.problem = this.#prices.explain(error);
    } finally {
      this.busy = false;
    }
  };
}

/** What a campaign would have cost on past sales. */
export function pastCost(app: App, prices: Prices, { id }: Part, now: number = Date.now()): Past<Cost> {
  return new Past(app, prices, now, (days) => ({ ask: 'simulate', id, ...days }), readCost);
}

/** What promotions took off past sales. */
export function pastGiven(app: App, prices: Prices, now: number = Date.now()): Past<Given> {
  return new Past(app, prices, now, (days) => ({ ask: 'given', ...days }), readGiven);
}
