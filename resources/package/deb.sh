#!/usr/bin/env bash
# Packs bin/latco into dist/latco_VERSION_ARCH.deb with its run-time libraries
# as dependencies, so that `apt install ./dist/latco_….deb` brings everything but
# NVIDIA's driver and cuBLAS, which are suggested: who has a card has the driver.
set -euo pipefail
cd "$(dirname "$0")/../.."
arch=$(dpkg --print-architecture)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root" # mktemp made it for its owner alone
install -D -m 755 bin/latco "$root/usr/bin/latco"
install -D -m 644 resources/icon.png "$root/usr/share/icons/hicolor/256x256/apps/latco.png"
install -D -m 644 resources/package/latco.desktop "$root/usr/share/applications/latco.desktop"
install -D -m 644 README.md "$root/usr/share/doc/latco/README.md"
mkdir -p "$root/DEBIAN"
# The packages that own the libraries the binary was linked with.
depends=$(ldd bin/latco | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | while read -r lib; do
	dpkg-query -S "$(readlink -f "$lib")" 2>/dev/null || dpkg-query -S "*/$(basename "$(readlink -f "$lib")")" 2>/dev/null || true
done | sed 's/:.*//' | sort -u | paste -sd, | sed 's/,/, /g')
cat > "$root/DEBIAN/control" <<C
Package: latco
Version: $VERSION
Architecture: $arch
Maintainer: LatCo Studio maintainers <maintainers@latco.studio>
Depends: $depends, libmujoco2.2.2, libdnnl2, libopenblas0, libgl1, libx11-6, libxcursor1, libxi6, libxrandr2, libxinerama1, libxxf86vm1, libegl1, libgl1-mesa-dri
Suggests: libcuda1 | libcuda1-any, libcublas11 | libcublas12
Section: science
Priority: optional
Description: watch and teach planning by latent collocation
 A window in which a world model is learned from pixels of a MuJoCo scene
 and planners (LatCo, Gaussian LatCo, CEM, MPPI) imagine what to do with it.
C
mkdir -p dist
dpkg-deb --build --root-owner-group "$root" "dist/latco_${VERSION}_${arch}.deb"
