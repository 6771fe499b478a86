#!/usr/bin/env bash
# Installs PostgreSQL from Debian's packages, for the tests of an index that servers keep. Chroma's server comes with its
# Python package.
set -euo pipefail
if command -v postgres >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null; then
    exit 0
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql
