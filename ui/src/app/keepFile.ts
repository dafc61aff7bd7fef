import type { FileView } from '../api/bindings/FileView';
import { bytesOf } from './base64';

/** How long the browser may take to read what it keeps. */
const KEPT_MS = 60_000;

/** Hands a file to the browser, or the window, which puts it with the downloads. */
export function keepBytes(name: string, mime: string, bytes: Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: mime }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** As {@link keepBytes}, for a file of the engine. */
export function keepFile({ name, mime, base64 }: FileView): void {
  keepBytes(name, mime, bytesOf(base64));
}
