#!/usr/bin/env bash
# Prints the folder of the CUDA headers to compile with, or nothing where there are
# none that fit: 11.8 to 12.x.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
[ "$(uname)" = Linux ] || exit 0
for dir in "${CUDA_INCLUDE:-}" "${CUDA_HOME:+$CUDA_HOME/include}" "${CUDA_PATH:+$CUDA_PATH/include}" \
	/usr/local/cuda/include /opt/cuda/include /usr/include "$PWD/bin/cuda/include"; do
	[ -n "$dir" ] && [ -f "$dir/cuda.h" ] && [ -f "$dir/cublas_v2.h" ] || continue
	version=$(sed -n 's/^#define CUDA_VERSION \([0-9]*\).*/\1/p' "$dir/cuda.h" | head -n 1)
	if [ "${version:-0}" -ge 11080 ] && [ "$version" -lt 13000 ]; then
		echo "$dir"
		exit 0
	fi
done
