// The scale, a scanner on a wire and the customer's display: set up by a manager, then sold with.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { check } from '../src/access';
import { TEST_IDS } from '../src/counter';
import { deviceRow, Devices, deviceTest, toDevices, type Device } from '../src/devices';
import { emptyCart, look, THEMES } from '../src/screens';
import { setting } from '../src/setting';
import { eventually } from '../src/shop.mjs';

const at = setting({ outlet: 'CHO' });
let devices: Devices;

const NAMES: Record<Device, string> = { scale: 'Cân quầy', scanner: 'Máy quét quầy', display: 'Màn hình quầy' };

beforeAll(async () => {
  devices = await Devices.open();
  await at.counter.signIn(at.shop.person('manager'));
  await at.counter.openShift();
});

afterAll(() => devices?.close());

interface Goods {
  category: number;
  sku: string;
  barcode: string;
}

/** Something that asks for nothing but its weight, or for nothing at all. */
async function goods(unit: 'kilogram' | 'piece'): Promise<Goods> {
  const { categories } = await at.shop.rpc('catalogue.grid', { category_id: null });
  for (const [category, { category_id }] of categories.entries()) {
    const { tiles } = await at.shop.rpc('catalogue.grid', { category_id });
    for (const tile of tiles) {
      if (!tile.available || tile.unit !== unit || tile.price === null) continue;
      const { item, groups, variants } = await at.shop.rpc('catalogue.item', { item_id: tile.item_id });
      const barcode = item.barcodes[0];
      if (groups.length === 0 && variants.length === 0 && barcode) return { category, sku: tile.sku, barcode };
    }
  }
  throw new Error(`nothing is sold by the ${unit}`);
}

/** Taps what is weighed. */
async function weighTile() {
  const { counter } = at;
  const { category, sku } = await goods('kilogram');
  await counter.go('register');
  await counter.at(TEST_IDS.category(category)).click();
  await counter.at(TEST_IDS.tile(sku)).click();
  await counter.at(TEST_IDS.dialog).waitFor();
}

const shows = (state: string) =>
  eventually(`the scale says ${state}`, async () => {
    return (await at.counter.at(TEST_IDS.weight).getAttribute('data-state')) === state;
  });

const figure = () => at.counter.at(TEST_IDS.weightFigure).innerText();

/** Whether a line of the cart begins with a quantity, as the screen writes it. */
const holds = (quantity: string) =>
  eventually(`a line of ${quantity}`, async () =>
    (await at.counter.lines().allInnerTexts()).some((text) => text.replace(/\s+/g, ' ').startsWith(quantity)),
  );

test('a manager sets the scale, a scanner and the display up, and each answers', async () => {
  const { counter } = at;
  await toDevices(counter);
  for (const kind of ['scale', 'scanner', 'display'] as const) {
    await counter.at(TEST_IDS.deviceAdd).click();
    await counter.at(TEST_IDS.deviceKind(kind)).click();
    await counter.at(TEST_IDS.deviceName).fill(NAMES[kind]);
    await counter.at(TEST_IDS.deviceTarget).fill(devices.address(kind));
    if (kind === 'scale') await counter.at(TEST_IDS.deviceCapacity).fill('6,5');
    await counter.at(TEST_IDS.deviceKeep).click();
    await counter.at(TEST_IDS.dialog).waitFor({ state: 'detached' });
    const row = deviceRow(counter, NAMES[kind]);
    await eventually(`the ${kind} answers`, async () => (await row.getAttribute('data-condition')) === 'well');
  }
});

test('what the engine refuses is said at its field', async () => {
  const { counter } = at;
  await toDevices(counter);
  await counter.at(TEST_IDS.deviceAdd).click();
  await counter.at(TEST_IDS.deviceKind('scale')).click();
  await counter.at(TEST_IDS.deviceName).fill(NAMES.scanner);
  await counter.at(TEST_IDS.deviceTarget).fill('serial:///dev/ttyS7');
  // Mettler-Toledo leaves the factory with seven bits and even parity.
  await counter.at(TEST_IDS.deviceSuggested).click();
  expect(await counter.at(TEST_IDS.deviceTarget).inputValue()).toBe('serial:///dev/ttyS7?bits=7&parity=even');
  await counter.at(TEST_IDS.deviceKeep).click();
  await eventually('the name is refused', async () => {
    return (await counter.at(TEST_IDS.deviceName).getAttribute('aria-invalid')) === 'true';
  });
  await counter.at(TEST_IDS.deviceName).fill('Cân thứ hai');
  await counter.at(TEST_IDS.deviceKeep).click();
  await counter.at(TEST_IDS.deviceProblem).waitFor();
  await counter.at(TEST_IDS.dialogClose).click();
});

test('a test shows the weight and the scan in the row of the device', async () => {
  const { counter } = at;
  await toDevices(counter);
  await devices.weigh(1_250);
  await deviceTest(counter, NAMES.scale).click();
  await eventually('the weight', async () => (await figure()).includes('1,250'));
  await deviceTest(counter, NAMES.scanner).click();
  await devices.hand('scan', { code: 'KOTA-1' });
  await eventually('the scan', async () => {
    return (await counter.at(TEST_IDS.deviceScanned).innerText()).includes('KOTA-1');
  });
  await deviceTest(counter, NAMES.display).click();
  await eventually('its name', async () => (await devices.display())[1].includes('0123456789'));
});

