#!/usr/bin/env bash
# Installs the named Debian packages that are missing; says what it does.
set -euo pipefail
if ! command -v dpkg-query >/dev/null; then
	echo "This system has no dpkg. Needed, under whatever names it uses: $*" >&2
	exit 0
fi
missing=()
for p in "$@"; do
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null || true)" = installed ] || missing+=("$p")
done
[ ${#missing[@]} -gt 0 ] || exit 0
echo "Installing with apt-get: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || { echo "Not root and no sudo. As root run: apt-get install ${missing[*]}" >&2; exit 1; }
	as_root=(sudo)
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -qq "${missing[@]}"
