// The customer's screen: set up by a manager, and what a customer sees of a sale on it, in a browser of its own.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { check } from '../src/access';
import { TEST_IDS } from '../src/counter';
import {
  addPicture,
  Customer,
  CUSTOMER_SCREENS,
  GREETING,
  QRIS,
  save,
  STAGES,
  toCustomerScreen,
} from '../src/customer';
import { emptyCart, fill, look, THEMES } from '../src/screens';
import { setting } from '../src/setting';
import { eventually } from '../src/shop.mjs';

const at = setting();
let customer: Customer;

beforeAll(async () => {
  customer = await Customer.open(at.browser, at.shop.url);
});

afterAll(async () => {
  await customer?.close();
  expect(customer?.faults, "errors in the customer's page").toEqual([]);
});

const standing = () => at.counter.at(TEST_IDS.customerStanding).getAttribute('data-standing');
const path = (code: Locator) => code.locator('path').getAttribute('d');

/** Waits until the till says so. */
const said = (words: string) => at.counter.at(TEST_IDS.toast).filter({ hasText: words }).first().waitFor();

test('a cashier does not set it up', async () => {
  const { counter, shop, page } = at;
  await counter.signIn(shop.person('cashier'));
  await counter.go('settings');
  await counter.at(TEST_IDS.nav('page-sync')).waitFor();
  expect(await counter.at(TEST_IDS.nav('page-customer-screen')).count()).toBe(0);
  await page.evaluate(() => (location.hash = '#/customer-screen'));
  await counter.tiles().first().waitFor();
  await counter.at(TEST_IDS.signOut).click();
});

test('before it is switched on it says where that is done', async () => {
  await customer.at(TEST_IDS.customerOff).waitFor();
  expect(await customer.text(TEST_IDS.customerOff)).toContain('Monitor pelanggan');
});

test("a manager sets it up: a greeting, a picture, and the shop's code from the scanner", async () => {
  const { counter, shop } = at;
  await counter.signIn(shop.person('manager'));
  await counter.openShift();
  await toCustomerScreen(counter);
  expect(await standing()).toBe('off');
  const address = counter.at(TEST_IDS.customerAddress);
  expect(await address.getAttribute('href')).toBe(`${shop.url}/#/customer`);
  expect(await address.getAttribute('target')).toBe('_blank');
  // Only for the codes that this outlet takes.
  expect(await counter.at(TEST_IDS.customerCode('viet_qr')).count()).toBe(0);
  await counter.at(TEST_IDS.customerOn).click();
  await counter.at(TEST_IDS.customerGreetingField).fill(GREETING);
  const code = counter.at(TEST_IDS.customerCode('qris'));
  await code.fill('https://example.com/pay');
  await counter.at(TEST_IDS.customerSave).click();
  await eventually('what is wrong is said at the field', async () => {
    return (await code.getAttribute('aria-invalid')) === 'true';
  });
  expect(await code.inputValue()).toBe('https://example.com/pay');
  expect(await counter.at(TEST_IDS.customerGreetingField).inputValue()).toBe(GREETING);
  // A scan of goods is neither typed into the field that has the focus nor taken for a payment code.
  await counter.at(TEST_IDS.customerGreetingField).focus();
  await counter.scan('8991234567890');
  await said('Ini bukan kode QRIS');
  expect(await code.inputValue()).toBe('https://example.com/pay');
  expect(await counter.at(TEST_IDS.customerGreetingField).inputValue()).toBe(GREETING);
  await counter.scan(QRIS);
  await eventually('the scanned code in the field', async () => (await code.inputValue()) === QRIS);
  await save(counter);
  await eventually('the till knows that it is shown', async () => (await standing()) === 'shown');
  await customer.at(TEST_IDS.customerGreeting).waitFor();
  const { outlet } = await shop.rpc('app.state');
  expect(await customer.text(TEST_IDS.customerName)).toBe(outlet.name);
  expect(await customer.text(TEST_IDS.customerGreeting)).toBe(GREETING);
});

