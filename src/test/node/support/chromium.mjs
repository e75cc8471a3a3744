import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/** The hub's login URL, token included; without it there is nothing to test. */
export const LOGIN_URL = process.env.TERMBUS_URL;
if (!LOGIN_URL) {
  console.error('TERMBUS_URL is not set: give the login URL that the hub prints');
  process.exit(2);
}
export const TOKEN = new URL(LOGIN_URL).searchParams.get('token');
export const HOME_URL = new URL('/', LOGIN_URL).href;
/** Where pictures go. */
export const SHOTS =
  process.env.TERMBUS_SCREENSHOTS ?? fileURLToPath(new URL('../../../../target/screenshots', import.meta.url));
mkdirSync(SHOTS, { recursive: true });

/** Chromium without a window; WebGL is drawn by the processor. @param more further options of its command line */
export function launch(more = []) {
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
      ...more,
    ],
  });
}
