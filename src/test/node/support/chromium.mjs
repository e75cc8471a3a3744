import { chromium } from 'playwright-core';

/** Chromium without a window. TERMBUS_CHROMIUM says which, /usr/bin/chromium if not set. */
export function launchChromium() {
  return chromium.launch({
    executablePath: process.env.TERMBUS_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--headless=new',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
