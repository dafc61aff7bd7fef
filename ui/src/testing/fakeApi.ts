import type { Api, ChangeListener, Command, Input, Output, Word } from '../api/api';
import type { AppState } from '../api/bindings/AppState';
import type { CartView } from '../api/bindings/CartView';
import type { Tile } from '../api/bindings/Tile';
import { CommandError, NO_DETAILS, type ScreenCode } from '../api/errors';
import { EMPTY_CART } from '../app/till.svelte';

type Answers = { [C in Command]?: (input: Input<C>) => Output<C> | Promise<Output<C>> };

/** An engine for unit tests: answers what a test says and keeps what was asked. */
export class FakeApi implements Api {
  readonly calls: { command: Command; input: unknown }[] = [];
  answers: Answers;
  #listeners: ChangeListener[] = [];

  constructor(answers: Answers) {
    this.answers = answers;
  }

  async call<C extends Command>(command: C, input: Input<C>): Promise<Output<C>> {
    this.calls.push({ command, input });
    const answer = this.answers[command];
    if (!answer) throw new CommandError('unknown_command', `the test has no answer for ${command}`);
    return answer(input);
  }

  onChanged(listener: ChangeListener): () => void {
    this.#listeners.push(listener);
    return () => undefined;
  }

  change(...what: Word[]): void {
    for (const listener of this.#listeners) listener(what);
  }

  /** The inputs of one command, in order. */
  inputs<C extends Command>(command: C): Input<C>[] {
    return this.calls.filter((call) => call.command === command).map((call) => call.input as Input<C>);
  }
}

/** A refusal as the engine gives it. */
export function refusal(code: ScreenCode, details: Partial<typeof NO_DETAILS> = {}): CommandError {
  return new CommandError(code, code, { ...NO_DETAILS, ...details });
}

/** A cart with one line of 25,000 rupiah. */
export function cartOfOne(more: Partial<CartView> = {}): CartView {
  return {
    ...EMPTY_CART,
    cart_id: 'cart-1',
    lines: [
      {
        line_id: 'line-1',
        item_id: 'item-1',
        name: 'Kopi',
        modifiers: [],
        quantity: '1',
        unit: 'piece',
        unit_price: '25000 IDR',
        listed: null,
        overridden: false,
        gross: '25000 IDR',
        line_discount: '0 IDR',
        promotions: [],
        amount: '25000 IDR',
        discount: null,
        note: null,
      },
    ],
    last_line_id: 'line-1',
    item_count: 1,
    subtotal: '25000 IDR',
    total: '25000 IDR',
    can_undo: true,
    ...more,
  };
}

/** A till in the middle of a shift. */
export function stateWith(cart: CartView, more: Partial<AppState> = {}): AppState {
  return {
    stage: 'signed_in',
    version: '0.0.0',
    outlet: {
      outlet_id: 'outlet-1',
      name: 'Kedai',
      tenant_name: 'Kedai',
      code: 'KOTA',
      currency: 'IDR',
      digits: 0,
      locale: 'en',
      zone: 'Asia/Jakarta',
      notes: ['50000 IDR', '100000 IDR'],
      tenders: ['cash', 'qris', 'card'],
    },
    terminal: { terminal_id: 'terminal-1', name: 'T1', server_url: 'http://127.0.0.1' },
    staff: { staff_id: 'staff-1', name: 'Cashier', role: 'cashier' },
    permissions: ['sell'],
    drawer: { drawer_session_id: 'd-1', opened_at: 0, staff_name: 'Cashier', business_date: '2026-01-01' },
    cart,
    sync: {
      link: 'online',
      waiting: 0,
      oldest_at: null,
      last_ok_at: null,
      error: null,
      error_detail: null,
      last_seq: 0,
      acked_seq: 0,
      clock_off_ms: null,
      notices: [],
    },
    printing: { configured: false, waiting: 0, unknown: 0, error: null, printer: null, drawer_open_since: null },
    settings: {
      locale: 'en',
      theme: 'day',
      scale_percent: 100,
      mirrored: false,
      printer: null,
      scan_gap_ms: 50,
    },
    loading: null,
    rescue: null,
    ...more,
  };
}

/** A tile that is sold without a question. */
export function tile(more: Partial<Tile> = {}): Tile {
  return {
    item_id: 'item-1',
    name: 'Kopi',
    sku: 'K1',
    price: '25000 IDR',
    price_from: null,
    color: '#7a4a2b',
    picture_id: null,
    unit: 'piece',
    asks: false,
    available: true,
    ...more,
  };
}
