import { describe, expect, it } from 'vitest';
import type { PricingAsk } from '../api/bindings/PricingAsk';
import { refusal } from '../testing/fakeApi';
import { prices } from '../testing/prices';
import { pastCost, pastGiven } from './past.svelte';

const NOW = Date.UTC(2026, 10, 30, 5);
const DAYS = { from: '2026-11-24', until: '2026-11-30' };
const NO_COST = { orders: 0, touched: 0, unknown: 0, cut: false, takings: [], cost: [], promotions: [], days: [] };
const NO_GIVEN = { from: '2026-11-24', to: '2026-11-30', totals: [], promotions: [], rows: [] };

const answers = (ask: PricingAsk) => ({ simulate: NO_COST, given: NO_GIVEN })[ask.ask as 'simulate' | 'given'];

describe('past sales', () => {
  it('are those of the last seven days unless others are typed', async () => {
    const { app, api, prices: page } = await prices(answers);
    await page.load();
    const cost = pastCost(app, page, page.parts[0]!, NOW);
    const given = pastGiven(app, page, NOW);
    await cost.run();
    await given.run();
    expect(api.inputs('pricing.ask').slice(-2)).toEqual([
      { ask: 'simulate', id: 'k1', ...DAYS },
      { ask: 'given', ...DAYS },
    ]);
    expect([cost.answer, given.answer]).toEqual([NO_COST, NO_GIVEN]);
    given.from = '2026-11-30';
    await given.run();
    expect(api.inputs('pricing.ask').at(-1)).toEqual({ ask: 'given', from: '2026-11-30', until: '2026-11-30' });
  });

  it('are not asked for by days that cannot be', async () => {
    const { app, api, prices: page } = await prices(answers);
    const given = pastGiven(app, page, NOW);
    for (const until of ['2026-11-01', '2026-11-31', '30.11.2026', '']) {
      given.until = until;
      await given.run();
      expect(given.ready, until).toBe(false);
    }
    expect(api.inputs('pricing.ask')).toEqual([]);
  });

  it('say why there is no answer, and come back', async () => {
    let reachable = false;
    const { app, prices: page } = await prices((ask) => {
      if (!reachable) throw refusal('server_unreachable');
      return answers(ask);
    });
    const given = pastGiven(app, page, NOW);
    await given.run();
    expect([given.problem, given.answer, given.ready]).toEqual([expect.any(String), null, true]);
    reachable = true;
    await given.run();
    expect([given.problem, given.answer]).toEqual([null, NO_GIVEN]);
  });

  it('say so when the answer is none', async () => {
    const { app, prices: page } = await prices(() => ({ ...NO_GIVEN, rows: [{ name: 'Sore' }] }));
    const given = pastGiven(app, page, NOW);
    await given.run();
    expect([given.problem, given.answer]).toEqual([expect.any(String), null]);
  });
});

describe('the report of promotions', () => {
  it('takes the place of what was open, and gives it back to what is opened next', async () => {
    const { app, prices: page } = await prices(answers);
    await page.load();
    await page.open(page.parts[0]!);
    page.unsaved = () => true;
    const shown = page.showGiven();
    await expect.poll(() => app.questions.open !== null).toBe(true);
    app.questions.open?.answer(true);
    expect(await shown).toBe(true);
    expect([page.chosen.name, page.part]).toEqual(['given', null]);
    page.unsaved = () => false;
    await page.show('campaigns');
    expect(page.chosen.name).toBe('none');
  });
});