test('what lies on the scale is sold without its packaging, once it lies at rest', async () => {
  const { counter } = at;
  await devices.weigh(15);
  await weighTile();
  await shows('stable');
  await counter.at(TEST_IDS.tare).click();
  await counter.at(TEST_IDS.tareTaken).waitFor();
  await shows('nothing');
  await devices.hand('weigh', { state: 'moving' });
  await shows('moving');
  expect(await counter.at(TEST_IDS.weightAdd).isDisabled()).toBe(true);
  await devices.weigh(470);
  await eventually('the weight', async () => (await figure()).includes('0,455'));
  await counter.at(TEST_IDS.weightAdd).click();
  await counter.at(TEST_IDS.dialog).waitFor({ state: 'detached' });
  await holds('0,455 kg');
  // The customer sees what it comes to.
  await eventually('the display', async () => /\d/.test((await devices.display())[1]));
});

test('a weight that does not lie there is refused, and the step stays open', async () => {
  const { counter, page } = at;
  const before = await counter.lines().count();
  await page.route('**/rpc/scale.weigh', (route) =>
    route.fulfill({ json: { state: 'stable', grams: 999, quantity: '0.999' } }),
  );
  await weighTile();
  await eventually('the weight', async () => (await figure()).includes('0,999'));
  // The scale was asked for real a moment ago, or not at all: either way 999 g do not lie there.
  await counter.at(TEST_IDS.weightAdd).click();
  await counter.at(TEST_IDS.weightRefused).waitFor();
  await page.unroute('**/rpc/scale.weigh');
  expect(await counter.lines().count()).toBe(before);
  await counter.at(TEST_IDS.dialogClose).click();
});

test('a scale that is silent gives way to the keypad', async () => {
  const { counter } = at;
  await emptyCart(counter);
  await devices.hand('fault', { device: 'scale', fault: 'silent' });
  await weighTile();
  await shows('unreachable');
  await counter.at(TEST_IDS.weightType).click();
  for (const key of ['0', 'point', '5', 'enter']) await counter.at(TEST_IDS.key(key)).click();
  await counter.at(TEST_IDS.dialog).waitFor({ state: 'detached' });
  await holds('0,5 kg');
  await devices.hand('fault', { device: 'scale', fault: 'none' });
});

test('the log says what happened at the devices, and is kept as a file', async () => {
  const { counter, page } = at;
  await toDevices(counter);
  await counter.at(TEST_IDS.deviceLogOpen).click();
  const lines = counter.at(TEST_IDS.deviceLog).locator('li').filter({ hasText: NAMES.scale });
  await lines.first().waitFor();
  const happened = await lines.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-what')));
  // Whether it answers again already is the scale's affair.
  expect(happened.slice(-3)).toEqual(['unwell', 'well', 'set_up']);
  await check(page, 'log of the devices');
  const coming = page.waitForEvent('download');
  await counter.at(TEST_IDS.deviceLogKeep).click();
  const file = await coming;
  expect(file.suggestedFilename()).toMatch(/^devices-\d{4}-\d\d-\d\d\.csv$/);
  const rows = readFileSync(await file.path(), 'utf8')
    .trimEnd()
    .split('\r\n');
  expect(rows[0]).toMatch(/,kind,what,problem$/);
  expect(rows.some((row) => row.includes(NAMES.scale) && row.endsWith('scale,unwell,unreachable'))).toBe(true);
  await counter.at(TEST_IDS.dialogClose).click();
});

test('a scanner on a wire rings up, in order, and tells of an unknown code', async () => {
  const { counter } = at;
  await emptyCart(counter);
  const { barcode } = await goods('piece');
  await devices.hand('scan', { code: barcode });
  await counter.lines().first().waitFor();
  await devices.hand('scan', { code: barcode });
  await devices.hand('scan', { code: '9999999999994' });
  await holds('2 ×');
  await counter.at(TEST_IDS.toast).filter({ hasText: '9999999999994' }).waitFor();
  // What is weighed asks for its weight when it is scanned, too.
  await devices.weigh(300);
  await devices.hand('scan', { code: (await goods('kilogram')).barcode });
  await shows('stable');
  await counter.at(TEST_IDS.weightAdd).click();
  await counter.at(TEST_IDS.dialog).waitFor({ state: 'detached' });
  await holds('0,3 kg');
  await emptyCart(counter);
});

for (const theme of THEMES) {
  test(`everybody can weigh and set a scale up, ${theme}`, async () => {
    const { counter, shop, page } = at;
    await look(counter, shop, { theme });
    await eventually('no message', async () => (await counter.at(TEST_IDS.toast).count()) === 0);
    await toDevices(counter);
    await deviceTest(counter, NAMES.scale).click();
    await shows('stable');
    await check(page, `devices ${theme}`);
    await weighTile();
    await shows('stable');
    await check(page, `weight ${theme}`);
    await counter.at(TEST_IDS.dialogClose).click();
  });
}
