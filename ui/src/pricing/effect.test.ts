import { describe, expect, it } from 'vitest';
import { bundlesIn, mayHold, type Bundle, type BundlePartForm } from './bundle';
import { blankEffect, withEffect, type EffectForm, type FormEffect } from './effect';
import { blankOff, type OffForm } from './off';
import { readPart } from './parts';
import { blankPromotion } from './promotion';
import { blankTarget, isChosen, targetFormOf, targetOf } from './target';
import { byRising, isDoubled, tiersOf, type TierForm } from './tiers';

const WRITING = { locale: 'id', currency: 'IDR', digits: 0 } as const;

const percent = (typed: string, cap = ''): OffForm => ({ ...blankOff('percent'), percent: typed, cap });
const tier = (spend: string, off: OffForm = percent('5')): TierForm => ({ spend, off });

/** What a new promotion would do by a form. */
function written(kind: FormEffect, typed: Partial<EffectForm>): unknown {
  return withEffect(blankPromotion('Baru'), { ...blankEffect(), kind, ...typed }, WRITING);
}

describe('tiers', () => {
  const spends = (tiers: readonly TierForm[]) => tiers.map(({ spend }) => spend);

  it('stand by rising sums however they are written, those without one last', () => {
    const tiers = [tier('1.000.000'), tier(''), tier('90000'), tier('x'), tier('100.000')];
    expect(spends(byRising(tiers, WRITING))).toEqual(['90000', '100.000', '1.000.000', '', 'x']);
    expect(spends(tiers), 'the ones given are not touched').toEqual(['1.000.000', '', '90000', 'x', '100.000']);
  });

  it('are sent by rising sums, in whatever order they were typed', () => {
    const amounts = ['300.000', '100.000', '200.000'];
    for (const at of [0, 1, 2]) {
      const typed = [...amounts.slice(at), ...amounts.slice(0, at)].map((spend) => tier(spend));
      const sent = tiersOf(typed, WRITING)?.map(({ spend }) => spend);
      expect(sent).toEqual(['100000 IDR', '200000 IDR', '300000 IDR']);
    }
  });

  it('that begin at the same sum are refused, and both say so', () => {
    const tiers = [tier('100.000'), tier('100000'), tier('200.000')];
    expect(tiers.map((one) => isDoubled(one, tiers, WRITING))).toEqual([true, true, false]);
    expect(tiersOf(tiers, WRITING)).toBeNull();
    const empty = [tier(''), tier('')];
    expect(
      empty.some((one) => isDoubled(one, empty, WRITING)),
      'nothing is no sum',
    ).toBe(false);
  });

  it('keep their sums apart where the digits are beyond what a number holds', () => {
    const finest = { locale: 'vi', currency: 'CLF', digits: 4 } as const;
    const tiers = [tier('999999999999,9999'), tier('999999999999,9998')];
    expect(tiers.some((one) => isDoubled(one, tiers, finest))).toBe(false);
    expect(spends(byRising(tiers, finest))).toEqual(['999999999999,9998', '999999999999,9999']);
  });
});

describe('what is wrong in a promotion', () => {
  const part = (change: Partial<BundlePartForm>): BundlePartForm => ({
    quantity: '1',
    of: 'goods',
    target: { ...blankTarget(), all: true },
    bundle: '',
    ...change,
  });
  const off = { ...blankOff('price'), price: '50.000' };
  const free = { ...blankTarget(), itemIds: ['i1'] };

  it.each<[string, FormEffect, Partial<EffectForm>]>([
    ['a percentage above the whole', 'percent', { percent: '101' }],
    ['a percentage of nothing', 'order_percent', { percent: '0' }],
    ['a cap that is no amount', 'order_percent', { percent: '5', cap: 'much' }],
    ['an amount that is none', 'amount', { amount: '-5' }],
    ['no price', 'fixed_price', { price: '' }],
    ['nothing bought', 'buy_get', { buy: '0', get: '1', percent: '100' }],
    ['half a piece given', 'buy_get', { buy: '2', get: '0,5', percent: '100' }],
    ['others that nobody chose', 'buy_get', { buy: '2', percent: '100', givesOther: true }],
    ['a bundle without parts', 'bundle', { parts: [], off }],
    ['a part of nothing', 'bundle', { parts: [part({}), part({ quantity: '0' })], off }],
    ['a part that nobody chose', 'bundle', { parts: [part({ target: blankTarget() })], off }],
    ['a bundle that nobody chose', 'bundle', { parts: [part({ of: 'bundle' })], off }],
    ['a bundle without a price', 'bundle', { parts: [part({})], off: blankOff('price') }],
    ['a bundle with a price of no figure', 'bundle', { parts: [part({})], off: { ...off, price: 'cheap' } }],
    ['free goods that nobody chose', 'free_item', { quantity: '1' }],
    ['none for free', 'free_item', { free, quantity: '0' }],
    ['no tiers', 'threshold', { tiers: [] }],
    ['a tier without a sum', 'threshold', { tiers: [tier('100.000'), tier('')] }],
    ['a tier that gives nothing', 'threshold', { tiers: [tier('100.000', percent(''))] }],
    ['a tier with a cap that is no amount', 'threshold', { tiers: [tier('100.000', percent('5', '1.5.5'))] }],
  ])('keeps it from being sent: %s', (_, kind, typed) => {
    expect(written(kind, typed)).toBeNull();
  });
});

describe('goods', () => {
  it('are all only where somebody chose that', () => {
    const all = { item_ids: [], category_ids: [], except_item_ids: ['i1'] };
    expect(targetOf(targetFormOf(all))).toEqual(all);
    expect(isChosen(blankTarget())).toBe(false);
    expect(targetOf({ ...blankTarget(), exceptItemIds: ['i1'] }), 'all but one of nothing').toBeNull();
  });
});

describe('bundles in bundles', () => {
  const bundle = (id: string, ...holds: string[]): Bundle => ({ id, name: id, holds });
  const ids = (bundles: readonly Bundle[]) => bundles.map(({ id }) => id);

  it('hold neither themselves nor what holds them, at whatever depth', () => {
    const all = [bundle('top', 'middle'), bundle('middle', 'low'), bundle('low'), bundle('aside', 'low')];
    expect(ids(mayHold('low', all))).toEqual([]);
    expect(ids(mayHold('middle', all))).toEqual(['low', 'aside']);
    expect(ids(mayHold('top', all))).toEqual(['middle', 'low', 'aside']);
    expect(ids(mayHold(undefined, all)), 'a new one may hold any').toEqual(ids(all));
  });

  it('are those that the server has', () => {
    const target = { item_ids: [], category_ids: [], except_item_ids: [] };
    const parts = [
      { target, quantity: 1, bundle: null },
      { target, quantity: 1, bundle: 'p7' },
    ];
    const campaign = readPart('campaigns', {
      id: 'k1',
      name: 'K',
      state: 'draft',
      updated_at: 0,
      promotions: [
        { promotion_id: 'p1', name: 'Paket', effect: 'bundle', parts, off: { amount: { amount: '1 IDR' } } },
        { promotion_id: 'p2', name: 'Sore', effect: 'percent', rate_ppm: 1 },
      ],
    });
    const tax = readPart('taxes', { id: 't', name: 'T', state: 'draft', updated_at: 0, kind: 'percent', tax_id: 't' });
    expect(bundlesIn([tax, campaign])).toEqual([{ id: 'p1', name: 'Paket', holds: ['p7'] }]);
  });
});
