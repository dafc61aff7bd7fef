// A picture of every screen, theme and language, in the sizes of a small till and a large screen.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TEST_IDS } from '../src/counter';
import { LANGUAGES, look, SCREENS, THEMES } from '../src/screens';
import { setting } from '../src/setting';

const root = process.env.KEDAI_ROOT ?? join(import.meta.dirname, '../../..');
const folder = join(root, 'target/screenshots');
const only = process.env.KEDAI_SCREEN ?? '';
const SIZES = [
  { width: 1024, height: 768 },
  { width: 1920, height: 1080 },
];
const at = setting();

test('every screen', async () => {
  mkdirSync(folder, { recursive: true });
  const { counter, shop, page } = at;
  let taken = 0;
  const shots = async (name: string, themes: string[], locale: string) => {
    for (const theme of themes) {
      await look(counter, shop, { theme });
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await page.waitForFunction(() => [...document.images].every((image) => image.complete));
        await page.screenshot({ path: join(folder, `${name}-${locale}-${theme}-${size.width}x${size.height}.png`) });
        taken += 1;
      }
    }
    await page.setViewportSize(SIZES[0]!);
  };
  await counter.at(TEST_IDS.staff(0)).waitFor();
  await shots('sign-in', THEMES, 'id');
  await counter.signIn(shop.person('manager'));
  await counter.openShift();
  for (const locale of LANGUAGES) {
    await look(counter, shop, { locale });
    for (const screen of SCREENS.filter((screen) => screen.name.includes(only))) {
      await screen.show(counter, shop);
      await shots(screen.name, THEMES, locale);
      await screen.leave?.(counter);
      console.log(`${locale} ${screen.name}: ${taken} pictures so far`);
    }
  }
  expect(taken).toBeGreaterThan(0);
});
