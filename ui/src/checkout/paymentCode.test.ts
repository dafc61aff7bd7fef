import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AskQrInput } from '../api/bindings/AskQrInput';
import type { AskedQrView } from '../api/bindings/AskedQrView';
import { FakeApi, refusal } from '../testing/fakeApi';
import { PaymentCode } from './paymentCode.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

const qrOf = ({ kind, amount }: AskQrInput): AskedQrView => ({
  qr: { kind, amount, size: 33, path: 'M4 4h1v1h-1z' },
  is_shown: true,
});

function coded(ask: (input: AskQrInput) => AskedQrView | Promise<AskedQrView> = qrOf) {
  const api = new FakeApi({ 'customer_screen.ask_qr': ask, 'customer_screen.drop_qr': () => ({}) });
  const code = new PaymentCode(api);
  /** What the engine was asked, in order: amounts, and `-` for a code that was taken away. */
  const asked = () =>
    api.calls.map((call) =>
      call.command === 'customer_screen.drop_qr' ? '-' : (call.input as AskQrInput).amount.split(' ')[0],
    );
  return { api, code, asked };
}

const fails = (code: 'engine_gone' | 'not_signed_in') => (): never => {
  throw refusal(code);
};

describe('the code that the customer scans', () => {
  it('is asked for at once and taken away when the pane is left', async () => {
    const { code, asked } = coded();
    code.show('qris', '25000 IDR', false);
    await later(0);
    expect(code.qr?.amount).toBe('25000 IDR');
    code.show('qris', '25000 IDR', false);
    code.drop();
    expect(code.qr).toBeNull();
    await later(0);
    code.drop();
    await later(2_000);
    expect(asked()).toEqual(['25000', '-']);
  });

  it('is taken away when the amount is typed, and asked for only with what it comes to', async () => {
    const { code, asked } = coded();
    code.show('qris', '25000 IDR', false);
    await later(0);
    for (const amount of ['1', '10', '100', '10000']) {
      code.show('qris', `${amount} IDR`, true);
      expect(code.qr).toBeNull();
      await later(999);
    }
    expect(asked()).toEqual(['25000', '-']);
    await later(1);
    expect(code.qr?.amount).toBe('10000 IDR');
    // Too much was typed, and erased down to what is half of an amount.
    code.drop();
    await later(0);
    code.show('qris', '1000 IDR', true);
    await later(999);
    code.show('qris', '25000 IDR', false);
    await later(0);
    expect(asked()).toEqual(['25000', '-', '10000', '-', '25000']);
  });

  it('never shows the answer for an amount that is not wanted any more', async () => {
    const answers: ((asked: AskedQrView) => void)[] = [];
    const { code, asked } = coded(() => new Promise((done) => answers.push(done)));
    code.show('qris', '25000 IDR', false);
    await later(0);
    code.show('viet_qr', '30000 IDR', false);
    await later(1_000);
    // One thing at a time: the engine has not answered the first yet.
    expect(asked()).toEqual(['25000']);
    answers[0]?.(qrOf({ kind: 'qris', amount: '25000 IDR' }));
    await later(0);
    expect(code.qr).toBeNull();
    expect(asked()).toEqual(['25000', '-', '30000']);
    answers[1]?.(qrOf({ kind: 'viet_qr', amount: '30000 IDR' }));
    await later(0);
    expect(code.qr?.kind).toBe('viet_qr');
  });

  it('is no code for means that have none, or without an amount', async () => {
    const { code, asked } = coded();
    code.show('card', '25000 IDR', false);
    code.show('cash', '25000 IDR', false);
    code.show('qris', null, false);
    await later(1_000);
    expect(asked()).toEqual([]);
    code.show('qris', '25000 IDR', false);
    await later(0);
    code.show('card', '25000 IDR', false);
    await later(0);
    expect(asked()).toEqual(['25000', '-']);
  });

  it('is simply not there when the shop has none, or the engine fails', async () => {
    const { code } = coded(() => ({ qr: null, is_shown: false }));
    code.show('qris', '25000 IDR', false);
    await later(0);
    expect(code).toMatchObject({ qr: null, had: null });
    const broken = coded(fails('engine_gone'));
    broken.code.show('qris', '25000 IDR', false);
    await later(0);
    broken.code.show('qris', '30000 IDR', false);
    await later(0);
    broken.code.drop();
    await later(0);
    expect(broken.code.qr).toBeNull();
    expect(broken.asked()).toEqual(['25000', '-', '30000', '-']);
  });

  it('keeps its place while it is of another amount, for as long as the shop has one', async () => {
    const { api, code } = coded();
    code.show('qris', '25000 IDR', false);
    await later(0);
    code.show('qris', '10000 IDR', true);
    expect(code).toMatchObject({ qr: null, had: 'qris' });
    api.answers['customer_screen.ask_qr'] = () => ({ qr: null, is_shown: false });
    await later(1_000);
    expect(code.had).toBeNull();
  });
});

describe('a code that stands on the customer’s screen', () => {
  it('is taken away whatever it is when the pay screen opens, and once only', async () => {
    const { code, asked } = coded();
    code.open();
    await later(10_000);
    expect(asked()).toEqual(['-']);
    code.show('qris', '25000 IDR', false);
    await later(0);
    code.open();
    await later(10_000);
    expect(asked()).toEqual(['-', '25000', '-']);
  });

  it('is taken away as soon as the engine is back', async () => {
    const { api, code, asked } = coded();
    code.show('qris', '25000 IDR', false);
    await later(0);
    api.answers['customer_screen.drop_qr'] = fails('engine_gone');
    code.drop();
    await later(4_000);
    expect(asked()).toEqual(['25000', '-', '-', '-']);
    // Nothing else is asked for before that.
    code.show('qris', '30000 IDR', false);
    await later(0);
    expect(asked()).toEqual(['25000', '-', '-', '-', '-']);
    api.answers['customer_screen.drop_qr'] = () => ({});
    await later(2_000);
    expect(asked().slice(5)).toEqual(['-', '30000']);
    expect(code.qr?.amount).toBe('30000 IDR');
    await later(10_000);
    expect(asked()).toHaveLength(7);
  });

  it('is not asked about again and again when nobody is signed in, but once more by who sells next', async () => {
    const { api, code, asked } = coded();
    code.show('qris', '25000 IDR', false);
    await later(0);
    api.answers['customer_screen.drop_qr'] = fails('not_signed_in');
    code.drop();
    await later(10_000);
    expect(asked()).toEqual(['25000', '-']);
    api.answers['customer_screen.drop_qr'] = () => ({});
    code.open();
    await later(10_000);
    expect(asked()).toEqual(['25000', '-', '-']);
  });
});
