// Whether everybody can use a screen: what axe says of it, and whether its targets are large enough for a finger.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeWindow {
  axe: { run: (options: object) => Promise<AxeResults> };
}

/** What axe finds, and what it is not sure of. */
async function findings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const results = await page.evaluate(() =>
    (window as unknown as AxeWindow).axe.run({ resultTypes: ['violations', 'incomplete'] }),
  );
  expect(results.passes.length).toBeGreaterThan(0);
  const name = (kind: string) => (rule: AxeResults['violations'][number]) =>
    `${kind} ${rule.id}: ${rule.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`;
  return [...results.violations.map(name('violation')), ...results.incomplete.map(name('incomplete'))];
}

/** Targets below 64 CSS pixels in either direction. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const targets = 'button, a[href], input, select, textarea, [role="button"], [role="tab"], [role="option"], summary';
    for (const element of document.querySelectorAll<HTMLElement>(targets)) {
      if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
      // A box inside its label is reached by tapping the label.
      const target = element.closest('label') ?? element;
      const box = target.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      if (box.width < 63.5 || box.height < 63.5) {
        found.push(`${Math.round(box.width)}×${Math.round(box.height)} ${element.outerHTML.slice(0, 140)}`);
      }
    }
    return found;
  });
}

/** Fails with everything that axe finds or is not sure of, and with every target that is too small. */
export async function check(page: Page, name: string) {
  expect(await findings(page), `axe on ${name}`).toEqual([]);
  expect(await smallTargets(page), `targets on ${name}`).toEqual([]);
}
