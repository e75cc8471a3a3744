package io.termbus.bench;

/** Messages between the nodes of a simulation, and their bytes. */
public final class Traffic {
    /** Of the bus around each body: address, reply address, sender, codec, lengths. As Vert.x writes them. */
    private static final int FRAME_BYTES = 120;

    private long messages;
    private long bytes;

    /** @param body bytes as the codec writes them */
    public void sent(int body) {
        messages++;
        bytes += FRAME_BYTES + body;
    }

    public void startOver() {
        messages = 0;
        bytes = 0;
    }

    void add(Traffic other) {
        messages += other.messages;
        bytes += other.bytes;
    }

    public long messages() {
        return messages;
    }

    public long bytes() {
        return bytes;
    }
}
