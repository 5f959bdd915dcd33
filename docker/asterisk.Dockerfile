# Asterisk for those who have a container registry (docker compose); `make run` makes the same from packages alone (base.sh).
FROM debian:sid-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends asterisk asterisk-modules \
 && rm -rf /var/lib/apt/lists/* /etc/asterisk/* /usr/share/asterisk/sounds/* /run/asterisk \
 && mkdir -p /vaxel/sounds /vaxel/own-sounds /vaxel/published /vaxel/routes /vaxel/takes \
 && chown -R 65533:65533 /etc/asterisk /vaxel /var/lib/asterisk /var/log/asterisk /var/spool/asterisk
USER 65533:65533
# The service writes the configuration and opens routes.db first: Asterisk reads nothing from it otherwise.
CMD ["sh", "-c", "until [ -s /etc/asterisk/asterisk.conf ]; do sleep 0.2; done; exec asterisk -f -C /etc/asterisk/asterisk.conf"]
