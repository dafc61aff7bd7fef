import { describe, expect, it } from 'vitest';
import { Till } from '../app/till.svelte';
import { cartOfOne, FakeApi, stateWith } from '../testing/fakeApi';
import { WiredScans } from './wired';

const settled = () => new Promise((resolve) => setTimeout(resolve));

function scanner(take: NonNullable<FakeApi['answers']['scanner.take']>) {
  const at = { here: true };
  const api = new FakeApi({ 'app.state': () => stateWith(cartOfOne()), 'scanner.take': take });
  const till = new Till(api);
  till.start();
  const heard: string[] = [];
  const wired = new WiredScans(
    till,
    (code) => heard.push(code),
    () => at.here,
  );
  return { at, api, heard, end: wired.listen() };
}

describe('scanners on a wire', () => {
  it('hands codes on as a keyboard scanner would have typed them', async () => {
    const { api, heard } = scanner(() => ({ codes: [']E08992761111113', 'KOTA-T3-000123 ', ']E0'] }));
    api.change('scan');
    await settled();
    expect(heard).toEqual(['8992761111113', 'KOTA-T3-000123']);
  });

  it('keeps the order also when an answer is late', async () => {
    const answers: ((codes: string[]) => void)[] = [];
    const { api, heard } = scanner(() => new Promise((resolve) => answers.push((codes) => resolve({ codes }))));
    api.change('scan');
    api.change('scan', 'scale');
    await settled();
    expect(answers).toHaveLength(1);
    answers[0]?.(['first', 'second']);
    await settled();
    answers[1]?.(['third']);
    await settled();
    expect(heard).toEqual(['first', 'second', 'third']);
  });

  it('leaves the codes to the window that somebody works in', async () => {
    const { at, api, heard, end } = scanner(() => ({ codes: ['123'] }));
    at.here = false;
    api.change('scan');
    api.change('cart');
    await settled();
    expect(api.inputs('scanner.take')).toEqual([]);
    at.here = true;
    api.change('scan');
    await settled();
    expect(heard).toEqual(['123']);
    end();
    api.change('scan');
    await settled();
    expect(heard).toEqual(['123']);
  });

  it('goes on after the engine was away, and asks for no state because of a scan', async () => {
    let away = true;
    const { api, heard } = scanner(() => (away ? Promise.reject(new Error('gone')) : { codes: ['123'] }));
    await settled();
    const states = api.inputs('app.state').length;
    api.change('scan');
    await settled();
    away = false;
    api.change('scan');
    await settled();
    expect(heard).toEqual(['123']);
    expect(api.inputs('app.state')).toHaveLength(states);
  });
});
