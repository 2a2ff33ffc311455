#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Installs what Conform is built with, where it is missing (Debian, Ubuntu); elsewhere prints what to install.
#
#   tools/setup.sh [build | test | demo | docs]    build (default): compiler, CMake, Boost, BLIS. test: Boost.Test, clang 19,
#                                                  Python, pkg-config and MkDocs too. test, demo: what the real model
#                                                  needs. docs: what builds the site, and the browser that checks it.
set -euo pipefail

refuse() {
  echo "setup: $*" >&2
  exit 1
}

purpose=${1:-build}
packages=(g++ cmake ninja-build libboost-dev libblis-serial-dev)
model=(libutf8proc-dev nlohmann-json3-dev libssl-dev)
case $purpose in
  build) ;;
  test)
    packages+=(clang-19 libclang-rt-19-dev libc++-19-dev libc++abi-19-dev libboost-test-dev python3 pkgconf valgrind
               libzip-dev libdlpack-dev libeigen3-dev libpng-dev gdb lldb-19 mkdocs mkdocs-material "${model[@]}" ca-certificates)
    ;;
  docs) packages=(python3 mkdocs mkdocs-material chromium chromium-driver) ;;
  demo) packages+=("${model[@]}" ca-certificates) ;;
  -h | --help) sed -n '3,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) refuse "'$purpose' is none of build, test, demo, docs" ;;
esac

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  cat <<'LIST'
setup: this is not Debian or Ubuntu, so nothing is installed. Conform needs:
  a C++20 compiler (g++ 12 or clang 16, or newer), CMake 3.25 or newer, Ninja
  Boost headers 1.74 or newer (Boost.Hana), BLIS 0.9 or newer
  for the tests: Boost.Test, clang 19 (as clang++-19), Python 3.9 or newer, pkg-config
  for the site: MkDocs 1.4 and mkdocs-material 8 or newer; Chromium and its driver to check it
  for the real model: utf8proc, nlohmann-json 3.9 or newer, OpenSSL, npm
LIST
  exit 0
fi

# npm may come from elsewhere (nodejs.org, nvm), and then Debian's is neither needed nor installable beside it.
if [[ $purpose =~ ^(test|demo)$ ]] && ! command -v npm >/dev/null; then packages+=(npm); fi

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || refuse "run as root: apt-get install ${missing[*]}"
  root=(sudo)
fi

echo "setup: installing ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
apt() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1; }
if ! apt update || ! apt install -y --no-install-recommends "${missing[@]}"; then
  tail -n 15 "$log" >&2
  refuse "apt-get could not install ${missing[*]}"
fi
