import type { CardPaymentView } from '../api/bindings/CardPaymentView';
import type { App } from '../app/app.svelte';

/** Taking payment for the cart of this window at the till's card reader. */
export class CardTaking {
  /** What the reader refused last, until something else is done. */
  refused = $state.raw<CardPaymentView | null>(null);
  /** The card is taken at a reader that the till does not know. */
  byHand = $state(false);

  #app: App;
  #cartId: string | null = null;
  #watched: string | null = null;

  constructor(app: App) {
    this.#app = app;
  }

  get #mine(): CardPaymentView[] {
    return this.#app.cards.ofCart(this.#app.till.cart.cart_id);
  }

  /** What was taken and waits for its sale. */
  get approved(): CardPaymentView[] {
    return this.#mine.filter((one) => one.state === 'approved');
  }

  get going(): CardPaymentView | null {
    return this.#mine.find((one) => one.state === 'going') ?? null;
  }

  /** One of which the reader has not said yet how it ended. */
  get unsettled(): CardPaymentView | null {
    return this.going ?? this.#mine.find((one) => one.state === 'unknown') ?? null;
  }

  /** Whether the reader is at a payment of this order: nothing else can be taken meanwhile. */
  get held(): boolean {
    return this.going !== null;
  }

  /** What the screen speaks of. */
  get shown(): CardPaymentView | null {
    return this.unsettled ?? this.refused;
  }

  /** Whether the till has a reader that is to be used. */
  get wanted(): boolean {
    return this.#app.cards.reader !== null && !this.byHand;
  }

  /** Begins with the cart that is shown; what is known of it stays when it is the same. */
  open(): void {
    const cartId = this.#app.till.cart.cart_id;
    this.byHand = false;
    if (cartId === this.#cartId) return;
    this.#cartId = cartId;
    this.#watched = null;
    this.refused = null;
  }

  begin = async (amount: string): Promise<void> => {
    const { cart_id } = this.#app.till.cart;
    if (!cart_id || this.unsettled) return;
    this.refused = null;
    const begun = await this.#app.cards.begin(cart_id, amount);
    this.#watched = begun?.card_payment_id ?? this.#watched;
    await this.look();
  };

  dismiss = (): void => {
    this.refused = null;
  };

  /** A refused payment leaves the list: asks once why, so that it can be said. */
  look = async (): Promise<void> => {
    const { till } = this.#app;
    const open = this.unsettled;
    if (open) {
      this.#watched = open.card_payment_id;
      this.refused = null;
      return;
    }
    const card_payment_id = this.#watched;
    if (card_payment_id === null) return;
    this.#watched = null;
    if (this.#mine.some((one) => one.card_payment_id === card_payment_id)) return;
    const view = await till.ask('card.show', { card_payment_id }).catch(() => null);
    if (view === null || view.state === 'going' || view.state === 'unknown') this.#watched ??= card_payment_id;
    else if (view.state === 'refused' && view.cart_id === till.cart.cart_id && !this.unsettled) this.refused = view;
  };
}
