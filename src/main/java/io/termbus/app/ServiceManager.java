package io.termbus.app;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that has started this process and wants to know when it is ready: systemd, for {@code Type=notify}, or
 * one that speaks as it does (sd_notify(3)). Any thread; does not wait for anybody.
 *
 * @param socket path of its datagram socket, or an abstract name that begins with {@code @}; empty: there is none
 */
record ServiceManager(Optional<String> socket) {
    static final String READY = "READY=1";
    static final String STOPPING = "STOPPING=1";

    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final String VARIABLE = "NOTIFY_SOCKET";

    static ServiceManager of(Map<String, String> environment) {
        return new ServiceManager(Optional.ofNullable(environment.get(VARIABLE)).filter(name -> !name.isEmpty()));
    }

    /** A failure is logged: the manager has a limit of its own. */
    void tell(String state) {
        socket.ifPresent(name -> {
            if (!Epoll.isAvailable()) {
                LOG.warn("{} cannot be told without Netty's native transport: {}", VARIABLE, state);
                return;
            }
            try {
                send(name, state);
            } catch (IOException e) {
                LOG.warn("{} = {} was not told {}: {}", VARIABLE, name, state, e.getMessage());
            }
        });
    }

    /** The JDK has no datagram sockets of this family. */
    private static void send(String name, String state) throws IOException {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        if (path[0] == '@') {
            path[0] = 0;
        }
        byte[] bytes = state.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        Socket sender = Socket.newSocketDomainDgram();
        try {
            sender.sendToDomainSocket(message, 0, bytes.length, path);
        } finally {
            sender.close();
        }
    }
}
