import { fromThousandths, left, thousandths } from '../register/quantity';

export { left };

/** One piece more of what comes back, up to all that is left; what is left of a weighed line is one step. */
export function stepUp(chosen: string, most: string): string {
  const next = (Math.floor(thousandths(chosen) / 1_000) + 1) * 1_000;
  return fromThousandths(Math.min(next, thousandths(most)));
}

/** One piece less, down to none. */
export function stepDown(chosen: string): string {
  const next = (Math.ceil(thousandths(chosen) / 1_000) - 1) * 1_000;
  return fromThousandths(Math.max(next, 0));
}

/** A quantity within what is left. */
export function within(quantity: string, most: string): string {
  return fromThousandths(Math.min(Math.max(thousandths(quantity), 0), thousandths(most)));
}

/** Whether there is any of it. */
export function isSome(quantity: string): boolean {
  return thousandths(quantity) > 0;
}
