// The first sale, by the screens: first start, sign-in, shift, sale, receipt, headquarters, restart, history.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { TEST_IDS } from '../src/counter';
import { setting } from '../src/setting';
import { eventually } from '../src/shop.mjs';

const at = setting({ enrol: false });

test('a new till is enrolled with a pairing code', async () => {
  const { counter, shop } = at;
  await counter.at(TEST_IDS.enrolServer).fill(shop.serverUrl);
  await counter.at(TEST_IDS.enrolCode).fill('ZZZZ-ZZZZ');
  await counter.at(TEST_IDS.enrolName).fill('Counter 1');
  await counter.at(TEST_IDS.enrolSubmit).click();
  await counter.at(TEST_IDS.enrolError).waitFor();
  await counter.at(TEST_IDS.enrolCode).fill(shop.demo.pairing_code);
  await counter.at(TEST_IDS.enrolSubmit).click();
  await counter.at(TEST_IDS.staff(0)).waitFor();
});

test('a wrong PIN is refused and the right one opens the register', async () => {
  const { counter, shop, page } = at;
  const cashier = shop.person('cashier');
  await page.getByRole('button', { name: cashier.name }).first().click();
  const wrong = cashier.pin === '000000' ? '111111' : '000000';
  for (const digit of wrong.slice(0, cashier.pin.length)) await counter.at(TEST_IDS.pinKey(digit)).click();
  if (await counter.at(TEST_IDS.pinKey('enter')).isVisible()) await counter.at(TEST_IDS.pinKey('enter')).click();
  await counter.at(TEST_IDS.signInError).waitFor();
  for (const digit of cashier.pin) await counter.at(TEST_IDS.pinKey(digit)).click();
  if (await counter.at(TEST_IDS.pinKey('enter')).isVisible()) {
    await counter.at(TEST_IDS.pinKey('enter')).click().catch(() => undefined);
  }
  await counter.at(TEST_IDS.signOut).waitFor();
  await counter.openShift();
});

test('one favourite paid exactly in cash takes three taps and prints a receipt', async () => {
  const { counter, shop } = at;
  await addPlainItem();
  const total = await counter.at(TEST_IDS.cartTotal).innerText();
  await counter.payExact();
  const number = await counter.at(TEST_IDS.receiptNumber).innerText();
  expect(number).toContain('KOPI-T1-000001');
  const paper = await eventually('printing', () => shop.paper().find((text) => text.includes('KOPI-T1-000001')));
  expect(paper.replace(/\s/g, '')).toContain(total.replace(/[^\d.]/g, ''));
  expect(paper).toContain('PB1');
});

/** Adds the first tile that asks nothing. */
async function addPlainItem() {
  const { counter, shop } = at;
  const grid = await shop.rpc('catalogue.grid', { category_id: null });
  for (const category of grid.categories.keys()) {
    await counter.at(TEST_IDS.category(category)).click();
    const { tiles } = await shop.rpc('catalogue.grid', { category_id: grid.categories[category].category_id });
    const plain = tiles.find((tile: { asks: boolean; available: boolean }) => !tile.asks && tile.available);
    if (!plain) continue;
    await counter.at(TEST_IDS.tile(plain.sku)).click();
    await counter.lines().first().waitFor();
    return;
  }
  throw new Error('every item asks something');
}

test('the receipt is kept as a PDF, a web page and a text', async () => {
  const { counter, page } = at;
  const kept = async (format: string) => {
    const coming = page.waitForEvent('download');
    await counter.at(TEST_IDS.keepFile(format)).click();
    const file = await coming;
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  };
  const pdf = await kept('pdf');
  expect(pdf.name).toBe('KOPI-T1-000001.pdf');
  expect(pdf.bytes.subarray(0, 8).toString()).toBe('%PDF-1.7');
  const html = await kept('html');
  expect(html.name).toBe('KOPI-T1-000001.html');
  expect(html.bytes.toString()).toContain('<title>KOPI-T1-000001</title>');
  expect((await kept('text')).bytes.toString()).toContain('KOPI-T1-000001');
});

test('headquarters reads the sale by API, once', async () => {
  const { shop } = at;
  const orders = await eventually('the sale at the server', async () => {
    const page = await shop.hq('/orders?limit=50');
    return page.orders.length > 0 ? page.orders : undefined;
  });
  expect(orders).toHaveLength(1);
  expect(orders[0].receipt_number).toBe('KOPI-T1-000001');
  const order = await shop.hq(`/orders/${orders[0].order_id}`);
  expect(order.order.lines).toHaveLength(1);
});

test('the next customer is served from where the receipt was', async () => {
  const { counter } = at;
  await counter.newSale();
  expect(await counter.lines().count()).toBe(0);
  await addPlainItem();
  await counter.at(TEST_IDS.linePlus).click();
  await counter.at(TEST_IDS.undo).click();
  await counter.at(TEST_IDS.hold).click();
  await eventually('holding', async () => (await counter.lines().count()) === 0);
  await counter.at(TEST_IDS.recall).click();
  await counter.at(TEST_IDS.heldCart(0)).click();
  await counter.lines().first().waitFor();
});

test('a killed till comes back with the cart and the history, and the reprint is marked COPY', async () => {
  const { counter, shop, page } = at;
  await shop.killTerminal();
  await shop.startTerminal();
  await page.reload();
  await counter.signIn(shop.person('cashier'));
  await counter.lines().first().waitFor();
  await counter.payExact();
  await counter.newSale();
  await counter.go('orders');
  await counter.at(TEST_IDS.order(1)).click();
  await counter.at(TEST_IDS.receiptText).waitFor();
  expect(await counter.at(TEST_IDS.receiptText).innerText()).toContain('KOPI-T1-000001');
  await counter.at(TEST_IDS.reprint).click();
  const copies = await eventually('the copy', () => {
    const papers = shop.paper().filter((text) => text.includes('KOPI-T1-000001'));
    return papers.length >= 2 ? papers : undefined;
  });
  expect(copies[1]).toMatch(/SALINAN|COPY|KOPI ULANG/i);
});
