import { describe, expect, it } from 'vitest';
import type { ItemView } from '../api/bindings/ItemView';
import { chosenOf, complete, hasRoom, toggle, type Choices } from './choices';

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
