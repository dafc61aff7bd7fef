import type { Tile } from "./Tile";

export type SearchView = {
/**
 * The tiles.
 */
tiles: Array<Tile>,
/**
 * Whether there are more.
 */
more: boolean,
};
