#!/bin/sh
# Installs the system packages that the named parts need and that are missing; prints the one command where it may not.
# Usage: scripts/system.sh [python] [browser] [postgres] [fonts]
set -eu

missing=""
need() { missing="$missing $1"; }

for part in "$@"; do
  case "$part" in
    python)
      # Debian keeps venv and ensurepip out of its python3 package.
      [ -x .venv/bin/python ] || "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || need python3-venv ;;
    browser)
      command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
        || command -v google-chrome >/dev/null || need chromium ;;
    postgres)
      command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need postgresql ;;
    fonts)
      # A face with Chinese characters, or pages are tested with empty boxes.
      [ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ] || need "fontconfig fonts-noto-cjk" ;;
    *) echo "scripts/system.sh: unknown part: $part" >&2; exit 2 ;;
  esac
done

[ -n "$missing" ] || exit 0

command="apt-get install -y --no-install-recommends$missing"
if ! command -v apt-get >/dev/null; then
  echo "comity needs these Debian packages or their like on this system:$missing" >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then
  as_root=""
elif sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  echo "comity needs system packages. Run this once, then the same make command again:" >&2
  echo "    sudo $command" >&2
  exit 1
fi

echo "Installing system packages:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $as_root apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive $command; } >"$log" 2>&1 </dev/null; then
  tail -n 30 "$log" >&2
  echo "The installation failed. By hand: sudo $command" >&2
  exit 1
fi
