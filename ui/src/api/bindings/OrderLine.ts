import type { Discount } from "./Discount";
import type { LineModifier } from "./LineModifier";
import type { PriceOverride } from "./PriceOverride";
import type { PricedLine } from "./PricedLine";

export type OrderLine = {
/**
 * What was sold.
 */
item_id: string,
/**
 * Its variant.
 */
variant_id: string | null,
/**
 * The business's code at the time.
 */
sku: string,
/**
 * The name at the time, variant in it.
 */
name: string,
/**
 * The shelf at the time.
 */
category_id: string | null,
/**
 * Price of one unit, modifiers in it.
 */
unit_price: string,
/**
 * How many.
 */
quantity: string,
/**
 * The choices.
 */
modifiers: Array<LineModifier>,
/**
 * A note for the kitchen or the receipt.
 */
note: string | null,
/**
 * The discount by hand.
 */
discount: Discount | null,
/**
 * The replaced price.
 */
price_override: PriceOverride | null,
} & PricedLine;
