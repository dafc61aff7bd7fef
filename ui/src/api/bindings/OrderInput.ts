export type OrderInput = {
/**
 * The order.
 */
order_id: string,
};
