package io.termbus.bridge;

import io.netty.buffer.ByteBuf;
import io.termbus.protocol.Delivery;
import io.vertx.core.buffer.Buffer;

/** A frame that waits to be written. */
sealed interface Outgoing {
    /** What an object costs besides its bytes, so that many tiny frames count too. */
    int OVERHEAD_BYTES = 128;

    /** What the frame counts against {@code connection.maxUnflushedBytes} while it waits. */
    int weight();

    /** It waits; bytes of memory that nobody held before. {@link #letGo} must follow. */
    default int hold() {
        return weight();
    }

    /** It waits no more; bytes of memory that nobody holds now. */
    default int letGo() {
        return weight();
    }

    /** It leaves for the client, or never will. */
    default void leaves() {}

    private static int bytes(Delivery.Counted delivery, boolean alone) {
        return OVERHEAD_BYTES + (alone ? delivery.payload().length() : 0);
    }

    /**
     * A reply, error or notice: small, so it waits as JSON.
     *
     * @param gone run when it leaves
     */
    record Encoded(Buffer json, Runnable gone) implements Outgoing {
        Encoded(Buffer json) {
            this(json, () -> {});
        }

        @Override
        public int weight() {
            return json.length() + OVERHEAD_BYTES;
        }

        @Override
        public void leaves() {
            gone.run();
        }
    }

    /**
     * A long reply, as it goes out, with all that is around it.
     *
     * @param gone run when it leaves
     */
    record Whole(ByteBuf frame, Runnable gone) implements Outgoing {
        @Override
        public int weight() {
            return frame.readableBytes() + OVERHEAD_BYTES;
        }

        @Override
        public void leaves() {
            gone.run();
        }
    }

    /**
     * Output that waits as a reference to its payload, and is encoded when there is room to write it.
     *
     * @param head made by {@link FrameEncoder#head} for the address and session
     */
    record Deferred(byte[] head, Delivery.Counted delivery) implements Outgoing {
        @Override
        public int weight() {
            return delivery.payload().length() + OVERHEAD_BYTES;
        }

        @Override
        public int hold() {
            return Outgoing.bytes(delivery, delivery.payload().hold());
        }

        @Override
        public int letGo() {
            return Outgoing.bytes(delivery, delivery.payload().letGo());
        }
    }

    /** The same for a subscriber with a binary channel. */
    record Binary(int channel, Delivery.Counted delivery) implements Outgoing {
        @Override
        public int weight() {
            return delivery.payload().length() + OVERHEAD_BYTES;
        }

        @Override
        public int hold() {
            return Outgoing.bytes(delivery, delivery.payload().hold());
        }

        @Override
        public int letGo() {
            return Outgoing.bytes(delivery, delivery.payload().letGo());
        }
    }
}
