// What a test file stands on: one shop, one browser, one page; gone afterwards.
import { afterAll, beforeAll, expect } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { launch } from './browser.mjs';
import { Counter } from './counter';
import { Shop, type ShopOptions } from './shop.mjs';

export interface Setting {
  shop: Shop;
  browser: Browser;
  page: Page;
  counter: Counter;
}

/** Opens a shop and its screens before the tests of a file, and closes them after. */
export function setting(options: ShopOptions & { width?: number; height?: number } = {}): Setting {
  const made = {} as Setting;
  const faults: string[] = [];
  beforeAll(async () => {
    made.shop = await Shop.open(options);
    made.browser = await launch();
    const viewport = { width: options.width ?? 1024, height: options.height ?? 768 };
    made.page = await made.browser.newPage({ viewport, reducedMotion: 'reduce' });
    made.page.setDefaultTimeout(15_000);
    made.page.on('pageerror', (error) => faults.push(String(error)));
    made.counter = new Counter(made.page);
    await made.page.goto(made.shop.url);
  });
  afterAll(async () => {
    await made.browser?.close();
    await made.shop?.close();
    expect(faults, 'errors in the page').toEqual([]);
  });
  return made;
}
