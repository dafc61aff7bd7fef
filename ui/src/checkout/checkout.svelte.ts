import type { App } from '../app/app.svelte';
import type { CardPaymentView } from '../api/bindings/CardPaymentView';
import type { QuoteView } from '../api/bindings/QuoteView';
import type { ReceiptView } from '../api/bindings/ReceiptView';
import type { TenderGiven } from '../api/bindings/TenderGiven';
import type { TenderKind } from '../api/bindings/TenderKind';
import { readError } from '../api/errors';
import { isPart } from '../cards/standing';
import { isPositive, press, toMoney, type PadKey } from '../components/shared/entry';
import { minorOf } from '../pricing/written';
import { CardTaking } from './cardTaking.svelte';
import { PaymentCode } from './paymentCode.svelte';

/** Taking payment: tenders so far, the one being given, and what the engine says they come to. */
export class Checkout {
  /** What was given so far, but for what the card reader took. */
  tenders = $state.raw<readonly TenderGiven[]>([]);
  kind = $state<TenderKind>('cash');
  entry = $state('');
  /** For the tenders so far. */
  quote = $state.raw<QuoteView | null>(null);
  /** For the tenders so far and the one being given. */
  trial = $state.raw<QuoteView | null>(null);
  busy = $state(false);
  /** More was taken at the card reader than the order comes to now. */
  overpaid = $state(false);
  receipt = $state.raw<ReceiptView | null>(null);
  /** When the screen changed; taps right after it belong to the screen before. */
  shownAt = 0;
  readonly card: CardTaking;
  readonly code: PaymentCode;

  #app: App;
  #asked = 0;
  #openedFor: string | null = null;
  #opening = false;
  /** The payments at the reader that the quote counts. */
  #counted = '';

