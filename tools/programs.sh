# shellcheck shell=bash disable=SC2034
# Sourced by what builds the programs that people install: which they are, and how they are linked.
hfloc_products=(hflocd hfloc hfloc-calibrate)
hfloc_build_options=(--static-swift-stdlib -Xlinker --build-id=sha1 -Xlinker -z -Xlinker relro -Xlinker -z -Xlinker now)
