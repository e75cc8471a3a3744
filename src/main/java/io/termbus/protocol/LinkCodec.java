package io.termbus.protocol;

import io.termbus.protocol.Delivery.Kind;
import io.termbus.protocol.LinkMessage.Ack;
import io.termbus.protocol.LinkMessage.Check;
import io.termbus.protocol.LinkMessage.Checks;
import io.termbus.protocol.LinkMessage.Cleared;
import io.termbus.protocol.LinkMessage.Close;
import io.termbus.protocol.LinkMessage.Closed;
import io.termbus.protocol.LinkMessage.Exited;
import io.termbus.protocol.LinkMessage.Interrupted;
import io.termbus.protocol.LinkMessage.Listens;
import io.termbus.protocol.LinkMessage.Open;
import io.termbus.protocol.LinkMessage.Output;
import io.termbus.protocol.LinkMessage.Position;
import io.termbus.protocol.LinkMessage.Positions;
import io.termbus.protocol.LinkMessage.Removed;
import io.termbus.protocol.LinkMessage.Resized;
import io.termbus.protocol.LinkMessage.Restarted;
import io.termbus.protocol.LinkMessage.State;
import io.termbus.protocol.LinkMessage.StateWanted;
import io.termbus.protocol.LinkMessage.Told;
import io.termbus.protocol.LinkMessage.Typed;
import io.termbus.protocol.LinkMessage.Update;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;

/**
 * The binary form of {@link LinkMessage}s: a byte for the kind, the link's id, the other fields in order, see
 * {@link LinkWriter}. Within a node they go by reference. Stateless; any thread.
 */
final class LinkCodec implements MessageCodec<LinkMessage, LinkMessage> {
    static final String NAME = "termbus-link";

    @Override
    public void encodeToWire(Buffer buffer, LinkMessage message) {
        LinkWriter out = new LinkWriter(buffer);
        if (message instanceof Output it) {
            out.head('o', it).number(it.number()).number(it.offset()).bytes(it.payload());
        } else if (message instanceof Ack it) {
            out.head('a', it).number(it.count());
        } else if (message instanceof Resized it) {
            out.head('r', it).number(it.number()).size(it.cols(), it.rows());
        } else if (message instanceof State it) {
            out.head('s', it)
                    .number(it.offset())
                    .size(it.cols(), it.rows())
                    .flag(it.whole())
                    .bytes(it.payload());
        } else if (message instanceof Checks it) {
            out.head('k', it).number(it.all().size());
            it.all()
                    .forEach(each -> out.text(each.link())
                            .number(each.taken())
                            .flag(each.lossless())
                            .number(each.subscribers()));
        } else if (message instanceof Positions it) {
            out.head('P', it).number(it.all().size());
            it.all().forEach(each -> position(out.text(each.link()), each));
        } else if (message instanceof Position it) {
            position(out.head('p', it), it);
        } else {
            encodeRare(out, message);
        }
    }

    private static void position(LinkWriter out, Position it) {
        out.text(it.address()).number(it.number()).number(it.end());
    }

    private static Position position(String link, LinkReader in) {
        return new Position(link, in.text(), in.number(), in.number());
    }

    private static Check check(LinkReader in) {
        return new Check(in.text(), in.number(), in.flag(), Math.toIntExact(in.number()));
    }

    private static State state(String link, LinkReader in) {
        long offset = in.number();
        int cols = in.size();
        int rows = in.size();
        boolean whole = in.flag();
        return new State(link, offset, cols, rows, in.bytes(), whole);
    }

    private static void encodeRare(LinkWriter out, LinkMessage message) {
        if (message instanceof Open it) {
            out.head('O', it).text(it.session()).text(it.node()).text(it.address());
            out.number(it.from()).flag(it.lossless()).number(it.subscribers());
        } else if (message instanceof Update it) {
            out.head('U', it).flag(it.lossless()).number(it.subscribers());
        } else if (message instanceof Close it) {
            out.head('C', it);
        } else if (message instanceof Listens it) {
            out.head('l', it);
        } else if (message instanceof StateWanted it) {
            out.head('S', it).text(it.session()).number(it.scrollbackLines());
            out.number(it.wantedBytes()).number(it.maxBytes());
        } else if (message instanceof Restarted it) {
            out.head('R', it).number(it.number()).number(it.offset());
        } else if (message instanceof Told it) {
            out.head('N', it).number(it.number()).text(it.kind().name());
            out.number(it.offset()).text(it.body().encode());
        } else if (message instanceof Cleared it) {
            out.head('L', it).number(it.number());
        } else if (message instanceof Interrupted it) {
            out.head('I', it).number(it.number()).text(it.connection());
        } else if (message instanceof Typed it) {
            out.head('T', it).number(it.number()).text(it.connection());
        } else if (message instanceof Exited it) {
            out.head('X', it).number(it.number()).number(it.code()).text(it.signal());
        } else if (message instanceof Removed it) {
            out.head('G', it).number(it.number());
        } else if (message instanceof Closed it) {
            out.head('D', it).number(it.number()).flag(it.shutdown());
        }
    }

    @Override
    public LinkMessage decodeFromWire(int position, Buffer buffer) {
        LinkReader in = new LinkReader(buffer, position);
        char kind = in.kind();
        String link = in.text();
        return switch (kind) {
            case 'o' -> new Output(link, in.number(), in.number(), in.bytes());
            case 'a' -> new Ack(link, in.number());
            case 'r' -> new Resized(link, in.number(), in.size(), in.size());
            case 's' -> state(link, in);
            case 'k' -> new Checks(in.list(LinkCodec::check));
            case 'P' -> new Positions(in.list(each -> position(each.text(), each)));
            case 'p' -> position(link, in);
            case 'O' ->
                new Open(link, in.text(), in.text(), in.text(), in.number(), in.flag(), Math.toIntExact(in.number()));
            case 'U' -> new Update(link, in.flag(), Math.toIntExact(in.number()));
            case 'C' -> new Close(link);
            case 'l' -> new Listens(link);
            case 'S' ->
                new StateWanted(
                        link,
                        in.text(),
                        Math.toIntExact(in.number()),
                        Math.toIntExact(in.number()),
                        Math.toIntExact(in.number()));
            case 'R' -> new Restarted(link, in.number(), in.number());
            case 'N' -> new Told(link, in.number(), Kind.valueOf(in.text()), in.number(), new JsonObject(in.text()));
            case 'L' -> new Cleared(link, in.number());
            case 'I' -> new Interrupted(link, in.number(), in.text());
            case 'T' -> new Typed(link, in.number(), in.text());
            case 'X' -> new Exited(link, in.number(), Math.toIntExact(in.number()), in.optionalText());
            case 'G' -> new Removed(link, in.number());
            case 'D' -> new Closed(link, in.number(), in.flag());
            default -> throw new IllegalArgumentException("no such message of a link: " + kind);
        };
    }

    @Override
    public LinkMessage transform(LinkMessage message) {
        return message;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
