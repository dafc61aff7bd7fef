import { PAGES, type PageName } from './pages';

/** Every screen of the till and its address. */
export type Route =
  | { name: 'register' }
  | { name: 'pay' }
  | { name: 'receipt' }
  | { name: 'orders' }
  | { name: 'order'; orderId: string }
  | { name: 'refund'; orderId: string }
  | { name: 'loose-refund' }
  | { name: 'card-payments' }
  | { name: 'shift' }
  | { name: 'close-shift' }
  | { name: 'items' }
  | { name: PageName };

export type RouteName = Route['name'];

/** The address of the customer's page: no screen of the till, but a page of its own. */
export const CUSTOMERS = '#/customer';

export function isCustomers(hash: string): boolean {
  return hash.replace(/\/$/, '') === CUSTOMERS;
}

/** Addresses of screens without more in them; those of the pages behind the settings are their names. */
const PLAIN = {
  '': 'register',
  pay: 'pay',
  receipt: 'receipt',
  orders: 'orders',
  'refund-without-receipt': 'loose-refund',
  'card-payments': 'card-payments',
  shift: 'shift',
  'shift/close': 'close-shift',
  items: 'items',
} as const;

/** The screen of an address; the register when there is none. */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#?\/?/, '').replace(/\/$/, '');
  const order = /^orders\/([0-9A-Za-z-]{1,64})(\/refund)?$/.exec(path);
  if (order?.[1]) return { name: order[2] ? 'refund' : 'order', orderId: order[1] };
  if (Object.hasOwn(PLAIN, path)) return { name: PLAIN[path as keyof typeof PLAIN] };
  return { name: PAGES.find((page) => page.name === path)?.name ?? 'register' };
}

/** The address of a screen. */
export function routeHash(route: Route): string {
  switch (route.name) {
    case 'order':
      return `#/orders/${route.orderId}`;
    case 'refund':
      return `#/orders/${route.orderId}/refund`;
    default: {
      const path = Object.entries(PLAIN).find(([, name]) => name === route.name)?.[0];
      return `#/${path ?? route.name}`;
    }
  }
}
