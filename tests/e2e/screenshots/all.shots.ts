// A picture of every screen, theme and language, in the sizes of a small till and a large screen.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CardHand, cardScreens } from '../src/cards';
import { TEST_IDS } from '../src/counter';
import { Customer, CUSTOMER_SCREENS, CUSTOMER_SIZES, STAGES, setUp } from '../src/customer';
import { Devices } from '../src/devices';
import { DIALOGS } from '../src/dialogs';
import { PRICES } from '../src/prices';
import { DAMAGED, LOST, spoil } from '../src/rescue';
import { LANGUAGES, look, SCREENS, THEMES, type Screen } from '../src/screens';
import { setting } from '../src/setting';

const root = process.env.KEDAI_ROOT ?? join(import.meta.dirname, '../../..');
const folder = join(root, 'target/screenshots');
const only = process.env.KEDAI_SCREEN ?? '';
const SIZES = [
  { width: 1024, height: 768 },
  { width: 1920, height: 1080 },
];
const at = setting();
let taken = 0;

async function shots(name: string, locale: string) {
  const { counter, shop, page } = at;
  for (const theme of THEMES) {
    await look(counter, shop, { theme });
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await page.waitForFunction(() => [...document.images].every((image) => image.complete));
      await page.screenshot({
        path: join(folder, `${name}-${locale}-${theme}-${size.width}x${size.height}.png`),
      });
      taken += 1;
    }
  }
  await page.setViewportSize(SIZES[0]!);
}

async function shotsOf(screens: Screen[], named = only) {
  const { counter, shop } = at;
  for (const locale of LANGUAGES) {
    await look(counter, shop, { locale });
    for (const screen of screens.filter((screen) => screen.name.includes(named))) {
      await screen.show(counter, shop);
      await shots(screen.name, locale);
      await screen.leave?.(counter);
      console.log(`${locale} ${screen.name}: ${taken} pictures so far`);
    }
  }
}

test('every screen of a till that sells', async () => {
  const { counter, shop } = at;
  mkdirSync(folder, { recursive: true });
  await counter.at(TEST_IDS.staff(0)).waitFor();
  await shots('sign-in', 'id');
  await counter.signIn(shop.person('manager'));
  await counter.openShift();
  await shotsOf([...SCREENS, ...DIALOGS, ...PRICES]);
});

test('every look of a card payment', async () => {
  // One goes on where the other ended: all or none of them.
  if (!'card-'.startsWith(only) && !only.startsWith('card-')) return;
  const devices = await Devices.open();
  const hand = new CardHand(at.counter, devices, 'Card reader');
  await hand.setUp();
  await shotsOf(cardScreens(hand), 'card-');
  devices.close();
});

test("every look of the customer's screen", async () => {
  if (!'customer-'.startsWith(only) && !only.startsWith('customer-')) return;
  const { browser, counter, shop } = at;
  const customer = await Customer.open(browser, shop.url);
  for (const stage of STAGES.filter(({ name }) => name.includes(only))) {
    await stage.show(counter, customer);
    for (const theme of THEMES) {
      await look(counter, shop, { theme });
      await customer.wears(theme, stage.shows);
      for (const size of CUSTOMER_SIZES) {
        await customer.page.setViewportSize(size);
        await customer.picture(join(folder, `${stage.name}-id-${theme}-${size.width}x${size.height}.png`));
        taken += 1;
      }
    }
    await stage.leave?.(counter, customer);
    console.log(`${stage.name}: ${taken} pictures so far`);
  }
  await setUp(counter);
  await shotsOf(CUSTOMER_SCREENS, 'customer-');
  await customer.close();
});

test('every look of a till whose data cannot be used', async () => {
  const { counter, shop } = at;
  await spoil(counter, shop, 'damaged');
  await shotsOf(DAMAGED);
  await spoil(counter, shop, 'missing');
  await shotsOf(LOST);
});

afterAll(() => expect(taken).toBeGreaterThan(0));
