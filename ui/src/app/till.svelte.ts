import type { Api, Command, Input, Output, Word } from '../api/api';
import type { AppState } from '../api/bindings/AppState';
import type { CartView } from '../api/bindings/CartView';
import type { Permission } from '../api/bindings/Permission';
import type { Settings } from '../api/bindings/Settings';
import { CommandError, readError } from '../api/errors';
import { Turns } from './turns';

export const EMPTY_CART: CartView = {
  cart_id: null,
  lines: [],
  last_line_id: null,
  item_count: 0,
  subtotal: null,
  discount_total: null,
  service_charge: null,
  taxes: [],
  total: null,
  order_discount: null,
  note: null,
  terms: { channel: 'counter', customer_id: null, segments: [], exemption: null, coupons: [] },
  offers: { channels: [], segments: [], coupons: false, customers: false },
  customer: null,
  withheld: [],
  idle_coupons: [],
  can_undo: false,
  held_count: 0,
};

/** These come often, with goods on the scale, a card at the reader or every line for the customer, and nothing of them is in the state. */
const NOT_OF_THE_STATE: ReadonlySet<Word> = new Set<Word>(['scale', 'scan', 'card', 'customer']);

/** What the engine says about this till and the cart of this window. */
export class Till {
  readonly api: Api;
  state = $state.raw<AppState | null>(null);
  cart = $state.raw<CartView>(EMPTY_CART);
  /** Set while the engine does not answer. */
  gone = $state.raw<CommandError | null>(null);
  /** Counts up when the catalogue changed, so that the grid asks again. */
  catalogueVersion = $state(0);
  /** Counts up when the print queue or the link changed, for the pages that show them. */
  changes = $state(0);

  #turns = new Turns();
  #stale = false;
  #refreshing = false;
  #hearers: readonly { word: Word; hear: () => void }[] = [];

  constructor(api: Api) {
    this.api = api;
  }

  /** Asks for the first state and follows every change; returns what ends it. */
  start(): () => void {
    void this.refresh();
    const end = this.api.onChanged((what) => {
      for (const { word, hear } of this.#hearers) if (what.includes(word)) hear();
      if (what.every((word) => NOT_OF_THE_STATE.has(word))) return;
      if (what.includes('catalogue')) this.catalogueVersion += 1;
      this.changes += 1;
      void this.refresh();
    });
    return end;
  }

  /** Calls `hear` whenever the engine says that `word` changed; returns what ends it. */
  on(word: Word, hear: () => void): () => void {
    const hearer = { word, hear };
    this.#hearers = [...this.#hearers, hearer];
    return () => {
      this.#hearers = this.#hearers.filter((other) => other !== hearer);
    };
  }

  get stage(): AppState['stage'] | null {
    return this.state?.stage ?? null;
  }

  may = (permission: Permission): boolean => this.state?.permissions.includes(permission) ?? false;

  /** Asks for the state again; changes that come meanwhile lead to one more question, not to many. */
  async refresh(): Promise<void> {
    if (this.#refreshing) {
      this.#stale = true;
      return;
    }
    this.#refreshing = true;
    try {
      do {
        this.#stale = false;
        await this.#turns.run(async () => this.accept(await this.api.call('app.state', {})));
      } while (this.#stale);
    } catch (error) {
      this.#lost(readError(error));
    } finally {
      this.#refreshing = false;
    }
  }

  /** Takes a state that the engine gave. */
  accept(state: AppState): void {
    this.state = state;
    this.cart = state.cart;
    this.gone = null;
  }

  #lost(error: CommandError): void {
    if (error.code !== 'engine_gone' && error.code !== 'engine_garbled') return;
    this.gone = error;
    setTimeout(() => void this.refresh(), 1_000);
  }

  /** Calls a command that reads; several may be under way. */
  async ask<C extends Command>(command: C, input: Input<C>): Promise<Output<C>> {
    try {
      return await this.api.call(command, input);
    } catch (error) {
      const refused = readError(error);
      this.#lost(refused);
      throw refused;
    }
  }

  /** Calls a command that changes something: one at a time, in the order of the taps. */
  change<C extends Command>(command: C, input: Input<C>): Promise<Output<C>> {
    return this.#turns.run(() => this.ask(command, input));
  }

  /** Calls a command that answers with the cart, and shows it. */
  changeCart<C extends CartCommand>(command: C, input: Input<C>): Promise<CartView> {
    return this.#turns.run(async () => {
      const cart = await this.ask(command, input);
      this.cart = cart;
      return cart;
    });
  }

  /** Calls a command that answers with the state, and shows it. */
  changeState<C extends StateCommand>(command: C, input: Input<C>): Promise<AppState> {
    return this.#turns.run(async () => {
      const state = await this.ask(command, input);
      this.accept(state);
      return state;
    });
  }

  saveSettings(change: Partial<Settings>): Promise<AppState> {
    const settings = this.state?.settings;
    if (!settings) return Promise.reject(new CommandError('engine_gone', 'no settings yet'));
    return this.changeState('app.settings', { ...settings, ...change });
  }
}

type Answering<T> = { [C in Command]: Output<C> extends T ? (T extends Output<C> ? C : never) : never }[Command];
export type CartCommand = Answering<CartView>;
export type StateCommand = Answering<AppState>;
