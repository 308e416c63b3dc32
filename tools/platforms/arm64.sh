# shellcheck shell=bash disable=SC2034
# Sourced, in the checkout, by what builds, packages and tries hfloc for 64-bit ARM on another machine: where it all is.
arm64_work=$PWD/.build-arm64
# The oldest Debian whose C library (2.41) is new enough for the Swift runtime of unstable, which asks for 2.38.
arm64_suite=trixie
arm64_sysroot=$arm64_work/sysroot
# Libraries to link with, and what a test in an emulated machine runs beside hfloc.
arm64_packages=libc6-dev,libstdc++-14-dev,libv4l-dev,libopenblas-pthread-dev,libzmq3-dev,libjpeg-dev,libpng-dev
arm64_packages+=,libsodium-dev,libyaml-dev,busybox-static,v4l-utils
arm64_programs=$arm64_work/static/aarch64-unknown-linux-gnu/release
