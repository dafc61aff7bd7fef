import type { CardPaymentView } from '../api/bindings/CardPaymentView';
import type { CardsView } from '../api/bindings/CardsView';
import type { App } from '../app/app.svelte';

/** Word of a change may be lost; while a card is at the reader it is asked for anyway. */
const ASK_MS = 2_000;

/** The till's card reader, and the payments and refunds at it that still need somebody. */
export class Cards {
  view = $state.raw<CardsView>({ reader: null, payments: [] });
  busy = $state(false);

  #app: App;
  #asked = 0;
  #answered = 0;

  constructor(app: App) {
    this.#app = app;
  }

  get reader() {
    return this.view.reader;
  }

  get payments(): readonly CardPaymentView[] {
    return this.view.payments;
  }

  /** How many wait for a person; those of the order that is being paid are shown there. */
  get waiting(): number {
    const { router, till } = this.#app;
    const paying = router.route.name === 'pay' ? till.cart.cart_id : null;
    return this.payments.filter(
      (one) => one.state !== 'going' && (paying === null || one.kind !== 'payment' || one.cart_id !== paying),
    ).length;
  }

  /** What was begun for a cart and is in no sale yet. Its id is compared here, since the cart may be newer than the list. */
  ofCart(cartId: string | null): CardPaymentView[] {
    return this.payments.filter(
      (one) => one.kind === 'payment' && !one.booked && cartId !== null && one.cart_id === cartId,
    );
  }

  /** Follows the reader as long as somebody is signed in; returns what ends it. */
  listen = (): (() => void) => {
    const { till } = this.#app;
    const hear = () => void this.refresh();
    const ends = [till.on('card', hear), till.on('counter', hear)];
    const timer = setInterval(() => {
      if (this.payments.some((one) => one.state === 'going')) hear();
    }, ASK_MS);
    hear();
    return () => {
      clearInterval(timer);
      for (const end of ends) end();
    };
  };

  /** Asks how everything stands; an older answer never replaces a newer one. */
  load = async (): Promise<void> => {
    const number = (this.#asked += 1);
    const view = await this.#app.till.ask('card.list', {});
    if (number < this.#answered) return;
    this.#answered = number;
    this.view = view;
  };

  /** The same when nobody asked for it: what is shown stays when there is no answer. */
  refresh = async (): Promise<void> => {
    await this.load().catch(() => undefined);
  };

  /** These are in a sale now: at once, not only when the list was asked for again. */
  book(ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.view = { ...this.view, payments: this.payments.filter((one) => !ids.includes(one.card_payment_id)) };
    void this.refresh();
  }

  /** Has an amount of a cart taken at the reader; what becomes of it is told later. */
  begin = (cart_id: string, amount: string): Promise<CardPaymentView | null> =>
    this.#step(() => this.#app.till.change('card.pay', { cart_id, amount }));

  /** Calls it off; how it ends is still for the reader to say. */
  cancel = ({ card_payment_id }: CardPaymentView): Promise<CardPaymentView | null> =>
    this.#step(() => this.#app.till.change('card.cancel', { card_payment_id }));

  /** Asks the reader again what became of it. */
  ask = ({ card_payment_id }: CardPaymentView): Promise<CardPaymentView | null> =>
    this.#step(() => this.#app.till.change('card.ask', { card_payment_id }));

  /** Tries a refund again that was refused. */
  again = ({ card_payment_id }: CardPaymentView): Promise<CardPaymentView | null> =>
    this.#step(() => this.#app.till.change('card.again', { card_payment_id }));

  /** Says by the reader's own paper whether money moved, and how much; null is all of it. */
  settle = (
    { card_payment_id }: CardPaymentView,
    money_moved: boolean,
    amount: string | null,
    reason: string,
  ): Promise<CardPaymentView | null> => {
    const { approvals, till, toasts, texts } = this.#app;
    const input = { card_payment_id, money_moved, amount, reason };
    return this.#step(async () => {
      const view = await approvals.with((approval) => till.change('card.settle', { ...input, approval }));
      if (view) toasts.show('success', texts.t('card-settled'));
      return view;
    });
  };

  /** Gives an approved payment back that is in no sale, once somebody said that it is meant. */
  giveBack = async (payment: CardPaymentView): Promise<CardPaymentView | null> => {
    const { approvals, questions, till, toasts, texts, figures } = this.#app;
    const { card_payment_id } = payment;
    const amount = figures.money(payment.approved ?? payment.amount);
    const meant = await questions.confirm({
      title: texts.t('card-give-back-title'),
      text: texts.t('card-give-back-text', { amount }),
      confirm: texts.t('card-give-back'),
      danger: true,
    });
    if (!meant) return null;
    return this.#step(async () => {
      const refund = await approvals.with((approval) => till.change('card.give_back', { card_payment_id, approval }));
      if (refund) toasts.show('info', texts.t('card-giving-back', { amount }));
      return refund;
    });
  };

  /** Closes the reader's day with its bank. */
  reconcile = async (counter_device_id: string): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    await this.#app.try(async () => (this.view = await this.#app.till.change('card.reconcile', { counter_device_id })));
    this.busy = false;
    await this.refresh();
  };

  /** Runs a step and shows how everything stands after it, done or refused. */
  async #step(step: () => Promise<CardPaymentView | null>): Promise<CardPaymentView | null> {
    if (this.busy) return null;
    this.busy = true;
    let view: CardPaymentView | null = null;
    await this.#app.try(async () => (view = await step()));
    this.busy = false;
    await this.refresh();
    return view;
  }
}
