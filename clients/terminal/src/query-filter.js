/** Window reports (CSI Ps t): 11 state, 13 position, 14–16 pixels, 18–19 cells, 20–21 icon and title. */
const WINDOW_REPORTS = new Set([11, 13, 14, 15, 16, 18, 19, 20, 21]);
/** OSC that set a colour or, with `?`, ask for it. */
const COLOUR_OSC = [4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];

/**
 * Makes a terminal swallow the queries that it would answer: the hub answers each of them once,
 * however many clients are attached. What the user types is not affected.
 *
 * @param parser the `parser` of an xterm.js terminal
 */
export function swallowQueries(parser) {
  const swallow = () => true;
  for (const prefix of ['', '>', '=']) {
    parser.registerCsiHandler({ prefix, final: 'c' }, swallow); // DA1, DA2, DA3
  }
  for (const prefix of ['', '?']) {
    parser.registerCsiHandler({ prefix, final: 'n' }, swallow); // DSR
    parser.registerCsiHandler({ prefix, intermediates: '$', final: 'p' }, swallow); // DECRQM
  }
  parser.registerCsiHandler({ prefix: '>', final: 'q' }, swallow); // XTVERSION
  parser.registerCsiHandler({ prefix: '?', final: 'u' }, swallow); // kitty keyboard query
  parser.registerCsiHandler({ final: 'x' }, swallow); // DECREQTPARM
  parser.registerCsiHandler({ prefix: '?', final: 'S' }, swallow); // XTSMGRAPHICS, which the image add-on answers
  parser.registerCsiHandler({ final: 't' }, (params) => WINDOW_REPORTS.has(params[0]));
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow); // DECRQSS
  parser.registerDcsHandler({ intermediates: '+', final: 'q' }, swallow); // XTGETTCAP
  parser.registerOscHandler(52, (data) => data.split(';')[1] === '?'); // a program reads the clipboard
  for (const code of COLOUR_OSC) {
    parser.registerOscHandler(code, (data) => data.split(';').includes('?'));
  }
}
