// The real window from first start to history: Tauri, WebKit and the engine in one process, as a cashier has it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { By } from 'selenium-webdriver';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TEST_IDS } from '../src/counter';
import { eventually, Shop } from '../src/shop.mjs';
import { Display, signIn, Window } from '../src/window';

const pictures = join(process.env.KEDAI_ROOT ?? join(import.meta.dirname, '../../..'), 'target/screenshots/window');
let shop: Shop;
let display: Display;
let window: Window;

beforeAll(async () => {
  shop = await Shop.open({ terminal: false });
  display = await Display.open();
});

afterAll(async () => {
  await window?.close();
  display?.close();
  await shop?.close();
});

test('the window opens, enrols and shows the people', async () => {
  window = await Window.open(shop, display, ['--server', shop.serverUrl, '--enrol', shop.demo.pairing_code]);
  await window.at(TEST_IDS.staff(0));
  display.picture(join(pictures, 'sign-in.png'));
});

test('a cashier signs in, opens the shift and sells for cash', async () => {
  await signIn(window, shop);
  await window.click(TEST_IDS.nav('shift'));
  for (const digit of '100000') await window.click(TEST_IDS.key(digit));
  await window.click(TEST_IDS.shiftOpen);
  await sellOne();
  expect(await window.text(TEST_IDS.receiptNumber)).toContain('KOPI-T1-000001');
  display.picture(join(pictures, 'receipt.png'));
});

test('the receipt is kept as a PDF among the downloads', async () => {
  await window.click(TEST_IDS.keepFile('pdf'));
  const kept = await eventually('the file', () => {
    const path = join(window.downloads, 'KOPI-T1-000001.pdf');
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    return bytes.includes('%%EOF') ? bytes : undefined;
  });
  expect(kept.subarray(0, 8).toString()).toBe('%PDF-1.7');
});

/** Taps tiles until one is in the cart without being asked anything, then Pay and Exact. */
async function sellOne() {
  await window.at(TEST_IDS.category(0));
  const categories = await window.count('[data-testid^="category-"]');
  for (let category = 0; category < categories; category += 1) {
    await window.click(TEST_IDS.category(category));
    const tiles = await eventually('tiles', async () => {
      const found = await window.driver.findElements(By.css('[data-testid^="tile-"]'));
      return found.length > 0 ? found : undefined;
    });
    for (const tile of tiles.slice(0, 6)) {
      await tile.click();
      const outcome = await eventually('a line or a question', async () => {
        if ((await window.count(`[data-testid="${TEST_IDS.dialog}"]`)) > 0) return 'asks';
        return (await window.count('[data-testid^="cart-line-"]')) > 0 ? 'line' : undefined;
      });
      if (outcome === 'line') {
        display.picture(join(pictures, 'register.png'));
        await window.click(TEST_IDS.pay);
        await window.click(TEST_IDS.exact);
        await window.at(TEST_IDS.receiptChange);
        return;
      }
      await window.click(TEST_IDS.dialogClose);
      await eventually('closing', async () => (await window.count(`[data-testid="${TEST_IDS.dialog}"]`)) === 0);
    }
  }
  throw new Error('every item asks something');
}

test('the receipt is on paper as bytes: initialised, with the number, cut', async () => {
  const bytes = await eventually('printing', () => {
    const found = shop.bytes().find((job) => job.includes('KOPI-T1-000001'));
    return found;
  });
  expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0x1b, 0x40]));
  expect(bytes.includes(Buffer.from([0x1d, 0x56]))).toBe(true);
});

test('the sale is at the server once', async () => {
  const orders = await eventually('the sale at the server', async () => {
    const page = await shop.hq('/orders?limit=50');
    return page.orders.length > 0 ? page.orders : undefined;
  });
  expect(orders.map((order: { receipt_number: string }) => order.receipt_number)).toEqual(['KOPI-T1-000001']);
});

test('after a restart without the server the history is there and the till sells on', async () => {
  await shop.stopServer();
  await window.close();
  window = await Window.open(shop, display);
  await signIn(window, shop);
  await window.click(TEST_IDS.nav('orders'));
  await window.click(TEST_IDS.order(0));
  expect(await window.text(TEST_IDS.receiptText)).toContain('KOPI-T1-000001');
  await window.click(TEST_IDS.nav('register'));
  await sellOne();
  expect(await window.text(TEST_IDS.receiptNumber)).toContain('KOPI-T1-000002');
  display.picture(join(pictures, 'offline.png'));
});
