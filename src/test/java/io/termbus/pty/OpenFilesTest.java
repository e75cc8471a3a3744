package io.termbus.pty;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.pty.OpenFiles.Limits;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class OpenFilesTest {
    private static final OptionalLong UNSET = OptionalLong.empty();
    private static final Limits RAISED = new Limits(20_000, 20_000);

    @Test
    void childrenGetTheLimitOfTheHubsParent() {
        assertThat(OpenFiles.wanted(UNSET, RAISED, Optional.of(new Limits(4096, 20_000))))
                .isEqualTo(4096);
        assertThat(OpenFiles.wanted(UNSET, RAISED, Optional.of(RAISED))).isEqualTo(20_000);
    }

    @Test
    void theUsualOneWhereTheParentTellsNothing() {
        assertThat(OpenFiles.wanted(UNSET, RAISED, Optional.empty())).isEqualTo(1024);
        assertThat(OpenFiles.wanted(UNSET, RAISED, Optional.of(new Limits(500_000, 500_000))))
                .isEqualTo(1024);
        assertThat(OpenFiles.wanted(UNSET, new Limits(512, 512), Optional.empty()))
                .isEqualTo(512);
        assertThat(OpenFiles.wanted(UNSET, new Limits(-1, -1), Optional.empty()))
                .isEqualTo(1024);
    }

    @Test
    void whatTheJvmHasNotRaisedIsLeft() {
        assertThat(OpenFiles.wanted(UNSET, new Limits(2048, 20_000), Optional.empty()))
                .isEqualTo(2048);
    }

    @Test
    void theSettingWinsUpToTheHardLimit() {
        assertThat(OpenFiles.wanted(OptionalLong.of(300), RAISED, Optional.empty()))
                .isEqualTo(300);
        assertThat(OpenFiles.wanted(OptionalLong.of(30_000), RAISED, Optional.empty()))
                .isEqualTo(20_000);
    }

    @Test
    void theLimitsOfAProcessAreRead() {
        String header = "Limit                     Soft Limit           Hard Limit           Units     \n";
        assertThat(OpenFiles.parse(header + "Max open files            1024                 1048576              files"
                        + "     \n"))
                .contains(new Limits(1024, 1_048_576));
        assertThat(OpenFiles.parse(header + "Max open files            1024                 unlimited            files"
                        + "     \n"))
                .contains(new Limits(1024, -1));
        assertThat(OpenFiles.parse(header)).isEmpty();
    }
}
