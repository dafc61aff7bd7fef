import type { HeldCart } from "./HeldCart";

export type HeldView = {
/**
 * The carts.
 */
carts: Array<HeldCart>,
};
