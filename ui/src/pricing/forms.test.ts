import { describe, expect, it } from 'vitest';
import { CampaignForm } from './campaignForm.svelte';
import { readPart, readPresent } from './parts';
import { PriceListForm, ROWS } from './priceListForm.svelte';
import { SettingsForm } from './settingsForm.svelte';
import { TaxForm } from './taxForm.svelte';

const WRITING = { locale: 'en', currency: 'IDR', digits: 0 } as const;
const COMMON = {
  id: 'x',
  name: 'X',
  state: 'draft',
  outlet_ids: ['o1'],
  starts_at: null,
  ends_at: null,
  updated_at: 0,
};
const SENT = { name: 'X', outlet_ids: ['o1'] };

const BOOK = {
  rounding: 'half_even',
  tax_rounding: 'order',
  discount_timing: 'after_tax',
  service_charge: { rate_ppm: 50_000, tax_ids: ['t1'], base: 'after_discount', channels: [] },
  cash_rounding: { increment: 100, mode: 'down' },
};

describe('a campaign', () => {
  it('begins with one promotion that takes the campaign’s name', () => {
    const form = new CampaignForm(null, ['o1'], WRITING);
    expect(form.fields).toBeNull();
    form.name = 'Happy hour';
    form.entries[0]!.form.effect.percent = '20';
    expect(form.fields).toMatchObject({
      name: 'Happy hour',
      outlet_ids: ['o1'],
      promotions: [{ name: 'Happy hour', effect: 'percent', rate_ppm: 200_000 }],
    });
    form.drop(form.entries[0]!);
    expect(form.fields, 'a campaign of nothing').toBeNull();
  });

  it('sends what it got, and knows when a tier or a part of a bundle is another', () => {
    const off = { amount: { amount: '5000 IDR' } };
    const goods = { item_ids: ['i1'], category_ids: [], except_item_ids: [] };
    const promotions = [
      { name: 'Paket', effect: 'bundle', parts: [{ target: goods, quantity: 2, bundle: null }], off },
      { name: 'Belanja', effect: 'threshold', tiers: [{ spend: '100000 IDR', off }] },
    ];
    const part = readPart('campaigns', { ...COMMON, promotions });
    const form = new CampaignForm(part, [], WRITING);
    expect(form.fields).toEqual({ ...SENT, promotions: part.promotions });
    expect(form.dirty).toBe(false);
    const [bundle, threshold] = form.entries;
    bundle!.form.effect.parts[0]!.quantity = '3';
    expect(form.dirty).toBe(true);
    bundle!.form.effect.parts[0]!.quantity = '2';
    expect(form.dirty, 'as it was again').toBe(false);
    threshold!.form.effect.tiers[0]!.spend = '150.000';
    expect(form.fields).toMatchObject({ promotions: [{}, { tiers: [{ spend: '150000 IDR', off }] }] });
  });
});

describe('a price list', () => {
  const prices = Array.from({ length: ROWS + 1 }, (_, at) => ({
    item_id: `i${at}`,
    variant_id: null,
    from_quantity: '0',
    unit_price: at === 0 ? '12.5' : '12000',
  }));
  const schedule = { from: null, until: null, weekdays: [], minutes: null, season: [101, 201] };
  const part = readPart('pricing-rules', {
    ...COMMON,
    segments: ['gold'],
    channels: ['delivery'],
    schedule,
    priority: 3,
    prices,
  });

  it('sends what it got, and its rank is not touched', () => {
    const form = new PriceListForm(part, [], WRITING);
    expect(form.fields).toEqual({ ...SENT, segments: ['gold'], channels: ['delivery'], schedule, prices });
    expect(form.dirty).toBe(false);
  });

  it('shows a page of rows, and the last one for what is added', () => {
    const form = new PriceListForm(part, [], WRITING);
    expect(form.shown).toHaveLength(ROWS);
    form.add('new', 'v1');
    expect(form.shown.map((row) => row.from.item_id)).toEqual([`i${ROWS}`, 'new']);
    expect(form.fields, 'a row without a price').toBeNull();
    const row = form.shown[1]!;
    [row.price, row.quantity] = ['9,500', '12'];
    expect(form.fields).toMatchObject({
      prices: { [ROWS + 1]: { item_id: 'new', variant_id: 'v1', unit_price: '9500', from_quantity: '12' } },
    });
    expect(form.dirty).toBe(true);
  });
});

describe('a tax', () => {
  it('takes the place of one that the outlet has', () => {
    const form = new TaxForm(null, ['o1'], WRITING);
    form.replace({ tax_id: 't1', name: 'PB1', included: true });
    form.percent = '11';
    expect(form.fields).toEqual({
      name: 'PB1',
      outlet_ids: ['o1'],
      kind: 'percent',
      rate_ppm: 110_000,
      tax_id: 't1',
      included: true,
      channels: [],
    });
  });

  it('that is no percentage keeps how it is counted', () => {
    const part = readPart('taxes', {
      ...COMMON,
      kind: 'per_unit',
      amount: '500',
      tax_id: 't2',
      included: false,
      channels: [],
    });
    const form = new TaxForm(part, [], WRITING);
    form.included = true;
    expect(form.fields).toEqual({ ...SENT, included: true, channels: [] });
  });
});

describe('settings', () => {
  it('begin with what holds now, and keep what has no field', () => {
    const present = readPresent({
      versions: [
        { state: 'past', book: {} },
        { state: 'present', book: { ...BOOK, taxes: [] } },
      ],
    });
    const form = new SettingsForm(null, ['o1'], WRITING, present);
    form.name = 'X';
    expect(form.fields).toEqual({ ...SENT, ...BOOK });
    form.service = '7.5';
    form.cashStep = '';
    expect(form.fields).toMatchObject({ service_charge: { rate_ppm: 75_000, tax_ids: ['t1'] }, cash_rounding: null });
    form.cashStep = '0';
    expect(form.fields, 'steps of nothing').toBeNull();
  });

  it('know nothing of what holds while there is no version', () => {
    expect(readPresent({ versions: [] })).toBeNull();
  });
});
