import type { Discount } from "./Discount";
import type { LineModifier } from "./LineModifier";
import type { Unit } from "./Unit";

export type CartLineView = {
/**
 * The line.
 */
line_id: string,
/**
 * The item.
 */
item_id: string,
/**
 * The name, variant in it.
 */
name: string,
/**
 * The choices.
 */
modifiers: Array<LineModifier>,
/**
 * How many.
 */
quantity: string,
/**
 * How it is counted.
 */
unit: Unit,
/**
 * Price of one unit, choices in it.
 */
unit_price: string,
/**
 * Whether the price was replaced.
 */
overridden: boolean,
/**
 * Before discounts.
 */
gross: string,
/**
 * The line's own discount.
 */
line_discount: string,
/**
 * After its own discount.
 */
amount: string,
/**
 * The discount by hand.
 */
discount: Discount | null,
/**
 * The note.
 */
note: string | null,
};
