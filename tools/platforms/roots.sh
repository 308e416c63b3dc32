# shellcheck shell=bash
# Sourced by what builds with another compiler than this machine's: systems in folders, of which nothing is configured,
# and commands that run in them. Needs root and mmdebstrap.

# Debian's mirror of this machine.
debian_mirror() { apt-get indextargets --format "\$(REPO_URI)" | grep -m 1 -E 'debian/?$'; }

# unpack_debian ARCHITECTURE SUITE FOLDER PACKAGES [LEFT-OUT...]: the packages (one word, commas) with all that they
# depend on, as they are once unpacked, without the paths of /usr that are left out. Whole, or not there. With
# REGISTER=yes dpkg knows the packages (twice the time).
unpack_debian() {
    local architecture=$1 suite=$2 folder=$3 packages=$4 options=() path
    for path in 'share/doc/*' 'share/locale/*' 'share/man/*' "${@:5}"; do
        options+=(--dpkgopt="path-exclude=/usr/$path")
    done
    [[ ${REGISTER:-} != yes ]] || options+=(--extract-hook="$(realpath "${BASH_SOURCE[0]%/*}")/register-packages")
    rm -rf "$folder" "$folder.unfinished"
    # A mirror may hold an index that is older than it says it may be; its signature is checked all the same.
    mmdebstrap --quiet --mode=root --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' "${options[@]}" \
        --architectures="$architecture" --include="base-files,base-passwd,$packages" "$suite" "$folder.unfinished" \
        "$(debian_mirror)" || return
    # A link that dash's script makes.
    [[ ! -e $folder.unfinished/usr/bin/dash ]] || ln -sf dash "$folder.unfinished/usr/bin/sh"
    mv "$folder.unfinished" "$folder"
}

# unpack_compiler FOLDER PACKAGES [LEFT-OUT...]: Swift as Debian's unstable distribution has it, 2 GB, with these
# packages.
unpack_compiler() {
    unpack_debian "$(dpkg --print-architecture)" sid "$1" \
        "bash,dash,coreutils,sed,grep,git,pkgconf,swiftlang,libswiftlang,libc6-dev,libstdc++-16-dev,$2" \
        'libexec/swift/bin/lldb*' 'libexec/swift/lib/liblldb*' 'libexec/swift/lib/swift/embedded/*' "${@:3}" || return
    without_testing_overlay "$1"
}

# Debian packages the module that this asks for, and not its library.
without_testing_overlay() { find "$1" -name Testing.swiftcrossimport -exec rm -rf {} +; }

# run_in ROOT 'FOLDER[=PLACE]...' COMMAND: in the system, with the compiler on the PATH, in this folder, which is there
# where it is here. The other folders are there as well, at their PLACE. Mounts live only in a namespace of their own.
run_in() {
    # shellcheck disable=SC2016  # expanded in there
    ROOT=$1 FOLDERS="$PWD $2" COMMAND=$3 unshare --mount --pid --fork --kill-child bash -euo pipefail -c '
        mount --make-rprivate /
        for folder in $FOLDERS; do
            mkdir -p "$ROOT${folder#*=}"
            mount --bind "${folder%%=*}" "$ROOT${folder#*=}"
        done
        mkdir -p "$ROOT/proc" "$ROOT/dev"
        mount --bind /dev "$ROOT/dev"
        mount -t proc proc "$ROOT/proc"
        chroot "$ROOT" /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/usr/libexec/swift/bin:/usr/bin:/bin \
            bash -euo pipefail -c "cd $PWD && $COMMAND"'
}

# The version of a system's Swift: 6.2.3.
swift_version() { run_in "$1" '' 'swift --version 2>&1' | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p'; }

# resolve_into SCRATCH: what the package depends on, fetched by the compiler of this machine, since a system has no
# network.
resolve_into() {
    local part
    swift package resolve >/dev/null
    # Only what changed: what is copied anew is compiled anew.
    cmp --quiet .build/workspace-state.json "$1/workspace-state.json" && return
    mkdir -p "$1"
    for part in checkouts repositories workspace-state.json; do
        rm -rf "${1:?}/$part"
        cp -a ".build/$part" "$1/$part"
    done
}
