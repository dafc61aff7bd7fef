import type { App } from '../app/app.svelte';
import type { Category } from '../api/bindings/Category';
import type { ItemView } from '../api/bindings/ItemView';
import type { SearchView } from '../api/bindings/SearchView';
import { readError } from '../api/errors';

/** The goods of this till by name, for forms that hold only their ids. */
export class Goods {
  categories = $state.raw<readonly Category[]>([]);
  #views = $state.raw<Readonly<Record<string, ItemView | null>>>({});
  /** Ids that were asked for; nothing on the screen depends on them. */
  #asked: Record<string, true> = {};
  #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** Asks for the shelves. */
  load = async (): Promise<void> => {
    await this.#app.try(async () => {
      this.categories = (await this.#app.till.ask('catalogue.grid', { category_id: null })).categories;
    });
  };

  /** What goods are called; null when that is not known yet, or this till does not have them. */
  name = (itemId: string, variantId: string | null = null): string | null => {
    const view = this.#views[itemId];
    if (!view) return null;
    const variant = view.variants.find((one) => one.variant.variant_id === variantId);
    return variant ? `${view.item.name} ${variant.variant.name}` : view.item.name;
  };

  /** Asks for goods that were not asked for yet. */
  want = (itemIds: readonly string[]): void => {
    for (const itemId of itemIds) {
      if (!this.#asked[itemId]) void this.view(itemId);
    }
  };

  /** An item with its sizes; null when this till does not have it. */
  async view(itemId: string): Promise<ItemView | null> {
    this.#asked[itemId] = true;
    try {
      const view = await this.#app.till.ask('catalogue.item', { item_id: itemId });
      this.#views = { ...this.#views, [itemId]: view };
      return view;
    } catch (error) {
      if (readError(error).code !== 'not_found') this.#app.report(error);
      return null;
    }
  }
}

/** Finding goods as is typed; the newest question counts. */
export class GoodsSearch {
  query = $state('');
  found = $state.raw<SearchView | null>(null);
  #app: App;
  #number = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  search = (query: string): void => {
    this.query = query;
    clearTimeout(this.#timer);
    if (query.trim() === '') {
      this.#number += 1;
      this.found = null;
      return;
    }
    // A scan that ends in the field takes its characters back before the timer is over.
    this.#timer = setTimeout(() => void this.#ask(), this.#app.keys.wedge.gapMs + 5);
  };

  async #ask(): Promise<void> {
    const number = (this.#number += 1);
    await this.#app.try(async () => {
      const found = await this.#app.till.ask('catalogue.search', { query: this.query.trim() });
      if (number === this.#number) this.found = found;
    });
  }

  clear = (): void => this.search('');
}
