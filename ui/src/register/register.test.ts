import { describe, expect, it, vi } from 'vitest';
import { App } from '../app/app.svelte';
import type { Asked } from './register.svelte';
import { cartOfOne, FakeApi, refusal, stateWith, tile } from '../testing/fakeApi';

async function register(answers: FakeApi['answers'] = {}): Promise<{ app: App; api: FakeApi }> {
  const api = new FakeApi({ 'app.state': () => stateWith(cartOfOne()), ...answers });
  const app = new App(api);
  await app.till.refresh();
  return { app, api };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('ringing up', () => {
  it('adds a tile with the quantity that was typed before, once', async () => {
    const { app, api } = await register({ 'register.add_item': () => cartOfOne() });
    app.register.digit('3');
    app.register.tap(tile());
    app.register.tap(tile());
    await settled();
    expect(api.inputs('register.add_item').map((input) => input.quantity)).toEqual(['3', null]);
    expect(app.register.selectedId).toBe('line-1');
    expect(app.register.panel).toEqual({ name: 'none' });
  });

  it('says that a tile is sold out and adds nothing', async () => {
    const { app, api } = await register();
    app.register.tap(tile({ available: false }));
    expect(api.inputs('register.add_item')).toEqual([]);
    expect(app.toasts.shown).toHaveLength(1);
  });

  it('gives a scan the pending quantity and asks for a choice when one is needed', async () => {
    const view = { item: { item_id: 'item-2' }, variants: [], groups: [], price: null } as never;
    const { app, api } = await register({
      'register.scan': () => Promise.reject(refusal('choice_needed', { subject: 'item-2' })),
      'catalogue.item': () => view,
    });
    app.register.digit('2');
    await app.register.scan('8992761111113');
    expect(api.inputs('register.scan')).toEqual([{ code: '8992761111113', quantity: '2' }]);
    expect(app.register.panel).toEqual({ name: 'item', asked: { view, quantity: '2', replaces: null } });
  });

  it('takes an unknown code that is a receipt of ours to its order', async () => {
    const { app } = await register({
      'register.scan': () => Promise.reject(refusal('unknown_code', { subject: 'KOTA-T1-000012' })),
      'orders.find': () => ({ order: { order_id: 'order-12' } }) as never,
    });
    await app.register.scan('KOTA-T1-000012');
    expect(app.router.route).toEqual({ name: 'order', orderId: 'order-12' });
  });

  it('tells of an unknown code and leaves the cart alone', async () => {
    const { app } = await register({
      'register.scan': () => Promise.reject(refusal('unknown_code', { subject: '123' })),
    });
    await app.register.scan('123');
    expect(app.toasts.shown[0]?.text).toContain('123');
    expect(app.till.cart.lines).toHaveLength(1);
  });

  it('shows the newest search only', async () => {
    const waiting: (() => void)[] = [];
    const { app } = await register({
      'catalogue.search': ({ query }) =>
        new Promise((resolve) => {
          waiting.push(() => resolve({ tiles: [tile({ name: query })], more: false }));
        }),
    });
    app.keys.wedge.gapMs = 0;
    app.register.search('ko');
    await expect.poll(() => waiting.length).toBe(1);
    app.register.search('kopi');
    await expect.poll(() => waiting.length).toBe(2);
    waiting[1]?.();
    await settled();
    waiting[0]?.();
    await settled();
    expect(app.register.found?.tiles[0]?.name).toBe('kopi');
  });

  it('repeats a step with the manager’s PIN, again after a wrong one, and gives up when told to', async () => {
    const pins: (string | undefined)[] = [];
    const { app } = await register({
      'staff.list': () => ({
        staff: [
          { staff_id: 'c', name: 'Cashier', role: 'cashier' },
          { staff_id: 'm', name: 'Manager', role: 'manager' },
        ],
      }),
      'register.void': ({ approval }) => {
        pins.push(approval?.pin);
        if (!approval) return Promise.reject(refusal('approval_needed', { permission: 'void_cart' }));
        if (approval.pin !== '8520') return Promise.reject(refusal('pin_wrong'));
        return cartOfOne({ lines: [] });
      },
    });
    const done = app.register.void('mistake');
    await expect.poll(() => app.approvals.asking?.people.map((person) => person.name)).toEqual(['Manager']);
    app.approvals.give('m', '1111');
    await expect.poll(() => app.approvals.refused?.code).toBe('pin_wrong');
    await expect.poll(() => app.approvals.busy).toBe(false);
    app.approvals.give('m', '8520');
    await done;
    expect(pins).toEqual([undefined, '1111', '8520']);
    expect(app.approvals.asking).toBeNull();
    expect(app.till.cart.lines).toEqual([]);

    const givenUp = app.register.void('mistake');
    await expect.poll(() => app.approvals.asking !== null).toBe(true);
    app.approvals.cancel();
    await givenUp;
    expect(pins).toHaveLength(4);
  });

  it('keeps what was typed when the manager does not come', async () => {
    const { app } = await register({
      'staff.list': () => ({ staff: [{ staff_id: 'm', name: 'Manager', role: 'manager' }] }),
      'register.set_price': ({ approval }) =>
        approval ? cartOfOne() : Promise.reject(refusal('approval_needed', { permission: 'price_override' })),
    });
    const line = app.till.cart.lines[0]!;
    app.register.panel = { name: 'price', line };
    const givenUp = app.register.setPrice(line, '1000', 'damaged');
    await expect.poll(() => app.approvals.asking !== null).toBe(true);
    app.approvals.cancel();
    await givenUp;
    expect(app.register.panel.name, 'the price is still asked').toBe('price');

    const done = app.register.setPrice(line, '1000', 'damaged');
    await expect.poll(() => app.approvals.asking !== null).toBe(true);
    app.approvals.give('m', '8520');
    await done;
    expect(app.register.panel.name).toBe('none');
  });

  it('says all terms at once, each change on those of the one before', async () => {
    const { app, api } = await register({
      'register.set_terms': ({ terms }) => cartOfOne({ terms }),
    });
    await Promise.all([
      app.register.setTerms(() => ({ channel: 'take_away' })),
      app.register.setTerms(({ segments }) => ({ segments: [...segments, 'staff'] })),
    ]);
    expect(api.inputs('register.set_terms').map((input) => input.terms)).toEqual([
      { channel: 'take_away', customer_id: null, segments: [], exemption: null, coupons: [] },
      { channel: 'take_away', customer_id: null, segments: ['staff'], exemption: null, coupons: [] },
    ]);
  });

  it('exempts a customer from tax by a manager’s leave', async () => {
    const exemption = { tax_ids: [], treatment: 'exempt', reason: 'KITAS 12' } as const;
    const { app } = await register({
      'staff.list': () => ({ staff: [{ staff_id: 'm', name: 'Manager', role: 'manager' }] }),
      'register.set_terms': ({ terms, approval }) =>
        approval ? cartOfOne({ terms }) : Promise.reject(refusal('approval_needed', { permission: 'price_override' })),
    });
    const done = app.register.setTerms(() => ({ exemption: { ...exemption, tax_ids: [] } }));
    await expect.poll(() => app.approvals.asking !== null).toBe(true);
    app.approvals.give('m', '8520');
    expect(await done).toBe(true);
    expect(app.till.cart.terms.exemption).toEqual(exemption);
  });

  it('tells a coupon from a code that is none', async () => {
    const { app } = await register({
      'register.scan': ({ code }) =>
        code === 'hemat' ? cartOfOne() : Promise.reject(refusal('unknown_code', { subject: code })),
    });
    expect(await app.register.addCoupon('hemat')).toBe(true);
    expect(await app.register.addCoupon('nothing')).toBe(false);
    expect(app.toasts.shown).toEqual([]);
  });

  it('keeps the line that a new choice was to replace when the manager does not come', async () => {
    const removed = vi.fn(() => cartOfOne({ lines: [] }));
    const { app } = await register({
      'staff.list': () => ({ staff: [{ staff_id: 'm', name: 'Manager', role: 'manager' }] }),
      'register.add_item': ({ approval }) =>
        approval ? cartOfOne() : Promise.reject(refusal('approval_needed', { permission: 'price_override' })),
      'register.remove_line': removed,
    });
    const replaces = app.till.cart.lines[0]!;
    const view = { item: { item_id: 'i' } } as Asked['view'];
    const givenUp = app.register.answer({ view, quantity: null, replaces }, {});
    await expect.poll(() => app.approvals.asking !== null).toBe(true);
    app.approvals.cancel();
    await givenUp;
    expect(removed).not.toHaveBeenCalled();

    const done = app.register.answer({ view, quantity: null, replaces }, {});
    await expect.poll(() => app.approvals.asking !== null).toBe(true);
    app.approvals.give('m', '8520');
    await done;
    expect(removed).toHaveBeenCalledOnce();
  });
});

describe('adding by weight', () => {
  const asked: Asked = { view: { item: { item_id: 'apples' } } as Asked['view'], quantity: null, replaces: null };
  const WEIGHED = { quantity: '0.455', scale_tare_g: 15 };

  it('sends what the scale showed, and closes only when the engine took it', async () => {
    const { app, api } = await register({ 'register.add_item': () => cartOfOne() });
    app.register.panel = { name: 'item', asked };
    const answered = app.register.answer(asked, WEIGHED);
    expect(app.register.panel.name).toBe('item');
    expect(await answered).toBeNull();
    expect(api.inputs('register.add_item')).toMatchObject([{ item_id: 'apples', ...WEIGHED }]);
    expect(app.register.panel).toEqual({ name: 'none' });
    expect(app.register.selectedId).toBe('line-1');
  });

  it('stays where it is when another weight lies there, or none at rest', async () => {
    for (const reason of ['weight_changed', 'scale']) {
      const { app } = await register({
        'register.add_item': () => Promise.reject(refusal('invalid', { reason })),
      });
      app.register.panel = { name: 'item', asked };
      expect((await app.register.answer(asked, WEIGHED))?.details.reason).toBe(reason);
      expect(app.register.panel).toEqual({ name: 'item', asked });
      expect(app.toasts.shown, 'the step says it itself').toEqual([]);
    }
  });

  it('reports any other refusal', async () => {
    const { app } = await register({ 'register.add_item': () => Promise.reject(refusal('drawer_closed')) });
    app.register.panel = { name: 'item', asked };
    expect(await app.register.answer(asked, WEIGHED)).toBeNull();
    expect(app.register.panel).toEqual({ name: 'none' });
    expect(app.toasts.shown).toHaveLength(1);
  });

  it('says of a typed weight that no scale stands behind it', async () => {
    const { app, api } = await register({ 'register.add_item': () => cartOfOne() });
    await app.register.answer(asked, { quantity: '0.5', scale_tare_g: null });
    await app.register.add({ item_id: 'bread' });
    expect(api.inputs('register.add_item').map((input) => input.scale_tare_g)).toEqual([null, null]);
  });
});

describe('the till', () => {
  it('asks for the state once more after many changes, not many times', async () => {
    const { app, api } = await register();
    const end = app.till.start();
    await settled();
    const before = api.inputs('app.state').length;
    for (let change = 0; change < 20; change += 1) api.change('sync');
    await settled();
    await settled();
    expect(api.inputs('app.state').length - before).toBeLessThanOrEqual(2);
    end();
  });
});
