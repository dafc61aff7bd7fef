import type { Commands } from './bindings/commands';
import type { WORDS } from './bindings/words';

/** A command of the engine, such as `register.scan`. */
export type Command = keyof Commands;
export type Input<C extends Command> = Commands[C]['input'];
export type Output<C extends Command> = Commands[C]['output'];

/** What changed, as the engine names it. */
export type Word = (typeof WORDS)[number];
export type ChangeListener = (what: readonly Word[]) => void;

/** The one seam between the screens and the engine; the window and the browser each have a transport of their own. */
export interface Api {
  /** Resolves to the engine's answer; rejects with a `CommandError` and nothing else. */
  call<C extends Command>(command: C, input: Input<C>): Promise<Output<C>>;
  /** Calls `listener` whenever something changed; returns what ends it. */
  onChanged(listener: ChangeListener): () => void;
}
