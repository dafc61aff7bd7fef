import type { EditItemInput } from '../api/bindings/EditItemInput';
import type { ItemRow } from '../api/bindings/ItemRow';
import { fromMoney, isPositive, toDecimal } from '../components/shared/entry';

/** An item as it stands in the form. */
export interface ItemForm {
  name: string;
  available: boolean;
  /** The price as typed. */
  price: string;
}

export function formOf(row: ItemRow, digits: number): ItemForm {
  return { name: row.name, available: row.available, price: row.price ? fromMoney(row.price, digits) : '' };
}

/** What is asked of the server: only what differs; null when nothing does or when it makes no sense. */
export function changeOf(row: ItemRow, form: ItemForm, digits: number): EditItemInput | null {
  const before = formOf(row, digits);
  const name = form.name.trim();
  if (name === '' || (form.price !== before.price && !isPositive(form.price))) return null;
  const change = {
    name: name === before.name ? null : name,
    available: form.available === before.available ? null : form.available,
    unit_price: form.price === before.price ? null : toDecimal(form.price),
  };
  const any = Object.values(change).some((value) => value !== null);
  return any ? { item_id: row.item_id, ...change } : null;
}
