// What headquarters states about prices at the till: doors, coupons, customers of a segment, and sales without tax.
import { expect, test } from 'vitest';
import { TEST_IDS } from '../src/counter';
import { campaign, plainTile, state } from '../src/prices';
import { setting } from '../src/setting';
import { eventually } from '../src/shop.mjs';

const at = setting();

const total = () => at.counter.at(TEST_IDS.cartTotal).innerText();
const line = () => at.counter.lines().first().innerText();

/** Opens what the prices of the cart depend on. */
async function openTerms() {
  const { counter } = at;
  await counter.at(TEST_IDS.cartMenu).click();
  await counter.at(TEST_IDS.terms).click();
  await counter.at(TEST_IDS.dialog).waitFor();
}

async function closeTerms() {
  const { counter } = at;
  await counter.at(TEST_IDS.dialogClose).click();
  await counter.at(TEST_IDS.dialog).waitFor({ state: 'detached' });
}

test('without any of it nothing is asked', async () => {
  const { counter, shop } = at;
  await counter.signIn(shop.person('cashier'));
  await counter.openShift();
  expect(await counter.at(TEST_IDS.door('take_away')).count()).toBe(0);
  await openTerms();
  expect(await counter.at(TEST_IDS.coupon).count()).toBe(0);
  expect(await counter.at(TEST_IDS.exemptionReason).count(), 'a customer may be exempt anywhere').toBe(1);
  await closeTerms();
});

test('a promotion for take away stands on the line when the order is taken away, and only then', async () => {
  const { counter, shop } = at;
  await campaign(shop, 'Bawa pulang', { effect: 'percent', rate_ppm: 200_000, channels: ['take_away'] });
  await counter.at(TEST_IDS.door('take_away')).waitFor({ timeout: 30_000 });
  const { category, sku } = await plainTile(shop);
  await counter.at(TEST_IDS.category(category)).click();
  await counter.at(TEST_IDS.tile(sku)).click();
  await counter.lines().first().waitFor();
  const here = await total();
  await counter.at(TEST_IDS.door('take_away')).click();
  await counter.at(TEST_IDS.linePromotion).waitFor();
  expect(await line()).toContain('Bawa pulang');
  expect(await total()).not.toBe(here);
  await counter.at(TEST_IDS.door('counter')).click();
  await counter.at(TEST_IDS.linePromotion).waitFor({ state: 'detached' });
  expect(await total()).toBe(here);
});

test('a coupon is taken as it is typed or scanned, one that is none is named, and one without use is said', async () => {
  const { counter, shop } = at;
  const coupons = (code: string) => ({ coupons: [{ code }] });
  await campaign(shop, 'Kupon hemat', { effect: 'order_percent', rate_ppm: 100_000, ...coupons('HEMAT10') });
  await campaign(shop, 'Kupon besar', {
    effect: 'order_percent',
    rate_ppm: 100_000,
    min_spend: '99000000 IDR',
    ...coupons('BESAR'),
  });
  await eventually('the coupons at the till', async () => (await shop.rpc('register.cart')).offers.coupons);
  await openTerms();
  await counter.at(TEST_IDS.coupon).fill('hemat11');
  await counter.at(TEST_IDS.couponAdd).click();
  await eventually(
    'the refusal',
    async () => (await counter.at(TEST_IDS.coupon).getAttribute('aria-invalid')) === 'true',
  );
  await counter.at(TEST_IDS.coupon).fill('hemat10');
  await counter.at(TEST_IDS.couponAdd).click();
  await counter.at(TEST_IDS.couponRemove(0)).waitFor();
  await closeTerms();
  expect(await line()).toContain('Kupon hemat');
  await counter.scan('BESAR');
  await counter.at(TEST_IDS.promotionNote(0)).waitFor();
  expect(await counter.at(TEST_IDS.promotionNote(0)).innerText()).toContain('BESAR');
  await openTerms();
  await counter.at(TEST_IDS.couponRemove(1)).click();
  await counter.at(TEST_IDS.couponRemove(1)).waitFor({ state: 'detached' });
  await closeTerms();
  await counter.at(TEST_IDS.promotionNote(0)).waitFor({ state: 'detached' });
});

test('a customer of a segment gets its price list', async () => {
  const { counter, shop } = at;
  const { item_id } = await plainTile(shop);
  const prices = [{ item_id, unit_price: '1000' }];
  await state(shop, 'pricing-rules', { name: 'Harga karyawan', segments: ['Karyawan'], prices });
  await eventually('the segment at the till', async () => (await shop.rpc('register.cart')).offers.segments.length > 0);
  await openTerms();
  await counter.at(TEST_IDS.segment(0)).click();
  await eventually(
    'the segment',
    async () => (await counter.at(TEST_IDS.segment(0)).getAttribute('aria-pressed')) === 'true',
  );
  await closeTerms();
  expect(await line()).toContain('Harga karyawan');
});

test('a sale without tax needs a manager, and the terms stand with it at headquarters', async () => {
  const { counter, shop, page } = at;
  const before = await total();
  await openTerms();
  await counter.at(TEST_IDS.exemptionKind('exempt')).click();
  await counter.at(TEST_IDS.exemptionReason).fill('KITAS 12/2026');
  await counter.at(TEST_IDS.exemptionSave).click();
  await counter.at(TEST_IDS.approver(0)).waitFor();
  const manager = shop.person('manager');
  await page.getByRole('button', { name: manager.name }).last().click();
  for (const digit of manager.pin) await counter.at(TEST_IDS.pinKey(digit)).click();
  await counter.at(TEST_IDS.pinKey('enter')).click();
  await counter.at(TEST_IDS.exemptionGiven).waitFor();
  expect(await counter.at(TEST_IDS.exemptionGiven).innerText()).toContain('KITAS 12/2026');
  await closeTerms();
  expect(await total()).not.toBe(before);

  await counter.payExact();
  const sent = await eventually('the sale at headquarters', async () => {
    const { orders } = await shop.hq('/orders?limit=50');
    return orders[0];
  });
  const { order } = await shop.hq(`/orders/${sent.order_id}`);
  expect(order.terms).toMatchObject({ segments: ['Karyawan'], coupons: ['HEMAT10'] });
  expect(order.terms.exemption).toMatchObject({ treatment: 'exempt', reason: 'KITAS 12/2026' });
  expect(order.lines[0].promotions.map((one: { name: string }) => one.name)).toEqual(['Kupon hemat']);
  expect(order.lines[0].listed.name).toBe('Harga karyawan');
  await counter.newSale();
  await openTerms();
  expect(await counter.at(TEST_IDS.exemptionGiven).count(), 'the next customer pays tax').toBe(0);
  await closeTerms();
});
