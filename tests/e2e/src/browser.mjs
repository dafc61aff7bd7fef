// Debian's Chromium, without its own traffic.
import { chromium } from 'playwright-core';

export function launch(options = {}) {
  return chromium.launch({
    executablePath: process.env.KEDAI_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--font-render-hinting=none',
    ],
    ...options,
  });
}
