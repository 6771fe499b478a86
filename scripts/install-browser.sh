#!/usr/bin/env bash
# Installs Chromium and fonts from Debian's packages, for the browser tests and the screenshots.
set -euo pipefail
if command -v chromium >/dev/null; then
    exit 0
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu fonts-noto-color-emoji
