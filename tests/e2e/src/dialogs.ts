// What opens over or beside the screens, and the pages behind the settings: for the same checks as the screens.
import { TEST_IDS, type Counter } from './counter';
import { emptyCart, fill, ofSettings, toRegister, type Screen } from './screens';

/** Puts one line in the cart. */
async function oneLine(counter: Counter) {
  await fill(counter, 1);
  await quiet(counter);
}

/** Closes what the screen before said: axe cannot know that a dialog stands above it. */
async function quiet(counter: Counter) {
  const toasts = counter.at(TEST_IDS.toast);
  for (let count = await toasts.count(); count > 0; count = await toasts.count()) {
    await toasts.first().getByRole('button').last().click();
    await toasts.nth(count - 1).waitFor({ state: 'detached' });
  }
}

/** Opens something about the one line of the cart. */
function ofLine(name: string, button: string): Screen {
  return {
    name,
    show: async (counter) => {
      await oneLine(counter);
      await counter.at(button).click();
      await counter.at(TEST_IDS.dialog).waitFor();
    },
    leave: closeAndEmpty,
  };
}

/** Opens something about the whole cart, from its menu. */
function ofCart(name: string, button: string): Screen {
  return {
    name,
    show: async (counter) => {
      await oneLine(counter);
      await counter.at(TEST_IDS.cartMenu).click();
      await counter.at(button).click();
      await counter.at(TEST_IDS.dialog).waitFor();
    },
    leave: closeAndEmpty,
  };
}

async function closeAndEmpty(counter: Counter) {
  await close(counter);
  await emptyCart(counter);
}

async function close(counter: Counter) {
  await counter.at(TEST_IDS.dialogClose).click();
  await counter.at(TEST_IDS.dialog).waitFor({ state: 'detached' });
}

async function closeAndSell(counter: Counter) {
  await close(counter);
  await toRegister(counter);
}

/** The button beside a field that brings the on-screen keyboard. */
const keyboardOf = (counter: Counter, field: string) => counter.at(field).locator('xpath=following-sibling::button[1]');

const keyQ = (counter: Counter) => counter.page.getByRole('button', { name: 'q', exact: true });

export const DIALOGS: Screen[] = [
  ofLine('line-discount', TEST_IDS.lineDiscount),
  ofLine('line-price', TEST_IDS.linePrice),
  {
    name: 'line-note',
    show: async (counter) => {
      await oneLine(counter);
      await counter.at(TEST_IDS.lineNote).click();
      await keyboardOf(counter, 'note-text').click();
      await keyQ(counter).waitFor();
    },
    leave: closeAndEmpty,
  },
  {
    name: 'line-quantity',
    show: async (counter) => {
      await oneLine(counter);
      await counter.at(TEST_IDS.lineQuantity).click();
      await counter.at(TEST_IDS.padDisplay).waitFor();
    },
    leave: async (counter) => {
      await counter.page.keyboard.press('Escape');
      await emptyCart(counter);
    },
  },
  {
    name: 'cart-menu',
    show: async (counter) => {
      await oneLine(counter);
      await counter.at(TEST_IDS.cartMenu).click();
      await counter.at(TEST_IDS.voidCart).waitFor();
    },
    leave: async (counter) => {
      await counter.at(TEST_IDS.cartMenu).click();
      await emptyCart(counter);
    },
  },
  ofCart('void', TEST_IDS.voidCart),
  ofCart('terms', TEST_IDS.terms),
  {
    name: 'buyers',
    show: async (counter) => {
      await oneLine(counter);
      await counter.page.keyboard.press('F3');
      await counter.at(TEST_IDS.buyerSearch).fill('member');
      await counter.at(TEST_IDS.buyerFound(2)).waitFor();
    },
    leave: closeAndEmpty,
  },
  {
    name: 'order-of-a-customer',
    show: async (counter) => {
      await oneLine(counter);
      await counter.scan('1003');
      await counter.at(TEST_IDS.cartBuyer).waitFor();
    },
    leave: emptyCart,
  },
  {
    name: 'held',
    show: async (counter) => {
      await oneLine(counter);
      await emptyCart(counter);
      await quiet(counter);
      await counter.at(TEST_IDS.recall).click();
      await counter.at(TEST_IDS.heldCart(0)).waitFor();
    },
    leave: close,
  },
  {
    name: 'cash',
    show: async (counter) => {
      await counter.go('shift');
      await quiet(counter);
      await counter.at(TEST_IDS.shiftMove('paid_out')).click();
      await counter.at(TEST_IDS.dialog).waitFor();
    },
    leave: closeAndSell,
  },
  {
    name: 'item-editor',
    show: async (counter) => {
      await counter.go('items');
      await counter.page.locator('[data-testid^="edit-"]').first().click();
      await counter.at(TEST_IDS.itemName).waitFor();
    },
    leave: async (counter) => {
      await counter.page.keyboard.press('Escape');
      await toRegister(counter);
    },
  },
  {
    name: 'keyboard',
    show: async (counter) => {
      await counter.go('items');
      await keyboardOf(counter, TEST_IDS.itemsSearch).click();
      await keyQ(counter).waitFor();
    },
    leave: async (counter) => {
      await keyboardOf(counter, TEST_IDS.itemsSearch).click();
      await toRegister(counter);
    },
  },
  ofSettings('printing', 'page-printing', TEST_IDS.printerTest),
  {
    name: 'printer-editor',
    show: async (counter) => {
      await counter.go('settings');
      await counter.at(TEST_IDS.nav('page-printers')).click();
      await counter.at(TEST_IDS.printerEdit(0)).click();
      await counter.at(TEST_IDS.printerName).waitFor();
    },
    leave: closeAndSell,
  },
  ofSettings('devices', 'page-devices', TEST_IDS.deviceAdd),
  {
    name: 'device-editor',
    show: async (counter) => {
      await counter.go('settings');
      await counter.at(TEST_IDS.nav('page-devices')).click();
      await counter.at(TEST_IDS.deviceAdd).click();
      await counter.at(TEST_IDS.deviceName).waitFor();
    },
    leave: closeAndSell,
  },
  {
    name: 'device-log',
    show: async (counter) => {
      await counter.go('settings');
      await counter.at(TEST_IDS.nav('page-devices')).click();
      await counter.at(TEST_IDS.deviceLogOpen).click();
      await counter.at(TEST_IDS.deviceLog).waitFor();
    },
    leave: closeAndSell,
  },
  ofSettings('exceptions', 'page-exceptions', TEST_IDS.exceptionsAll),
];
