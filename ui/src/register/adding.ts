import type { AddItemInput } from '../api/bindings/AddItemInput';

/** An item as it is added when nothing else is said of it. */
export function inputOf(what: Partial<AddItemInput> & { item_id: string }): AddItemInput {
  return {
    variant_id: null,
    modifiers: [],
    quantity: null,
    price: null,
    price_reason: null,
    separate: false,
    scale_tare_g: null,
    approval: null,
    ...what,
  };
}
