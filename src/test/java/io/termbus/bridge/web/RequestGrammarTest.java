package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.termbus.bridge.web.RequestGrammar.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RequestGrammarTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n";
    private static final String CHUNKED = GET + "Transfer-Encoding: chunked\r\n\r\n";

    /** All at once, and byte by byte; how many bytes are requests. */
    private static int look(String text) throws MalformedException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int whole = new RequestGrammar().look(Unpooled.copiedBuffer(bytes));
        RequestGrammar slow = new RequestGrammar();
        int each = 0;
        for (byte one : bytes) {
            each += slow.look(Unpooled.wrappedBuffer(new byte[] {one}));
        }
        assertThat(each).isEqualTo(whole);
        return whole;
    }

    private static void refused(String text) {
        assertThatThrownBy(() -> look(text)).as(text).isInstanceOf(MalformedException.class);
        RequestGrammar slow = new RequestGrammar();
        assertThatThrownBy(() -> {
                    for (byte one : text.getBytes(StandardCharsets.ISO_8859_1)) {
                        slow.look(Unpooled.wrappedBuffer(new byte[] {one}));
                    }
                })
                .as(text)
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void requestsThatEverybodyReadsAlikeGoOn() throws Exception {
        for (String good : List.of(
                GET + "\r\n",
                "\r\n" + GET + "\r\n" + GET + "\r\n",
                GET + "Content-Length: 5\r\n\r\nabcde" + GET + "\r\n",
                GET + "content-length:0\r\n\r\n" + GET + "\r\n",
                CHUNKED + "5\r\nabcde\r\n0\r\n\r\n" + GET + "\r\n",
                GET + "Transfer-Encoding:  Chunked \r\n\r\nA\r\n0123456789\r\n00\r\nX-Trailer: b\r\n\r\n",
                CHUNKED + "5;a=b\r\nabcde\r\n0\r\n\r\n",
                CHUNKED + "0000000000000005 \t;a\r\nabcde\r\n0 ;b\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "POST /\u00fc HTTP/1.1\r\nHost: a\r\nX: \u00fc\r\n\r\n")) {
            assertThat(look(good)).as(good).isEqualTo(good.length());
        }
    }

    @Test
    void afterBothLengthsNothingIsARequestAnyMore() throws Exception {
        for (String headers : List.of(
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n")) {
            String first = GET + headers + "\r\n0\r\n\r\n";
            assertThat(look(first + GET + "\r\n")).isEqualTo(first.length());
        }
    }

    @Test
    void whatTwoServersCouldReadDifferentlyIsRefused() {
        for (String header : List.of(
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: chunked;a=b",
                "Transfer-Encoding: , chunked",
                "Transfer-Encoding:",
                "Transfer-Encoding: \u000bchunked",
                "Transfer-Encoding:\r\n chunked",
                "Transfer-Encoding : chunked",
                "Content-Length: 5, 5",
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: +5",
                "Content-Length: -0",
                "Content-Length: -1",
                "Content-Length:",
                "Content-Length: 0x5",
                "Content-Length: 5 5",
                "Content-Length: 5\r\n 5",
                "Content-Length: 99999999999999999999",
                "Content-Length : 5",
                "Content-Length\t: 5",
                "X-A: b\r\n c",
                "X-A: b\r\n\tc",
                "Foo",
                ": foo",
                " X: y",
                "X(: y",
                "X: a\rTransfer-Encoding: chunked",
                "X: a\nTransfer-Encoding: chunked",
                "Host: a",
                "host: b")) {
            refused(GET + header + "\r\n\r\n");
        }
    }

    @Test
    void soAreRequestLinesOfAnotherKind() {
        for (String line : List.of(
                "GET  / HTTP/1.1",
                "GET\t/ HTTP/1.1",
                " GET / HTTP/1.1",
                "GET / HTTP/1.1 ",
                "GET /",
                "G(T / HTTP/1.1",
                "GET / x HTTP/1.1",
                "\u0001GET / HTTP/1.1")) {
            refused(line + "\r\nHost: a\r\n\r\n");
        }
        refused("GET / HTTP/1.1\r\n\r\n");
        refused("GET / HTTP/1.1\nHost: a\n\n");
        refused("GET / HTTP/1.1\r\n Host: a\r\n\r\n");
        refused("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n");
        refused("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n");
    }

    @Test
    void soAreChunksWhoseSizeIsNone() {
        for (String size : List.of("", " 5", "5 ", "5 xyz", "0x5", "+5", "-5", "g", "fffffffff", "5\u0000")) {
            refused(CHUNKED + size + "\r\nabcde\r\n0\r\n\r\n");
        }
        refused(CHUNKED + "5\r\nabcdefg\r\n0\r\n\r\n");
        refused(CHUNKED + "5\nabcde\n0\n\n");
        refused(CHUNKED + "0\r\nfoo bar\r\n\r\n");
    }

    @Test
    void extensionsOfChunksBecomeSpaces() throws Exception {
        String before = CHUNKED + "5;a=b; c=\"d e\"\r\na;b=c\r\n0;x\r\nX: y;z\r\n\r\n";
        ByteBuf bytes = Unpooled.copiedBuffer(before, StandardCharsets.US_ASCII);
        new RequestGrammar().look(bytes);
        assertThat(bytes.toString(StandardCharsets.US_ASCII))
                .isEqualTo(CHUNKED + "5" + " ".repeat(13) + "\r\na;b=c\r\n0  \r\nX: y;z\r\n\r\n");
    }

    @Test
    void aBodyThatIsNoneIsSeenOnlyWhereItsHeadWasBefore() throws Exception {
        RequestGrammar together = new RequestGrammar();
        assertThatThrownBy(() -> together.look(Unpooled.copiedBuffer(CHUNKED + "-1\r\n", StandardCharsets.US_ASCII)))
                .isInstanceOf(MalformedException.class);
        assertThat(together.isUnseen()).isTrue();
        RequestGrammar parted = new RequestGrammar();
        parted.look(Unpooled.copiedBuffer(CHUNKED, StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> parted.look(Unpooled.copiedBuffer("-1\r\n", StandardCharsets.US_ASCII)))
                .isInstanceOf(MalformedException.class);
        assertThat(parted.isUnseen()).isFalse();
    }

    @Test
    void itSaysWhereTheRequestBeganThatIsNone() {
        RequestGrammar grammar = new RequestGrammar();
        String good = GET + "\r\n";
        assertThatThrownBy(() -> grammar.look(Unpooled.copiedBuffer(good + "GET  /", StandardCharsets.US_ASCII)
                        .writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII))))
                .isInstanceOf(MalformedException.class);
        assertThat(grammar.isUnseen()).isTrue();
        assertThat(grammar.began()).isEqualTo(good.length());
    }
}
