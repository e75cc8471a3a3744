package io.termbus.vt.keys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCodesTest {
    private static String plain(String name) {
        return KeyCodes.of(name, false, false).orElseThrow().replace('\u001b', '!');
    }

    @ParameterizedTest
    @CsvSource({
        "Up, ![A",
        "down, ![B",
        "Right, ![C",
        "Left, ![D",
        "Home, ![H",
        "End, ![F",
        "IC, ![2~",
        "Insert, ![2~",
        "DC, ![3~",
        "Delete, ![3~",
        "PPage, ![5~",
        "PageUp, ![5~",
        "PgUp, ![5~",
        "NPage, ![6~",
        "PageDown, ![6~",
        "PgDn, ![6~",
        "F1, !OP",
        "F4, !OS",
        "F5, ![15~",
        "F10, ![21~",
        "F12, ![24~",
        "BTab, ![Z",
        "S-Tab, ![Z",
        "Escape, !",
        "M-Escape, !!",
        "M-x, !x",
        "M-S-x, !X",
        "S-Up, ![1;2A",
        "M-Up, ![1;3A",
        "C-Up, ![1;5A",
        "C-M-S-Up, ![1;8A",
        "S-M-C-End, ![1;8F",
        "C-F1, ![1;5P",
        "S-F5, ![15;2~",
        "C-DC, ![3;5~",
        "é, é",
        "日, 日",
        "-, -",
        "^, ^",
        "KP5, 5",
        "KP*, *",
    })
    void aNameIsWhatXtermSendsForTheKey(String name, String code) {
        assertThat(plain(name)).isEqualTo(code);
    }

    @Test
    void controlsAreTheCharactersThatCtrlMakes() {
        assertThat(plain("C-a")).isEqualTo("\u0001");
        assertThat(plain("C-A")).isEqualTo("\u0001");
        assertThat(plain("^c")).isEqualTo("\u0003");
        assertThat(plain("^?")).isEqualTo("\u007f");
        assertThat(plain("C-\\")).isEqualTo("\u001c");
        assertThat(plain("C-_")).isEqualTo("\u001f");
        assertThat(plain("C-M-z")).isEqualTo("!\u001a");
        assertThat(plain("C-Space")).isEqualTo("\0");
        assertThat(plain("Space")).isEqualTo(" ");
        assertThat(plain("Tab")).isEqualTo("\t");
        assertThat(plain("Enter")).isEqualTo("\r");
        assertThat(plain("M-Enter")).isEqualTo("!\r");
        assertThat(plain("BSpace")).isEqualTo("\u007f");
        assertThat(plain("C-BSpace")).isEqualTo("\b");
        assertThat(plain("KPEnter")).isEqualTo("\r");
    }

    @Test
    void theModesOfTheProgramDecide() {
        assertThat(KeyCodes.of("Up", true, false)).contains("\u001bOA");
        assertThat(KeyCodes.of("Home", true, false)).contains("\u001bOH");
        assertThat(KeyCodes.of("S-Up", true, false)).contains("\u001b[1;2A");
        assertThat(KeyCodes.of("KP5", false, true)).contains("\u001bOu");
        assertThat(KeyCodes.of("KPEnter", false, true)).contains("\u001bOM");
        assertThat(KeyCodes.of("Up", false, true)).contains("\u001b[A");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ls", "Entre", "F0", "F13", "C-", "C-C-a", "C-é", "S-1", "X-a", "^Up", "C-KP5", "\ud800"})
    void whatIsNoKeyIsNone(String name) {
        assertThat(KeyCodes.of(name, false, false)).isEmpty();
    }
}
