import { describe, expect, it } from 'vitest';
import type { ItemRow } from '../api/bindings/ItemRow';
import { changeOf, formOf } from './change';

const latte: ItemRow = {
  item_id: 'latte',
  sku: 'LAT',
  name: 'Latte',
  category: 'Coffee',
  price: '1850 EUR',
  unit: 'piece',
  barcodes: [],
  available: true,
};

describe('changing an item', () => {
  it('asks for nothing when nothing differs', () => {
    expect(changeOf(latte, formOf(latte, 2), 2)).toBeNull();
    expect(changeOf(latte, { ...formOf(latte, 2), name: '  Latte ' }, 2)).toBeNull();
  });
  it('asks only for what differs', () => {
    expect(changeOf(latte, { name: 'Caffè latte', available: false, price: '18.5' }, 2)).toEqual({
      item_id: 'latte',
      name: 'Caffè latte',
      available: false,
      unit_price: null,
    });
    expect(changeOf(latte, { ...formOf(latte, 2), price: '19.' }, 2)?.unit_price).toBe('19');
  });
  it('asks for nothing that makes no sense', () => {
    expect(changeOf(latte, { ...formOf(latte, 2), name: '  ' }, 2)).toBeNull();
    expect(changeOf(latte, { ...formOf(latte, 2), price: '' }, 2)).toBeNull();
    expect(changeOf(latte, { ...formOf(latte, 2), price: '0' }, 2)).toBeNull();
  });
});
