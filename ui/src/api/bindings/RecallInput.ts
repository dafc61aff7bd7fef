export type RecallInput = {
/**
 * The cart.
 */
cart_id: string,
};
