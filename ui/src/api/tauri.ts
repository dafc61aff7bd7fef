import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import * as v from 'valibot';
import type { Api, ChangeListener, Command, Input, Output } from './api';
import { WORDS } from './bindings/words';
import { readError } from './errors';
import { readOutput } from './parse';
import { changedSchema } from './schema';

/** In the window: IPC to the engine in the same process. */
export function tauriApi(): Api {
  return {
    async call<C extends Command>(command: C, input: Input<C>): Promise<Output<C>> {
      let raw: unknown;
      try {
        raw = await invoke('rpc', { command, input });
      } catch (cause) {
        throw readError(cause);
      }
      return readOutput(command, raw);
    },
    onChanged(listener: ChangeListener) {
      const ended = listen('changed', (event) => {
        const parsed = v.safeParse(changedSchema, event.payload);
        listener(parsed.success ? parsed.output.what : WORDS);
      });
      return () => void ended.then((end) => end());
    },
  };
}

/** Whether these screens run in the window. */
export function inWindow(): boolean {
  return '__TAURI_INTERNALS__' in globalThis;
}
