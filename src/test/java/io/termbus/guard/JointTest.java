package io.termbus.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JointTest {
    private final List<Promise<Integer>> put = new ArrayList<>();
    private final Joint<Integer> joint = new Joint<>(() -> {
        put.add(Promise.promise());
        return put.get(put.size() - 1).future();
    });

    @Test
    void whoAsksMeanwhileGetsTheNextAnswerAllTheSame() {
        Future<Integer> first = joint.ask();
        Future<Integer> second = joint.ask();
        Future<Integer> third = joint.ask();
        assertThat(put).hasSize(1);

        put.get(0).complete(1);
        assertThat(first.result()).isEqualTo(1);
        assertThat(second.isComplete()).isFalse();
        assertThat(put).hasSize(2);

        put.get(1).complete(2);
        assertThat(List.of(second.result(), third.result())).containsExactly(2, 2);
        assertThat(put).hasSize(2);
    }

    @Test
    void afterAFailureItIsPutAgain() {
        Future<Integer> first = joint.ask();
        Future<Integer> second = joint.ask();
        put.get(0).fail("no");
        put.get(1).complete(2);

        assertThat(first.failed()).isTrue();
        assertThat(second.result()).isEqualTo(2);
        joint.ask();
        assertThat(put).hasSize(3);
    }
}
