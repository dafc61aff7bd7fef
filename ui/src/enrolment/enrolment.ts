import * as v from 'valibot';
import type { EnrolInput } from '../api/bindings/EnrolInput';

/** The address as a person types it: without a scheme it is taken for https, on this machine or network for http. */
export function serverAddress(typed: string): string | null {
  const text = typed.trim();
  if (text === '' || /\s/.test(text)) return null;
  const bare = !/^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const near = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(text);
  try {
    const url = new URL(bare ? `${near ? 'http' : 'https'}://${text}` : text);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
    return url.href.replace(/\/+$/, '');
  } catch {
    return null;
  }
}

const schema = v.object({
  server: v.pipe(
    v.string(),
    v.transform((typed) => serverAddress(typed)),
    v.string(),
  ),
  code: v.pipe(v.string(), v.trim(), v.toUpperCase(), v.regex(/^[0-9A-Z-]{4,32}$/)),
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64)),
});

export type EnrolmentField = 'server' | 'code' | 'name';
export type CheckedEnrolment = { ok: true; input: EnrolInput } | { ok: false; wrong: EnrolmentField[] };

/** Reads the form; says which fields cannot be. */
export function checkEnrolment(form: Record<EnrolmentField, string>): CheckedEnrolment {
  const parsed = v.safeParse(schema, form);
  if (parsed.success) {
    const { server, code, name } = parsed.output;
    return { ok: true, input: { server_url: server, pairing_code: code, device_name: name } };
  }
  const wrong = new Set(parsed.issues.map((issue) => v.getDotPath(issue) as EnrolmentField));
  return { ok: false, wrong: [...wrong] };
}
