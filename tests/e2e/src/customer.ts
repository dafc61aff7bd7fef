// The customer before a screen of their own, the manager who sets it up, and every look of it.
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { TEST_IDS, type Counter } from './counter';
import { emptyCart, fill, toRegister, type Screen } from './screens';
import { eventually } from './shop.mjs';

/** A shop's code as its bank prints it, without an amount. */
export const QRIS =
  '00020101021126360014ID.CO.SHOP.WWW0214ID1020000000035204581253033605802ID5911WARUNG MAJU6007JAKARTA6304874A';
export const GREETING = 'Kopi enak, setiap hari';
/** Small second screens, an old monitor, a large one, and one that stands upright. */
export const CUSTOMER_SIZES = [
  { width: 1920, height: 1080 },
  { width: 1024, height: 768 },
  { width: 800, height: 480 },
  { width: 1080, height: 1920 },
];

/** A browser of its own at the customer's page; its clock can be put forward. */
export class Customer {
  /** Every command that the page asked, in order. */
  readonly asked: string[] = [];
  readonly faults: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('request', (request) => {
      const command = new URL(request.url()).pathname.match(/^\/rpc\/(.+)$/)?.[1];
      if (command) this.asked.push(command);
    });
  }

  static async open(browser: Browser, url: string): Promise<Customer> {
    const context = await browser.newContext({ viewport: CUSTOMER_SIZES[1]!, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.clock.install();
    const customer = new Customer(context, page);
    await page.goto(`${url}/#/customer`);
    return customer;
  }

  at(id: string): Locator {
    return this.page.getByTestId(id);
  }

  lines(): Locator {
    return this.at(TEST_IDS.customerLine);
  }

  text(id: string): Promise<string> {
    return this.at(id).innerText();
  }

  /** Waits until the page is at this stage of a sale. */
  sees(stage: string, seconds?: number) {
    const isSeen = async () => (await this.at(TEST_IDS.customer).getAttribute('data-stage')) === stage;
    return eventually(`the customer sees ${stage}`, isSeen, seconds);
  }

  /** Puts the clock of the page forward. */
  later(seconds: number) {
    return this.page.clock.fastForward(seconds * 1_000);
  }

  /** Loads the page anew, so that it wears the theme of the till at once, and waits until it shows something. */
  async wears(theme: string, shows: string) {
    await this.page.reload();
    await this.page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, theme);
    await this.at(shows).first().waitFor();
  }

  async picture(path: string) {
    await this.page.waitForFunction(() => [...document.images].every((image) => image.complete));
    await this.page.screenshot({ path });
  }

  close() {
    return this.context.close();
  }
}

export async function toCustomerScreen(counter: Counter) {
  await counter.go('settings');
  await counter.at(TEST_IDS.nav('page-customer-screen')).click();
  await counter.at(TEST_IDS.customerOn).waitFor();
}

/** Chooses a picture as a camera makes it: much too large for the screen. */
export async function addPicture(counter: Counter, words: string) {
  const drawn = await counter.page.evaluate((words) => {
    const canvas = document.createElement('canvas');
    canvas.width = 3_200;
    canvas.height = 2_000;
    const pen = canvas.getContext('2d')!;
    const shade = pen.createLinearGradient(0, 0, 3_200, 2_000);
    shade.addColorStop(0, 'sienna');
    shade.addColorStop(1, 'darkslategrey');
    pen.fillStyle = shade;
    pen.fillRect(0, 0, 3_200, 2_000);
    pen.fillStyle = 'white';
    pen.font = 'bold 320px sans-serif';
    pen.fillText(words, 240, 1_080);
    return canvas.toDataURL('image/png');
  }, words);
  const file = { name: 'promo.png', mimeType: 'image/png', buffer: Buffer.from(drawn.split(',')[1] ?? '', 'base64') };
  await counter.at(TEST_IDS.customerPictureFile).setInputFiles(file);
}

/** Saves what was changed and waits until it is: while it is saved the button is off, too, and busy. */
export async function save(counter: Counter) {
  const button = counter.at(TEST_IDS.customerSave);
  await button.click();
  await eventually('the setup is saved', async () => {
    return (await button.getAttribute('aria-busy')) === 'false' && (await button.isDisabled());
  });
}

/** Sets the screen up by the screens, once: on, with a greeting and the shop's code. */
export async function setUp(counter: Counter) {
  await toCustomerScreen(counter);
  const on = counter.at(TEST_IDS.customerOn);
  if ((await on.getAttribute('aria-checked')) === 'true') return toRegister(counter);
  await on.click();
  await counter.at(TEST_IDS.customerGreetingField).fill(GREETING);
  await counter.at(TEST_IDS.customerCode('qris')).fill(QRIS);
  await save(counter);
  await toRegister(counter);
}

async function toQris(counter: Counter) {
  await counter.at(TEST_IDS.pay).click();
  await counter.at(TEST_IDS.tender('qris')).click();
  await counter.at(TEST_IDS.payQr).waitFor();
}

