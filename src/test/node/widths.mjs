// Writes the width of every code point, as the unicode11 add-on gives it, as one digit each.
import headless from '@xterm/headless';
import unicode11 from '@xterm/addon-unicode11';

const terminal = new headless.Terminal({ allowProposedApi: true });
terminal.loadAddon(new unicode11.Unicode11Addon());
terminal.unicode.activeVersion = '11';
const widths = [];
for (let c = 0; c < 0x110000; c++) widths.push(terminal._core.unicodeService.wcwidth(c));
process.stdout.write(widths.join(''));
