import { describe, expect, it } from 'vitest';
import { App } from '../app/app.svelte';
import { EMPTY_CART } from '../app/till.svelte';
import { quoteOf, RECEIPT } from '../testing/checkout';
import { cartOfOne, FakeApi, refusal, stateWith } from '../testing/fakeApi';

async function selling(): Promise<{ app: App; api: FakeApi }> {
  const api = new FakeApi({
    'app.state': () => stateWith(cartOfOne()),
    'checkout.quote': ({ tenders }) => quoteOf(tenders),
    'checkout.pay': () => RECEIPT,
    'customer_screen.drop_qr': () => ({}),
    'card.list': () => ({ reader: null, payments: [] }),
  });
  const app = new App(api);
  await app.till.refresh();
  await app.checkout.open();
  return { app, api };
}

describe('taking payment', () => {
  it('completes exact cash with one tap', async () => {
    const { app, api } = await selling();
    await app.checkout.exact();
    expect(api.inputs('checkout.pay')).toEqual([
      {
        cart_id: 'cart-1',
        total: '25000 IDR',
        tenders: [{ kind: 'cash', given: '25000 IDR' }],
        card_payments: [],
      },
    ]);
    expect(app.router.route).toEqual({ name: 'receipt' });
  });

  it('pays once however fast the button is tapped', async () => {
    const { app, api } = await selling();
    await Promise.all([app.checkout.exact(), app.checkout.exact(), app.checkout.exact()]);
    expect(api.inputs('checkout.pay')).toHaveLength(1);
  });

  it('shows what the engine says about the cash that was typed', async () => {
    const { app } = await selling();
    for (const key of ['5', '0', '000'] as const) app.checkout.key(key);
    await app.till.refresh();
    await expect.poll(() => app.checkout.trial?.change_due).toBe('25000 IDR');
    expect(app.checkout.settles).toBe(true);
  });

  it('takes a part by card and the rest in cash', async () => {
    const { app, api } = await selling();
    app.checkout.choose('card');
    for (const key of ['1', '0', '000'] as const) app.checkout.key(key);
    await app.checkout.confirm();
    expect(app.checkout.tenders).toEqual([{ kind: 'card', given: '10000 IDR' }]);
    expect(api.inputs('checkout.pay')).toHaveLength(0);
    await app.checkout.exact();
    expect(api.inputs('checkout.pay')[0]?.tenders).toEqual([
      { kind: 'card', given: '10000 IDR' },
      { kind: 'cash', given: '15000 IDR' },
    ]);
  });

  it('asks for what is missing when another means than cash is chosen', async () => {
    const { app, api } = await selling();
    app.checkout.choose('qris');
    await app.checkout.confirm();
    expect(api.inputs('checkout.pay')[0]?.tenders).toEqual([{ kind: 'qris', given: '25000 IDR' }]);
  });

  it('takes no more than is missing where no change is given, and says so before it is taken', async () => {
    const { app, api } = await selling();
    const { checkout } = app;
    checkout.choose('qris');
    expect(checkout).toMatchObject({ payable: '25000 IDR', tooMuch: false, ready: true });
    for (const key of ['3', '0', '000'] as const) checkout.key(key);
    expect(checkout).toMatchObject({ payable: null, tooMuch: true, ready: false });
    await checkout.confirm();
    expect(api.inputs('checkout.pay')).toEqual([]);
    expect(app.toasts.shown).toEqual([]);
    checkout.key('erase');
    expect(checkout).toMatchObject({ payable: '3000 IDR', tooMuch: false, ready: true });
    checkout.choose('cash');
    for (const key of ['3', '0', '000'] as const) checkout.key(key);
    expect(checkout).toMatchObject({ tooMuch: false, ready: true });
  });

  it('asks by a code for no more than is missing also where cash gives the change', async () => {
    const { app } = await selling();
    const { checkout } = app;
    for (const key of ['1', '0', '000'] as const) checkout.key(key);
    await checkout.confirm();
    checkout.choose('qris');
    expect(checkout.payable).toBe('15000 IDR');
    for (const key of ['2', '0', '000'] as const) checkout.key(key);
    expect(checkout).toMatchObject({ payable: null, tooMuch: false, ready: true });
  });

  it('takes away whatever code stands there when it begins', async () => {
    const { api } = await selling();
    await expect.poll(() => api.inputs('customer_screen.drop_qr')).toHaveLength(1);
  });

  it('offers cash once only', async () => {
    const { app } = await selling();
    for (const key of ['1', '0', '000'] as const) app.checkout.key(key);
    await app.checkout.confirm();
    expect(app.checkout.kinds).toEqual(['qris', 'card']);
    app.checkout.drop(0);
    expect(app.checkout.kinds).toEqual(['cash', 'qris', 'card']);
  });

  it('looks for the sale when the answer was lost, and shows it', async () => {
    const { app, api } = await selling();
    api.answers['checkout.pay'] = () => Promise.reject(refusal('engine_gone'));
    api.answers['orders.list'] = () => ({ orders: [{ order_id: 'order-1' }], more: false }) as never;
    api.answers['orders.get'] = () => RECEIPT;
    await app.checkout.exact();
    expect(app.router.route).toEqual({ name: 'receipt' });
    expect(app.checkout.receipt).toEqual(RECEIPT);
  });

  it('stays on the pay screen when the answer was lost and there is no sale', async () => {
    const { app, api } = await selling();
    api.answers['checkout.pay'] = () => Promise.reject(refusal('store_failed'));
    await app.checkout.exact();
    expect(app.router.route).toEqual({ name: 'pay' });
    expect(app.toasts.shown.map((toast) => toast.kind)).toEqual(['error']);
    expect(app.checkout.busy).toBe(false);
  });

  it('does not open for an empty cart or without a shift', async () => {
    const api = new FakeApi({ 'app.state': () => stateWith(EMPTY_CART) });
    const app = new App(api);
    await app.till.refresh();
    await app.checkout.open();
    expect(app.router.route).toEqual({ name: 'register' });
    api.answers['app.state'] = () => stateWith(cartOfOne(), { drawer: null });
    await app.till.refresh();
    await app.checkout.open();
    expect(app.router.route).toEqual({ name: 'register' });
    expect(app.toasts.shown).toHaveLength(1);
  });
});
