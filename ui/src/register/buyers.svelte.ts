import type { App } from '../app/app.svelte';
import type { CustomerFound } from '../api/bindings/CustomerFound';

/** So long nobody types on: then it is looked for. */
const PAUSE_MS = 200;

/** Looking for whom an order is for. */
export class Buyers {
  query = $state('');
  /** Null while nothing was looked for, and while the answer to what was typed last is out. */
  found = $state.raw<readonly CustomerFound[] | null>(null);
  /** Whether more fit than are shown. */
  more = $state(false);

  #app: App;
  #searches = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  /** Looks as is typed; the engine wants two characters at least. */
  search = (query: string): void => {
    clearTimeout(this.#timer);
    this.query = query;
    const number = (this.#searches += 1);
    const sought = query.trim();
    this.found = null;
    if (sought.length < 2) return;
    this.#timer = setTimeout(() => {
      void this.#app.try(async () => {
        const { customers, more } = await this.#app.till.ask('customers.find', { query: sought });
        if (number === this.#searches) [this.found, this.more] = [customers, more];
      });
    }, PAUSE_MS);
  };
}
