import * as v from 'valibot';
import type { Api, ChangeListener, Command, Input, Output } from './api';
import { WORDS } from './bindings/words';
import { CommandError, readError } from './errors';
import { readOutput } from './parse';
import { changedSchema } from './schema';

/** Over HTTP: `POST /rpc/<command>`, and changes as an event stream. */
export function httpApi(base = ''): Api {
  return {
    async call<C extends Command>(command: C, input: Input<C>): Promise<Output<C>> {
      let response: Response;
      let body: unknown;
      try {
        response = await fetch(`${base}/rpc/${command}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          credentials: 'same-origin',
          body: JSON.stringify(input),
        });
        body = await response.json();
      } catch (cause) {
        throw new CommandError('engine_gone', cause instanceof Error ? cause.message : 'no answer');
      }
      if (!response.ok) throw readError(body);
      return readOutput(command, body);
    },
    onChanged(listener: ChangeListener) {
      const stream = new EventSource(`${base}/events`, { withCredentials: true });
      let lost = false;
      stream.addEventListener('changed', (event: MessageEvent<string>) => {
        const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), changedSchema), event.data);
        listener(parsed.success ? parsed.output.what : WORDS);
      });
      stream.addEventListener('error', () => (lost = true));
      // Whatever happened while the stream was away is asked for again.
      stream.addEventListener('open', () => {
        if (lost) listener(WORDS);
        lost = false;
      });
      return () => stream.close();
    },
  };
}