test('a picture is made small before it is sent, and shown once it is saved', async () => {
  const { counter } = at;
  await addPicture(counter, 'Es kopi 18.000');
  // The manager sees it already.
  await counter.at(TEST_IDS.customerPictureOf(0)).locator('img').waitFor();
  await customer.later(10);
  expect(await customer.at(TEST_IDS.customerPicture).count()).toBe(0);
  await save(counter);
  await customer.at(TEST_IDS.customerPicture).waitFor();
  const first = customer.at(TEST_IDS.customerPicture).last();
  const size = await first.evaluate((image) => {
    const { naturalWidth, naturalHeight, src } = image as HTMLImageElement;
    return { naturalWidth, naturalHeight, type: src.split(';')[0] };
  });
  expect(size).toEqual({ naturalWidth: 1_280, naturalHeight: 800, type: 'data:image/jpeg' });
  await counter.at(TEST_IDS.customerPictureFile).setInputFiles({
    name: 'no.png',
    mimeType: 'image/png',
    buffer: Buffer.from('no picture'),
  });
  await said('tidak dapat dipakai sebagai gambar');
  expect(await counter.at(TEST_IDS.customerSave).isDisabled(), 'nothing was added').toBe(true);
});

test('pictures follow one another in the order that was saved', async () => {
  const { counter } = at;
  await addPicture(counter, 'Nasi goreng 32.000');
  await counter.at(TEST_IDS.customerPictureOf(1)).waitFor();
  await save(counter);
  const shown = () => customer.at(TEST_IDS.customerPicture).last().getAttribute('src');
  const before = await shown();
  await eventually('the next picture', async () => {
    await customer.later(8);
    return (await shown()) !== before;
  });
  const order = await counter.page.locator('[data-testid^="customer-picture-"] img').first().getAttribute('src');
  await counter.at(TEST_IDS.customerPictureLater(0)).click();
  await eventually('the other order', async () => {
    return (await counter.page.locator('[data-testid^="customer-picture-"] img').last().getAttribute('src')) === order;
  });
  await save(counter);
});

test('what was changed and not saved is not lost by leaving', async () => {
  const { counter, page } = at;
  await counter.at(TEST_IDS.customerPictureRemove(1)).click();
  await counter.at(TEST_IDS.customerSecondsMore).click();
  await counter.go('register');
  await counter.at(TEST_IDS.cancel).click();
  expect(await counter.at(TEST_IDS.customerSave).isEnabled()).toBe(true);
  await page.evaluate(() => (location.hash = '#/orders'));
  await counter.at(TEST_IDS.cancel).click();
  expect(page.url()).toContain('#/customer-screen');
  await counter.at(TEST_IDS.signOut).click();
  await counter.at(TEST_IDS.cancel).click();
  expect(await counter.at(TEST_IDS.customerSave).isEnabled()).toBe(true);
  await counter.go('register');
  await counter.at(TEST_IDS.confirm).click();
  await counter.tiles().first().waitFor();
  await toCustomerScreen(counter);
  await counter.at(TEST_IDS.customerPictureOf(1)).waitFor();
  for (const _ of [0, 1]) await counter.at(TEST_IDS.customerPictureRemove(0)).click();
  await save(counter);
  await customer.at(TEST_IDS.customerPicture).first().waitFor({ state: 'detached' });
  await counter.go('register');
});

test('the customer sees every line as it is rung up, and what all of it comes to', async () => {
  const { counter } = at;
  await fill(counter, 3);
  await customer.lines().nth(2).waitFor();
  expect(await customer.lines().nth(2).getAttribute('data-fresh')).toBe('true');
  const total = await counter.at(TEST_IDS.cartTotal).innerText();
  // The cashier's screen speaks the outlet's language, too: the figures are the same.
  await eventually('the total', async () => (await customer.text(TEST_IDS.customerTotal)) === total);
  expect(await customer.text(TEST_IDS.customerCount)).toBe(await counter.at(TEST_IDS.cartCount).innerText());
  const said = await customer.page.locator('body').innerText();
  for (const { name } of at.shop.staff) expect(said).not.toContain(name);
});

