import { describe, expect, it } from 'vitest';
import { Router } from './router.svelte';

/** A window of which only the address matters. */
class Address extends EventTarget {
  location = { hash: '' };

  goTo(hash: string): void {
    this.location.hash = hash;
    this.dispatchEvent(new Event('hashchange'));
  }
}

describe('leaving a screen', () => {
  it('is asked about while something would be lost', async () => {
    const router = new Router();
    router.go({ name: 'customer-screen' });
    let may = false;
    let asked = 0;
    router.mayLeave = () => {
      asked += 1;
      return Promise.resolve(may);
    };
    router.go({ name: 'register' });
    await Promise.resolve();
    expect(router.route).toEqual({ name: 'customer-screen' });
    may = true;
    router.go({ name: 'orders' });
    await expect.poll(() => router.route).toEqual({ name: 'orders' });
    expect(asked).toBe(2);
    router.go({ name: 'register' });
    expect(router.route).toEqual({ name: 'register' });
  });

  it('is asked about when the address is changed, which stays until then', async () => {
    const address = new Address();
    const router = new Router();
    router.listen(address as unknown as Window);
    address.goTo('#/customer-screen');
    router.mayLeave = () => Promise.resolve(false);
    address.goTo('#/orders');
    await Promise.resolve();
    expect(address.location.hash).toBe('#/customer-screen');
    expect(router.route).toEqual({ name: 'customer-screen' });
  });
});
