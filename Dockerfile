# Builds from a clean checkout: docker build -t tracklog .
ARG MAVEN=maven:3.9-eclipse-temurin-21
ARG JRE=eclipse-temurin:21-jre

FROM ${MAVEN} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# The libraries have their own layer, which is built again only if pom.xml changes.
COPY .mvn .mvn
COPY pom.xml .
RUN mvn -q -B dependency:go-offline
COPY src src
RUN mvn -q -B -Dmaven.test.skip -Dspotless.check.skip package

# Unpacks PostgreSQL, and runs the program once to archive its classes, which halves the start time.
FROM ${JRE} AS prepared
RUN apt-get update \
 && apt-get install -y --no-install-recommends binutils icu-devtools \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /build/target/lib /app/lib
COPY --from=build /build/target/tracklog.jar /app/tracklog.jar
COPY routes /app/routes
COPY src/main/java.options /app/java.options
COPY docker/prepare docker/shrink-postgres /tmp/
RUN useradd --uid 10001 --no-create-home tracklog \
 && chown -R tracklog /app \
 && setpriv --reuid 10001 --regid 10001 --clear-groups bash /tmp/prepare

FROM ${JRE}
# The user ID is fixed, so that volumes keep their owner across images.
RUN groupadd --gid 10001 tracklog \
 && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin tracklog \
 && install -d -o 10001 -g 10001 -m 0750 /data /data/inbox

# Layers that rarely change come first, so that an upgrade pulls little more than the last layers.
COPY --from=build /usr/bin/tini /usr/bin/
COPY docker/tracklog docker/healthy /usr/local/bin/
COPY --from=prepared /app/postgres /app/postgres
COPY --from=prepared /app/lib /app/lib
COPY LICENSE /app/
COPY --from=prepared /app/routes /app/routes
COPY --from=build /build/target/tracklog.cdx.json /app/
COPY --from=prepared /app/java.options /app/tracklog.jar /app/tracklog.jsa /app/

ENV DATA_DIR=/data \
    ROUTES=/app/routes \
    POSTGRES_BINARIES=/app/postgres \
    HTTP_HOST=0.0.0.0 \
    MANAGEMENT_PORT=9876 \
    LC_ALL=C.UTF-8

WORKDIR /app
USER 10001:10001
VOLUME /data
EXPOSE 8080 9876
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=3 CMD ["healthy"]
ENTRYPOINT ["tini", "--", "tracklog"]
CMD ["run"]

# To record the source commit: docker build --build-arg REVISION=$(git rev-parse HEAD) -t tracklog .
ARG REVISION=unknown
ARG JRE
LABEL org.opencontainers.image.title="Tracklog" \
      org.opencontainers.image.description="Keeps a person's whole Spotify listening history in their own PostgreSQL" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0-SNAPSHOT" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/${JRE}"