test('a line that changes leaves the others as they were drawn', async () => {
  const { counter } = at;
  await customer.page.evaluate((id) => {
    const drawn: string[] = [];
    Object.assign(window, { drawn });
    const lines = document.querySelectorAll(`[data-testid="${id}"]`);
    for (const [index, line] of lines.entries()) {
      const seen = (changes: MutationRecord[]) => {
        for (const { type } of changes) drawn.push(`${index} ${type}`);
      };
      new MutationObserver(seen).observe(line, { characterData: true, childList: true, subtree: true });
    }
  }, TEST_IDS.customerLine);
  await counter.lines().nth(1).locator('button').first().click();
  await counter.at(TEST_IDS.linePlus).click();
  await eventually('two of the second', async () => /2 ×/.test(await customer.lines().nth(1).innerText()));
  expect(await customer.lines().nth(1).getAttribute('data-fresh')).toBe('true');
  const drawn = await customer.page.evaluate(() => (window as unknown as { drawn: string[] }).drawn);
  expect(drawn.length).toBeGreaterThan(0);
  expect(drawn.filter((change) => !change.startsWith('1 '))).toEqual([]);
});

test('the line that changed is seen however many there are', async () => {
  const { counter } = at;
  await customer.page.setViewportSize({ width: 800, height: 480 });
  await emptyCart(counter);
  await fill(counter, 16);
  const inSight = (index: number) =>
    customer
      .lines()
      .nth(index)
      .evaluate((line) => {
        const { top, bottom } = line.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight && getComputedStyle(line).visibility === 'visible';
      });
  await eventually('all lines', async () => (await customer.lines().count()) === (await counter.lines().count()));
  const last = (await customer.lines().count()) - 1;
  await eventually('the last line in sight', () => inSight(last));
  expect(await inSight(0)).toBe(false);
  await counter.lines().first().locator('button').first().click();
  await counter.at(TEST_IDS.linePlus).click();
  await eventually('the first line in sight', () => inSight(0));
  await customer.page.setViewportSize({ width: 1024, height: 768 });
  await emptyCart(counter);
  await customer.sees('idle');
});

test("the shop's code with the amount is on both screens until something else is paid", async () => {
  const { counter } = at;
  await fill(counter, 2);
  await counter.at(TEST_IDS.pay).click();
  await counter.at(TEST_IDS.tender('qris')).click();
  const here = counter.at(TEST_IDS.payQr);
  await here.waitFor();
  await customer.sees('paying');
  const there = customer.at(TEST_IDS.customerQr);
  expect(await path(there)).toBe(await path(here));
  expect(await customer.text(TEST_IDS.customerTotal)).toBe(await counter.at(TEST_IDS.padDisplay).innerText());
  const whole = await path(here);
  // Nobody is asked for more than is missing.
  await counter.keys('9999999');
  await here.waitFor({ state: 'detached' });
  expect(await counter.at(TEST_IDS.confirm).isDisabled()).toBe(true);
  await customer.sees('cart');
  await counter.at(TEST_IDS.tender('qris')).click();
  await customer.sees('paying');
  expect(await path(there)).toBe(whole);
  await counter.keys('5000');
  await eventually('the code of a part', async () => {
    return (await customer.text(TEST_IDS.customerTotal)).includes('5.000') && (await path(there)) !== whole;
  });
  expect(await path(here)).toBe(await path(there));
  await counter.at(TEST_IDS.confirm).click();
  await counter.at(TEST_IDS.givenTender(0)).waitFor();
  await customer.sees('cart');
  await counter.at(TEST_IDS.tender('qris')).click();
  await customer.sees('paying');
  await counter.at(TEST_IDS.payBack).click();
  await customer.sees('cart');
});

