export type EditItemInput = {
/**
 * The item.
 */
item_id: string,
/**
 * A new name.
 */
name: string | null,
/**
 * Whether it can be sold now.
 */
available: boolean | null,
/**
 * A new price of one unit; a request, the server decides.
 */
unit_price: string | null,
};
