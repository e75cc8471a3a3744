import { App } from './app.js';
import { Dialogs } from './dialogs.js';
import { FlowBoard } from './flow-board.js';
import { FlowIndicator } from './flow-indicator.js';
import { HubApi } from './hub-api.js';
import { HubBus } from './hub-bus.js';
import { LoginForm } from './login-form.js';
import { SessionList } from './session-list.js';
import { SessionPane } from './session-pane.js';
import { TerminalView } from './terminal-view.js';
import { ShareDialog } from './share-dialog.js';
import { ThemeSwitch } from './theme-switch.js';
import { Toasts } from './toasts.js';
import { TouchKeys } from './touch-keys.js';
import { Viewers } from './viewers.js';

/** No iframes and no JSONP: the page's content security policy forbids them. */
const TRANSPORTS = ['websocket', 'xhr-streaming', 'xhr-polling'];

const element = (id) => document.getElementById(id);

/** The hub takes the token out of the URL; should it still be there, it must not stay visible. */
function takeToken() {
  const url = new URL(location.href);
  const token = url.searchParams.get('token');
  if (token !== null) {
    url.searchParams.delete('token');
    history.replaceState(null, '', url);
  }
  return token;
}

const theme = new ThemeSwitch(element('theme'), document.documentElement);
const view = new TerminalView(element('terminal'), theme.current);
theme.addEventListener('change', () => (view.theme = theme.current));

const busUrl = new URL('eventbus', document.baseURI).href;
const bus = new HubBus(() => new globalThis.EventBus(busUrl, { transports: TRANSPORTS }));
const api = new HubApi(bus);
const pane = new SessionPane(api, view, new FlowIndicator(element('flow')), new TouchKeys(element('keys'), view), {
  root: element('pane'),
  title: element('title'),
  subtitle: element('subtitle'),
  size: element('size'),
  fit: element('fit'),
  notice: element('notice'),
  noticeText: element('notice-text'),
  noticeAction: element('notice-action'),
});

const dialogs = new Dialogs({
  create: element('create-dialog'),
  rename: element('rename-dialog'),
  confirm: element('confirm-dialog'),
});
const toasts = new Toasts(element('toasts'));
const confirm = (title, text, action) => dialogs.confirm(title, text, action);

const board = new FlowBoard(api, bus, element('board'), confirm);
element('board-open').addEventListener('click', () => (board.isOpen ? board.close() : board.open(element('board-open'))));
board.addEventListener('open', (event) => (location.hash = event.detail));
board.addEventListener('info', (event) => toasts.info(event.detail));
board.addEventListener('problem', (event) => toasts.error(event.detail));

const viewers = new Viewers(api, element('viewers'), element('viewers-dialog'), confirm);
viewers.addEventListener('problem', (event) => toasts.error(event.detail));
let shown = null;
pane.addEventListener('changed', () => {
  viewers.follow(pane.session, pane.subscriber);
  if (pane.session !== null && pane.session.id !== shown) {
    board.close();
  }
  shown = pane.session?.id ?? null;
});

const list = new SessionList({ list: element('sessions'), count: element('count'), empty: element('no-sessions') });
list.addEventListener('open', () => board.close());

const app = new App(
  {
    bus,
    api,
    view,
    pane,
    list,
    login: new LoginForm(element('login'), element('app')),
    dialogs,
    share: new ShareDialog(element('share-dialog'), api, confirm),
    toasts,
    page: {
      root: element('app'),
      sidebar: element('sidebar'),
      backdrop: element('backdrop'),
      menu: element('menu'),
      create: [element('create'), element('create-first')],
      share: element('share'),
      rename: element('rename'),
      clear: element('clear'),
      kill: element('kill'),
      welcome: element('welcome'),
      connection: element('connection'),
    },
  },
  takeToken(),
);
app.start();

/** For tests and debugging only: nothing in the app reads it. */
Object.defineProperty(window, 'termbus', { value: Object.freeze({ view, bus, pane }) });
