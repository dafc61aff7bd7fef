import { describe, expect, it } from 'vitest';
import type { ItemView } from '../api/bindings/ItemView';
import { chosenOf, complete, hasRoom, includedOf, pricesOf, toggle, type Choices } from './choices';

const group = (id: string, min: number, max: number, names: string[]) => ({
  modifier_group_id: id,
  name: id,
  min,
  max,
  modifiers: names.map((name) => ({ modifier_id: `${id}-${name}`, name, unit_price: '0' })),
});

const milk = group('milk', 1, 1, ['cow', 'oat']);
const extras = group('extras', 0, 2, ['shot', 'syrup', 'cream']);
const toppings = group('toppings', 1, 2, ['egg', 'cheese']);

const view = (groups: (typeof milk)[], variants = 0): ItemView => ({
  item: {
    item_id: 'i',
    sku: 'S',
    name: 'Item',
    category_id: null,
    unit_price: '1',
    unit: 'piece',
    tax_ids: [],
    barcodes: [],
    variants: [],
    modifier_groups: groups,
    picture_id: null,
    position: 0,
    available: true,
  },
  price: '1 IDR',
  variants: Array.from({ length: variants }, (_, at) => ({
    variant: { variant_id: `v${at}`, sku: `S${at}`, name: `V${at}`, unit_price: '1', barcodes: [] },
    price: '1 IDR',
  })),
  groups,
});

const none: Choices = { variantId: null, modifiers: [] };

describe('choices', () => {
  it('replaces the choice in a group of one', () => {
    const cow = toggle(milk, 'milk-cow', none);
    expect(toggle(milk, 'milk-oat', cow).modifiers).toEqual(['milk-oat']);
  });
  it('drops a choice that is tapped again', () => {
    expect(toggle(milk, 'milk-cow', toggle(milk, 'milk-cow', none)).modifiers).toEqual([]);
  });
  it('never takes more than the most of a group', () => {
    let choices = none;
    for (const modifier of extras.modifiers) choices = toggle(extras, modifier.modifier_id, choices);
    expect(chosenOf(extras, choices)).toBe(2);
  });
  it('is complete when the last required choice is made, whatever is optional', () => {
    const asked = view([extras, milk], 2);
    expect(complete(asked, none)).toBe(false);
    expect(complete(asked, { variantId: 'v0', modifiers: [] })).toBe(false);
    const done = { variantId: 'v0', modifiers: ['milk-cow'] };
    expect(complete(asked, done)).toBe(true);
    expect(hasRoom(asked, done)).toBe(false);
  });
  it('has room while a required group takes more', () => {
    const asked = view([toppings]);
    const one = toggle(toppings, 'toppings-egg', none);
    expect(complete(asked, one)).toBe(true);
    expect(hasRoom(asked, one)).toBe(true);
    expect(hasRoom(asked, toggle(toppings, 'toppings-cheese', one))).toBe(false);
  });
});

describe('included choices', () => {
  // The rule of `ModifierGroup::prices_of` in Rust.
  it.each<[string, number | undefined, string[], string[]]>([
    ['none where nothing is included', undefined, ['5000', '3000'], ['5000', '3000']],
    ['none of nothing', 2, [], []],
    ['the dearest, whatever was tapped first', 1, ['3000', '5000', '4000'], ['3000', '0', '4000']],
    ['two of three', 2, ['3000', '5000', '4000'], ['3000', '0', '0']],
    ['the first of equals', 1, ['4000', '4000', '3000'], ['0', '4000', '3000']],
    ['the first of equals behind a dearer one', 2, ['4000', '5000', '4000'], ['0', '0', '4000']],
    ['equals that are written in two ways', 1, ['4000.0', '4000'], ['0', '4000']],
    ['neither what takes off nor what costs nothing', 2, ['-2000', '0', '1000'], ['-2000', '0', '0']],
    ['nothing that is not above zero', 3, ['-2000', '0', '-0.5'], ['-2000', '0', '-0.5']],
    ['by the last decimal', 1, ['0.9999', '1.0001', '1'], ['0.9999', '0', '1']],
    ['by size and not by spelling', 1, ['900', '1000', '90.5'], ['900', '0', '90.5']],
    ['beyond what a number holds', 1, ['9007199254740992', '9007199254740993'], ['9007199254740992', '0']],
    ['all when more are included than were made', 5, ['3000', '5000'], ['0', '0']],
  ])('are %s', (_, included, made, prices) => {
    expect(pricesOf({ ...(included === undefined ? {} : { included }) }, made)).toEqual(prices);
  });

  const priced = {
    ...group('sauce', 0, 3, ['chili', 'garlic', 'peanut', 'plain', 'less']),
    included: 1,
    modifiers: [
      ['chili', '3000'],
      ['garlic', '5000'],
      ['peanut', '5000'],
      ['plain', '0'],
      ['less', '-1000'],
    ].map(([name = '', unit_price = '']) => ({ modifier_id: name, name, unit_price })),
  };
  const chosen = (...modifiers: string[]): Choices => ({ variantId: null, modifiers });

  it.each<[string[], string[]]>([
    [[], []],
    [['chili'], ['chili']],
    // The dearest is free, so the cheaper one costs again.
    [['chili', 'garlic'], ['garlic']],
    // Of equals the first of the list, whatever was tapped first.
    [['peanut', 'garlic'], ['garlic']],
    [['less', 'plain'], []],
    [['plain', 'peanut', 'less'], ['peanut']],
    // What is taken twice and paid once is not included.
    [['garlic', 'garlic'], []],
    // Choices of other groups are not counted.
    [['milk-oat', 'chili'], ['chili']],
  ])('of %j are %j', (modifiers, included) => {
    expect([...includedOf(priced, chosen(...modifiers))]).toEqual(included);
  });
});
