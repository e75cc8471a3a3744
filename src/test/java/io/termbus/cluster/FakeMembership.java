package io.termbus.cluster;

import java.util.List;
import java.util.function.Consumer;

/** A membership that lists whom the test wants. */
final class FakeMembership implements Membership {
    private volatile List<Peer> others;
    private volatile List<Peer> self = List.of();
    private volatile Consumer<Membership> changed = membership -> {};
    volatile State state = State.JOINED;

    FakeMembership(Peer... others) {
        this.others = List.of(others);
    }

    @Override
    public void join(Peer joining, Consumer<Membership> listener) {
        self = List.of(joining);
        changed = listener;
        listener.accept(this);
    }

    void list(Peer... listed) {
        others = List.of(listed);
        changed.accept(this);
    }

    @Override
    public void leave() {}

    @Override
    public void mend() {}

    @Override
    public List<Peer> members() {
        return java.util.stream.Stream.concat(self.stream(), others.stream()).toList();
    }

    @Override
    public State state() {
        return state;
    }
}
