import { describe, expect, it } from 'vitest';
import type { ItemView } from '../api/bindings/ItemView';
import type { VariantView } from '../api/bindings/VariantView';
import { lackOf, looseInput, returnedOf, withReturned } from './returned';

const view = (name: string, unit: 'piece' | 'kilogram', price: string | null): ItemView => ({
  item: {
    item_id: name,
    sku: name,
    name,
    category_id: null,
    unit_price: price,
    unit,
    tax_ids: [],
    barcodes: [],
    variants: [],
    modifier_groups: [],
    picture_id: null,
    position: 0,
    available: true,
  },
  price: price === null ? null : `${price} IDR`,
  variants: [],
  groups: [],
});
const large: VariantView = {
  variant: { variant_id: 'L', sku: 'L', name: 'Large', unit_price: '24000', barcodes: [] },
  price: '24000 IDR',
};

describe('goods that come back without a receipt', () => {
  it('begin with one piece at the present price', () => {
    expect(returnedOf(view('Latte', 'piece', '18000'), null)).toMatchObject({
      name: 'Latte',
      price: '18000 IDR',
      override: null,
      quantity: '1',
    });
  });
  it('carry their variant in the name and its price', () => {
    expect(returnedOf(view('Latte', 'piece', '18000'), large)).toMatchObject({
      name: 'Latte Large',
      variantId: 'L',
      price: '24000 IDR',
    });
  });
  it('lack a weight or an open price until it is given', () => {
    const rice = returnedOf(view('Rice', 'kilogram', '15000'), null);
    expect(lackOf(rice)).toBe('quantity');
    expect(lackOf({ ...rice, quantity: '0.5' })).toBeNull();
    const gift = returnedOf(view('Gift', 'piece', null), null);
    expect(lackOf(gift)).toBe('price');
    expect(lackOf({ ...gift, override: '5000' })).toBeNull();
  });
  it('count up on an equal line', () => {
    const latte = returnedOf(view('Latte', 'piece', '18000'), null);
    const twice = withReturned(withReturned([], latte), latte);
    expect(twice).toHaveLength(1);
    expect(twice[0]?.quantity).toBe('2');
  });
  it('stand apart by variant, by price and by weight', () => {
    const latte = returnedOf(view('Latte', 'piece', '18000'), null);
    const rice = { ...returnedOf(view('Rice', 'kilogram', '15000'), null), quantity: '0.5' };
    let lines = withReturned([{ ...latte, override: '17000' }], latte);
    lines = withReturned(lines, returnedOf(view('Latte', 'piece', '18000'), large));
    lines = withReturned(withReturned(lines, rice), rice);
    expect(lines).toHaveLength(5);
  });
  it('are asked back without a price unless one is given', () => {
    const latte = returnedOf(view('Latte', 'piece', '18000'), null);
    expect(looseInput('R', [latte, { ...latte, override: '17000' }], false, 'cash', '  broken ')).toEqual({
      refund_id: 'R',
      lines: [
        { item_id: 'Latte', variant_id: null, quantity: '1', unit_price: null, restock: false },
        { item_id: 'Latte', variant_id: null, quantity: '1', unit_price: '17000', restock: false },
      ],
      tender: 'cash',
      reason: 'broken',
      approval: null,
    });
  });
});
