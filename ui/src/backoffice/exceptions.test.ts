import { describe, expect, it } from 'vitest';
import type { ExceptionRow } from '../api/bindings/ExceptionRow';
import type { ExceptionView } from '../api/bindings/ExceptionView';
import { App } from '../app/app.svelte';
import { cartOfOne, FakeApi, refusal, stateWith } from '../testing/fakeApi';
import { Exceptions } from './exceptions.svelte';

const ROW: ExceptionRow = {
  exception_id: 'x1',
  code: 'event_parked',
  reason: 'unknown_item',
  terminal: 'Till 1',
  subject: 'KOTA-T1-000007',
  occurred_at: 0,
  seen: false,
  resolved_at: null,
  resolved_by: null,
};

function view(row: Partial<ExceptionRow>): ExceptionView {
  return { row: { ...ROW, ...row }, can_reapply: true, facts: [], raw: '{}', branch: [], steps: [] };
}

describe('the exceptions inbox', () => {
  it('says that it needs the server when that cannot be reached, and keeps what it showed', async () => {
    let reachable = true;
    const api = new FakeApi({
      'app.state': () => stateWith(cartOfOne()),
      'exceptions.list': () => {
        if (!reachable) throw refusal('server_unreachable');
        return { exceptions: [ROW], open: 1, next_cursor: null };
      },
    });
    const exceptions = new Exceptions(new App(api));
    await exceptions.load();
    reachable = false;
    await exceptions.load();
    expect([exceptions.unreachable, exceptions.rows.length, exceptions.openCount]).toEqual([true, 1, 1]);
    reachable = true;
    await exceptions.load();
    expect(exceptions.unreachable).toBe(false);
  });

  it('marks what was looked at, and settles it with the note', async () => {
    const api = new FakeApi({
      'app.state': () => stateWith(cartOfOne()),
      'exceptions.list': () => ({ exceptions: [ROW], open: 1, next_cursor: null }),
      'exceptions.look': () => view({ seen: true }),
      'exceptions.settle': () => view({ seen: true, resolved_at: 5, resolved_by: 'Sari' }),
    });
    const exceptions = new Exceptions(new App(api));
    await exceptions.load();
    await exceptions.look(ROW);
    expect(exceptions.rows[0]?.seen).toBe(true);
    exceptions.note = '  booked by hand ';
    await exceptions.settle('resolve');
    expect(api.inputs('exceptions.settle')).toEqual([
      { exception_id: 'x1', act: 'resolve', note: 'booked by hand', approval: null },
    ]);
    expect(exceptions.chosen?.row.resolved_by).toBe('Sari');
  });
});
