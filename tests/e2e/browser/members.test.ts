// Customers whom the business knows: named by card, found by name, with what goes with them, also while headquarters is away.
import { expect, test } from 'vitest';
import { check } from '../src/access';
import { TEST_IDS } from '../src/counter';
import { campaign, plainTile } from '../src/prices';
import { look, THEMES } from '../src/screens';
import { setting } from '../src/setting';
import { eventually } from '../src/shop.mjs';

const at = setting();

const note = () => at.counter.at(TEST_IDS.promotionNote(0));
const line = () => at.counter.lines().first().innerText();
const buyer = () => at.counter.at(TEST_IDS.cartBuyer);

async function openBuyers() {
  await at.page.keyboard.press('F3');
  await at.counter.at(TEST_IDS.dialog).waitFor();
}

async function ring() {
  const { counter, shop } = at;
  const { category, sku } = await plainTile(shop);
  await counter.at(TEST_IDS.category(category)).click();
  await counter.at(TEST_IDS.tile(sku)).click();
  await counter.lines().first().waitFor();
}

test('a card names the customer and brings their segment, and it goes with them', async () => {
  const { counter, shop } = at;
  await counter.signIn(shop.person('cashier'));
  await counter.openShift();
  await campaign(shop, 'Anggota emas', { effect: 'percent', rate_ppm: 100_000, segments: ['gold'] });
  await eventually('the campaign', async () => (await shop.rpc('register.cart')).offers.segments.length > 0);
  await ring();
  await counter.scan('1003');
  await buyer().waitFor();
  expect(await buyer().innerText()).toContain('Member 1003');
  await counter.at(TEST_IDS.linePromotion).waitFor();
  await counter.scan('1001');
  await counter.at(TEST_IDS.linePromotion).waitFor({ state: 'detached' });
  expect(await buyer().innerText()).toContain('Member 1001');
});

test('a customer is found by a part of the name, and taken off again', async () => {
  const { counter } = at;
  await openBuyers();
  await counter.at(TEST_IDS.buyerSearch).fill('nobody there');
  await counter.at(TEST_IDS.buyerNone).waitFor();
  await counter.at(TEST_IDS.buyerSearch).fill('member 1002');
  await counter.at(TEST_IDS.buyerFound(0)).click();
  await counter.at(TEST_IDS.dialog).waitFor({ state: 'detached' });
  expect(await buyer().innerText()).toContain('Member 1002');
  await buyer().click();
  await counter.at(TEST_IDS.buyerRemove).click();
  await buyer().waitFor({ state: 'detached' });
});

test('a limit by customer asks who it is, counts them, and headquarters sees whose order it was', async () => {
  const { counter, shop } = at;
  await campaign(shop, 'Sekali saja', { effect: 'percent', rate_ppm: 50_000, limits: { per_customer: 1 } });
  await note().waitFor({ timeout: 30_000 });
  expect(await note().innerText()).toContain('Sekali saja');
  await counter.scan('1001');
  await counter.at(TEST_IDS.linePromotion).waitFor();
  await counter.payExact();
  await counter.newSale();
  await ring();
  await counter.scan('1001');
  await buyer().waitFor();
  await note().waitFor();
  expect(await counter.at(TEST_IDS.linePromotion).count(), 'it was the once').toBe(0);
  await counter.scan('1002');
  await counter.at(TEST_IDS.linePromotion).waitFor();

  const { customers } = await shop.hq('/customers?query=1001');
  expect(customers.map(({ name }: { name: string }) => name)).toEqual(['Member 1001']);
  const order = await eventually('the order', async () => {
    const { orders } = await shop.hq(`/orders?customer_id=${customers[0].customer_id}`);
    return orders[0];
  });
  expect(order.customer_id).toBe(customers[0].customer_id);
});

test('while headquarters is silent nobody waits for it, and what a customer may have comes by itself later', async () => {
  const { counter, shop } = at;
  await counter.payExact();
  await counter.newSale();
  await ring();
  shop.server.child.kill('SIGSTOP');
  // Gold has its own promotion, so that it is seen whether the one that is counted came, too.
  await counter.scan('1003');
  await buyer().waitFor();
  await note().waitFor();
  expect(await note().innerText()).toContain('Sekali saja');
  shop.server.child.kill('SIGCONT');
  await note().waitFor({ state: 'detached', timeout: 60_000 });
  expect(await line()).toContain('Sekali saja');
});

for (const theme of THEMES) {
  test(`everybody can say whom an order is for, ${theme}`, async () => {
    const { counter, shop, page } = at;
    await look(counter, shop, { theme });
    await eventually('no message', async () => (await counter.at(TEST_IDS.toast).count()) === 0);
    await counter.go('register');
    await check(page, `order of a customer ${theme}`);
    await openBuyers();
    await counter.at(TEST_IDS.buyerSearch).fill('member');
    await counter.at(TEST_IDS.buyerFound(2)).waitFor();
    await check(page, `customers ${theme}`);
    await counter.at(TEST_IDS.dialogClose).click();
  });
}
