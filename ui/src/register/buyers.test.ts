import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { App } from '../app/app.svelte';
import type { CustomersView } from '../api/bindings/CustomersView';
import { FakeApi } from '../testing/fakeApi';
import { Buyers } from './buyers.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const named = (name: string): CustomersView => ({
  customers: [{ customer_id: name, name, phone_end: null, segments: [] }],
  more: false,
});

it('looks once after a pause, and shows the answer to what was typed last', async () => {
  const answers: ((view: CustomersView) => void)[] = [];
  const api = new FakeApi({ 'customers.find': () => new Promise((resolve) => answers.push(resolve)) });
  const buyers = new Buyers(new App(api));
  buyers.search('d');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(api.inputs('customers.find')).toEqual([]);
  buyers.search('da');
  buyers.search(' dan');
  await vi.advanceTimersByTimeAsync(1_000);
  buyers.search('dang');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(api.inputs('customers.find')).toEqual([{ query: 'dan' }, { query: 'dang' }]);
  answers[1]?.(named('Dang'));
  answers[0]?.(named('Dani'));
  await vi.advanceTimersByTimeAsync(0);
  expect(buyers.found?.map(({ name }) => name)).toEqual(['Dang']);
  buyers.search('');
  expect(buyers.found).toBeNull();
});
