import type { QuoteView } from '../api/bindings/QuoteView';
import type { ReceiptView } from '../api/bindings/ReceiptView';
import type { TenderGiven } from '../api/bindings/TenderGiven';

const DUE = 25_000n;

/** Settles as the engine does for an order of 25,000 without rounding. */
export function quoteOf(tenders: readonly TenderGiven[]): QuoteView {
  const given = tenders.reduce((sum, tender) => sum + BigInt(tender.given.split(' ')[0] ?? '0'), 0n);
  const missing = given < DUE ? DUE - given : 0n;
  return {
    total: `${DUE} IDR`,
    cash_due: `${missing === 0n ? DUE : missing} IDR`,
    cash_rounding: '0 IDR',
    missing: `${missing} IDR`,
    change_due: `${given > DUE ? given - DUE : 0n} IDR`,
    settled: given >= DUE,
    quick_notes: ['50000 IDR', '100000 IDR'],
  };
}

/** The sale of the cart of `cartOfOne`. */
export const RECEIPT = {
  order: { order_id: 'order-1', cart_id: 'cart-1' },
  text: '',
  print: null,
} as unknown as ReceiptView;