test('after cash it thanks and says the change, and then stands ready for the next customer', async () => {
  const { counter } = at;
  await counter.at(TEST_IDS.pay).click();
  await counter.at(TEST_IDS.quickNote(0)).click();
  await counter.at(TEST_IDS.receiptChange).waitFor();
  await customer.sees('paid');
  expect(await customer.text(TEST_IDS.customerChange)).toBe(await counter.at(TEST_IDS.receiptChange).innerText());
  // The engine says for how long, by its own clock.
  await customer.sees('idle', 60);
  expect(await customer.text(TEST_IDS.customerGreeting)).toBe(GREETING);
  await counter.newSale();
  await fill(counter, 1);
  await customer.sees('cart');
  await counter.payExact();
  await customer.sees('paid');
  // No change is no figure to look at.
  expect(await customer.at(TEST_IDS.customerChange).count()).toBe(0);
  expect(await customer.at(TEST_IDS.customerDue).count()).toBe(1);
  await counter.newSale();
}, 120_000);

test('a code that cannot be had keeps nobody from paying', async () => {
  const { counter, page } = at;
  await page.route('**/rpc/customer_screen.*_qr', (route) => route.abort());
  await fill(counter, 1);
  await counter.at(TEST_IDS.pay).click();
  await counter.at(TEST_IDS.tender('qris')).click();
  await counter.at(TEST_IDS.confirm).click();
  await counter.at(TEST_IDS.receiptNumber).waitFor();
  expect(await counter.at(TEST_IDS.toast).count()).toBe(0);
  await page.unroute('**/rpc/customer_screen.*_qr');
  await counter.newSale();
});

test('nothing on the page can be touched, and a pointer that lies still is gone', async () => {
  const { page } = customer;
  await fill(at.counter, 1);
  await customer.sees('cart');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
  expect(await page.locator('button, a, input, [tabindex], [contenteditable]').count()).toBe(0);
  const cursor = () => page.getByTestId(TEST_IDS.customer).evaluate((main) => getComputedStyle(main).cursor);
  await page.mouse.move(100, 100);
  expect(await cursor()).toBe('default');
  await customer.later(3);
  await eventually('the pointer is gone', async () => (await cursor()) === 'none');
  expect(await page.locator('main').evaluate((main) => getComputedStyle(main).userSelect)).toBe('none');
  expect(new Set(customer.asked)).toEqual(new Set(['customer_screen.show', 'customer_screen.picture']));
});

test('a sale that the engine does not confirm is not left standing, and the page recovers by itself', async () => {
  const { counter, shop, page } = at;
  await shop.killTerminal();
  await customer.later(31);
  await customer.sees('idle');
  expect(await customer.text(TEST_IDS.customerGreeting)).toBe(GREETING);
  expect(await customer.at(TEST_IDS.customerTotal).count()).toBe(0);
  await shop.startTerminal();
  await page.reload();
  await counter.signIn(shop.person('manager'));
  await counter.lines().first().waitFor();
  await customer.later(10);
  await customer.sees('cart');
  await emptyCart(counter);
});

for (const theme of THEMES) {
  test(`everybody can read it and set it up, ${theme}`, async () => {
    const { counter, shop, page } = at;
    await look(counter, shop, { theme });
    for (const stage of STAGES.filter(({ name }) => name !== 'customer-off')) {
      await stage.show(counter, customer);
      try {
        await customer.wears(theme, stage.shows);
        await check(customer.page, `${stage.name} ${theme}`);
      } finally {
        // The next stage begins where this one ends, well or not.
        await stage.leave?.(counter, customer);
      }
    }
    for (const screen of CUSTOMER_SCREENS) {
      await screen.show(counter, shop);
      await eventually('no message', async () => (await counter.at(TEST_IDS.toast).count()) === 0);
      await check(page, `${screen.name} ${theme}`);
      await screen.leave?.(counter);
    }
  });
}
