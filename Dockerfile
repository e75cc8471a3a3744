# docker build -t termbus:0.1.0 .   after   mvn -q -DskipTests package
# What sessions run is in here too: add the programs that they need. Run it with --init: the first process of a container has
# to wait for what programs leave behind, and the hub waits for its own children only.
FROM eclipse-temurin:17-jre
WORKDIR /opt/termbus
COPY target/termbus.jar termbus.jar
COPY conf conf
RUN useradd --create-home termbus
USER termbus
EXPOSE 8080 7000 5701 5702
ENTRYPOINT ["java", "-jar", "termbus.jar"]
