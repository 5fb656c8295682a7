#!/usr/bin/env bash
# Prints the folders of the CUDA headers to compile with, as a compiler's path, or
# nothing where there are none that fit: 11.8 to 13.x.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
[ "$(uname)" = Linux ] || exit 0
for dir in "${CUDA_INCLUDE:-}" "${CUDA_HOME:+$CUDA_HOME/include}" "${CUDA_PATH:+$CUDA_PATH/include}" \
	/usr/local/cuda/include /opt/cuda/include /usr/include "$PWD/bin/cuda/include"; do
	[ -n "$dir" ] && [ -f "$dir/cuda.h" ] && [ -f "$dir/cublas_v2.h" ] && [ -f "$dir/nvrtc.h" ] || continue
	version=$(sed -n 's/^#define CUDA_VERSION \([0-9]*\).*/\1/p' "$dir/cuda.h" | head -n 1)
	if [ "${version:-0}" -ge 13000 ] && [ "$version" -lt 14000 ]; then
		# 13 keeps nv/target apart; cuda.h needs the amendments of cuda13.
		echo "$PWD/learning/device/cuda/headers/cuda13:$dir:$dir/cccl"
		exit 0
	elif [ "${version:-0}" -ge 11080 ] && [ "$version" -lt 13000 ]; then
		echo "$dir"
		exit 0
	fi
done
