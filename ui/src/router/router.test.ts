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

const settled = () => new Promise((done) => setTimeout(done));

/** A router at a screen with something unsaved; `answers` are those of the person, each as it is asked for. */
function unsaved() {
  const answers: ((yes: boolean) => void)[] = [];
  const router = new Router(() => new Promise((answer) => answers.push(answer)));
  router.go({ name: 'customer-screen' });
  const end = router.guard(() => true);
  return { router, answers, end };
}

describe('leaving a screen', () => {
  it('is asked about while something would be lost', async () => {
    const { router, answers } = unsaved();
    router.go({ name: 'register' });
    answers[0]?.(false);
    await settled();
    expect(router.route).toEqual({ name: 'customer-screen' });
    router.go({ name: 'orders' });
    answers[1]?.(true);
    await expect.poll(() => router.route).toEqual({ name: 'orders' });
    router.go({ name: 'register' });
    expect(router.route).toEqual({ name: 'register' });
    expect(answers).toHaveLength(2);
  });

  it('is asked about when the address is changed, which stays until then', async () => {
    const { router, answers } = unsaved();
    const address = new Address();
    address.location.hash = '#/customer-screen';
    router.listen(address as unknown as Window);
    address.goTo('#/orders');
    answers[0]?.(false);
    await settled();
    expect(address.location.hash).toBe('#/customer-screen');
    expect(router.route).toEqual({ name: 'customer-screen' });
  });

  it('is asked about once at a time, and by whoever signs out, too', async () => {
    const { router, answers } = unsaved();
    const signsOut = router.leaves();
    router.go({ name: 'orders' });
    expect(await router.leaves()).toBe(false);
    answers[0]?.(true);
    expect(await signsOut).toBe(true);
    // Only the one that was asked about goes.
    expect(router.route).toEqual({ name: 'customer-screen' });
    expect(answers).toHaveLength(1);
  });

  it('is asked about no more once the screen is gone, or has nothing to lose', async () => {
    const { router, answers, end } = unsaved();
    end();
    expect(await router.leaves()).toBe(true);
    const endNext = router.guard(() => false);
    // The screen before ends after the next one has begun.
    end();
    router.go({ name: 'orders' });
    expect(router.route).toEqual({ name: 'orders' });
    endNext();
    expect(answers).toEqual([]);
  });
});
