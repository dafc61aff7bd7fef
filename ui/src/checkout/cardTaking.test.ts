import { describe, expect, it } from 'vitest';
import type { CardPaymentView } from '../api/bindings/CardPaymentView';
import { App } from '../app/app.svelte';
import { approved, cardPayment, cardsWith, refused } from '../testing/cards';
import { quoteOf, RECEIPT } from '../testing/checkout';
import { cartOfOne, FakeApi, refusal, stateWith } from '../testing/fakeApi';

const PART = '10000 IDR';

/** A pay screen at the means card, with these at the reader. */
async function paying(...payments: CardPaymentView[]) {
  const at = { payments };
  const api = new FakeApi({
    'app.state': () => stateWith(cartOfOne()),
    'checkout.quote': ({ tenders }) => quoteOf(tenders),
    'checkout.pay': () => RECEIPT,
    'customer_screen.drop_qr': () => ({}),
    'card.list': () => cardsWith(...at.payments),
    'card.pay': ({ amount }) => {
      const begun = cardPayment({ amount });
      at.payments = [begun, ...at.payments];
      return begun;
    },
  });
  const app = new App(api);
  await app.till.refresh();
  await app.checkout.open();
  /** The reader has its say, and the screen hears of it. */
  const says = async (...now: CardPaymentView[]) => {
    at.payments = now;
    await app.cards.load();
    await app.checkout.cardMoved();
  };
  return { app, api, at, says, checkout: app.checkout };
}

/** Chooses the means and begins. */
async function taking() {
  const till = await paying();
  till.checkout.choose('card');
  await till.checkout.confirm();
  return till;
}

describe('taking a card at the reader', () => {
  it('asks for what is missing, and completes the sale by itself when it is approved', async () => {
    const { app, api, says, checkout } = await taking();
    expect(api.inputs('card.pay')).toEqual([{ cart_id: 'cart-1', amount: '25000 IDR' }]);
    expect(checkout.card.shown?.state).toBe('going');
    expect(api.inputs('checkout.pay')).toEqual([]);
    await says(approved(cardPayment()));
    expect(api.inputs('checkout.pay')).toEqual([
      {
        cart_id: 'cart-1',
        total: '25000 IDR',
        tenders: [{ kind: 'card', given: '25000 IDR' }],
        card_payments: ['card-1'],
      },
    ]);
    expect(app.router.route).toEqual({ name: 'receipt' });
  });

  it('begins once however fast the button is tapped', async () => {
    const { api, checkout } = await paying();
    checkout.choose('card');
    await Promise.all([checkout.confirm(), checkout.confirm(), checkout.confirm()]);
    expect(api.inputs('card.pay')).toHaveLength(1);
  });

  it('completes a sale whose card was approved at once', async () => {
    const { api, at, checkout } = await paying();
    api.answers['card.pay'] = () => {
      at.payments = [approved(cardPayment())];
      return cardPayment();
    };
    checkout.choose('card');
    await checkout.confirm();
    expect(api.inputs('checkout.pay')).toHaveLength(1);
  });

  it('lets nothing else be taken while the card is at the reader', async () => {
    const { api, checkout } = await taking();
    expect([checkout.held, checkout.ready, checkout.given]).toEqual([true, false, null]);
    await checkout.exact();
    await checkout.note('50000 IDR');
    await checkout.confirm();
    expect(api.inputs('checkout.pay')).toEqual([]);
    expect(api.inputs('card.pay')).toHaveLength(1);
  });

  it('charges no card with more than is missing, and says so', async () => {
    const { api, checkout } = await paying();
    checkout.choose('card');
    for (const key of ['3', '0', '000'] as const) checkout.key(key);
    expect(checkout).toMatchObject({ tooMuch: true, ready: false });
    await checkout.confirm();
    expect(api.inputs('card.pay')).toEqual([]);
  });

  it('charges no card that the engine finds too much beside cash, and says so', async () => {
    const { app, api, checkout } = await paying();
    for (const key of ['1', '000'] as const) checkout.key(key);
    await checkout.confirm();
    api.answers['checkout.quote'] = () => Promise.reject(refusal('tender_overpaid'));
    checkout.choose('card');
    for (const key of ['3', '0', '000'] as const) checkout.key(key);
    await checkout.confirm();
    expect(api.inputs('card.pay')).toEqual([]);
    expect(app.toasts.shown.length).toBeGreaterThan(0);
  });

  it('goes on with the rest when the card had less', async () => {
    const { app, api, says, checkout } = await taking();
    await says(approved(cardPayment(), PART));
    expect(checkout.quote?.missing).toBe('15000 IDR');
    expect(checkout.kind).toBe('cash');
    expect(app.toasts.shown.map((toast) => toast.kind)).toEqual(['warning']);
    await checkout.exact();
    expect(api.inputs('checkout.pay')[0]).toMatchObject({
      tenders: [
        { kind: 'card', given: PART },
        { kind: 'cash', given: '15000 IDR' },
      ],
      card_payments: ['card-1'],
    });
  });

  it('says why the reader refused, and can be tried again', async () => {
    const { api, says, checkout } = await taking();
    api.answers['card.show'] = () => refused(cardPayment(), 'declined');
    await says();
    expect(checkout.card.shown?.why).toBe('declined');
    expect(checkout.given).toBe('25000 IDR');
    await checkout.confirm();
    expect(api.inputs('card.pay')).toHaveLength(2);
    expect(checkout.card.shown?.state).toBe('going');
  });

  it('forgets a refusal when another means is chosen by the way out', async () => {
    const { api, says, checkout } = await taking();
    api.answers['card.show'] = () => refused(cardPayment(), 'not_reached');
    await says();
    checkout.payOtherwise();
    expect([checkout.kind, checkout.card.shown]).toEqual(['cash', null]);
  });

  it('never takes again what nobody knows the end of, but lets the customer pay otherwise', async () => {
    const { api, says, checkout } = await taking();
    const unknown = cardPayment({ state: 'unknown', step: null });
    await says(unknown);
    expect([checkout.card.shown, checkout.given]).toEqual([unknown, null]);
    await checkout.confirm();
    expect(api.inputs('card.pay')).toHaveLength(1);
    checkout.payOtherwise();
    await checkout.exact();
    expect(api.inputs('checkout.pay')[0]).toMatchObject({
      tenders: [{ kind: 'cash', given: '25000 IDR' }],
      card_payments: [],
    });
  });

  it('takes nothing else, as the engine does, while somebody asks the reader again', async () => {
    const { says, checkout } = await taking();
    const unknown = cardPayment({ state: 'unknown', step: null });
    await says(unknown);
    checkout.payOtherwise();
    checkout.key('5');
    expect([checkout.kind, checkout.held, checkout.given]).toEqual(['cash', false, '5 IDR']);
    await says(cardPayment({ step: null }));
    expect([checkout.kind, checkout.held, checkout.given]).toEqual(['card', true, null]);
    await says(unknown);
    checkout.payOtherwise();
    expect([checkout.kind, checkout.held]).toEqual(['cash', false]);
  });

  it('looks at the reader when a card payment of the order is not settled', async () => {
    const { api, at, checkout } = await paying();
    api.answers['card.pay'] = () => {
      at.payments = [cardPayment({ state: 'unknown', step: null })];
      return Promise.reject(refusal('card_unsettled'));
    };
    checkout.choose('card');
    await checkout.confirm();
    expect(checkout.card.shown?.state).toBe('unknown');
  });

  it('keeps the old way for a reader that the till does not know', async () => {
    const { api, checkout } = await paying();
    checkout.choose('card');
    checkout.useReader(false);
    expect(checkout.atReader).toBe(false);
    await checkout.confirm();
    expect(api.inputs('card.pay')).toEqual([]);
    expect(api.inputs('checkout.pay')[0]).toMatchObject({
      tenders: [{ kind: 'card', given: '25000 IDR' }],
      card_payments: [],
    });
  });
});

