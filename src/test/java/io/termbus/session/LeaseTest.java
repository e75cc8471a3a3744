package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final Lease.Driver ONE = new Lease.Driver("one", "share:1", Optional.empty());
    private static final Lease.Driver TWO = new Lease.Driver("two", "admin", Optional.empty());
    private long nanos = 7;
    private final Lease lease = new Lease(() -> nanos);

    private Lease.Taken take(Lease.Driver driver, String... fields) {
        JsonObject body = new JsonObject();
        for (int i = 0; i < fields.length; i += 2) {
            body.put(
                    fields[i], fields[i + 1].matches("\\d+") ? (Object) Integer.valueOf(fields[i + 1]) : fields[i + 1]);
        }
        return lease.take(driver, Fields.of(body));
    }

    private void pass(long ms) {
        nanos += TimeUnit.MILLISECONDS.toNanos(ms);
    }

    private static Lease.Driver says(Lease.Driver who, String lease) {
        return new Lease.Driver(who.connection(), who.user(), Optional.of(lease));
    }

    private void refused(ErrorCode code, String words, Runnable what) {
        assertThatThrownBy(what::run)
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.error()).isEqualTo(code))
                .hasMessageContaining(words);
    }

    @Test
    void whileOneDrivesOthersAreToldWhoAndForHowLong() {
        lease.check(TWO);
        assertThat(take(ONE, "note", "builds").begun()).isTrue();
        lease.check(ONE);
        pass(5000);
        refused(ErrorCode.LOCKED, "share:1 (builds) drives this session until 2", () -> lease.check(TWO));
        refused(ErrorCode.LOCKED, "for 10000 ms", () -> take(TWO));
    }

    @Test
    void itIsToldWithTheTimeThatIsLeftAndWithTheConnection() {
        JsonObject answer = take(ONE, "ttlMs", "9000").answer();
        pass(2000);
        assertThat(answer.getString("connection")).isEqualTo("one");
        assertThat(lease.toldWithTime().orElseThrow().getLong("leftMs")).isEqualTo(7000);
        assertThat(lease.told().orElseThrow().containsKey("leftMs")).isFalse();
    }

    @Test
    void itEndsByItself() {
        take(ONE, "ttlMs", "1000");
        pass(999);
        assertThat(lease.expire()).isEmpty();
        refused(ErrorCode.LOCKED, "for 1 ms", () -> lease.check(TWO));
        pass(1);
        lease.check(TWO);
        assertThat(lease.told()).isEmpty();
        assertThat(lease.expire().orElseThrow().getString("holder")).isEqualTo("share:1");
        assertThat(lease.expire()).isEmpty();
    }

    @Test
    void whoDrivesMayGoOn() {
        Lease.Taken first = take(ONE, "ttlMs", "1000", "note", "builds");
        pass(900);
        Lease.Taken second = take(ONE, "ttlMs", "2000");
        assertThat(second.begun()).isFalse();
        assertThat(second.answer().getString("lease")).isEqualTo(first.answer().getString("lease"));
        assertThat(lease.leftMs()).isEqualTo(2000);
        assertThat(lease.told().orElseThrow().getString("note")).isEqualTo("builds");
    }

    @Test
    void whoSaysItDrivesFromAnywhere() {
        String id = take(ONE).answer().getString("lease");
        lease.check(says(TWO, id));
        lease.check(ONE);
        assertThat(take(says(TWO, id)).begun()).isFalse();
        refused(ErrorCode.LOCKED, "drives", () -> lease.check(says(ONE, "another")));
        assertThat(lease.release(says(TWO, id))).isPresent();
        refused(ErrorCode.CONFLICT, "holds no more", () -> take(says(TWO, id)));
    }

    @Test
    void aConnectionThatGoesOnWithItHasItWhenTheOneBeforeGoes() {
        String id = take(ONE, "note", "builds").answer().getString("lease");
        assertThat(take(says(TWO, id)).answer().getString("lease")).isEqualTo(id);
        assertThat(lease.told().orElseThrow().getMap())
                .containsEntry("connection", "two")
                .containsEntry("holder", "admin")
                .containsEntry("note", "builds");

        assertThat(lease.release(ONE)).isEmpty();

        lease.check(TWO);
        refused(ErrorCode.LOCKED, "admin (builds) drives", () -> lease.check(ONE));
        assertThat(lease.release(TWO)).isPresent();
    }

    @Test
    void whoSaysALeaseThatHoldsNoMoreIsTold() {
        String id = take(ONE, "ttlMs", "1000").answer().getString("lease");
        pass(1000);
        refused(ErrorCode.CONFLICT, "holds no more: " + id, () -> lease.check(says(ONE, id)));
        refused(ErrorCode.CONFLICT, "holds no more", () -> lease.checkInput(says(ONE, id), new byte[] {'a'}));
        lease.checkInput(says(ONE, id), new byte[] {3});
        lease.checkInput(ONE, new byte[] {'a'});
    }

    @Test
    void itIsTakenOnlyOnPurpose() {
        take(ONE);
        Lease.Taken taken = lease.take(TWO, Fields.of(new JsonObject().put("take", true)));
        assertThat(taken.begun()).isTrue();
        assertThat(taken.lost().orElseThrow().getString("holder")).isEqualTo("share:1");
        refused(ErrorCode.LOCKED, "admin drives", () -> lease.check(ONE));
        assertThat(lease.release(ONE)).isEmpty();
        assertThat(lease.release(TWO)).isPresent();
        lease.check(ONE);
    }

    @Test
    void interruptsAlwaysPass() {
        take(ONE);
        lease.checkInput(TWO, new byte[] {3});
        lease.checkInput(TWO, new byte[] {0x1c, 3});
        for (String input : new String[] {"a", "\u0003a", "\u001a", "\u0004"}) {
            refused(ErrorCode.LOCKED, "drives", () -> lease.checkInput(TWO, input.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void whoYieldsIsRefusedWhileAnotherTypes() {
        lease.typed("two");
        pass(400);
        refused(ErrorCode.LOCKED, "typing", () -> take(ONE, "yieldMs", "500"));
        assertThat(take(TWO, "yieldMs", "500").begun()).isTrue();
        lease.release(TWO);
        pass(100);
        assertThat(take(ONE, "yieldMs", "500").begun()).isTrue();
    }

    @Test
    void whoDrivesGoesOnAlsoWhereItHasTypedByAnotherConnection() {
        Lease.Driver elsewhere = says(TWO, take(ONE).answer().getString("lease"));
        lease.typed("three");

        assertThat(take(elsewhere, "yieldMs", "500").begun()).isFalse();
    }

    @Test
    void argumentsHaveTheirRanges() {
        refused(ErrorCode.MALFORMED, "'ttlMs'", () -> take(ONE, "ttlMs", "999"));
        refused(ErrorCode.MALFORMED, "'ttlMs'", () -> take(ONE, "ttlMs", "60001"));
        refused(ErrorCode.MALFORMED, "'note'", () -> take(ONE, "note", "x".repeat(201)));
        refused(ErrorCode.MALFORMED, "'yieldMs'", () -> take(ONE, "yieldMs", "60001"));
        lease.check(TWO);
    }

    @Test
    void withoutAConnectionNobodyIsTheSame() {
        Lease.Driver jvm = new Lease.Driver("", "the hub", Optional.empty());
        String id = take(jvm).answer().getString("lease");
        refused(ErrorCode.LOCKED, "drives", () -> lease.check(jvm));
        lease.check(says(jvm, id));
    }

    @Test
    void whatWasKeptHoldsForTheTimeThatIsLeft() {
        String id = take(ONE, "note", "builds", "ttlMs", "30000").answer().getString("lease");
        Lease after = new Lease(() -> nanos);

        after.restore(new JsonObject(lease.kept().orElseThrow().encode()));

        assertThat(after.told()).isEqualTo(lease.told());
        assertThat(after.leftMs()).isBetween(1L, 30_000L);
        after.check(says(TWO, id));
        refused(ErrorCode.LOCKED, "builds", () -> after.check(TWO));
    }
}
