import { describe, expect, it } from 'vitest';
import { BLANK_EFFECT, type FormEffect } from './effect';
import { readPart, type Promotion } from './parts';
import { applied, blankPromotion, promotionFormOf } from './promotion';

const WRITING = { locale: 'id', currency: 'IDR', digits: 0 } as const;

/** A promotion with everything that there is, as the server answers it. */
const FULL = {
  promotion_id: 'p1',
  name: 'Sore',
  schedule: { from: 5, until: 9, weekdays: [1, 5], minutes: [960, 1080], season: [1201, 115] },
  outlet_ids: ['o1'],
  channels: ['take_away'],
  segments: ['gold', 'staff'],
  coupons: [
    { code: 'HEMAT', uses: 3, per_customer: 1 },
    { code: 'LAGI', uses: null, per_customer: null },
  ],
  target: { item_ids: ['i1'], category_ids: ['c1'], except_item_ids: ['i2'] },
  min_spend: '50000 IDR',
  priority: -2,
  group: 'tea',
  exclusive: true,
  limits: { per_order: 1, per_customer: 2, per_day: 30, in_all: 400 },
};

const EFFECTS = [
  { effect: 'percent', rate_ppm: 333_333 },
  { effect: 'amount', per_unit: '2000 IDR' },
  { effect: 'fixed_price', unit_price: '12000.5' },
  { effect: 'buy_get', buy: 2, get: 1, rate_ppm: 1_000_000, other: { item_ids: ['i3'], category_ids: [] } },
  { effect: 'bundle', parts: [{ target: {}, quantity: 2, bundle: null }], off: { price: { price: '1 IDR' } } },
  { effect: 'threshold', tiers: [{ spend: '100000 IDR', off: { percent: { rate_ppm: 50_000, cap: '9000 IDR' } } }] },
  { effect: 'threshold', tiers: [{ spend: '100000 IDR', off: { amount: { amount: '5000 IDR' } } }] },
  { effect: 'threshold', tiers: [{ spend: '100000 IDR', off: { price: { price: '5000 IDR' } } }] },
  {
    effect: 'threshold',
    tiers: [
      { spend: '100000 IDR', off: { amount: { amount: '5000 IDR' } } },
      { spend: '200000 IDR', off: { amount: { amount: '15000 IDR' } } },
    ],
  },
  { effect: 'free_item', free: { item_ids: ['i4'] }, quantity: 1 },
  { effect: 'order_percent', rate_ppm: 100_000, cap: '20000 IDR' },
  { effect: 'order_percent', rate_ppm: 100_000, cap: null },
];

function read(promotion: object): Promotion {
  const campaign = {
    id: 'k1',
    name: 'K',
    state: 'draft',
    outlet_ids: [],
    starts_at: null,
    ends_at: null,
    created_at: 0,
    updated_at: 0,
    promotions: [promotion],
  };
  return readPart('campaigns', campaign).promotions[0]!;
}

describe('a promotion in the form', () => {
  it.each(EFFECTS)('comes out as it went in: %j', (effect) => {
    const promotion = read({ ...FULL, ...effect });
    expect(applied(promotion, promotionFormOf(promotion, WRITING), WRITING)).toEqual({ ...FULL, ...effect });
  });

  it.each(EFFECTS)('keeps what the form has no fields for when the rest is changed: %j', (effect) => {
    const promotion = read({ ...FULL, ...effect });
    const form = { ...promotionFormOf(promotion, WRITING), name: 'Malam', priority: '7' };
    expect(applied(promotion, form, WRITING)).toEqual({ ...FULL, ...effect, name: 'Malam', priority: 7 });
  });

  it('keeps the other goods of buy and get when its figures change', () => {
    const promotion = read({ ...FULL, ...EFFECTS[3] });
    const form = promotionFormOf(promotion, WRITING);
    const changed = applied(promotion, { ...form, effect: { ...form.effect, buy: '3' } }, WRITING);
    expect(changed).toMatchObject({ buy: 3, get: 1, rate_ppm: 1_000_000, other: { item_ids: ['i3'] } });
  });

  it('leaves nothing of the kind that it was before', () => {
    const promotion = read({ ...FULL, ...EFFECTS[4] });
    const form = promotionFormOf(promotion, WRITING);
    expect(form.effect.kind).toBe('kept');
    const changed = applied(
      promotion,
      { ...form, effect: { ...form.effect, kind: 'percent', percent: '7,5' } },
      WRITING,
    );
    expect(changed).toEqual({ ...FULL, effect: 'percent', rate_ppm: 75_000 });
  });

  it.each<[FormEffect, object, object]>([
    ['percent', { percent: '10' }, { rate_ppm: 100_000 }],
    ['amount', { amount: '2.000' }, { per_unit: '2000 IDR' }],
    ['fixed_price', { price: '15.000' }, { unit_price: '15000' }],
    ['buy_get', { buy: '2', get: '1', percent: '100' }, { buy: 2, get: 1, rate_ppm: 1_000_000 }],
    [
      'threshold',
      { spend: '100.000', off: 'amount', amount: '10.000' },
      { tiers: [{ spend: '100000 IDR', off: { amount: { amount: '10000 IDR' } } }] },
    ],
    ['order_percent', { percent: '5', cap: '' }, { rate_ppm: 50_000, cap: null }],
  ])('begins anew as %s', (kind, typed, fields) => {
    const blank = blankPromotion('Baru');
    const form = { ...promotionFormOf(blank, WRITING), effect: { ...BLANK_EFFECT, kind, ...typed } };
    expect(applied(blank, form, WRITING)).toEqual({ ...blank, effect: kind, ...fields });
  });

  it('is nothing to send while something in it is wrong', () => {
    const promotion = read({ ...FULL, ...EFFECTS[0] });
    const form = promotionFormOf(promotion, WRITING);
    const wrong = [
      { name: ' ' },
      { priority: 'first' },
      { minSpend: 'much' },
      { perDay: '0' },
      { coupons: [{ code: '', uses: '', from: null }] },
      { coupons: [{ code: 'A', uses: 'often', from: null }] },
      { when: { ...form.when, until: '' } },
      { effect: { ...form.effect, percent: '' } },
      { effect: { ...form.effect, percent: '0' } },
    ];
    for (const change of wrong)
      expect(applied(promotion, { ...form, ...change }, WRITING), JSON.stringify(change)).toBeNull();
  });
});
