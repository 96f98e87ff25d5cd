#!/bin/sh
# Install tongyuan @VERSION@ from this bundle, without network: sh install.sh FOLDER
# 不联网安装 tongyuan @VERSION@：sh install.sh 安装文件夹
set -eu
target=${1:?"usage: sh install.sh FOLDER · 用法：sh install.sh 安装文件夹"}
python=${PYTHON:-python3}
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)

found=$("$python" -c 'import sys, sysconfig; print("%d.%d %s" % (*sys.version_info[:2], sysconfig.get_platform()))')
if [ "$found" != "@PYTHON@ @PLATFORM@" ]; then
  echo "This bundle is for Python @PYTHON@ on @PLATFORM@; here is $found. Make one on such a machine, or set PYTHON." >&2
  echo "本安装包适用于 Python @PYTHON@（@PLATFORM@），本机为 $found。请在同类机器上重新制作，或用 PYTHON 指定解释器。" >&2
  exit 2
fi
(cd "$here" && sha256sum --check --quiet SHA256SUMS)
"$python" -m venv "$target"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" "tongyuan[@EXTRAS@]==@VERSION@"
"$target/bin/tongyuan" --version
