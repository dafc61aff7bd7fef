// A manager states prices from the till: a campaign drafted, tried, in force, at the till, and taken back.
import { expect, test } from 'vitest';
import { TEST_IDS } from '../src/counter';
import { plainTile, rowOf, toPrices } from '../src/prices';
import { setting } from '../src/setting';
import { eventually } from '../src/shop.mjs';

const at = setting();
const NAME = 'Pagi hemat';

/** How far the part that is open is. */
const lifeOf = () => at.counter.at(TEST_IDS.pricesDetail).getByTestId(TEST_IDS.pricesState).getAttribute('data-state');

const reaches = (life: string) => eventually(`the state ${life}`, async () => (await lifeOf()) === life);

const figure = async (id: string) => Number((await at.counter.at(id).innerText()).replace(/\D/g, ''));

test('a cashier does not see the page', async () => {
  const { counter, shop, page } = at;
  await counter.signIn(shop.person('cashier'));
  await counter.go('settings');
  await counter.at(TEST_IDS.nav('page-sync')).waitFor();
  expect(await counter.at(TEST_IDS.nav('page-prices')).count()).toBe(0);
  await page.evaluate(() => (location.hash = '#/prices'));
  await counter.tiles().first().waitFor();
  await counter.at(TEST_IDS.signOut).click();
});

test('a manager drafts a happy hour by the form', async () => {
  const { counter, shop } = at;
  await counter.signIn(shop.person('manager'));
  await counter.openShift();
  const { category } = await plainTile(shop);
  await toPrices(counter, 'campaigns');
  await counter.at(TEST_IDS.pricesNew).click();
  await counter.at(TEST_IDS.pricesName).fill(NAME);
  await counter.at(TEST_IDS.pricesEffect).selectOption('percent');
  await counter.at(TEST_IDS.pricesFigure('percent')).fill('20');
  await counter.at(TEST_IDS.pricesCategory(category)).click();
  for (const day of [1, 2, 3, 4, 5, 6, 7]) await counter.at(TEST_IDS.pricesDay(day)).click();
  await counter.at(TEST_IDS.pricesHourFrom).fill('00:00');
  await counter.at(TEST_IDS.pricesHourUntil).fill('24:00');
  // What was typed is not lost by leaving.
  await counter.go('register');
  await counter.at(TEST_IDS.cancel).click();
  expect(await counter.at(TEST_IDS.pricesName).inputValue()).toBe(NAME);
  await counter.at(TEST_IDS.pricesSave).click();
  await reaches('draft');
  const { parts } = await shop.hq('/campaigns');
  const { outlet } = await shop.rpc('app.state');
  expect(parts).toHaveLength(1);
  expect(parts[0]).toMatchObject({
    name: NAME,
    state: 'draft',
    outlet_ids: [outlet.outlet_id],
    promotions: [
      {
        name: NAME,
        effect: 'percent',
        rate_ppm: 200_000,
        schedule: { weekdays: [1, 2, 3, 4, 5, 6, 7], minutes: [0, 1_440] },
        target: { category_ids: [expect.any(String)] },
      },
    ],
  });
});

test('the draft is tried on a basket, with it and without it', async () => {
  const { counter, shop } = at;
  const { sku } = await plainTile(shop);
  await counter.at(TEST_IDS.pricesPane('try')).click();
  await counter.at(TEST_IDS.pricesGoods).fill(sku);
  await counter.at(TEST_IDS.pricesFound(0)).click();
  await counter.at(TEST_IDS.pricesTried).waitFor();
  expect(await figure(TEST_IDS.pricesTotalWith)).toBeLessThan(await figure(TEST_IDS.pricesTotalWithout));
});

test('in force it is at the till by itself', async () => {
  const { counter, shop } = at;
  await counter.at(TEST_IDS.pricesPane('edit')).click();
  await counter.at(TEST_IDS.pricesActivate).click();
  await counter.at(TEST_IDS.pricesEnds).fill('2001-01-01 10:00');
  await counter.at(TEST_IDS.confirm).click();
  // The server says what is wrong with it, and the form stays.
  await counter.at(TEST_IDS.pricesProblem).waitFor();
  expect(await lifeOf()).toBe('draft');
  await counter.at(TEST_IDS.pricesActivate).click();
  await counter.at(TEST_IDS.confirm).click();
  await reaches('active');
  await counter.go('register');
  const { category, sku } = await plainTile(shop);
  await counter.at(TEST_IDS.category(category)).click();
  await counter.at(TEST_IDS.tile(sku)).click();
  // Prices that come while the order is open count for it too.
  await counter.at(TEST_IDS.linePromotion).waitFor({ timeout: 30_000 });
  expect(await counter.lines().first().innerText()).toContain(NAME);
  await counter.payExact();
  await counter.newSale();
});

