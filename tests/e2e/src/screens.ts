// Every screen of the till and the way to it, for the checks that look at all of them.
import { TEST_IDS, type Counter } from './counter';
import type { Shop } from './shop.mjs';

export interface Screen {
  name: string;
  /** Brings the counter there from the register with an empty cart; the manager is signed in and the shift is open. */
  show: (counter: Counter, shop: Shop) => Promise<void>;
  /** Brings it back. */
  leave?: (counter: Counter) => Promise<void>;
}

/** Adds the first `count` items that ask nothing, by the engine, and shows the register anew. */
export async function fill(counter: Counter, count: number) {
  let added = 0;
  const categories = counter.page.locator('[data-testid^="category-"]');
  await categories.first().waitFor();
  for (let at = 0; at < (await categories.count()) && added < count; at += 1) {
    await categories.nth(at).click();
    await counter.tiles().first().waitFor();
    for (let tile = 0; tile < (await counter.tiles().count()) && added < count; tile += 1) {
      const before = await counter.lines().count();
      await counter.tiles().nth(tile).click();
      const dialog = counter.at(TEST_IDS.dialog);
      const line = counter.lines().nth(before);
      await dialog.or(line).first().waitFor();
      if (await dialog.isVisible()) await counter.at(TEST_IDS.dialogClose).click();
      else added += 1;
    }
  }
}

export async function emptyCart(counter: Counter) {
  await counter.go('register');
  const lines = counter.lines();
  await counter.tiles().first().waitFor();
  if ((await lines.count()) === 0) return;
  await counter.at(TEST_IDS.hold).click();
  await lines.first().waitFor({ state: 'detached' });
}

export const toRegister = (counter: Counter) => counter.go('register');

/** A page behind the settings, there once `shown` is. */
export function ofSettings(name: string, page: string, shown: string): Screen {
  return {
    name,
    show: async (counter) => {
      await counter.go('settings');
      await counter.at(TEST_IDS.nav(page)).click();
      await counter.at(shown).waitFor();
    },
    leave: toRegister,
  };
}

async function openSheet(counter: Counter) {
  const categories = counter.page.locator('[data-testid^="category-"]');
  for (let at = 0; at < (await categories.count()); at += 1) {
    await categories.nth(at).click();
    await counter.tiles().first().waitFor();
    for (let tile = 0; tile < (await counter.tiles().count()); tile += 1) {
      const before = await counter.lines().count();
      await counter.tiles().nth(tile).click();
      const dialog = counter.at(TEST_IDS.dialog);
      await dialog.or(counter.lines().nth(before)).first().waitFor();
      if (await dialog.isVisible()) return;
      await counter.at(TEST_IDS.undo).click();
      await counter.lines().nth(before).waitFor({ state: 'detached' });
    }
  }
  throw new Error('no item asks anything');
}

async function latestOrder(counter: Counter) {
  await counter.go('orders');
  await counter.at(TEST_IDS.order(0)).click();
  await counter.at(TEST_IDS.receiptText).waitFor();
}

export const SCREENS: Screen[] = [
  { name: 'register', show: toRegister },
  {
    name: 'item',
    show: openSheet,
    leave: async (counter) => {
      await counter.at(TEST_IDS.dialogClose).click();
      await emptyCart(counter);
    },
  },
  { name: 'cart', show: (counter) => fill(counter, 4), leave: emptyCart },
  {
    name: 'pay',
    show: async (counter) => {
      await fill(counter, 3);
      await counter.at(TEST_IDS.pay).click();
      await counter.at(TEST_IDS.payTotal).waitFor();
    },
    leave: async (counter) => {
      await counter.at(TEST_IDS.payBack).click();
      await emptyCart(counter);
    },
  },
  {
    name: 'receipt',
    show: async (counter) => {
      await fill(counter, 3);
      await counter.payExact();
    },
    leave: (counter) => counter.newSale(),
  },
  {
    name: 'orders',
    show: async (counter) => {
      await counter.go('orders');
      await counter.at(TEST_IDS.order(0)).waitFor();
    },
    leave: toRegister,
  },
  { name: 'order', show: latestOrder, leave: toRegister },
  {
    name: 'refund',
    show: async (counter) => {
      await latestOrder(counter);
      await counter.at(TEST_IDS.orderRefund).click();
      await counter.at(TEST_IDS.refundPlus(0)).click();
      await counter.at(TEST_IDS.refundAmount).waitFor();
    },
    leave: toRegister,
  },
  {
    name: 'loose-refund',
    show: async (counter) => {
      await counter.go('orders');
      await counter.at(TEST_IDS.looseRefund).click();
      await counter.at(TEST_IDS.refundConfirm).waitFor();
    },
    leave: toRegister,
  },
  {
    name: 'shift',
    show: async (counter) => {
      await counter.go('shift');
      await counter.at(TEST_IDS.shiftExpected).waitFor();
    },
    leave: toRegister,
  },
  {
    name: 'close-shift',
    show: async (counter) => {
      await counter.go('shift');
      await counter.at(TEST_IDS.shiftClose).click();
      await counter.at(TEST_IDS.countTotal).waitFor();
    },
    leave: toRegister,
  },
  {
    name: 'items',
    show: async (counter) => {
      await counter.go('items');
      await counter.page.locator('[data-testid^="item-"]').first().waitFor();
    },
    leave: toRegister,
  },
  {
    name: 'sync',
    show: async (counter) => {
      await counter.at(TEST_IDS.chip).click();
      await counter.at(TEST_IDS.syncNow).waitFor();
    },
    leave: toRegister,
  },
  ofSettings('printers', 'page-printers', TEST_IDS.printer(0)),
  ofSettings('layouts', 'page-layouts', TEST_IDS.layoutsPaper),
  {
    name: 'settings',
    show: async (counter) => {
      await counter.go('settings');
      await counter.at(TEST_IDS.theme('night')).waitFor();
    },
    leave: toRegister,
  },
  {
    name: 'help',
    show: async (counter) => {
      await counter.page.keyboard.press('F1');
      await counter.at(TEST_IDS.dialog).waitFor();
    },
    leave: async (counter) => {
      await counter.page.keyboard.press('Escape');
      await counter.at(TEST_IDS.dialog).waitFor({ state: 'detached' });
    },
  },
];

export const THEMES = ['day', 'night', 'contrast'];
export const LANGUAGES = ['en', 'id', 'vi'];

/** Sets this till's look by the engine and waits until the screens wear it. */
export async function look(counter: Counter, shop: Shop, change: { theme?: string; locale?: string }) {
  const { settings } = await shop.rpc('app.state');
  const wanted = { ...settings, ...change };
  await shop.rpc('app.settings', wanted);
  await counter.page.waitForFunction(
    ([theme, locale]) => {
      const root = document.documentElement;
      return root.dataset.theme === theme && (locale === null || root.lang.startsWith(locale as string));
    },
    [wanted.theme, wanted.locale] as const,
  );
}
