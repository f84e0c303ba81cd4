# Builds from a clean checkout: docker build -t tracklog .
ARG MAVEN=maven:3.9-eclipse-temurin-21
ARG JRE=eclipse-temurin:21-jre

FROM ${MAVEN} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY .mvn .mvn
COPY pom.xml .
RUN mvn -q -B dependency:go-offline -DexcludeTransitive=false || true
COPY src src
RUN mvn -q -B -DskipTests -Dspotless.check.skip package

# Unpacks PostgreSQL, and runs the program once to archive its classes: it starts in half the time.
FROM ${JRE} AS prepared
COPY --from=build /build/target/lib /app/lib
COPY --from=build /build/target/tracklog.jar /app/tracklog.jar
COPY routes /app/routes
COPY docker/prepare /tmp/prepare
RUN useradd --uid 10001 --no-create-home tracklog \
 && chown -R tracklog /app \
 && setpriv --reuid 10001 --regid 10001 --clear-groups bash /tmp/prepare

FROM ${JRE}
LABEL org.opencontainers.image.title="Tracklog" \
      org.opencontainers.image.description="Keeps a person's whole Spotify listening history in their own PostgreSQL" \
      org.opencontainers.image.licenses="Apache-2.0"

# A fixed number, so that owners of volumes stay the same from one image to the next.
RUN groupadd --gid 10001 tracklog \
 && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin tracklog \
 && install -d -o 10001 -g 10001 -m 0750 /data /data/inbox

COPY --from=build /usr/bin/tini-static /usr/bin/tini
COPY --from=prepared /app/postgres /app/postgres
COPY --from=prepared /app/lib /app/lib
COPY --from=prepared /app/routes /app/routes
COPY --from=prepared /app/tracklog.jar /app/tracklog.jsa /app/

ENV DATA_DIR=/data \
    ROUTES=/app/routes \
    POSTGRES_BINARIES=/app/postgres \
    HTTP_HOST=0.0.0.0 \
    LC_ALL=C.UTF-8

WORKDIR /app
USER 10001:10001
VOLUME /data
EXPOSE 8080 9876
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${MANAGEMENT_PORT:-9876} && printf 'GET /observe/health HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["tini", "--", "java", "-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=40", "-XX:SharedArchiveFile=/app/tracklog.jsa", "-Xlog:cds=off", "-Xlog:cds+dynamic=off", "-jar", "/app/tracklog.jar"]
CMD ["run"]
