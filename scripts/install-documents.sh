#!/usr/bin/env bash
# Installs from Debian's packages the programs that make real documents, for the tests of the loaders.
set -euo pipefail
programs=(soffice pandoc openssl zip)
packages=(libreoffice-writer libreoffice-calc libreoffice-impress pandoc openssl zip)
for program in "${programs[@]}"; do
    if ! command -v "$program" >/dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
        break
    fi
done
