import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Slides } from './slides.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const standing = (slides: Slides) => slides.shown.at(-1)?.id ?? null;

describe('pictures between two sales', () => {
  it('stand as long as it was said, one after another, and begin again', async () => {
    const slides = new Slides((id) => Promise.resolve(`data:${id}`));
    slides.show(['a', 'b', 'c'], 5);
    await later(0);
    const seen = [standing(slides)];
    await later(4_999);
    seen.push(standing(slides));
    await later(1);
    for (let count = 0; count < 3; count += 1) {
      seen.push(standing(slides));
      await later(5_000);
    }
    expect(seen).toEqual(['a', 'a', 'b', 'c', 'a']);
    // The one before lies below, so that the new one fades in above it.
    expect(slides.shown.map((slide) => slide.id)).toEqual(['a', 'b']);
    expect(new Set(slides.shown.map((slide) => slide.turn)).size).toBe(2);
  });

  it('go on undisturbed when the same ones are shown again', async () => {
    const slides = new Slides((id) => Promise.resolve(id));
    slides.show(['a', 'b'], 5);
    await later(3_000);
    slides.show(['a', 'b'], 5);
    await later(2_000);
    expect(standing(slides)).toBe('b');
  });

  it('are one that stays when there is one', async () => {
    const asked: string[] = [];
    const slides = new Slides((id) => (asked.push(id), Promise.resolve(id)));
    slides.show(['a'], 5);
    await later(60_000);
    expect(slides.shown).toHaveLength(1);
    expect(asked).toEqual(['a']);
  });

  it('pass over one that cannot be had, and try it again', async () => {
    let here = false;
    const slides = new Slides((id) => Promise.resolve(id === 'b' && !here ? null : id));
    slides.show(['a', 'b'], 5);
    await later(5_000);
    expect(slides.shown.map((slide) => slide.id)).toEqual(['a']);
    here = true;
    await later(5_000);
    expect(standing(slides)).toBe('b');
  });

  it('come when the engine has them at last', async () => {
    let here = false;
    const slides = new Slides((id) => Promise.resolve(here ? id : null));
    slides.show(['a'], 5);
    await later(5_000);
    expect(slides.shown).toEqual([]);
    here = true;
    await later(5_000);
    expect(standing(slides)).toBe('a');
  });

  it('are gone at once when they are taken off', async () => {
    const slides = new Slides((id) => Promise.resolve(id));
    slides.show(['a', 'b'], 5);
    await later(0);
    slides.show(['b'], 5);
    expect(slides.shown).toEqual([]);
    await later(0);
    expect(standing(slides)).toBe('b');
    slides.show([], 5);
    expect(slides.shown).toEqual([]);
  });

  it('end when nobody looks any more', async () => {
    const slides = new Slides((id) => Promise.resolve(id));
    slides.show(['a', 'b'], 5);
    await later(0);
    slides.end();
    await later(60_000);
    expect(standing(slides)).toBe('a');
    expect(vi.getTimerCount()).toBe(0);
  });
});