describe('a pay screen that is opened after something was taken', () => {
  it('counts what the reader took before the power went', async () => {
    const { checkout } = await paying(approved(cardPayment(), PART));
    expect(checkout.counted).toEqual([{ kind: 'card', given: PART }]);
    expect(checkout.quote?.missing).toBe('15000 IDR');
  });

  it('completes a sale that is settled already', async () => {
    const { app, api } = await paying(approved(cardPayment()));
    expect(api.inputs('checkout.pay')).toHaveLength(1);
    expect(app.router.route).toEqual({ name: 'receipt' });
  });

  it('shows what still goes or is not known', async () => {
    for (const state of ['going', 'unknown']) {
      const { checkout } = await paying(cardPayment({ state }));
      expect([checkout.kind, checkout.atReader, checkout.card.shown?.state]).toEqual(['card', true, state]);
    }
  });

  it('counts nothing of another order, and nothing that is in a sale', async () => {
    const { checkout } = await paying(
      approved(cardPayment({ cart_id: 'cart-0' })),
      approved(cardPayment({ card_payment_id: 'card-2', booked: true })),
      approved(cardPayment({ card_payment_id: 'card-3', kind: 'refund' })),
    );
    expect(checkout.counted).toEqual([]);
  });

  it('says why, when the card was refused while another screen was shown', async () => {
    const { app, api, at, checkout } = await taking();
    app.router.go({ name: 'register' });
    at.payments = [];
    api.answers['card.show'] = () => refused(cardPayment(), 'card_timeout');
    await checkout.open();
    expect(checkout.card.shown?.why).toBe('card_timeout');
  });

  it('has a way out when more was taken than the order comes to now', async () => {
    const { app, api, says, checkout } = await paying();
    api.answers['checkout.quote'] = () => Promise.reject(refusal('tender_overpaid'));
    await says(approved(cardPayment(), '90000 IDR'));
    expect([checkout.overpaid, checkout.ready]).toEqual([true, false]);
    expect(app.toasts.shown).toEqual([]);
    api.answers['checkout.quote'] = ({ tenders }) => quoteOf(tenders);
    await says();
    expect([checkout.overpaid, checkout.quote?.missing]).toEqual([false, '25000 IDR']);
  });
});
