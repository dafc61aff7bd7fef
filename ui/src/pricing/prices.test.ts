import { describe, expect, it } from 'vitest';
import { CommandError, NO_DETAILS } from '../api/errors';
import { cartOfOne, refusal, stateWith } from '../testing/fakeApi';
import { PART, prices } from '../testing/prices';
import { blankPromotion } from './promotion';
import { BasketTrial } from './trial.svelte';

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
    const basket = { lines: [line], channel: 'counter', segments: [], coupons: ['HEMAT', 'LAGI'] };
    expect(api.inputs('pricing.ask').slice(-2)).toEqual([
      { ask: 'preview', basket: { ...basket, with: ['k1'] } },
      { ask: 'preview', basket: { ...basket, with: [] } },
    ]);
    expect([trial.with?.order.total, trial.without?.order.total]).toEqual(['50000 IDR', '50000 IDR']);
    trial.change(0, -1);
    trial.change(0, -1);
    expect([trial.lines, trial.with]).toEqual([[], null]);
  });

  it('is bought through a door, by a customer of the groups that it names or of others', async () => {
    const { app, api, prices: page } = await prices((ask) => (ask.ask === 'preview' ? TRIED : undefined));
    await page.load();
    const promotion = (...segments: string[]) => ({ ...blankPromotion('Sore'), segments });
    const part = { ...page.parts[0]!, promotions: [promotion('gold', 'staff'), promotion('gold')] };
    const trial = new BasketTrial(app, page, part);
    expect(trial.named).toEqual(['gold', 'staff']);
    trial.add('item-1', null);
    trial.through('delivery');
    trial.segments = 'silver';
    trial.belong('gold');
    const last = () => api.inputs('pricing.ask').at(-1);
    await expect.poll(last).toMatchObject({ basket: { channel: 'delivery', segments: ['silver', 'gold'] } });
    trial.belong('gold');
    expect(trial.segments).toBe('silver');
  });

  it('has no without once it is in force', async () => {
    const { app, prices: page } = await prices((ask) => (ask.ask === 'preview' ? TRIED : undefined));
    await page.load();
    const trial = new BasketTrial(app, page, { ...page.parts[0]!, state: 'active' });
    trial.add('item-1', null);
    await expect.poll(() => trial.with).not.toBeNull();
    expect(trial.without).toBeNull();
  });
});
