import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScaleView } from '../api/bindings/ScaleView';
import { Till } from '../app/till.svelte';
import { cartOfOne, FakeApi, refusal, stateWith } from '../testing/fakeApi';
import { isWeightRefusal, kilogramsOf, steady, Weighing } from './weighing.svelte';

const NONE: ScaleView = { state: 'none', grams: null, quantity: null };

/** A scale on which `lies` lie, in grams, at rest; null is moving. */
function scale() {
  const at: { lies: number | null; present: boolean } = { lies: 0, present: true };
  const answer = ({ tare_g }: { tare_g: number }): ScaleView => {
    if (!at.present) return NONE;
    if (at.lies === null) return { state: 'moving', grams: null, quantity: null };
    const net = at.lies - tare_g;
    if (net <= 0) return { state: 'nothing', grams: at.lies, quantity: null };
    return { state: 'stable', grams: at.lies, quantity: kilogramsOf(net) };
  };
  const api = new FakeApi({ 'app.state': () => stateWith(cartOfOne()), 'scale.weigh': answer });
  const till = new Till(api);
  till.start();
  return { at, api, weighing: new Weighing(till) };
}

const settled = () => vi.advanceTimersByTimeAsync(0);
const asked = (api: FakeApi) => api.inputs('scale.weigh').length;

describe('weighing', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sells exactly what the scale shows, and only at rest', async () => {
    const { at, api, weighing } = scale();
    const end = weighing.watch();
    await settled();
    expect([weighing.state, weighing.weighed]).toEqual(['nothing', null]);
    at.lies = null;
    api.change('scale');
    await settled();
    expect([weighing.state, weighing.weighed]).toEqual(['moving', null]);
    at.lies = 455;
    api.change('scale');
    await settled();
    expect(weighing.weighed).toEqual({ quantity: '0.455', scale_tare_g: 0 });
    end();
  });

  it('keeps asking every half second while somebody looks, and not a moment longer', async () => {
    const { api, weighing } = scale();
    const end = weighing.watch();
    await vi.advanceTimersByTimeAsync(3_000);
    const before = asked(api);
    expect(before).toBeGreaterThanOrEqual(6);
    end();
    await vi.advanceTimersByTimeAsync(5_000);
    api.change('scale');
    await settled();
    expect(asked(api)).toBe(before);
  });

  it('takes what lies there as packaging and sells the rest', async () => {
    const { at, api, weighing } = scale();
    const end = weighing.watch();
    at.lies = 15;
    api.change('scale');
    await settled();
    weighing.takeTare();
    expect(weighing.weighed, 'the weight of before was with packaging').toBeNull();
    await settled();
    expect([weighing.tareG, weighing.state]).toEqual([15, 'nothing']);
    at.lies = 470;
    api.change('scale');
    await settled();
    expect(weighing.weighed).toEqual({ quantity: '0.455', scale_tare_g: 15 });
    weighing.clearTare();
    await settled();
    expect(weighing.weighed).toEqual({ quantity: '0.47', scale_tare_g: 0 });
    end();
  });

  it('takes nothing as packaging that is not at rest', async () => {
    const { at, weighing } = scale();
    at.lies = null;
    const end = weighing.watch();
    await settled();
    weighing.takeTare();
    expect([weighing.gross, weighing.tareG]).toEqual([null, 0]);
    end();
  });

  it('drops an answer that was asked with another packaging', async () => {
    const { at, api, weighing } = scale();
    at.lies = 100;
    const end = weighing.watch();
    await settled();
    const late: ((view: ScaleView) => void)[] = [];
    api.answers['scale.weigh'] = () => new Promise((resolve) => late.push(resolve));
    api.change('scale');
    weighing.takeTare();
    late[0]?.({ state: 'stable', grams: 100, quantity: '0.1' });
    await settled();
    expect(weighing.weighed).toBeNull();
    expect(api.inputs('scale.weigh').at(-1)).toEqual({ tare_g: 100 });
    late[1]?.({ state: 'nothing', grams: 100, quantity: null });
    await settled();
    expect(weighing.state).toBe('nothing');
    end();
  });

  it('begins anew for the next goods and remembers only that there is a scale', async () => {
    const { at, weighing } = scale();
    at.lies = 200;
    const end = weighing.watch();
    await settled();
    weighing.takeTare();
    end();
    weighing.watch()();
    expect([weighing.hasScale, weighing.state, weighing.tareG, weighing.weighed]).toEqual([true, 'asking', 0, null]);
  });

  it('has nothing to look at without a scale, also when the engine fails', async () => {
    const { at, api, weighing } = scale();
    at.present = false;
    const end = weighing.watch();
    expect(weighing.hasScale, 'nothing is known yet').toBe(false);
    await settled();
    expect([weighing.hasScale, weighing.state]).toEqual([false, 'none']);
    api.answers['scale.weigh'] = () => Promise.reject(refusal('internal'));
    api.change('scale');
    await settled();
    expect(weighing.hasScale).toBe(false);
    end();
  });

  it('forgets the weight when the engine fails', async () => {
    const { at, api, weighing } = scale();
    at.lies = 200;
    const end = weighing.watch();
    await settled();
    api.answers['scale.weigh'] = () => Promise.reject(refusal('internal'));
    api.change('scale');
    await settled();
    expect([weighing.hasScale, weighing.state, weighing.weighed]).toEqual([true, 'unreachable', null]);
    end();
  });

  it('does not ask for the state of the till with every gram', async () => {
    const { api, weighing } = scale();
    const end = weighing.watch();
    await settled();
    const states = api.inputs('app.state').length;
    for (let gram = 0; gram < 20; gram += 1) api.change('scale');
    await settled();
    expect(api.inputs('app.state')).toHaveLength(states);
    end();
  });
});

describe('figures of a scale', () => {
  it('writes grams as kilograms and keeps them as wide as a scale does', () => {
    expect([1, 500, 1_000, 12_345].map(kilogramsOf)).toEqual(['0.001', '0.5', '1', '12.345']);
    expect(['0.001', '0.5', '1', '12.345'].map(steady)).toEqual(['0.001', '0.500', '1.000', '12.345']);
  });

  it('knows which refusals are about the weight', () => {
    expect(isWeightRefusal(refusal('invalid', { reason: 'weight_changed' }))).toBe(true);
    expect(isWeightRefusal(refusal('invalid', { reason: 'scale' }))).toBe(true);
    expect(isWeightRefusal(refusal('invalid', { reason: 'modifiers' }))).toBe(false);
    expect(isWeightRefusal(refusal('store_failed'))).toBe(false);
  });
});
