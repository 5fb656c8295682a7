#!/usr/bin/env bash
# Packs bin/latco and the libraries it opens into dist/latco-VERSION-linux-ARCH.tar.xz:
# a folder that runs where nothing may be installed, such as a GPU node, on any Linux
# whose C library is not older than the one it was built with. Left to the machine is
# what its drivers share: OpenGL, EGL, X11, CUDA, cuBLAS, the C++ library. Those of an
# older system would not get along with them.
set -euo pipefail
cd "$(dirname "$0")/../.."
arch=$(uname -m)
name=latco-$VERSION-linux-$arch
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
bundle=$root/$name
mkdir -p "$bundle/lib" "$bundle/licenses"
install -m 755 bin/latco "$bundle/latco"
# RPATH rather than RUNPATH: it also serves what the libraries need themselves.
patchelf --force-rpath --set-rpath "\$ORIGIN/lib${MUJOCO_DIR:+:$MUJOCO_DIR/lib}" "$bundle/latco"

find_library() { # its file on this machine, by the name the program opens
	if [ -n "${MUJOCO_DIR:-}" ] && [ -e "$MUJOCO_DIR/lib/$1" ]; then
		echo "$MUJOCO_DIR/lib/$1"
	else
		ldconfig -p | awk -v name="$1" '$1 == name && !found { print $NF; found = 1 }'
	fi
}

add() { # a library under its name, with what it needs
	local file target owner needed
	file=$(find_library "$1")
	if [ -z "$file" ]; then
		echo "bundle: $1 is not on this machine: make build installs what it needs" >&2
		return 1
	fi
	[ -e "$bundle/lib/$1" ] && return
	install -m 644 "$file" "$bundle/lib/$1"
	target=$(readlink -f "$file")
	owner=$(dpkg-query -S "$target" 2>/dev/null || dpkg-query -S "*/$(basename "$target")" 2>/dev/null || true)
	owner=${owner%%:*}
	if [ -n "$owner" ] && [ -e "/usr/share/doc/$owner/copyright" ]; then
		install -m 644 "/usr/share/doc/$owner/copyright" "$bundle/licenses/$owner"
	fi
	for needed in $(patchelf --print-needed "$file"); do
		case $needed in
		libc.so* | libm.so* | libdl.so* | libpthread.so* | librt.so* | ld-linux* | libstdc++* | libgcc_s*) ;;
		*) add "$needed" ;;
		esac
	done
}

if [ -n "${MUJOCO_DIR:-}" ]; then
	mujoco=$(basename "$(ls "$MUJOCO_DIR"/lib/libmujoco.so.* | head -n 1)")
else
	mujoco=$(ldconfig -p | awk '/libmujoco\.so\.[0-9]/ { print $1 }')
fi
for library in "$mujoco" libdnnl.so.2 libopenblas.so.0; do
	add "$library"
done
cp README.md "$bundle/"
mkdir -p dist
tar -C "$root" --owner=0 --group=0 --sort=name -cJf "dist/$name.tar.xz" "$name"
ls -l "dist/$name.tar.xz"
