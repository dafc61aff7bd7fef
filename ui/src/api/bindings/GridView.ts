import type { Category } from "./Category";
import type { Tile } from "./Tile";

export type GridView = {
/**
 * All categories, in order.
 */
categories: Array<Category>,
/**
 * The one shown.
 */
category_id: string | null,
/**
 * Its tiles, in order, at most 200.
 */
tiles: Array<Tile>,
};
