/** Every frame that a page paints, as pictures. */
export class Frames {
  #cdp;
  #pictures = [];

  static async of(page) {
    const frames = new Frames();
    frames.#cdp = await page.context().newCDPSession(page);
    frames.#cdp.on('Page.screencastFrame', ({ data, sessionId }) => {
      frames.#pictures.push(data);
      frames.#cdp.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
    });
    await frames.#cdp.send('Page.startScreencast', { format: 'jpeg', quality: 60, everyNthFrame: 1 });
    return frames;
  }

  async stop() {
    await this.#cdp.send('Page.stopScreencast');
    await this.#cdp.detach();
    return this.#pictures;
  }
}

/**
 * How many pixels of each picture are as bright as text within a box, in thousandths of it.
 *
 * @param canvasPage any page whose content security policy lets pictures be drawn
 */
export function brightness(canvasPage, pictures, box, viewport) {
  return canvasPage.evaluate(
    async ([all, { x, y, width, height }, { width: pageWidth }]) => {
      const counts = [];
      for (const data of all) {
        const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
        const picture = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
        const scale = picture.width / pageWidth;
        const canvas = new OffscreenCanvas(width * scale, height * scale);
        const context = canvas.getContext('2d');
        context.drawImage(picture, -x * scale, -y * scale);
        const { data: pixels } = context.getImageData(0, 0, canvas.width, canvas.height);
        let bright = 0;
        for (let i = 1; i < pixels.length; i += 4) {
          bright += pixels[i] > 110 ? 1 : 0;
        }
        counts.push(Math.round((bright * 4000) / pixels.length));
      }
      return counts;
    },
    [pictures, box, viewport],
  );
}
