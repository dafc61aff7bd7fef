import type { Unit } from "./Unit";

export type ItemRow = {
/**
 * The item.
 */
item_id: string,
/**
 * The business's code.
 */
sku: string,
/**
 * Its name.
 */
name: string,
/**
 * Its shelf.
 */
category: string | null,
/**
 * Its price.
 */
price: string | null,
/**
 * How it is counted.
 */
unit: Unit,
/**
 * Its codes.
 */
barcodes: Array<string>,
/**
 * Whether it can be sold now.
 */
available: boolean,
};
