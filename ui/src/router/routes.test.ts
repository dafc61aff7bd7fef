import { describe, expect, it } from 'vitest';
import { maySee, PAGES } from './pages';
import { isCustomers, parseRoute, routeHash, type Route } from './routes';

const ROUTES: Route[] = [
  { name: 'register' },
  { name: 'pay' },
  { name: 'receipt' },
  { name: 'orders' },
  { name: 'order', orderId: '0192f0c1-0000-7000-8000-000000000001' },
  { name: 'refund', orderId: '0192f0c1-0000-7000-8000-000000000001' },
  { name: 'loose-refund' },
  { name: 'card-payments' },
  { name: 'shift' },
  { name: 'close-shift' },
  { name: 'items' },
  ...PAGES.map(({ name }) => ({ name })),
];

describe('routes', () => {
  it('finds every screen again by its address', () => {
    for (const route of ROUTES) expect(parseRoute(routeHash(route))).toEqual(route);
  });
  it('shows the register for an address that it does not know', () => {
    for (const hash of ['', '#', '#/', '#/nowhere', '#/orders/a b', '#/constructor', '#/__proto__']) {
      expect(parseRoute(hash)).toEqual({ name: 'register' });
    }
  });
});

describe('the pages behind the settings', () => {
  it.each([
    { who: 'a cashier', permissions: ['sell'], sees: ['settings', 'sync', 'printing', 'printers'] },
    {
      who: 'who keeps the prices',
      permissions: ['edit_items'],
      sees: ['settings', 'prices', 'sync', 'printing', 'printers'],
    },
    { who: 'a manager', permissions: ['back_office', 'edit_items'], sees: PAGES.map(({ name }) => name) },
  ])('are for $who those that they may see', ({ permissions, sees }) => {
    const may = (permission: string) => permissions.includes(permission);
    expect(PAGES.map(({ name }) => name).filter((name) => maySee(name, may))).toEqual(sees);
    expect(maySee('items', may)).toBe(permissions.includes('back_office'));
    expect(maySee('register', may)).toBe(true);
  });
});

describe("the customer's page", () => {
  it('has an address of its own, and is no screen of the till', () => {
    expect(['#/customer', '#/customer/'].every(isCustomers)).toBe(true);
    expect(['', '#/', '#/customer-screen', '#/customers', '#/orders'].some(isCustomers)).toBe(false);
    expect(parseRoute('#/customer')).toEqual({ name: 'register' });
  });
});
