export type OrdersInput = {
/**
 * Part of a receipt number, an amount or an item's name; empty is all.
 */
query: string,
/**
 * Before this order, for the next page.
 */
before: string | null,
};
