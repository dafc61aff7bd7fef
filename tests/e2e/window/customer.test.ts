// The customer's own window on the second monitor, which is plugged in and pulled while the till runs.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TEST_IDS } from '../src/counter';
import { eventually, Shop } from '../src/shop.mjs';
import { Display, signIn, Window } from '../src/window';

interface Setup {
  setup: { is_on: boolean; greeting: string };
  asked_at: number | null;
  is_shown: boolean;
  has_monitor: boolean | null;
}

const pictures = join(process.env.KEDAI_ROOT ?? join(import.meta.dirname, '../../..'), 'target/screenshots/window');
let shop: Shop;
let display: Display;
let window: Window;

beforeAll(async () => {
  shop = await Shop.open({ terminal: false });
  display = await Display.ofTwo();
  window = await Window.open(shop, display, ['--server', shop.serverUrl, '--enrol', shop.demo.pairing_code]);
  await window.at(TEST_IDS.staff(0));
  await signIn(window, shop);
});

afterAll(async () => {
  await window?.close();
  display?.close();
  await shop?.close();
});

const look = () => window.command<Setup>('customer_screen.setup', {});

test('nothing is shown on the second monitor before a manager wants it', async () => {
  const before = await eventually('the monitor', async () => {
    const now = await look();
    return now.has_monitor ? now : undefined;
  });
  expect([before.setup.is_on, before.is_shown]).toEqual([false, false]);
});

test('the customer sees the shop once a manager wants it', async () => {
  const { setup } = await look();
  await window.command('customer_screen.save', { ...setup, is_on: true, greeting: 'Selamat datang' });
  await eventually('the window', async () => ((await look()).is_shown ? true : undefined));
  display.picture(join(pictures, 'customer-idle.png'));
});

test('a monitor that is unplugged holds nobody up, and shows it again once it is back', async () => {
  display.unplug();
  await eventually('the pulled plug', async () => ((await look()).has_monitor === false ? true : undefined));
  await window.at(TEST_IDS.signOut);
  const before = (await look()).asked_at ?? 0;
  display.plug();
  await eventually('the window again', async () => {
    const now = await look();
    return now.has_monitor && (now.asked_at ?? 0) > before ? true : undefined;
  });
  display.picture(join(pictures, 'customer-again.png'));
});
