# The service: build it from the checkout's root, `docker build -f docker/service.Dockerfile .`
FROM debian:bookworm-slim AS pages
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3-venv ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
RUN python3 -c 'import asyncio; from setup.assets import assets; asyncio.run(assets())'

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3-venv ca-certificates ffmpeg espeak-ng libespeak-ng1 iproute2 tini \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements requirements
RUN python3 -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary=:all: -r requirements/run.txt
COPY . .
COPY --from=pages /app/pbx/web/static/fetched pbx/web/static/fetched
RUN python3 -c 'from setup.python import see_ourselves; see_ourselves()' \
 && mkdir -p var/asterisk/etc var/asterisk/lib var/asterisk/log var/sounds var/own-sounds var/published var/routes var/takes var/spool \
 && chown -R 65533:65533 var
USER 65533:65533
ENV LOGNAME=vaxel PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
# The warden is a parent to what it started, and to nobody else's orphans.
ENTRYPOINT ["tini", "--"]
# Only phrases that changed are made; the first time that takes a minute.
CMD ["sh", "-c", "python -m sounds.build --to /app/var/sounds && exec python -m pbx run"]
