import type { FileView } from '../api/bindings/FileView';
import { bytesOf } from './base64';

/** How long the browser may take to read what it keeps. */
const KEPT_MS = 60_000;

/** Hands a file to the browser, or the window, which puts it with the downloads. */
export function keepFile(file: FileView): void {
  const url = URL.createObjectURL(new Blob([bytesOf(file.base64)], { type: file.mime }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
