import type { OrderSummary } from '../api/bindings/OrderSummary';
import { readError } from '../api/errors';
import type { App } from '../app/app.svelte';
import { beep } from '../app/beep';
import { withNewest } from './newest';

/** The sales of this terminal: listed, searched and found by a scanned receipt. */
export class Orders {
  query = $state('');
  orders = $state.raw<readonly OrderSummary[]>([]);
  more = $state(false);
  /** What the rows on screen answer; null before the first answer. */
  answered = $state<string | null>(null);
  busy = $state(false);

  #app: App;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  /** Searches as is typed; a scan that ends in the field takes its characters back before the timer is over. */
  search = (query: string): void => {
    this.query = query;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), this.#app.keys.wedge.gapMs + 5);
  };

  /** Shows the first page for what is searched. */
  load = async (): Promise<void> => {
    const number = (this.#asked += 1);
    const query = this.query.trim();
    await this.#app.try(async () => {
      const view = await this.#app.till.ask('orders.list', { query, before: null });
      if (number !== this.#asked) return;
      this.orders = view.orders;
      this.more = view.more;
      this.answered = query;
    });
  };

  /** Asks again how the newest page stands, when something changed; older rows stay. */
  refresh = async (): Promise<void> => {
    const query = this.answered;
    if (query === null || query !== this.query.trim()) return this.load();
    const number = (this.#asked += 1);
    try {
      const view = await this.#app.till.ask('orders.list', { query, before: null });
      if (number !== this.#asked) return;
      const page = withNewest({ orders: this.orders, more: this.more }, view);
      this.orders = page.orders;
      this.more = page.more;
    } catch {
      // The rows that are shown stay; the bar says when the engine does not answer.
    }
  };

  loadMore = async (): Promise<void> => {
    const last = this.orders.at(-1);
    const query = this.answered;
    if (!last || query === null || this.busy) return;
    this.busy = true;
    const number = (this.#asked += 1);
    await this.#app.try(async () => {
      const view = await this.#app.till.ask('orders.list', { query, before: last.order_id });
      if (number !== this.#asked) return;
      this.orders = [...this.orders, ...view.orders];
      this.more = view.more;
    });
    this.busy = false;
  };

  show = (orderId: string): void => this.#app.router.go({ name: 'order', orderId });

  /** Opens the order of a receipt by the code that is printed on it. */
  find = async (code: string): Promise<void> => {
    const { till, toasts, texts } = this.#app;
    try {
      const { order } = await till.ask('orders.find', { code });
      this.show(order.order_id);
    } catch (error) {
      beep();
      const refused = readError(error);
      if (refused.code === 'not_found') toasts.show('warning', texts.t('orders-code-unknown', { code }));
      else this.#app.report(refused);
    }
  };
}
