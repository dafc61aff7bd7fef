import { describe, expect, it } from 'vitest';
import { FULL, NONE, read, SHOWN, WRITING } from '../testing/promotions';
import { blankEffect, EFFECTS as KINDS, type EffectForm, type FormEffect } from './effect';
import { blankOff } from './off';
import { applied, blankPromotion, promotionFormOf } from './promotion';
import { blankTarget } from './target';

describe('the kind of a promotion', () => {
  it.each<[FormEffect, Partial<EffectForm>, object]>([
    ['percent', { percent: '10' }, { rate_ppm: 100_000 }],
    ['amount', { amount: '2.000' }, { per_unit: '2000 IDR' }],
    ['fixed_price', { price: '15.000' }, { unit_price: '15000' }],
    ['buy_get', { buy: '2', get: '1', percent: '100' }, { buy: 2, get: 1, rate_ppm: 1_000_000, other: null }],
    [
      'buy_get',
      { buy: '1', percent: '50', givesOther: true, other: { ...blankTarget(), itemIds: ['i3'] } },
      { buy: 1, get: 1, rate_ppm: 500_000, other: { ...NONE, item_ids: ['i3'] } },
    ],
    [
      'bundle',
      {
        parts: [
          { quantity: '2', of: 'goods', target: { ...blankTarget(), categoryIds: ['c2'] }, bundle: '' },
          { quantity: '1', of: 'bundle', target: { ...blankTarget(), itemIds: ['left'] }, bundle: 'p9' },
        ],
        off: { ...blankOff('price'), price: '50.000' },
      },
      {
        parts: [
          { target: { ...NONE, category_ids: ['c2'] }, quantity: 2, bundle: null },
          { target: NONE, quantity: 1, bundle: 'p9' },
        ],
        off: { price: { price: '50000 IDR' } },
      },
    ],
    ['free_item', { free: { ...blankTarget(), all: true }, quantity: '2' }, { free: NONE, quantity: 2 }],
    [
      'threshold',
      {
        tiers: [
          { spend: '200.000', off: { ...blankOff('percent'), percent: '10', cap: '30.000' } },
          { spend: '100.000', off: { ...blankOff('amount'), amount: '10.000' } },
        ],
      },
      {
        tiers: [
          { spend: '100000 IDR', off: { amount: { amount: '10000 IDR' } } },
          { spend: '200000 IDR', off: { percent: { rate_ppm: 100_000, cap: '30000 IDR' } } },
        ],
      },
    ],
    ['order_percent', { percent: '5', cap: '' }, { rate_ppm: 50_000, cap: null }],
  ])('begins anew as %s', (kind, typed, fields) => {
    const blank = blankPromotion('Baru');
    const form = { ...promotionFormOf(blank, WRITING), effect: { ...blankEffect(), kind, ...typed } };
    expect(applied(blank, form, WRITING)).toEqual({ ...blank, effect: kind, ...fields });
  });

  /** A form of a kind with all that it needs, and figures of other kinds that were typed before. */
  const typed: EffectForm = {
    kind: 'percent',
    percent: '7,5',
    cap: '',
    amount: '2.000',
    price: '15.000',
    buy: '2',
    get: '1',
    givesOther: false,
    other: blankTarget(),
    parts: [{ quantity: '2', of: 'goods', target: { ...blankTarget(), all: true }, bundle: '' }],
    off: { ...blankOff('amount'), amount: '1.000' },
    free: { ...blankTarget(), itemIds: ['i4'] },
    quantity: '1',
    tiers: [{ spend: '100.000', off: { ...blankOff('percent'), percent: '5' } }],
  };
  const OWN: Record<FormEffect, string[]> = {
    percent: ['rate_ppm'],
    amount: ['per_unit'],
    fixed_price: ['unit_price'],
    buy_get: ['buy', 'get', 'other', 'rate_ppm'],
    bundle: ['off', 'parts'],
    free_item: ['free', 'quantity'],
    threshold: ['tiers'],
    order_percent: ['cap', 'rate_ppm'],
  };

  it.each(KINDS)('leaves nothing of what it was when it becomes %s', (kind) => {
    for (const effect of SHOWN) {
      const promotion = read({ ...FULL, ...effect });
      const form = { ...promotionFormOf(promotion, WRITING), effect: { ...typed, kind } };
      const changed = applied(promotion, form, WRITING);
      const own = Object.keys(changed ?? {}).filter((field) => !(field in FULL) && field !== 'effect');
      expect(own.sort(), `${effect.effect} becomes ${kind}`).toEqual(OWN[kind]);
      expect(changed?.effect).toBe(kind);
    }
  });

  it('of one kind is not about what another was about: a bundle says it in its parts', () => {
    const percent = read({ ...FULL, ...SHOWN[0] });
    const form = { ...promotionFormOf(percent, WRITING), effect: { ...typed, kind: 'bundle' as const } };
    expect(applied(percent, form, WRITING)?.target).toEqual(NONE);
    const bundle = read({ ...FULL, ...SHOWN[6] });
    const renamed = { ...promotionFormOf(bundle, WRITING), name: 'Lain' };
    expect(applied(bundle, renamed, WRITING)?.target, 'a bundle that was one keeps it').toEqual(FULL.target);
  });
});
