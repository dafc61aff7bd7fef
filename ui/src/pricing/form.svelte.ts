import type { Part } from './parts';

/** Fields of a part as they are sent. */
export type Fields = Record<string, unknown>;

/** A part in the making: its name, its outlets, and what it states. */
export abstract class PartForm {
  name = $state('');
  outletIds = $state.raw<readonly string[]>([]);
  #before: string | null = null;

  constructor(part: Part | null, outletIds: readonly string[]) {
    this.name = part?.name ?? '';
    this.outletIds = part?.outlet_ids ?? outletIds;
  }

  /** What it states; null while something in the form is missing or wrong. */
  protected abstract content(): Fields | null;

  /** Called when a form is filled, so that it knows what it began with. */
  protected begun(): void {
    this.#before = this.#now();
  }

  /** Everything that is sent; null while something is missing or wrong. */
  get fields(): Fields | null {
    const content = this.content();
    const name = this.name.trim();
    return content === null || name === '' ? null : { name, outlet_ids: this.outletIds, ...content };
  }

  /** As it stands, half typed or whole. */
  #now(): string {
    return JSON.stringify([this.name, this.outletIds, this.content()]);
  }

  get dirty(): boolean {
    return this.#now() !== this.#before;
  }
}
