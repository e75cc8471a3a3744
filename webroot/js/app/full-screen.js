import { log } from '../../packages/client/log.js';

/** Fills the screen with the page, or ends it. Escape stays the program's where the browser allows that. */
export async function toggleFullScreen() {
  if (document.fullscreenElement !== null) {
    await document.exitFullscreen();
    return;
  }
  try {
    await document.documentElement.requestFullscreen();
    await navigator.keyboard?.lock(['Escape']);
  } catch (error) {
    log.warn('full screen', error.message);
  }
}
