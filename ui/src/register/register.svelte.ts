import type { App } from '../app/app.svelte';
import type { AddItemInput } from '../api/bindings/AddItemInput';
import type { ApprovalInput } from '../api/bindings/ApprovalInput';
import type { CartLineView } from '../api/bindings/CartLineView';
import type { CartTerms } from '../api/bindings/CartTerms';
import type { CartView } from '../api/bindings/CartView';
import type { Discount } from '../api/bindings/Discount';
import type { GridView } from '../api/bindings/GridView';
import type { HeldCart } from '../api/bindings/HeldCart';
import type { ItemView } from '../api/bindings/ItemView';
import type { SearchView } from '../api/bindings/SearchView';
import type { Tile } from '../api/bindings/Tile';
import { type CommandError, readError } from '../api/errors';
import { beep } from '../app/beep';
import { Turns } from '../app/turns';
import { press, toDecimal, isPositive, type PadKey } from '../components/shared/entry';
import { inputOf } from './adding';
import { plus } from './quantity';
import { isWeightRefusal } from './weighing.svelte';

/** An item that asks for a choice, a weight or a price before it is in the cart. */
export interface Asked {
  view: ItemView;
  quantity: string | null;
  /** The line that the new choice replaces. */
  replaces: CartLineView | null;
}

/** What stands over the register. */
export type Panel =
  | { name: 'none' }
  | { name: 'quantity' }
  | { name: 'item'; asked: Asked }
  | { name: 'held'; carts: readonly HeldCart[] }
  | { name: 'hold' }
  | { name: 'discount'; line: CartLineView | null }
  | { name: 'note'; line: CartLineView | null }
  | { name: 'price'; line: CartLineView }
  | { name: 'terms' }
  | { name: 'buyer' }
  | { name: 'void' };

export const QUANTITY_RULES = { decimals: 3, maxDigits: 7 };

/** Ringing up: the grid, the search and the cart. */
export class Register {
  grid = $state.raw<GridView | null>(null);
  categoryId = $state<string | null>(null);
  query = $state('');
  found = $state.raw<SearchView | null>(null);
  panel = $state.raw<Panel>({ name: 'none' });
  /** Digits for the next item or the selected line, as typed. */
  entry = $state('');
  selectedId = $state<string | null>(null);
  /** The line that was just added or changed, for about a second. */
  freshId = $state<string | null>(null);

