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

describe('the code that the customer scans', () => {
  it('is asked for at once and taken away when the pane is left', async () => {
    const { code, asked } = coded();
    code.show('qris', '25000 IDR');
    await later(0);
    expect(code.qr?.amount).toBe('25000 IDR');
    code.show('qris', '25000 IDR');
    code.drop();
    expect(code.qr).toBeNull();
    await later(0);
    code.drop();
    await later(1_000);
    expect(asked()).toEqual(['25000', '-']);
  });

  it('is taken away when the amount changes, and asked for only with the newest one', async () => {
    const { code, asked } = coded();
    code.show('qris', '25000 IDR');
    await later(0);
    for (const amount of ['1', '10', '100', '10000']) {
      code.show('qris', `${amount} IDR`);
      expect(code.qr).toBeNull();
      await later(100);
    }
    await later(300);
    expect(code.qr?.amount).toBe('10000 IDR');
    expect(asked()).toEqual(['25000', '-', '10000']);
  });

  it('never shows the answer for an amount that is not wanted any more', async () => {
    const answers: ((asked: AskedQrView) => void)[] = [];
    const { code, asked } = coded(() => new Promise((done) => answers.push(done)));
    code.show('qris', '25000 IDR');
    await later(0);
    code.show('viet_qr', '30000 IDR');
    await later(1_000);
    // One thing at a time: the engine has not answered the first yet.
    expect(asked()).toEqual(['25000']);
    answers[0]?.(qrOf({ kind: 'qris', amount: '25000 IDR' }));
    await later(300);
    expect(code.qr).toBeNull();
    expect(asked()).toEqual(['25000', '-', '30000']);
    answers[1]?.(qrOf({ kind: 'viet_qr', amount: '30000 IDR' }));
    await later(0);
    expect(code.qr?.kind).toBe('viet_qr');
  });

  it('is no code for means that have none, or without an amount', async () => {
    const { code, asked } = coded();
    code.show('card', '25000 IDR');
    code.show('cash', '25000 IDR');
    code.show('qris', null);
    await later(1_000);
    expect(asked()).toEqual([]);
    code.show('qris', '25000 IDR');
    await later(0);
    code.show('card', '25000 IDR');
    await later(0);
    expect(asked()).toEqual(['25000', '-']);
  });

  it('is simply not there when the shop has none, or the engine fails', async () => {
    const { code } = coded(() => ({ qr: null, is_shown: false }));
    code.show('qris', '25000 IDR');
    await later(0);
    expect(code.qr).toBeNull();
    const broken = coded(() => {
      throw refusal('internal');
    });
    delete broken.api.answers['customer_screen.drop_qr'];
    broken.code.show('qris', '25000 IDR');
    await later(0);
    broken.code.show('qris', '30000 IDR');
    await later(300);
    broken.code.drop();
    await later(0);
    expect(broken.code.qr).toBeNull();
    expect(broken.asked()).toEqual(['25000', '-', '30000', '-']);
  });
});
