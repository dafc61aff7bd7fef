import type { Order } from '../api/bindings/Order';
import type { TenderKind } from '../api/bindings/TenderKind';

/** The means by which money for an order can go back: those it was paid with, cash first; no means gives back more than it took. */
export function meansOf(order: Order): TenderKind[] {
  const kinds = [...new Set(order.tenders.map((tender) => tender.kind))];
  return kinds.sort((a, b) => Number(b === 'cash') - Number(a === 'cash'));
}
