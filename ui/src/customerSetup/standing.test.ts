import { expect, it } from 'vitest';
import { setupOf } from '../testing/customer';
import { standingOf } from './standing';

it.each([
  { standing: 'off', view: setupOf({ setup: { ...setupOf().setup, is_on: false }, is_shown: true }) },
  { standing: 'shown', view: setupOf({ is_shown: true, has_monitor: true }) },
  { standing: 'no_monitor', view: setupOf({ has_monitor: false }) },
  { standing: 'silent', view: setupOf({ has_monitor: true }) },
  { standing: 'no_browser', view: setupOf({ has_monitor: null }) },
])('tells that it is $standing', ({ standing, view }) => expect(standingOf(view)).toBe(standing));
