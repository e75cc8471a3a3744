import { Announcer } from './announcer.js';
import { App } from './app.js';
import { Bell } from './bell.js';
import { ClipboardGate } from '../../packages/terminal/clipboard-gate.js';
import { ClipboardQuestion } from '../../packages/terminal/clipboard-question.js';
import { tryCopy } from '../../packages/terminal/clipboard.js';
import { Dialogs } from './dialogs.js';
import { FlowBoard } from './flow-board.js';
import { FlowIndicator } from './flow-indicator.js';
import { HubApi } from '../client/hub-api.js';
import { HubBus } from '../client/hub-bus.js';
import { LinkWatch } from '../client/link-watch.js';
import { Links } from '../../packages/terminal/links.js';
import { LoginForm } from './login-form.js';
import { Menu } from './menu.js';
import { OperatorControls } from './operator-controls.js';
import { SearchBar } from './search-bar.js';
import { SessionList } from './session-list.js';
import { SessionPane } from './session-pane.js';
import { Settings } from './settings.js';
import { ShareDialog } from './share-dialog.js';
import { TabStrip } from './tab-strip.js';
import { TerminalActions } from './terminal-actions.js';
import { TerminalControls } from './terminal-controls.js';
import { TerminalView } from '../../packages/terminal/terminal-view.js';
import { ThemeSwitch } from './theme-switch.js';
import { Toasts } from './toasts.js';
import { TouchKeys } from '../../packages/terminal/touch-keys.js';
import { TouchScroll } from '../../packages/terminal/touch-scroll.js';
import { Viewers } from './viewers.js';

/** The transports without iframes and JSONP: the page's content security policy forbids them. */
const TRANSPORTS = ['websocket', 'xhr-streaming', 'xhr-polling'];
/** SockJS gives a transport but a few round trips by itself: a busy machine would lose its WebSocket for nothing. */
const TRANSPORT_MS = 5_000;

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

const settings = new Settings();
const theme = new ThemeSwitch(element('theme'), document.documentElement);
const look = () => ({ theme: theme.current, fontPx: settings.fontPx, screenReader: settings.screenReader });
const toasts = new Toasts(element('toasts'));
const dialogs = new Dialogs({
  create: element('create-dialog'),
  rename: element('rename-dialog'),
  confirm: element('confirm-dialog'),
});
const links = new Links(element('link-hint'), (href) => dialogs.confirm('Open this link?', '', 'Open', href));

const busUrl = new URL('eventbus', document.baseURI).href;
const bus = new HubBus(() => new globalThis.EventBus(busUrl, { transports: TRANSPORTS, timeout: TRANSPORT_MS }));
const api = new HubApi(bus);

let views = 0;
function newView() {
  const host = document.createElement('div');
  host.id = `terminal-${++views}`;
  host.className = 'terminal-host';
  host.setAttribute('role', 'tabpanel');
  host.hidden = true;
  element('terminal').append(host);
  const view = new TerminalView(host, look(), links);
  new TouchScroll(host, (pixels, x, y) => view.scroll(pixels, x, y));
  return view;
}

const touchKeys = new TouchKeys(element('keys'), () => pane.view, () => actions.pasteFromClipboard());
const pane = new SessionPane(api, newView, {
  strip: new TabStrip(element('tabs')),
  flow: new FlowIndicator(element('flow')),
  transform: (text) => touchKeys.apply(text),
  elements: {
    root: element('pane'),
    title: element('title'),
    subtitle: element('subtitle'),
    size: element('size'),
    fit: element('fit'),
    readOnly: element('read-only'),
    recorded: element('recorded'),
    notice: element('notice'),
    noticeText: element('notice-text'),
    noticeAction: element('notice-action'),
    driver: element('driver'),
  },
});
const link = new LinkWatch(bus, () => pane.ask(), { visible: () => !document.hidden });
pane.follow(link);
const actions = new TerminalActions({ pane, api, settings, dialogs, toasts });
const changeLook = () => (pane.look = look());
theme.addEventListener('change', changeLook);
settings.addEventListener('change', changeLook);

const list = new SessionList({ list: element('sessions'), count: element('count'), empty: element('no-sessions'), filter: element('session-filter') });
const confirm = (title, text, action) => dialogs.confirm(title, text, action);

const app = new App(
  {
    bus,
    link,
    api,
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
      kill: element('kill'),
      welcome: element('welcome'),
      connection: element('connection'),
    },
  },
  takeToken(),
);
const question = new ClipboardQuestion(element('clipboard-question'));
new TerminalControls({
  app,
  pane,
  actions,
  settings,
  bell: new Bell(settings),
  gate: new ClipboardGate((wanted) => question.show(wanted), tryCopy, () => actions.copyRefused()),
  search: new SearchBar(element('search'), () => pane.view, () => theme.current),
  menu: new Menu(element('popup')),
  area: element('terminal'),
  more: element('more'),
}).start();
new Announcer(element('announcer'), pane);
new OperatorControls({
  board: new FlowBoard(api, bus, element('board'), confirm),
  opener: element('board-open'),
  viewers: new Viewers(api, element('viewers'), element('viewers-dialog'), confirm),
  pane,
  list,
  toasts,
}).start();
app.start();

/** For tests and debugging only: nothing in the app reads it. */
Object.defineProperty(window, 'termbus', {
  value: Object.freeze({
    bus,
    pane,
    get view() {
      return pane.view;
    },
  }),
});
