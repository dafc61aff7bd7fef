import type { ItemView } from '../api/bindings/ItemView';
import type { LooseRefundInput } from '../api/bindings/LooseRefundInput';
import type { TenderKind } from '../api/bindings/TenderKind';
import type { Unit } from '../api/bindings/Unit';
import type { VariantView } from '../api/bindings/VariantView';
import { fromThousandths, thousandths } from '../register/quantity';

/** Goods that come back without a receipt. */
export interface Returned {
  itemId: string;
  variantId: string | null;
  name: string;
  unit: Unit;
  /** The present price of one unit; null when it is asked at the till. */
  price: string | null;
  /** The price of one unit that is given back instead, as decimal text. */
  override: string | null;
  quantity: string;
}

/** A line for one of an item; the weight and an open price are asked for after. */
export function returnedOf(view: ItemView, variant: VariantView | null): Returned {
  const { item } = view;
  return {
    itemId: item.item_id,
    variantId: variant?.variant.variant_id ?? null,
    name: variant ? `${item.name} ${variant.variant.name}` : item.name,
    unit: item.unit,
    price: variant ? variant.price : item.unit_price === null ? null : view.price,
    override: null,
    quantity: item.unit === 'kilogram' ? '0' : '1',
  };
}

/** The lines with one more; an equal line counts up instead. */
export function withReturned(lines: readonly Returned[], added: Returned): Returned[] {
  const equal = lines.findIndex(
    (line) =>
      line.itemId === added.itemId &&
      line.variantId === added.variantId &&
      line.override === added.override &&
      line.unit === 'piece' &&
      line.price !== null,
  );
  if (equal < 0) return [...lines, added];
  return lines.map((line, at) =>
    at === equal
      ? { ...line, quantity: fromThousandths(thousandths(line.quantity) + thousandths(added.quantity)) }
      : line,
  );
}

/** What a line still lacks before it can be given back. */
export function lackOf(line: Returned): 'quantity' | 'price' | null {
  if (thousandths(line.quantity) <= 0) return 'quantity';
  return line.price === null && line.override === null ? 'price' : null;
}

export function looseInput(
  refundId: string,
  lines: readonly Returned[],
  restock: boolean,
  tender: TenderKind,
  reason: string,
): LooseRefundInput {
  return {
    refund_id: refundId,
    lines: lines.map((line) => ({
      item_id: line.itemId,
      variant_id: line.variantId,
      quantity: line.quantity,
      unit_price: line.override,
      restock,
    })),
    tender,
    reason: reason.trim(),
    approval: null,
  };
}
