import type { App } from '../app/app.svelte';
import type { QuoteView } from '../api/bindings/QuoteView';
import type { ReceiptView } from '../api/bindings/ReceiptView';
import type { TenderGiven } from '../api/bindings/TenderGiven';
import type { TenderKind } from '../api/bindings/TenderKind';
import { readError } from '../api/errors';
import { isPositive, press, toMoney, type PadKey } from '../components/shared/entry';

/** Taking payment: tenders so far, the one being given, and what the engine says they come to. */
export class Checkout {
  tenders = $state.raw<readonly TenderGiven[]>([]);
  kind = $state<TenderKind>('cash');
  entry = $state('');
  /** For the tenders so far. */
  quote = $state.raw<QuoteView | null>(null);
  /** For the tenders so far and the one being given. */
  trial = $state.raw<QuoteView | null>(null);
  busy = $state(false);
  receipt = $state.raw<ReceiptView | null>(null);
  /** When the screen changed; taps right after it belong to the screen before. */
  shownAt = 0;

  #app: App;
  #asked = 0;

  constructor(app: App) {
    this.#app = app;
  }

  get rules() {
    return { decimals: this.#app.figures.digits, maxDigits: 13 };
  }

  /** The means that can still be used: cash once only, as the engine has it. */
  get kinds(): TenderKind[] {
    const taken = this.#app.till.state?.outlet?.tenders ?? ['cash'];
    const cashGiven = this.tenders.some((tender) => tender.kind === 'cash');
    return cashGiven ? taken.filter((kind) => kind !== 'cash') : taken;
  }

  /** The amount of the tender being given: what was typed, else what is missing. */
  get given(): string | null {
    if (isPositive(this.entry)) return toMoney(this.entry, this.#app.figures.currency, this.#app.figures.digits);
    return this.kind === 'cash' ? null : (this.quote?.missing ?? null);
  }

  get settles(): boolean {
    return this.trial?.settled ?? false;
  }

  /** Opens the pay screen for the cart that is shown. */
  open = async (): Promise<void> => {
    const { till, router, texts, toasts } = this.#app;
    if (till.cart.lines.length === 0 || !till.cart.total) return;
    if (!till.state?.drawer) {
      toasts.show('warning', texts.t('error-drawer_closed'), {
        label: texts.t('shift-open'),
        run: () => router.go({ name: 'shift' }),
      });
      return;
    }
    this.tenders = [];
    this.quote = null;
    this.#choose(this.#app.till.state?.outlet?.tenders[0] ?? 'cash');
    this.shownAt = performance.now();
    router.go({ name: 'pay' });
    await this.#ask();
  };

  #choose(kind: TenderKind): void {
    this.kind = kind;
    this.entry = '';
    this.trial = null;
  }

  choose = (kind: TenderKind): void => {
    this.#choose(kind);
    void this.#try();
  };

  key = (key: PadKey): void => {
    this.entry = press(this.entry, key, this.rules);
    void this.#try();
  };

  async #ask(): Promise<void> {
    await this.#app.try(async () => {
      this.quote = await this.#app.till.ask('checkout.quote', { tenders: [...this.tenders] });
    });
    await this.#try();
  }

  /** Asks what the tender being given comes to; only the newest answer counts. */
  async #try(): Promise<void> {
    const number = (this.#asked += 1);
    const given = this.given;
    if (!given) {
      this.trial = null;
      return;
    }
    try {
      const tenders = [...this.tenders, { kind: this.kind, given }];
      const trial = await this.#app.till.ask('checkout.quote', { tenders });
      if (number === this.#asked) this.trial = trial;
    } catch (error) {
      if (number !== this.#asked) return;
      this.trial = null;
      const refused = readError(error);
      if (refused.code !== 'tender_missing') this.#app.report(refused);
    }
  }

  /** Takes the tender being given: completes the sale when it settles it, else goes on with the rest. */
  confirm = async (): Promise<void> => {
    const given = this.given;
    if (given) await this.#take({ kind: this.kind, given });
  };

  /** Exactly what is due, in cash. */
  exact = async (): Promise<void> => {
    const due = this.quote?.cash_due;
    if (!due || !this.kinds.includes('cash')) return;
    await this.#take({ kind: 'cash', given: due });
  };

  note = async (given: string): Promise<void> => this.#take({ kind: 'cash', given });

  async #take(tender: TenderGiven): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const tenders = [...this.tenders, tender];
      const quote = await this.#app.till.ask('checkout.quote', { tenders });
      if (quote.settled) {
        await this.#pay(tenders);
      } else {
        this.tenders = tenders;
        this.quote = quote;
        this.#choose(this.kinds[0] ?? 'cash');
      }
    } catch (error) {
      this.#app.report(error);
    } finally {
      this.busy = false;
    }
    if (this.#app.router.route.name === 'pay') await this.#try();
  }

  /** Takes back the tender at this place. */
  drop = (index: number): void => {
    this.tenders = this.tenders.filter((_, at) => at !== index);
    this.#choose(this.kinds[0] ?? 'cash');
    void this.#ask();
  };

  async #pay(tenders: TenderGiven[]): Promise<void> {
    const { till } = this.#app;
    const { cart_id, total } = till.cart;
    if (!cart_id || !total) return;
    try {
      this.#show(await till.change('checkout.pay', { cart_id, total, tenders }));
    } catch (error) {
      const refused = readError(error);
      if (refused.code === 'engine_gone' || refused.code === 'cart_changed' || refused.code === 'cart_empty') {
        // The answer may have been lost after the sale was written: look before saying that it failed.
        const done = await this.#outcome(cart_id);
        if (done) return this.#show(done);
        await till.refresh();
        if (refused.code !== 'engine_gone') this.#app.router.go({ name: 'register' });
      }
      throw refused;
    }
  }

  /** The sale that was made of a cart, when it is there. */
  async #outcome(cartId: string): Promise<ReceiptView | null> {
    try {
      const { orders } = await this.#app.till.ask('orders.list', { query: '', before: null });
      const newest = orders[0];
      if (!newest) return null;
      const receipt = await this.#app.till.ask('orders.get', { order_id: newest.order_id });
      return receipt.order.cart_id === cartId ? receipt : null;
    } catch {
      return null;
    }
  }

  #show(receipt: ReceiptView): void {
    this.receipt = receipt;
    this.shownAt = performance.now();
    this.#app.register.reset();
    this.#app.router.go({ name: 'receipt' });
    void this.#app.till.refresh();
  }

  /** Asks again how the receipt stands, when printing changed. */
  refreshReceipt = async (): Promise<void> => {
    const order_id = this.receipt?.order.order_id;
    if (!order_id) return;
    try {
      const receipt = await this.#app.till.ask('orders.get', { order_id });
      if (this.receipt?.order.order_id === order_id) this.receipt = receipt;
    } catch {
      // What is shown stays; the print queue page has the state, too.
    }
  };

  reprint = async (): Promise<void> => {
    const order_id = this.receipt?.order.order_id;
    if (!order_id) return;
    const { till, toasts, texts } = this.#app;
    await this.#app.try(async () => {
      this.receipt = await till.change('orders.reprint', { order_id });
      toasts.show('success', texts.t('reprint-done'));
    });
  };

  newSale = (): void => {
    this.#app.register.reset();
    this.#app.router.go({ name: 'register' });
  };
}