  constructor(app: App) {
    this.#app = app;
    this.card = new CardTaking(app);
    this.code = new PaymentCode(app.till.api);
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

  /** Everything given so far: what the reader took counts from the moment it is approved. */
  get counted(): TenderGiven[] {
    return [...this.card.approved.map((one) => ({ kind: 'card' as const, given: takenBy(one) })), ...this.tenders];
  }

  /** Whether the tender being given is taken at the till's card reader. */
  get atReader(): boolean {
    return this.kind === 'card' && (this.card.wanted || this.card.shown !== null);
  }

  /** Whether the reader is at a payment of this order: nothing else can be taken meanwhile. */
  get held(): boolean {
    return this.card.held;
  }

  /** The amount of the tender being given: what was typed, else what is missing. */
  get given(): string | null {
    if (this.held || this.overpaid || this.quote?.settled) return null;
    if (this.atReader && this.card.unsettled) return null;
    if (isPositive(this.entry)) return toMoney(this.entry, this.#app.figures.currency, this.#app.figures.digits);
    return this.kind === 'cash' ? null : (this.quote?.missing ?? null);
  }

  /** Whether more is given than is missing by a means that gives no change; of cash that was given the rest is change. */
  get tooMuch(): boolean {
    const cashGiven = this.kind === 'cash' || this.tenders.some((tender) => tender.kind === 'cash');
    return !cashGiven && this.#exceeds;
  }

  get #exceeds(): boolean {
    const { given, quote } = this;
    return given !== null && quote !== null && minorOf(given) > minorOf(quote.missing);
  }

  /** The amount that a code may ask the customer for: what is missing, or a part of it. */
  get payable(): string | null {
    return this.quote === null || this.#exceeds ? null : this.given;
  }

  get settles(): boolean {
    return this.quote?.settled === true || (this.trial?.settled ?? false);
  }

  /** Whether the sale can be completed, or something can be taken. */
  get ready(): boolean {
    return !this.busy && !this.held && !this.tooMuch && (this.given !== null || this.quote?.settled === true);
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
    this.overpaid = false;
    this.#counted = '';
    this.#openedFor = till.cart.cart_id;
    this.card.open();
    this.code.open();
    this.#choose(this.#app.till.state?.outlet?.tenders[0] ?? 'cash');
    this.shownAt = performance.now();
    this.#opening = true;
    router.go({ name: 'pay' });
    // What was taken before, by a till that lost its power perhaps, must count before anything more is asked for.
    await this.#app.try(this.#app.cards.load);
    await this.card.look();
    this.#opening = false;
    if (this.card.shown) this.#choose('card');
    this.#counted = this.#approvedIds();
    await this.#ask();
    await this.#complete();
  };

  /** The pay screen is shown without having been opened: the page was loaded anew. */
  resume = (): void => {
    if (this.#openedFor !== this.#app.till.cart.cart_id) void this.open();
  };

  #approvedIds(): string {
    return this.card.approved.map((one) => one.card_payment_id).join(' ');
  }

  /** Something at the card reader moved: what it took counts, and when that settles the order, the sale is done. */
  cardMoved = async (): Promise<void> => {
    const { router, till } = this.#app;
    if (this.#opening || router.route.name !== 'pay' || this.#openedFor !== till.cart.cart_id) return;
    await this.card.look();
    if (this.held && this.kind !== 'card') this.#choose('card');
    const before = this.#counted.split(' ');
    const now = this.#approvedIds();
    if (now === this.#counted) return;
    this.#counted = now;
    const taken = this.card.approved.filter((one) => !before.includes(one.card_payment_id));
    await this.#ask();
    // It could not be counted, or not any more: then there is no rest to speak of.
    if (this.overpaid || now !== this.#counted) return;
    if (this.quote?.settled) return this.#complete();
    for (const part of taken.filter(isPart)) this.#sayPart(part);
    if (taken.length > 0) this.choose(this.kinds[0] ?? 'cash');
  };

  #sayPart(part: CardPaymentView): void {
    const { toasts, texts, figures } = this.#app;
    toasts.show('warning', texts.t('card-part-taken', { amount: figures.money(part.approved) }));
  }

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
    this.overpaid = false;
    try {
      this.quote = await this.#app.till.ask('checkout.quote', { tenders: this.counted });
    } catch (error) {
      const refused = readError(error);
      this.overpaid = refused.code === 'tender_overpaid' && this.card.approved.length > 0;
      if (this.overpaid) this.quote = null;
      else {
        // Asked again when the reader is heard of next.
        this.#counted = '';
        this.#app.report(refused);
      }
    }
    await this.#try();
  }

  /** Asks what the tender being given comes to; only the newest answer counts. */
  async #try(): Promise<void> {
    const number = (this.#asked += 1);
    const given = this.given;
    if (!given || this.tooMuch) {
      this.trial = null;
      return;
    }
    try {
      const tenders = [...this.counted, { kind: this.kind, given }];
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
    if (this.quote?.settled) return this.#complete();
    const given = this.given;
    if (!given || this.tooMuch) return;
    if (this.atReader) await this.#takeAtReader(given);
    else await this.#take({ kind: this.kind, given });
  };

  /** Exactly what is due, in cash. */
  exact = async (): Promise<void> => {
    const due = this.quote?.cash_due;
    if (!due || this.quote?.settled || !this.kinds.includes('cash')) return;
    await this.#take({ kind: 'cash', given: due });
  };

  note = async (given: string): Promise<void> => this.#take({ kind: 'cash', given });

  /** Takes the card at the till's reader, or at one that the till does not know. */
  useReader = (use: boolean): void => {
    this.card.byHand = !use;
    void this.#try();
  };

  /** Goes on with another means than the card. */
  payOtherwise = (): void => {
    this.card.dismiss();
    this.choose(this.kinds.find((kind) => kind !== 'card') ?? 'card');
  };

  async #takeAtReader(given: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    await this.#app.try(async () => {
      // Refused when it is more than is missing: a card gives no change.
      await this.#app.till.ask('checkout.quote', { tenders: [...this.counted, { kind: 'card', given }] });
      await this.card.begin(given);
    });
    this.busy = false;
    await this.cardMoved();
    // A card that was approved at once was counted while this was busy.
    await this.#complete();
  }

  /** Completes a sale that needs nothing more. */
  async #complete(): Promise<void> {
    if (this.busy || !this.quote?.settled || this.#app.router.route.name !== 'pay') return;
    this.busy = true;
    await this.#app.try(() => this.#pay([]));
    this.busy = false;
  }

  async #take(tender: TenderGiven): Promise<void> {
    if (this.busy || this.held) return;
    this.busy = true;
    try {
      const quote = await this.#app.till.ask('checkout.quote', { tenders: [...this.counted, tender] });
      if (quote.settled) {
        await this.#pay([tender]);
      } else {
        this.tenders = [...this.tenders, tender];
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

  /** Takes back the tender at this place; what the card reader took is given back instead. */
  drop = (index: number): void => {
    if (this.held) return;
    this.tenders = this.tenders.filter((_, at) => at !== index);
    this.#choose(this.kinds[0] ?? 'cash');
    void this.#ask();
  };

  async #pay(more: TenderGiven[]): Promise<void> {
    const { till, cards } = this.#app;
    const { cart_id, total } = till.cart;
    if (!cart_id || !total) return;
    const tenders = [...this.counted, ...more];
    const card_payments = this.card.approved.map((one) => one.card_payment_id);
    try {
      const receipt = await till.change('checkout.pay', { cart_id, total, tenders, card_payments });
      cards.book(card_payments);
      this.#show(receipt);
    } catch (error) {
      const refused = readError(error);
      void cards.refresh();
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

/** What the card reader took; less than was asked when the card had no more. */
function takenBy({ approved, amount }: CardPaymentView): string {
  return approved ?? amount;
}
