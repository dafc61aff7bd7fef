import { describe, expect, it } from 'vitest';
import type { PricingAsk } from '../api/bindings/PricingAsk';
import { CommandError, NO_DETAILS } from '../api/errors';
import { App } from '../app/app.svelte';
import { cartOfOne, FakeApi, refusal, stateWith } from '../testing/fakeApi';
import { Prices } from './prices.svelte';
import { BasketTrial, PastTrial } from './trial.svelte';

const PART = {
  id: 'k1',
  name: 'Sore',
  state: 'draft',
  outlet_ids: ['outlet-1'],
  starts_at: null,
  ends_at: null,
  created_at: 0,
  updated_at: 0,
  promotions: [],
};

const TRIED = {
  names: ['Kopi'],
  order: {
    lines: [{ gross: '50000 IDR', line_discount: '0 IDR' }],
    discount_total: '0 IDR',
    service_charge: '0 IDR',
    tax_total: '0 IDR',
    total: '50000 IDR',
  },
  withheld: [],
  idle_coupons: [],
};

async function prices(answer: (ask: PricingAsk) => unknown) {
  const api = new FakeApi({
    'app.state': () => stateWith(cartOfOne(), { permissions: ['sell', 'back_office', 'edit_items'] }),
    'pricing.ask': (ask) => {
      const known = { list: { parts: [PART] }, versions: { versions: [] } } as Record<string, unknown>;
      return { body: answer(ask) ?? known[ask.ask] ?? null };
    },
  });
  const app = new App(api);
  await app.till.refresh();
  return { app, api, prices: new Prices(app) };
}

describe('prices of headquarters', () => {
  it('say that they need the server when that cannot be reached, and come back', async () => {
    let reachable = false;
    const { prices: page } = await prices(() => {
      if (!reachable) throw refusal('server_unreachable');
    });
    await page.load();
    expect([page.unreachable, page.loaded, page.problem]).toEqual([true, false, null]);
    reachable = true;
    await page.load();
    expect([page.unreachable, page.parts.length]).toEqual([false, 1]);
  });

  it('are drafted, activated, taken back and thrown away', async () => {
    const { api, prices: page } = await prices((ask) => {
      if (ask.ask === 'save') return { ...PART, id: 'k2', name: 'Malam' };
      if (ask.ask === 'activate') return { ...PART, id: 'k2', state: 'scheduled', starts_at: ask.starts_at };
      if (ask.ask === 'deactivate') return { ...PART, id: 'k2', state: 'inactive' };
      return undefined;
    });
    await page.load();
    await page.begin();
    expect(await page.save({ name: 'Malam' })).toBe(true);
    expect(page.parts.map((part) => part.id)).toEqual(['k2', 'k1']);
    await page.activate(5, null);
    expect(page.part?.state).toBe('scheduled');
    await page.deactivate();
    expect(page.parts[0]?.state).toBe('inactive');
    await page.remove();
    expect([page.part, page.parts.map((part) => part.id)]).toEqual([null, ['k1']]);
    const asked = api.inputs('pricing.ask').filter((ask) => ask.ask !== 'list' && ask.ask !== 'versions');
    expect(asked).toEqual([
      { ask: 'save', kind: 'campaigns', id: null, fields: { name: 'Malam' } },
      { ask: 'activate', kind: 'campaigns', id: 'k2', starts_at: 5, ends_at: null },
      { ask: 'deactivate', kind: 'campaigns', id: 'k2' },
      { ask: 'delete', kind: 'campaigns', id: 'k2' },
    ]);
  });

  it('say what the server does not take, and keep the form open', async () => {
    const { prices: page } = await prices((ask) => {
      if (ask.ask === 'save') {
        throw new CommandError('invalid', '`Sore` takes more than 100 percent', {
          ...NO_DETAILS,
          subject: 'promotions',
        });
      }
    });
    await page.load();
    await page.open(page.parts[0]!);
    expect(await page.save({ name: 'Sore' })).toBe(false);
    expect(page.problem).toContain('`Sore` takes more than 100 percent');
    expect(page.problem).toContain('promotions');
    expect(page.part?.id).toBe('k1');
    expect(page.busy).toBe(false);
  });

  it('are not left with changes that nobody saved, unless they are meant to be lost', async () => {
    const { app, prices: page } = await prices(() => undefined);
    await page.load();
    await page.open(page.parts[0]!);
    page.unsaved = () => true;
    const stayed = page.close();
    await expect.poll(() => app.questions.open !== null).toBe(true);
    app.questions.open?.answer(false);
    expect(await stayed).toBe(false);
    expect(page.part?.id).toBe('k1');
    const left = page.show('taxes');
    await expect.poll(() => app.questions.open !== null).toBe(true);
    app.questions.open?.answer(true);
    await left;
    expect([page.kind, page.part]).toEqual(['taxes', null]);
  });

  it('of more than this outlet are only for headquarters', async () => {
    const { app, prices: page } = await prices(() => undefined);
    await page.load();
    const [part] = page.parts;
    expect(page.mayEdit(part!)).toBe(true);
    expect(page.mayEdit({ ...part!, outlet_ids: [] })).toBe(false);
    app.till.accept(stateWith(cartOfOne(), { permissions: ['edit_items', 'edit_business'] }));
    expect(page.mayEdit({ ...part!, outlet_ids: [] })).toBe(true);
  });
});

describe('a campaign that is tried', () => {
  it('is asked with the draft and without it', async () => {
    const { app, api, prices: page } = await prices((ask) => (ask.ask === 'preview' ? TRIED : undefined));
    await page.load();
    const trial = new BasketTrial(app, page, page.parts[0]!);
    trial.add('item-1', null);
    trial.add('item-1', null);
    trial.coupons = 'HEMAT, LAGI';
    await trial.run();
    const line = { item_id: 'item-1', variant_id: null, quantity: '2' };
    expect(api.inputs('pricing.ask').slice(-2)).toEqual([
      { ask: 'preview', basket: { lines: [line], coupons: ['HEMAT', 'LAGI'], with: ['k1'] } },
      { ask: 'preview', basket: { lines: [line], coupons: ['HEMAT', 'LAGI'], with: [] } },
    ]);
    expect([trial.with?.order.total, trial.without?.order.total]).toEqual(['50000 IDR', '50000 IDR']);
    trial.change(0, -1);
    trial.change(0, -1);
    expect([trial.lines, trial.with]).toEqual([[], null]);
  });

  it('has no without once it is in force', async () => {
    const { app, prices: page } = await prices((ask) => (ask.ask === 'preview' ? TRIED : undefined));
    await page.load();
    const trial = new BasketTrial(app, page, { ...page.parts[0]!, state: 'active' });
    trial.add('item-1', null);
    await expect.poll(() => trial.with).not.toBeNull();
    expect(trial.without).toBeNull();
  });

  it('is tried on the sales of the last seven days', async () => {
    const {
      app,
      api,
      prices: page,
    } = await prices((ask) =>
      ask.ask === 'simulate'
        ? { orders: 0, touched: 0, unknown: 0, cut: false, takings: [], cost: [], promotions: [], days: [] }
        : undefined,
    );
    await page.load();
    const past = new PastTrial(app, page, page.parts[0]!, Date.UTC(2026, 10, 30, 5));
    await past.run();
    expect(api.inputs('pricing.ask').at(-1)).toEqual({
      ask: 'simulate',
      id: 'k1',
      from: '2026-11-24',
      until: '2026-11-30',
    });
    expect(past.cost?.orders).toBe(0);
    past.until = '2026-11-01';
    expect(past.ready).toBe(false);
  });
});
