import type { CartLineView } from "./CartLineView";
import type { Discount } from "./Discount";
import type { TaxAmount } from "./TaxAmount";

export type CartView = {
/**
 * The cart; None when nothing was rung up yet.
 */
cart_id: string | null,
/**
 * The lines, oldest first.
 */
lines: Array<CartLineView>,
/**
 * The line that was added or changed last.
 */
last_line_id: string | null,
/**
 * Pieces in all.
 */
item_count: number,
/**
 * Sum of the lines before discounts.
 */
subtotal: string | null,
/**
 * All discounts (not negative).
 */
discount_total: string | null,
/**
 * The service charge.
 */
service_charge: string | null,
/**
 * The taxes by tax.
 */
taxes: Array<TaxAmount>,
/**
 * What is due.
 */
total: string | null,
/**
 * The discount on the order.
 */
order_discount: Discount | null,
/**
 * The note on the order.
 */
note: string | null,
/**
 * Whether the last step can be taken back.
 */
can_undo: boolean,
/**
 * How many carts are held.
 */
held_count: number,
};
