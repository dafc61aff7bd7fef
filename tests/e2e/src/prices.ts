// Prices as headquarters states them: how a test has some, and every look of the page and of the cart that shows them.
import { TEST_IDS, type Counter } from './counter';
import { emptyCart, fill, toRegister, type Screen } from './screens';
import { eventually, type Shop } from './shop.mjs';

export type Kind = 'campaigns' | 'pricing-rules' | 'taxes' | 'price-books';

/** States something about prices of the till's outlet, in force at once unless it is to stay a draft. */
export async function state(shop: Shop, kind: Kind, fields: Record<string, unknown>, draft = false) {
  const { outlet } = await shop.rpc('app.state');
  const part = await shop.hq(`/${kind}`, { outlet_ids: [outlet.outlet_id], ...fields });
  return draft ? part : shop.hq(`/${kind}/${part.id}/activate`, {});
}

/** A campaign of one promotion. */
export function campaign(shop: Shop, name: string, promotion: Record<string, unknown>, draft = false) {
  return state(shop, 'campaigns', { name, promotions: [{ name, ...promotion }] }, draft);
}

/** The first item that asks nothing, and where its category stands in the row. */
export async function plainTile(shop: Shop): Promise<{ category: number; sku: string; item_id: string }> {
  const { categories } = await shop.rpc('catalogue.grid', { category_id: null });
  for (const [category, { category_id }] of categories.entries()) {
    const { tiles } = await shop.rpc('catalogue.grid', { category_id });
    const plain = tiles.find((tile: { asks: boolean; available: boolean }) => !tile.asks && tile.available);
    if (plain) return { category, sku: plain.sku, item_id: plain.item_id };
  }
  throw new Error('every item asks something');
}

/** Opens the page of prices at a kind. */
export async function toPrices(counter: Counter, kind: Kind) {
  await counter.go('settings');
  await counter.at(TEST_IDS.nav('page-prices')).click();
  await counter.at(TEST_IDS.pricesKind(kind)).click();
}

/** The row of the list with a name. */
export const rowOf = (counter: Counter, name: string) =>
  counter.page.locator('[data-testid^="prices-row-"]', { hasText: name }).first();

const DRAFT = 'Sore hemat';
const TAKE_AWAY = 'Bawa pulang hemat';
const LIST = 'Harga antar';
const BUNDLE = 'Paket hemat';
const TIERS = 'Belanja banyak';

/** What the looks below need, once for a shop. */
async function prepare(shop: Shop) {
  const { parts } = await shop.hq('/campaigns');
  if (parts.some((part: { name: string }) => part.name === DRAFT)) return;
  const { item_id } = await plainTile(shop);
  const schedule = { weekdays: [1, 5], minutes: [960, 1_080] };
  const coupons = [{ code: 'HEMAT10', uses: 100 }];
  await state(
    shop,
    'pricing-rules',
    { name: LIST, channels: ['delivery'], prices: [{ item_id, unit_price: '9500', from_quantity: '0' }] },
    true,
  );
  await campaign(shop, TAKE_AWAY, { effect: 'percent', rate_ppm: 100_000, channels: ['take_away'] });
  const target = { item_ids: [item_id], category_ids: [], except_item_ids: [] };
  const pieces = [
    { target, quantity: 2 },
    { target: { ...target, item_ids: [], except_item_ids: [item_id] }, quantity: 1 },
  ];
  await campaign(shop, BUNDLE, { effect: 'bundle', parts: pieces, off: { price: { price: '50000 IDR' } } }, true);
  const tiers = [
    { spend: '100000 IDR', off: { amount: { amount: '5000 IDR' } } },
    { spend: '200000 IDR', off: { percent: { rate_ppm: 100_000, cap: '30000 IDR' } } },
  ];
  await campaign(shop, TIERS, { effect: 'threshold', tiers }, true);
  await campaign(shop, DRAFT, { effect: 'percent', rate_ppm: 200_000, schedule, coupons }, true);
}

/** Shops that sold something at a lower price. */
const sold = new WeakSet<Shop>();

/** Sells with the promotion of take away, once for a shop. */
async function sell(counter: Counter, shop: Shop) {
  if (sold.has(shop)) return;
  await counter.at(TEST_IDS.door('take_away')).waitFor();
  await fill(counter, 2);
  await counter.at(TEST_IDS.door('take_away')).click();
  await counter.at(TEST_IDS.linePromotion).first().waitFor();
  await counter.payExact();
  await counter.newSale();
  sold.add(shop);
}

