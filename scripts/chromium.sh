#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests; installs the distribution's where that can be done.
set -eu
for candidate in "${PLAYWRIGHT_CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1; then
    command -v "$candidate"
    exit 0
  fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  { apt-get update -q && apt-get install -q -y --no-install-recommends chromium fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji; } >&2
  command -v chromium
  exit 0
fi
echo "missing: chromium, for the browser tests. Install your system's package, or set PLAYWRIGHT_CHROMIUM to its path." >&2
exit 1