  #app: App;
  #searches = 0;
  #termTurns = new Turns();
  #freshTimer: ReturnType<typeof setTimeout> | undefined;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  get cart() {
    return this.#app.till.cart;
  }

  /** The selected line, or the newest. */
  get selected(): CartLineView | null {
    const lines = this.cart.lines;
    return lines.find((line) => line.line_id === this.selectedId) ?? lines.at(-1) ?? null;
  }

  close = (): void => {
    this.panel = { name: 'none' };
    this.entry = '';
  };

  async loadGrid(categoryId: string | null = this.categoryId): Promise<void> {
    this.categoryId = categoryId;
    await this.#app.try(async () => {
      const grid = await this.#app.till.ask('catalogue.grid', { category_id: categoryId });
      if (categoryId !== this.categoryId) return;
      this.grid = grid;
      this.categoryId = grid.category_id;
    });
  }

  showCategory = (categoryId: string): void => {
    this.clearSearch();
    void this.loadGrid(categoryId);
  };

  /** Searches as is typed; a scan that ends in the field takes its characters back before the timer is over. */
  search = (query: string): void => {
    this.query = query;
    clearTimeout(this.#searchTimer);
    if (query.trim() === '') {
      this.#searches += 1;
      this.found = null;
      return;
    }
    this.#searchTimer = setTimeout(() => void this.#search(query), this.#app.keys.wedge.gapMs + 5);
  };

  async #search(query: string): Promise<void> {
    const number = (this.#searches += 1);
    await this.#app.try(async () => {
      const found = await this.#app.till.ask('catalogue.search', { query: query.trim() });
      if (number === this.#searches) this.found = found;
    });
  }

  clearSearch = (): void => {
    clearTimeout(this.#searchTimer);
    this.#searches += 1;
    this.query = '';
    this.found = null;
  };

  key = (key: PadKey): void => {
    this.entry = press(this.entry, key, QUANTITY_RULES);
  };

  /** A digit of the hardware number pad: shows the quantity panel by itself. */
  digit = (key: PadKey): boolean => {
    if (this.panel.name !== 'none' && this.panel.name !== 'quantity') return false;
    this.panel = { name: 'quantity' };
    this.key(key);
    return true;
  };

  #takeQuantity(): string | null {
    const quantity = isPositive(this.entry) ? toDecimal(this.entry) : null;
    if (this.panel.name === 'quantity') this.close();
    return quantity;
  }

  #show(cart: { last_line_id: string | null }): void {
    this.selectedId = cart.last_line_id;
    this.freshId = cart.last_line_id;
    clearTimeout(this.#freshTimer);
    this.#freshTimer = setTimeout(() => (this.freshId = null), 1_000);
  }

  tap = (tile: Tile): void => {
    if (!tile.available) {
      this.#app.toasts.show('info', this.#app.texts.t('register-sold-out', { item: tile.name }));
      return;
    }
    const quantity = this.#takeQuantity();
    if (tile.asks) void this.ask(tile.item_id, quantity);
    else void this.add({ item_id: tile.item_id, quantity });
  };

  /** Opens the sheet of choices of an item. */
  async ask(itemId: string, quantity: string | null, replaces: CartLineView | null = null): Promise<void> {
    await this.#app.try(async () => {
      const view = await this.#app.till.ask('catalogue.item', { item_id: itemId });
      this.panel = { name: 'item', asked: { view, quantity, replaces } };
    });
  }

  async add(what: Partial<AddItemInput> & { item_id: string }): Promise<boolean> {
    const input = inputOf(what);
    const cart = await this.#withLeave((approval) =>
      this.#app.till.changeCart('register.add_item', { ...input, approval }),
    );
    if (cart) this.#show(cart);
    return cart !== null;
  }

  /**
   * Puts an answered item into the cart; a line that it replaces goes. What was weighed stays asked until the engine took
   * it: resolves to its refusal when the scale says something else by then.
   */
  async answer(asked: Asked, what: Partial<AddItemInput>): Promise<CommandError | null> {
    if ((what.scale_tare_g ?? null) !== null) return this.#weighed(asked, what);
    this.panel = { name: 'none' };
    const quantity = what.quantity ?? asked.replaces?.quantity ?? asked.quantity;
    const added = await this.add({ item_id: asked.view.item.item_id, ...what, quantity });
    const replaced = asked.replaces;
    if (added && replaced) {
      await this.#app.try(() => this.#app.till.changeCart('register.remove_line', { line_id: replaced.line_id }));
    }
    return null;
  }

  async #weighed(asked: Asked, what: Partial<AddItemInput>): Promise<CommandError | null> {
    const input = inputOf({ item_id: asked.view.item.item_id, ...what });
    try {
      const cart = await this.#app.approvals.with((approval) =>
        this.#app.till.changeCart('register.add_item', { ...input, approval }),
      );
      if (cart) this.#show(cart);
    } catch (error) {
      const refused = readError(error);
      if (isWeightRefusal(refused)) return refused;
      this.#app.report(refused);
    }
    // Whoever gave up meanwhile may have opened something else.
    if (this.panel.name === 'item' && this.panel.asked === asked) this.close();
    return null;
  }

  scan = async (code: string): Promise<void> => {
    this.clearSearch();
    const quantity = this.#takeQuantity();
    try {
      this.#show(await this.#app.till.changeCart('register.scan', { code, quantity }));
    } catch (error) {
      const refused = readError(error);
      if (refused.code === 'choice_needed' && refused.details.subject) {
        return this.ask(refused.details.subject, quantity);
      }
      if (refused.code === 'unknown_code' && (await this.#openReceipt(code))) return;
      beep();
      this.#app.report(refused);
    }
  };

  /** A code that is no item may be a receipt of ours: shows its order. */
  async #openReceipt(code: string): Promise<boolean> {
    if (!/[-/]/.test(code)) return false;
    try {
      const { order } = await this.#app.till.ask('orders.find', { code });
      this.#app.router.go({ name: 'order', orderId: order.order_id });
      return true;
    } catch {
      return false;
    }
  }

  select = (lineId: string): void => {
    this.selectedId = this.selectedId === lineId ? null : lineId;
  };

  /** Moves the selection through the cart. */
  move = (step: -1 | 1): void => {
    const lines = this.cart.lines;
    const at = lines.findIndex((line) => line.line_id === this.selected?.line_id);
    this.selectedId = lines[Math.min(Math.max(at + step, 0), lines.length - 1)]?.line_id ?? null;
  };

  changeQuantity = async (line: CartLineView, pieces: number): Promise<void> => {
    await this.setQuantity(line, plus(line.quantity, pieces));
  };

  async setQuantity(line: CartLineView, quantity: string): Promise<void> {
    await this.#app.try(async () => {
      const cart = await this.#app.till.changeCart('register.set_quantity', { line_id: line.line_id, quantity });
      this.#show({ last_line_id: cart.lines.some((l) => l.line_id === line.line_id) ? line.line_id : null });
    });
  }

  /** Gives the selected line the quantity that was typed. */
  applyEntry = (): void => {
    const line = this.selected;
    if (!line || !isPositive(this.entry)) return;
    const quantity = toDecimal(this.entry);
    this.close();
    void this.setQuantity(line, quantity);
  };

  remove = async (line: CartLineView): Promise<void> => {
    await this.#app.try(() => this.#app.till.changeCart('register.remove_line', { line_id: line.line_id }));
    this.selectedId = null;
  };

  undo = async (): Promise<void> => {
    if (!this.cart.can_undo) return;
    await this.#app.try(async () => this.#show(await this.#app.till.changeCart('register.undo', {})));
  };

  async setNote(line: CartLineView | null, note: string): Promise<void> {
    const input = { line_id: line?.line_id ?? null, note: note.trim() === '' ? null : note.trim() };
    if (await this.#app.try(() => this.#app.till.changeCart('register.set_note', input))) this.close();
  }

  async setDiscount(line: CartLineView | null, discount: Discount | null): Promise<void> {
    const line_id = line?.line_id ?? null;
    const cart = await this.#withLeave((approval) =>
      this.#app.till.changeCart('register.set_discount', { line_id, discount, approval }),
    );
    if (cart) this.close();
  }

  async setPrice(line: CartLineView, price: string, reason: string): Promise<void> {
    const cart = await this.#withLeave((approval) =>
      this.#app.till.changeCart('register.set_price', { line_id: line.line_id, price, reason, approval }),
    );
    if (cart) this.close();
  }

  /**
   * Says anew through which door the cart goes or to whom; what is not named stays. One at a time: the engine takes all terms
   * at once, so that a change made on those of a moment ago would take the one between back.
   */
  setTerms(change: (terms: CartTerms) => Partial<CartTerms>): Promise<boolean> {
    return this.#termTurns.run(async () => {
      const terms = { ...this.cart.terms, ...change(this.cart.terms) };
      const cart = await this.#withLeave((approval) =>
        this.#app.till.changeCart('register.set_terms', { terms, approval }),
      );
      return cart !== null;
    });
  }

  /** Says whom the cart is for; null is nobody known. */
  setCustomer = async (customer_id: string | null): Promise<void> => {
    const cart = await this.#withLeave((approval) =>
      this.#app.till.changeCart('register.set_customer', { customer_id, approval }),
    );
    if (cart) this.close();
  };

  /** Shows a typed code to the cart, however it was written; false when it is no coupon here. */
  async addCoupon(code: string): Promise<boolean> {
    try {
      await this.#app.till.changeCart('register.scan', { code, quantity: null });
      return true;
    } catch (error) {
      const refused = readError(error);
      if (refused.code === 'unknown_code' || refused.code === 'choice_needed') return false;
      this.#app.report(refused);
      return false;
    }
  }

  async void(reason: string): Promise<void> {
    const { till, toasts, texts } = this.#app;
    const cart = await this.#withLeave((approval) => till.changeCart('register.void', { reason, approval }));
    if (!cart) return;
    this.close();
    this.selectedId = null;
    toasts.show('success', texts.t('void-done'));
  }

  /** Changes the cart, if need be by a manager's leave; null when it was refused or nobody gave it. */
  async #withLeave(change: (approval: ApprovalInput | null) => Promise<CartView>): Promise<CartView | null> {
    let cart: CartView | null = null;
    await this.#app.try(async () => {
      cart = await this.#app.approvals.with(change);
    });
    return cart;
  }

  /** Holds the cart at once, without a name. */
  hold = async (label: string | null = null): Promise<void> => {
    if (this.cart.lines.length === 0) return;
    const { till, toasts, texts } = this.#app;
    const done = await this.#app.try(() => till.changeCart('register.hold', { label }));
    if (!done) return;
    this.close();
    this.selectedId = null;
    toasts.show('success', texts.t('hold-done'));
  };

  showHeld = async (): Promise<void> => {
    await this.#app.try(async () => {
      const { carts } = await this.#app.till.ask('register.held', {});
      this.panel = { name: 'held', carts };
    });
  };

  recall = async (cart: HeldCart): Promise<void> => {
    await this.#app.try(() => this.#app.till.changeCart('register.recall', { cart_id: cart.cart_id }));
    this.close();
    this.selectedId = null;
  };

  /** Prints the newest receipt of this till again, marked as a copy. */
  reprintLast = async (): Promise<void> => {
    const { till, toasts, texts } = this.#app;
    await this.#app.try(async () => {
      const newest = (await till.ask('orders.list', { query: '', before: null })).orders[0];
      if (!newest) return toasts.show('info', texts.t('reprint-nothing'));
      await till.change('orders.reprint', { order_id: newest.order_id });
      toasts.show('success', texts.t('reprint-done'));
    });
  };

  /** Back to an empty desk for the next customer. */
  reset = (): void => {
    this.close();
    this.clearSearch();
    this.selectedId = null;
    this.freshId = null;
  };
}
