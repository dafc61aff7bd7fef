// A person at the till's screen: the steps that every test takes.
import type { Locator, Page } from 'playwright-core';
import { TEST_IDS } from '../../../ui/src/testids';

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
    await this.at(TEST_IDS.shiftFloat).click().catch(() => undefined);
    await this.keys(float);
    await this.at(TEST_IDS.shiftOpen).click();
    await this.at(TEST_IDS.shiftExpected).waitFor();
    await this.go('register');
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

  /** Taps "New sale"; it stands where Pay was and ignores taps for a moment after the change. */
  async newSale() {
    await this.page.waitForFunction(
      (id) => document.querySelector(`[data-testid="${id}"]:not([disabled]):not([aria-disabled="true"])`) !== null,
      TEST_IDS.newSale,
    );
    await this.at(TEST_IDS.newSale).click();
    await this.at(TEST_IDS.search).waitFor();
  }

  /** Types as a scanner does: a burst that ends with Enter. */
  async scan(code: string) {
    for (const key of code) await this.page.keyboard.press(key);
    await this.page.keyboard.press('Enter');
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
