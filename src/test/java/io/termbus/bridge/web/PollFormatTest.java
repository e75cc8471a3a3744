package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class PollFormatTest {
    private static final String HOSTILE = "a[\"</script><!--<script>\\\"\\\\u2028'//\"]";

    @ParameterizedTest
    @EnumSource(names = {"HTMLFILE", "JSONP"})
    void aFrameIsAStringOfAScriptAndCannotLeaveIt(PollFormat format) {
        String text = format.framed(HOSTILE, "called");
        String string = text.substring(text.indexOf('"'), text.lastIndexOf('"') + 1);

        assertThat(string).doesNotContain("<");
        assertThat(new JsonArray("[" + string + "]").getString(0)).isEqualTo(HOSTILE);
    }

    @ParameterizedTest
    @EnumSource(names = {"XHR", "XHR_STREAMING", "EVENTSOURCE"})
    void aFrameIsALineAsItIs(PollFormat format) {
        assertThat(format.framed(HOSTILE, "").lines()).anyMatch(line -> line.endsWith(HOSTILE));
    }

    @Test
    void streamsBeginWithWhatBrowsersHoldBack() {
        assertThat(PollFormat.XHR_STREAMING.prelude("")).matches("h{2048}\n");
        assertThat(PollFormat.HTMLFILE.prelude("called"))
                .contains("parent.called;")
                .hasSizeGreaterThan(1024);
        assertThat(PollFormat.XHR.prelude("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a(", "<script>", "a;b", "é", "12345678901234567890123456789012x"})
    void whatIsNoNameIsNoCallback(String name) {
        assertThat(PollFormat.isCallback(name)).isFalse();
        assertThat(PollFormat.isCallback("_jp.a1-B2")).isTrue();
    }
}
