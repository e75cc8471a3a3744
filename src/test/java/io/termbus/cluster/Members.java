package io.termbus.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.impl.MemberImpl;
import com.hazelcast.version.MemberVersion;
import java.net.InetAddress;
import java.util.Map;
import java.util.UUID;

/** Members of no cluster. */
final class Members {
    private Members() {}

    static Member member(String name, String tokenPrint) {
        return builder(name, tokenPrint).build();
    }

    static Member local(String name, String tokenPrint) {
        return builder(name, tokenPrint).localMember(true).build();
    }

    private static MemberImpl.Builder builder(String name, String tokenPrint) {
        return new MemberImpl.Builder(new Address(InetAddress.getLoopbackAddress(), 1))
                .version(MemberVersion.UNKNOWN)
                .uuid(UUID.randomUUID())
                .attributes(Map.of(Membership.NAME_ATTRIBUTE, name, Membership.TOKEN_ATTRIBUTE, tokenPrint));
    }
}
