export type LooseRefundLine = {
/**
 * The item.
 */
item_id: string,
/**
 * Its variant.
 */
variant_id: string | null,
/**
 * How many.
 */
quantity: string,
/**
 * Price of one unit; its present price unless given.
 */
unit_price: string | null,
/**
 * Whether the goods go back on the shelf.
 */
restock: boolean,
};
