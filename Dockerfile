# mvn -q -DskipTests package && docker build -t termbus:0.1.0 .
# What sessions run is in here too: add the programs that they need. An image without Docker: docs/operations.md.
FROM eclipse-temurin:17-jre
WORKDIR /opt/termbus
RUN useradd --uid 10001 --create-home --shell /bin/bash termbus && ln -s /opt/termbus/bin/termbus /usr/local/bin/termbus
COPY target/termbus.jar termbus.jar
COPY bin bin
COPY conf conf
# by its number, as Kubernetes knows of no names in images
USER 10001
EXPOSE 8080 7000 5701 5702
# Docker shows it, and Swarm ends what is not ready: there give --no-healthcheck, else a hub that drains loses its sessions
HEALTHCHECK --start-period=60s --interval=30s --timeout=5s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${TERMBUS_HTTP_PORT:-8080} && printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r -u 3 _ status _ && [ \"$status\" = 200 ]"]
ENTRYPOINT ["java", "-jar", "termbus.jar"]
