import { hoursOf, timeText } from './moments';
import type { Schedule } from './parts';

/** Hours and weekdays as they stand in a form. */
export interface WhenForm {
  weekdays: number[];
  from: string;
  until: string;
}

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

export function whenOf(schedule: Schedule): WhenForm {
  const hours = schedule.minutes;
  return {
    weekdays: [...schedule.weekdays],
    from: hours ? timeText(hours[0]) : '',
    until: hours ? timeText(hours[1]) : '',
  };
}

/** The schedule with what the form says; dates and seasons stay. Null when the hours are none. */
export function withWhen(schedule: Schedule, form: WhenForm): Schedule | null {
  const minutes = hoursOf(form.from, form.until);
  if (minutes === 'wrong') return null;
  return { ...schedule, weekdays: [...form.weekdays].sort((a, b) => a - b), minutes };
}

export const ALWAYS: Schedule = { from: null, until: null, weekdays: [], minutes: null, season: null };
