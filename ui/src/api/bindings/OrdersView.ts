import type { OrderSummary } from "./OrderSummary";

export type OrdersView = {
/**
 * The orders.
 */
orders: Array<OrderSummary>,
/**
 * Whether there are more.
 */
more: boolean,
};
