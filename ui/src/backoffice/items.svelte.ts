import type { App } from '../app/app.svelte';
import type { EditItemInput } from '../api/bindings/EditItemInput';
import type { ItemRow } from '../api/bindings/ItemRow';
import { pageOf } from './paging';

/** The items of the outlet, page by page, and small changes of them. */
export class Items {
  query = $state('');
  offset = $state(0);
  rows = $state.raw<readonly ItemRow[]>([]);
  total = $state(0);
  loaded = $state(false);
  editing = $state.raw<ItemRow | null>(null);
  busy = $state(false);

  #app: App;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  get page() {
    return pageOf(this.offset, this.rows.length, this.total);
  }

  /** Searches as is typed; a scan that ends in the field takes its characters back before the timer is over. */
  search = (query: string): void => {
    this.query = query;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(0), this.#app.keys.wedge.gapMs + 5);
  };

  load = async (offset: number = this.offset): Promise<void> => {
    const number = (this.#asked += 1);
    await this.#app.try(async () => {
      const view = await this.#app.till.ask('backoffice.items', { query: this.query.trim(), offset });
      if (number !== this.#asked) return;
      this.rows = view.items;
      this.total = view.total;
      this.offset = offset;
      this.loaded = true;
    });
  };

  close = (): void => {
    this.editing = null;
  };

  /** Asks the server for a change; what describes the item changes here at once, its price when the server says so. */
  save = async (change: EditItemInput): Promise<void> => {
    if (this.busy) return;
    const { till, toasts, texts } = this.#app;
    this.busy = true;
    await this.#app.try(async () => {
      const row = await till.change('backoffice.edit_item', change);
      this.rows = this.rows.map((other) => (other.item_id === row.item_id ? row : other));
      this.editing = null;
      toasts.show('success', texts.t(change.unit_price === null ? 'item-edit-saved' : 'item-edit-price-asked'));
    });
    this.busy = false;
  };

  end = (): void => clearTimeout(this.#timer);
}
