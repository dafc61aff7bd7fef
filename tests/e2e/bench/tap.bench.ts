// From the tap on a tile to the painted line in the cart, in Chromium over HTTP.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { setting } from '../src/setting';

const at = setting({ outlet: 'CHO' });
const TAPS = 200;

test('tap to painted line', async () => {
  const { counter, shop, page } = at;
  await counter.signIn(shop.person('manager'));
  await counter.openShift();
  const plain: string[] = [];
  const grid = await shop.rpc('catalogue.grid', { category_id: null });
  for (const tile of grid.tiles) if (!tile.asks && tile.available) plain.push(`tile-${tile.sku}`);
  expect(plain.length).toBeGreaterThan(0);
  await counter.tiles().first().waitFor();

  // In the page: the tap is a real click; painted is the frame after the line's text changed. Its floor is a frame alone.
  const samples = await page.evaluate(
    async ([ids, taps]) => {
      const frame = () => new Promise<number>((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
      const total = document.querySelector('[data-testid="cart-total"]');
      const taken: number[] = [];
      const floor: number[] = [];
      for (let tap = 0; tap < taps; tap += 1) {
        const idle = performance.now();
        floor.push((await frame()) - idle);
        const tile = document.querySelector<HTMLElement>(`[data-testid="${CSS.escape(ids[tap % ids.length]!)}"]`);
        if (!tile || !total) throw new Error('no tile or no total');
        const changed = new Promise<void>((done) => {
          const seen = new MutationObserver(() => {
            seen.disconnect();
            done();
          });
          seen.observe(total, { subtree: true, childList: true, characterData: true });
        });
        const start = performance.now();
        tile.click();
        await changed;
        taken.push((await frame()) - start);
      }
      return { taken, floor };
    },
    [plain, TAPS] as const,
  );
  const at95 = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length * 0.95)]!;
  const figures = [
    {
      name: 'tap → cart line painted, p95',
      value: at95(samples.taken),
      unit: 'ms',
      floor: at95(samples.floor),
      floor_name: 'one frame',
      target: 100,
    },
  ];
  const out = join(process.env.KEDAI_ROOT ?? join(import.meta.dirname, '../../..'), 'target/bench');
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'tap.json'), JSON.stringify(figures, null, 2));
  const [figure] = figures;
  console.log(`${figure!.name}: ${figure!.value.toFixed(1)} ms (floor ${figure!.floor.toFixed(1)} ms, target 100 ms), ${TAPS} taps`);
});
