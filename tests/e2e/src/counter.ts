// A person at the till's screen: the steps that every test takes.
import type { Locator, Page } from 'playwright-core';
import { TEST_IDS } from '../../../ui/src/testids';
import { eventually } from './shop.mjs';

export { TEST_IDS };

export interface Person {
  name: string;
  pin: string;
  role: string;
}

export class Counter {
  constructor(readonly page: Page) {}

  at(id: string): Locator {
    return this.page.getByTestId(id);
  }

  async signIn(person: Person) {
    await this.page.getByRole('button', { name: new RegExp(escape(person.name)) }).first().click();
    for (const digit of person.pin) await this.at(TEST_IDS.pinKey(digit)).click();
    const enter = this.at(TEST_IDS.pinKey('enter'));
    if (await enter.isVisible()) await enter.click().catch(() => undefined);
    await this.at(TEST_IDS.signOut).waitFor();
  }

  /** Goes to a screen by the bar. */
  async go(screen: string) {
    await this.at(TEST_IDS.nav(screen)).click();
  }

  async keys(digits: string) {
    for (const digit of digits) await this.at(TEST_IDS.key(digit)).click();
  }

  async openShift(float = '200000') {
    await this.go('shift');
    await this.at(TEST_IDS.shiftOpen).waitFor();
    await this.keys(float);
    await this.at(TEST_IDS.shiftOpen).click();
    // With the shift open, the register is what comes next.
    await this.tiles().first().waitFor();
  }

  tiles(): Locator {
    return this.page.locator('[data-testid^="tile-"]');
  }

  lines(): Locator {
    return this.page.locator('[data-testid^="cart-line-"]');
  }

  /** Pays what is due exactly in cash: Pay, Exact. */
  async payExact() {
    await this.at(TEST_IDS.pay).click();
    await this.at(TEST_IDS.exact).click();
    await this.at(TEST_IDS.receiptChange).waitFor();
  }

  /** Taps "New sale" until it is heard: it stands where Pay was and ignores taps for a moment after the change. */
  async newSale() {
    await eventually('a new sale', async () => {
      const button = this.at(TEST_IDS.newSale);
      if (await button.isVisible()) await button.click({ timeout: 2_000 }).catch(() => undefined);
      return this.tiles().first().isVisible();
    });
  }

  /** Types as a scanner does: a burst that ends with Enter, all of it in one go of the page. */
  async scan(code: string) {
    await this.page.evaluate((keys) => {
      const target = document.activeElement ?? document.body;
      for (const key of keys) {
        const named = key.length > 1 ? key : /\d/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`;
        for (const type of ['keydown', 'keyup']) {
          target.dispatchEvent(new KeyboardEvent(type, { key, code: named, bubbles: true, cancelable: true }));
        }
      }
    }, [...code, 'Enter']);
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