test('what it would have cost is counted on past sales, by day', async () => {
  const { counter, shop } = at;
  await eventually('the sale at headquarters', async () => (await shop.hq('/orders?limit=1')).orders.length > 0);
  await toPrices(counter, 'campaigns');
  await rowOf(counter, NAME).click();
  await counter.at(TEST_IDS.pricesPane('cost')).click();
  await counter.at(TEST_IDS.pricesPastRun).click();
  await counter.at(TEST_IDS.pricesCostTotal).waitFor();
  expect(await counter.at(TEST_IDS.pricesCostChart).locator('li').count()).toBe(1);
});

test('taken back it is no more, and can be activated again', async () => {
  const { counter } = at;
  await counter.at(TEST_IDS.pricesPane('edit')).click();
  await counter.at(TEST_IDS.pricesDeactivate).click();
  await counter.at(TEST_IDS.confirm).click();
  await reaches('inactive');
  await counter.at(TEST_IDS.pricesActivate).waitFor();
});

test('what it took off is reported, also when it was taken back', async () => {
  const { counter } = at;
  await toPrices(counter, 'campaigns');
  await counter.at(TEST_IDS.pricesGiven).click();
  await counter.at(TEST_IDS.pricesPastRun).click();
  await counter.at(TEST_IDS.pricesGivenTotal).waitFor();
  expect(await figure(TEST_IDS.pricesGivenTotal)).toBeGreaterThan(0);
  expect(await counter.at(TEST_IDS.pricesGivenChart).locator('li').count()).toBe(1);
  expect(await counter.at(TEST_IDS.pricesGivenRow(0)).innerText()).toContain(NAME);
  expect(await counter.at(TEST_IDS.pricesGivenShare(0)).innerText()).toMatch(/^\d{1,2}(?:[.,]\d)?\s?%$/);
  await counter.at(TEST_IDS.pricesPastFrom).fill('2001-02-03');
  await counter.at(TEST_IDS.pricesPastUntil).fill('2001-02-03');
  await counter.at(TEST_IDS.pricesPastRun).click();
  await counter.at(TEST_IDS.pricesGivenTotal).waitFor({ state: 'detached' });
  await counter.at(TEST_IDS.pricesClose).click();
  await counter.at(TEST_IDS.pricesGiven).waitFor();
});

