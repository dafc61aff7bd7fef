// A till whose data is damaged or gone says so, makes nothing in its place by itself, and begins anew when a person lets it.
import { existsSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { check } from '../src/access';
import { TEST_IDS } from '../src/counter';
import { DAMAGED, spoil } from '../src/rescue';
import { look, THEMES } from '../src/screens';
import { setting } from '../src/setting';
import { eventually } from '../src/shop.mjs';

const at = setting({ outlet: 'CHO' });

test('a damaged file is said, and what can be read of it is saved beside it', async () => {
  const { counter, page, shop } = at;
  await counter.at(TEST_IDS.staff(0)).waitFor();
  await spoil(counter, shop, 'damaged');
  for (const theme of THEMES) {
    await look(counter, shop, { theme });
    for (const screen of DAMAGED) {
      await screen.show(counter, shop);
      await check(page, `${screen.name} ${theme}`);
      await screen.leave?.(counter);
    }
  }
  const said = await counter.at(TEST_IDS.rescueExported).innerText();
  const file = said.split('\n').at(-1)!;
  expect(existsSync(file), said).toBe(true);
});

test('an empty file in place of the data is said, and stays as it is', async () => {
  const { counter, page, shop } = at;
  await spoil(counter, shop, 'empty');
  expect(await counter.at(TEST_IDS.rescue).innerText()).toContain('T1');
  expect(await counter.at(TEST_IDS.rescueExport).count(), 'there is nothing to save').toBe(0);
  for (const theme of THEMES) {
    await look(counter, shop, { theme });
    await check(page, `rescue-empty ${theme}`);
  }
  expect(statSync(shop.path('terminal/kedai.db')).size).toBe(0);
});

test('a person lets it begin anew: it loads, sells on with new numbers, and headquarters is told', async () => {
  const { counter, shop } = at;
  await counter.at(TEST_IDS.rescueBegin).click();
  await counter.at(TEST_IDS.confirm).click();
  await counter.at(TEST_IDS.staff(0)).waitFor();
  await counter.signIn(shop.person('manager'));
  await counter.openShift('500000');
  const products = await shop.hq('/products?limit=200');
  const plain = products.products.find(
    (one: { unit: string; barcodes: string[] }) => one.unit === 'piece' && one.barcodes?.[0],
  );
  await counter.scan(plain.barcodes[0]);
  await counter.lines().first().waitFor();
  await counter.payExact();
  expect(await counter.at(TEST_IDS.receiptNumber).innerText()).toContain('CHO-T1-001001');
  const told = await eventually('the word at headquarters', async () => {
    const { exceptions } = await shop.hq('/exceptions?open=true');
    return exceptions.length > 0 ? exceptions : undefined;
  });
  expect(told.map((one: { code: string }) => one.code)).toEqual(['journal_restarted']);
});
