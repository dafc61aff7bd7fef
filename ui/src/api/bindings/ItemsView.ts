import type { ItemRow } from "./ItemRow";

export type ItemsView = {
/**
 * The items.
 */
items: Array<ItemRow>,
/**
 * How many there are in all.
 */
total: number,
};
