import type { CardPaymentView } from '../api/bindings/CardPaymentView';
import type { App } from '../app/app.svelte';

/** How the card reader gives back what a refund says; the engine began it when it wrote the refund. */
export class CardRefund {
  payment = $state.raw<CardPaymentView | null>(null);

  #app: App;
  #id: string;

  constructor(app: App, id: string) {
    this.#app = app;
    this.#id = id;
  }

  /** Asks how it stands; what is shown stays when there is no answer. */
  look = async (): Promise<void> => {
    const card_payment_id = this.#id;
    const view = await this.#app.till.ask('card.show', { card_payment_id }).catch(() => null);
    if (view && this.#id === card_payment_id) this.payment = view;
  };

  /** A refund that was tried again is another one. */
  again = async (): Promise<void> => {
    if (!this.payment) return;
    const view = await this.#app.cards.again(this.payment);
    if (!view) return this.look();
    this.#id = view.card_payment_id;
    this.payment = view;
  };
}