/** A long form is looked at as a whole: at the edge of a scrolling region nobody can judge what is cut off. */
async function whole(counter: Counter) {
  await counter.page.setViewportSize({ width: 1024, height: 3_000 });
}

async function leave(counter: Counter) {
  await counter.page.setViewportSize({ width: 1024, height: 768 });
  await toRegister(counter);
}

/** A part that is open. */
function opened(name: string, kind: Kind, part: string, more: (counter: Counter, shop: Shop) => Promise<void>): Screen {
  return {
    name,
    show: async (counter, shop) => {
      await prepare(shop);
      await toPrices(counter, kind);
      await rowOf(counter, part).click();
      await counter.at(TEST_IDS.pricesDetail).waitFor();
      await whole(counter);
      await more(counter, shop);
    },
    leave,
  };
}

/** A new part of a kind. */
function begun(name: string, kind: Kind): Screen {
  return {
    name,
    show: async (counter) => {
      await toPrices(counter, kind);
      await counter.at(TEST_IDS.pricesNew).click();
      await counter.at(TEST_IDS.pricesName).waitFor();
      await whole(counter);
    },
    leave,
  };
}

export const PRICES: Screen[] = [
  {
    name: 'prices',
    show: async (counter, shop) => {
      await prepare(shop);
      await toPrices(counter, 'campaigns');
      await counter.at(TEST_IDS.pricesRow(0)).waitFor();
    },
    leave: toRegister,
  },
  opened('campaign', 'campaigns', DRAFT, async (counter) => {
    await counter.at(TEST_IDS.pricesMore).click();
    await counter.at(TEST_IDS.pricesPriority).waitFor();
  }),
  opened('campaign-bundle', 'campaigns', BUNDLE, (counter) => counter.at(TEST_IDS.pricesPart(1)).waitFor()),
  opened('campaign-tiers', 'campaigns', TIERS, (counter) => counter.at(TEST_IDS.pricesTier(1)).waitFor()),
  opened('campaign-try', 'campaigns', DRAFT, async (counter, shop) => {
    const { sku } = await plainTile(shop);
    await counter.at(TEST_IDS.pricesPane('try')).click();
    await counter.at(TEST_IDS.pricesGoods).fill(sku);
    await counter.at(TEST_IDS.pricesFound(0)).click();
    await counter.at(TEST_IDS.pricesTried).waitFor();
  }),
  opened('campaign-cost', 'campaigns', DRAFT, async (counter) => {
    await counter.at(TEST_IDS.pricesPane('cost')).click();
    await counter.at(TEST_IDS.pricesPastRun).click();
    await counter.at(TEST_IDS.pricesCostReport).waitFor();
  }),
  {
    name: 'promotions-given',
    show: async (counter, shop) => {
      await prepare(shop);
      await sell(counter, shop);
      await toPrices(counter, 'campaigns');
      await counter.at(TEST_IDS.pricesGiven).click();
      await whole(counter);
      await eventually('the sale in the report', async () => {
        await counter.at(TEST_IDS.pricesPastRun).click();
        await counter.at(TEST_IDS.pricesGivenReport).waitFor();
        return counter.at(TEST_IDS.pricesGivenRow(0)).isVisible();
      });
    },
    leave,
  },
  opened('price-list', 'pricing-rules', LIST, (counter) => counter.at(TEST_IDS.pricesRowPrice(0)).waitFor()),
  begun('tax-rate', 'taxes'),
  begun('price-rules', 'price-books'),
  {
    name: 'price-period',
    show: async (counter, shop) => {
      await prepare(shop);
      await toPrices(counter, 'campaigns');
      await rowOf(counter, DRAFT).click();
      await counter.at(TEST_IDS.pricesActivate).click();
      await counter.at(TEST_IDS.pricesStarts).waitFor();
    },
    leave: async (counter) => {
      await counter.at(TEST_IDS.dialogClose).click();
      await counter.at(TEST_IDS.dialog).waitFor({ state: 'detached' });
      await toRegister(counter);
    },
  },
  {
    name: 'cart-promotions',
    show: async (counter, shop) => {
      await prepare(shop);
      await counter.at(TEST_IDS.door('take_away')).waitFor();
      await fill(counter, 2);
      await counter.at(TEST_IDS.door('take_away')).click();
      await counter.at(TEST_IDS.linePromotion).first().waitFor();
    },
    leave: emptyCart,
  },
];
