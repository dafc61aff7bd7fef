import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CustomerScreenView } from '../api/bindings/CustomerScreenView';
import { FakeApi, refusal } from '../testing/fakeApi';
import { lineOf, screenOf } from '../testing/customer';
import { CustomerScreen, NO_SALE } from './customer.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** A screen that was shown; `engine` says what the engine answers from now on. */
async function shown() {
  const engine: { answer: () => CustomerScreenView | Promise<CustomerScreenView> } = {
    answer: () => screenOf([lineOf('a')]),
  };
  const api = new FakeApi({ 'customer_screen.show': () => engine.answer() });
  const screen = new CustomerScreen(api);
  const end = screen.follow();
  await later(0);
  const asked = () => api.inputs('customer_screen.show').length;
  return { engine, api, screen, end, asked };
}

const gone = (): never => {
  throw refusal('engine_gone');
};

describe("the customer's screen", () => {
  it('asks at once, on its own word of change, and every ten seconds', async () => {
    const { api, asked, end } = await shown();
    expect(asked()).toBe(1);
    api.change('cart', 'sync');
    await later(0);
    expect(asked()).toBe(1);
    api.change('cart', 'customer');
    await later(0);
    expect(asked()).toBe(2);
    await later(20_000);
    expect(asked()).toBe(4);
    end();
    await later(60_000);
    expect(asked()).toBe(4);
  });

  it('asks once more, not often, for changes that come while it is asking', async () => {
    const { api, engine, asked } = await shown();
    let answer: (view: CustomerScreenView) => void = () => undefined;
    engine.answer = () => new Promise((done) => (answer = done));
    for (let count = 0; count < 5; count += 1) api.change('customer');
    await later(0);
    expect(asked()).toBe(2);
    answer(screenOf([]));
    await later(0);
    expect(asked()).toBe(3);
  });

  it('never shows an older answer after a newer one', async () => {
    const { api, engine, screen } = await shown();
    let late: (view: CustomerScreenView) => void = () => undefined;
    engine.answer = () => new Promise((done) => (late = done));
    api.change('customer');
    await later(0);
    engine.answer = () => screenOf([lineOf('a'), lineOf('b')], { total: '50000 IDR' });
    await later(10_000);
    expect(screen.view?.total).toBe('50000 IDR');
    engine.answer = gone;
    late(screenOf([lineOf('a')]));
    await later(0);
    expect(screen.view?.total).toBe('50000 IDR');
  });

  it('keeps the sale for a while without an answer, then shows the shop only, and recovers by itself', async () => {
    const { engine, screen } = await shown();
    engine.answer = gone;
    await later(29_999);
    expect(screen.view).toMatchObject({ stage: 'cart', total: '25000 IDR' });
    await later(1);
    expect(screen.view).toEqual(screenOf([], { ...NO_SALE, greeting: 'Selamat datang' }));
    engine.answer = () => screenOf([lineOf('a')], { total: '99000 IDR' });
    await later(10_000);
    expect(screen.view).toMatchObject({ stage: 'cart', total: '99000 IDR' });
  });

  it('leaves no code and no change standing either', async () => {
    const { engine, screen } = await shown();
    const paid = { due: '25000 IDR', given: '50000 IDR', change_due: '25000 IDR' };
    engine.answer = () => screenOf([], { stage: 'paid', total: null, paid });
    await later(10_000);
    expect(screen.view?.paid).toEqual(paid);
    engine.answer = gone;
    await later(30_000);
    expect(screen.view).toMatchObject({ stage: 'idle', paid: null, qr: null });
  });

  it('thanks for as long as the engine says so, also when it tells of nothing new', async () => {
    const { engine, screen } = await shown();
    const paid = { due: '25000 IDR', given: '50000 IDR', change_due: '25000 IDR' };
    engine.answer = () => screenOf([], { stage: 'paid', total: null, paid });
    await later(60_000);
    expect(screen.view).toMatchObject({ stage: 'paid', paid });
    engine.answer = () => screenOf([], { ...NO_SALE });
    await later(10_000);
    expect(screen.view).toMatchObject({ stage: 'idle', paid: null });
  });

  it('says that it waits only before the first answer', async () => {
    const api = new FakeApi({ 'customer_screen.show': gone });
    const screen = new CustomerScreen(api);
    screen.follow();
    await later(60_000);
    expect(screen).toMatchObject({ view: null, silent: true });
  });
});
