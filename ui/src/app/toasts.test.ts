import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Toasts } from './toasts.svelte';

describe('messages', () => {
  beforeEach(() => vi.useFakeTimers());

  it('go when another screen is shown, but for trouble and what was said on the way', () => {
    const toasts = new Toasts();
    toasts.show('success', 'held', undefined, 1_000);
    toasts.show('error', 'no paper', undefined, 1_000);
    toasts.show('info', 'was written', undefined, 1_900);
    toasts.changeScreen(2_000);
    expect(toasts.shown.map((toast) => toast.text)).toEqual(['no paper', 'was written']);
  });
  it('go by themselves', () => {
    const toasts = new Toasts();
    toasts.show('success', 'held');
    vi.advanceTimersByTime(4_000);
    expect(toasts.shown).toEqual([]);
  });
});
