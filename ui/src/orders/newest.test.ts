import { describe, expect, it } from 'vitest';
import type { OrderSummary } from '../api/bindings/OrderSummary';
import { withNewest } from './newest';

const order = (order_id: string, synced = false): OrderSummary => ({
  order_id,
  receipt_number: `KD-T1-${order_id}`,
  occurred_at: 0,
  staff_name: 'Ayu',
  item_count: 1,
  total: '1000 IDR',
  tenders: ['cash'],
  refunded: '0 IDR',
  synced,
  print: null,
});
const ids = (orders: readonly OrderSummary[]) => orders.map((one) => one.order_id).join(' ');

describe('the newest page again', () => {
  it('puts new orders on top and keeps older pages', () => {
    const shown = { orders: ['5', '4', '3', '2', '1'].map((id) => order(id)), more: false };
    const merged = withNewest(shown, { orders: [order('6'), order('5', true), order('4', true)], more: true });
    expect(ids(merged.orders)).toBe('6 5 4 3 2 1');
    expect(merged.orders[1]?.synced).toBe(true);
    expect(merged.more).toBe(false);
  });
  it('is all there is while only one page is shown', () => {
    const shown = { orders: [order('2'), order('1')], more: false };
    expect(withNewest(shown, { orders: [order('2', true), order('1', true)], more: true })).toEqual({
      orders: [order('2', true), order('1', true)],
      more: true,
    });
  });
  it('begins anew when so much came that nothing joins', () => {
    const merged = withNewest({ orders: [order('1')], more: true }, { orders: [order('9'), order('8')], more: true });
    expect(ids(merged.orders)).toBe('9 8');
    expect(withNewest({ orders: [order('1')], more: true }, { orders: [], more: false }).orders).toEqual([]);
  });
});
