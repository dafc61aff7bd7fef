import { describe, expect, it } from 'vitest';
import type { Order } from '../api/bindings/Order';
import type { TenderKind } from '../api/bindings/TenderKind';
import { meansOf } from './means';

const paid = (...kinds: TenderKind[]) =>
  ({
    tenders: kinds.map((kind, at) => ({ tender_id: String(at), kind, amount: '1 IDR', given: '1 IDR' })),
  }) as unknown as Order;

describe('means of giving back', () => {
  it('are those the order was paid with, each once', () => {
    expect(meansOf(paid('card', 'card', 'qris'))).toEqual(['card', 'qris']);
  });
  it('offer cash first', () => {
    expect(meansOf(paid('qris', 'cash'))).toEqual(['cash', 'qris']);
  });
});
