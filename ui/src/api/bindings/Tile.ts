import type { Unit } from "./Unit";

export type Tile = {
/**
 * The item.
 */
item_id: string,
/**
 * Its name.
 */
name: string,
/**
 * The business's code.
 */
sku: string,
/**
 * Its price; None is asked at the till or differs by variant.
 */
price: string | null,
/**
 * The lowest price of its variants, when it has any.
 */
price_from: string | null,
/**
 * The colour of its category's bar.
 */
color: string,
/**
 * Its picture.
 */
picture_id: string | null,
/**
 * How it is counted.
 */
unit: Unit,
/**
 * Whether a choice, price or weight must be given before it is in the cart.
 */
asks: boolean,
/**
 * Whether it can be sold now.
 */
available: boolean,
};
