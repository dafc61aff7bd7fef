import type { CardPaymentView } from '../api/bindings/CardPaymentView';
import type { CardsView } from '../api/bindings/CardsView';

/** A payment of 25,000 rupiah at the reader, for the cart of `cartOfOne`. */
export function cardPayment(more: Partial<CardPaymentView> = {}): CardPaymentView {
  return {
    card_payment_id: 'card-1',
    kind: 'payment',
    state: 'going',
    step: 'present_card',
    amount: '25000 IDR',
    approved: null,
    why: null,
    card: null,
    authorisation: null,
    reader: 'Counter reader',
    cart_id: 'cart-1',
    order_id: null,
    here: true,
    booked: false,
    started_at: 1_000,
    staff_name: 'Cashier',
    ...more,
  };
}

/** A till with a card reader, at which these stand. */
export function cardsWith(...payments: CardPaymentView[]): CardsView {
  return { reader: { counter_device_id: 'd-card', name: 'Counter reader', well: true, day: null }, payments };
}

/** The same payment once the reader has approved it, all of it unless it says otherwise. */
export function approved(payment: CardPaymentView, sum = payment.amount): CardPaymentView {
  return { ...payment, state: 'approved', step: null, approved: sum, card: 'Visa', authorisation: 'A1B2C3' };
}

/** The same payment once the reader has refused it. */
export function refused(payment: CardPaymentView, why: string): CardPaymentView {
  return { ...payment, state: 'refused', step: null, why };
}
