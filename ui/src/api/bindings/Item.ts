import type { ModifierGroup } from "./ModifierGroup";
import type { Unit } from "./Unit";
import type { Variant } from "./Variant";

export type Item = {
/**
 * The item.
 */
item_id: string,
/**
 * The business's code.
 */
sku: string,
/**
 * The name on screen and receipt.
 */
name: string,
/**
 * Its shelf.
 */
category_id: string | null,
/**
 * Price of one unit; None is asked at the till (open price).
 */
unit_price: string | null,
/**
 * How it is counted.
 */
unit: Unit,
/**
 * Taxes that apply; empty is untaxed.
 */
tax_ids: Array<string>,
/**
 * Printed codes of the item itself.
 */
barcodes: Array<string>,
/**
 * Sizes or kinds; when there are any, one must be chosen.
 */
variants: Array<Variant>,
/**
 * Sets of choices, in order.
 */
modifier_groups: Array<ModifierGroup>,
/**
 * Its picture.
 */
picture_id: string | null,
/**
 * The place among the items of its category.
 */
position: number,
/**
 * Whether it can be sold now; false dims the tile in place.
 */
available: boolean,
};
