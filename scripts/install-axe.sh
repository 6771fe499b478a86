#!/usr/bin/env bash
# Fetches axe-core, which the browser tests look for faults of accessibility with, from npm into .verbatim/axe.
set -euo pipefail
cd "$(dirname "$0")/.."
version=4.14.1
# Of the package, as `npm view axe-core@4.14.1 dist.integrity` gives it, in hexadecimal digits.
sha512=1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5
folder=.verbatim/axe
if [ "$(cat "$folder/version" 2>/dev/null)" = "$version" ]; then
    exit 0
fi
if ! command -v npm >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm
fi
rm -rf "$folder"
mkdir -p "$folder"
npm pack --silent --pack-destination "$folder" "axe-core@$version" >/dev/null
echo "$sha512  $folder/axe-core-$version.tgz" | sha512sum --check --quiet
tar -xzf "$folder/axe-core-$version.tgz" -C "$folder" --strip-components 1 package/axe.min.js package/LICENSE
rm "$folder/axe-core-$version.tgz"
echo "$version" >"$folder/version"
