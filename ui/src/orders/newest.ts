import type { OrdersView } from '../api/bindings/OrdersView';
import type { OrderSummary } from '../api/bindings/OrderSummary';

export interface OrdersPage {
  orders: readonly OrderSummary[];
  more: boolean;
}

/** The list after its newest page was asked for again: that page as it is now, older rows as they were. */
export function withNewest(shown: OrdersPage, newest: OrdersView): OrdersPage {
  const oldest = newest.orders.at(-1);
  const at = oldest ? shown.orders.findIndex((order) => order.order_id === oldest.order_id) : -1;
  if (at < 0 || at === shown.orders.length - 1) return newest;
  return { orders: [...newest.orders, ...shown.orders.slice(at + 1)], more: shown.more };
}
