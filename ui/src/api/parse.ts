import * as v from 'valibot';
import type { Command, Output } from './api';
import { CommandError } from './errors';
import { appStateSchema, cartSchema } from './schema';

const SCHEMAS: Partial<Record<Command, v.GenericSchema<unknown, unknown>>> = {
  'app.state': appStateSchema,
  'app.settings': appStateSchema,
  'enrol.start': appStateSchema,
  'staff.sign_in': appStateSchema,
  'staff.sign_out': appStateSchema,
  'drawer.open': appStateSchema,
  'register.cart': cartSchema,
  'register.scan': cartSchema,
  'register.add_item': cartSchema,
  'register.set_quantity': cartSchema,
  'register.remove_line': cartSchema,
  'register.set_note': cartSchema,
  'register.set_discount': cartSchema,
  'register.set_price': cartSchema,
  'register.set_terms': cartSchema,
  'register.undo': cartSchema,
  'register.void': cartSchema,
  'register.hold': cartSchema,
  'register.recall': cartSchema,
};

/** Reads the engine's answer: state and cart field by field, every other answer as the generated type says. */
export function readOutput<C extends Command>(command: C, raw: unknown): Output<C> {
  const schema = SCHEMAS[command];
  if (!schema) return raw as Output<C>;
  const parsed = v.safeParse(schema, raw);
  if (parsed.success) return parsed.output as Output<C>;
  const issue = parsed.issues[0];
  const place = v.getDotPath(issue) ?? 'answer';
  throw new CommandError('engine_garbled', `${command}: ${place}: ${issue.message}`);
}