test('a bundle of goods and a threshold of two tiers are written by the form', async () => {
  const { counter, shop } = at;
  const { category, sku, item_id } = await plainTile(shop);
  await toPrices(counter, 'campaigns');
  await counter.at(TEST_IDS.pricesNew).click();
  await counter.at(TEST_IDS.pricesName).fill('Paket hemat');
  await counter.at(TEST_IDS.pricesEffect).selectOption('bundle');
  const goods = counter.at(TEST_IDS.pricesPart(0));
  await goods.getByTestId(TEST_IDS.pricesFigure('pieces')).fill('2');
  await goods.getByTestId(TEST_IDS.pricesGoods).fill(sku);
  await goods.getByTestId(TEST_IDS.pricesFound(0)).click();
  await counter.at(TEST_IDS.pricesPartAdd).click();
  const others = counter.at(TEST_IDS.pricesPart(1));
  await others.getByTestId(TEST_IDS.pricesCategory(category)).click();
  await others.getByTestId(TEST_IDS.pricesExceptAdd).click();
  const except = others.getByTestId(TEST_IDS.pricesExcept);
  await except.getByTestId(TEST_IDS.pricesGoods).fill(sku);
  await except.getByTestId(TEST_IDS.pricesFound(0)).click();
  expect(await counter.at(TEST_IDS.pricesSave).isDisabled(), 'it has no price yet').toBe(true);
  await counter.at(TEST_IDS.pricesFigure('price')).fill('30.000');

  await counter.at(TEST_IDS.pricesPromotionAdd).click();
  await counter.at(TEST_IDS.pricesPromotionName).last().fill('Belanja banyak');
  await counter.at(TEST_IDS.pricesEffect).last().selectOption('threshold');
  // The higher tier first: they are sent by rising sums.
  const [high, low] = [counter.at(TEST_IDS.pricesTier(0)), counter.at(TEST_IDS.pricesTier(1))];
  await high.getByTestId(TEST_IDS.pricesFigure('spend')).fill('200.000');
  await high.getByTestId(TEST_IDS.pricesFigure('percent')).fill('10');
  await counter.at(TEST_IDS.pricesTierAdd).click();
  await low.getByTestId(TEST_IDS.pricesOff('amount')).click();
  await low.getByTestId(TEST_IDS.pricesFigure('amount')).fill('5.000');
  await low.getByTestId(TEST_IDS.pricesFigure('spend')).fill('200000');
  expect(await counter.at(TEST_IDS.pricesSave).isDisabled(), 'two tiers begin at one sum').toBe(true);
  await low.getByTestId(TEST_IDS.pricesFigure('spend')).fill('100.000');
  await counter.at(TEST_IDS.pricesSave).click();
  await reaches('draft');

  const { parts } = await shop.hq('/campaigns');
  const saved = parts.find((part: { name: string }) => part.name === 'Paket hemat');
  expect(saved.promotions).toMatchObject([
    {
      name: 'Paket hemat',
      effect: 'bundle',
      parts: [
        { quantity: 2, target: { item_ids: [item_id], category_ids: [] }, bundle: null },
        { quantity: 1, target: { category_ids: [expect.any(String)], except_item_ids: [item_id] }, bundle: null },
      ],
      off: { price: { price: '30000 IDR' } },
    },
    {
      name: 'Belanja banyak',
      effect: 'threshold',
      tiers: [
        { spend: '100000 IDR', off: { amount: { amount: '5000 IDR' } } },
        { spend: '200000 IDR', off: { percent: { rate_ppm: 100_000, cap: null } } },
      ],
    },
  ]);
  // It stands open as the server has it, and nothing in it is another.
  await counter.at(TEST_IDS.pricesPart(1)).waitFor();
  expect(await counter.at(TEST_IDS.pricesSave).isDisabled()).toBe(true);
  await counter.at(TEST_IDS.pricesPane('try')).click();
  await counter.at(TEST_IDS.pricesTryChannel('delivery')).click();
  await counter.at(TEST_IDS.pricesTrySegments).fill('Karyawan');
  await counter.at(TEST_IDS.pricesGoods).fill(sku);
  await counter.at(TEST_IDS.pricesFound(0)).click();
  await counter.at(TEST_IDS.pricesTried).waitFor();
  await counter.at(TEST_IDS.pricesPane('edit')).click();
  await counter.at(TEST_IDS.pricesDelete).click();
  await counter.at(TEST_IDS.confirm).click();
  await counter.at(TEST_IDS.pricesDetail).waitFor({ state: 'detached' });
});

test('a price list gives every size a price', async () => {
  const { counter, shop } = at;
  const { sku, item_id } = await plainTile(shop);
  await toPrices(counter, 'pricing-rules');
  await counter.at(TEST_IDS.pricesNew).click();
  await counter.at(TEST_IDS.pricesName).fill('Harga antar');
  await counter.at(TEST_IDS.pricesChannel('delivery')).click();
  await counter.at(TEST_IDS.pricesGoods).fill(sku);
  await counter.at(TEST_IDS.pricesFound(0)).click();
  await counter.at(TEST_IDS.pricesRowPrice(0)).fill('9.500');
  await counter.at(TEST_IDS.pricesSave).click();
  await reaches('draft');
  const { parts } = await shop.hq('/pricing-rules');
  expect(parts[0]).toMatchObject({
    channels: ['delivery'],
    prices: [{ item_id, unit_price: '9500', from_quantity: '0' }],
  });
  await counter.at(TEST_IDS.pricesDelete).click();
  await counter.at(TEST_IDS.confirm).click();
  await counter.at(TEST_IDS.pricesDetail).waitFor({ state: 'detached' });
  expect((await shop.hq('/pricing-rules')).parts).toEqual([]);
});

test('without the server the page says so, and looks again when asked', async () => {
  const { counter, shop } = at;
  await shop.stopServer();
  await toPrices(counter, 'campaigns');
  await counter.at(TEST_IDS.pricesOffline).waitFor();
  await shop.startServer();
  await eventually('the list', async () => {
    const retry = counter.at(TEST_IDS.pricesRetry);
    if (await retry.isVisible()) await retry.click({ timeout: 2_000 }).catch(() => undefined);
    return rowOf(counter, NAME).isVisible();
  });
});
