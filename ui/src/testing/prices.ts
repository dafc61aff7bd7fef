import type { PricingAsk } from '../api/bindings/PricingAsk';
import { App } from '../app/app.svelte';
import { Prices } from '../pricing/prices.svelte';
import { cartOfOne, FakeApi, stateWith } from './fakeApi';

/** A campaign as the server lists it. */
export const PART = {
  id: 'k1',
  name: 'Sore',
  state: 'draft',
  outlet_ids: ['outlet-1'],
  starts_at: null,
  ends_at: null,
  created_at: 0,
  updated_at: 0,
  promotions: [],
};

/** The page of prices with one campaign, before an engine that answers what a test says. */
export async function prices(answer: (ask: PricingAsk) => unknown) {
  const api = new FakeApi({
    'app.state': () => stateWith(cartOfOne(), { permissions: ['sell', 'back_office', 'edit_items'] }),
    'pricing.ask': (ask) => {
      const known = { list: { parts: [PART] }, versions: { versions: [] } } as Record<string, unknown>;
      return { body: answer(ask) ?? known[ask.ask] ?? null };
    },
  });
  const app = new App(api);
  await app.till.refresh();
  return { app, api, prices: new Prices(app) };
}