/** Answers as the engine does, with the longest names and the largest figures that a shop may have. */
async function exaggerate(customer: Customer) {
  const name = 'Kopi Tubruk Robusta Temanggung Sangrai Gelap Kemasan Keluarga';
  await customer.page.route('**/rpc/customer_screen.show', async (route) => {
    const response = await route.fetch();
    const view = await response.json();
    view.outlet_name = 'Toko Serba Ada Sinar Harapan Jaya Abadi Sentosa Kemang Raya';
    view.lines = Array.from({ length: 30 }, (_, at) => ({
      ...view.lines[0],
      line_id: String(at),
      name: at % 3 === 1 ? name : view.lines[0]?.name,
      quantity: at % 3 === 2 ? '125' : '1',
      amount: '98765432100 IDR',
    }));
    view.last_line_id = '29';
    view.sums = view.sums.map((sum: object) => ({ ...sum, amount: '98765432109 IDR' }));
    view.total = '123456789012 IDR';
    await route.fulfill({ response, json: view });
  });
  await customer.later(10);
  await eventually('the largest figures', async () => {
    return (await customer.text(TEST_IDS.customerTotal)).includes('123.456.789.012');
  });
}

export interface Stage {
  name: string;
  /** What is to be seen there. */
  shows: string;
  /** Brings the customer's screen there from an empty cart; it is not set up before the second one. */
  show: (counter: Counter, customer: Customer) => Promise<void>;
  leave?: (counter: Counter, customer: Customer) => Promise<void>;
}

/** Every stage of a sale as the customer sees it. */
export const STAGES: Stage[] = [
  {
    name: 'customer-off',
    shows: TEST_IDS.customerOff,
    show: (_, customer) => customer.at(TEST_IDS.customerOff).waitFor(),
  },
  {
    name: 'customer-idle',
    shows: TEST_IDS.customerGreeting,
    show: async (counter, customer) => {
      await setUp(counter);
      await customer.at(TEST_IDS.customerGreeting).waitFor();
    },
  },
  {
    name: 'customer-cart',
    shows: TEST_IDS.customerTotal,
    show: async (counter, customer) => {
      await setUp(counter);
      await fill(counter, 4);
      await customer.lines().nth(3).waitFor();
    },
    leave: emptyCart,
  },
  {
    name: 'customer-cart-long',
    shows: TEST_IDS.customerTotal,
    show: async (counter, customer) => {
      await setUp(counter);
      await fill(counter, 1);
      await customer.sees('cart');
      await exaggerate(customer);
    },
    leave: async (counter, customer) => {
      await customer.page.unroute('**/rpc/customer_screen.show');
      await emptyCart(counter);
    },
  },
  {
    name: 'customer-paying',
    shows: TEST_IDS.customerQr,
    show: async (counter, customer) => {
      await setUp(counter);
      await fill(counter, 2);
      await toQris(counter);
      await customer.sees('paying');
    },
    leave: async (counter) => {
      await counter.at(TEST_IDS.payBack).click();
      await emptyCart(counter);
    },
  },
  {
    name: 'customer-paid',
    shows: TEST_IDS.customerChange,
    show: async (counter, customer) => {
      await setUp(counter);
      await fill(counter, 2);
      await counter.at(TEST_IDS.pay).click();
      await counter.at(TEST_IDS.quickNote(0)).click();
      await customer.at(TEST_IDS.customerChange).waitFor();
    },
    // It is thanked until the next sale begins.
    leave: async (counter) => {
      await counter.newSale();
      await fill(counter, 1);
      await emptyCart(counter);
    },
  },
  {
    name: 'customer-pictures',
    shows: TEST_IDS.customerPicture,
    show: async (counter, customer) => {
      await setUp(counter);
      await toCustomerScreen(counter);
      await addPicture(counter, 'Es kopi 18.000');
      await counter.at(TEST_IDS.customerPictureOf(0)).waitFor();
      await save(counter);
      await toRegister(counter);
      await customer.at(TEST_IDS.customerPicture).last().waitFor();
    },
    leave: async (counter, customer) => {
      await toCustomerScreen(counter);
      await counter.at(TEST_IDS.customerPictureRemove(0)).click();
      await save(counter);
      await toRegister(counter);
      await customer.at(TEST_IDS.customerPicture).first().waitFor({ state: 'detached' });
    },
  },
];

/** What a manager and a cashier see of it. */
export const CUSTOMER_SCREENS: Screen[] = [
  {
    name: 'customer-screen',
    show: toCustomerScreen,
    leave: toRegister,
  },
  {
    name: 'customer-pay',
    show: async (counter) => {
      await emptyCart(counter);
      await fill(counter, 2);
      await toQris(counter);
    },
    leave: async (counter) => {
      await counter.at(TEST_IDS.payBack).click();
      await emptyCart(counter);
    },
  },
];
