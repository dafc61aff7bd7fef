export type MoveStockLine = {
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
};
