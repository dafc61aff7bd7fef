// The network goes, the printer goes, the plug is pulled: the till sells on and says how things stand.
import { expect, test } from 'vitest';
import { TEST_IDS } from '../src/counter';
import { setting } from '../src/setting';
import { eventually } from '../src/shop.mjs';

const at = setting({ outlet: 'CHO' });

/** Barcodes of goods sold by the piece that ask nothing. */
async function barcodes(count: number): Promise<string[]> {
  const token = await at.shop.hq('/products?limit=200');
  const codes: string[] = [];
  for (const product of token.products ?? token.items) {
    const barcode = product.barcodes?.[0];
    if (barcode && product.unit === 'piece') codes.push(barcode);
  }
  expect(codes.length).toBeGreaterThanOrEqual(count);
  return codes.slice(0, count);
}

test('scans become lines, two true scans count twice, an unknown code is named and the cart stays', async () => {
  const { counter, shop } = at;
  await counter.signIn(shop.person('manager'));
  await counter.openShift('500000');
  const [first, second] = await barcodes(2);
  await counter.scan(first!);
  await counter.lines().first().waitFor();
  await counter.scan(second!);
  await eventually('the second line', async () => (await counter.lines().count()) === 2);
  await counter.scan(second!);
  await eventually('the second piece', async () => /2/.test(await counter.at(TEST_IDS.cartLine(1)).innerText()));
  await counter.scan('9999999999994');
  await counter.at(TEST_IDS.toast).first().waitFor();
  expect(await counter.lines().count()).toBe(2);
});

test('without server and printer the sale goes on and the chip says so', async () => {
  const { counter, shop } = at;
  await shop.stopServer();
  await shop.stopPrinter();
  await counter.payExact();
  const number = await counter.at(TEST_IDS.receiptNumber).innerText();
  expect(number).toContain('CHO-T1-000001');
  await counter.newSale();
  await eventually('the chip', async () => /\d/.test(await counter.at(TEST_IDS.chip).innerText()));
  expect(await counter.at(TEST_IDS.chip).innerText()).not.toBe('');
});

test('when server and printer are back, everything is there once', async () => {
  const { counter, shop } = at;
  await shop.startPrinter();
  await shop.startServer();
  await counter.at(TEST_IDS.chip).click();
  await counter.at(TEST_IDS.syncNow).click();
  const orders = await eventually('the sale at the server', async () => {
    const page = await shop.hq('/orders?limit=50');
    return page.orders.length > 0 ? page.orders : undefined;
  });
  expect(orders.map((order: { receipt_number: string }) => order.receipt_number)).toEqual(['CHO-T1-000001']);
  await eventually('the receipt', () => shop.paper().some((text) => text.includes('CHO-T1-000001')), 60);
  expect(shop.paper().filter((text) => text.includes('CHO-T1-000001'))).toHaveLength(1);
});
