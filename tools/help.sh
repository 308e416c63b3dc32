# shellcheck shell=sh
# Sourced by the scripts in tools/, before they do anything: with -h or --help as the first argument they print the
# comment at their beginning, and end. Works in sh as in bash.
case ${1:-} in
    -h | --help)
        sed -n '2,/^[^#]/{/^# shellcheck/d;/^#/s/^# \{0,1\}//p;}' "$0"
        exit
        ;;
esac
