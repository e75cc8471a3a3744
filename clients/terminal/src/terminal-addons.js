import { ClipboardAddon } from '@xterm/addon-clipboard';
import { ImageAddon } from '@xterm/addon-image';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { log } from '@termbus/client/src/log.js';

/**
 * Limits of the pictures that programs make a page hold: an image of more pixels is passed over, and of all
 * images of a terminal the oldest go when they take more than that many MB.
 */
const IMAGES = Object.freeze({
  pixelLimit: 4_000_000,
  storageLimit: 32,
  sixelSizeLimit: 8_000_000,
  iipSizeLimit: 8_000_000,
  enableSizeReports: false,
});
/** Matches that are marked and counted; beyond it the count says "more than". */
const MAX_MATCHES = 1_000;

/**
 * Everything that is to be in place before the first output. The add-ons for images and the clipboard
 * would answer queries: the query filter must be registered after them, so that it is asked first.
 *
 * @param links {openText(event, uri), hover(uri), leave()}
 * @param images whether pictures are drawn
 * @param onClipboard takes the text that a program wants on the clipboard
 * @return the search add-on
 */
export function loadAddons(terminal, { links, images, onClipboard }) {
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.loadAddon(
    new WebLinksAddon((event, uri) => links.openText(event, uri), {
      hover: (event, uri) => links.hover(uri),
      leave: () => links.leave(),
    }),
  );
  terminal.loadAddon(new ClipboardAddon(undefined, clipboardProvider(onClipboard)));
  const search = new SearchAddon({ highlightLimit: MAX_MATCHES });
  terminal.loadAddon(search);
  if (images) {
    loadImages(terminal);
  }
  return search;
}

/** Programs write to the clipboard at most, and never wait for it. What they ask is not answered. */
function clipboardProvider(onClipboard) {
  return {
    readText: () => '',
    writeText: (selection, text) => {
      if (text !== '') {
        onClipboard(text);
      }
    },
  };
}

/** The decoders are WebAssembly, which a proxy's content security policy may forbid. */
function loadImages(terminal) {
  try {
    terminal.loadAddon(new ImageAddon({ ...IMAGES }));
  } catch (error) {
    log.warn('no images:', error.message);
  }
}

/** Draws with WebGL, and by the DOM where there is none or its context is lost. To be called once opened. */
export function useWebgl(terminal) {
  let webgl = null;
  const drop = (reason) => {
    log.info('drawing without WebGL:', reason);
    try {
      webgl?.dispose();
    } catch (error) {
      log.warn('WebGL renderer', error.message);
    }
  };
  try {
    webgl = new WebglAddon();
    webgl.onContextLoss(() => drop('context lost'));
    terminal.loadAddon(webgl);
  } catch (error) {
    drop(error.message);
  }
}
