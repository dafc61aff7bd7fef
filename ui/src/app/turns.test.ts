import { expect, it } from 'vitest';
import { Turns } from './turns';

it('answers in the order of the taps, whatever takes longer', async () => {
  const turns = new Turns();
  const order: string[] = [];
  let finishFirst = () => {};
  const first = turns.run(
    () =>
      new Promise<void>((resolve) => {
        finishFirst = () => {
          order.push('first');
          resolve();
        };
      }),
  );
  const second = turns.run(async () => void order.push('second'));
  await Promise.resolve();
  expect(order).toEqual([]);
  finishFirst();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
});

it('goes on after a step that failed', async () => {
  const turns = new Turns();
  const failed = turns.run(() => Promise.reject(new Error('refused')));
  const next = turns.run(() => Promise.resolve('done'));
  await expect(failed).rejects.toThrow('refused');
  expect(await next).toBe('done');
});
