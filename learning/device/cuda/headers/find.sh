#!/usr/bin/env bash
# Prints the folders of the CUDA headers to compile with, as a compiler's path, or
# nothing where there are none that fit: 11.8 to 13.x. That CUDA_INCLUDE names none is
# said.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
[ "$(uname)" = Linux ] || exit 0

# fit prints the path to compile with the headers in a folder, if they fit.
fit() {
	local dir=$1 version
	[ -f "$dir/cuda.h" ] && [ -f "$dir/cublas_v2.h" ] && [ -f "$dir/nvrtc.h" ] || return 1
	version=$(sed -n 's/^#define CUDA_VERSION \([0-9]*\).*/\1/p' "$dir/cuda.h" | head -n 1)
	if [ "${version:-0}" -ge 13000 ] && [ "$version" -lt 14000 ]; then
		# 13 keeps nv/target apart; cuda.h needs the amendments of cuda13.
		echo "$PWD/learning/device/cuda/headers/cuda13:$dir:$dir/cccl"
	elif [ "${version:-0}" -ge 11080 ] && [ "$version" -lt 13000 ]; then
		echo "$dir"
	else
		return 1
	fi
}

if [ -n "${CUDA_INCLUDE:-}" ]; then
	fit "$CUDA_INCLUDE" && exit 0
	echo "CUDA_INCLUDE=$CUDA_INCLUDE is left aside: it has no cuda.h, cublas_v2.h and nvrtc.h of CUDA 11.8 to 13" >&2
fi
for dir in "${CUDA_HOME:+$CUDA_HOME/include}" "${CUDA_PATH:+$CUDA_PATH/include}" \
	/usr/local/cuda/include /opt/cuda/include /usr/include "$PWD/bin/cuda/include"; do
	[ -n "$dir" ] && fit "$dir" && exit 0
done
exit 0
