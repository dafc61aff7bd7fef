export type ItemInput = {
/**
 * The item.
 */
item_id: string,
};
