#!/bin/sh
# Writes the file system that Asterisk runs in, as a tar on standard output: Debian sid's packages and nothing of ours.
# Needs mmdebstrap, and root or unprivileged user namespaces; no container registry. A change here makes a new base.
set -eu
exec mmdebstrap --format=tar --variant=essential --include=asterisk,asterisk-modules \
  --aptopt='APT::Install-Recommends "false"' \
  --aptopt='Acquire::Check-Valid-Until "false"' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --customize-hook='rm -rf "$1"/etc/asterisk/* "$1"/usr/share/asterisk/sounds/* "$1"/var/cache/* "$1"/var/lib/apt/lists' \
  --customize-hook='mkdir -p "$1"/var/log/asterisk "$1"/vaxel/sounds "$1"/vaxel/published "$1"/vaxel/routes "$1"/vaxel/takes' \
  --customize-hook='chroot "$1" dpkg-query -W -f "\${Version}" asterisk > "$1"/vaxel/version' \
  sid -
