// A manager makes the shop's own receipt at the till: previewed while it is written, saved for all tills, on paper, and never
// without what the law asks for.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../src/access';
import { TEST_IDS } from '../src/counter';
import { plainTile } from '../src/prices';
import { setting } from '../src/setting';
import { eventually } from '../src/shop.mjs';

const at = setting();
const LEGAL = 'Barang tidak dapat ditukar';

const said = async () => (await at.counter.at(TEST_IDS.layoutsText).textContent()) ?? '';

/** Waits until the preview says so. */
const previewed = (what: string) => eventually(`"${what}" in the preview`, async () => (await said()).includes(what));

test('a cashier does not see the page', async () => {
  const { counter, shop, page } = at;
  await counter.signIn(shop.person('cashier'));
  await counter.go('settings');
  await counter.at(TEST_IDS.nav('page-sync')).waitFor();
  expect(await counter.at(TEST_IDS.nav('page-layouts')).count()).toBe(0);
  await page.evaluate(() => (location.hash = '#/layouts'));
  await counter.tiles().first().waitFor();
  await counter.at(TEST_IDS.signOut).click();
});

test('a manager sees the built-in receipt of this shop and writes its own lines', async () => {
  const { counter, shop } = at;
  await counter.signIn(shop.person('manager'));
  await counter.openShift();
  await counter.go('settings');
  await counter.at(TEST_IDS.nav('page-layouts')).click();
  await counter.at(TEST_IDS.layoutsPaper).waitFor();
  const { outlet } = await shop.rpc('app.state');
  expect(await said()).toContain(outlet.name);
  await counter.at(TEST_IDS.layoutsLines('legal')).fill(LEGAL);
  await counter.at(TEST_IDS.layoutsLines('header')).fill('Buka 24 jam');
  await previewed(LEGAL);
  await previewed('Buka 24 jam');
  await counter.at(TEST_IDS.layoutsCopy).click();
  await previewed('SALINAN');
  await counter.at(TEST_IDS.layoutsCopy).click();
});

test('a logo is taken, made small and shown as the printer dots it', async () => {
  const { counter, page } = at;
  const before = await counter.at(TEST_IDS.layoutsPaper).getAttribute('src');
  const drawn = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 1_600;
    canvas.height = 900;
    const pen = canvas.getContext('2d')!;
    const shade = pen.createLinearGradient(0, 0, 1_600, 0);
    shade.addColorStop(0, 'black');
    shade.addColorStop(1, 'white');
    pen.fillStyle = shade;
    pen.fillRect(0, 0, 1_600, 900);
    return canvas.toDataURL('image/jpeg');
  });
  const buffer = Buffer.from(drawn.split(',')[1] ?? '', 'base64');
  await counter.at(TEST_IDS.layoutsLogoFile).setInputFiles({ name: 'logo.jpg', mimeType: 'image/jpeg', buffer });
  await counter.at(TEST_IDS.layoutsLogo).waitFor();
  await previewed('[picture 384 x 216]');
  expect(await counter.at(TEST_IDS.layoutsPaper).getAttribute('src')).not.toBe(before);
  await counter.at(TEST_IDS.layoutsLogoFile).setInputFiles({
    name: 'logo.png',
    mimeType: 'image/png',
    buffer: Buffer.from('no picture'),
  });
  await counter.at(TEST_IDS.toast).first().waitFor();
  expect(await counter.at(TEST_IDS.layoutsLogo).count()).toBe(1);
});

test('a template begins from the built-in one, and its problems lead to their line', async () => {
  const { counter } = at;
  await counter.at(TEST_IDS.layoutsBegin).click();
  const editor = counter.at(TEST_IDS.layoutsTemplate);
  const builtIn = await editor.inputValue();
  expect(builtIn).toContain('{{ shop.name }}');
  await editor.fill('@center {{ shop.name }}\n{{ nmae }}\n');
  await counter.at(TEST_IDS.layoutsProblem(0)).click();
  const selected = await editor.evaluate((area) => {
    const text = area as HTMLTextAreaElement;
    return text.value.slice(text.selectionStart, text.selectionEnd);
  });
  expect(selected).toBe('{{ nmae }}');
  // The built-in receipt would be printed instead, and the preview shows just that.
  await previewed(LEGAL);
  await editor.fill('@center *** {{ shop.name }} ***\n{{ number }}\n{{ t("receipt-total") }} | {{ total }}\n');
  await previewed('***');
  await previewed(LEGAL);
  expect(await counter.at(TEST_IDS.layoutsProblem(0)).count()).toBe(0);
});

test('everybody can use the page', async () => {
  const { page } = at;
  await check(page, 'layouts with a template');
  const pictures = join(process.env.KEDAI_ROOT ?? join(import.meta.dirname, '../../..'), 'target/screenshots');
  await page.screenshot({ path: join(pictures, 'layouts.png') });
});

test('what was written and not saved is not lost by leaving', async () => {
  const { counter, page } = at;
  await counter.go('register');
  await counter.at(TEST_IDS.cancel).click();
  await page.evaluate(() => (location.hash = '#/orders'));
  await counter.at(TEST_IDS.cancel).click();
  expect(page.url()).toContain('#/layouts');
  expect(await counter.at(TEST_IDS.layoutsLines('legal')).inputValue()).toBe(LEGAL);
});

test('saved it is at headquarters and on the paper of the next sale', async () => {
  const { counter, shop } = at;
  await counter.at(TEST_IDS.layoutsSave).click();
  // Before the answer it counts as not saved, and leaving would be asked about.
  await eventually('the answer', () => counter.at(TEST_IDS.layoutsSave).isEnabled());
  const { outlet } = await shop.rpc('app.state');
  const kept = await eventually('the layouts at headquarters', async () => {
    const { outlets } = await shop.hq('/outlets');
    return outlets.find((each: { outlet_id: string }) => each.outlet_id === outlet.outlet_id)?.layouts;
  });
  expect(kept).toMatchObject({
    legal: [LEGAL],
    header: ['Buka 24 jam'],
    logo: expect.any(String),
  });
  // The till prints by them once the feed brought them, and then shows them as saved.
  await eventually('the layouts at the till', async () => {
    await counter.go('register');
    await counter.go('settings');
    await counter.at(TEST_IDS.nav('page-layouts')).click();
    await counter.at(TEST_IDS.layoutsPaper).waitFor();
    return (await counter.at(TEST_IDS.layoutsLines('legal')).inputValue()) === LEGAL;
  });
  await counter.go('register');
  const { category, sku } = await plainTile(shop);
  await counter.at(TEST_IDS.category(category)).click();
  await counter.at(TEST_IDS.tile(sku)).click();
  await counter.lines().first().waitFor();
  await counter.payExact();
  const number = await counter.at(TEST_IDS.receiptNumber).innerText();
  const paper = await eventually('the receipt', () => shop.paper().find((text) => text.includes(number)));
  expect(paper).toContain('***');
  expect(paper).toContain(LEGAL);
  expect(await counter.at(TEST_IDS.receiptText).innerText()).toContain('***');
  await counter.newSale();
});

test('without the server nothing is saved, and the page says so', async () => {
  const { counter, shop } = at;
  await counter.go('settings');
  await counter.at(TEST_IDS.nav('page-layouts')).click();
  await counter.at(TEST_IDS.layoutsPaper).waitFor();
  await shop.stopServer();
  await counter.at(TEST_IDS.layoutsLines('footer')).fill('Sampai jumpa');
  await previewed('***');
  await counter.at(TEST_IDS.layoutsSave).click();
  await counter.at(TEST_IDS.layoutsRefused).waitFor();
});
