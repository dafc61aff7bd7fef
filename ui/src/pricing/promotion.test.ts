import { describe, expect, it } from 'vitest';
import { FULL, KEPT, read, SHOWN, WRITING } from '../testing/promotions';
import { applied, promotionFormOf } from './promotion';

const EFFECTS = [...SHOWN, ...KEPT];

describe('a promotion in the form', () => {
  it.each(EFFECTS)('comes out as it went in: %j', (effect) => {
    const promotion = read({ ...FULL, ...effect });
    const out = applied(promotion, promotionFormOf(promotion, WRITING), WRITING);
    expect(out).toEqual({ ...FULL, ...effect });
    expect(JSON.stringify(out), 'to the byte').toBe(JSON.stringify(promotion));
  });

  it.each(EFFECTS)('keeps what the form has no fields for when the rest is changed: %j', (effect) => {
    const promotion = read({ ...FULL, ...effect });
    const form = { ...promotionFormOf(promotion, WRITING), name: 'Malam', priority: '7' };
    expect(applied(promotion, form, WRITING)).toEqual({ ...FULL, ...effect, name: 'Malam', priority: 7 });
  });

  it.each(SHOWN)('is shown in full: %j', (effect) => {
    expect(promotionFormOf(read({ ...FULL, ...effect }), WRITING).effect.kind).toBe(effect.effect);
  });

  it.each(KEPT)('is kept where the form cannot show it: %j', (effect) => {
    expect(promotionFormOf(read({ ...FULL, ...effect }), WRITING).effect.kind).toBe('kept');
  });

  it('keeps the other goods of buy and get when its figures change', () => {
    const promotion = read({ ...FULL, ...SHOWN[5] });
    const form = promotionFormOf(promotion, WRITING);
    const changed = applied(promotion, { ...form, effect: { ...form.effect, buy: '3' } }, WRITING);
    expect(changed).toMatchObject({ buy: 3, get: 1, rate_ppm: 1_000_000, other: { item_ids: ['i3'] } });
    const same = applied(promotion, { ...form, effect: { ...form.effect, givesOther: false } }, WRITING);
    expect(same, 'the same goods again').toMatchObject({ buy: 2, other: null });
  });

  it('sends amounts, groups and words that nobody changed as they came', () => {
    const odd = { ...FULL, ...SHOWN[0], min_spend: '500 USD', segments: ['gold, old'], group: ' tea ', priority: 2e9 };
    const promotion = read(odd);
    const form = promotionFormOf(promotion, WRITING);
    expect(applied(promotion, { ...form, exclusive: false }, WRITING)).toEqual({ ...odd, exclusive: false });
    const changed = applied(promotion, { ...form, minSpend: '60.000', segments: 'gold', group: '' }, WRITING);
    expect(changed).toMatchObject({ min_spend: '60000 IDR', segments: ['gold'], group: null });
  });

  it('keeps what is left out of its goods, and what the form does not know of them', () => {
    const target = { ...FULL.target, brand_ids: ['b1'] };
    const promotion = read({ ...FULL, ...SHOWN[0], target });
    const form = promotionFormOf(promotion, WRITING);
    const fewer = { ...form.target, itemIds: [], exceptItemIds: ['i2', 'i7'] };
    expect(applied(promotion, { ...form, target: fewer }, WRITING)?.target).toEqual({
      ...target,
      item_ids: [],
      except_item_ids: ['i2', 'i7'],
    });
  });

  it('is nothing to send while something in it is wrong', () => {
    const promotion = read({ ...FULL, ...SHOWN[0] });
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
      { target: { ...form.target, itemIds: [], categoryIds: [] } },
      { priority: '99999999999' },
    ];
    for (const change of wrong)
      expect(applied(promotion, { ...form, ...change }, WRITING), JSON.stringify(change)).toBeNull();
  });
});
