export type HeldCart = {
/**
 * The cart.
 */
cart_id: string,
/**
 * What it is called.
 */
label: string,
/**
 * Since when.
 */
held_at: number,
/**
 * Pieces in it.
 */
item_count: number,
/**
 * What is due.
 */
total: string,
/**
 * By whom.
 */
staff_name: string,
};
