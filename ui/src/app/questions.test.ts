import { describe, expect, it } from 'vitest';
import { Texts } from '../i18n';
import { Questions } from './questions.svelte';

const asked = (title: string) => ({ title, text: '', confirm: '', danger: false });

describe('questions', () => {
  it('are asked one after another, and each is answered by itself', async () => {
    const questions = new Questions(new Texts());
    const first = questions.confirm(asked('first'));
    const second = questions.confirm(asked('second'));
    await expect.poll(() => questions.open?.title).toBe('first');
    questions.open?.answer(true);
    expect(await first).toBe(true);
    await expect.poll(() => questions.open?.title).toBe('second');
    questions.open?.answer(false);
    expect(await second).toBe(false);
    expect(questions.open).toBeNull();
  });

  it('ask in the same words wherever something would be lost', async () => {
    const questions = new Questions(new Texts());
    const leaves = questions.leave();
    await expect.poll(() => questions.open).toMatchObject({ title: 'Leave without saving?', danger: true });
    questions.open?.answer(true);
    expect(await leaves).toBe(true);
  });
});
