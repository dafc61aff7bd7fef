/** Runs steps one after the other, in the order they were asked for; a step that fails does not stop the next. */
export class Turns {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(step: () => Promise<T>): Promise<T> {
    const next = this.#tail.then(step, step);
    this.#tail = next.catch(() => undefined);
    return next;
  }
}
